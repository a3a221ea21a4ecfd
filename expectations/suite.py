"""What a suite is, and how its expectations are named.

A suite is a module. It computes its evidence exactly, in polars: one row per thing examined, with
the column that its expectations look at. Great Expectations then asserts and never recomputes,
because it reads pandas frames only and has no exact decimals. It is imported inside functions: the
import takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import polars as pl

from expectations.tables import Tables
from schemas.table import NUMBER

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.expectation import ColumnMapExpectation


_WEIGHED = "_weighed"
"""The value that is judged, beside the columns of what it is the value of."""


class Suite(Protocol):
    """A module with a name, the expectations, and the evidence that they look at."""

    NAME: str

    def build_suite(self) -> ExpectationSuite:
        """The expectations. Takes nothing, reads no data of the run."""
        ...

    def evidence(self, tables: Tables) -> pl.DataFrame:
        """Rows with the columns of `tables.EVIDENCE`, and those that the expectations look at."""
        ...


class Rule(NamedTuple):
    """One rule about a number of each thing examined: a count, a share, a distance. Its limits are inclusive."""

    name: str
    description: str
    severity: str
    at_least: int | None = None
    at_most: int | None = None

    @property
    def bound(self) -> str:
        """The limits in words."""
        told = [("at least", self.at_least), ("at most", self.at_most)]
        return ", ".join(f"{word} {limit}" for word, limit in told if limit is not None)

    def keeps(self, value: pl.Expr) -> pl.Expr:
        """Whether a value is within the limits; a value that is not known is not."""
        above = value >= self.at_least if self.at_least is not None else pl.lit(True)
        below = value <= self.at_most if self.at_most is not None else pl.lit(True)
        return (above & below & value.is_not_null()).fill_null(False)


def rule(
    kind: type[ColumnMapExpectation], name: str, description: str, severity: str, **asserts: Any
) -> ColumnMapExpectation:
    """One named expectation that looks only at the rows of its own rule."""
    from great_expectations.expectations.metadata_types import FailureSeverity
    from great_expectations.expectations.row_conditions import Column

    return kind(
        row_condition=Column("rule") == name,
        description=description,
        severity=FailureSeverity(severity),
        meta={"name": name},
        **asserts,
    )


def named_suite(name: str, column: str, rules: Sequence[ColumnMapExpectation]) -> ExpectationSuite:
    """A suite of the rules, and of what they silently rely on.

    Expectations pass over nulls, and a row of a rule that no expectation names is looked at by none:
    so that no row may be null in the asserted `column` or of an unknown rule.
    """
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
    from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
    from great_expectations.expectations.metadata_types import FailureSeverity

    known = [expectation.meta["name"] for expectation in rules if expectation.meta]
    groundwork = [
        ExpectColumnValuesToNotBeNull(
            column=column,
            description="Nothing is left undecided: every row has a value that can be judged",
            severity=FailureSeverity.CRITICAL,
            meta={"name": "decided"},
        ),
        ExpectColumnValuesToBeInSet(
            column="rule",
            value_set=known,
            description="Every row belongs to a rule that this suite knows",
            severity=FailureSeverity.CRITICAL,
            meta={"name": "known-rule"},
        ),
    ]
    return ExpectationSuite(name=name, expectations=[*groundwork, *rules])


def limited_suite(name: str, rules: Sequence[Rule]) -> ExpectationSuite:
    """A suite of rules with limits; its evidence comes from `judged`."""
    from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween

    return named_suite(
        name,
        "value",
        [
            rule(
                ExpectColumnValuesToBeBetween,
                each.name,
                each.description,
                each.severity,
                column="value",
                min_value=each.at_least,
                max_value=each.at_most,
            )
            for each in rules
        ],
    )


def judged(each: Rule, rows: pl.LazyFrame, value: pl.Expr, message: pl.Expr) -> pl.LazyFrame:
    """The evidence of one rule: what breaks it row by row, with `message`, and all that keeps it counted in one row.

    `rows`: one per thing examined; the column report_id names its report, where there is one. A value that is true or
    false counts as 1 or 0. Of what keeps the rule the value nearest to the limit is told.
    """
    nobody = pl.lit(None, pl.String)
    schema = rows.collect_schema()
    report = pl.col("report_id") if "report_id" in schema else nobody
    if rows.select(value=value).collect_schema()["value"] == pl.Boolean:
        value = value.cast(pl.Int8)
    weighed = rows.with_columns(value.cast(NUMBER).alias(_WEIGHED))
    keeps = each.keeps(pl.col(_WEIGHED))
    # The sentence comes after the filter: most rows keep the rule, and need none.
    alone = weighed.filter(~keeps).select(
        report_id=report, count=pl.lit(1, pl.Int64), message=message, value=pl.col(_WEIGHED)
    )
    nearest = pl.col(_WEIGHED).min() if each.at_least is not None else pl.col(_WEIGHED).max()
    together = (
        weighed.filter(keeps)
        .select(report_id=nobody, count=pl.len().cast(pl.Int64), message=pl.lit(""), value=nearest)
        .filter(pl.col("count") > 0)
    )
    columns: list[str | pl.Expr] = [
        pl.lit(each.name).alias("rule"),
        "report_id",
        nobody.alias("finding"),
        "count",
        "message",
        "value",
    ]
    return pl.concat([part.select(*columns) for part in (alone, together)])


def collected(rules: Sequence[Rule], frames: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    """The evidence of all rules, as `judged` gives it, with the value that breaks one as `residual` and its limits as `bound`.

    Both are text: Great Expectations writes decimals as floats.
    """
    evidence = pl.concat(pl.collect_all(frames, engine="streaming"))
    bounds = {each.name: each.bound for each in rules}
    broken = pl.col("message") != ""
    return evidence.with_columns(
        residual=pl.when(broken).then(plain(pl.col("value"))),
        bound=pl.when(broken).then(pl.col("rule").replace_strict(bounds, return_dtype=pl.String)),
    )


def plain(value: pl.Expr) -> pl.Expr:
    """A decimal as text without zeros behind its last digit."""
    return value.cast(NUMBER).cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")


def sentence(template: str, *parts: str | pl.Expr) -> pl.Expr:
    """A sentence with columns or expressions at its places {}; null where one of them is.

    Used instead of `pl.format`, which in polars 2.1 panics when it streams over a frame in several pieces of which a
    filter has emptied one.
    """
    first, *others = template.split("{}")
    told: list[pl.Expr] = [pl.lit(first)]
    for part, text in zip(parts, others, strict=True):
        told += [pl.col(part) if isinstance(part, str) else part, pl.lit(text)]
    return pl.concat_str(told)
