"""Every equation is met where its checks hold, and fails for its own violation."""

from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest

from expectations import suite_totals
from expectations.runner import Audit, audit, validated
from expectations.tables import AuditError
from schemas.taxonomy.load import equations
from tests.expectations.support import GROUNDWORK, failing, met, report_id

EQUATIONS = equations().select("equation", "severity").rows()
GX_SEVERITY = {"H": "critical", "D": "warning", "S": "info"}


def one_per_equation(checks: Callable[..., pl.DataFrame], verdict: str | None, residual: int) -> pl.DataFrame:
    """One check per equation, each in a report of its own, and one per severity that is not its equation's."""
    rows = [(equation, severity) for equation, severity in EQUATIONS]
    other = {"H": "S", "D": "H", "S": "D"}
    rows += [(equation, other[severity]) for equation, severity in EQUATIONS]
    return checks(
        *(
            {
                "report_id": report_id(number),
                "finding": f"{number:012x}",
                "equation": equation,
                "severity": severity,
                "verdict": verdict,
                "residual": Decimal(residual),
                "message": f"finding {number}",
            }
            for number, (equation, severity) in enumerate(rows)
        )
    )


@pytest.fixture(scope="module")
def violated_totals(checks) -> Audit:
    return audit({"curated.checks": one_per_equation(checks, "violated", 101)}, [suite_totals])


def test_every_equation_is_met_by_checks_that_hold(checks) -> None:
    frames = [one_per_equation(checks, verdict, 0) for verdict in ("exact", "rounding", "acknowledged")]
    audited = audit(
        {"curated.checks": pl.concat([*frames, one_per_equation(checks, "not_evaluated", 0)])}, [suite_totals]
    )
    assert audited.passed
    assert met(audited) >= {equation for equation, _ in EQUATIONS} | GROUNDWORK
    looked_at = dict(audited.results.select("expectation", "evaluated").rows())
    assert {looked_at[equation] for equation, _ in EQUATIONS} == {3}
    assert looked_at["known-rule"] == 6 * len(EQUATIONS)


def test_every_equation_fails_for_its_own_violation_only(violated_totals: Audit) -> None:
    told = violated_totals.failures.select("expectation", "report_id", "finding", "message").rows()
    expected = {
        (equation, report_id(number), f"{number:012x}", f"finding {number}")
        for number, (equation, _) in enumerate(EQUATIONS)
    }
    assert {row for row in told if not row[0].startswith("judged-")} == expected


def test_severity_is_the_equations_or_the_instances_own(violated_totals: Audit) -> None:
    severities = dict(violated_totals.results.select("expectation", "severity").rows())
    assert {equation: severities[equation] for equation, _ in EQUATIONS} == {
        equation: GX_SEVERITY[severity] for equation, severity in EQUATIONS
    }
    hard = {report_id(number) for number, (_, severity) in enumerate(EQUATIONS) if severity == "H"}
    hard |= {report_id(len(EQUATIONS) + number) for number, (_, own) in enumerate(EQUATIONS) if own == "D"}
    assert set(violated_totals.held) == hard
    assert not violated_totals.blocked


def test_expectations_describe_title_and_formula(violated_totals: Audit) -> None:
    row = equations().row(0, named=True)
    described = dict(violated_totals.results.select("expectation", "description").rows())
    assert described[row["equation"]] == f"{row['title']}: {row['formula']}"


def test_no_verdict_and_unknown_equations_hold_their_report(checks) -> None:
    frame = checks({"verdict": None}, {"report_id": report_id(1), "equation": "X99"}, {"report_id": report_id(2)})
    audited = audit({"curated.checks": frame}, [suite_totals])
    assert failing(audited) == {("decided", report_id(0)), ("known-rule", report_id(1))}
    assert audited.held == (report_id(0), report_id(1))
    assert "X99 is not an equation of the calculation network" in audited.failures["message"].to_list()


def test_failing_rows_show_residual_and_bound_to_the_last_digit(checks) -> None:
    """Great Expectations writes decimals as floats, which would show 12345678901234568."""
    sides = {"residual": Decimal("-12345678901234567.000001"), "bound": Decimal("0.05")}
    rows = suite_totals.evidence({"curated.checks": checks({"verdict": "violated", **sides}, {"instance": "x"})})
    assert rows.select("residual", "bound", "count").rows() == [
        ("-12345678901234567.000001", "0.050000", 1),
        (None, None, 1),
    ]
    told = validated(rows.with_row_index("row"), suite_totals).to_json_dict()["results"]
    (failing_row,) = next(one["result"] for one in told if not one["success"])["unexpected_index_list"]
    assert failing_row["residual"] == "-12345678901234567.000001" and failing_row["bound"] == "0.050000"


def test_a_missing_table_is_told() -> None:
    with pytest.raises(AuditError, match=r"the audit needs the table curated.checks; it was handed none"):
        suite_totals.evidence({})
