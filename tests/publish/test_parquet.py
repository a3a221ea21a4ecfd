"""The bytes of a table depend on its rows alone."""

import polars as pl
import pyarrow.parquet as pq
import pytest

from schemas.marts import BY_NAME
from schemas.validate import TableError
from tasks.publish import parquet


@pytest.mark.parametrize("row_group", [1_000, 7_001, 1_000_000])
def test_slices_of_any_size_give_the_same_bytes(tmp_path, monkeypatch, row_group, make):
    """More text than a page of Parquet takes, so that it has to end one."""
    monkeypatch.setattr(parquet, "ROW_GROUP", row_group)
    one = make.facts([make.fact("a", 0, "revenue_total", "1")])
    facts = one.select(pl.all().repeat_by(20_000).explode()).with_columns(
        fact=pl.int_range(20_000, dtype=pl.Int32),
        quote=pl.int_range(20_000).hash().cast(pl.String).repeat_by(5).list.join(""),
    )
    written = set()
    for size in (20_000, 6_000, 999):
        with parquet._written(BY_NAME["facts"], tmp_path) as writer:
            for part in facts.iter_slices(size):
                writer.append(part)
        file = tmp_path / "facts.parquet"
        assert pl.read_parquet(file).equals(facts)
        written.add(file.read_bytes())
    assert len(written) == 1


def test_a_file_tells_what_its_columns_mean(make, tmp_path):
    folder = make.publish(tmp_path, [make.report("a")], [make.fact("a", 0, "three_public_expenditure", "1", "七")])
    schema = pq.read_schema(folder / "three_public.parquet")
    assert schema.metadata[b"grain"].decode() == BY_NAME["three_public"].grain
    assert schema.metadata[b"key"] == b"report_id,component"
    assert schema.field("amount").metadata == {b"description": b"Expenditure", b"unit": b"yuan"}
    for table in BY_NAME.values():
        fields = pq.read_schema(folder / f"{table.name}.parquet")
        assert [field.metadata[b"description"].decode() for field in fields] == [
            column.description for column in table.columns
        ]


@pytest.mark.parametrize(
    ("name", "column", "value", "told"),
    [
        ("three_public", "fact", 7, "report_id a{16}, fact 7, and facts has no such row"),
        ("three_public", "report_id", "b" * 16, "report_id b{16}, and reports has no such row"),
        ("year_over_year", "report_id", "b" * 16, "report_id b{16}, and reports has no such row"),
    ],
)
def test_a_row_that_names_one_which_is_not_there_is_refused(make, tmp_path, name, column, value, told):
    facts = [make.fact("a", 0, "three_public_expenditure", "1", "七")]
    tables = make.marts([make.report("a")], facts).tables
    tables.pop("coverage")
    parquet.write_slices([tables], tmp_path)
    type_of = BY_NAME[name].schema[column]
    with pytest.raises(TableError, match=f"marts.{name}: a row names {told}"):
        parquet.write_slices(
            [tables | {name: tables[name].with_columns(pl.lit(value, type_of).alias(column))}], tmp_path
        )


def test_readers_can_skip_what_they_do_not_ask_for(make, tmp_path, monkeypatch):
    """Row groups tell the least and the greatest year, region and report, and follow each other."""
    monkeypatch.setattr(parquet, "ROW_GROUP", 2)
    reports = [make.report(letter, entity_key=letter, fiscal_year=2018 + n % 3) for n, letter in enumerate("abcdef")]
    facts = [make.fact(r["document"][0], 0, "revenue_total", "1", fiscal_year=r["fiscal_year"]) for r in reports]
    file = pq.ParquetFile(make.publish(tmp_path, reports, facts) / "facts.parquet")
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    for place, name in enumerate(file.schema_arrow.names[:4]):
        assert all(group.column(place).statistics.has_min_max for group in groups), name
    years = [group.column(file.schema_arrow.names.index("fiscal_year")).statistics for group in groups]
    assert [(each.min, each.max) for each in years] == [(2018, 2018), (2019, 2019), (2020, 2020)]
