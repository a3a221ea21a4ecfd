"""The sums of the calculation network: both sides of every equation, for all reports of a batch at once."""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.sections import PUBLIC_TABLE
from schemas.table import NUMBER
from schemas.taxonomy import load
from tasks.reconcile.figures import CLASS_DIGITS

CASE = ("report_id", "equation", "instance", "reading", "group")
"""What identifies one application of one equation, in one reading, to one report and, where it goes by members, one."""

READING = ["equation", "instance", "reading"]
"""What identifies one way to read one application of one equation."""

FIGURE = (
    "report_id", "fact", "concept", "unit_kind", "code", "title", "is_total", "parent", "section", "base", "half", "member",
    "class_code",
)  # fmt: skip
"""What of a figure is looked at."""

CLASS, GROUP = CLASS_DIGITS, 5
"""Digits of the code of a functional class (类) and of a group (款) within it."""


@cache
def components() -> pl.DataFrame:
    """The rows of the network with their number, unit kind, Chinese label, home section and kind of equation.

    `per` is that of the equation where the instance is about members, and empty where it is about a figure without one.
    Kind and severity are those of the equation unless the reading has its own. `places`: the sections where it stands.
    `codes`: the members that it takes, where they are named.
    """
    words = load.concepts().select("concept", "unit_kind", "label_zh", home="section")
    of_members = (pl.col("side").eq("total") & pl.col("takes").ne("none")).any().over(READING)
    own = load.instances().drop("reason")
    return (
        load.network()
        .rename({"member": "takes"})
        .join(words, on="concept", maintain_order="left")
        .join(load.equations().select("equation", "kind", "per", "severity"), on="equation", maintain_order="left")
        .join(own, on=READING, how="left", suffix="_own", maintain_order="left")
        .with_columns(pl.coalesce(f"{column}_own", column).alias(column) for column in ("kind", "severity"))
        .drop("kind_own", "severity_own")
        .with_columns(
            per=pl.when(of_members).then("per").otherwise(pl.lit("")),
            codes=pl.when(pl.col("takes").str.contains(load.CODES)).then(pl.col("takes").str.split("+")),
            places=pl.when(pl.col("sections") != "")
            .then(pl.col("sections").str.split(" "))
            .otherwise(pl.col("home").str.split(";")),
        )
        .with_row_index("component")
    )


@cache
def _readings() -> pl.DataFrame:
    """What all cases of a reading have in common: the columns READING and those of its equation and its components."""
    total = pl.col("side") == "total"
    return (
        components()
        .group_by(READING, maintain_order=True)
        .agg(
            pl.col("unit_kind", "kind", "severity", "per").first(),
            concept=pl.col("concept").filter(total).first(),
            implied=(pl.col("absent") == "implied").sum(),
            in_tables=pl.col("places").explode().str.starts_with(PUBLIC_TABLE).all(),
            **{f"all_{policy}": pl.col("concept").filter(pl.col("absent") == policy) for policy in load.ABSENT},
            fills_zero=(pl.col("absent") == "zero").any(),
            listed=(~total & (pl.col("weight") != 0) & (pl.col("takes") != "none") & (pl.col("per") != "member")).any(),
        )
    )


@cache
def _components_by_place() -> tuple[pl.DataFrame, pl.DataFrame]:
    """What components take from figures: of those that take them from any section, and of the others by section."""
    taking = ("concept", "component", *READING, "side", "weight", "takes", "codes", "per")
    placed = pl.col("sections") != ""
    by_section = components().filter(placed).select(*taking, section=pl.col("sections").str.split(" "))
    return components().filter(~placed).select(taking), by_section.explode("section")


@cache
def _terms() -> pl.DataFrame:
    """What components give to their cases."""
    return components().select(
        *READING, "component", "concept", "label_zh", "side", "weight", "takes", "per", "absent", "places"
    )


@cache
def _asked() -> pl.DataFrame:
    """The readings with per, and what stands for an equation about tables in a report that has none of them.

    `one_for_all`: all instances of the equation would stand in public tables. `first`: it is the reading that is told then.
    """
    readings = _readings().select(*READING, "per", "in_tables")
    told = readings.sort("reading", maintain_order=True).unique(READING[:2], keep="first", maintain_order=True)
    equations = told.group_by("equation").agg(one_for_all=pl.col("in_tables").all())
    first = told.unique("equation", keep="first").select(READING).with_columns(first=True)
    return (
        readings.drop("in_tables")
        .join(equations, on="equation", maintain_order="left")
        .join(first, on=READING, how="left", maintain_order="left")
        .with_columns(pl.col("first").fill_null(False))
    )


def choose(figures: pl.DataFrame) -> pl.DataFrame:
    """The figures of the current period that each component takes, with the component's columns and group.

    One figure per member: that of the section with the highest precedence, the first in reading order.
    Items of many classes share their names, so that items of an unknown class are never taken for the same one.
    """
    current = figures.filter(pl.col("period") == "current").select(FIGURE)
    anywhere, placed = _components_by_place()
    candidates = pl.concat(
        [
            current.join(anywhere, on="concept", maintain_order="left"),
            current.join(placed, on=["concept", "section"], maintain_order="left").select(
                *current.columns, *anywhere.columns[1:]
            ),
        ]
    )
    single = pl.col("member") == ""
    is_class = (pl.col("code").str.len_chars() == CLASS) | (pl.col("code").is_null() & pl.col("parent").is_null())
    # A class is not one of its own items.
    item = ~pl.col("is_total") & ((pl.col("per") != "class") | (pl.col("code").str.len_chars() > CLASS).fill_null(True))
    wanted = (
        pl.when(pl.col("takes") == "none")
        .then(single)
        .when(pl.col("takes") == "class")
        .then(is_class & ~pl.col("is_total"))
        .when(pl.col("takes") == "leaf")
        .then(item)
        .when(pl.col("takes") == "below")
        .then(pl.col("code").str.len_chars() > CLASS)
        .when(pl.col("takes").str.starts_with(load.NAMED))
        .then(pl.col("title") == pl.col("takes").str.strip_prefix(load.NAMED))
        .when(pl.col("codes").is_not_null())
        .then(pl.col("codes").list.contains(pl.col("code")))
        .otherwise(~single)
    )
    statement = pl.when((pl.col("takes") == "leaf") & pl.col("class_code").is_null()).then("fact")
    return (
        candidates.filter(wanted)
        .pipe(_without_subdivided)
        .unique(["report_id", "component", "member", statement.alias("statement")], keep="first", maintain_order=True)
        .with_columns(
            group=pl.when(pl.col("per") == "class")
            .then(pl.coalesce("class_code", "member"))
            .when(pl.col("per") == "member")
            .then("member")
            .otherwise(pl.lit(""))
        )
    )


def sides(reports: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Both sides of every equation in every reading, and what is absent from them.

    Takes the reports (column report_id) and the figures chosen for them. Returns one row per CASE; a class of 0 without
    items has nothing to add up and no row.

    - lhs, rhs, residual, bound: the sides in the base unit, their difference, and the sum of the half-units of the
      figures that took part; empty where the total, a required figure or every part is absent.
    - left, right: the Chinese labels of the sides. parts: the number of figures on the right. facts: those that took part.
    - absent: the concepts without a figure that keep the equation from being evaluated.
    - implied, implied_absent: how many balancing figures the reading has, and how many of them are not printed.
    - listed: whether a part is a list of members. sections: where its figures stand, or would stand, if it has any.
    """
    sums = chosen.group_by("report_id", "component", "group", maintain_order=True).agg(
        value=(pl.col("base") * pl.col("weight")).sum().cast(NUMBER),
        half=(pl.col("half") * pl.col("weight").abs()).sum().cast(NUMBER),
        figures=pl.len(),
        facts="fact",
        printed_in="section",
        title=pl.col("title").first(),
        titles=pl.col("title"),
    )
    # Lists are joined once they are gathered: to join texts group by group takes many times as long.
    return _balance(_cases(reports, sums), sums.with_columns(pl.col("titles").list.join(" + ")))


def unclassified(chosen: pl.DataFrame) -> pl.DataFrame:
    """The reports and equations by class of which an item, not zero, tells no class: report_id, equation."""
    return (
        chosen.filter(pl.col("per") == "class", pl.col("side") == "part", pl.col("class_code").is_null())
        .filter(pl.col("base") != 0)
        .select("report_id", "equation")
        .unique()
    )


def _without_subdivided(candidates: pl.DataFrame) -> pl.DataFrame:
    """Drops from the leaves every member that another one subdivides: its code begins the other's."""
    is_leaf = pl.col("takes").is_in(["leaf", "below"])
    leaves = candidates.filter(is_leaf)
    codes = leaves.select("report_id", "component", "code", below=pl.coalesce("code", "parent"))
    above = [codes.with_columns(above=pl.col("below").str.head(digits)) for digits in (CLASS, GROUP)]
    subdivided = pl.concat(above).filter(pl.col("code").is_null() | (pl.col("above") != pl.col("code")))
    key = ["report_id", "component"]
    kept = leaves.join(subdivided, left_on=[*key, "code"], right_on=[*key, "above"], how="anti", maintain_order="left")
    return pl.concat([candidates.filter(~is_leaf), kept])


def _cases(reports: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """Every case of every report with its number: case."""
    classes = sums.join(components().filter(pl.col("per") != "", pl.col("side") == "total"), on="component")
    return (
        reports.select("report_id")
        .join(_asked(), how="cross")
        .join(classes.select(CASE), on=CASE[:-1], how="left", maintain_order="left")
        .with_columns(pl.col("group").fill_null(""))
        .with_row_index("case")
    )


def _balance(cases: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """One row per case from its components; one row of an equation about tables where no instance of it has any figure."""
    given = sums.join(components().select("component", *READING), on="component", maintain_order="left")
    known = cases.join(given, on=CASE, how="semi", maintain_order="left")
    application = ["report_id", "equation"]
    untold = cases.filter(pl.col("one_for_all") & ~pl.col("first")).join(known, on=application, how="anti")
    terms = (
        known.select("case", "report_id", "group", *READING)
        .join(_terms(), on=READING, maintain_order="left")
        .join(sums, on=["report_id", "component", "group"], how="left", maintain_order="left")
    )
    cases = cases.drop("per", "one_for_all", "first").join(untold, on="case", how="anti", maintain_order="left")
    cases = cases.join(_sums(terms), on="case", how="left", maintain_order="left")
    empty_class = (pl.col("group") != "") & (pl.col("lhs") == 0) & (pl.col("parts") == 0)
    required, zero, implied = (pl.coalesce(f"{policy}_absent", f"all_{policy}") for policy in load.ABSENT)
    computable = (required.list.len() == 0) & (pl.col("parts") > 0)
    return (
        cases.with_columns(pl.col("parts").fill_null(0), pl.col("facts").fill_null([]))
        .filter(~empty_class)
        .join(_readings(), on=READING, maintain_order="left")
        .with_columns(
            pl.when(computable).then(pl.col("lhs", "rhs", "bound")).name.keep(),
            residual=pl.when(computable).then((pl.col("lhs") - pl.col("rhs")).cast(NUMBER)),
            absent=pl.when(required.list.len() > 0)
            .then(required)
            .when(implied.list.len() > 0)
            .then(implied)
            .otherwise(zero),
            implied_absent=implied.list.len(),
        )
        .drop("case", "required_absent", "zero_absent", "in_tables", *(f"all_{policy}" for policy in load.ABSENT))
    )


def _sums(terms: pl.DataFrame) -> pl.DataFrame:
    """What the components of a case give, with the column case."""
    missing = pl.col("value").is_null()
    total = pl.col("side") == "total"
    part = ~total & (pl.col("weight") != 0)
    shown = part & ~missing
    # All parts of one member bear its name: what tells them apart is the concept.
    by_title = (pl.col("takes") != "none") & (pl.col("titles") != "") & (pl.col("per") != "member")
    name = pl.when(by_title).then("titles").otherwise("label_zh")
    label = pl.when(pl.col("weight") < 0).then("− " + name).otherwise(name)
    named = pl.when(pl.col("per") != "").then(pl.coalesce("title", "label_zh")).otherwise("label_zh")
    places = pl.when(~missing).then("printed_in").otherwise("places")
    return (
        terms.with_columns(left=named, right=label, places=places)
        .group_by("case", maintain_order=True)
        .agg(
            pl.col("left").filter(total),
            pl.col("right").filter(shown),
            lhs=pl.col("value").filter(total).sum().cast(NUMBER),
            rhs=pl.col("value").filter(part).sum().cast(NUMBER),
            bound=pl.col("half").sum().cast(NUMBER),
            parts=pl.col("figures").filter(shown).sum(),
            facts=pl.col("facts").explode(empty_as_null=False).drop_nulls(),
            sections=pl.col("places").explode().drop_nulls(),
            **{
                f"{policy}_absent": pl.col("concept").filter(missing & (pl.col("absent") == policy))
                for policy in load.ABSENT
            },
        )
        .with_columns(
            pl.col("left").list.join(" + "),
            pl.col("right").list.join(" + ").str.replace_all("+ −", "−", literal=True),
            pl.col("facts").list.unique().list.sort(),
        )
    )
