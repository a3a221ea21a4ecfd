"""The data dictionary is generated, complete and fresh."""

from schemas import companions, curated, marts, raw
from schemas.dictionary import PATH, markdown
from schemas.taxonomy.load import concepts


def test_the_written_dictionary_is_fresh():
    assert PATH.read_text(encoding="utf-8") == markdown(), "run: python -m schemas.dictionary"


def test_every_column_of_every_table_is_described():
    text = markdown()
    for table in (*raw.TABLES, *curated.TABLES, *marts.TABLES, *companions.COMPANIONS):
        section = text.split(f"### {table.layer}.{table.name}\n")[1].split("\n##")[0]
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        assert [row.split("`")[1] for row in rows] == table.schema.names()
        assert all(
            column.description.replace("|", "\\|") in row for column, row in zip(table.columns, rows, strict=True)
        )
        assert table.grain in section


def test_types_units_and_admissible_values_are_told():
    lines = markdown().splitlines()
    assert any(line.startswith("| `amount_cny` | decimal(24, 4) | yuan | may be |") for line in lines)
    assert any(line.startswith("| `kind` |") and line.endswith("| `paragraph`, `cell` |") for line in lines)
    assert any(line.startswith("| `facts` | list of int32 |") for line in lines)


def test_references_are_told():
    section = markdown().split("### marts.three_public\n")[1].split("\n##")[0]
    assert "`report_id` names one of `reports`. `report_id`, `fact` name a row of `facts`." in section


def test_every_concept_is_told_with_its_words():
    section = markdown().split("\n## Concepts\n")[1]
    assert "| `revenue_total` | 收入总计 | Total revenue incl. opening balances | money |" in section
    assert section.count("\n| `") == concepts().height
