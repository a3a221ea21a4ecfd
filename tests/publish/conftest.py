"""Small curated frames, a row each from what a test says of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from schemas import curated, raw
from schemas.table import Table
from tasks.publish.marts import Marts, Rows, Run, build
from tasks.publish.release import Staged, stage, switch
from tasks.publish.slices import coverage, slices

IDENTITY = {"fiscal_year": 2020, "region_code": "510403"}

REPORT = IDENTITY | {
    "region_name": "四川省攀枝花市西区",
    "entity": "西区样例局",
    "entity_key": "西区样例局",
    "kind": "部门",
    "title": None,
    "title_start": None,
    "title_end": None,
    "restated": None,
    "source": "样例",
    "format": "txt",
    "facts": 0,
    "mentions": 0,
    "unmapped": 0,
    "code_revision": "r1",
}
FACT = IDENTITY | {
    "member_code": None,
    "member_name": None,
    "parent_code": None,
    "period": "current",
    "unit_inferred": False,
    "decimals": 2,
    "state": "reported",
    "budget_basis": None,
    "block": 0,
    "place": "paragraph 1",
}
CHECK = IDENTITY | {
    "instance": "",
    "severity": "H",
    "unit_kind": "money",
    "lhs": None,
    "rhs": None,
    "residual": None,
    "bound": None,
    "diagnosis": None,
    "facts": [],
    "claims": [],
}
OUTCOME = {"source": "样例", "document": None, "report_id": None, "stage": "read", "message": ""}
PLACE = {"source": "样例"} | dict.fromkeys(("fiscal_year", "region_code", "entity", "entity_key", "kind"))
EXPECTED = pl.Schema(
    {"source": pl.String, "url": pl.String, "fiscal_year": pl.Int16}
    | dict.fromkeys(("region_code", "entity", "entity_key", "kind"), pl.String)
)
ROSTER = pl.Schema(
    {"fiscal_year": pl.Int16, "region_code": pl.String, "entity": pl.String, "kind": pl.String}
    | {"keys": pl.List(pl.String), "due": pl.Date, "late": pl.Boolean}
)
ACKNOWLEDGEMENTS = pl.Schema(
    {"finding": pl.String, "by": pl.String, "reason": pl.String, "date": pl.Date, "until": pl.Date}
)


def report_id(letter: str) -> str:
    return letter * 16


def report(letter: str, **told: object) -> dict[str, object]:
    """A report whose id and document are one hexadecimal digit repeated."""
    return REPORT | {"report_id": report_id(letter), "document": letter * 64, "url": f"{letter}.txt"} | told


def fact(letter: str, number: int, concept: str, value: str, section: str = "一", **told: object) -> dict[str, object]:
    """A fact in 万元, or in the unit that is told."""
    unit = told.pop("unit", "万元")
    money = unit == "万元"
    kind = "money" if money else "percent" if unit == "%" else "text" if unit == "text" else "count"
    figure = {
        "report_id": report_id(letter),
        "fact": number,
        "concept": concept,
        "value": value,
        "unit": unit,
        "unit_kind": kind,
        "amount_cny": Decimal(value) * 10_000 if money else None,
        "number": Decimal(value) if kind != "text" else None,
        "section": section,
        "quote": f"{concept}{value}",
        "start": number * 100,
        "end": number * 100 + 10,
    }
    return FACT | figure | told


def check(letter: str, equation: str, verdict: str, **told: object) -> dict[str, object]:
    finding = f"{letter * 8}{equation.lower().replace('s', 'a'):0>4}"[:12]
    own = {"report_id": report_id(letter), "equation": equation, "finding": finding, "verdict": verdict}
    return CHECK | own | {"message": f"{equation} is {verdict}."} | told


def frame(rows: list[dict[str, object]], table: Table) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table.schema, strict=True) if rows else table.frame()


def rows_of(table: pl.DataFrame) -> Rows:
    """The rows of a table, to be asked for by report."""
    return lambda reports: table.lazy().join(reports.lazy(), on="report_id", how="semi")


@dataclass
class Built:
    """The marts of one run, and all their tables as a release without any before it has them."""

    marts: Marts

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        parts = list(slices(self.marts, None)) or [self.marts.slice(self.marts.reports)]
        tables = {name: pl.concat(part[name] for part in parts) for name in parts[0]}
        return tables | {"coverage": coverage(self.marts, None)}

    @property
    def outcomes(self) -> pl.DataFrame:
        return self.marts.outcomes


@dataclass
class Maker:
    """Builds runs and their marts from rows."""

    report = staticmethod(report)
    fact = staticmethod(fact)
    check = staticmethod(check)
    report_id = staticmethod(report_id)

    @staticmethod
    def facts(rows: list[dict[str, object]]) -> pl.DataFrame:
        return frame(rows, curated.FACTS)

    @staticmethod
    def outcome(url: str, outcome: str, message: str = "", **told: object) -> dict[str, object]:
        return OUTCOME | {"url": url, "outcome": outcome, "message": message} | told

    @staticmethod
    def place(url: str, **told: object) -> dict[str, object]:
        return PLACE | {"url": url} | told

    @staticmethod
    def run(
        reports: list[dict[str, object]],
        facts: list[dict[str, object]] | None = None,
        checks: list[dict[str, object]] | None = None,
        outcomes: list[dict[str, object]] | None = None,
        claims: list[dict[str, object]] | None = None,
        expected: list[dict[str, object]] | None = None,
        held: str = "",
        acknowledgements: list[dict[str, object]] | None = None,
        roster: list[dict[str, object]] | None = None,
    ) -> Run:
        """`held`: the digits of the held reports. The documents stand in the order of the reports."""
        facts = facts or []
        count = [fact["report_id"] for fact in facts].count
        reports = [report | {"facts": count(report["report_id"])} for report in reports]
        documents = [
            {"document": r["document"], "source": r["source"], "url": r["url"]}
            | dict.fromkeys(("fiscal_year", "region_code", "entity", "kind"))
            for r in reports
        ]
        return Run(
            expected=pl.DataFrame(expected or [], schema=EXPECTED),
            roster=pl.DataFrame(roster or [], schema=ROSTER),
            documents=frame(documents, raw.DOCUMENTS),
            reports=frame(reports, curated.REPORTS),
            facts=rows_of(frame(facts, curated.FACTS)),
            claims=rows_of(frame(claims or [], curated.CLAIMS)),
            checks=rows_of(frame(checks or [], curated.CHECKS)),
            outcomes=frame(outcomes or [], curated.OUTCOMES),
            held=frozenset(map(report_id, held)),
            acknowledgements=pl.DataFrame(acknowledgements or [], schema=ACKNOWLEDGEMENTS),
        )

    def marts(self, *args: object, **told: object) -> Built:
        return Built(build(self.run(*args, **told)))  # type: ignore[arg-type]

    def table(self, name: str, *args: object, **told: object) -> pl.DataFrame:
        return self.marts(*args, **told).tables[name]

    @staticmethod
    def stage(root: Path, built: Built, day: int = 20) -> Staged:
        return stage(root, built.marts, date(2026, 11, day), "r1")

    def publish(self, root: Path, *args: object, day: int = 20, **told: object) -> Path:
        return switch(self.stage(root, self.marts(*args, **told), day))


@pytest.fixture
def make() -> Maker:
    return Maker()
