"""The measurements of `make bench`: CPU per report, the share of everything around it, and memory.

BENCH_REPORTS says how many reports (1,000; the limits of the project are for 10,000). All ratios are within
one run on one machine, so they hold on slow and on busy machines too.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

# One core: what polars does in parallel would else hide in the wall time. Read when polars is imported.
os.environ["POLARS_MAX_THREADS"] = "1"

HOUSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOUSE))

import polars as pl  # noqa: E402

from flows.batches import SIZE  # noqa: E402
from schemas.raw import DOCUMENTS  # noqa: E402
from tasks.extract import extract  # noqa: E402
from tasks.read import read_all  # noqa: E402
from tasks.reconcile import reconcile  # noqa: E402
from tests.bench_formats import measure_formats  # noqa: E402
from tests.bench_site import measure_site  # noqa: E402

REPORTS = int(os.environ.get("BENCH_REPORTS", "1000"))
T = TypeVar("T")

UNIT = 15_000
NUMBERS = re.compile(r"\d[\d,，]*(?:\.\d+)?")


def cpu(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of this process, and what the work gives."""
    begun = time.process_time()
    done = work()
    return time.process_time() - begun, done


def line(name: str, seconds: float, reports: int, size: int, floor: float | None = None) -> None:
    """One line: per report, per UNIT bytes of report, and against the floor."""
    ratio = f"{seconds / floor:8.1f} × floor" if floor else ""
    print(
        f"  {name:22} {1000 * seconds / reports:8.2f} ms/report  {1000 * seconds * UNIT / size:8.2f} ms/15 KB {ratio}"
    )


def measure_stages(files: list[Path]) -> float:
    """Prints the CPU of each stage in this process on one core; gives their sum in seconds."""
    contents = [(sha256(content := file.read_bytes()).hexdigest(), file.name, content) for file in files]
    size = sum(len(content) for _, _, content in contents)
    told = {name: [None] * len(files) for name in DOCUMENTS.schema}
    ids = [each[0] for each in contents]
    documents = DOCUMENTS.frame(told | {"document": ids, "source": ids, "url": ids}).with_columns(format=pl.lit("text"))
    warm = read_all(contents[:5])
    extract(warm.blocks, documents[:5])

    print(f"{len(files)} reports of {size / len(files) / 1000:.1f} KB, one core, in process")
    floor, _ = cpu(lambda: [NUMBERS.findall(content.decode()) for _, _, content in contents])
    line("floor: decode, numbers", floor, len(files), size)
    spent = dict.fromkeys(("read", "extract", "reconcile"), 0.0)
    for start in range(0, len(contents), SIZE):
        portion = contents[start : start + SIZE]
        own = documents[start : start + SIZE]
        reading, read = cpu(lambda part=portion: read_all(part))
        extracting, done = cpu(lambda blocks=read.blocks, own=own: extract(blocks, own))
        reconciling, _ = cpu(lambda part=done: reconcile(part.reports, part.facts, part.mentions, part.claims))
        for stage, seconds in zip(spent, (reading, extracting, reconciling), strict=True):
            spent[stage] += seconds
    for stage, seconds in spent.items():
        line(stage, seconds, len(files), size, floor)
    line("all three", sum(spent.values()), len(files), size, floor)
    return sum(spent.values())


def measure_around(files: Path, data: Path, work: float) -> None:
    """Prints the CPU of what stands around the three stages (their `work` in seconds), in this process."""
    from datetime import date

    from expectations import acknowledgements
    from flows import release, stages
    from flows.batches import assign
    from flows.collected import Collected
    from flows.folder import Folder
    from flows.inputs import collect
    from tasks.fetch import RawStore, fetch

    folder = Folder(data)
    fetching, fetched = cpu(lambda: fetch(collect([str(files)]), RawStore(folder.raw), "bench"))
    names: list[str] = []

    def batches() -> None:
        for batch in assign(folder, fetched.documents):
            read = stages.read_batch(folder, batch.name)
            extracted = stages.extract_batch(folder, batch.name, read["formats"])
            checked = stages.reconcile_batch(folder, batch.name, extracted["files"])
            names.extend(read["files"] + extracted["files"] + checked["files"])

    staging, _ = cpu(batches)
    collected = Collected(folder, fetched.fetches, names, {"": {}})
    nothing = acknowledgements.load(data / "none.csv")
    importing, _ = cpu(lambda: __import__("great_expectations"))
    auditing, _ = cpu(lambda: release.audit(collected, nothing, "bench", date.today()))
    publishing, _ = cpu(lambda: release.publish(collected, nothing, "bench", date.today()))
    count = fetched.fetches.height
    print("around them, in process")
    for name, seconds in (
        ("fetch", fetching), ("validation, writing", staging - work),
        ("audit", auditing), ("marts and publication", publishing),
    ):  # fmt: skip
        print(f"  {name:22} {1000 * seconds / count:8.2f} ms/report")
    print(f"  {'loading GX, once':22} {importing:8.2f} s")
    measure_site(collected, nothing)


class Measured(NamedTuple):
    """One whole run with all its processes: seconds, and the most memory that any process had, in MB."""

    wall: float
    cpu: float
    peak: float


def measure_run(inputs: list[str], data: Path, home: Path) -> Measured:
    """One whole `juesuan run` but for the site, which has a measurement of its own; what its processes hold is looked at
    five times a second.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name != "POLARS_MAX_THREADS"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", *inputs, "--no-site", "--data", str(data)],
        cwd=HOUSE,
        env=environment | {"PREFECT_HOME": str(home), "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peaks: dict[int, float] = {}
    watching = threading.Thread(target=watch, args=(process, peaks))
    watching.start()
    status = process.wait()
    wall = time.monotonic() - begun
    watching.join()
    if status:
        raise SystemExit(f"the run of {', '.join(inputs)} ended with {status}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(wall, used, max(peaks.values(), default=0))


def watch(process: subprocess.Popen[bytes], peaks: dict[int, float]) -> None:
    """Notes the most memory in MB of a process and of all it has started, until it ends (Linux)."""
    while process.poll() is None:
        told = {}
        for status in Path("/proc").glob("[0-9]*/status"):
            with contextlib.suppress(OSError):
                fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
                told[int(fields["Pid"])] = (int(fields["PPid"]), int(fields.get("VmHWM", "0 kB").split()[0]) / 1024)
        family = {process.pid}
        while more := {pid for pid, (parent, _) in told.items() if parent in family} - family:
            family |= more
        peaks |= {pid: max(told[pid][1], peaks.get(pid, 0)) for pid in family if pid in told}
        time.sleep(0.2)


def main() -> None:
    """Writes the reports, measures and prints."""
    with tempfile.TemporaryDirectory(prefix="juesuan-bench-") as name:
        folder = Path(name)
        reports = folder / "reports"
        subprocess.run(
            [sys.executable, "-m", "sources.writer", "--count", str(REPORTS), "--year", "2023", "--out", str(reports)],
            cwd=HOUSE, check=True,
        )  # fmt: skip
        files = sorted(reports.glob("*/*.txt"))
        work = measure_stages(files)
        measure_formats(folder / "office")
        measure_around(reports, folder / "around", work)
        tenth = folder / "tenth"
        tenth.mkdir()
        for file in files[: max(1, REPORTS // 10)]:
            (tenth / file.name).hardlink_to(file)
        home = folder / "home"
        measure_run([str(files[0])], folder / "warm", home)
        runs = {
            "one report": (1, measure_run([str(files[0])], folder / "one", home)),
            "a tenth of them": (len(list(tenth.iterdir())), measure_run([str(tenth)], folder / "tenth-run", home)),
            "all of them": (REPORTS, measure_run([str(reports)], folder / "all", home)),
            "all of them again": (REPORTS, measure_run([str(reports)], folder / "all", home)),
        }
    print("whole runs without the site, every process")
    print(f"  {'':22} {'reports':>8} {'wall s':>8} {'CPU s':>8} {'peak MB of any process':>24}")
    for name, (count, run) in runs.items():
        print(f"  {name:22} {count:8,} {run.wall:8.1f} {run.cpu:8.1f} {run.peak:24.0f}")
    start, total = runs["one report"][1].cpu, runs["all of them"][1].cpu
    print(
        f"overhead at {REPORTS:,} reports: orchestration, validation and writing on top of read + extract + reconcile"
    )
    print(f"  read + extract + reconcile, in one process          {work:8.1f} s CPU")
    print(
        f"  the whole run beyond them                           {total - work:8.1f} s CPU {(total - work) / work:8.0%}"
    )
    print(
        f"  of it beyond what a run of one report takes         {total - start - work:8.1f} s CPU {(total - start - work) / work:8.0%}"
    )


if __name__ == "__main__":
    main()
