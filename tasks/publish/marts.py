"""From the curated tables of one run to the marts, a slice of its reports at a time. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from schemas.curated import FACTS, OUTCOMES
from tasks.publish.coverage import coverage
from tasks.publish.findings import findings
from tasks.publish.identity import slot, statuses, superseded
from tasks.publish.projects import project_performance
from tasks.publish.reports import reports
from tasks.publish.spending import spending_by_function
from tasks.publish.statements import in_order
from tasks.publish.three_public import three_public
from tasks.publish.year_over_year import year_over_year

Rows = Callable[[pl.DataFrame], pl.LazyFrame]
"""The rows of a large table that belong to some reports: report_id, fiscal_year and region_code say which."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run hands over for publication.

    expected: one row per source location of the catalogue (source, url, fiscal_year, region_code,
    entity, entity_key, kind; the last five null where unknown). roster: one row per organisation that is to publish,
    fiscal year and kind (fiscal_year, region_code, entity, kind, keys, due, late). documents: raw.documents, later ones
    counting more. reports, facts, claims, checks, outcomes: curated; facts, claims and checks are asked for by report,
    for they are the large ones. held: the report_id of each report that the audit holds. acknowledgements: finding, by,
    reason, date, until.
    """

    expected: pl.DataFrame
    roster: pl.DataFrame
    documents: pl.DataFrame
    reports: pl.DataFrame
    facts: Rows
    claims: Rows
    checks: Rows
    outcomes: pl.DataFrame
    held: frozenset[str]
    acknowledgements: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Marts:
    """The marts of one run: what is small at once, the rest a slice at a time.

    reports: curated.reports that count, with their `status`. coverage: the mart. discrepancies: the mart
    `findings` without what could not be evaluated. touched: report_id and slot of every report of the run,
    published or not. outcomes: what publication did with them (curated.outcomes).
    """

    run: Run
    reports: pl.DataFrame
    coverage: pl.DataFrame
    discrepancies: pl.DataFrame
    touched: pl.DataFrame
    outcomes: pl.DataFrame

    def slice(self, part: pl.DataFrame) -> dict[str, pl.DataFrame]:
        """All tables but coverage of some of the reports: `findings` with the held ones, all else without them.

        Rows of year_over_year do not know yet what the year before stated in its own report.
        """
        status = part.select("report_id", "status")
        published = part.filter(pl.col("status") != "held").drop("status")
        read = self.run.facts(part).select(FACTS.schema.names()).collect(engine="streaming")
        checks = self.run.checks(part).collect(engine="streaming").lazy()
        facts = read.join(published, on="report_id", how="semi")
        stated = in_order(facts).lazy()
        head = reports(published, stated, checks, status)
        return {
            "reports": head,
            "facts": facts,
            "spending_by_function": spending_by_function(head, stated),
            "three_public": three_public(head, stated),
            "project_performance": project_performance(head, stated),
            "year_over_year": year_over_year(head, stated),
            "findings": findings(
                part.drop("status"), status, read.lazy(), self.run.claims(part), checks, self.run.acknowledgements
            ),
        }


def build(run: Run) -> Marts:
    """The marts of one run's reports."""
    replaced = superseded(run.reports, run.documents)
    current = run.reports.join(replaced, on="report_id", how="anti")
    discrepancies = run.checks(current).filter(pl.col("verdict").is_in(["violated", "acknowledged"]))
    told = discrepancies.collect(engine="streaming").lazy()
    status = statuses(current, told, run.held)
    published = current.join(status.filter(pl.col("status") != "held"), on="report_id", how="semi")
    deviating = current.lazy().join(told, on="report_id", how="semi").collect()
    replaced = replaced.join(run.reports.select("report_id", "source", "url", "document"), on="report_id")
    return Marts(
        run,
        current.join(status, on="report_id", validate="1:1"),
        coverage(run.expected, current, status, run.outcomes, told, replaced, run.roster),
        findings(current, status, run.facts(deviating), run.claims(deviating), told, run.acknowledgements),
        run.reports.select("report_id", slot()),
        _outcomes(published, replaced, run.reports),
    )


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
