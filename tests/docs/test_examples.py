"""The examples of docs/examples on a release of generated reports: three ways that answer the same."""

import importlib.util
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest

from flows.report import check, open_report
from schemas import raw
from schemas.curated import OUTCOMES
from sources.writer.accounts import ONE_ZONE, random_years
from sources.writer.breaking import break_figure
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from tasks.publish.marts import Run, build
from tasks.publish.release import stage, switch
from tests.publish.conftest import ACKNOWLEDGEMENTS, EXPECTED, ROSTER, rows_of

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
PUBLISHERS, YEARS = 12, 3
BROKEN = 1
"""Whose last year has grown, and says so with a rate on the wrong base."""

WRONG = "gpb_expenditure"


def on_this_year(figures, seed):
    """The report with a growth that is computed on the amount of this year."""
    facts = write_report(figures, seed).facts
    amount, change, rate = (
        next(Decimal(fact.value) for fact in facts if fact.concept == WRONG + suffix and fact.period != "prior")
        for suffix in ("", "_yoy_change", "_yoy_rate")
    )
    wrong = (100 * change / amount).quantize(Decimal("0.01"))
    return break_figure(figures, seed, f"{WRONG}_yoy_rate", wrong - rate, place=None)


@pytest.fixture(scope="module")
def marts(tmp_path_factory):
    """A release of PUBLISHERS over YEARS; one growth of one of them is computed on the wrong base."""
    folder = tmp_path_factory.mktemp("examples")
    files = []
    for seed in range(PUBLISHERS):
        years = random_years(Random(seed), seed * ONE_ZONE, YEARS)
        for figures in years:
            broken = seed == BROKEN and figures is years[-1]
            report = on_this_year(figures, seed) if broken else write_report(figures, seed)
            files.append(folder / f"{seed}-{figures.year}.txt")
            files[-1].write_bytes(FORMATS["txt"](report))
    checked = check([open_report(file) for file in files])
    tables = {
        name: pl.concat(getattr(each.report, name) for each in checked) for name in ("reports", "facts", "claims")
    }
    documents = tables["reports"].select(
        *(
            name if name in ("document", "source", "url") else pl.lit(None, dtype).alias(name)
            for name, dtype in raw.DOCUMENTS.schema.items()
        )
    )
    checks = pl.concat(each.checks for each in checked)
    assert checks.filter(verdict="violated", severity="H").is_empty()
    run = Run(
        expected=pl.DataFrame(schema=EXPECTED),
        roster=pl.DataFrame(schema=ROSTER),
        documents=documents,
        reports=tables["reports"],
        facts=rows_of(tables["facts"]),
        claims=rows_of(tables["claims"]),
        checks=rows_of(checks),
        outcomes=OUTCOMES.frame(),
        held=frozenset(),
        acknowledgements=pl.DataFrame(schema=ACKNOWLEDGEMENTS),
    )
    return switch(stage(folder / "marts", build(run), date(2026, 11, 21), "r1"))


def module(name):
    """A script of the examples as a module."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def answers(question, marts):
    """What the three ways answer: names of columns, and rows of plain values."""
    with duckdb.connect(config={"file_search_path": str(marts)}) as database:
        told = database.execute((EXAMPLES / f"{question}.sql").read_text(encoding="utf-8"))
        by_sql = [column[0] for column in told.description], told.fetchall()
    by_polars = getattr(module("with_polars"), question)(marts)
    by_pandas = getattr(module("with_pandas"), question)(marts)
    plain = by_pandas.astype(object).where(by_pandas.notna(), None)
    return (
        by_sql,
        (by_polars.columns, by_polars.rows()),
        ([*plain.columns], [*plain.itertuples(index=False, name=None)]),
    )


def test_the_largest_spenders_on_vehicles(marts):
    by_sql, by_polars, by_pandas = answers("vehicles", marts)
    assert by_sql == by_polars == by_pandas
    found = pl.DataFrame(by_sql[1], schema=by_sql[0], orient="row").cast({"fiscal_year": pl.Int16})
    departments = pl.scan_parquet(marts / "reports.parquet").filter(kind="部门")
    stated = pl.scan_parquet(marts / "facts.parquet").filter(
        pl.col("concept") == "official_vehicle_expenditure", pl.col("amount_cny") > 0, pl.col("period") == "current"
    )
    spent = stated.join(departments, on=["report_id", "fiscal_year"]).group_by("fiscal_year", "entity")
    most = (
        spent.agg(pl.col("amount_cny").first())
        .group_by("fiscal_year")
        .agg(pl.col("amount_cny").top_k(3).sum(), pl.len())
    )
    given = found.group_by("fiscal_year").agg(given=pl.col("amount").sum(), rows=pl.len())
    both = most.collect().join(given, on="fiscal_year", how="full", coalesce=True)
    assert (both["amount_cny"] == both["given"]).all()
    assert both["len"].max() > both["rows"].max() == 3, "there are more than three in some year"


def test_the_growth_that_is_computed_on_the_wrong_base(marts):
    by_sql, by_polars, by_pandas = answers("wrong_base", marts)
    assert by_sql == by_polars == by_pandas
    (row,) = by_sql[1]
    told = dict(zip(by_sql[0], row, strict=True))
    assert told["concept"] == f"{WRONG}_yoy_rate" and told["status"] == "passed"
    assert told["printed"] != told["right"] and str(told["printed"].normalize().copy_abs()) in told["sentence"]


def test_how_spending_by_function_moved(marts):
    by_sql, by_polars, by_pandas = answers("functions", marts)
    assert by_sql == by_polars == by_pandas
    rows = pl.DataFrame(by_sql[1], schema=by_sql[0], orient="row", infer_schema_length=None)
    moved = rows.drop_nulls("change")
    assert moved.height >= 8
    before = rows.with_columns(pl.col("fiscal_year") + 1).select(
        "entity", "kind", "code", "fiscal_year", before="amount"
    )
    joined = moved.join(before, on=["entity", "kind", "code", "fiscal_year"], validate="1:1")
    assert joined.height == moved.height and (joined["amount"] - joined["before"] == joined["change"]).all()


@pytest.mark.parametrize("script", ["with_polars.py", "with_pandas.py"])
def test_scripts_run_as_the_page_says(marts, script):
    done = subprocess.run(
        [sys.executable, EXAMPLES / script, marts], capture_output=True, encoding="utf-8", timeout=120, check=True
    )
    assert done.stdout.count("fiscal_year") == 3 and done.stderr == ""
