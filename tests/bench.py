"""The measurements of `make bench`: CPU per report, the share of everything around it, and memory.

All ratios are within one run on one machine, so they hold on slow and on busy machines too.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

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

REPORTS = int(os.environ.get("BENCH_REPORTS", "1000"))
T = TypeVar("T")

UNIT = 15_000
NUMBERS = re.compile(r"\d[\d,，]*(?:\.\d+)?")


def cpu(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of this process, and what the work gives."""
    begun = time.process_time()
    done = work()
    return time.process_time() - begun, done


def in_batches(frame: pl.DataFrame, name: str, keys: list[str]) -> list[pl.DataFrame]:
    """The rows of the same keys together, as many keys as a batch has documents."""
    parts = [keys[start : start + SIZE] for start in range(0, len(keys), SIZE)]
    return [frame.filter(pl.col(name).is_in(part)) for part in parts]


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
    reading, read = cpu(lambda: read_all(contents))
    line("read", reading, len(files), size, floor)
    blocks = in_batches(read.blocks, "document", ids)
    extracting, extracted = cpu(lambda: [extract(part, documents) for part in blocks])
    line("extract", extracting, len(files), size, floor)
    reconciling, _ = cpu(lambda: [reconcile(part.reports, part.facts, part.mentions) for part in extracted])
    line("reconcile", reconciling, len(files), size, floor)
    line("all three", reading + extracting + reconciling, len(files), size, floor)
    return reading + extracting + reconciling


def measure_around(files: Path, data: Path) -> None:
    """Prints the CPU of what stands around the three stages, in this process."""
    from datetime import date

    from expectations import acknowledgements
    from flows import release, stages
    from flows.batches import assign
    from flows.collected import Collected
    from flows.folder import Folder
    from flows.inputs import collect
    from schemas.curated import CHECKS, FACTS, MENTIONS, REPORTS
    from schemas.validate import validate
    from tasks.fetch import RawStore, fetch

    folder = Folder(data)
    fetching, fetched = cpu(lambda: fetch(collect([str(files)]), RawStore(folder.raw), "bench"))
    batches = assign(folder, fetched.documents)
    names: list[str] = []
    for batch in batches:
        read = stages.read_batch(folder, batch.name)
        extracted = stages.extract_batch(folder, batch.name, read["formats"])
        checked = stages.reconcile_batch(folder, batch.name, extracted["files"])
        names += read["files"] + extracted["files"] + checked["files"]
    frames = [(folder.scan(table, names).collect(), table) for table in (REPORTS, FACTS, MENTIONS, CHECKS)]
    validating, _ = cpu(lambda: [validate(frame, table) for frame, table in frames])
    writing, _ = cpu(lambda: [stages.write_partitions(Folder(data / "again"), *each, "bench") for each in frames])
    collected = Collected(folder, fetched.fetches, names, {"": {}})
    nothing = acknowledgements.load(data / "none.csv")
    importing, _ = cpu(lambda: __import__("great_expectations"))
    auditing, _ = cpu(lambda: release.audit(collected, nothing, "bench", date.today()))
    publishing, _ = cpu(lambda: release.publish(collected, nothing, "bench", date.today()))
    count = fetched.fetches.height
    print("around them, in process")
    for name, seconds in (
        ("fetch", fetching), ("validation (curated)", validating), ("writing (curated)", writing),
        ("audit", auditing), ("marts and publication", publishing),
    ):  # fmt: skip
        print(f"  {name:22} {1000 * seconds / count:8.2f} ms/report")
    print(f"  {'loading GX, once':22} {importing:8.2f} s")


def measure_run(inputs: list[str], data: Path, home: Path) -> tuple[float, float]:
    """Wall and CPU seconds of one whole `juesuan run` with all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name != "POLARS_MAX_THREADS"}
    subprocess.run(
        [sys.executable, "-m", "flows.cli", "run", *inputs, "--data", str(data)],
        cwd=HOUSE,
        env=environment | {"PREFECT_HOME": str(home), "PYTHONPATH": str(HOUSE)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Writes the reports, measures and prints."""
    with tempfile.TemporaryDirectory(prefix="juesuan-bench-") as name:
        folder = Path(name)
        reports = folder / "reports"
        subprocess.run(
            [sys.executable, "-m", "sources.writer", "--count", str(REPORTS), "--out", str(reports)],
            cwd=HOUSE, check=True,
        )  # fmt: skip
        work = measure_stages(sorted(reports.iterdir()))
        measure_around(reports, folder / "around")
        first = reports / "00000.txt"
        measure_run([str(first)], folder / "warm", folder / "home")
        one_wall, one_cpu = measure_run([str(first)], folder / "one", folder / "home")
        wall, total = measure_run([str(reports)], folder / "all", folder / "home")
        again, again_cpu = measure_run([str(reports)], folder / "all", folder / "home")
    print("whole runs, every process")
    print(f"  one report             {one_wall:8.1f} s wall  {one_cpu:8.1f} s CPU")
    print(f"  {REPORTS:5} reports          {wall:8.1f} s wall  {total:8.1f} s CPU")
    print(f"  the same again         {again:8.1f} s wall  {again_cpu:8.1f} s CPU")
    around = total - one_cpu - work
    print(
        f"  beyond one report's run: read, extract, reconcile {work:.1f} s, all else {around:.1f} s ({around / work:.0%} on top)"
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"  peak memory of any process: {peak / 1024:.0f} MB")


if __name__ == "__main__":
    main()
