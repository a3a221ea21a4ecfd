"""Which report is a witness of which."""

from __future__ import annotations

import polars as pl

from schemas.taxonomy import load
from tasks.reconcile.figures import homes, main_section

OFFICIAL = 2
"""Rank of the public tables: sections of a higher one (performance report, project tables) have a scope of their own,
but for what is stated nowhere else."""

COLUMNS = (
    "report_id", "fact", "concept", "member_code", "member_name", "parent_code", "period", "unit_kind", "decimals",
    "amount_cny", "number", "state", "budget_basis", "section", "block",
)  # fmt: skip
"""Of curated.facts what `tasks.reconcile.figures` takes."""

PUBLISHER = ("region_code", "entity_key", "kind")
UNKNOWN_REGION = "000000"


def consecutive(reports: pl.DataFrame) -> pl.DataFrame:
    """Reports with the report of the year before by the same publisher: report_id, fiscal_year, prior, prior_url.

    Takes report_id, fiscal_year, url and publisher of the reports that count, one for each publication. Namesakes without a
    region, and publishers without a name, are nobody's witness.
    """
    known = identified_reports(reports)
    before = known.select(*PUBLISHER, pl.col("fiscal_year") + 1, prior="report_id", prior_url="url")
    return known.join(before, on=[*PUBLISHER, "fiscal_year"], validate="1:1", maintain_order="left").select(
        "report_id", "fiscal_year", "prior", "prior_url"
    )


def identified_reports(reports: pl.DataFrame) -> pl.DataFrame:
    """Those of the reports whose year and publisher are known."""
    return reports.filter(
        pl.col("fiscal_year").is_not_null(), pl.col("region_code") != UNKNOWN_REGION, pl.col("entity_key") != ""
    )


def compared_facts(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Of the facts (table curated.facts) what comparisons look at: those of the statutory form and its tables, and of the
    sections where else the form states what is compared.

    All of a section, and not only the concepts compared: they tell together how exactly it is printed.
    """
    official = load.sections().filter(pl.col("rank") <= OFFICIAL)["section"]
    own = homes().join(load.across_years(), on="concept", how="semi")["top"]
    return facts.filter(main_section("section").is_in(pl.concat([official, own]).unique().implode())).select(COLUMNS)
