"""Data Docs: the audit as a folder of plain pages that open without a network.

`index.html` tells the run, `reports/<report_id>.html` one report with findings, `expectations/<suite>.<name>.html` one
expectation that was not met with its failing rows, `rates.html` how often each equation is violated. The pages of Great
Expectations load scripts and styles from elsewhere, so these are our own. Names, sentences and quotes
come from untrusted files: every one is escaped, and the pages allow neither scripts nor requests.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2
import polars as pl

from expectations.docs.failed import SHOWN_ROWS, read_failed, read_rates
from expectations.docs.pages import read_reports
from expectations.suite_rates import FEWEST, HARD_LIMIT, SOFT_LIMIT
from expectations.tables import RATES, Tables, table

SHOWN_MESSAGES = 3
"""Sentences about no report in particular beside an expectation; its own page has them all."""


def render(
    results: pl.DataFrame,
    failures: pl.DataFrame,
    held: Sequence[str],
    blocked: Sequence[str],
    tables: Tables,
    folder: Path,
) -> Path:
    """Writes the pages of one audit into `folder`, in place of the former ones; gives the index.

    `results` and `failures` are those of the audit. `tables` holds `curated.reports`,
    `curated.checks`, `curated.facts`, and `audit.acknowledgements` and `audit.rates` where there are any.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("expectations.docs"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    reports = read_reports(failures, held, results, tables)
    failed = read_failed(results, failures, reports)
    rates = read_rates(tables.get("audit.rates", RATES.frame()).lazy().collect())
    run = {"failed": failed, "rates": rates, "shown": SHOWN_ROWS, "limits": (FEWEST, HARD_LIMIT, SOFT_LIMIT)}
    index = run | {
        "blocked": blocked,
        "held": [report for report in reports if report.status == "held"],
        "acknowledged": [report for report in reports if report.having("acknowledged")],
        "recorded": [report for report in reports if report.status != "held" and report.open],
        "suites": _suites(results, failures, {(each.suite, each.expectation): each.page for each in failed}),
        "counts": _counts(tables),
    }
    written = [("index.html", "index.html", index), ("rates.html", "rates.html", run)]
    written += [(f"reports/{report.page}", "report.html", {"report": report}) for report in reports]
    written += [(f"expectations/{each.page}", "expectation.html", run | {"rule": each}) for each in failed]
    fresh = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in ("reports", "expectations"):
        (fresh / part).mkdir(parents=True)
    for name, template, told in written:
        (fresh / name).write_text(environment.get_template(template).render(told), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.replace(folder)
    return folder / "index.html"


def _counts(tables: Tables) -> dict[str, int]:
    """Reports, and checks by verdict."""
    reports = table(tables, "curated.reports").select(pl.len()).collect().item()
    verdicts = table(tables, "curated.checks").group_by("verdict").len().collect()
    return {
        "reports": reports,
        **dict.fromkeys(("exact", "rounding", "violated", "acknowledged", "not_evaluated"), 0),
    } | {verdict: count for verdict, count in verdicts.iter_rows() if verdict is not None}


def _suites(
    results: pl.DataFrame, failures: pl.DataFrame, pages: Mapping[tuple[str, str], str]
) -> list[dict[str, object]]:
    """Each suite with its rules: those that broke or failed first, then those that were met, then the idle ones."""
    order = (
        pl.when(pl.col("error").is_not_null())
        .then(0)
        .when(~pl.col("success"))
        .then(1)
        .when(pl.col("evaluated") > 0)
        .then(2)
        .otherwise(3)
    )
    nameless = failures.filter(pl.col("report_id").is_null())
    return [
        {
            "name": name,
            "rules": [
                rule
                | {
                    "messages": _messages(nameless, name, str(rule["expectation"])),
                    "page": pages.get((name, str(rule["expectation"])), ""),
                }
                for rule in rules.sort(order, maintain_order=True).iter_rows(named=True)
            ],
        }
        for (name,), rules in results.group_by("suite", maintain_order=True)
    ]


def _messages(nameless: pl.DataFrame, suite: str, expectation: str) -> list[str]:
    """What is wrong with no report in particular."""
    rows = nameless.filter((pl.col("suite") == suite) & (pl.col("expectation") == expectation))
    return rows["message"].head(SHOWN_MESSAGES).to_list()
