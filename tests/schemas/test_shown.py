"""Numbers as people read them."""

from decimal import Decimal

import pytest

from schemas.shown import figure


@pytest.mark.parametrize(
    ("value", "unit_kind", "shown"),
    [
        ("7970200", "money", "797.02 万元"),
        ("-12345678901.2345", "money", "-1,234,567.89012345 万元"),
        ("5000", "money", "0.50 万元"),
        ("0", "money", "0.00 万元"),
        ("4.430000", "percent", "4.43 %"),
        ("100", "percent", "100 %"),
        ("1200", "count", "1,200"),
        (None, "money", "—"),
    ],
)
def test_figures_are_exact_and_in_the_unit_people_know(value: str | None, unit_kind: str, shown: str) -> None:
    assert figure(None if value is None else Decimal(value), unit_kind) == shown
