"""Rates against the decimal module: a second, independent way to round."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from schemas.table import MONEY
from schemas.taxonomy.load import changes, concepts
from tasks.publish.year_over_year import percent


def computed(part: Decimal, whole: Decimal) -> Decimal | None:
    frame = pl.DataFrame({"part": [part], "whole": [whole]}, schema={"part": MONEY, "whole": MONEY})
    return frame.select(percent(pl.col("part"), pl.col("whole"))).item()


@given(st.integers(-(10**13), 10**13), st.integers(-(10**13), 10**13).filter(bool))
def test_percent_rounds_half_up(part, whole):
    expected = (Decimal(100) * part / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert computed(Decimal(part) / 10_000, Decimal(whole) / 10_000) == expected


def test_ties_go_away_from_zero_and_nothing_by_zero_is_empty():
    assert computed(Decimal(1), Decimal(800)) == Decimal("0.13")
    assert computed(Decimal(-1), Decimal(800)) == Decimal("-0.13")
    assert computed(Decimal(1), Decimal(0)) is None


def test_large_amounts_do_not_overflow():
    assert computed(Decimal(10**19), Decimal(10**18)) == Decimal(1000)


def test_every_change_of_the_taxonomy_belongs_to_an_amount_of_the_taxonomy():
    known = concepts()["concept"].to_list()
    pairs = changes()
    assert set(pairs["concept"]) <= set(known)
    assert dict(pairs.select("source", "concept").rows())["three_public_yoy_rate"] == "three_public_expenditure"
    assert pairs["source"].is_unique().all()
