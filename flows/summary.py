"""What a run came to, in words: for the terminal, for the flow run's message and its artifact."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import polars as pl

from expectations import suite_acknowledged
from expectations.runner import Audit
from tasks.publish.marts import Marts
from tasks.publish.site import Built

NOT_PUBLISHED = ("held", "unreadable", "missing")

NAMED = 20
"""Findings that the message of a flow run names: what a list of runs has room for."""


class Entry(TypedDict):
    """One expected report that is not published, and why."""

    status: str
    name: str
    url: str
    report_id: str | None
    why: str


class Finding(TypedDict):
    """One violated check of a held report, or an acknowledged one."""

    finding: str
    report_id: str
    name: str
    severity: str
    verdict: str
    message: str
    diagnosis: str | None
    sentence: str
    by: str | None
    reason: str | None


class Summary(TypedDict):
    """One run.

    awaited: expected reports that are missing and not due yet. recorded: violated checks that hold nothing. aside:
    reports of other years than the one asked for. lapsed: what became of acknowledgements that let nothing stand any
    more. warnings: what the audit tells besides findings.
    blocked: why nothing was published at all. The flow adds work: by stage, how many tasks were done now and
    how many results stood already; broken: batches that failed, and why there is no site; acknowledged: the file of acknowledgements; site: what was made
    of the release's site, None where none was.
    """

    release: str | None
    unchanged: bool
    published: int
    entries: list[Entry]
    awaited: list[Entry]
    findings: list[Finding]
    recorded: int
    aside: int
    lapsed: list[str]
    warnings: list[str]
    blocked: list[str]
    work: NotRequired[dict[str, tuple[int, int]]]
    broken: NotRequired[list[str]]
    acknowledged: NotRequired[str]
    site: NotRequired[Built | None]


def summarise(built: Marts, audited: Audit, release: str | None, *, unchanged: bool, aside: int) -> Summary:
    """The summary of a run from its audit and its own marts, before those of the last release are added."""
    coverage, findings = built.coverage, built.discrepancies
    name = pl.concat_str("entity", "fiscal_year", "kind", separator=" ", ignore_nulls=True)
    entries = (
        coverage.filter(pl.col("status") != "published")
        .select("status", pl.when(name != "").then(name).otherwise("url").alias("name"), "url", "report_id", "why")
        .sort(pl.col("status").cast(pl.Enum(NOT_PUBLISHED)), "name", "url")
    )
    awaited = coverage.select("url").filter((coverage["status"] == "missing") & ~coverage["late"])
    violated, hard = pl.col("verdict") == "violated", pl.col("severity") == "H"
    told = findings.filter((violated & hard) | (pl.col("verdict") == "acknowledged")).select(
        "finding",
        "report_id",
        name.alias("name"),
        "severity",
        "verdict",
        "message",
        "diagnosis",
        "sentence",
        by="acknowledged_by",
        reason="acknowledged_reason",
    )
    return Summary(
        release=release,
        unchanged=unchanged,
        published=coverage.filter(status="published").height,
        entries=_rows(entries.join(awaited, on="url", how="anti", maintain_order="left")),
        awaited=_rows(entries.join(awaited, on="url", how="semi", maintain_order="left")),
        findings=_rows(told),
        recorded=findings.filter(violated & ~hard).height,
        aside=aside,
        lapsed=audited.failures.filter(suite=suite_acknowledged.NAME)["message"].to_list(),
        warnings=audited.warnings["message"].to_list(),
        blocked=list(audited.blocked),
    )


def headline(summary: Summary) -> str:
    """The run in one line: how many were published, and how many were not."""
    counts = {status: sum(entry["status"] == status for entry in summary["entries"]) for status in NOT_PUBLISHED}
    parts = [f"{summary['published']} published", *(f"{count} {status}" for status, count in counts.items() if count)]
    if summary["awaited"]:
        parts.append(f"{len(summary['awaited'])} not due yet")
    if summary["aside"]:
        parts.append(f"{summary['aside']} of other years left aside")
    if summary["blocked"]:
        parts.insert(0, "nothing published, for the audit found: " + "; ".join(summary["blocked"]) + "; would be")
    return ", ".join(parts)


def message(summary: Summary) -> str:
    """The flow run's message: the headline, and the findings that hold reports, by number, publisher and equation."""
    hard = [each for each in summary["findings"] if each["verdict"] == "violated"]
    told = [f"{each['finding']} {each['name']} {each['message'].partition(' ')[0]}" for each in hard[:NAMED]]
    if len(hard) > NAMED:
        told.append(f"and {len(hard) - NAMED} more, which the artifact not-published names")
    return headline(summary) + (f": {'; '.join(told)}" if told else "")


def next_steps(summary: Summary, data: Path) -> list[str]:
    """What a person does next, each with the command to copy."""
    at = "" if data == Path("data") else f" --data {shlex.quote(str(data))}"
    file = Path(summary.get("acknowledged", data / "acknowledged.csv"))
    if file != data / "acknowledged.csv":
        at += f" --acknowledged {shlex.quote(str(file))}"
    steps = []
    hard = [finding for finding in summary["findings"] if finding["verdict"] == "violated"]
    if hard:
        steps.append(
            "a publisher's error that may stand: "
            f"juesuan acknowledge {hard[0]['finding']}{at} --reason 'TEXT' --by 'NAME', then run again"
        )
        steps.append("a figure that was read wrongly: juesuan check FILE shows every side with its sentence")
    if any(entry["status"] == "unreadable" for entry in summary["entries"]):
        steps.append("an unreadable file: convert it as its sentence says, or take it out of the inputs")
    if any(entry["status"] == "missing" for entry in summary["entries"]):
        steps.append("a missing report: mend its address in the catalogue, or run again when it is published")
    return steps


def markdown(summary: Summary, data: Path, docs: Path, pages: str | None = None) -> str:
    """The artifact of a failed run: what is not published, why, and what to do next.

    `docs`: the folder of Data Docs; `pages`: its address where it is served, else that of the folder.
    """
    pages = pages or docs.resolve().as_uri()
    lines = [f"# {headline(summary)}", "", f"[Data Docs]({pages}/index.html)", ""]
    lines += [f"- **Nothing was published:** {_safe(why)}" for why in summary["blocked"]]
    lines += [f"- **Failed:** {_safe(why)}" for why in summary.get("broken", [])]
    for entry in summary["entries"]:
        lines += ["", f"## {entry['status']}: {_safe(entry['name'])}", "", f"`{entry['url']}`", ""]
        found = [each for each in summary["findings"] if each["report_id"] == entry["report_id"]]
        lines += [f"- `{each['finding']}` {_safe(each['message'])}  \n  > {_safe(each['sentence'])}" for each in found]
        if not found:
            lines.append(_safe(entry["why"]))
        page = f"reports/{entry['report_id']}.html"
        if (docs / page).is_file():
            lines += ["", f"[Every side with its sentence]({pages}/{page})"]
    for title, sentences in (("Lapsed", summary["lapsed"]), ("Warnings", summary["warnings"])):
        if sentences:
            lines += ["", f"## {title}", "", *(f"- {_safe(each)}" for each in sentences[:NAMED])]
    lines += ["", "## What to do next", "", *(f"- {_safe(step)}" for step in next_steps(summary, data))]
    return "\n".join(lines) + "\n"


def _safe(text: str) -> str:
    """Text of an untrusted file in Markdown: no markup of its own, one line."""
    return " ".join(re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", text).split())


def _rows(frame: pl.DataFrame) -> list[Any]:
    return list(frame.iter_rows(named=True))
