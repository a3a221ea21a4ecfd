"""Percentages with the two amounts that they follow from, each taken from where the percentage stands."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import polars as pl

from schemas.taxonomy import load
from tasks.reconcile.sums import CLASS

WIDE = pl.Decimal(38, 6)
"""What percentages are computed in. Products keep six decimals: all of a percentage with two of them, and its half unit
with three, times yuan with two, and their half unit with three."""

LARGEST_PERCENT, LARGEST_AMOUNT = Decimal(10) ** 6, Decimal(10) ** 15
"""What reaches these was misread; below them no product overflows."""

HALF = Decimal("0.5")
ROLES = ("part", "whole")
JOINED = ("report_id", "concept", "member", "period")
FAR = 1 << 40
"""More than any distance between two figures of a report."""


@cache
def rules() -> pl.DataFrame:
    """The rows of network_rates.csv with severity, labels, and what the formula 100 · part ÷ (whole − k · part) − s takes."""
    labels = load.concepts().select("concept", "label_zh")
    table = load.rates().join(load.equations().select("equation", "severity"), on="equation", maintain_order="left")
    for role in ("percent", *ROLES):
        named = labels.rename({"concept": role, "label_zh": f"{role}_label"})
        table = table.join(named, on=role, maintain_order="left")
    return table.rename({"member": "takes", "basis": "of"}).with_columns(
        k=(pl.col("kind") == "growth").cast(pl.Int8).cast(WIDE),
        s=pl.when(pl.col("kind") == "prior").then(Decimal(100)).otherwise(Decimal(0)).cast(WIDE),
        printed_in=pl.when(pl.col("kind").is_in(["growth", "prior"]))
        .then(pl.lit("change"))
        .otherwise(pl.lit("current")),
        plain_label=pl.col("part_label").str.normalize("NFKC").str.replace_all(r"[\s“”\"'‘’]", ""),
    )


def pairs(figures: pl.DataFrame, slips: bool = False) -> pl.DataFrame:
    """One row per printed percentage and rule that fits it, with the part and the whole, null where none is printed.

    Takes comparable figures (`tasks.reconcile.figures`), and whether the rules are the admissible readings, or the slips that
    explain a misfit. Beside the columns of the rules and of the percentage:

    - p, strict, loose: the percentage, half a unit of the last place of its section, and of the one that itself shows.
      A printed 0 shows none: it may stand for anything below a half.
    - x, hx, x_fact, y, hy, y_fact: the part and the whole with their half units and numbers.
    - of: which budget the whole of a completion rate is.
    - decisive: whether a misfit is one, or the percentage may speak of another whole that is not printed.
    """
    cases = _statements(figures, slips).with_row_index("row")
    wanted = {*rules()["part"], *rules()["whole"]}
    usable = pl.col("concept").is_in(wanted) & (pl.col("base").abs() < LARGEST_AMOUNT)
    amounts = figures.filter(usable).with_row_index("order")
    prior = pl.col("kind") == "prior"
    growth, now = pl.col("kind") == "growth", pl.lit("current")
    wants = [
        _wanted(cases, "part", ["part", "class", "all"], pl.when(growth).then(pl.lit("change")).otherwise(now)),
        _wanted(cases, "whole", ["all"], pl.when(prior).then(pl.lit("prior")).otherwise(now)),
    ]
    chosen = _nearest(pl.concat(wants), amounts)
    for role, name in zip(ROLES, "xy", strict=True):
        own = chosen.filter(pl.col("role") == role).select(
            "row",
            pl.col("base").cast(WIDE).alias(name),
            pl.col("half").cast(WIDE).alias(f"h{name}"),
            pl.col("number").alias(f"{name}_fact"),
            pl.col("basis").alias(f"{name}_basis"),
        )
        cases = cases.join(own, on="row", how="left", maintain_order="left")
    of = pl.when(pl.col("y_basis") != "").then("y_basis").otherwise("of")
    cases = cases.filter(~prior | pl.col("y").is_not_null())
    return cases.with_columns(of=of).with_columns(decisive=_decisive()).drop("x_basis", "y_basis", "row")


def _wanted(cases: pl.DataFrame, role: str, of_member: list[str], period: pl.Expr) -> pl.DataFrame:
    """The amount that each case takes for a role: rules that take `of_member` want it of the percentage's member."""
    own = pl.col("takes").is_in(of_member)
    return cases.select(
        *("row", "report_id", "section", "top", "block", "fact", "away"),
        role=pl.lit(role),
        concept=role,
        member=pl.when(own).then("member").otherwise(pl.lit("")),
        period=period,
    )


def _statements(figures: pl.DataFrame, slips: bool) -> pl.DataFrame:
    """The printed percentages with each rule that they fall under."""
    wanted = rules().filter((pl.col("reading") == "wrong_base") == slips)
    percents = figures.filter(pl.col("unit_kind") == "percent", pl.col("base").abs() < LARGEST_PERCENT)
    printed = pl.when(pl.col("base") != 0)
    named = percents.with_columns(
        p=pl.col("base").cast(WIDE),
        strict=printed.then("half").min().over("report_id", "section").fill_null(HALF).cast(WIDE),
        loose=printed.then("own_half").otherwise(HALF).cast(WIDE),
    ).drop("base", "half", "own_half", "unit_kind", "rank")
    is_class = (pl.col("code").str.len_chars() == CLASS) | (pl.col("code").is_null() & pl.col("parent").is_null())
    single = pl.col("member") == ""
    fits = (
        pl.when(pl.col("takes") == "none")
        .then(single)
        .when(pl.col("takes") == "label")
        .then(pl.col("name") == pl.col("plain_label"))
        .when(pl.col("takes") == "class")
        .then(is_class & ~single)
        .otherwise(~single)
    )
    return named.join(wanted, left_on="concept", right_on="percent", coalesce=False).filter(
        pl.col("period") == pl.col("printed_in"), fits.fill_null(False)
    )


def _nearest(wants: pl.DataFrame, amounts: pl.DataFrame) -> pl.DataFrame:
    """The amount to take for each wanted one: row, role, number, base, half, basis.

    One of the same paragraph before one of the same section, the same main section, or another section. Of other sections
    they are taken only where both figures stand in their own sections, or the amount in one that restates it
    (network_repeats.csv), and changes never: elsewhere the same words may speak of another scope. Of amounts as near as
    each other the last one before the percentage counts.
    """
    found = wants.join(
        amounts.select(
            *JOINED, "section", "top", "block", "away", "rank", "base", "half", "basis", "order", number="fact"
        ),
        on=JOINED,
        suffix="_of",
    )
    section = pl.col("section") == pl.col("section_of")
    behind = pl.col("number") > pl.col("fact")
    distance = (pl.col("number").cast(pl.Int64) - pl.col("fact")).abs() * 2 + behind
    key = (
        pl.when(section & (pl.col("block") == pl.col("block_of")))
        .then(distance)
        .when(section)
        .then(distance + FAR)
        .otherwise(distance + 2 * FAR)
    )
    here = pl.col("top") == pl.col("top_of")
    elsewhere = found.filter(~here & ~pl.col("away") & (pl.col("period") != "change"))
    restated = elsewhere.filter(pl.col("away_of"), pl.col("rank") == 0).join(
        _restated(), left_on=["concept", "top_of"], right_on=["concept", "top"], how="semi"
    )
    far = pl.concat([elsewhere.filter(~pl.col("away_of")), restated])
    keyed = [
        found.filter(here).with_columns(key=key),
        far.with_columns(key=pl.col("order").cast(pl.Int64) + 3 * FAR),
    ]
    return (
        pl.concat(keyed)
        .filter(pl.col("key") == pl.col("key").min().over("row", "role"))
        .select("row", "role", "number", "base", "half", "basis")
    )


@cache
def _restated() -> pl.DataFrame:
    """The other main sections that state an amount in the same scope: concept, top."""
    table = load.repeats().filter(pl.col("compared") == "yes")
    return table.select("concept", top=pl.col("sections").str.split(" ")).explode("top")


def _decisive() -> pl.Expr:
    """Shares: the first reading, the others only confirm. Completion rates: the budget that the rate speaks of.

    A rate of a budget without further words may be one of the adjusted budget: the initial one only confirms it, unless it is
    the figure just before the rate (年初预算 10万元的 90%).
    """
    just_before = (pl.col("basis") == "") & (pl.col("y_fact") == pl.col("fact") - 1)
    same_budget = (pl.col("of") == load.INITIAL) == (pl.col("basis") == load.INITIAL)
    first = pl.col("reading") == "a"
    return pl.when(pl.col("kind") == "completion").then(same_budget | just_before).otherwise(first).fill_null(False)
