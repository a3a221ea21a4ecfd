"""Wholes whose parts bear their name: staff by unit and kind (办公室·行政)."""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.table import NUMBER
from schemas.taxonomy import load

WHOLE, PART = r"^(.*)·", r"([^·]*)$"
"""A dot stands between the name of a whole and that of its part."""

SUMS_UP = r"(?:合计|总计)$"
ROLE = r"(?:人员|编制|岗位?)$"
"""People and their posts have the same kinds: 行政编制, 行政人员."""

FEWEST = 2
"""One kind alone is told as an example, and no list."""

FEWEST_NESTED = 3
"""So many kinds of which one is the sum of the others: 在职10人，包括行政6人、事业4人. Two that are equal need not be."""

KEY = ["report_id", "equation", "concept", "label", "limit", "pooled", "nested"]


def wholes(reports: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """The cases (`tasks.reconcile.sums.sides`) of wholes and their kinds, and of the units that make up a report.

    - `kinds`: the total of a whole is the sum of its kinds, where one section states it and at least two of them. Kinds
      may overlap (其中): where all but one of them make up the total, it adds up. Where they may be `nested` and one
      is the sum of the others, that one need not be all there are: beside 在职 there may be 退休, told as such.
    - `units`: what the units of a report have does not exceed the total of the report. A unit without a total of
      its own has the sum of its kinds.
    - `limit`: a kind has not more of the concept `limit` (people) than it may have (posts). Where the
      total has not, a person may hold a post of another kind.

    One case without sides stands for a report that states none of them.
    """
    parted = _parted(figures)
    found = pl.concat([_kinds(parted), _units(parted), _limited(parted)])
    nothing = (
        reports.select("report_id")
        .join(_limited_concepts(), how="cross")
        .join(found, on=["report_id", "equation"], how="anti")
        .select(
            "report_id",
            "equation",
            "concept",
            instance=pl.lit("kinds"),
            group=pl.lit(""),
            kind=pl.lit("sum"),
            parts=pl.lit(0, pl.UInt32),
            facts=pl.lit([], pl.List(pl.Int32)),
            absent=pl.concat_list("concept"),
        )
    )
    rules = load.equations().select("equation", "severity", "per")
    return (
        pl.concat([found, nothing], how="diagonal")
        .join(rules, on="equation", maintain_order="left")
        .with_columns(
            residual=(pl.col("lhs") - pl.col("rhs")).cast(NUMBER),
            reading=pl.lit(""),
            unit_kind=pl.lit("count"),
            fills_zero=pl.lit(False),
            implied=pl.lit(0, pl.UInt32),
            implied_absent=pl.lit(0, pl.UInt32),
        )
    )


@cache
def _concepts() -> pl.DataFrame:
    """The concepts that have kinds: equation, concept, limit, label."""
    return load.wholes().join(load.concepts().select("concept", label="label_zh"), on="concept", maintain_order="left")


@cache
def _limited_concepts() -> pl.DataFrame:
    """Of each equation the first concept that has a limit."""
    return _concepts().filter(pl.col("limit") != "").unique("equation", keep="first", maintain_order=True)


def _parted(figures: pl.DataFrame) -> pl.DataFrame:
    """The current figures of these concepts with `whole` and `part`; a total has the part "", the report the whole ""."""
    name = pl.col("name").fill_null("")
    return (
        figures.filter(pl.col("period") == "current")
        .join(_concepts(), on="concept", maintain_order="left")
        .select(
            *KEY,
            "top",
            "fact",
            "base",
            whole=name.str.extract(WHOLE).fill_null(""),
            part=name.str.extract(PART).str.replace(SUMS_UP, "").str.replace(ROLE, ""),
        )
        .unique([*KEY, "top", "whole", "part"], keep="first", maintain_order=True)
    )


def _kinds(parted: pl.DataFrame) -> pl.DataFrame:
    section = [*KEY, "top", "whole"]
    total = pl.col("part") == ""
    whole, kinds = pl.col("base").filter(total).first(), pl.col("base").filter(~total)
    return (
        parted.group_by(section, maintain_order=True)
        .agg(
            lhs=whole,
            rhs=kinds.sum().cast(NUMBER),
            one_overlaps=((kinds > 0) & (kinds == kinds.sum() - whole)).any(),
            one_of_others=((kinds > 0) & (kinds == kinds.sum() - kinds)).any(),
            parts=(~total).sum(),
            facts=pl.col("fact").sort(),
            part=pl.col("part").filter(~total).str.join(" + "),
        )
        .filter(pl.col("lhs").is_not_null(), pl.col("parts") >= FEWEST)
        .with_columns(rhs=pl.when("one_overlaps").then("lhs").otherwise("rhs"))
        .filter(
            ~pl.col("one_of_others")
            | (pl.col("nested") == "")
            | (pl.col("parts") < FEWEST_NESTED)
            | (pl.col("lhs") == pl.col("rhs"))
            | (pl.col("lhs") * 2 < pl.col("rhs"))  # even the one is more than the whole
        )
        .pipe(_cases, "kinds", "sum", pl.concat_str("whole", "top", separator=" "), pl.col("part"))
    )


def _units(parted: pl.DataFrame) -> pl.DataFrame:
    total, of_report = pl.col("part") == "", pl.col("whole") == ""
    totals = (
        parted.filter(total & of_report)
        .unique(KEY, keep="first", maintain_order=True)
        .select(*KEY, lhs="base", total="fact")
    )
    units = (
        parted.filter(~of_report)
        .group_by([*KEY, "top", "whole"], maintain_order=True)
        .agg(
            base=pl.coalesce(pl.col("base").filter(total).first(), pl.col("base").sum()).cast(NUMBER),
            fact=pl.col("fact").filter(total | ~total.any()),
        )
        .group_by([*KEY, "top"], maintain_order=True)
        .agg(
            rhs=pl.col("base").sum().cast(NUMBER),
            parts=pl.len(),
            part=pl.col("whole").str.join(" + "),
            fact=pl.col("fact").explode(),
        )
        .filter(pl.col("parts") >= FEWEST)
    )
    return (
        totals.join(units, on=KEY, maintain_order="left")
        .with_columns(facts=pl.concat_list("total", "fact").list.sort(), whole=pl.lit(""))
        .pipe(_cases, "units", "at_most", pl.col("top"), pl.col("part"))
    )


def _limited(parted: pl.DataFrame) -> pl.DataFrame:
    whole = ["report_id", "equation", "whole"]
    first = parted.unique([*KEY, "whole", "part"], keep="first", maintain_order=True)
    pairs = first.filter(pl.col("limit") != "").join(
        first,
        left_on=[*whole, "part", "limit"],
        right_on=[*whole, "part", "concept"],
        suffix="_limited",
        maintain_order="left",
    )
    total = pl.col("part") == ""
    covered = pairs.filter(total, pl.col("pooled") == "yes", pl.col("base") >= pl.col("base_limited"))
    return (
        pairs.filter(~total)
        .join(covered, on=[*whole, "concept"], how="anti")
        .with_columns(
            lhs="base", rhs="base_limited", parts=pl.lit(1, pl.UInt32), facts=pl.concat_list("fact", "fact_limited")
        )
        .pipe(_cases, "limit", "at_most", pl.concat_str("whole", "part", separator=" "), pl.col("label_limited"))
    )


def _cases(found: pl.DataFrame, instance: str, kind: str, group: pl.Expr, right: pl.Expr) -> pl.DataFrame:
    """The columns that the cases have in common."""
    return found.select(
        "report_id",
        "equation",
        "concept",
        "lhs",
        "rhs",
        "facts",
        pl.col("parts").cast(pl.UInt32),
        group=pl.concat_str("concept", group.str.strip_chars(), separator="/"),
        instance=pl.lit(instance),
        kind=pl.lit(kind),
        bound=pl.lit(0, NUMBER),
        left=pl.concat_str(pl.col("label"), group.str.strip_chars(), separator=" "),
        right=right,
        absent=pl.lit([], pl.List(pl.String)),
        sections=pl.concat_list("top"),
    )
