"""B12: whether the name beside a code in a public table, of a function or an economic class, is that of the classification."""

from __future__ import annotations

from functools import cache

import polars as pl

from schemas.sections import PUBLIC_TABLE
from schemas.taxonomy import load
from tasks.reconcile.identity import violations

ECONOMIC = "economic_class_expenditure"
REVISED = 2018
"""The first fiscal year of the economic classes that the taxonomy has: before it their codes meant something else."""

DROPPED = r"[\s的与和及、,，.·()（）\[\]《》“”]|支出$"
"""Names are compared without these: publishers leave them out and put them in."""


def names(facts: pl.DataFrame) -> pl.DataFrame:
    """One violated check for each code of a report whose printed name is another one's.

    A name that the code has had in another year counts, for publishers keep old ones; so does one that is a part of it,
    or the other way round, for forms cut names. Codes that the taxonomy does not know are not judged. Returns the
    columns of curated.checks but those that name publisher, year and finding.
    """
    revised = (pl.col("concept") == ECONOMIC) & (pl.col("fiscal_year") >= REVISED)
    printed = (
        facts.filter(pl.col("section").str.starts_with(PUBLIC_TABLE), pl.col("member_code").is_not_null())
        .filter(pl.col("concept").str.contains("function") | revised)
        .group_by("report_id", "member_code", "member_name", maintain_order=True)
        .agg(facts=pl.col("fact"))
        .join(_official(), left_on="member_code", right_on="code")
        .with_columns(said=_plain(pl.col("member_name")))
    )
    same = pl.col("official").str.contains(pl.col("said"), literal=True) | pl.col("said").str.contains(
        pl.col("official"), literal=True
    )
    key = ["report_id", "member_code", "member_name"]
    fitting = printed.filter(same).select(key).unique()
    wrong = printed.join(fitting, on=key, how="anti").unique(key, keep="first", maintain_order=True)
    told = pl.format("{} is {} in the classification, not {}", "member_code", "name", "member_name")
    return violations(wrong.with_columns(instance=pl.concat_str("member_code", "member_name"), told=told), "names")


@cache
def _official() -> pl.DataFrame:
    """code, name, and one row for each `official` form of the name: itself and its aliases."""
    return (
        pl.concat(table.select("code", "name", "aliases") for table in (load.functions(), load.economic_classes()))
        .with_columns(official=pl.concat_list(pl.concat_list("name"), pl.col("aliases").str.split("|")))
        .explode("official")
        .filter(pl.col("official") != "")
        .with_columns(official=_plain(pl.col("official")))
        .select("code", "name", "official")
    )


def _plain(name: pl.Expr) -> pl.Expr:
    return name.str.normalize("NFKC").str.replace_all("其它", "其他").str.replace_all(DROPPED, "")
