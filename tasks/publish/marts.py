"""From the curated frames of one run to the frames of the marts. Pure functions: nothing is read or written."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from schemas.curated import FACTS, OUTCOMES
from tasks.publish.coverage import coverage, settle
from tasks.publish.findings import findings
from tasks.publish.identity import slot, statuses, superseded
from tasks.publish.projects import project_performance
from tasks.publish.reports import reports
from tasks.publish.spending import spending_by_function
from tasks.publish.three_public import three_public
from tasks.publish.year_over_year import with_prior, year_over_year


@dataclass(frozen=True, slots=True)
class Run:
    """What one run hands over for publication.

    expected: one row per source location of the catalogue (source, url, fiscal_year, region_code,
    entity, kind; the last four null where unknown). documents: raw.documents, later ones counting more.
    reports, facts, checks, outcomes: curated; facts and checks are read lazily, for they are the large
    ones. held: the report_id of each report that the audit holds. acknowledgements: finding, by, reason,
    until.
    """

    expected: pl.DataFrame
    documents: pl.DataFrame
    reports: pl.DataFrame
    facts: pl.LazyFrame
    checks: pl.LazyFrame
    outcomes: pl.DataFrame
    held: frozenset[str]
    acknowledgements: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Marts:
    """The marts: every table but facts as a frame, facts lazily.

    touched: report_id and slot of every report of the run, published or not; outcomes: what publication
    did with them (curated.outcomes).
    """

    tables: dict[str, pl.DataFrame]
    facts: pl.LazyFrame
    touched: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"report_id": pl.String, "slot": pl.String})
    )
    outcomes: pl.DataFrame = field(default_factory=OUTCOMES.frame)


def build(run: Run) -> Marts:
    """The marts of one run's reports: `findings` and `coverage` with the held ones, all else without them."""
    replaced = superseded(run.reports, run.documents)
    current = run.reports.join(replaced, on="report_id", how="anti")
    status = statuses(current, run.checks, run.held)
    published = current.join(status.filter(pl.col("status") != "held"), on="report_id", how="semi")
    facts = _of(run.facts, published).select(FACTS.schema.names())
    checks = _of(run.checks, current)
    head = reports(published, facts, checks, status)
    replaced = replaced.join(run.reports.select("report_id", "source", "url", "document"), on="report_id")
    tables = {
        "reports": head,
        "spending_by_function": spending_by_function(head, facts),
        "three_public": three_public(head, facts),
        "project_performance": project_performance(head, facts),
        "year_over_year": with_prior(year_over_year(head, facts)),
        "findings": findings(current, status, run.facts, checks, run.acknowledgements),
        "coverage": coverage(run.expected, current, status, run.outcomes, checks, replaced),
    }
    return Marts(tables, facts, run.reports.select("report_id", slot()), _outcomes(published, replaced, run.reports))


def accumulate(run: Marts, previous: Marts) -> Marts:
    """The marts of this run together with those of the previous release that the run did not touch.

    A publication that the run has read again is taken from the run alone, also where it is held now.
    """
    touched = run.touched

    def untouched(table: pl.DataFrame) -> pl.DataFrame:
        return (
            table.with_columns(slot())
            .join(touched, on="slot", how="anti")
            .join(touched, on="report_id", how="anti")
            .drop("slot")
        )

    kept = untouched(previous.tables["reports"])
    tables = {}
    for name, table in run.tables.items():
        before = previous.tables[name]
        if name == "coverage":
            tables[name] = _renewed(before, table, kept, touched)
        elif name == "findings":
            tables[name] = pl.concat([untouched(before), table])
        else:
            tables[name] = pl.concat([before.join(kept, on="report_id", how="semi"), table])
    tables["year_over_year"] = with_prior(tables["year_over_year"])
    facts = pl.concat([_of(previous.facts, kept), run.facts])
    return Marts(tables, facts, touched, run.outcomes)


def _renewed(before: pl.DataFrame, now: pl.DataFrame, kept: pl.DataFrame, touched: pl.DataFrame) -> pl.DataFrame:
    """Coverage of both releases: what was published stays so while its report is kept."""
    published = pl.col("status") == "published"
    stays = before.filter(published).join(kept, on="report_id", how="semi")
    others = before.filter(~published).join(now, on="url", how="anti").join(touched, on="report_id", how="anti")
    return settle(pl.concat([stays, others, now]))


def _of(frame: pl.LazyFrame, reports: pl.DataFrame) -> pl.LazyFrame:
    return frame.join(reports.select("report_id").lazy(), on="report_id", how="semi")


def _outcomes(published: pl.DataFrame, replaced: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """curated.outcomes of the stage `publish`: published reports, and superseded ones with what replaces them."""
    done = published.with_columns(outcome=pl.lit("done"), message=pl.lit(""))
    winner = reports.select(by="report_id", by_url="url")
    gone = replaced.join(winner, on="by").with_columns(
        outcome=pl.lit("superseded"),
        message=pl.format("A later document is the same report: {}.", "by_url"),
    )
    columns = OUTCOMES.schema.names()
    return pl.concat(part.with_columns(stage=pl.lit("publish")).select(columns) for part in (done, gone)).sort("url")
