"""What the pages show: reports with their findings, the figures in the units people know, the marked quotes."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from expectations.tables import ACKNOWLEDGEMENTS, Tables, table
from schemas.curated import REPORT_ID
from schemas.shown import figure

SHOWN_FACTS = 40  # a sum over a long table would else fill the page; the number of the others is told


@dataclass(frozen=True, slots=True)
class Quote:
    """A published fragment in three parts, the figure in the middle; the figure is empty where it has none."""

    before: str
    figure: str
    after: str
    concept: str
    place: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One violated or acknowledged check, ready to be shown."""

    finding: str
    equation: str
    description: str
    severity: str
    verdict: str
    message: str
    sides: tuple[tuple[str, str], ...]
    diagnosis: str
    quotes: tuple[Quote, ...]
    more_quotes: int
    reason: str
    by: str
    said: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Report:
    """One report that has something to tell."""

    page: str
    report_id: str
    entity: str
    fiscal_year: int | None
    kind: str
    region: str
    source: str
    document: str
    status: str
    findings: tuple[Finding, ...]
    other: tuple[str, ...]  # failures that are no findings: sentences
    not_evaluated: tuple[tuple[str, str], ...]  # equation, sentence

    @property
    def open(self) -> tuple[str, ...]:
        """What nobody acknowledged, one sentence each."""
        return (*self.other, *(each.message for each in self.having("violated")))

    def having(self, verdict: str, *severities: str) -> list[Finding]:
        """Its findings of that verdict, and of these severities where any are named."""
        return [
            each
            for each in self.findings
            if each.verdict == verdict and (not severities or each.severity in severities)
        ]


def read_reports(failures: pl.DataFrame, held: Sequence[str], results: pl.DataFrame, tables: Tables) -> list[Report]:
    """The reports with findings or failures, by region, entity and year."""
    checks = table(tables, "curated.checks")
    findings = _findings(checks.filter(pl.col("verdict").is_in(["violated", "acknowledged"])), results, tables)
    other = _by_report(
        failures.filter(pl.col("finding").is_null()).drop_nulls("report_id").select("report_id", "message")
    )
    told = {*findings, *other, *held}
    unevaluated = _by_report(
        checks.filter((pl.col("verdict") == "not_evaluated") & pl.col("report_id").is_in(sorted(told)))
        .select("report_id", "equation", "message")
        .collect()
    )
    identities = pl.DataFrame({"report_id": sorted(told)}, schema={"report_id": pl.String}).join(
        table(tables, "curated.reports").collect(), on="report_id", how="left"
    )
    reports = []
    for row in identities.sort("region_code", "entity_key", "fiscal_year", "report_id").iter_rows(named=True):
        report_id = row["report_id"]
        own = tuple(findings.get(report_id, ()))
        acknowledged = any(each.verdict == "acknowledged" and each.severity == "H" for each in own)
        reports.append(
            Report(
                page=_page(report_id),
                report_id=report_id,
                entity=row["entity"] or "Unknown report",
                fiscal_year=row["fiscal_year"],
                kind=row["kind"] or "",
                region=row["region_name"] or row["region_code"] or "",
                source=row["source"] or "",
                document=row["document"] or "",
                status="held" if report_id in held else "acknowledged" if acknowledged else "recorded",
                findings=own,
                other=tuple(message for (message,) in other.get(report_id, ())),
                not_evaluated=tuple(unevaluated.get(report_id, ())),
            )
        )
    return reports


def split_quote(quote: str, value: str) -> tuple[str, str, str]:
    """The quote before, at and behind the printed value, which may carry thousands separators there."""
    digits = "[,，]?".join(map(re.escape, value.lstrip("+-")))
    found = re.search(rf"(?<![\d.]){digits}(?![\d])", quote) if digits else None
    if not found:
        return quote, "", ""
    return quote[: found.start()], found.group(), quote[found.end() :]


def _findings(checks: pl.LazyFrame, results: pl.DataFrame, tables: Tables) -> dict[str, list[Finding]]:
    acknowledged = tables.get("audit.acknowledgements", ACKNOWLEDGEMENTS.frame())
    reviewed = acknowledged.lazy().select("finding", "reason", "by", "date", "until").unique("finding")
    descriptions = dict(results.select("expectation", "description").iter_rows())
    severity = pl.col("severity").replace_strict({"H": 0, "D": 1, "S": 2}, default=3)
    rows = checks.join(reviewed, on="finding", how="left").sort("report_id", severity, "equation", "instance").collect()
    quotes = _quotes(rows, table(tables, "curated.facts"))
    sentences = _sentences(rows, tables["curated.claims"].lazy()) if "curated.claims" in tables else {}
    findings = defaultdict(list)
    for row in rows.iter_rows(named=True):
        findings[row["report_id"]].append(_finding(row, descriptions.get(row["equation"], ""), quotes, sentences))
    return findings


def _finding(
    row: dict[str, Any],
    description: str,
    quotes: dict[tuple[str, int], Quote],
    sentences: dict[tuple[str, int], Quote],
) -> Finding:
    report = row["report_id"]
    facts = [sentences[report, number] for number in row["claims"] if (report, number) in sentences]
    facts += [quotes[report, number] for number in row["facts"] if (report, number) in quotes]
    sides = (("left side", "lhs"), ("right side", "rhs"), ("difference", "residual"), ("rounding explains", "bound"))
    review = row["verdict"] == "acknowledged"
    return Finding(
        **{name: row[name] for name in ("finding", "equation", "severity", "verdict", "message")},
        description=description,
        sides=tuple((name, figure(row[column], row["unit_kind"])) for name, column in sides),
        diagnosis=(row["diagnosis"] or "").replace("_", " "),
        quotes=tuple(facts[:SHOWN_FACTS]),
        more_quotes=max(0, len(facts) - SHOWN_FACTS),
        reason=(row["reason"] or "") if review else "",
        by=(row["by"] or "") if review else "",
        said=row["date"] if review else None,
        until=row["until"] if review else None,
    )


def _quotes(findings: pl.DataFrame, facts: pl.LazyFrame) -> dict[tuple[str, int], Quote]:
    """The quotes of the facts that took part, by report and fact. Other facts are not loaded."""
    wanted = findings.lazy().select("report_id", fact="facts").explode("fact").drop_nulls().unique()
    columns = ("report_id", "fact", "concept", "member_name", "period", "value", "quote", "section", "start", "end")
    rows = facts.join(wanted, on=["report_id", "fact"], how="semi").select(columns).collect()
    return {(row["report_id"], row["fact"]): _quote(row) for row in rows.iter_rows(named=True)}


def _sentences(findings: pl.DataFrame, claims: pl.LazyFrame) -> dict[tuple[str, int], Quote]:
    """The sentences of the claims that took part, by report and claim."""
    wanted = findings.lazy().select("report_id", claim="claims").explode("claim").drop_nulls().unique()
    rows = claims.join(wanted, on=["report_id", "claim"], how="semi").collect()
    return {(row["report_id"], row["claim"]): _sentence(row) for row in rows.iter_rows(named=True)}


def _sentence(claim: dict[str, Any]) -> Quote:
    before, words, after = claim["quote"].partition(claim["words"])
    place = f"section {claim['section']}, characters {claim['start']}–{claim['end']}"
    return Quote(before, words, after, concept=claim["kind"].replace("_", " "), place=place)


def _quote(fact: dict[str, Any]) -> Quote:
    parts = (fact["concept"], fact["member_name"], "" if fact["period"] == "current" else fact["period"])
    return Quote(
        *split_quote(fact["quote"], fact["value"]),
        concept=" · ".join(part for part in parts if part),
        place=f"section {fact['section']}, characters {fact['start']}–{fact['end']}",
    )


def _by_report(rows: pl.DataFrame) -> dict[str, list[tuple[Any, ...]]]:
    groups: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for report_id, *rest in rows.iter_rows():
        groups[report_id].append(tuple(rest))
    return groups


def _page(report_id: str) -> str:
    """The file name of a report's page. An identity that is none must not become a path."""
    if not re.fullmatch(REPORT_ID, report_id):
        raise ValueError(f"{report_id!r} is not a report_id")
    return f"{report_id}.html"
