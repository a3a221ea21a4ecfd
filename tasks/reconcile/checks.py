"""The step as a whole: reports, facts, mentions and claims in, checks out."""

from __future__ import annotations

from hashlib import sha256

import polars as pl

from schemas.curated import CHECKS, CLAIMS
from tasks.reconcile.cells import cells
from tasks.reconcile.claims import claims as words
from tasks.reconcile.columns import columns
from tasks.reconcile.diagnose import diagnose, with_hints
from tasks.reconcile.figures import figures as comparable
from tasks.reconcile.identity import identity
from tasks.reconcile.names import names
from tasks.reconcile.pairs import pairs
from tasks.reconcile.projects import projects
from tasks.reconcile.rates import rates
from tasks.reconcile.repeats import repeats
from tasks.reconcile.sums import choose, sides, unclassified
from tasks.reconcile.verdicts import best_reading, excuse, judge, some_items
from tasks.reconcile.wholes import wholes
from tasks.reconcile.wording import describe_repeats, describe_sums

FINDING_DIGITS = 12


def reconcile(
    reports: pl.DataFrame, facts: pl.DataFrame, mentions: pl.DataFrame, claims: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The checks (table curated.checks) of all reports of a batch, ordered by report, equation and instance.

    Takes frames of the tables curated.reports, curated.facts, curated.mentions and curated.claims. Every equation of the
    network gives at least one row per report, `not_evaluated` where a figure it needs is absent (one row for all of its
    instances where it is about tables that the report does not have); T01 gives one row for each figure that is stated
    at least twice. I01, B12 and T03 only give rows that are violated; rules of words give rows where their words stand
    (none without `claims`). Raises ValueError for a section that network_sections.csv does not list.
    """
    # Every step goes by report: the numbers of an enumeration are compared faster than texts.
    ids = pl.Enum(reports["report_id"].sort())
    said = CLAIMS.frame() if claims is None else claims
    reports, facts, mentions, said = (
        table.with_columns(pl.col("report_id").cast(ids)) for table in (reports, facts, mentions, said)
    )
    known = comparable(facts)
    chosen = choose(known)
    cases = judge(pl.concat([sides(reports, chosen), wholes(reports, known)], how="diagonal_relaxed"))
    sums = excuse(best_reading(cases), mentions, unclassified(chosen)).pipe(some_items)
    again = repeats(known)
    derived = rates(reports, known)
    hints = diagnose(sums, again, derived, known, chosen)
    sums = with_hints(sums, hints).with_columns(
        instance=pl.concat_str(pl.col("instance", "group").replace("", None), separator="/", ignore_nulls=True),
    )
    checks = pl.concat(
        [
            describe_sums(sums).pipe(columns),
            describe_repeats(with_hints(again, hints)).pipe(columns),
            identity(reports).pipe(columns),
            names(facts).pipe(columns),
            pairs(reports, known).pipe(columns),
            projects(reports, known).pipe(columns),
            cells(facts, mentions).pipe(columns),
            derived.pipe(columns),
        ]
    )
    checks = pl.concat([checks, words(reports, facts, known, said).select(checks.columns)], rechunk=True)
    checks = identified(checks, reports).sort("report_id", "equation", "instance")
    return checks.with_columns(pl.col("report_id").cast(pl.String)).select(CHECKS.schema.names())


def identified(checks: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Adds finding, fiscal_year and region_code.

    A finding is the same across runs and formats while publisher, year, equation, instance and figures are the same.
    """
    publisher = pl.concat_str(_text("region_code", "entity_key", "kind", "fiscal_year"), separator="|")
    table = checks.join(
        reports.select("report_id", "region_code", "fiscal_year", publisher=publisher),
        on="report_id",
        maintain_order="left",
    )
    identity = pl.concat_str(_text("publisher", "equation", "instance", "lhs", "rhs"), separator="|")
    digests = [sha256(text).digest() for text in table.select(identity.cast(pl.Binary)).to_series()]
    finding = pl.Series(digests, dtype=pl.Binary).bin.encode("hex").str.head(FINDING_DIGITS)
    return table.drop("publisher").with_columns(finding=finding)


def _text(*names: str) -> pl.Expr:
    return pl.col(names).cast(pl.String).fill_null("")
