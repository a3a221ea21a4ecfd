"""What a run came to, in words: for the terminal, for the flow run's message and its artifact."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict

import polars as pl

from tasks.publish.marts import Marts

NOT_PUBLISHED = ("held", "unreadable", "missing")


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

    awaited: expected reports that are missing and not due yet. recorded: violated checks that hold nothing. aside: reports of other years than the one asked for.
    blocked: why nothing was published at all. The flow adds work: by stage, how many tasks were done now and
    how many results stood already; broken: batches that failed; acknowledged: the file of acknowledgements.
    """

    release: str | None
    unchanged: bool
    published: int
    entries: list[Entry]
    awaited: list[Entry]
    findings: list[Finding]
    recorded: int
    aside: int
    blocked: list[str]
    work: NotRequired[dict[str, tuple[int, int]]]
    broken: NotRequired[list[str]]
    acknowledged: NotRequired[str]


def summarise(built: Marts, blocked: Sequence[str], release: str | None, *, unchanged: bool, aside: int) -> Summary:
    """The summary of a run from its own marts, before those of the last release are added."""
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
        blocked=list(blocked),
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


def markdown(summary: Summary, data: Path) -> str:
    """The artifact of a failed run: what is not published, why, and what to do next."""
    lines = [f"# {headline(summary)}", ""]
    lines += [f"- **Nothing was published:** {_safe(why)}" for why in summary["blocked"]]
    lines += [f"- **Failed:** {_safe(why)}" for why in summary.get("broken", [])]
    for entry in summary["entries"]:
        lines += ["", f"## {entry['status']}: {_safe(entry['name'])}", "", f"`{entry['url']}`", ""]
        found = [each for each in summary["findings"] if each["report_id"] == entry["report_id"]]
        lines += [f"- `{each['finding']}` {_safe(each['message'])}  \n  > {_safe(each['sentence'])}" for each in found]
        if not found:
            lines.append(_safe(entry["why"]))
    lines += ["", "## What to do next", "", *(f"- {_safe(step)}" for step in next_steps(summary, data))]
    return "\n".join(lines) + "\n"


def _safe(text: str) -> str:
    """Text of an untrusted file in Markdown: no markup of its own, one line."""
    return " ".join(re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", text).split())


def _rows(frame: pl.DataFrame) -> list[Any]:
    return list(frame.iter_rows(named=True))
