"""Checks in words: causes, and what would be right."""

from decimal import Decimal

import pytest

from tasks.publish.explain import diagnosis, right_value

CHECK = {"equation": "S01", "instance": "", "verdict": "violated", "rhs": Decimal("12.5"), "diagnosis": None}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("scale_slip", "scale slip (单位或小数点错位) – one side is the other one times a power of ten"),
        ("missing_item: gpb_function_expenditure 2080501", "missing item (漏列项目): 功能科目支出决算数 2080501 – "),
        ("absent: revenue_total, expenditure_total", "absent (未列示): 收入总计, 支出总计 – figures"),
        ("never_heard_of: of this", "never heard of: of this"),
    ],
)
def test_a_diagnosis_is_told_with_its_chinese_term_its_concepts_and_its_meaning(told: str, words: str) -> None:
    assert str(diagnosis(CHECK | {"diagnosis": told})).startswith(words)


def test_a_diagnosis_says_what_to_do() -> None:
    told = diagnosis(CHECK | {"diagnosis": "truncated"})
    assert told and told.advice == "round half up to the printed place"


def test_no_diagnosis_is_none() -> None:
    assert diagnosis(CHECK) is None


@pytest.mark.parametrize(
    ("equation", "verdict", "right"),
    [
        ("S01", "violated", "12.5"),
        ("S03", "acknowledged", "12.5"),
        ("S01", "rounding", None),
        ("S01", "not_evaluated", None),
        ("S11", "violated", None),  # a limit
        ("T01", "violated", None),  # statements of equal rank
        ("I01", "violated", None),
        ("Z99", "violated", None),  # nothing is known of it
    ],
)
def test_what_would_be_right_is_said_where_one_side_follows_from_the_other(equation, verdict, right) -> None:
    assert right_value(CHECK | {"equation": equation, "verdict": verdict}) == (right and Decimal(right))
