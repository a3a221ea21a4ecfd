"""Which public table a table is, told by its title and the headings of its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from schemas.taxonomy.load import OUTSIDE
from tasks.extract.data import MOST_LINES
from tasks.extract.public_tables.grid import Row, paths
from tasks.extract.public_tables.layout import Layout, layout, plain
from tasks.extract.public_tables.words import CLASSIFIED, words

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:亿元|万元|元|%)?|-?\.\d+")
FORMULA = re.compile(r"\d{1,2}(?:=.*)?")
"""The number of a column, which may say how it is computed: 3=4+5."""

SHORTEST_TITLE, LONGEST_TITLE = 4, 60
MOST_TITLES = 4
"""So many cells of a row may hold text where one of them is the title."""
MOST_HEADS = 6
"""Rows of headings."""


@dataclass(slots=True)
class Part:
    """The rows of one public table within one table of the document: head (title, unit), header, data."""

    title: str = ""
    unit: str = ""
    heads: list[dict[int, str]] = field(default_factory=list)
    data: list[Row] = field(default_factory=list)


def title_of(text: str) -> str:
    """The table that a line is the title of; "-" for one of no interest, "" for any other line."""
    return _title_of(text) if SHORTEST_TITLE <= len(text) <= LONGEST_TITLE else ""


@lru_cache(MOST_LINES)
def _title_of(text: str) -> str:
    text = words().aside.sub("", words().unit.split(text)[0]).rstrip("(:,，")
    if not words().any_title.fullmatch(text):
        return ""
    return next((table for table, pattern in words().titles if pattern.fullmatch(text)), "")


def unit_of(text: str) -> str:
    """The unit that a line of a table's head tells, or ""."""
    return _unit_of(text) if len(text) <= LONGEST_TITLE else ""


@lru_cache(MOST_LINES)
def _unit_of(text: str) -> str:
    found = words().unit.search(text)
    return found[1] if found else ""


def line_of(text: str) -> tuple[str, str, bool]:
    """What a line between tables is: title (`title_of`), unit (`unit_of`), and whether it is a part of a table's head."""
    return _line_of(text) if len(text) <= LONGEST_TITLE else ("", "", False)


@lru_cache(MOST_LINES)
def _line_of(text: str) -> tuple[str, str, bool]:
    return title_of(text), unit_of(text), is_head([text])


def parts(rows: list[Row], year: int | None) -> list[Part]:
    """Divides the rows of a table: each title that stands in a row of its own begins another part, as do headings
    below data.

    `year` is the fiscal year of the report, where it is known.
    """
    found = [Part()]
    for row in rows:
        texts = [cell.text for cell in row.values() if cell.text]
        if not texts:
            continue
        part = found[-1]
        title = next(filter(None, map(title_of, texts)), "") if len(texts) <= MOST_TITLES else ""
        if part.data and _is_header(texts):
            found.append(part := Part())
        if title and is_head(texts):
            if part.data or part.heads:
                found.append(part := Part())
            part.title = title
            part.unit = next(filter(None, map(unit_of, texts)), part.unit)
        elif not part.data and not _is_data(texts):
            part.unit = next(filter(None, map(unit_of, texts)), part.unit)
            if not is_head(texts) and not is_numbers(texts) and len(part.heads) < MOST_HEADS:
                part.heads.append({column: plain(cell.text, year) for column, cell in row.items()})
        elif not is_numbers(texts):
            part.data.append(row)
    return found


def recognised(part: Part, title: str, before: Layout | None) -> Layout | None:
    """The layout of a part: of the table that its own title says, else the `title` above it, else its headings.

    Without a header it goes on with the layout of the table `before`. None where it is no public table.
    """
    told = part.title or title
    width = 1 + max([max(head) for head in part.heads] + [max(row) for row in part.data], default=0)
    above = paths(part.heads, width)
    if told == OUTSIDE:
        return None
    if not above:
        goes_on = before is not None and before.names_rows and told in ("", before.table)
        return before if goes_on and before is not None and width == len(before.columns) else None
    joined = "|".join(["", *("/".join(path) for path in above.values()), ""])
    by_header = next((table for table, pattern in words().headers if pattern.fullmatch(joined)), "")
    for table in [told] if part.title else [told, by_header]:
        if table in words().rules and (found := layout(table, above)).is_public:
            return found
    if before is not None and not told and (again := layout(before.table, above)).continues(before):
        return again
    return None


def is_head(texts: list[str]) -> bool:
    """Whether all cells of a row are those of a table's head: title, unit, form, publisher."""
    return all(title_of(text) or words().head.fullmatch(text) or _is_unit(text) for text in texts)


def _is_header(texts: list[str]) -> bool:
    """Whether a row below data names columns again, as at the top of the next page."""
    names = [pattern for role, only, pattern in words().roles if role in CLASSIFIED and not only]
    return not any(map(NUMBER.fullmatch, texts)) and any(name.fullmatch(text) for name in names for text in texts)


def _is_unit(text: str) -> bool:
    """Whether a cell tells the unit and nothing that a heading would say."""
    return unit_of(text) != "" and not words().aside.sub("", words().unit.sub("", text)).strip("(): ")


def _is_data(texts: list[str]) -> bool:
    if is_numbers(texts):
        return False
    return any(NUMBER.fullmatch(text) or words().item.fullmatch(text) for text in texts)


def is_numbers(texts: list[str]) -> bool:
    """Whether a row numbers the columns: 栏次, 1, 2, 3."""
    if not all(text[0].isdigit() or words().numbers.fullmatch(text) for text in texts):
        return False
    rest = [text for text in texts if not words().numbers.fullmatch(text)]
    if any(words().numbering.fullmatch(text) for text in texts):
        return all(FORMULA.fullmatch(text) for text in rest)
    return len(rest) > 1 and rest == [str(number + 1) for number in range(len(rest))]


def stands_above_table(line: str) -> bool:
    """Whether a line of text is the title of a public table, or tells its unit."""
    return bool(title_of(line)) or _is_unit(line)
