"""The mart `three_public`: overseas travel, official vehicles and official reception."""

from __future__ import annotations

import polars as pl

from schemas import marts
from tasks.publish.statements import first, is_total, of_reports, source, stated

_PARTS = (
    ("total", None, "three_public"),
    ("overseas_travel", "total", "overseas_travel"),
    ("official_vehicle", "total", "official_vehicle"),
    ("vehicle_purchase", "official_vehicle", "vehicle_purchase"),
    ("vehicle_operation", "official_vehicle", "vehicle_operation"),
    ("official_reception", "total", "official_reception"),
    ("domestic_reception", "official_reception", "domestic_reception"),
    ("foreign_reception", "official_reception", "foreign_reception"),
)
"""Component, what it is a part of, and how the names of its concepts begin."""

_SUFFIXES = {
    "expenditure": "amount",
    "initial_budget": "initial_budget",
    "budget": "budget",
    "share": "share",
    "yoy_change": "yoy_change",
    "yoy_rate": "yoy_rate",
    "budget_completion_rate": "budget_completion_rate",
}

_COUNTS = (
    ("overseas_travel_group_count", "overseas_travel", "groups"),
    ("overseas_travel_person_count", "overseas_travel", "persons"),
    ("vehicle_purchased_count", "vehicle_purchase", "vehicles_purchased"),
    ("vehicle_fleet_count", "vehicle_operation", "vehicles_held"),
    ("reception_batch_count", "official_reception", "batches"),
    ("reception_visitor_count", "official_reception", "visitors"),
    ("domestic_reception_batch_count", "domestic_reception", "batches"),
    ("domestic_reception_visitor_count", "domestic_reception", "visitors"),
    ("foreign_reception_batch_count", "foreign_reception", "batches"),
    ("foreign_reception_visitor_count", "foreign_reception", "visitors"),
)

COLUMNS = pl.DataFrame(
    [(f"{stem}_{suffix}", part, column) for part, _, stem in _PARTS for suffix, column in _SUFFIXES.items()]
    + list(_COUNTS),
    schema=["concept", "component", "column"],
    orient="row",
)
"""Which concept fills which column of which component."""

_PART_OF = pl.DataFrame(
    [(part, whole) for part, whole, _ in _PARTS],
    schema={"component": pl.String, "part_of": pl.String},
    orient="row",
)


def three_public(reports: pl.DataFrame, facts: pl.LazyFrame) -> pl.DataFrame:
    """marts.three_public of marts.reports from their facts: components of which anything is stated."""
    rows = (
        stated(facts, COLUMNS["concept"])
        .filter(is_total(), pl.col("period") != "prior")
        .join(COLUMNS.lazy(), on="concept", maintain_order="left")
        .group_by("report_id", "component", maintain_order=True)
        .agg(
            first("amount", "amount"),
            first("initial_budget", "initial_budget"),
            first("budget", "budget"),
            first("share", "share", "number"),
            first("yoy_change", "yoy_change"),
            first("yoy_rate", "yoy_rate", "number"),
            first("budget_completion_rate", "budget_completion_rate", "number"),
            first("budget_completion_rate", "budget_basis", "budget_basis"),
            *(first(name, name, "number").cast(pl.Int64) for name in dict.fromkeys(name for _, _, name in _COUNTS)),
            source(*dict.fromkeys(COLUMNS["column"])),
        )
        .collect(engine="streaming")
    )
    return (
        of_reports(rows, reports)
        .join(_PART_OF, on="component", validate="m:1")
        .select(marts.THREE_PUBLIC.schema.names())
        .sort(marts.THREE_PUBLIC.key)
    )
