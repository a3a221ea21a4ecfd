"""What becomes of acknowledgements: each way to lapse is told, and nothing else is."""

from datetime import date, timedelta

import polars as pl
import pytest

from expectations import suite_acknowledged
from expectations.acknowledgements import apply
from expectations.standing import standing
from expectations.tables import ACKNOWLEDGEMENTS, STANDING, STANDINGS
from schemas.validate import validate
from tests.expectations.support import fails_each, report_id

TODAY = date(2026, 1, 31)
FINDING, CHANGED = "a" * 12, "b" * 12
REVIEW = {
    "finding": FINDING,
    "equation": "S03",
    "entity": "某局",
    "fiscal_year": "2023",
    "reason": "misprint",
    "by": "Li",
    "date": date(2026, 1, 1),
}
VIOLATED = {"finding": FINDING, "verdict": "violated", "message": "S03 1 ≠ 2"}


def reviews(*changes: dict[str, object]) -> pl.DataFrame:
    rows = [dict.fromkeys(ACKNOWLEDGEMENTS.schema) | REVIEW | change for change in changes]
    return ACKNOWLEDGEMENTS.frame({name: [row[name] for row in rows] for name in ACKNOWLEDGEMENTS.schema})


def state(review, check, reports, *, until: date | None = None) -> tuple[str, str]:
    listed = reviews(review | {"until": until})
    applied = apply(check.lazy(), listed, TODAY)
    rows = validate(standing(listed, applied, reports, TODAY), STANDING)
    return rows.select("state", "message").row(0)


@pytest.fixture
def known(checks, reports):
    """Checks and reports of one report, with changes of its one check."""

    def frames(*changes: dict[str, object]):
        return checks(*(VIOLATED | change for change in changes)), reports({})

    return frames


def test_what_is_listed_and_still_violated_is_in_force(known) -> None:
    assert state({}, *known({}), until=TODAY)[0] == "in_force"


def test_it_expires_after_its_last_day(known) -> None:
    yesterday = TODAY - timedelta(days=1)
    assert state({}, *known({}), until=yesterday) == (
        "expired",
        f"acknowledgement {FINDING} (某局 2023 S03), until 2026-01-30: "
        "it has expired, and the discrepancy is still there: S03 1 ≠ 2",
    )


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ({"finding": CHANGED}, "figures_changed"),
        ({"finding": CHANGED, "verdict": "exact"}, "settled"),
        ({"finding": CHANGED, "verdict": "rounding"}, "settled"),
        ({"verdict": "exact"}, "settled"),
        ({"finding": CHANGED, "verdict": "not_evaluated"}, "not_evaluated"),
        ({"verdict": "not_evaluated"}, "not_evaluated"),
        ({"finding": CHANGED, "equation": "S04"}, "gone"),
        ({"finding": CHANGED, "instance": "208"}, "gone"),
    ],
)
def test_it_lapses_when_the_figures_say_otherwise(known, check, expected) -> None:
    assert state({}, *known(check))[0] == expected


def test_the_instance_tells_which_of_several(known) -> None:
    frames = known(
        {"finding": CHANGED, "instance": "208"}, {"finding": "c" * 12, "instance": "210", "verdict": "exact"}
    )
    assert state({"instance": "208"}, *frames)[0] == "figures_changed"
    assert state({"instance": "210"}, *frames)[0] == "settled"


def test_a_report_that_is_no_part_of_the_run_says_nothing(known) -> None:
    for review in (
        {"entity": "另一局"},
        {"fiscal_year": "2022"},
        {"entity": None, "fiscal_year": None, "equation": None},
    ):
        assert state(review, *known({"finding": CHANGED}))[0] == "elsewhere"


def test_without_acknowledgements_there_is_nothing_to_say(known) -> None:
    check, report = known({})
    assert standing(ACKNOWLEDGEMENTS.frame(), check.lazy(), report, TODAY).equals(STANDING.frame())


def standings(*states: str) -> dict[str, pl.DataFrame]:
    columns = {
        "finding": [f"{number:012x}" for number in range(len(states))],
        "report_id": [report_id(0)] * len(states),
        "state": states,
        "message": states,
    }
    return {"audit.standing": STANDING.frame(columns)}


def test_each_expectation_fails() -> None:
    lapsed = [state for state in STANDINGS if state not in ("in_force", "elsewhere")]
    assert sorted(suite_acknowledged.LAPSED) == sorted(lapsed)
    changes = {name: standings("in_force", *states) for name, _, _, states in suite_acknowledged.RULES}
    broken = fails_each(suite_acknowledged, standings("in_force"), changes)
    assert {sentence for rows in broken.values() for _, sentence in rows} == set(lapsed)


def test_what_is_elsewhere_is_not_looked_at() -> None:
    assert suite_acknowledged.evidence(standings("elsewhere")).is_empty()
