"""No verdict passes through a binary fraction: a figure of eighteen digits keeps its last one."""

from decimal import Decimal

import polars as pl
import pytest

from expectations import (
    suite_acknowledged,
    suite_coverage,
    suite_curated,
    suite_marts,
    suite_rates,
    suite_raw,
    suite_releases,
    suite_totals,
)
from expectations.tables import FAILURES, RATES, RESULTS, STANDING
from flows.release import OF_RELEASE, OF_RUN
from schemas import curated, marts, raw
from schemas.table import NUMBER, Table

SUITES = (
    suite_acknowledged, suite_coverage, suite_curated, suite_marts, suite_rates, suite_raw, suite_releases, suite_totals,
)  # fmt: skip
TABLES = (*raw.TABLES, *curated.TABLES, *marts.TABLES, FAILURES, RATES, RESULTS, STANDING)


def test_every_suite_is_run() -> None:
    assert {suite.NAME for suite in (*OF_RUN, *OF_RELEASE)} == {suite.NAME for suite in SUITES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table.layer}.{table.name}")
def test_no_table_has_a_binary_fraction(table: Table) -> None:
    assert not [name for name, dtype in table.schema.items() if dtype.is_float()]


def test_eighteen_digits_are_judged_to_the_last_one(checks, reports, facts, mentions, fetches, blocks) -> None:
    """As binary fractions both residuals would be equal to the bound."""
    large = Decimal("123456789012345678.000000")
    tables = {
        "curated.reports": reports({}),
        "curated.facts": facts({}, {"fact": 1}),
        "curated.mentions": mentions({}, {"mention": 1}),
        "raw.fetches": fetches({}),
        "raw.blocks": blocks({"block": 3, "end": 100}),
        "curated.checks": checks(
            *(
                {
                    "lhs": large + more,
                    "rhs": Decimal(0),
                    "residual": large + more,
                    "bound": large,
                    "verdict": "rounding",
                }
                | {"instance": str(more)}
                for more in (Decimal(0), Decimal("0.000001"))
            )
        ),
    }
    broken = suite_curated.evidence(tables).filter(pl.col("message") != "")
    assert broken.select("rule").to_series().to_list() == ["pass-explained"]
    assert broken.schema["value"] == NUMBER
    assert "123456789012345678.000001" in broken["message"][0]
