"""The crash test: runs are killed (`kill -9`, every process of them) at random moments of every stage, each followed by a run.

    python tests/crashes.py            30 kills, or as many as JUESUAN_KILLS says; exit status 1 where one left a trace

Before each kill the data folder holds a release of some of the reports. The killed run, and the one after it, take up the
others, in two batches and thus in worker processes. After the kill the earlier release must be readable and every raw object
whole; after the next run the marts must be, byte for byte, those of a run that nobody killed. All the while somebody reads
the current release with DuckDB, and must see one of the two releases, whole.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

import duckdb

HOUSE = Path(__file__).resolve().parents[1]
SEED = 20_231_121
KILLS = int(os.environ.get("JUESUAN_KILLS", "30"))

MOMENTS = {
    "fetch": ("raw/objects/*/*", 0.2),
    "read": ("raw/documents/*", 2.0),
    "extract": ("raw/blocks/*", 2.0),
    "reconcile": ("curated/outcomes/stage=extract/*", 1.0),
    "audit": ("curated/outcomes/stage=reconcile/*", 6.0),
    "publish": ("curated/outcomes/stage=audit/*", 1.0),
    "switch": ("marts/.staging-*/*", 1.5),
    "switched": ("marts/releases/*", 0.05),
}
"""By stage, the first sign of it in the data folder, and up to how many seconds after that the run is killed."""


@dataclass(frozen=True)
class Scene:
    """What all kills share.

    before: a data folder with a release of the reports in `some`; after: the same with all `reports`, by a run that nobody
    killed; home: of Prefect, the same for all, so that what a killed server leaves is met by the next one.
    """

    reports: Path
    before: Path
    after: Path
    home: Path


@dataclass
class Reader:
    """What somebody sees who reads the current release over and over."""

    seen: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Crash:
    """One kill. killed: whether the run was still going; faults: one sentence for each thing that is not as it must be."""

    stage: str
    delay: float
    killed: bool
    faults: list[str]
    reads: int


def start(reports: Path, data: Path, home: Path) -> subprocess.Popen[str]:
    """A run in a session of its own, so that all its processes can be killed at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "run", str(reports), "--data", str(data)],
        cwd=HOUSE,
        env=os.environ | {"PREFECT_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )


def finish(reports: Path, data: Path, home: Path) -> str:
    """Runs to the end; what it printed. Raises AssertionError where not all is published."""
    run = start(reports, data, home)
    out, _ = run.communicate(timeout=300)
    assert run.returncode == 0, f"the run ended with {run.returncode}: {out}"
    return out


def write_reports(folder: Path, count: int) -> None:
    """Generated reports in a folder."""
    subprocess.run(
        [sys.executable, "-m", "sources.writer", "--count", str(count), "--year", "2023", "--out", str(folder)],
        cwd=HOUSE,
        check=True,
    )


def prepare(folder: Path, some: int, count: int) -> Scene:
    """The scene in an empty folder: `some` reports are published before, `count` after."""
    reports, part = folder / "reports", folder / "part"
    scene = Scene(reports, folder / "before", folder / "after", folder / "home")
    write_reports(reports, count)
    for file in sorted(reports.glob("*/*.txt"))[:some]:
        (part / file.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, part / file.parent.name)
    finish(part, scene.before, scene.home)
    # The first batch is done again as well, so that there are two, which run in processes of their own.
    shutil.rmtree(scene.before / ".results")
    shutil.copytree(scene.before, scene.after, symlinks=True)
    finish(reports, scene.after, scene.home)
    return scene


def crash(scene: Scene, data: Path, stage: str, delay: float) -> Crash:
    """Kills a run on a copy of the data folder, looks at what is left, runs again and looks again."""
    shutil.copytree(scene.before, data, symlinks=True)
    sign, _ = MOMENTS[stage]
    with reading(data / "marts") as reader:
        begun = time.time()
        run = start(scene.reports, data, scene.home)
        while run.poll() is None and not _shows(data, sign, begun):
            time.sleep(0.002)
        time.sleep(delay)
        killed = run.poll() is None
        with suppress(ProcessLookupError):  # it had ended, with all of its processes
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        faults = [f"after the kill: {each}" for each in _broken(data, scene.before)]
        try:
            finish(scene.reports, data, scene.home)
        except AssertionError as error:
            faults.append(str(error))
        faults += [f"after the next run: {each}" for each in (*_broken(data, scene.after), *_other(data, scene.after))]
    faults += [f"reader: {each}" for each in dict.fromkeys(reader.errors)]
    whole = {state(scene.before / "marts"), state(scene.after / "marts")}
    faults += [f"reader saw {each}, which no release holds" for each in reader.seen.keys() - whole]
    return Crash(stage, delay, killed, faults, reader.seen.total())


def state(marts: Path) -> tuple[str, int, int]:
    """Name, rows of facts, and reports that facts name, of the current release. The link is resolved once."""
    release = (marts / "current").resolve()
    rows = duckdb.connect().execute(
        f"select count(*), count(distinct report_id) from '{release}/facts.parquet' join '{release}/reports.parquet' using (report_id)"
    )
    return release.name, *rows.fetchone()  # type: ignore[misc]


@contextmanager
def reading(marts: Path) -> Iterator[Reader]:
    """Reads the current release over and over while the context lasts."""
    reader, done = Reader(), threading.Event()

    def read() -> None:
        while not done.wait(0.05):
            try:
                reader.seen[state(marts)] += 1
            except Exception as error:
                reader.errors.append(f"{type(error).__name__}: {error}")

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield reader
    finally:
        done.set()
        thread.join()


def _shows(data: Path, sign: str, begun: float) -> bool:
    """Whether the sign is there: a file that has been written since."""
    for file in data.glob(sign):
        try:
            if file.lstat().st_mtime > begun:
                return True
        except FileNotFoundError:
            return True
    return False


def _objects(data: Path) -> set[str]:
    return {file.name for file in (data / "raw" / "objects").glob("*/*") if not file.name.startswith(".")}


def _broken(data: Path, like: Path) -> list[str]:
    """What is damaged or lost: raw objects, and the files of the current release."""
    faults = [f"object {name} is lost" for name in _objects(like) - _objects(data)]
    for name in _objects(data):
        if sha256((data / "raw" / "objects" / name[:2] / name).read_bytes()).hexdigest() != name:
            faults.append(f"object {name} is not whole")
    try:
        state(data / "marts")
    except Exception as error:
        faults.append(f"the current release cannot be read: {error}")
    return faults


def tree(marts: Path) -> dict[str, bytes]:
    """Every file and link below the marts, with its bytes."""
    return {
        path.relative_to(marts).as_posix(): os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
        for path in marts.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def _other(data: Path, like: Path) -> list[str]:
    """What differs from the marts of a run that nobody killed, and what the killed run left lying about."""
    ours, theirs = tree(data / "marts"), tree(like / "marts")
    faults = [f"{name} differs" for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)]
    left = [*data.rglob("*.partial"), *data.rglob(".staging-*")]
    return faults + [f"{path.relative_to(data)} was left" for path in left]


def main() -> int:
    """Kills, tells each kill in a line, and gives the exit status."""
    random, failed, ended = Random(SEED), 0, 0
    with tempfile.TemporaryDirectory(prefix="juesuan-crashes-") as name:
        folder = Path(name)
        scene = prepare(folder, 3, 8)
        for number in range(KILLS):
            stage = list(MOMENTS)[number % len(MOMENTS)]
            done = crash(scene, folder / f"data{number}", stage, random.uniform(0, MOMENTS[stage][1]))
            failed, ended = failed + bool(done.faults), ended + (not done.killed)
            told = "; ".join(done.faults) or "the same marts"
            when = "" if done.killed else " (the run had ended)"
            print(f"{number + 1:3} {stage:10} + {done.delay:4.2f} s{when}: {told}; read {done.reads} times", flush=True)
            if not done.faults:
                shutil.rmtree(folder / f"data{number}")
    print(f"{KILLS - ended} kills, {failed} of {KILLS} left a trace")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
