"""One random report, written in every format, states the same in each of them."""

import io
import zipfile
from collections import Counter
from random import Random

import polars as pl
import pytest

from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.public_tables import layouts
from sources.writer.render import FORMATS
from sources.writer.report import Report
from sources.writer.spreadsheet import xlsx
from sources.writer.wording import random_form
from tests.extract.conftest import extraction_of_file
from tests.office import converted

SEEDS = range(8)
STATED = ("concept", "member_code", "member_name", "period", "value", "unit_kind", "amount_cny", "section")
Facts = Counter[tuple[object, ...]]

MERGED_HEADINGS = "表13"
"""The three-public table of the Shanghai form has headings over several columns, whose width a text dump does not tell."""


def facts(content: bytes, name: str) -> Facts:
    return Counter(extraction_of_file(content, name).facts.select(STATED).rows())


def archive(**files: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for name, content in files.items():
            package.writestr(name.replace("_", "."), content)
    return whole.getvalue()


@pytest.fixture(scope="session")
def reports() -> dict[str, Report]:
    """Reports of all families with public tables in all layouts, by file name."""
    names = list(layouts())
    return {
        f"{seed}.docx": write_report(
            random_figures(Random(seed), seed), seed, form=random_form("ABC"[seed % 3], seed), tables=names[seed % 4]
        )
        for seed in SEEDS
    }


@pytest.fixture(scope="session")
def word(reports: dict[str, Report]) -> dict[str, bytes]:
    """The same as Word documents."""
    return {name: FORMATS["docx"](report) for name, report in reports.items()}


@pytest.fixture(scope="session")
def truth(word: dict[str, bytes]) -> dict[str, Facts]:
    """What the Word documents state."""
    return {name: facts(content, name) for name, content in word.items()}


def test_html_states_the_same(reports: dict[str, Report], truth: dict[str, Facts]) -> None:
    for name, report in reports.items():
        assert facts(FORMATS["html"](report), "a.html") == truth[name]


def test_word_97_states_the_same(word, truth, tmp_path) -> None:
    for name, content in converted(word, "doc", tmp_path).items():
        assert facts(content, "a.doc") == truth[name], name


def test_pdf_states_the_same(word, truth, tmp_path) -> None:
    for name, content in converted(word, "pdf", tmp_path).items():
        assert facts(content, "a.pdf") == truth[name], name


def test_text_dumps_state_the_same(reports: dict[str, Report], truth: dict[str, Facts]) -> None:
    """But for one table, of which nothing wrong is told either."""
    for name, report in reports.items():
        found = facts(FORMATS["txt"](report), "a.txt")
        assert not found - truth[name], name
        assert {fact[-1] for fact in truth[name] - found} <= {MERGED_HEADINGS}, name


@pytest.mark.parametrize("format_name", ["xlsx", "xls", "ods"])
def test_workbooks_state_what_the_tables_state(reports, truth, format_name: str, tmp_path) -> None:
    books = {name.replace("docx", "xlsx"): xlsx(report.tables, seed=1) for name, report in reports.items()}
    if format_name != "xlsx":
        books = converted(books, format_name, tmp_path)
    for name, content in books.items():
        told = {fact: count for fact, count in truth[name.replace("xlsx", "docx")].items() if fact[-1].startswith("表")}
        assert facts(content, f"a.{format_name}") == told, name


def test_text_and_tables_in_one_archive_state_the_whole(reports, truth) -> None:
    """The text in a Word document, the tables in a workbook: one report, each fact with the file that it stands in."""
    for seed, (name, report) in enumerate(reports.items()):
        text = write_report(random_figures(Random(seed), seed), seed, form=random_form("ABC"[seed % 3], seed))
        whole = archive(text_docx=FORMATS["docx"](text), tables_xlsx=xlsx(report.tables, seed=1))
        found = extraction_of_file(whole, "a.zip").facts
        assert Counter(found.select(STATED).rows()) == truth[name]
        files = found.select(pl.col("place").str.split(", ").list.first()).to_series().unique().to_list()
        assert sorted(files) == ["tables.xlsx", "text.docx"]
