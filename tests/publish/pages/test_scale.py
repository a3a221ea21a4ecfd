"""The drawn scale keeps the order and the proportions of its figures."""

from decimal import Decimal

import pytest

from tasks.publish.pages.scale import MARGIN, WIDTH, scale


def check(lhs: str | None, rhs: str | None, bound: str | None, equation: str = "S01") -> dict:
    numbers = {"lhs": lhs, "rhs": rhs, "bound": bound}
    return {"equation": equation, "instance": ""} | {name: value and Decimal(value) for name, value in numbers.items()}


def test_the_interval_lies_around_the_recomputed_figure_and_the_printed_one_outside() -> None:
    drawn = scale(check("100", "90", "5"))
    assert (drawn.low, drawn.rhs, drawn.high, drawn.lhs) == (MARGIN, 114, 205, WIDTH - MARGIN)


def test_an_interval_that_is_narrow_beside_the_gap_is_still_seen() -> None:
    drawn = scale(check("-1000000", "1000000", "0.01"))
    assert drawn.high - drawn.low == 3 and drawn.lhs == MARGIN


def test_a_limit_is_open_above() -> None:
    drawn = scale(check("80", "90", "1", "S11"))
    assert drawn.open and drawn.high == WIDTH and drawn.lhs < drawn.low


@pytest.mark.parametrize("sides", [(None, "1", "0"), ("1", None, "0"), ("1", "2", None), ("1.0", "1", "0")])
def test_there_is_no_scale_where_nothing_differs(sides: tuple) -> None:
    assert scale(check(*sides)) is None


def test_texts_stay_inside_the_drawing() -> None:
    drawn = scale(check("100", "90", "5"))
    assert [drawn.anchor(each) for each in (10, 160, 310)] == ["start", "middle", "end"]
