"""Frames of reports and facts from short rows, so that a test shows nothing but its figures."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.curated import FACTS, MENTIONS, REPORTS
from schemas.taxonomy import load
from tasks.reconcile import reconcile

REPORT = "0123456789abcdef"
SCALES = {"万元": 10_000, "元": 1}
GOLD_UNITS = {"万元": "money", "%": "percent", "date": "date"}

Row = dict[str, Any]


def report_row(report_id: str = REPORT) -> Row:
    row = dict.fromkeys(REPORTS.schema)
    row |= {"report_id": report_id, "document": report_id * 4, "fiscal_year": 2020, "region_code": "510403"}
    row |= {"entity": "某局", "entity_key": "某局", "kind": "部门", "source": "test", "url": "file", "format": "text"}
    return row | {"facts": 0, "mentions": 0, "unmapped": 0, "code_revision": "test"}


def fact_row(number: int, concept: str, value: str, report_id: str = REPORT, **more: Any) -> Row:
    """A fact as extraction gives it; unit kind and section are those of the concept unless said otherwise."""
    known = load.concepts().row(by_predicate=pl.col("concept") == concept, named=True)
    kind = known["unit_kind"]
    unit = more.pop("unit", {"money": "万元", "percent": "%"}.get(kind, "个"))
    exact = None if kind in ("date", "text") else Decimal(value)
    row: Row = {"report_id": report_id, "fact": number, "fiscal_year": 2020, "region_code": "510403"}
    row |= {"concept": concept, "member_code": None, "member_name": None, "parent_code": None, "period": "current"}
    row |= {"value": value, "unit": unit, "unit_kind": kind, "unit_inferred": False}
    row |= {"decimals": len(value.partition(".")[2]), "number": exact}
    row |= {"amount_cny": exact * SCALES[unit] if kind == "money" and exact is not None else None}
    row |= {"state": "reported", "budget_basis": None, "section": known["section"].split(";")[0]}
    return row | {"quote": value, "start": number, "end": number + 1, "block": 0, "place": "paragraph 1"} | more


def frame(table: Any, rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.schema, strict=True)


@pytest.fixture(scope="session")
def batch() -> Callable[..., pl.DataFrame]:
    """Checks many reports at once: takes rows (concept, value) or (concept, value, {columns}) by report_id."""

    def run(stated: dict[str, Sequence[Any]], mentions: pl.DataFrame | None = None) -> pl.DataFrame:
        reports = [report_row(report_id) for report_id in stated]
        facts = [
            fact_row(number, row[0], row[1], report_id, **(row[2] if len(row) > 2 else {}))
            for report_id, rows in stated.items()
            for number, row in enumerate(rows)
        ]
        checks = reconcile(
            frame(REPORTS, reports), frame(FACTS, facts), MENTIONS.frame() if mentions is None else mentions
        )
        names = set(checks["diagnosis"].drop_nulls().str.split(":").list.first())
        assert names <= set(load.diagnoses()["diagnosis"])
        return checks

    return run


@pytest.fixture
def check(batch: Callable[..., pl.DataFrame]) -> Callable[..., pl.DataFrame]:
    """Checks one report from its rows and, by name, (section, text) of numbers that were not understood."""

    def run(*rows: Any, unread: Sequence[tuple[str, str]] = ()) -> pl.DataFrame:
        mentions = [
            {"report_id": REPORT, "mention": number, "fiscal_year": 2020, "region_code": "510403", "section": section}
            | {"text": text, "start": number, "end": number + 1, "unit_kind": "money"}
            | {"outcome": "unmapped", "reason": None}
            for number, (section, text) in enumerate(unread)
        ]
        return batch({REPORT: rows}, frame(MENTIONS, mentions))

    return run


@pytest.fixture
def one(check: Callable[..., pl.DataFrame]) -> Callable[..., Row]:
    """Checks one report and gives the row of one equation (and instance)."""

    def run(equation: str, *rows: Any, instance: str | None = None, unread: Sequence[tuple[str, str]] = ()) -> Row:
        found = check(*rows, unread=unread).filter(pl.col("equation") == equation)
        if instance is not None:
            found = found.filter(pl.col("instance") == instance)
        assert found.height == 1, found["instance"].to_list()
        return found.row(0, named=True)

    return run


@pytest.fixture(scope="session")
def gold(shared: Path) -> Callable[[str], tuple[pl.DataFrame, pl.DataFrame]]:
    """Reports and facts of a hand-checked report; the section of a fact is guessed from its concept."""

    def read(name: str, report_id: str = REPORT) -> tuple[pl.DataFrame, pl.DataFrame]:
        seen: Counter[tuple[str, str]] = Counter()
        facts = []
        with (shared / "gold" / f"facts_{name}.csv").open(encoding="utf-8", newline="") as handle:
            for number, row in enumerate(csv.DictReader(handle)):
                key = (row["concept"], row["member_code"])
                seen[key] += 1
                facts.append(_gold_fact(number, row, seen[key], report_id))
        return frame(REPORTS, [report_row(report_id)]), frame(FACTS, facts)

    return read


def _gold_fact(number: int, row: dict[str, str], nth: int, report_id: str) -> Row:
    home = load.concepts().row(by_predicate=pl.col("concept") == row["concept"], named=True)["section"].split(";")[0]
    if row["concept"] == "gpb_expenditure":
        section = ["五（一）", "五（二）", "五（三）", "绩效报告"][nth - 1]
    elif row["concept"].startswith("gpb_function"):
        section = "五（二）" if len(row["member_code"]) == 3 and nth == 1 else "五（三）"
    elif home in {"一", "二", "三", "四", "八"} and nth > 1:
        section = "绩效报告"
    else:
        section = home
    more = {"section": section, "period": row["period"]}
    more |= {"member_code": row["member_code"] or None, "member_name": row["member_name"] or None}
    kind = GOLD_UNITS.get(row["unit"], "count")
    unit = {"unit": "万元"} if kind == "money" else {}
    return fact_row(number, row["concept"], row["value"], report_id, **more, **unit)
