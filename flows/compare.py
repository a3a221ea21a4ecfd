"""Reports held against each other, when all batches are through: checks that no batch can make by itself.

What a report says of the year before is compared with that year's own report: the one of this run, else the one of
the current release; what a department says, with what its units publish. Of several documents of one
publication the one that counts speaks, held or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from flows.collected import Collected
from flows.curated import write_partitions
from flows.folder import Folder
from schemas.curated import CHECKS
from schemas.validate import validate
from tasks.publish.identity import slot, superseded
from tasks.publish.releases import current
from tasks.reconcile.across import compared_facts, consecutive, families, units, years

SLICE = 50_000
"""About so many facts are held in memory at a time."""

FILE = "compare-"
"""The files of this step begin with it; those of batches are hexadecimal digits."""

PUBLISHER = ("region_code", "entity_key", "kind")
IDENTITY = ("report_id", "fiscal_year", *PUBLISHER, "url", "facts", "code_revision")


@dataclass(frozen=True, slots=True)
class Field:
    """The reports that can be held against each other.

    reports: curated.reports of the run that count, of all years. others: what the release at `release` has besides,
    with the columns IDENTITY. pairs: which of the reports has which one of the year before. families: which are
    departments with units that publish too.
    """

    reports: pl.DataFrame
    others: pl.DataFrame
    release: Path | None
    pairs: pl.DataFrame
    families: pl.DataFrame

    @property
    def told(self) -> str:
        """What the comparison depends on beside the results of the batches, as text for a key."""
        asked = pl.concat([self.pairs["prior"], self.families["unit"]]).implode()
        witnesses = self.others.filter(pl.col("report_id").is_in(asked)).select("report_id", "code_revision")
        return "".join(frame.write_csv() for frame in (self.pairs, self.families, witnesses))


def field(collected: Collected) -> Field:
    """The field of a run. Reports of years that the run leaves aside are witnesses all the same."""
    everything = replace(collected, year=None)
    gone = superseded(everything.reports, everything.documents)
    reports = everything.reports.join(gone, on="report_id", how="anti")
    release = current(collected.folder.marts)
    others = _others(release, everything.reports) if release else reports.clear().select(IDENTITY)
    known = pl.concat([reports.select(IDENTITY), others])
    pairs, groups = (
        rows.join(reports, on="report_id", how="semi", maintain_order="left")
        for rows in (consecutive(known), families(known, collected.roster))
    )
    return Field(reports, others, release, pairs, groups)


def compare(collected: Collected, field: Field, key: str) -> list[str]:
    """Writes the checks (curated.checks) of the field into files named by `key`, and gives them.

    What the step wrote for other runs is removed: it is made again where it is asked for.
    """
    parts = [
        rule(field.reports, rows, _facts(collected, field, rows, other).collect(engine="streaming"))
        for rule, every, other in ((years, field.pairs, "prior"), (units, field.families, "unit"))
        for rows in _slices(field, every, other)
    ]
    checks = validate(pl.concat([CHECKS.frame(), *parts]), CHECKS)
    _remove(collected.folder)
    return write_partitions(collected.folder, checks, CHECKS, f"{FILE}{key}")


def _others(release: Path, reports: pl.DataFrame) -> pl.DataFrame:
    """What a release has of publications that the run has not."""
    published = pl.read_parquet(release / "reports.parquet", columns=list(IDENTITY)).select(IDENTITY)
    published = published.cast({"facts": reports.schema["facts"]})
    met = reports.select(slot()).unique()
    return published.with_columns(slot()).join(met, on="slot", how="anti", maintain_order="left").drop("slot")


def _slices(field: Field, rows: pl.DataFrame, other: str) -> Iterator[pl.DataFrame]:
    """The rows, those of one report together and publishers of a region side by side, about SLICE facts at a time."""
    reports = pl.concat([field.reports.select(IDENTITY), field.others])
    size = reports.select("report_id", "facts")
    placed = (
        rows.join(reports.select("report_id", "facts", *PUBLISHER, year="fiscal_year"), on="report_id")
        .join(size, left_on=other, right_on="report_id", suffix="_other")
        .sort(*PUBLISHER, "year", other)
    )
    placed = placed.with_columns(sum=(pl.col("facts") + pl.col("facts_other")).cum_sum())
    number = pl.col("sum").last().over("report_id") // SLICE
    for part in placed.with_columns(slice=number).partition_by("slice", maintain_order=True):
        yield part.select(rows.columns)


def _facts(collected: Collected, field: Field, rows: pl.DataFrame, other: str) -> pl.LazyFrame:
    """The facts of the reports that some rows name."""
    ids = pl.concat([rows["report_id"], rows[other]]).unique().implode()
    everything = replace(collected, year=None)
    parts = [everything.facts_of(field.reports.filter(pl.col("report_id").is_in(ids)))]
    others = field.others.filter(pl.col("report_id").is_in(ids))
    if field.release and others.height:
        span = pl.col("fiscal_year").is_between(others["fiscal_year"].min(), others["fiscal_year"].max())
        own = pl.col("report_id").is_in(others["report_id"].implode())
        parts.append(pl.scan_parquet(field.release / "facts.parquet").filter(span, own))
    return pl.concat(compared_facts(part) for part in parts)


def _remove(folder: Folder) -> None:
    for stale in (folder.root / "curated" / CHECKS.name).glob(f"*/*/{FILE}*.parquet"):
        stale.unlink()
