"""How `juesuan run` looks: bars while it works on a terminal, lines in a pipe, and the summary at its end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from flows.progress import Progress
from flows.summary import Summary, headline, next_steps

STAGES = ("fetch", "read", "extract", "reconcile", "compare", "audit", "publish", "site")


@contextmanager
def progress_shown() -> Iterator[None]:
    """Shows on stderr what the run logs, for as long as the context lasts."""
    log = logging.getLogger("juesuan")
    handler: _Bars | _Lines = _Bars() if sys.stderr.isatty() else _Lines(sys.stderr)
    log.addHandler(handler)
    propagated, log.propagate = log.propagate, False
    try:
        yield
    finally:
        log.propagate = propagated
        log.removeHandler(handler)
        if isinstance(handler, _Bars):
            handler.stop()


class _Lines(logging.StreamHandler[TextIO]):
    """One line per stage, when it is through; other records as they come."""

    def emit(self, record: logging.LogRecord) -> None:
        progress: Progress | None = getattr(record, "progress", None)
        if progress is None or progress.through == progress.total:
            super().emit(record)


class _Bars(logging.Handler):
    """One bar per stage."""

    def __init__(self) -> None:
        """Shows the stages, all of them still to come."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        super().__init__()
        columns = (
            TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
        )  # fmt: skip
        self._bars = Bars(*columns, console=Console(stderr=True))
        self._tasks = {stage: self._bars.add_task(stage, total=None, start=False, note="") for stage in STAGES}
        self._bars.start()

    def emit(self, record: logging.LogRecord) -> None:
        progress: Progress | None = getattr(record, "progress", None)
        if progress is None:
            self._bars.console.print(record.getMessage(), markup=False, highlight=False)
            return
        note = f"{progress.cached} done before" if progress.cached else ""
        bar = self._tasks[progress.stage]
        self._bars.start_task(bar)
        self._bars.update(bar, completed=progress.through, total=progress.total, note=note)

    def stop(self) -> None:
        """Leaves the bars as they are. Not part of `close`, which the set-up of Prefect's logging calls early."""
        self._bars.stop()


def tell_summary(summary: Summary, data: Path) -> None:
    """Prints what a run came to: what is not published and why, what was let stand, and what to do next."""
    print(headline(summary))
    for sentence in (*summary["blocked"], *summary.get("broken", [])):
        print(f"  ! {sentence}")
    for entry in summary["entries"]:
        print(f"\n{entry['status']}: {entry['name']}\n  {entry['url']}")
        found = [each for each in summary["findings"] if each["report_id"] == entry["report_id"] and each["report_id"]]
        hard = [each for each in found if each["verdict"] == "violated"]
        for each in hard:
            print(f"  {each['finding']}  {each['message']}")
            if each["diagnosis"]:
                print(f"                likely cause: {each['diagnosis'].replace('_', ' ')}")
            print(f"                “{each['sentence']}”")
        if not hard:
            print(f"  {entry['why']}")
    if summary["awaited"]:
        print("\nnot due yet:")
    for entry in summary["awaited"]:
        print(f"  {entry['name']}: {entry['why']}")
    stand = [each for each in summary["findings"] if each["verdict"] == "acknowledged"]
    if stand:
        print("\nacknowledged:")
    for each in stand:
        print(f"  {each['finding']}  {each['name']}: {each['message']}\n                {each['by']}: {each['reason']}")
    if summary["recorded"]:
        print(f"\n{summary['recorded']} smaller discrepancies are recorded in the table findings and in Data Docs.")
    if summary["lapsed"]:
        print(f"\nlapsed: {_first(summary['lapsed'])}")
    if summary["warnings"]:
        print(f"\nwarning: {_first(summary['warnings'])}")
    print()
    if summary["release"]:
        standing = ", unchanged" if summary["unchanged"] else ""
        print(f"marts      {data / 'marts' / 'current'} (release {summary['release']}{standing})")
    if site := summary.get("site"):
        told = f"{site.pages:,} pages, {site.bytes / 1e6:,.1f} MB; the largest {site.largest_bytes / 1e3:,.0f} KB: {site.largest}"
        print(f"site       {data / 'site' / 'index.html'} ({told})")
    print(f"Data Docs  {data / 'docs' / 'index.html'}")
    print(f"work       {_work(summary)}")
    for step in next_steps(summary, data):
        print(f"next       {step}")


def _first(sentences: list[str]) -> str:
    """The first of them, and where the others are."""
    return sentences[0] + (f" (Data Docs tell {len(sentences) - 1} more)" if len(sentences) > 1 else "")


def _work(summary: Summary) -> str:
    """How many tasks were done now, and how many were done before."""
    done = sum(now for now, _ in summary.get("work", {}).values())
    before = sum(cached for _, cached in summary.get("work", {}).values())
    if not done:
        return f"nothing to do: all {before} tasks were done before"
    return f"{done} tasks done" + (f", {before} were done before" if before else "")
