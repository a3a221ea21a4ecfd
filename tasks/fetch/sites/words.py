"""What titles and pages say, as schemas/taxonomy has it: document_kinds.csv and site_pages.csv."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from typing import NamedTuple

from schemas.taxonomy.load import FOLDER
from schemas.taxonomy.rows import TaxonomyError

KINDS = "document_kinds.csv"
PAGES = "site_pages.csv"
OWN = "final accounts"


class Form(NamedTuple):
    """A pattern, and what it is to be called where it is found."""

    pattern: re.Pattern[str]
    told: str


def plain(text: str) -> str:
    """A title without white space, in plain letters and digits: what the patterns are written for."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_QUOTES)


def passed_over(title: str, year: int | None, wanted: str | None = None) -> str | None:
    """Why a link of that title does not lead to final accounts of the year; None where it does.

    `wanted`: a pattern that the title must match as well. Without `year` every year will do.
    """
    text = plain(title)
    if not speaks_of_accounts(title):
        return "its title does not speak of final accounts"
    if kind := other_kind(title):
        return f"by its title it is {kind}"
    if wanted and not re.search(wanted, title):
        return "its title does not match the catalogue's"
    years = {int(found[1]) for form in forms("year") for found in form.pattern.finditer(text)}
    if year and year not in years:
        told = ", ".join(map(str, sorted(years)))
        return f"by its title it is of {told}" if years else "its title names no fiscal year"
    return None


def speaks_of_accounts(title: str) -> bool:
    """Whether a title may be one of final accounts, of whatever kind and year."""
    return any(form.pattern.search(plain(title)) for form in forms("accounts"))


def other_kind(title: str) -> str | None:
    """What a title that is not of final accounts of a department is of, as far as it tells."""
    text = plain(title)
    return next((kind.told for kind in _kinds() if kind.pattern.search(text)), None)


@cache
def forms(what: str) -> tuple[Form, ...]:
    """The rows of site_pages.csv about something."""
    return tuple(_form(PAGES, line, row["form"], row["told"]) for line, row in _rows(PAGES) if row["what"] == what)


@cache
def _kinds() -> tuple[Form, ...]:
    """How titles of documents that only look like final accounts are put."""
    return tuple(
        _form(KINDS, line, row["form"], row["kind"])
        for line, row in _rows(KINDS)
        if row["where"] == "title" and row["kind"] != OWN
    )


def _rows(name: str) -> list[tuple[int, dict[str, str]]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, row) for row in reader]


def _form(name: str, line: int, form: str, told: str) -> Form:
    try:
        return Form(re.compile(form, re.IGNORECASE), told)
    except re.error as error:
        raise TaxonomyError(f"{name}, line {line}: {form!r} is not a regular expression ({error})") from None


_QUOTES = {ord(mark): None for mark in "“”\"'‘’《》「」"}
