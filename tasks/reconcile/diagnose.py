"""Likely causes of a violation: small functions from violations and figures to a hint, none of them proof.

A wrong hint is worse than none: slips are only looked for in suspects (`tasks.reconcile.suspects`).
"""

from __future__ import annotations

from functools import cache

import polars as pl

from tasks.reconcile.slips import one_digit, right, scale_slip, transposed_digits
from tasks.reconcile.sums import components
from tasks.reconcile.suspects import suspects

TELLING_DIGITS = 3
"""Figures of fewer digits are equal by chance."""

TWO_DIGITS = 10

BUDGET = "budget"
"""Stands in the names of the concepts of what was planned."""

JUDGED = ("report_id", "verdict", "kind", "facts", "sections")


def diagnose(
    sums: pl.DataFrame, repeats: pl.DataFrame, derived: pl.DataFrame, figures: pl.DataFrame, chosen: pl.DataFrame
) -> pl.DataFrame:
    """The violated cases of sums and of repeated statements with a hint: report_id, equation, instance, group, hint.

    `derived` are the checks of percentages, which tell suspects too. Of the hints that fit the first one counts:

    - `scale_slip`: a figure times a power of ten makes the sides equal.
    - `transposed_digits`: one figure makes them equal where two neighbouring digits change places. Among many figures
      there is often one by chance, so that only a side's only figure, or the only suspect, is tried; and of parts that
      exceed their total, so that none is missing, the only one that fits.
    - `missing_item: CONCEPT MEMBER`: the gap is exactly one known figure, which is not counted yet.
    - `copied_figure: CONCEPT MEMBER`: one figure is that of another concept or member, and not the right one.
    - `missing_item`: the total is larger by more than one digit's slip, no figure is the only suspect, and the parts are
      a list, or a part is absent that the form leaves out where it is zero.
    - `inconsistent`: two statements of one figure, or sides that stand in different parts of the report (the form, its
      tables, the performance report), which are drawn up one by one.

    Only amounts are compared with other figures: small counts are equal by chance. A limit tells no right figure.
    """
    judged = pl.concat(
        [cases.select(JUDGED) for cases in (sums, repeats.with_columns(sections=None))], how="vertical_relaxed"
    )
    key = ["report_id", "equation", "instance", "group"]
    cases = pl.concat(
        [sums, repeats.with_columns(group=pl.lit(""), reading=pl.lit(""))], how="diagonal_relaxed"
    ).filter(pl.col("verdict") == "violated")
    if not cases.height:
        return cases.select(key, hint="diagnosis")
    cases = cases.with_row_index("case")
    terms = suspects(cases, judged, derived, figures, chosen)
    known = figures.filter(pl.col("period") == "current", pl.col("base") != 0, pl.col("unit_kind") == "money")
    missing = _missing_item(cases, known, terms)
    return (
        cases.join(_slips(terms), on="case", how="left", maintain_order="left")
        .join(missing, on="case", how="left", maintain_order="left")
        .join(_copied_figure(terms, known), on="case", how="left", maintain_order="left")
        .select(
            key,
            hint=pl.when("scaled")
            .then(pl.lit("scale_slip"))
            .when("swapped")
            .then(pl.lit("transposed_digits"))
            .when(pl.col("item").is_not_null() & ~pl.col("total_again"))
            .then("missing_item: " + pl.col("item"))
            .when(pl.col("copied").is_not_null())
            .then("copied_figure: " + pl.col("copied"))
            .when(_left_out() & ~pl.col("one_suspect"))
            .then(pl.lit("missing_item"))
            .when((pl.col("kind") == "repeat") | pl.col("apart"))
            .then(pl.lit("inconsistent")),
        )
    )


def with_hints(cases: pl.DataFrame, hints: pl.DataFrame) -> pl.DataFrame:
    """Fills the diagnosis of violated cases, which have the columns report_id, equation, instance and, of sums, group."""
    key = [column for column in ("report_id", "equation", "instance", "group") if column in cases.columns]
    return (
        cases.join(hints.select(*key, "hint"), on=key, how="left", maintain_order="left")
        .with_columns(diagnosis=pl.coalesce("hint", "diagnosis"))
        .drop("hint")
    )


def _slips(terms: pl.DataFrame) -> pl.DataFrame:
    """What the figures of each case tell of it: scaled, swapped, one_suspect, total_again, apart."""
    lone = pl.col("alone") | pl.col("single")
    # Small numbers of things, and percentages, are tens of each other by chance.
    telling = (pl.col("unit_kind") == "money") | (pl.max_horizontal("base", right()) >= TWO_DIGITS)
    scaled = pl.col("suspect") & telling & scale_slip()
    swapped = pl.col("suspect") & transposed_digits()
    exceeded = (pl.col("residual").first() < 0) & ~one_digit("residual").first()
    left, other = (pl.col("rank").filter(pl.col("sign") == sign) for sign in (1, -1))
    return terms.group_by("case").agg(
        scaled=(scaled & ((pl.col("unit_kind") == "money") | lone)).any() | (scaled.sum() == 1),
        swapped=(swapped & lone).any() | (exceeded & (swapped.sum() == 1)),
        one_suspect=pl.col("single").any(),
        total_again=((pl.col("sign") < 0) & (pl.col("base") == pl.col("lhs")) & (pl.col("base") != 0)).any(),
        apart=(left.max() < other.min()) | (left.min() > other.max()),
    )


def _missing_item(violated: pl.DataFrame, known: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The one figure of the report that equals the gap, where there is exactly one: case, item.

    Where the total is too large, a part that it counts already cannot be missing.
    """
    gaps = violated.filter(pl.col("kind").is_in(["sum", "equal"]), ~one_digit("residual"))
    counted = terms.filter(pl.col("residual") > 0).select("case", "fact", counted=True)
    return (
        gaps.select("case", "report_id", "unit_kind", base=pl.col("residual").abs())
        .join(known.with_columns(item=_named()), on=["report_id", "unit_kind", "base"])
        .join(counted, on=["case", "fact"], how="left")
        .group_by("case")
        .agg(items=pl.col("item").unique(), counted=pl.col("counted").any())
        .filter(pl.col("items").list.len() == 1, ~pl.col("counted"))
        .select("case", item=pl.col("items").list.first())
    )


def _copied_figure(terms: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The figure that the case's only suspicious one repeats, where there is exactly one: case, copied.

    Concepts that an equation ties together are left out: they are often equal for good reason.
    """
    telling = pl.col("base").cast(pl.String).str.replace(".", "", literal=True).str.strip_chars("0").str.len_chars()
    money = pl.col("unit_kind") == "money"
    doubtful = terms.filter("suspect", money, telling >= TELLING_DIGITS, right() >= 0, ~one_digit("residual"))
    others = known.select("report_id", "base", "member", copied=_named(), concept_other="concept")
    same_concept = pl.col("concept") == pl.col("concept_other")
    return (
        doubtful.join(others, on=["report_id", "base"], suffix="_other")
        .join(_tied(), on=["concept", "concept_other"], how="left")
        .filter(pl.when(same_concept).then(_unrelated()).otherwise(pl.col("tied").is_null() & ~_planned()))
        .group_by("case")
        .agg(pl.col("fact").n_unique(), pl.col("copied").unique())
        .filter(pl.col("fact") == 1, pl.col("copied").list.len() == 1)
        .select("case", copied=pl.col("copied").list.first())
    )


def _named() -> pl.Expr:
    return pl.concat_str("concept", pl.coalesce("code", "name"), separator=" ", ignore_nulls=True)


def _unrelated() -> pl.Expr:
    """Whether two members are different ones, and none a class of the other: the only item of a class equals it."""
    own, other = pl.col("member"), pl.col("member_other")
    return ~own.str.starts_with(other) & ~other.str.starts_with(own)


def _planned() -> pl.Expr:
    """Whether the other figure is a budget, which is often kept to exactly, or tells the same member."""
    same_member = (pl.col("member") == pl.col("member_other")) & (pl.col("member") != "")
    return pl.col("concept_other").str.contains(BUDGET, literal=True) | same_member


def _left_out() -> pl.Expr:
    """Whether a part may be left out: more than a slip of one digit lacks in a list, or where a part is absent."""
    incomplete = (pl.col("listed") & (pl.col("parts") > 1)) | (pl.col("fills_zero") & (pl.col("absent").list.len() > 0))
    return (pl.col("residual") > 0) & pl.col("kind").is_in(["sum", "equal"]) & incomplete & ~one_digit("residual")


@cache
def _tied() -> pl.DataFrame:
    """The pairs of concepts that stand in one equation: concept, concept_other, tied."""
    rows = components().select("equation", "concept")
    pairs = rows.join(rows, on="equation", suffix="_other").select("concept", "concept_other").unique()
    return pairs.with_columns(tied=True)
