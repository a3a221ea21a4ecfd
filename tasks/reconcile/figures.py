"""Facts as comparable figures: exact value in the base unit, published precision, member, precedence."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import polars as pl

from schemas.sections import PUBLIC_TABLE
from schemas.table import NUMBER
from schemas.taxonomy import load

TOTALS = ("合计", "总计")
"""Member names that say “all of them”: such a figure has no member."""

PLACES = 6
"""Most decimals that a number of the facts table can have."""

ENOUGH = 3
"""So many amounts of a section, not zero, tell its precision; fewer may be round by chance."""

CLASS_DIGITS = 3
"""A code of the functional classification begins with the three digits of its class."""


def figures(facts: pl.DataFrame) -> pl.DataFrame:
    """The facts (table curated.facts) that are quantities of known concepts and no left-overs of a template.

    Columns: report_id, fact, concept, unit_kind, code, name, title, is_total, parent, member, class_code, period, basis,
    section, block, top, base, half, own_half, rank, away.

    - `base`: the amount in yuan, or the printed number of percentages and counts.
    - `half`: half a unit of the last place. The last place is that of the finest figure printed in the same unit in
      the same section of the report, because word processors drop trailing zeros; where the section prints too few
      amounts to tell, that of the report's text, or of its tables, counts if it is finer. `own_half` is that of the
      figure itself. Both are 0 for counts and for a printed 0, which are exact.
    - `member`: the code, else the parent's code and the normalised name; empty for a figure without a member.
    - `name`: the member's name, normalised; empty for a total. `title`: the name as printed.
    - `top`: the main section. `rank`, `away`: its precedence, and whether it is not the concept's own.

    Rows stand in order of precedence: the first figure of a report is the one to take.

    A fact whose unit is not of its concept's kind says something else and is left out. Raises ValueError for a
    section that network_sections.csv does not list.
    """
    table = (
        facts.filter(pl.col("number").is_not_null(), pl.col("state") != "template_left_over")
        .select(
            "report_id",
            "fact",
            "concept",
            "unit_kind",
            "period",
            "section",
            "block",
            code="member_code",
            name=pl.col("member_name").str.normalize("NFKC").str.replace_all(r"[\s“”\"'‘’]", ""),
            title="member_name",
            parent="parent_code",
            basis=pl.col("budget_basis").fill_null(""),
            base=pl.coalesce("amount_cny", "number").cast(NUMBER),
            number=pl.col("number").cast(NUMBER),
            decimals=pl.col("decimals").fill_null(0),
        )
        .join(load.concepts().select("concept", "unit_kind"), on=["concept", "unit_kind"], how="semi")
        .with_columns(is_total=pl.col("name").is_in(TOTALS).fill_null(False), top=main_section("section"))
        .with_columns(name=pl.when(~pl.col("is_total")).then("name"))
        .join(load.sections().select(top="section", rank="rank"), on="top", how="left")
        .join(homes().with_columns(away=False), on=["concept", "top"], how="left")
    )
    strangers = table.filter(pl.col("rank").is_null())["section"]
    if strangers.len():
        raise ValueError(f"section {strangers[0]!r} is not listed in {load.SECTIONS}: add its row")
    return (
        _precision(table)
        .select(
            "report_id",
            "fact",
            "concept",
            "unit_kind",
            "code",
            "name",
            "title",
            "is_total",
            "parent",
            "period",
            "basis",
            "section",
            "block",
            "top",
            "base",
            "half",
            "own_half",
            "rank",
            member=pl.coalesce("code", pl.concat_str(pl.col("parent") + "/", "name", ignore_nulls=True)).fill_null(""),
            class_code=pl.coalesce("code", "parent").str.head(CLASS_DIGITS),
            away=pl.col("away").fill_null(True),
        )
        .sort("report_id", "rank", "away", "fact")
    )


@cache
def homes() -> pl.DataFrame:
    """The main sections where the statutory form states each concept: concept, top."""
    homes = load.concepts().select("concept", top=pl.col("section").str.split(";")).explode("top")
    return homes.select("concept", top=main_section("top")).unique(maintain_order=True)


def main_section(column: str) -> pl.Expr:
    """The section that a subsection belongs to: 五 for 五（二）."""
    return pl.col(column).str.split("（").list.first()


def _precision(table: pl.DataFrame) -> pl.DataFrame:
    """Adds half and own_half.

    The unit of print (`scale`) is amount / number, a power of ten. That of a printed 0 comes out as 0, so that zeros
    neither have an uncertainty nor tell the precision of others.
    """
    counted = pl.col("unit_kind") == "count"
    zero = pl.lit(Decimal(0), NUMBER)
    places = range(PLACES + 1)
    last_place = pl.col("decimals").replace_strict(places, [Decimal(1).scaleb(-p) for p in places], return_dtype=NUMBER)
    same_print = ["report_id", "unit_kind", "section", "scale"]
    finest = pl.col("own_half").min().over(same_print)
    few = (pl.len().over(same_print) < ENOUGH) & (pl.col("unit_kind") == "money")
    table = table.with_columns(
        scale=pl.col("base") / pl.when(pl.col("number") != 0).then("number").otherwise(Decimal(1)),
        tabulated=pl.col("section").str.starts_with(PUBLIC_TABLE),
    ).with_columns(own_half=pl.when(~counted).then((pl.col("scale") * last_place * Decimal("0.5")).cast(NUMBER)))
    return (
        table.join(_usual(table), on=["report_id", "tabulated", "scale"], how="left", maintain_order="left")
        .with_columns(half=pl.when(few).then(pl.min_horizontal(finest, "usual")).otherwise(finest))
        .with_columns(pl.when(counted).then(zero).otherwise(pl.col("half", "own_half")).name.keep())
    )


def _usual(table: pl.DataFrame) -> pl.DataFrame:
    """The finest precision that enough amounts of a report share, of the text and of the tables: column usual.

    A slip of the pen with many decimals is no precision.
    """
    amounts = table.filter(pl.col("unit_kind") == "money", pl.col("base") != 0)
    same_print = ["report_id", "tabulated", "scale"]
    return (
        amounts.group_by([*same_print, "own_half"])
        .len()
        .filter(pl.col("len") >= ENOUGH)
        .group_by(same_print)
        .agg(usual=pl.col("own_half").min())
    )
