"""The task that makes the site of the current release, with what the data folder still has of its reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
from prefect import task
from prefect.utilities.annotations import quote

from expectations import acknowledgements
from flows.collected import Collected
from flows.report import worst_first
from flows.revision import digest, revision
from flows.work import Work, by_key
from schemas.curated import CHECKS, CLAIMS, FACTS, MENTIONS, OUTCOMES, REPORTS
from schemas.raw import BLOCKS
from schemas.table import Table
from tasks.publish.pages import ReportRows
from tasks.publish.releases import current
from tasks.publish.site import Built, SiteError, build

PORTION = 100
"""So many reports have their rows in memory at a time."""


def site_of_release(
    work: Work, published: str, collected: Collected, reviewed: pl.DataFrame, day: date, *, anew: bool
) -> tuple[Built | None, list[str]]:
    """The site of the current release, made where it does not stand yet, None where nothing is published; and why it was not made.

    `published`: the key of the publication; `reviewed`: the table audit.acknowledgements; anew: make it even where it stands.
    What is published stays published, whatever becomes of its site.
    """
    release = current(collected.folder.marts)
    if release is None:
        return None, []
    key = digest([published, release.name, revision("site")])
    told = {"collected": quote(collected), "reviewed": quote(reviewed), "day": day, "release": release}
    try:
        return Built(**work.once(site, key, again=anew, **told)["site"]), []
    except SiteError as error:
        return None, [str(error)]
    except Exception as error:
        return None, [f"the site could not be made: {type(error).__name__}: {error}"]


@task(cache_key_fn=by_key, persist_result=True, result_serializer="json")
def site(key: str, collected: Collected, reviewed: pl.DataFrame, day: date, release: Path) -> dict[str, Any]:
    """Makes the pages of the current release, and puts them in the place of the former ones."""
    folder = collected.folder
    built = build(release, folder.site, Kept.of(collected, reviewed, day), revision("site"))
    places = (folder.site, folder.root / folder.site.readlink())
    files = [folder.relative(place / "index.html") for place in places]
    return {"files": files, "settled": True, "site": asdict(built)}


@dataclass(frozen=True, slots=True)
class Kept:
    """What the data folder has of reports, of this run and of earlier ones: a release has reports of both.

    reports: curated.reports with `batch` and `notes` on what could not be read, in the order of the files that their rows are in.
    """

    collected: Collected
    reports: pl.DataFrame
    reviewed: pl.DataFrame
    today: date

    @classmethod
    def of(cls, collected: Collected, reviewed: pl.DataFrame, today: date) -> Kept:
        """What the folder of a run has."""
        folder = collected.folder
        files = sorted(map(folder.relative, (folder.root / "curated").rglob("*.parquet")))
        everything = replace(collected, files=files)
        return cls(everything, _reports(everything), reviewed, today)

    def told(self) -> dict[str, str]:
        """By report_id, a digest of its row, its notes and its checks: all else of it follows from these and its document."""
        told = {}
        for part in self._portions(self.reports, 10 * PORTION):
            checks = _Parts(self._checks(part), CHECKS)
            for own in part.iter_slices(1):
                report_id = own["report_id"].item()
                hashes = checks[report_id].hash_rows(seed=1).to_numpy().tobytes()
                told[report_id] = sha256(own.drop("batch").write_ndjson().encode() + hashes).hexdigest()
        return told

    def rows(self, reports: Sequence[str]) -> Iterator[ReportRows]:
        """The rows of these reports, in an order of its own."""
        own = self.collected
        for part in self._portions(self.reports.filter(pl.col("report_id").is_in(list(reports))), PORTION):
            blocks = pl.scan_parquet(own.folder.blocks(part["batch"][0]))
            texts = blocks.filter(pl.col("document").is_in(part["document"].implode())).sort("document", "block")
            facts = own.facts_of(part).sort("report_id", "fact")
            mentions = own.mentions_of(part).sort("report_id", "mention")
            by_document = _Parts(texts, BLOCKS)
            of = {
                table.name: _Parts(rows, table)
                for table, rows in ((FACTS, facts), (MENTIONS, mentions), (CLAIMS, own.claims_of(part)))
            }
            checks = _Parts(self._checks(part), CHECKS)
            for report in part.iter_slices(1):
                key = report["report_id"].item()
                yield ReportRows(
                    report=report.select(REPORTS.schema.names()),
                    blocks=by_document[report["document"].item()],
                    facts=of["facts"][key],
                    mentions=of["mentions"][key],
                    checks=checks[key],
                    notes=report["notes"].item().to_list(),
                    claims=of["claims"][key],
                )

    def _checks(self, part: pl.DataFrame) -> pl.LazyFrame:
        rows = acknowledgements.apply(self.collected.checks_of(part), self.reviewed, self.today)
        return worst_first(rows.collect(engine="streaming")).lazy()

    @staticmethod
    def _portions(reports: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
        """Parts of at most so many reports, each of one batch."""
        for batch in reports.partition_by("batch", maintain_order=True):
            yield from batch.iter_slices(size)


class _Parts:
    """Rows of a table by the first column of its key, in the order that they have."""

    def __init__(self, rows: pl.LazyFrame, table: Table) -> None:
        """Reads the rows."""
        parts = rows.collect(engine="streaming").partition_by(table.key[0], as_dict=True, maintain_order=True)
        self._parts = {key: part for (key,), part in parts.items()}
        self._nothing = table.frame()

    def __getitem__(self, key: str) -> pl.DataFrame:
        return self._parts.get(key, self._nothing)


def _reports(collected: Collected) -> pl.DataFrame:
    """curated.reports of all that the folder has the blocks of, with `batch` and `notes`."""
    folder = collected.folder
    own = [folder.root / file for file in collected.files if f"curated/{REPORTS.name}/" in file]
    files = [str(file) for file in own if folder.blocks(file.stem).is_file()]
    if not files:
        return REPORTS.frame().with_columns(batch=pl.lit(""), notes=pl.lit([], pl.List(pl.String)))
    reports = pl.scan_parquet(
        files, hive_partitioning=False, schema=REPORTS.schema, missing_columns="insert", extra_columns="ignore",
        include_file_paths="batch",
    ).collect()  # fmt: skip
    read = folder.scan(OUTCOMES, [file for file in collected.files if "/stage=read/" in file])
    told = read.filter(pl.col("outcome") == "done", pl.col("message") != "").collect()
    notes = told.group_by("document", maintain_order=True).agg(notes=pl.col("message").unique(maintain_order=True))
    return (
        reports.with_columns(pl.col("batch").str.extract(r"([^/]+)\.parquet$"))
        .unique("report_id", keep="first", maintain_order=True)
        .join(notes, on="document", how="left", maintain_order="left")
        .with_columns(pl.col("notes").fill_null([]))
        .sort("batch", "fiscal_year", "region_code", "report_id")
    )
