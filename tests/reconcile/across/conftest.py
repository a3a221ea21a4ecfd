"""Reports of one publisher's years, from short rows or written and read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Any

import polars as pl
import pytest

from schemas.curated import FACTS, REPORTS
from schemas.raw import DOCUMENTS
from schemas.taxonomy import load
from sources.writer.accounts import random_years
from sources.writer.compose import write_report
from sources.writer.figures import Figures, Publisher
from sources.writer.render import FORMATS
from sources.writer.wording import random_form
from tasks.extract import Extraction, extract
from tasks.read import read_all
from tasks.reconcile.across import compared_facts, consecutive, years

YEAR = 2023
SCALES = {"money": 10_000}


def report(report_id: str, fiscal_year: int, **more: Any) -> dict[str, Any]:
    row = dict.fromkeys(REPORTS.schema)
    row |= {"report_id": report_id, "document": report_id * 4, "fiscal_year": fiscal_year, "region_code": "510403"}
    row |= {"entity": "某局", "entity_key": "某局", "kind": "部门", "source": "test", "url": f"{fiscal_year}.txt"}
    return row | {"format": "txt", "facts": 0, "mentions": 0, "unmapped": 0, "code_revision": "test"} | more


def fact(report_id: str, number: int, concept: str, value: str, **more: Any) -> dict[str, Any]:
    """A figure in the section of its concept, of the period that its concept has."""
    known = load.concepts().row(by_predicate=pl.col("concept") == concept, named=True)
    kind, exact = known["unit_kind"], Decimal(value)
    row = dict.fromkeys(FACTS.schema) | {"report_id": report_id, "fact": number, "fiscal_year": YEAR}
    row |= {"region_code": "510403", "concept": concept, "period": "change" if "_yoy_" in concept else "current"}
    row |= {"value": value.lstrip("-"), "unit": "", "unit_kind": kind, "unit_inferred": False, "state": "reported"}
    row |= {"decimals": len(value.partition(".")[2]), "number": exact}
    row |= {"amount_cny": exact * SCALES[kind] if kind in SCALES else None}
    row |= {"section": known["section"].split(";")[0], "quote": value, "start": number, "end": number + 1}
    return row | {"block": 0, "place": "paragraph 1"} | more


@pytest.fixture
def two() -> Callable[..., pl.DataFrame]:
    """The checks of a report and the report of the year before, each from rows (concept, value[, columns])."""

    def run(now: Sequence[Any], before: Sequence[Any] | None, **more: Any) -> pl.DataFrame:
        stated = {"b" * 16: now} | ({} if before is None else {"a" * 16: before})
        reports = [report(each, YEAR - (each[0] == "a"), **(more if each[0] == "b" else {})) for each in stated]
        rows = [
            fact(each, number, *row[:2], **(row[2] if len(row) > 2 else {}))
            for each, told in stated.items()
            for number, row in enumerate(told)
        ]
        known = pl.DataFrame(reports, schema=REPORTS.schema, strict=True)
        facts = pl.DataFrame(rows, schema=FACTS.schema, strict=True)
        return years(known, consecutive(known), compared_facts(facts.lazy()).collect())

    return run


def read_back(texts: Sequence[tuple[str, bytes]]) -> Extraction:
    """What is found in (name, text) documents."""
    told = [(sha256(text).hexdigest(), name, text) for name, text in texts]
    nothing = {name: [None] * len(told) for name in DOCUMENTS.schema}
    ids, names = [each[0] for each in told], [each[1] for each in told]
    documents = DOCUMENTS.frame(nothing | {"document": ids, "source": names, "url": names})
    return extract(read_all(told).blocks, documents)


def pairs_of_accounts(number: int, years_each: int = 2) -> list[list[Figures]]:
    """So many publishers, no two with the same name, each with years that follow each other."""
    met: dict[Publisher, list[Figures]] = {}
    seed = 0
    while len(met) < number:
        accounts = random_years(Random(f"years {seed}"), seed, years_each)
        met.setdefault(accounts[0].publisher, accounts)
        seed += 1
    return list(met.values())


def written(figures: Figures, seed: int, family: str = "any", **more: Any) -> tuple[str, bytes]:
    """A report of these figures: a name for it, and its text."""
    form = random_form(family, seed)
    return f"{seed}-{figures.year}.txt", FORMATS["txt"](write_report(figures, seed, form=form, **more))


def compared(extraction: Extraction) -> pl.DataFrame:
    """The checks across years of what was found."""
    return years(extraction.reports, consecutive(extraction.reports), extraction.facts)
