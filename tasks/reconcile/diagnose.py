"""Likely causes of a violation: small functions from violations and figures to a hint, none of them proof.

A wrong hint is worse than none. A figure that takes part in another equation that holds, or that is stated a second time
with the same value, is cleared: no slip is looked for in it.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import polars as pl

from tasks.reconcile.sums import CASE, components

WIDE = pl.Decimal(38, 6)
SLIPS = (1, 2, 3, 4, 8)
"""Powers of ten by which units and decimal points slip: digits, 元 for 万元 (4), 万元 for 亿元 (4), 元 for 亿元 (8)."""

NEIGHBOURS_SWAPPED = tuple(str(9 * digit) for digit in range(1, 10))
"""Two neighbouring digits that change places change a number by 9 × their difference × a power of ten."""

TELLING_DIGITS = 3
"""Figures of fewer digits are equal by chance."""

BUDGET = "budget"
"""Stands in the names of the concepts of what was planned."""

JUDGED = ("report_id", "verdict", "kind", "facts")


def diagnose(sums: pl.DataFrame, repeats: pl.DataFrame, figures: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """The violated cases of sums and of repeated statements with a hint: report_id, equation, instance, group, hint.

    Of the hints that fit the first one counts:

    - `scale_slip`: a figure times a power of ten makes the sides equal.
    - `transposed_digits`: one figure makes them equal where two neighbouring digits change places. Among many figures
      there is often one by chance, so that only a side's only figure, or the only suspect, is tried.
    - `missing_item: CONCEPT MEMBER`: the gap is exactly one known figure, which is not counted yet.
    - `copied_figure: CONCEPT MEMBER`: one figure is that of another concept or member, and not the right one.
    - `missing_item`: the total is larger by more than one digit's slip, no figure is the only suspect, and the parts are
      a list, or a part is absent that the form leaves out where it is zero.

    Only amounts are compared with other figures: small counts are equal by chance. A limit tells no right figure.
    """
    judged = pl.concat([cases.select(JUDGED) for cases in (sums, repeats)])
    key = ["report_id", "equation", "instance", "group"]
    cases = pl.concat(
        [sums, repeats.with_columns(group=pl.lit(""), reading=pl.lit(""))], how="diagonal_relaxed"
    ).filter(pl.col("verdict") == "violated")
    if not cases.height:
        return cases.select(key, hint="diagnosis")
    cases = cases.with_row_index("case")
    terms = _terms(cases, figures, chosen, _cleared(judged, cases))
    known = figures.filter(pl.col("period") == "current", pl.col("base") != 0, pl.col("unit_kind") == "money")
    slips = terms.group_by("case").agg(
        scaled=(pl.col("suspect") & scale_slip()).any(),
        swapped=(pl.col("suspect") & transposed_digits() & (pl.col("alone") | pl.col("single"))).any(),
        one_suspect=pl.col("single").any(),
        total_again=((pl.col("sign") < 0) & (pl.col("base") == pl.col("lhs")) & (pl.col("base") != 0)).any(),
    )
    missing = _missing_item(cases, known, terms)
    return (
        cases.join(slips, on="case", how="left", maintain_order="left")
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
            .then(pl.lit("missing_item")),
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


def scale_slip() -> pl.Expr:
    """Whether a figure times a power of ten makes the sides equal, as far as rounding lets one tell."""
    base, half = pl.col("base").cast(WIDE), pl.col("half").cast(WIDE)
    slips = []
    for factor in (Decimal(10) ** power for power in SLIPS):
        smaller, larger = (_right() * factor - base).abs(), (_right() - base * factor).abs()
        slips += [smaller <= _bound() * factor, larger <= _bound() + half * factor]
    return (base != 0) & (_right() > 0) & pl.any_horizontal(slips)


def transposed_digits() -> pl.Expr:
    """Whether a figure and the right one consist of the same digits, two neighbours of which changed places."""
    gap = pl.col("residual").abs().cast(pl.String).str.replace(".", "", literal=True).str.strip_chars("0")
    return _digits(pl.col("base")).eq(_digits(_right())) & gap.is_in(NEIGHBOURS_SWAPPED)


def _right() -> pl.Expr:
    """What a figure would have to be for the sides to be equal."""
    return pl.col("base").cast(WIDE) - pl.col("sign") * pl.col("residual").cast(WIDE)


def _bound() -> pl.Expr:
    return pl.col("bound").cast(WIDE)


def _digits(number: pl.Expr) -> pl.Expr:
    """The digits of a number in ascending order."""
    return number.cast(WIDE).cast(pl.String).str.extract_all(r"\d").list.sort().list.join("")


def _cleared(judged: pl.DataFrame, violated: pl.DataFrame) -> pl.DataFrame:
    """The facts of these reports that another equation confirms: report_id, fact."""
    return (
        judged.join(violated.select("report_id").unique(), on="report_id", how="semi")
        .filter(pl.col("verdict").is_in(["exact", "rounding"]), pl.col("kind").is_in(["sum", "equal", "repeat"]))
        .select("report_id", fact="facts")
        .explode("fact")
        .drop_nulls()
        .unique()
    )


def _terms(cases: pl.DataFrame, figures: pl.DataFrame, chosen: pl.DataFrame, cleared: pl.DataFrame) -> pl.DataFrame:
    """The figures of each case but limits, with `sign` (1 on the left side, −1 on the right, reversed where taken off).

    `suspect`: an amount that nothing clears. `single`: the only suspect of its case, or the only one of them in several
    violated cases. `alone`: the only figure of its side.
    """
    own = ["case", *CASE, "lhs", "residual", "bound"]
    of_sums = (
        cases.filter(pl.col("kind").is_in(["sum", "equal"])).select(own).join(chosen, on=CASE, maintain_order="left")
    )
    of_sums = of_sums.filter(pl.col("weight") != 0).with_columns(
        sign=pl.when(pl.col("side") == "total").then("weight").otherwise(-pl.col("weight"))
    )
    stated = (
        cases.filter(pl.col("kind") == "repeat")
        .select(*own, "rhs", fact="facts")
        .explode("fact")
        .join(figures, on=["report_id", "fact"], maintain_order="left")
        .with_columns(
            sign=pl.when(pl.col("base") == pl.col("lhs")).then(1).when(pl.col("base") == pl.col("rhs")).then(-1)
        )
        .drop_nulls("sign")
        .unique(["case", "sign"], keep="first", maintain_order=True)
    )
    columns = [*own, "fact", "concept", "member", "unit_kind", "base", "half"]
    sign = pl.col("sign").cast(pl.Int64)
    return (
        pl.concat([rows.select(*columns, sign) for rows in (of_sums, stated)])
        .join(cleared.with_columns(clear=True), on=["report_id", "fact"], how="left", maintain_order="left")
        .with_columns(suspect=pl.col("clear").is_null() & (pl.col("unit_kind") == "money") & (pl.col("base") != 0))
        .with_columns(
            violations=pl.when("suspect").then(pl.len().over("report_id", "fact")).otherwise(0),
            alone=pl.len().over("case", "sign") == 1,
        )
        .with_columns(most=pl.col("violations").max().over("case"))
        .with_columns(first=pl.col("suspect") & (pl.col("violations") == pl.col("most")))
        .with_columns(
            single=pl.col("first")
            & (pl.col("first").sum().over("case") == 1)
            & ((pl.col("most") > 1) | (pl.col("suspect").sum().over("case") == 1))
        )
    )


def _missing_item(violated: pl.DataFrame, known: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The one figure of the report that equals the gap, where there is exactly one: case, item.

    Where the total is too large, a part that it counts already cannot be missing.
    """
    gaps = violated.filter(pl.col("kind").is_in(["sum", "equal"]), ~_one_digit("residual"))
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
    suspects = terms.filter("suspect", telling >= TELLING_DIGITS, _right() >= 0, ~_one_digit("residual"))
    others = known.select("report_id", "base", "member", copied=_named(), concept_other="concept")
    same_concept = pl.col("concept") == pl.col("concept_other")
    return (
        suspects.join(others, on=["report_id", "base"], suffix="_other")
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
    return (pl.col("residual") > 0) & pl.col("kind").is_in(["sum", "equal"]) & incomplete & ~_one_digit("residual")


def _one_digit(column: str) -> pl.Expr:
    """Whether a number has one digit that is not 0: so much is a number off of which one digit is wrong."""
    return pl.col(column).abs().cast(pl.String).str.replace_all(r"[.0]", "").str.len_chars() <= 1


@cache
def _tied() -> pl.DataFrame:
    """The pairs of concepts that stand in one equation: concept, concept_other, tied."""
    rows = components().select("equation", "concept")
    pairs = rows.join(rows, on="equation", suffix="_other").select("concept", "concept_other").unique()
    return pairs.with_columns(tied=True)
