"""The place of each figure is told in its format's own terms."""

from random import Random

from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.spreadsheet import xlsx
from tests.extract.conftest import extraction_of_file


def places(content: bytes, name: str) -> dict[str, str]:
    facts = extraction_of_file(content, name).facts
    return dict(facts.select("quote", "place").iter_rows())


def test_paragraphs_are_counted() -> None:
    told = places("某局2020年度部门决算\n三、支出决算情况说明\n本年支出合计10.00万元。\n".encode(), "a.txt")
    assert told == {"本年支出合计10.00万元": "paragraph 3"}


def test_cells_of_tables_and_sheets() -> None:
    report = write_report(random_figures(Random(3)), 3, tables="national")
    in_text = set(places(FORMATS["docx"](report), "a.docx").values())
    assert any(place.startswith("table ") and ", row " in place for place in in_text)
    on_sheets = places(xlsx(report.tables, seed=3), "a.xlsx")
    assert on_sheets
    assert all("!" in place for place in on_sheets.values())
