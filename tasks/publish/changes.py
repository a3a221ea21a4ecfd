"""What differs between two releases: reports, their status, and their figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from schemas.companions import CHANGES
from schemas.table import NUMBER
from tasks.publish.identity import slot
from tasks.publish.slices import SLICE, rows_of
from tasks.publish.statements import in_order

Tables = Mapping[str, pl.LazyFrame]
"""The marts of one release by name, in the columns of today."""

_WHO = ("fiscal_year", "region_code", "region_name", "entity", "kind")
_MEMBER = ("concept", "member_code", "member_name", "parent_code", "period", "unit_kind")
_NUMBERS = ("money", "percent", "count")


def changes(before: Tables, now: Tables) -> pl.DataFrame:
    """The table CHANGES of two releases.

    A report of the one is compared with the same document of the other, else with the other document of the same
    publication. Figures are compared where document or code differ: of each concept, member and period the statement
    that counts. The same amount in another unit is the same figure.
    """
    old, new = (_reports(tables) for tables in (before, now))
    pairs = _pairs(old, new)
    added = new.join(pairs, on="report_id", how="anti").with_columns(change=pl.lit("added"), why=pl.lit("new_report"))
    parts = [_rows(added), _removed(old, pairs, now), *_reissued(pairs)]
    parts += [_figures(part, before, now) for part in _parts(pairs)]
    return pl.concat([CHANGES.frame(), *parts]).sort(CHANGES.key)


def _reports(tables: Tables) -> pl.DataFrame:
    columns = ("report_id", *_WHO, "entity_key", "status", "code_revision", "facts")
    return tables["reports"].select(*columns, slot()).collect(engine="streaming")


def _pairs(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Reports of both releases: those of now, beside them report_before, status_before, code_before, year_before, facts_before."""
    other = old.select(
        slot_before="slot",
        report_before="report_id",
        status_before="status",
        code_before="code_revision",
        year_before="fiscal_year",
        facts_before="facts",
    )
    same = new.join(other, left_on="report_id", right_on="report_before", coalesce=False)
    left = other.join(same, on="report_before", how="anti")
    rest = new.join(same, on="report_id", how="anti").join(left, left_on="slot", right_on="slot_before", coalesce=False)
    return pl.concat([same, rest.select(same.columns)])


def _removed(old: pl.DataFrame, pairs: pl.DataFrame, now: Tables) -> pl.DataFrame:
    """Reports that are there no more: held, as the coverage of now tells of the document or of the publication, or gone."""
    who = ["fiscal_year", "region_code", "entity", "kind"]
    held = now["coverage"].filter(status="held").select("report_id", *who).collect(engine="streaming")
    gone = old.join(pairs, left_on="report_id", right_on="report_before", how="anti").with_columns(
        by_document=pl.col("report_id").is_in(held["report_id"].implode())
    )
    named = gone.join(held.select(who).unique(), on=who, how="semi")
    is_held = pl.col("by_document") | pl.col("report_id").is_in(named["report_id"].implode())
    why = pl.when(is_held).then(pl.lit("held")).otherwise(pl.lit("gone"))
    return _rows(gone.with_columns(change=pl.lit("removed"), why=why, report_before="report_id"))


def _reissued(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Other documents of the same publication, and other statuses of the same report."""
    replaced = pairs.filter(pl.col("report_id") != pl.col("report_before"))
    yield _rows(replaced.with_columns(change=pl.lit("replaced"), why=pl.lit("new_document")))
    another = pairs.filter(pl.col("status") != pl.col("status_before"))
    why = pl.when(pl.col("report_id") == pl.col("report_before")).then(pl.lit("review")).otherwise(_why())
    yield _rows(another.with_columns(change=pl.lit("status"), why=why, before="status_before", now="status"))


def _parts(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Pairs whose figures may differ, so many at a time that about SLICE facts are compared."""
    differ = (pl.col("report_id") != pl.col("report_before")) | (pl.col("code_revision") != pl.col("code_before"))
    number = (pl.col("facts") + pl.col("facts_before")).cum_sum() // SLICE
    suspects = pairs.filter(differ).sort("fiscal_year", "region_code", "report_id").with_columns(slice=number)
    yield from suspects.partition_by("slice", maintain_order=True, include_key=False)


def _figures(pairs: pl.DataFrame, before: Tables, now: Tables) -> pl.DataFrame:
    """Figures of these reports that are others, new, or there no more."""
    old_reports = pairs.select(report_id="report_before", fiscal_year="year_before", pair="report_id")
    old = _stated(before, old_reports)
    new = _stated(now, pairs.select("report_id", "fiscal_year", pair="report_id"))
    key = ["pair", *_MEMBER]
    met = new.join(old, on=key, how="full", coalesce=True, nulls_equal=True, suffix="_before", validate="1:1")
    other = met.filter(pl.col("number").ne_missing(pl.col("number_before")))
    told = other.rename(
        {"pair": "report_id", "printed": "now", "printed_before": "before", "number": "number_now", "fact": "fact_now"}
    )
    return _rows(told.join(pairs, on="report_id", validate="m:1").with_columns(change=pl.lit("figure"), why=_why()))


def _stated(tables: Tables, reports: pl.DataFrame) -> pl.DataFrame:
    """Of each member, concept and period of these reports the statement that counts, with `pair` of its report."""
    coded = pl.col("member_code").is_not_null()
    facts = rows_of(tables["facts"], reports).filter(
        pl.col("unit_kind").is_in(_NUMBERS), pl.col("state") != "template_left_over"
    )
    return (
        in_order(facts)
        .join(reports.select("report_id", "pair"), on="report_id", validate="m:1")
        .with_columns(
            pl.when(~coded).then("member_name").alias("member_name"),
            pl.when(~coded).then("parent_code").alias("parent_code"),
            number=pl.coalesce(pl.col("amount_cny").cast(NUMBER), "number"),
            printed=pl.col("value") + pl.col("unit"),
        )
        .unique(["pair", *_MEMBER], keep="first", maintain_order=True)
        .select("pair", *_MEMBER, "number", "printed", "fact")
    )


def _why() -> pl.Expr:
    same_document = pl.col("report_id") == pl.col("report_before")
    same_code = pl.col("code_revision") == pl.col("code_before")
    return (
        pl.when(same_document)
        .then(pl.lit("new_code"))
        .when(same_code)
        .then(pl.lit("new_document"))
        .otherwise(pl.lit("new_document_and_code"))
    )


def _rows(found: pl.DataFrame) -> pl.DataFrame:
    """Rows of CHANGES; columns that say nothing here are empty."""
    empty = [pl.lit(None, dtype).alias(name) for name, dtype in CHANGES.schema.items() if name not in found.columns]
    return found.with_columns(empty).select(CHANGES.schema.names())
