"""Reports, facts, mentions and checks agree with each other, with the text, and with the arithmetic that they tell of.

pandera looks at each table by itself as it is written; here all that the run has worked out is looked at together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import Rule, collected, judged, limited_suite, sentence
from expectations.tables import Tables, table
from schemas.table import NUMBER
from schemas.taxonomy.load import RATE_KINDS, SUMS, equations, instances, yuan

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
    Rule("checks-once", "Each instance of an equation is checked once in a report", "critical", 0, 0),
    Rule("checks-of-report", "Every check belongs to a report", "critical", 0, 0),
    Rule("checks-of-facts", "Checks refer to facts that are there", "critical", 0, 0),
    Rule("span-in-text", "Every figure stands in the text that was read, in a block of it, and begins before it ends", "critical", 0, 0),
    Rule("amount-exact", "An amount is the printed number times its unit, to the last digit", "critical", 0, 0),
    Rule("amount-plausible", f"No amount is larger than {LARGEST_AMOUNT:,} yuan", "warning", 0, 0),
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
    """EVIDENCE with `value`, from the curated tables, `raw.blocks` and `raw.fetches`. Everything is compared exactly.

    The large tables stand in many small files: each is read once, and only what a report comes to is kept. Of several
    rows of a report that break one rule the first is told.
    """
    facts, mentions, checks, texts = pl.collect_all(
        [
            _of_facts(table(tables, "curated.facts")),
            _of_mentions(table(tables, "curated.mentions")),
            _of_checks(table(tables, "curated.checks")),
            _of_blocks(table(tables, "raw.blocks")),
        ],
        engine="streaming",
    )
    reports = table(tables, "curated.reports")
    frames = [
        _once(reports),
        *_facts(reports, facts.lazy(), texts.lazy()),
        _mentions(mentions.lazy()),
        *_checks(reports, checks.lazy()),
        _year(reports, table(tables, "raw.fetches")),
    ]
    return collected(RULES, frames)


def _broken(name: str, rows: pl.Expr, *told: str) -> dict[str, pl.Expr]:
    """Of a group: how many rows break a rule, and some columns of the first of them."""
    wrong = rows.fill_null(False)
    return {name: wrong.sum(), f"{name}_told": pl.struct(told).filter(wrong).first()}


def _first(name: str, template: str, *fields: str) -> pl.Expr:
    """The sentence about the first row that breaks a rule, and how many others do."""
    told = pl.col(f"{name}_told").struct
    number = pl.col(name)
    more = pl.when(number > 1).then(sentence(" (and {} more)", number - 1)).otherwise(pl.lit(""))
    return sentence(
        template + "{}", *(told.field(field).cast(pl.String).fill_null("nothing") for field in fields), more
    )


def _of_facts(facts: pl.LazyFrame) -> pl.LazyFrame:
    """By report. Money as printed is compared with money as counted; a number without a unit may have any."""
    units = yuan()
    number, amount = pl.col("number"), pl.col("amount_cny").cast(NUMBER)
    factor = pl.col("unit").replace_strict(units, default=None, return_dtype=pl.Int64)
    inferred = pl.any_horizontal(amount == number * each for each in sorted(set(units.values())))
    counted = pl.when(pl.col("unit") == "").then(inferred).otherwise(amount == number * factor)
    printed = pl.col("value").cast(NUMBER, strict=False).abs() == number.abs()
    money = (pl.col("unit_kind") == "money") & number.is_not_null()
    told = ("fact", "concept", "value", "unit", "number", "amount_cny")
    return facts.group_by("report_id").agg(
        pl.len(),
        numbers=pl.col("fact").n_unique(),
        top=pl.col("fact").max(),
        shortest=(pl.col("end") - pl.col("start")).min(),
        farthest=pl.col("end").max(),
        deepest=pl.col("block").max(),
        **_broken("inexact", money & ~(counted & printed).fill_null(False), *told),
        **_broken("large", pl.col("amount_cny").abs() > LARGEST_AMOUNT, *told),
    )


def _of_mentions(mentions: pl.LazyFrame) -> pl.LazyFrame:
    return mentions.group_by("report_id").agg(pl.len(), numbers=pl.col("mention").n_unique())


def _of_blocks(blocks: pl.LazyFrame) -> pl.LazyFrame:
    return blocks.group_by("document").agg(length=pl.col("end").max(), last=pl.col("block").max())


def _of_checks(checks: pl.LazyFrame) -> pl.LazyFrame:
    """By report. Verdicts are compared with residual and bound where both sides shall be equal, or one not exceed the other.

    Of words, of names and of what must be plausible the residual alone tells nothing.
    """
    rules = equations().filter(pl.col("kind").is_in([*SUMS, "repeat", *RATE_KINDS, "earlier", "carried"]))
    limits = rules.filter(kind="at_most")["equation"]
    one_sided = (
        instances().filter(kind="at_most").select(pl.concat_str("equation", "instance", separator="/")).to_series()
    )
    residual, bound, verdict = (pl.col(name) for name in ("residual", "bound", "verdict"))
    compared = pl.col("equation").is_in(rules["equation"].implode()) & residual.is_not_null() & bound.is_not_null()
    instance = pl.concat_str("equation", pl.col("instance").str.split("/").list.first(), separator="/")
    limit = pl.col("equation").is_in(limits.implode()) | instance.is_in(one_sided.implode())
    above = limit & (residual >= 0)
    # A percentage is exact where it is the rounded quotient, a sum where nothing is left.
    strict = ~pl.col("equation").is_in(rules.filter(pl.col("kind").is_in(RATE_KINDS))["equation"].implode())
    left = pl.when(strict & (verdict == "exact")).then(residual == 0).otherwise(residual.abs() <= bound)
    explained = above | left
    sides = pl.col("lhs").is_not_null() & pl.col("rhs").is_not_null()
    told = ("equation", "instance", "lhs", "rhs", "residual", "bound")
    return checks.group_by("report_id").agg(
        checks=pl.len(),
        keys=pl.struct("equation", "instance").n_unique(),
        top=pl.col("facts").list.max().max(),
        **_broken("unequal", sides & residual.ne_missing(pl.col("lhs") - pl.col("rhs")), *told),
        **_broken("passed", compared & verdict.is_in(["exact", "rounding"]) & ~explained, *told),
        **_broken("found", compared & verdict.is_in(["violated", "acknowledged"]) & (residual.abs() <= bound), *told),
    )


def _once(reports: pl.LazyFrame) -> pl.LazyFrame:
    counted = reports.group_by("report_id").agg(pl.len()).sort("report_id")
    return judged(_RULES["report-once"], counted, pl.col("len"), sentence("the report stands {} times", "len"))


def _facts(reports: pl.LazyFrame, facts: pl.LazyFrame, texts: pl.LazyFrame) -> list[pl.LazyFrame]:
    located = (
        facts.join(reports.select("report_id", "document").unique("report_id"), on="report_id")
        .join(texts, on="document", how="left")
        .sort("report_id")
    )
    numbered = (pl.col("numbers") == pl.col("len")) & (pl.col("top") + 1 == pl.col("len"))
    inside = (
        (pl.col("shortest") > 0)
        & (pl.col("farthest") <= pl.col("length")).fill_null(False)
        & (pl.col("deepest") <= pl.col("last")).fill_null(False)
    )
    numbers = sentence("{} facts have {} numbers, the highest is {}", "len", "numbers", "top")
    outside = sentence(
        "facts reach to character {} of {} and to block {} of {}; the shortest has {} characters",
        "farthest", pl.col("length").fill_null(0), "deepest", pl.col("last").fill_null(0), "shortest",
    )  # fmt: skip
    inexact = _first(
        "inexact",
        "fact {} ({}) prints {} {}, is counted as {} and as {} yuan",
        *("fact", "concept", "value", "unit", "number", "amount_cny"),
    )
    large = _first("large", "fact {} ({}) is {} {}: look at its unit", "fact", "concept", "value", "unit")
    return [
        judged(_RULES["facts-numbered"], located, ~numbered, numbers),
        judged(_RULES["span-in-text"], located, ~inside, outside),
        judged(_RULES["amount-exact"], located, pl.col("inexact"), inexact),
        judged(_RULES["amount-plausible"], located, pl.col("large"), large),
    ]


def _mentions(mentions: pl.LazyFrame) -> pl.LazyFrame:
    told = sentence("{} quantities have {} numbers", "len", "numbers")
    return judged(_RULES["mentions-once"], mentions.sort("report_id"), pl.col("len") - pl.col("numbers"), told)


def _checks(reports: pl.LazyFrame, checks: pl.LazyFrame) -> list[pl.LazyFrame]:
    known = reports.select("report_id", "entity", counted="facts").unique("report_id")
    both = known.join(checks, on="report_id", how="left").with_columns(pl.col("checks").fill_null(0)).sort("report_id")
    own = checks.join(known, on="report_id", how="left").sort("report_id")
    twice = pl.col("checks").cast(pl.Int64) - pl.col("keys")
    beyond = pl.col("top") >= pl.col("counted")
    sides = ("equation", "instance", "lhs", "rhs", "residual", "bound")
    left = "{} {}: {} less {} leaves {}, and rounding explains {}"
    return [
        judged(_RULES["checks-there"], both, pl.col("checks"), sentence("{} has no checks at all", "entity")),
        judged(_RULES["checks-once"], own, twice, sentence("{} checks are of {} instances", "checks", "keys")),
        judged(
            _RULES["checks-of-report"],
            own,
            pl.col("counted").is_null(),
            sentence("{} checks are of a report that is not there", "checks"),
        ),
        judged(
            _RULES["checks-of-facts"],
            both.drop_nulls("top"),
            beyond,
            sentence("a check refers to fact {}, and the report has {}", "top", "counted"),
        ),
        judged(_RULES["residual-exact"], own, pl.col("unequal"), _first("unequal", left, *sides)),
        judged(_RULES["pass-explained"], own, pl.col("passed"), _first("passed", left, *sides)),
        judged(_RULES["finding-explained"], own, pl.col("found"), _first("found", left, *sides)),
    ]


def _year(reports: pl.LazyFrame, fetches: pl.LazyFrame) -> pl.LazyFrame:
    fetched = fetches.drop_nulls("document").group_by("document").agg(fetched=pl.col("fetched_at").max().dt.year())
    dated = reports.join(fetched, on="document").drop_nulls("fetched").sort("report_id")
    told = sentence(
        "the report is about {}, and was fetched in {}: its year was read wrongly", "fiscal_year", "fetched"
    )
    return judged(_RULES["year-over"], dated, pl.col("fetched") - pl.col("fiscal_year"), told)
