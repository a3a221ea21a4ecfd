"""T02: whether the projects that a report discloses are told in words and in tables, under the same names."""

from __future__ import annotations

import polars as pl

from schemas.sections import PROJECT_TABLE
from schemas.table import NUMBER
from schemas.taxonomy import load

JOINT = "个项目合并填报"
"""Ends the name of a table that reports several projects (`tasks.extract.projects`)."""

TOLD_BY = ("project_budget", "project_executed")
DISCLOSED = "project_disclosed_count"
WORDS, TABLES = ("十", "十（四）"), (PROJECT_TABLE,)


def projects(reports: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """One judged case for each way of telling projects that a report uses, `not_evaluated` where it tells none.

    - `narratives`: as many projects are told in words as the report says that it discloses.
    - `tables`: so many have a table; where the report does not say how many, as many as are told in words. Nothing is
      said of a report whose table holds several projects.
    - `names`: where there are as many tables as narratives, they name the same projects.

    Returns the columns of curated.checks but those that name publisher, year and finding.
    """
    told = figures.filter(pl.col("concept").is_in(TOLD_BY), pl.col("period") == "current", pl.col("name").is_not_null())
    disclosed = (
        figures.filter(pl.col("concept") == DISCLOSED, pl.col("base") > 0)
        .unique("report_id", keep="first", maintain_order=True)
        .select("report_id", disclosed="base", disclosed_fact="fact")
    )
    table = (
        reports.select("report_id")
        .join(disclosed, on="report_id", how="left", maintain_order="left")
        .join(_names(told, WORDS, "words"), on="report_id", how="left", maintain_order="left")
        .join(_names(told, TABLES, "tables"), on="report_id", how="left", maintain_order="left")
    )
    joint = pl.col("tables").list.eval(pl.element().str.ends_with(JOINT)).list.any()
    table = table.with_columns(tables=pl.when(~joint).then("tables")).with_columns(
        in_words=pl.col("words").list.len().cast(NUMBER), in_tables=pl.col("tables").list.len().cast(NUMBER)
    )
    said = table.with_columns(number=pl.coalesce("disclosed", "in_words"))
    cases = pl.concat(
        [
            _counted(table, "narratives", "disclosed", "in_words", "are told in words"),
            _counted(said, "tables", "number", "in_tables", "have a table"),
            _named(table.filter(pl.col("in_words") == pl.col("in_tables"))),
        ]
    )
    severity = pl.lit(_rule()["severity"])
    return pl.concat([cases, _absent(reports, cases)], how="diagonal").with_columns(severity=severity)


def _counted(table: pl.DataFrame, instance: str, announced: str, told: str, way: str) -> pl.DataFrame:
    """As many projects as announced are told in one way; where they are fewer, the message names those without."""
    missing = pl.col("words").list.set_difference("tables").list.join("、")
    without = pl.when((missing != "") & (pl.col(told) < pl.col(announced))).then("; without one: " + missing)
    said = pl.format("{} {} projects are disclosed, {} {}", "equation", _whole(announced), _whole(told), pl.lit(way))
    return (
        table.filter(pl.col(announced).is_not_null(), pl.col(told) > 0)
        .with_columns(
            instance=pl.lit(instance),
            equation=pl.lit(_rule()["equation"]),
            lhs=announced,
            rhs=told,
            holds=pl.col(announced) == pl.col(told),
            without=without.fill_null("") if instance == "tables" else pl.lit(""),
        )
        .with_columns(message=said + pl.col("without"))
        .pipe(_columns)
    )


def _named(table: pl.DataFrame) -> pl.DataFrame:
    """The projects that are told in words are those that have tables."""
    table = table.with_columns(
        equation=pl.lit(_rule()["equation"]),
        instance=pl.lit("names"),
        lhs=pl.lit(None, NUMBER),
        rhs=pl.lit(None, NUMBER),
        missing=pl.col("words").list.set_difference("tables").list.sort().list.join("、"),
        alone=pl.col("tables").list.set_difference("words").list.sort().list.join("、"),
    )
    differ = pl.format("{} {} has no table, and the table of {} no words", "equation", "missing", "alone")
    same = pl.format("{} all {} projects have words and a table", "equation", _whole("in_words"))
    return table.with_columns(
        holds=pl.col("missing") == "", message=pl.when(pl.col("missing") == "").then(same).otherwise(differ)
    ).pipe(_columns)


def _absent(reports: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """One case for each report that tells no project, or in one way only without saying how many there are."""
    rule = _rule()
    return (
        reports.select("report_id")
        .join(cases, on="report_id", how="anti")
        .with_columns(
            equation=pl.lit(rule["equation"]),
            instance=pl.lit(""),
            unit_kind=pl.lit("count"),
            verdict=pl.lit("not_evaluated"),
            diagnosis=pl.lit(f"absent: {DISCLOSED}"),
            message=pl.lit(
                f"{rule['equation']} {rule['title']}; not evaluated: no two of number, words and tables are given"
            ),
            facts=pl.lit([], pl.List(pl.Int32)),
        )
    )


def _columns(table: pl.DataFrame) -> pl.DataFrame:
    told = (pl.col(f"{way}_facts").fill_null([]) for way in ("words", "tables"))
    counted = pl.concat_list("disclosed_fact", *told).list.drop_nulls().list.sort()
    return table.select(
        "report_id",
        "equation",
        "instance",
        "lhs",
        "rhs",
        "message",
        unit_kind=pl.lit("count"),
        residual=(pl.col("lhs") - pl.col("rhs")).cast(NUMBER),
        bound=pl.when(pl.col("lhs").is_not_null()).then(pl.lit(0, NUMBER)),
        verdict=pl.when("holds").then(pl.lit("exact")).otherwise(pl.lit("violated")),
        diagnosis=pl.lit(None, pl.String),
        facts=counted,
    )


def _whole(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int64).cast(pl.String)


def _rule() -> dict[str, str]:
    return load.equations().row(by_predicate=pl.col("kind") == "projects", named=True)


def _names(told: pl.DataFrame, sections: tuple[str, ...], way: str) -> pl.DataFrame:
    """The names of the projects that these sections tell, and one fact of each."""
    return (
        told.filter(pl.col("section").is_in(sections))
        .unique(["report_id", "name"], keep="first", maintain_order=True)
        .group_by("report_id", maintain_order=True)
        .agg(pl.col("name").alias(way), pl.col("fact").alias(f"{way}_facts"))
    )
