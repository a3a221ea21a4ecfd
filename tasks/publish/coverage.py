"""The mart `coverage`: who has published, who has not, and why."""

from __future__ import annotations

import polars as pl

from schemas import marts
from tasks.extract.identity.regions import around
from tasks.publish.identity import UNKNOWN_REGION

TABLE = marts.COVERAGE_TABLE
_ENTITY = ["fiscal_year", "region_code", "entity"]
_WEIGHT = {"published": 0, "held": 1, "unreadable": 2, "missing": 2}


def coverage(
    expected: pl.DataFrame,
    reports: pl.DataFrame,
    statuses: pl.DataFrame,
    outcomes: pl.DataFrame,
    checks: pl.LazyFrame,
    superseded: pl.DataFrame,
    roster: pl.DataFrame,
) -> pl.DataFrame:
    """marts.coverage of one run.

    `expected`: what the catalogue expects, one row per source location: source, url and, where the
    catalogue gives them, fiscal_year, region_code, entity, entity_key, kind. `roster`: who is to publish, one row per
    organisation, fiscal year and kind (fiscal_year, region_code, entity, kind, keys, due, late); what is about one of them,
    by any of its keys, is told under its name, and those that nothing is about are missing. `reports`: curated, without the
    superseded ones, whose url and document `superseded` holds. A copy of a report at a second location
    is no row of its own.
    """
    there = reports.join(statuses, on="report_id", validate="1:1").join(
        _reasons(reports, outcomes, checks), on="report_id", how="left", validate="1:1"
    )
    held = pl.col("status") == "held"
    read = there.select(
        "fiscal_year",
        pl.when(pl.col("region_code") != UNKNOWN_REGION).then("region_code").alias("region_code"),
        pl.when(pl.col("entity") != "").then("entity").alias("entity"),
        "entity_key",
        "kind",
        "source",
        "url",
        pl.when(held).then(pl.lit("held")).otherwise(pl.lit("published")).alias("status"),
        "report_id",
        pl.when(held).then(pl.col("why").fill_null("Held by the audit.")).otherwise(pl.lit("")).alias("why"),
    )
    failed = _failed(outcomes).join(read, on="url", how="anti").join(superseded, on="url", how="anti")
    copies = outcomes.join(
        pl.concat([reports["document"], superseded["document"]]).to_frame(), on="document", how="semi"
    )
    told = pl.concat([read["url"], failed["url"], superseded["url"], copies["url"]]).to_frame()
    silent = (
        expected.join(told, on="url", how="anti")
        .unique("url", keep="first", maintain_order=True)
        .select("source", "url", status=pl.lit("missing"), why=pl.lit("The run recorded nothing about it."))
    )
    known = expected.unique("url", keep="first", maintain_order=True).select("url", *_ENTITY, "entity_key", "kind")
    unread = pl.concat([failed, silent]).join(known, on="url", how="left", validate="1:1")
    told = pl.concat([read, unread.select(*read.columns[:-2], pl.lit(None, pl.String).alias("report_id"), "why")])
    return settle(_complete(_listed(told, roster)))


def _listed(rows: pl.DataFrame, roster: pl.DataFrame) -> pl.DataFrame:
    """The rows with name, kind, due and late of the roster, and a missing row for each of the roster that none is about."""
    place = ["fiscal_year", "region_code", "entity", "kind"]
    known = roster.select(*place[:2], "keys", "due", "late", listed="entity", listed_kind="kind").with_row_index(
        "number"
    )
    by_name = known.explode("keys").rename({"keys": "entity_key"})
    found = (
        rows.with_row_index("row")
        .join(by_name, on=["fiscal_year", "region_code", "entity_key"], how="left", maintain_order="left")
        .with_columns(
            fits=(pl.col("kind") == pl.col("listed_kind")) | (pl.col("kind").is_null() & (pl.len().over("row") == 1))
        )
        .with_columns(pl.when("fits").then(name) for name in ("number", "listed", "listed_kind", "due", "late"))
        .sort("row", "number", nulls_last=True, maintain_order=True)
        .unique("row", keep="first", maintain_order=True)
        .with_columns(entity=pl.coalesce("listed", "entity"), kind=pl.coalesce("kind", "listed_kind"))
        .with_columns(late=pl.when(pl.col("late").is_not_null()).then(pl.col("late") & (pl.col("status") == "missing")))
    )
    absent = known.join(found.drop_nulls("number"), on="number", how="anti", maintain_order="left")
    due = pl.col("due").dt.to_string("%Y-%m-%d")
    missing = absent.select(
        *place[:2],
        pl.col("listed").alias("entity"),
        pl.col("listed_kind").alias("kind"),
        source=pl.lit("roster"),
        url="roster:" + pl.concat_str("region_code", "listed", "listed_kind", "fiscal_year", separator="/"),
        status=pl.lit("missing"),
        why=pl.when("late")
        .then(pl.format("It was to be published by {}, and no source has it.", due))
        .otherwise(pl.format("It is not due before {}.", due)),
        due="due",
        late="late",
    )
    return pl.concat([found, missing], how="diagonal_relaxed")


def settle(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per expected report from rows of marts.coverage, later ones being newer.

    Of several rows about the same entity, fiscal year and kind, a published report counts first, then a
    held one, then the newest; why a later attempt failed is told with it. A row without identity takes that of a
    row with the same url, one without a kind that of the same entity and year.
    """
    rows = rows.with_row_index("age").with_columns(
        pl.col(name).fill_null(pl.col(name).drop_nulls().first().over("url")) for name in (*_ENTITY, "kind")
    )
    known = pl.all_horizontal(pl.col(_ENTITY).is_not_null())
    kind = pl.col("kind").fill_null(pl.col("kind").drop_nulls().first().over(_ENTITY))
    rows = rows.with_columns(kind=pl.when(known).then(kind).otherwise("kind"))
    place = pl.concat_str(*_ENTITY, pl.col("kind").fill_null(""), separator="/")
    rows = rows.with_columns(place=pl.when(known).then(place).otherwise("url")).sort(
        "place",
        pl.col("status").replace_strict(_WEIGHT, return_dtype=pl.Int8),
        pl.col("age"),
        descending=[False, False, True],
    )
    why = pl.col("why")
    later = why.filter((pl.col("age") > pl.col("age").first()) & (why != "")).first()
    return (
        rows.group_by("place", maintain_order=True)
        .agg(
            pl.exclude("why", "place").first(),
            pl.when(why.first() != "").then(why.first()).otherwise(later).fill_null("").alias("why"),
        )
        .drop("region_name")
        .join(_region_names(rows), on=["fiscal_year", "region_code"], how="left", validate="m:1")
        .select(TABLE.schema.names())
        .sort(TABLE.key)
    )


def _region_names(rows: pl.DataFrame) -> pl.DataFrame:
    """The full name that each region of the rows has in each of their fiscal years, where it has one."""
    places = rows.select("fiscal_year", "region_code").drop_nulls().unique().sort("fiscal_year", "region_code")
    names = [
        next(filter(None, (known.full_name(code) for known in around(year))), None) for year, code in places.iter_rows()
    ]
    return places.with_columns(pl.Series("region_name", names, pl.String))


def _failed(outcomes: pl.DataFrame) -> pl.DataFrame:
    """source, url, status and why of the locations that gave no report."""
    return (
        outcomes.filter(pl.col("outcome").is_in(["unreadable", "missing"]))
        .unique("url", keep="last", maintain_order=True)
        .select("source", "url", status="outcome", why="message")
    )


def _reasons(reports: pl.DataFrame, outcomes: pl.DataFrame, checks: pl.LazyFrame) -> pl.DataFrame:
    """report_id and why of reports that violate hard checks or that a stage held."""
    violated = (
        checks.filter((pl.col("verdict") == "violated") & (pl.col("severity") == "H"))
        .select("report_id", "equation", "instance", "message")
        .collect(engine="streaming")
        .sort("report_id", "equation", "instance")
        .group_by("report_id", maintain_order=True)
        .agg(why=pl.col("message").str.join(" "))
    )
    stopped = (
        outcomes.filter(pl.col("outcome") == "held", pl.col("report_id").is_not_null())
        .unique("report_id", keep="last", maintain_order=True)
        .select("report_id", message="message")
    )
    return (
        reports.select("report_id")
        .join(violated, on="report_id", how="left", validate="1:1")
        .join(stopped, on="report_id", how="left", validate="1:1")
        .select("report_id", why=pl.coalesce("why", "message"))
    )


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every column of the table, in its order and types."""
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in TABLE.schema.items() if name not in rows.columns]
    return rows.with_columns(missing).select(TABLE.schema.names()).cast(TABLE.schema)
