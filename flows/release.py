"""Audit and publication of what a run collected: who is held, and what the marts hold then."""

from __future__ import annotations

import shutil
from datetime import date

import polars as pl

from expectations import (
    acknowledgements,
    runner,
    suite_acknowledged,
    suite_coverage,
    suite_curated,
    suite_marts,
    suite_rates,
    suite_raw,
    suite_releases,
    suite_totals,
)
from expectations.runner import Audit
from expectations.standing import standing
from expectations.tables import FAILURES, RATES, RESULTS, STANDING
from flows.collected import Collected
from flows.folder import Folder
from flows.revision import ROOMS, revision
from flows.roster import outside
from flows.summary import Summary, summarise
from schemas.curated import OUTCOMES
from schemas.validate import write
from tasks.publish import marts, package, release
from tasks.publish.releases import current

OF_RUN = (suite_totals, suite_coverage, suite_curated, suite_raw, suite_rates, suite_acknowledged)
"""Suites over what the run has collected and worked out. They decide who is held."""

OF_RELEASE = (suite_marts, suite_releases)
"""Suites over the staged release. They decide whether to switch to it."""


def audit(collected: Collected, acknowledged: pl.DataFrame, key: str, today: date) -> list[str]:
    """Runs the suites over the raw and curated tables; writes the tables of the audit and outcomes, and gives the files.

    `acknowledged`: the table audit.acknowledgements; `key`: what the files are named by.
    """
    folder = collected.folder
    curated = _curated(collected, acknowledged, today)
    rates = suite_rates.rates(curated["curated.checks"].lazy(), collected.reports.lazy())
    stands = standing(acknowledged, curated["curated.checks"].lazy(), collected.reports, today)
    raw: dict[str, pl.DataFrame | pl.LazyFrame] = {
        "raw.fetches": collected.fetches_in_scope,
        "raw.objects": collected.objects,
        "raw.documents": collected.read_documents,
        "raw.blocks": collected.blocks,
    }
    audited = runner.audit(curated | raw | {"audit.rates": rates, "audit.standing": stands}, OF_RUN)
    written = [
        write(audited.results, RESULTS, folder.audit("results", key)),
        write(audited.failures, FAILURES, folder.audit("failures", key)),
        write(rates, RATES, folder.audit("rates", key)),
        write(stands, STANDING, folder.audit("standing", key)),
        write(
            pl.concat([_outcomes(collected, audited), collected.aside_outcomes]),
            OUTCOMES,
            folder.outcomes("audit", key),
        ),
        write(collected.fetch_outcomes, OUTCOMES, folder.outcomes("fetch", key)),
    ]
    return [folder.relative(path) for path in written]


def publish(collected: Collected, acknowledged: pl.DataFrame, key: str, today: date) -> Summary:
    """Builds the marts of what passed, audits them staged, and switches to them; renders Data Docs.

    `key`: of the audit, whose files it takes up. Nothing is switched to when the audit says that
    nothing may be published; the last release stays.
    """
    folder = collected.folder
    earlier = Audit(*(pl.read_parquet(folder.audit(name, key)) for name in ("results", "failures")))
    curated = _curated(collected, acknowledged, today)
    run = marts.Run(
        expected=collected.expected,
        roster=outside(collected.roster, collected.reports, folder),
        documents=collected.documents,
        reports=collected.reports,
        facts=collected.facts_of,
        claims=collected.claims_of,
        checks=lambda reports: acknowledgements.apply(collected.checks_of(reports), acknowledged, today),
        outcomes=pl.concat([collected.outcomes, pl.read_parquet(folder.outcomes("audit", key))]),
        held=frozenset(earlier.held),
        acknowledgements=acknowledged.select("finding", "by", "reason", "date", "until"),
    )
    built = marts.build(run)
    write(built.outcomes, OUTCOMES, folder.outcomes("publish", key))
    staged = None if earlier.blocked else release.stage(folder.marts, built, today, revision(*ROOMS))
    cited = collected.reports.join(built.discrepancies, on="report_id", how="semi")
    audited = runner.audit(
        # Data Docs cite only the reports that have something to show.
        curated
        | {
            "curated.facts": collected.facts_of(cited),
            "curated.claims": collected.claims_of(cited),
            "audit.rates": pl.scan_parquet(folder.audit("rates", key)),
        }
        | (_marts(folder, staged) if staged else {}),
        OF_RELEASE if staged else (),
        earlier=earlier,
        docs=folder.docs,
    )
    name = None
    if staged and audited.blocked and not staged.unchanged:
        shutil.rmtree(staged.path)
    elif staged:
        name = release.switch(staged).name
    return summarise(
        built, audited, name, unchanged=bool(staged and staged.unchanged), aside=collected.aside_outcomes.height
    )


def _curated(collected: Collected, acknowledged: pl.DataFrame, today: date) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    """The tables that the audit reads, with what people acknowledged."""
    return {
        "curated.reports": collected.reports,
        "curated.facts": collected.facts,
        "curated.mentions": collected.mentions,
        "curated.checks": acknowledgements.apply(collected.checks, acknowledged, today),
        "curated.outcomes": collected.outcomes,
        "audit.acknowledgements": acknowledged,
    }


def _marts(folder: Folder, staged: release.Staged) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    """The staged marts, and those of the current release, as the audit names them."""
    tables: dict[str, pl.DataFrame | pl.LazyFrame] = {f"marts.{name}": frame for name, frame in staged.frames.items()}
    before = current(folder.marts)
    if before:
        tables |= {f"previous.{name}": pl.scan_parquet(before / f"{name}.parquet") for name in staged.frames}
    places = {"staged": staged.path} | ({"previous": before} if before else {})
    rows = [
        {"role": role, "release": staged.name if role == "staged" else path.name} | row
        for role, path in places.items()
        for row in package.files(path)
    ]
    return tables | {"release.files": pl.DataFrame(rows, infer_schema_length=None)}


def _outcomes(collected: Collected, audited: Audit) -> pl.DataFrame:
    """curated.outcomes of the stage `audit`, one per report: done, or held and why."""
    why = (
        audited.failures.filter(pl.col("severity") == "critical")
        .drop_nulls("report_id")
        .sort("report_id", "expectation", "message")
        .group_by("report_id", maintain_order=True)
        .agg(message=pl.col("message").str.join(" "))
    )
    held = pl.col("message").is_not_null()
    return (
        collected.reports.select("source", "url", "document", "report_id")
        .join(why, on="report_id", how="left")
        .with_columns(
            stage=pl.lit("audit"),
            outcome=pl.when(held).then(pl.lit("held")).otherwise(pl.lit("done")),
            message=pl.col("message").fill_null(""),
        )
        .select(OUTCOMES.schema.names())
        .sort("url")
    )
