"""Whom a run expects to have published: the roster, year by year, with the keys that reports have."""

from __future__ import annotations

from datetime import date

import polars as pl

from flows.folder import Folder
from tasks.fetch import Catalogue
from tasks.publish.releases import current

EXPECTED = pl.Schema(
    [
        ("fiscal_year", pl.Int16),
        ("region_code", pl.String),
        ("entity", pl.String),
        ("kind", pl.String),
        ("keys", pl.List(pl.String)),
        ("parents", pl.List(pl.String)),
        ("due", pl.Date),
        ("late", pl.Boolean),
    ]
)
"""keys: entity_key of all names of the organisation; parents: those of its department, empty where it has none;
due: the last day on which it is to publish; late: that day is past."""


def expected(catalogue: Catalogue, year: int | None, today: date) -> pl.DataFrame:
    """A row (EXPECTED) for each organisation and kind of the catalogue's roster and each fiscal year in scope.

    In scope is `year`, else the catalogue's fiscal year, else every year from the first one listed to the last that has ended.
    """
    scope = year or catalogue.fiscal_year
    aliases = {
        (row["region_code"], row["entity"]): _names(row)
        for row in catalogue.listed.iter_rows(named=True)
        if row["kind"] == "部门"
    }
    rows = []
    for row in catalogue.listed.iter_rows(named=True):
        last = row["until"] or max(scope or 0, today.year - 1)
        for fiscal_year in range(row["from"], last + 1):
            if scope in (None, fiscal_year):
                rows.append(_row(row, fiscal_year, aliases, today))
    return pl.DataFrame(rows, schema=EXPECTED, orient="row")


def outside(expected: pl.DataFrame, reports: pl.DataFrame, folder: Folder) -> pl.DataFrame:
    """The expected ones without those that the current release has published and that no report of this run is of.

    `reports`: curated.reports of the run.
    """
    release = current(folder.marts)
    if not release:
        return expected
    identity = ["fiscal_year", "region_code", "kind", "entity_key"]
    there = pl.read_parquet(release / "reports.parquet", columns=identity)
    there = there.join(reports, on=identity, how="anti").select(*identity[:3], keys="entity_key")
    here = ["fiscal_year", "region_code", "kind", "entity"]
    published = expected.explode("keys").join(there, on=[*identity[:3], "keys"], how="semi").select(here)
    return expected.join(published, on=here, how="anti", maintain_order="left")


def named(told: pl.DataFrame) -> pl.Series:
    """entity_key of what a catalogue names, where it tells fiscal year and region too."""
    from tasks.extract.identity import entity_key

    rows = told.select("entity", "fiscal_year", "region_code").rows()
    return pl.Series([entity_key(*row) if all(row) else None for row in rows], dtype=pl.String)


def _row(
    row: dict[str, object], year: int, aliases: dict[tuple[object, object], list[str]], today: date
) -> tuple[object, ...]:
    region, parent = str(row["region_code"]), row["parent"]
    due = date.fromisoformat(f"{year + 1}-{row['deadline']}")
    parents = aliases.get((region, parent), [str(parent)]) if parent else []
    return (
        year,
        region,
        row["entity"],
        row["kind"],
        _keys(_names(row), year, region),
        _keys(parents, year, region),
        due,
        today > due,
    )


def _names(row: dict[str, object]) -> list[str]:
    """The name of an organisation, and its aliases."""
    return [str(row["entity"]), *filter(None, str(row["aliases"] or "").split("|"))]


def _keys(names: list[str], year: int, region: str) -> list[str]:
    from tasks.extract.identity import entity_key

    return list(dict.fromkeys(entity_key(name, year, region) for name in names))
