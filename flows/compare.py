"""Reports held against each other, when all batches are through: checks that no batch can make by itself.

What a report says of the year before is compared with that year's own report: the one of this run, else the one of
the current release. Of several documents of one publication the one that counts speaks, held or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from flows.collected import Collected
from flows.curated import write_partitions
from flows.folder import Folder
from schemas.curated import CHECKS, FACTS
from schemas.validate import validate
from tasks.publish.identity import slot, superseded
from tasks.publish.release import current
from tasks.reconcile.across import compared_facts, consecutive, years

SLICE = 100_000
"""About so many facts are held in memory at a time."""

FILE = "compare-"
"""The files of this step begin with it; those of batches are hexadecimal digits."""

IDENTITY = ("report_id", "fiscal_year", "region_code", "entity_key", "kind", "url", "facts", "code_revision")


@dataclass(frozen=True, slots=True)
class Field:
    """The reports that can be held against each other.

    reports: curated.reports of the run that count, of all years. others: what the release at `release` has besides,
    with the columns IDENTITY. pairs: which of the reports has which one of the year before.
    """

    reports: pl.DataFrame
    others: pl.DataFrame
    release: Path | None
    pairs: pl.DataFrame

    @property
    def told(self) -> str:
        """What the comparison depends on beside the results of the batches, as text for a key."""
        witnesses = self.others.join(self.pairs, left_on="report_id", right_on="prior", how="semi")
        return self.pairs.write_csv() + witnesses.select("report_id", "code_revision").write_csv()


def field(collected: Collected) -> Field:
    """The field of a run. Reports of years that the run leaves aside are witnesses all the same."""
    everything = replace(collected, year=None)
    gone = superseded(everything.reports, everything.documents)
    reports = everything.reports.join(gone, on="report_id", how="anti")
    release = current(collected.folder.marts)
    others = _others(release, everything.reports) if release else reports.clear().select(IDENTITY)
    pairs = consecutive(pl.concat([reports.select(IDENTITY), others]))
    own = pairs.join(reports, on="report_id", how="semi", maintain_order="left")
    return Field(reports, others, release, own)


def compare(collected: Collected, field: Field, key: str) -> list[str]:
    """Writes the checks (curated.checks) of the field into files named by `key`, and gives them.

    What the step wrote for other runs is removed: it is made again where it is asked for.
    """
    parts = [_compared(collected, field, pairs) for pairs in _slices(field)]
    checks = validate(pl.concat([CHECKS.frame(), *parts]), CHECKS)
    _remove(collected.folder)
    return write_partitions(collected.folder, checks, CHECKS, f"{FILE}{key}")


def _others(release: Path, reports: pl.DataFrame) -> pl.DataFrame:
    """What a release has of publications that the run has not."""
    published = pl.read_parquet(release / "reports.parquet", columns=list(IDENTITY)).select(IDENTITY)
    published = published.cast({"facts": reports.schema["facts"]})
    met = reports.select(slot()).unique()
    return published.with_columns(slot()).join(met, on="slot", how="anti", maintain_order="left").drop("slot")


def _slices(field: Field) -> Iterator[pl.DataFrame]:
    """The pairs, a publisher's together and publishers of a region side by side, about SLICE facts at a time."""
    reports = pl.concat([field.reports.select(IDENTITY), field.others])
    size = reports.select("report_id", "facts")
    placed = (
        field.pairs.join(reports.select("report_id", "region_code", "entity_key", "kind"), on="report_id")
        .join(size, on="report_id")
        .join(size, left_on="prior", right_on="report_id", suffix="_prior")
        .sort("region_code", "entity_key", "kind", "fiscal_year")
    )
    number = (pl.col("facts") + pl.col("facts_prior")).cum_sum() // SLICE
    for part in placed.with_columns(slice=number).partition_by("slice", maintain_order=True):
        yield part.select(field.pairs.columns)


def _compared(collected: Collected, field: Field, pairs: pl.DataFrame) -> pl.DataFrame:
    """The checks of some pairs."""
    ids = pl.concat([pairs["report_id"], pairs["prior"]]).unique().implode()
    everything = replace(collected, year=None)
    parts = [everything.facts_of(field.reports.filter(pl.col("report_id").is_in(ids)))]
    others = field.others.filter(pl.col("report_id").is_in(ids))
    if field.release and others.height:
        span = pl.col("fiscal_year").is_between(others["fiscal_year"].min(), others["fiscal_year"].max())
        released = pl.scan_parquet(field.release / "facts.parquet").filter(
            span, pl.col("report_id").is_in(others["report_id"].implode())
        )
        parts.append(released)
    known = pl.concat(compared_facts(part.select(FACTS.schema.names())) for part in parts)
    return years(field.reports, pairs, known.collect(engine="streaming"))


def _remove(folder: Folder) -> None:
    for stale in (folder.root / "curated" / CHECKS.name).glob(f"*/*/{FILE}*.parquet"):
        stale.unlink()
