"""Audit and publication of what a run collected: who is held, and what the marts hold then."""

from __future__ import annotations

import shutil
from datetime import date

import polars as pl

from expectations import acknowledgements, runner, suite_coverage, suite_marts, suite_totals
from expectations.runner import Audit
from expectations.tables import FAILURES, RESULTS
from flows.collected import Collected
from flows.folder import Folder
from flows.revision import ROOMS, revision
from flows.roster import outside
from flows.summary import Summary, summarise
from schemas.curated import OUTCOMES
from schemas.validate import write
from tasks.publish import marts, release


def audit(collected: Collected, acknowledged: pl.DataFrame, key: str, today: date) -> list[str]:
    """Runs the suites over the curated tables; writes audit.results, audit.failures and outcomes, and gives the files.

    `acknowledged`: the table audit.acknowledgements; `key`: what the files are named by.
    """
    folder = collected.folder
    audited = runner.audit(
        _curated(collected, acknowledged, today) | {"raw.fetches": collected.fetches_in_scope},
        (suite_totals, suite_coverage),
    )
    written = [
        write(audited.results, RESULTS, folder.audit("results", key)),
        write(audited.failures, FAILURES, folder.audit("failures", key)),
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
        checks=lambda reports: acknowledgements.apply(collected.checks_of(reports), acknowledged, today),
        outcomes=pl.concat([collected.outcomes, pl.read_parquet(folder.outcomes("audit", key))]),
        held=frozenset(earlier.held),
        acknowledgements=acknowledged.select("finding", "by", "reason", "until"),
    )
    built = marts.build(run)
    write(built.outcomes, OUTCOMES, folder.outcomes("publish", key))
    staged = None if earlier.blocked else release.stage(folder.marts, built, today, revision(*ROOMS))
    audited = runner.audit(
        curated | {"curated.facts": _cited(collected, built)} | (_marts(folder, staged) if staged else {}),
        (suite_marts,) if staged else (),
        earlier=earlier,
        docs=folder.docs,
    )
    name = None
    if staged and audited.blocked and not staged.unchanged:
        shutil.rmtree(staged.path)
    elif staged:
        name = release.switch(staged).name
    return summarise(
        built, audited.blocked, name, unchanged=bool(staged and staged.unchanged), aside=collected.aside_outcomes.height
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


def _cited(collected: Collected, built: marts.Marts) -> pl.LazyFrame:
    """The facts of the reports that have something to show in Data Docs."""
    return collected.facts_of(collected.reports.join(built.discrepancies, on="report_id", how="semi"))


def _marts(folder: Folder, staged: release.Staged) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    """The staged marts, and those of the current release, as the audit names them."""
    tables: dict[str, pl.DataFrame | pl.LazyFrame] = {f"marts.{name}": frame for name, frame in staged.frames.items()}
    before = release.current(folder.marts)
    if before:
        tables |= {f"previous.{name}": pl.scan_parquet(before / f"{name}.parquet") for name in staged.frames}
    return tables


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
