"""Small worlds to audit: reports whose figures are right, and the same with one thing wrong."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

from schemas.curated import CHECKS, FACTS, MENTIONS, OUTCOMES, REPORTS
from schemas.raw import BLOCKS, DOCUMENTS, FETCHES
from schemas.table import Table

Rows = Callable[..., pl.DataFrame]

REPORT = {
    "report_id": "0" * 16,
    "document": "0" * 64,
    "fiscal_year": 2023,
    "region_code": "510403",
    "region_name": "四川省攀枝花市西区",
    "entity": "某局",
    "entity_key": "某局",
    "kind": "部门",
    "source": "samples",
    "url": "samples/a.txt",
    "format": "text",
    "facts": 2,
    "mentions": 2,
    "unmapped": 0,
    "code_revision": "r1",
}
FACT = {
    "report_id": "0" * 16,
    "fact": 0,
    "fiscal_year": 2023,
    "region_code": "510403",
    "concept": "revenue_total",
    "period": "current",
    "value": "1234.56",
    "unit": "万元",
    "unit_kind": "money",
    "unit_inferred": False,
    "decimals": 2,
    "amount_cny": Decimal("12345600"),
    "number": Decimal("1234.56"),
    "state": "reported",
    "section": "一",
    "quote": "收入总计1,234.56万元",
    "start": 10,
    "end": 24,
    "block": 3,
    "place": "paragraph 4",
}
MENTION = {
    "report_id": "0" * 16,
    "mention": 0,
    "fiscal_year": 2023,
    "region_code": "510403",
    "section": "一",
    "text": "1,234.56万元",
    "start": 14,
    "end": 24,
    "unit_kind": "money",
    "outcome": "fact",
}
CHECK = {
    "report_id": "0" * 16,
    "finding": "0" * 12,
    "fiscal_year": 2023,
    "region_code": "510403",
    "equation": "S03",
    "instance": "",
    "severity": "H",
    "unit_kind": "money",
    "lhs": Decimal("12345600"),
    "rhs": Decimal("12345600"),
    "residual": Decimal(0),
    "bound": Decimal(100),
    "verdict": "exact",
    "message": "收入总计 1234.56 万元 equals 支出总计 1234.56 万元",
    "facts": [0, 1],
    "claims": [],
}
FETCH = {
    "run_id": "run",
    "source": "samples",
    "url": "samples/a.txt",
    "fetched_at": datetime(2024, 9, 2, tzinfo=UTC),
    "outcome": "fetched",
    "document": "0" * 64,
    "bytes": 1000,
}
DOCUMENT = {"document": "0" * 64, "source": "samples", "url": "samples/a.txt"}
BLOCK = {"document": "0" * 64, "block": 0, "kind": "paragraph", "text": "", "start": 0, "end": 10}
OUTCOME = {"source": "samples", "url": "samples/a.txt", "stage": "read", "outcome": "done", "message": ""}


def _rows(table: Table, example: dict[str, object]) -> Rows:
    """Rows of a table: each is the example with the changes given."""

    def rows(*changes: dict[str, object]) -> pl.DataFrame:
        known = [dict.fromkeys(table.schema) | example | change for change in changes]
        return table.frame({name: [row[name] for row in known] for name in table.schema})

    return rows


@pytest.fixture(scope="session")
def reports() -> Rows:
    return _rows(REPORTS, REPORT)


@pytest.fixture(scope="session")
def facts() -> Rows:
    return _rows(FACTS, FACT)


@pytest.fixture(scope="session")
def mentions() -> Rows:
    return _rows(MENTIONS, MENTION)


@pytest.fixture(scope="session")
def checks() -> Rows:
    return _rows(CHECKS, CHECK)


@pytest.fixture(scope="session")
def fetches() -> Rows:
    return _rows(FETCHES, FETCH)


@pytest.fixture(scope="session")
def outcomes() -> Rows:
    return _rows(OUTCOMES, OUTCOME)


@pytest.fixture(scope="session")
def documents() -> Rows:
    return _rows(DOCUMENTS, DOCUMENT)


@pytest.fixture(scope="session")
def blocks() -> Rows:
    return _rows(BLOCKS, BLOCK)
