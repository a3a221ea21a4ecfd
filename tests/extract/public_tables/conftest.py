"""Writes public tables by hand, as a page or as a text dump, and reads what they state."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl
import pytest

from schemas.raw import DOCUMENTS
from tasks.extract import Extraction, extract
from tasks.read import read

TITLE = "某县财政局2022年度部门决算"

Cell = str | tuple[str, int] | tuple[str, int, int]
"""A text, with the columns and rows that its cell spans."""

Table = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Stated:
    """What was read: the facts as (concept, member, value, unit, section), and what became of all amounts."""

    extraction: Extraction

    @property
    def facts(self) -> list[tuple[str, str | None, str, str, str]]:
        member = pl.coalesce("member_code", "member_name")
        return self.extraction.facts.select("concept", member, "value", "unit", "section").rows()

    @property
    def figures(self) -> dict[tuple[str, str | None], str]:
        """Value by concept and member: each is stated once."""
        found = {(concept, member): value for concept, member, value, _, _ in self.facts}
        assert len(found) == len(self.facts), self.facts
        return found

    @property
    def left(self) -> list[tuple[str, str]]:
        """Numbers in tables that are no facts: (text, outcome)."""
        tables = self.extraction.mentions.filter(pl.col("section").str.contains("表"), pl.col("outcome") != "fact")
        return tables.select("text", "outcome").rows()


def html(*parts: str | Table) -> bytes:
    """A page of lines and tables."""
    return "".join(f"<p>{part}</p>" if isinstance(part, str) else _table(part) for part in (TITLE, *parts)).encode()


def dump(*parts: str | Table) -> bytes:
    """The same as the text export of a word processor gives it: what spans columns takes one cell, what spans rows is
    followed by empty ones.
    """
    return "".join(f"{part}\n" if isinstance(part, str) else _dumped(part) for part in (TITLE, *parts)).encode()


def _table(table: Table) -> str:
    rows = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in table)
    return f"<table>{rows}</table>"


def _cell(cell: Cell) -> str:
    text, columns, rows = (*_whole(cell),)
    return f'<td colspan="{columns}" rowspan="{rows}">{text}</td>'


def _whole(cell: Cell) -> tuple[str, int, int]:
    text, columns, rows = (cell, 1, 1) if isinstance(cell, str) else (*cell, 1)[:3]
    return text, int(columns), int(rows)


def _dumped(table: Table) -> str:
    lines, below = "", dict[int, int]()
    for row in table:
        column, cells = 0, iter(row)
        width = sum(_whole(cell)[1] for cell in row) + sum(rows > 0 for rows in below.values())
        while column < width:
            if below.get(column, 0):
                below[column] -= 1
                lines += "\t\n"
                column += 1
                continue
            text, columns, rows = _whole(next(cells))
            lines += f"\t{text}\n"
            if rows > 1:
                below[column] = rows - 1
            column += columns
        lines += "\n"
    return lines + "\n"


@pytest.fixture(params=["html", "txt"])
def read_tables(request: pytest.FixtureRequest) -> Callable[..., Stated]:
    """Lines and tables → what they state, in both formats; every quote must be the text it points at."""
    return lambda *parts: stated(html(*parts) if request.param == "html" else dump(*parts), request.param)


@pytest.fixture
def read_page() -> Callable[..., Stated]:
    """The same for pages only."""
    return lambda *parts: stated(html(*parts), "html")


def stated(content: bytes, suffix: str) -> Stated:
    document = hashlib.sha256(content).hexdigest()
    nothing = {column: [None] for column in ("fiscal_year", "region_code", "entity", "kind")}
    documents = DOCUMENTS.frame({"document": [document], "source": ["test"], "url": [f"x.{suffix}"], **nothing})
    blocks = read(content, document, f"x.{suffix}").blocks
    extraction = extract(blocks, documents)
    text = "".join(blocks["text"])
    for row in extraction.facts.iter_rows(named=True):
        assert text[row["start"] : row["end"]] == row["quote"]
        assert row["quote"].rstrip().replace(",", "").endswith(row["value"])
    return Stated(extraction)
