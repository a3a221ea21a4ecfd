"""A release of written reports in a data folder, made by the stages of a run, and its site."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from expectations import acknowledgements
from flows import release, stages
from flows.batches import assign
from flows.collected import Collected
from flows.folder import Folder
from flows.inputs import collect
from flows.site import Kept
from sources.writer.__main__ import main as write
from tasks.fetch import RawStore, fetch
from tasks.publish.releases import current
from tasks.publish.site import Built, build

DAY = date(2030, 1, 2)


@dataclass(frozen=True)
class Released:
    """A data folder with a release, and what its run collected."""

    folder: Folder
    collected: Collected

    @property
    def path(self) -> Path:
        found = current(self.folder.marts)
        assert found
        return found

    def kept(self, reviewed: pl.DataFrame | None = None) -> Kept:
        return Kept.of(self.collected, acknowledgements.load(Path("none.csv")) if reviewed is None else reviewed, DAY)

    def site(self, link: Path, revision: str = "r1", reviewed: pl.DataFrame | None = None) -> Built:
        """Makes the site where a test wants it."""
        return build(self.path, link, self.kept(reviewed), revision)


def publish(inputs: Path, data: Path) -> Released:
    """What a run makes of the files below a folder, without Prefect."""
    folder = Folder(data)
    fetched = fetch(collect([str(inputs)]), RawStore(folder.raw), "run")
    files: list[str] = []
    for batch in assign(folder, fetched.documents):
        read = stages.read_batch(folder, batch.name)
        extracted = stages.extract_batch(folder, batch.name, read["formats"])
        files += (
            read["files"] + extracted["files"] + stages.reconcile_batch(folder, batch.name, extracted["files"])["files"]
        )
    collected = Collected(folder, fetched.fetches, files, {})
    nothing = acknowledgements.load(data / "none.csv")
    release.audit(collected, nothing, "key", DAY)
    release.publish(collected, nothing, "key", DAY)
    return Released(folder, collected)


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Released:
    """Two publishers with three years each, one with its public tables, one that is held, and a file that is no report."""
    files = tmp_path_factory.mktemp("files")
    write(["--count", "2", "--years", "3", "--out", str(files / "years")])
    write(["--count", "1", "--seed", "40", "--tables", "national", "--format", "html", "--out", str(files / "tables")])
    write(["--count", "1", "--seed", "500", "--break", "revenue_total", "--out", str(files / "broken")])
    (files / "notice.txt").write_text("今日休息。", "utf-8")
    return publish(files, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def site(released: Released) -> Path:
    """Its site, in the data folder."""
    released.site(released.folder.site)
    return released.folder.site


@pytest.fixture(scope="session")
def reports(released: Released) -> pl.DataFrame:
    """Every report that the site shows, with its status."""
    columns = ["report_id", "entity", "fiscal_year", "region_code", "status"]
    published = pl.read_parquet(released.path / "reports.parquet", columns=columns)
    held = pl.read_parquet(released.path / "findings.parquet", columns=columns).filter(status="held").unique()
    return pl.concat([published, held])
