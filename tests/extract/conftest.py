"""Reads composed texts as a report would be read."""

import hashlib
from collections.abc import Callable

import polars as pl
import pytest

from schemas.raw import DOCUMENTS
from tasks.extract import Extraction, extract
from tasks.read import read

TITLE = "某县财政局2022年度部门决算\n"


def extraction_of(text: str) -> Extraction:
    """Extraction of one text file with this content."""
    return extraction_of_file(text.encode(), "composed.txt")


def extraction_of_file(content: bytes, name: str) -> Extraction:
    """Extraction of one file of any format; a file that names no year is read all the same."""
    document = hashlib.sha256(content).hexdigest()
    columns = {name: [None] for name in DOCUMENTS.schema}
    known = DOCUMENTS.frame(columns | {"document": [document], "source": ["composed"], "url": [name]})
    return extract(read(content, document, name).blocks, known, require_year=False)


@pytest.fixture
def facts_of() -> Callable[[str, str], list[tuple[str, str | None, str, str, str]]]:
    """(heading, paragraph) → the facts told: concept, member, period, value, unit."""

    def facts(heading: str, paragraph: str) -> list[tuple[str, str | None, str, str, str]]:
        text = f"{TITLE}第二部分 2022年度部门决算情况说明\n{heading}\n{paragraph}\n"
        frame = extraction_of(text).facts
        for row in frame.iter_rows(named=True):
            assert text[row["start"] : row["end"]] == row["quote"]
        member = pl.coalesce("member_code", "member_name")
        return frame.select("concept", member, "period", "value", "unit").rows()

    return facts
