"""The day of a run does not depend on where the machine stands."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from flows.today import today


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 1, 6, 0, tzinfo=timezone(timedelta(hours=14))), date(2026, 11, 1)),
        (datetime(2026, 10, 31, 4, 0, tzinfo=timezone(timedelta(hours=-12))), date(2026, 11, 1)),
    ],
)
def test_the_day_is_that_of_china(moment, day):
    assert today(moment) == day
