"""What the page of one publisher shows: its figures over the years, and what does not add up in its reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from schemas.marts import COMPONENTS
from schemas.shown import figure
from tasks.publish.explain import concept_labels
from tasks.publish.reports import HEADLINES
from tasks.publish.site.charts import Columns, columns, share
from tasks.publish.site.shelf import Row, Shelf

CHARTS = ("revenue_current_year", "expenditure_current_year", "gpb_expenditure", "three_public_expenditure")
"""Headline amounts that are drawn over the years; the table below has all of them."""

PARTS = {
    "total": ("All three", "“三公”经费合计"),
    "overseas_travel": ("Travel abroad", "因公出国（境）费"),
    "official_vehicle": ("Official vehicles", "公务用车购置及运行维护费"),
    "vehicle_purchase": ("Vehicles bought", "其中：公务用车购置费"),
    "vehicle_operation": ("Vehicles run", "其中：公务用车运行维护费"),
    "official_reception": ("Official reception", "公务接待费"),
    "domestic_reception": ("Domestic reception", "其中：国内接待"),
    "foreign_reception": ("Foreign reception", "其中：外事接待"),
}
"""Components of the three-public expenses in English and Chinese."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One headline amount over the years."""

    label_en: str
    label_zh: str
    drawn: Columns


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table over years: exact amounts as shown, and the last one's share of the largest from 0 to 1."""

    label_en: str
    label_zh: str
    amounts: list[str]
    bar: float = 0


@dataclass(frozen=True, slots=True)
class Entity:
    """One publisher. `years` are the columns of its tables: those that a published report is about."""

    id: str
    identity: Row
    years: list[int]
    charts: list[Chart]
    headlines: list[Line]
    functions: list[Line]
    components: list[Line]
    reports: list[Row]
    findings: list[Row]


def entities(shelf: Shelf, why: dict[str, str]) -> Iterator[Entity]:
    """Every publisher of the shelf, with its reports, the latest first. `why`: by report, why it is held."""
    findings = _by(
        shelf.findings.sort("fiscal_year", "severity", "equation", "instance", descending=[True, False, False, False]),
        "entity_id",
    )
    functions, components = _by(shelf.functions, "report_id"), _by(shelf.components, "report_id")
    for (entity_id,), own in shelf.reports.partition_by("entity_id", as_dict=True, maintain_order=True).items():
        reports = own.rows(named=True)
        published = [row for row in reports if row["status"] != "held"]
        told = findings.get(str(entity_id), [])
        yield Entity(
            id=str(entity_id),
            identity=reports[-1],
            years=[row["fiscal_year"] for row in published],
            charts=[_chart(name, published) for name in CHARTS if any(row[name] is not None for row in published)],
            headlines=[line for name in HEADLINES if (line := _headline(name, published))],
            functions=_functions([functions.get(row["report_id"], []) for row in published]),
            components=_components([components.get(row["report_id"], []) for row in published]),
            reports=[
                row | {"why": why.get(row["report_id"], ""), "wrong": _count(told, row)} for row in reversed(reports)
            ],
            findings=told,
        )


def _by(frame: pl.DataFrame, name: str) -> dict[str, list[Row]]:
    """The rows by the value of a column."""
    parts: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        parts.setdefault(row[name], []).append(row)
    return parts


def _count(findings: list[Row], report: Row) -> int:
    return sum(each["report_id"] == report["report_id"] for each in findings)


def _chart(name: str, published: list[Row]) -> Chart:
    chinese, english = concept_labels(name)
    stated = {row["fiscal_year"]: row[name] for row in published}
    span = range(min(stated), max(stated) + 1)
    return Chart(english, chinese, columns([(year, stated.get(year)) for year in span]))


def _headline(name: str, published: list[Row]) -> Line | None:
    amounts = [row[name] for row in published]
    chinese, english = concept_labels(name)
    return Line(english, chinese, _shown(amounts)) if any(amount is not None for amount in amounts) else None


def _functions(by_year: list[list[Row]]) -> list[Line]:
    """Classes of functions, the largest of the last year first."""
    names: dict[str, str] = {}
    amounts: list[dict[str, Decimal | None]] = []
    for rows in by_year:
        names |= {row["code"]: row["name"] for row in rows}
        amounts.append({row["code"]: row["amount"] for row in rows})
    last = amounts[-1] if amounts else {}
    top = max((each for each in last.values() if each is not None), default=None)
    lines = [
        (
            last.get(code) or Decimal(0),
            Line(f"{code} {name}", "", _shown([each.get(code) for each in amounts]), share(last.get(code), top)),
        )
        for code, name in sorted(names.items())
    ]
    return [line for _, line in sorted(lines, key=lambda each: -each[0])]


def _components(by_year: list[list[Row]]) -> list[Line]:
    """Components of the three-public expenses that any of the reports states."""
    amounts = [{row["component"]: row["amount"] for row in rows} for rows in by_year]
    last = amounts[-1] if amounts else {}
    return [
        Line(*PARTS[name], _shown([each.get(name) for each in amounts]), share(last.get(name), last.get("total")))
        for name in COMPONENTS
        if any(each.get(name) is not None for each in amounts)
    ]


def _shown(amounts: list[Decimal | None]) -> list[str]:
    return [figure(amount, "money").removesuffix(" 万元") for amount in amounts]
