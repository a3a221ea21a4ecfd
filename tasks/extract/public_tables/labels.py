"""What the label of a row, or the heading of a column, names: an item of the form, a function, an economic class."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from tasks.extract.data import rows
from tasks.extract.document import FORMS, Paragraph
from tasks.extract.functions import Label, function_table
from tasks.extract.public_tables.words import words

CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
CODED = re.compile(r"[\[(]?(\d{7}|\d{5}|\d{3})[\])]?[-—_]?(?=[^\d.,])")
DIGITS = re.compile(r"\d{2,7}")
Member = tuple[str | None, str | None]


@dataclass(slots=True)
class RowLabel:
    """The cells that name a row, in reading order, and what they say: printed code (whole, or "") and name.

    `kind` is the role of its last column: function, economic or project.
    """

    cells: list[Paragraph] = field(default_factory=list)
    code: str = ""
    name: str = ""
    kind: str = ""


def row_label(cells: list[tuple[int, Paragraph]], kind: str, above: str) -> RowLabel:
    """The label that these cells form; each stands with its position among the columns of the label.

    Digits are a code, in one cell or in parts of 3, 2 and 2; parts that are left out are those of the code `above`.
    """
    code, names = "", list[str]()
    for position, cell in cells:
        if DIGITS.fullmatch(cell.text) and not names:
            if not code and len(cell.text) == 2:
                code = above[: 2 * position + 1] if position else ""
            code += cell.text
        else:
            names.append(cell.text)
    name = "".join(names)
    if not code and (coded := CODED.match(name)):
        code, name = coded[1], name[coded.end() :]
    name = words().mark.sub("", bare(name))
    return RowLabel([cell for _, cell in cells], code if CODE.fullmatch(code) else "", name, kind)


def function(label: RowLabel, year: int, is_class: bool) -> Member | None:
    """Code and printed name of the function that a row is about; None where it is about none.

    A printed code says it; a name alone does where only one function bears it, `is_class` among the classes.
    """
    if label.code:
        return label.code, label.name or None
    if not label.name:
        return None
    found = function_table().resolve((Label("类" if is_class else None, label.name),), year)
    return (found.code, label.name) if found.code else None


def economic(label: RowLabel) -> Member | None:
    """The same for an economic class."""
    if label.code:
        return label.code, label.name or None
    code = _economic_codes().get(("", label.name))
    return (code, label.name) if code else None


def economic_column(path: tuple[str, ...]) -> Member | None:
    """Code and printed name of the economic class that a column is about: named by a heading and the one above it."""
    names = [name for name in path if not words().whole.fullmatch(name)]
    if not names:
        return None
    coded = CODED.match(names[-1])
    if coded:
        return coded[1], names[-1][coded.end() :]
    codes = _economic_codes()
    parent = next(filter(None, (codes.get(("", name)) for name in reversed(names[:-1]))), "")
    code = codes.get((parent[:3], names[-1])) or (codes.get(("", names[-1])) if not parent else None)
    return (code, names[-1]) if code else None


def bare(name: str) -> str:
    """The name of a row without its number and the like; as it is where nothing else is left."""
    lead = words().lead.match(name)
    return name[lead.end() :] if lead and lead.end() < len(name) else name


@cache
def _economic_codes() -> dict[tuple[str, str], str]:
    """The code of each name below its class, and of each name alone (class ""): there the first one counts."""
    codes: dict[tuple[str, str], str] = {}
    for _, row in rows("economic_classes.csv", "code", "name", "aliases"):
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            codes.setdefault((row["code"][:3] if len(row["code"]) > 3 else "", name.translate(FORMS)), row["code"])
            codes.setdefault(("", name.translate(FORMS)), row["code"])
    return codes
