"""B12: the name beside a code in a public table is the one of the classification."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

TABLE = {"section": "表06"}


def found(check: Callable[..., pl.DataFrame], code: str, name: str, **more: Any) -> list[str]:
    row = ("gpb_function_expenditure", "10.00", {"member_code": code, "member_name": name} | TABLE | more)
    return check(row).filter(pl.col("equation") == "B12")["message"].to_list()


def test_another_codes_name_is_told(check: Callable[..., pl.DataFrame]) -> None:
    assert found(check, "2080505", "住房公积金") == [
        "B12 2080505 is 机关事业单位基本养老保险缴费支出 in the classification, not 住房公积金"
    ]


ECONOMIC = "economic_class_expenditure"


@pytest.mark.parametrize(
    ("code", "name", "year", "told"),
    [
        ("30113", "住房公积金", 2020, []),
        ("30113", "医疗费", 2020, ["B12 30113 is 住房公积金 in the classification, not 医疗费"]),
        ("310", "其他资本性支出", 2020, []),  # an alias
        ("31099", "其他资本性", 2020, []),
        ("30311", "住房公积金", 2017, []),  # what the code meant until then
        ("30777", "住房公积金", 2020, []),  # unknown
    ],
)
def test_economic_classes(check: Callable[..., pl.DataFrame], code: str, name: str, year: int, told: list[str]) -> None:
    more = {"member_code": code, "member_name": name, "section": "表08", "fiscal_year": year}
    assert check((ECONOMIC, "10.00", more)).filter(pl.col("equation") == "B12")["message"].to_list() == told


@pytest.mark.parametrize(
    ("code", "name", "more"),
    [
        ("2080505", "机关事业单位基本养老保险缴费支出", {}),
        ("2080505", "机关事业单位基本养老保险缴费", {}),  # forms cut names
        ("205", "教育", {}),
        ("20805", "行政事业单位离退休", {}),  # the name of years before
        ("2999999", "住房公积金", {}),  # a code that the taxonomy may not know
        ("2080505", "住房公积金", {"section": "五（三）"}),  # in the text the name is what the code was told by
    ],
)
def test_what_is_the_same_or_unknown_is_none(
    check: Callable[..., pl.DataFrame], code: str, name: str, more: dict[str, str]
) -> None:
    assert found(check, code, name, **more) == []
