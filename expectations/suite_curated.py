"""Reports, facts, mentions and checks agree with each other, with the text, and with the arithmetic that they tell of.

pandera looks at each table by itself as it is written; here all that the run has worked out is looked at together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import Rule, collected, judged, limited_suite, sentence
from expectations.tables import Tables, table
from schemas.table import NUMBER
from schemas.taxonomy.load import equations, yuan

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "curated"

LARGEST_AMOUNT = 10_000_000_000_000
"""Yuan. The general public budgets of all of China spend about thirty trillion a year, the largest single department a
few trillion: what is above ten was read with a wrong unit, or two numbers were read as one."""

RULES = (
    Rule("report-once", "A report stands once", "critical", at_most=1),
    Rule("facts-numbered", "The facts of a report are numbered from 0 without a gap", "critical", 0, 0),
    Rule("mentions-once", "The quantities of a report are numbered, each number once", "critical", 0, 0),
    Rule("checks-there", "Every report has checks", "critical", at_least=1),
    Rule("checks-once", "Each instance of an equation is checked once in a report", "critical", at_most=1),
    Rule("checks-of-report", "Every check belongs to a report", "critical", 0, 0),
    Rule("checks-of-facts", "Checks refer to facts that are there", "critical", 0, 0),
    Rule("span-in-text", "Every figure stands in the text that was read, in a block of it, and begins before it ends", "critical", 0, 0),
    Rule("amount-exact", "An amount is the printed number times its unit, to the last digit", "critical", 0, 0),
    Rule("amount-plausible", f"No amount is larger than {LARGEST_AMOUNT:,} yuan", "warning", at_most=LARGEST_AMOUNT),
    Rule("residual-exact", "A residual is the left side less the right side, to the last digit", "critical", 0, 0),
    Rule("pass-explained", "What counts as exact or as rounding is within its bound", "critical", 0, 0),
    Rule("finding-explained", "What counts as violated is beyond its bound", "warning", 0, 0),
    Rule("year-over", "A report is about a year that was over when it was fetched", "warning", at_least=1),
)  # fmt: skip

_RULES = {each.name: each for each in RULES}


def build_suite() -> ExpectationSuite:
    """Keys, references, spans, amounts and verdicts."""
    return limited_suite(NAME, RULES)


def evidence(tables: Tables) -> pl.DataFrame:
    """EVIDENCE with `value`, from the curated tables, `raw.blocks` and `raw.fetches`. Everything is compared exactly."""
    reports = table(tables, "curated.reports")
    checks = table(tables, "curated.checks")
    frames = [
        _once(reports),
        *_facts(reports, table(tables, "curated.facts"), table(tables, "raw.blocks")),
        _mentions(table(tables, "curated.mentions")),
        *_amounts(table(tables, "curated.facts")),
        *_checks(reports, checks),
        *_verdicts(checks),
        _year(reports, table(tables, "raw.fetches")),
    ]
    return collected(RULES, frames)


def _once(reports: pl.LazyFrame) -> pl.LazyFrame:
    counted = reports.group_by("report_id").agg(pl.len()).sort("report_id")
    return judged(_RULES["report-once"], counted, pl.col("len"), sentence("the report stands {} times", "len"))


def _facts(reports: pl.LazyFrame, facts: pl.LazyFrame, blocks: pl.LazyFrame) -> list[pl.LazyFrame]:
    texts = blocks.group_by("document").agg(length=pl.col("end").max(), last=pl.col("block").max())
    known = facts.group_by("report_id").agg(
        pl.len(),
        numbers=pl.col("fact").n_unique(),
        top=pl.col("fact").max(),
        reversed=pl.col("fact").filter(pl.col("start") >= pl.col("end")).first(),
        farthest=pl.col("end").max(),
        deepest=pl.col("block").max(),
    )
    located = (
        known.join(reports.select("report_id", "document"), on="report_id")
        .join(texts, on="document", how="left")
        .sort("report_id")
    )
    numbered = (pl.col("numbers") == pl.col("len")) & (pl.col("top") + 1 == pl.col("len"))
    inside = (
        pl.col("reversed").is_null()
        & (pl.col("farthest") <= pl.col("length")).fill_null(False)
        & (pl.col("deepest") <= pl.col("last")).fill_null(False)
    )
    told = sentence("{} facts have {} numbers, the highest is {}", "len", "numbers", "top")
    outside = sentence(
        "facts reach to character {} of {} and to block {} of {}{}",
        "farthest",
        pl.col("length").fill_null(0),
        "deepest",
        pl.col("last").fill_null(0),
        sentence("; fact {} ends before it begins", "reversed").fill_null(""),
    )
    return [
        judged(_RULES["facts-numbered"], located, ~numbered, told),
        judged(_RULES["span-in-text"], located, ~inside, outside),
    ]


def _mentions(mentions: pl.LazyFrame) -> pl.LazyFrame:
    known = mentions.group_by("report_id").agg(pl.len(), numbers=pl.col("mention").n_unique()).sort("report_id")
    told = sentence("{} quantities have {} numbers", "len", "numbers")
    return judged(_RULES["mentions-once"], known, pl.col("len") - pl.col("numbers"), told)


def _amounts(facts: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Money as printed against money as counted. A number without a unit beside it may have any unit of money."""
    units = yuan()
    money = facts.filter(pl.col("unit_kind") == "money", pl.col("number").is_not_null())
    number, amount = pl.col("number"), pl.col("amount_cny").cast(NUMBER)
    factor = pl.col("unit").replace_strict(units, default=None, return_dtype=pl.Int64)
    inferred = pl.any_horizontal(amount == number * each for each in sorted(set(units.values())))
    counted = pl.when(pl.col("unit") == "").then(inferred).otherwise(amount == number * factor)
    printed = pl.col("value").cast(NUMBER, strict=False).abs() == number.abs()
    told = sentence(
        "fact {} ({}) prints {} {}, is counted as {} and as {} yuan",
        "fact", "concept", "value", "unit", "number", pl.col("amount_cny").cast(pl.String).fill_null("no"),
    )  # fmt: skip
    large = sentence("fact {} ({}) is {} {}: look at its unit", "fact", "concept", "value", "unit")
    return [
        judged(_RULES["amount-exact"], money, ~(counted & printed).fill_null(False), told),
        judged(_RULES["amount-plausible"], money.drop_nulls("amount_cny"), pl.col("amount_cny").abs(), large),
    ]


def _checks(reports: pl.LazyFrame, checks: pl.LazyFrame) -> list[pl.LazyFrame]:
    of_report = checks.group_by("report_id").agg(checks=pl.len(), top=pl.col("facts").list.max().max())
    known = reports.select("report_id", "entity", counted="facts")
    both = (
        known.join(of_report, on="report_id", how="left").with_columns(pl.col("checks").fill_null(0)).sort("report_id")
    )
    strangers = of_report.join(known, on="report_id", how="left").sort("report_id")
    key = ("report_id", "equation", "instance")
    times = checks.group_by(key).agg(pl.len()).sort(key)
    return [
        judged(_RULES["checks-there"], both, pl.col("checks"), sentence("{} has no checks at all", "entity")),
        judged(_RULES["checks-once"], times, pl.col("len"), sentence("{} {} is checked {} times", "equation", "instance", "len")),
        judged(
            _RULES["checks-of-report"],
            strangers,
            pl.col("counted").is_null(),
            sentence("{} checks are of a report that is not there", "checks"),
        ),
        judged(
            _RULES["checks-of-facts"],
            both.drop_nulls("top"),
            pl.col("top") >= pl.col("counted"),
            sentence("a check refers to fact {}, and the report has {}", "top", "counted"),
        ),
    ]  # fmt: skip


def _verdicts(checks: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Verdicts against residual and bound; rules without sides, such as those about names, have neither."""
    at_most = equations().filter(kind="at_most")["equation"].implode()
    residual, bound = pl.col("residual"), pl.col("bound")
    named = sentence("{} {}: {} less {} leaves {}, rounding explains {}", "equation", "instance", *(
        pl.col(side).cast(pl.String).fill_null("nothing") for side in ("lhs", "rhs", "residual", "bound")
    ))  # fmt: skip
    sides = checks.drop_nulls(["lhs", "rhs"])
    judged_ones = checks.drop_nulls(["residual", "bound"])
    exact = (residual == 0) | (pl.col("equation").is_in(at_most) & (residual >= 0))
    explained = pl.when(pl.col("verdict") == "exact").then(exact).otherwise(residual.abs() <= bound)
    passed = judged_ones.filter(pl.col("verdict").is_in(["exact", "rounding"]))
    found = judged_ones.filter(pl.col("verdict").is_in(["violated", "acknowledged"]))
    return [
        judged(_RULES["residual-exact"], sides, residual.ne_missing(pl.col("lhs") - pl.col("rhs")), named),
        judged(_RULES["pass-explained"], passed, ~explained, named),
        judged(_RULES["finding-explained"], found, residual.abs() <= bound, named),
    ]


def _year(reports: pl.LazyFrame, fetches: pl.LazyFrame) -> pl.LazyFrame:
    fetched = fetches.drop_nulls("document").group_by("document").agg(fetched=pl.col("fetched_at").max().dt.year())
    dated = reports.join(fetched, on="document").drop_nulls("fetched").sort("report_id")
    told = sentence(
        "the report is about {}, and was fetched in {}: its year was read wrongly", "fiscal_year", "fetched"
    )
    return judged(_RULES["year-over"], dated, pl.col("fetched") - pl.col("fiscal_year"), told)
