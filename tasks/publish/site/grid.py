"""Who has published, by region and fiscal year, and by publisher and fiscal year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from schemas.marts import COVERAGE
from tasks.publish.site.shelf import Row, Shelf

ALONE = 40
"""So many regions stand side by side on the overview; of more it shows the provinces."""

NOWHERE = "000000"
"""Stands for what no region is known of."""

PROVINCE = re.compile(r".+?(?:省|自治区|市)")
"""What the full name of a region begins with."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is expected of one region in one year: how many reports, and how many of them have which status."""

    total: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One region, or one province with all that lies in it. `page` is the name of its page."""

    page: str
    name: str
    code: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publisher of a region: by year, the rows of coverage that are about it."""

    name: str
    kind: str
    entity_id: str | None
    cells: list[list[Row]]


class Regions:
    """The regions of a release, their names and their pages."""

    def __init__(self, shelf: Shelf) -> None:
        """Looks up what regions are called where a report tells it."""
        self.coverage = shelf.coverage.with_columns(pl.col("region_code").fill_null(NOWHERE)).sort(
            "region_code", "entity", "kind", "fiscal_year", "url", nulls_last=True
        )
        self.years: list[int | None] = (
            self.coverage["fiscal_year"].unique().sort(descending=True, nulls_last=True).to_list()
        )
        self.names: dict[str, str] = dict(
            shelf.reports.drop_nulls("region_name")
            .select("region_code", "region_name")
            .unique()
            .sort("region_name")
            .rows()
        )
        self.codes: list[str] = self.coverage["region_code"].unique().sort().to_list()
        self.provinces = sorted({code[:2] for code in self.codes}) if len(self.codes) > ALONE else []

    def top(self) -> list[Line]:
        """The lines of the overview."""
        return self._lines(2) if self.provinces else self._lines(6)

    def within(self, province: str) -> list[Line]:
        """The regions of a province."""
        return [line for line in self._lines(6) if line.code.startswith(province)]

    def name(self, code: str) -> str:
        """What a region is called; of a province (two digits) what the name of any of its regions begins with."""
        if code in ("00", NOWHERE):
            return ""
        if len(code) == 6:
            return self.names.get(code, code)
        found = (PROVINCE.match(name) for known, name in self.names.items() if known.startswith(code))
        return next((match[0] for match in found if match), code)

    def publishers(self, code: str) -> list[Publisher]:
        """The publishers of a region. What has no name stands by itself, at the end."""
        rows = self.coverage.filter(region_code=code).iter_rows(named=True)
        found = []
        for (name, kind), own in groupby(rows, key=lambda row: (row["entity"], row["kind"])):
            told = list(own)
            entity_id = next((row["entity_id"] for row in told if row["entity_id"]), None)
            cells = [[row for row in told if row["fiscal_year"] == year] for year in self.years]
            found.append(Publisher(name or "", kind or "", entity_id, cells))
        return found

    def _lines(self, digits: int) -> list[Line]:
        told = self.coverage.with_columns(place=pl.col("region_code").str.head(digits))
        counted = told.group_by("place", "fiscal_year", "status").len().rows()
        by_cell: dict[tuple[str, int | None], Counter[str]] = {}
        for place, year, status, count in counted:
            by_cell.setdefault((place, year), Counter())[status] = count
        return [
            Line(place, self.name(place), place, [_cell(by_cell.get((place, year), Counter())) for year in self.years])
            for place in sorted({place for place, _ in by_cell}, key=lambda place: (NOWHERE.startswith(place), place))
        ]


def totals(lines: Sequence[Line]) -> list[Cell]:
    """The sum of all lines by year."""
    return [
        _cell(sum((Counter(cell.counts) for cell in column), Counter()))
        for column in zip(*(line.cells for line in lines), strict=True)
    ]


def _cell(counts: Counter[str]) -> Cell:
    return Cell(counts.total(), {status: counts[status] for status in COVERAGE})
