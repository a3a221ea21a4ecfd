"""One runner for all suites: it runs them, reads their severities, and decides.

A critical row that names a report holds that report. A critical row that names none, and an
expectation that breaks, stop the publication. Warnings and information are recorded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import polars as pl

from expectations import docs as data_docs
from expectations.suite import Suite
from expectations.tables import FAILURES, RESULTS, Tables

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import (
        ExpectationSuiteValidationResult,
        ExpectationValidationResult,
    )
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


@dataclass(frozen=True, slots=True)
class Audit:
    """What came of the suites: `results`, one row per expectation, and `failures`, one per failing row."""

    results: pl.DataFrame
    failures: pl.DataFrame

    @property
    def held(self) -> tuple[str, ...]:
        """Reports that a critical row names, in order."""
        return tuple(self._critical().drop_nulls("report_id")["report_id"].unique().sort())

    @property
    def blocked(self) -> tuple[str, ...]:
        """Why nothing may be published: one sentence each."""
        broken = self.results.drop_nulls("error").select(
            pl.format("the expectation {} of suite {} broke: {}", "expectation", "suite", "error")
        )
        nameless = self._critical().filter(pl.col("report_id").is_null())["message"]
        return (*broken.to_series(), *nameless)

    @property
    def passed(self) -> bool:
        """Nothing is held and nothing stops the publication."""
        return not self.held and not self.blocked

    @property
    def warnings(self) -> pl.DataFrame:
        """Failing rows that hold nothing and are no findings or acknowledgements, warnings before information."""
        soft = self.failures.filter(pl.col("severity") != "critical", pl.col("finding").is_null())
        return soft.sort("severity", descending=True, maintain_order=True)

    def _critical(self) -> pl.DataFrame:
        return self.failures.filter(pl.col("severity") == "critical")


def audit(tables: Tables, suites: Sequence[Suite], *, earlier: Audit | None = None, docs: Path | None = None) -> Audit:
    """Runs the suites over the tables, and renders Data Docs into the folder `docs`.

    `tables` by `layer.table`, eager or lazy. `earlier` is the audit of the same run that this one
    continues: its results are kept, and the suites see its held reports as `audit.held`. Raises
    AuditError when a suite needs a table that is not there.
    """
    outcomes = [(earlier.results, earlier.failures)] if earlier else []
    if earlier:
        tables = {**tables, "audit.held": pl.DataFrame({"report_id": earlier.held}, schema={"report_id": pl.String})}
    outcomes += [_run(suite, suite.evidence(tables)) for suite in suites]
    results, failures = zip(*outcomes, strict=True)
    audited = Audit(pl.concat(results), pl.concat(failures))
    if docs:
        data_docs.render(audited.results, audited.failures, audited.held, audited.blocked, tables, docs)
    return audited


def _run(suite: Suite, evidence: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The results and failures of one suite over its evidence."""
    told = [pl.lit(None, pl.String).alias(name) for name in ("residual", "bound") if name not in evidence.columns]
    evidence = evidence.with_columns(told).with_row_index("row")
    outcomes = validated(evidence, suite)
    results, failures = [], []
    for outcome in outcomes.results:
        config = cast("ExpectationConfiguration", outcome.expectation_config)
        error = _error(outcome.exception_info)
        name, severity = _name(outcome), config.severity.value
        domain = evidence.filter(pl.col("rule") == name) if config.kwargs.get("row_condition") else evidence
        rows = [row["row"] for row in outcome.result.get("unexpected_index_list") or []]
        if not (outcome.success or rows or error):
            error = "it failed without naming a row"
        results.append(
            (suite.NAME, name, config.description, severity, outcome.success, domain["count"].sum(), len(rows), error)
        )
        failing = evidence[rows].with_columns(
            suite=pl.lit(suite.NAME), expectation=pl.lit(name), severity=pl.lit(severity)
        )
        failures.append(failing.select(FAILURES.schema.names()))
    return pl.DataFrame(results, RESULTS.schema, orient="row"), pl.concat(failures)


def validated(evidence: pl.DataFrame, suite: Suite) -> ExpectationSuiteValidationResult:
    """What Great Expectations says of the evidence; of rows that fail it tells every column.

    It takes twice as long where it is to name rows: only what fails is asked for them.
    """
    batch, expectations = _batch(evidence), suite.build_suite()
    by_name = {each.meta["name"]: each for each in expectations.expectations if each.meta}
    named = {"result_format": "COMPLETE", "unexpected_index_column_names": evidence.columns}
    outcomes = batch.validate(expectations, result_format="BOOLEAN_ONLY")
    outcomes.results = [
        each if each.success else batch.validate(by_name[_name(each)], result_format=named) for each in outcomes.results
    ]
    return outcomes


def _batch(evidence: pl.DataFrame) -> Batch:
    """The evidence as a batch of an ephemeral context: nothing is stored, sent or drawn."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("evidence").add_dataframe_asset("evidence")
    return asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": evidence.to_pandas()})


def _name(outcome: ExpectationValidationResult) -> str:
    """The name of the expectation that this came of."""
    name: str = cast("ExpectationConfiguration", outcome.expectation_config).meta["name"]
    return name


def _error(exception_info: Mapping[str, Any]) -> str | None:
    """What an expectation raised: GX tells it flat, or once per metric."""
    told = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    messages = [cast(str, each["exception_message"]) for each in told if each["raised_exception"]]
    return "; ".join(dict.fromkeys(messages)) or None
