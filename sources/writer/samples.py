"""Writes the bundled sample reports: python -m sources.writer.samples. Always the same bytes."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sources.writer.compose import write_report
from sources.writer.figures import Figures, Publisher, read_stated
from sources.writer.render import FORMATS
from sources.writer.report import Report

AS_GIVEN = {"style.drop_zeros": 0, "style.separators": 0, "style.wide": 0, "style.yuan": 0}
SAMPLE = Path(__file__).parents[1] / "sample"


def samples(folder: Path = SAMPLE / "figures") -> dict[str, Report]:
    """File name → report, from the figure files of a folder."""
    with (folder / "reports.toml").open("rb") as handle:
        entries = tomllib.load(handle)["report"]
    return {
        f"{entry['name']}.{entry['format']}": write_report(
            Figures(Publisher(**entry["publisher"]), entry["year"], read_stated(folder / f"{entry['name']}.csv")),
            entry["seed"],
            choices=entry["choices"] | AS_GIVEN,
        )
        for entry in entries
    }


def main(out: Path = SAMPLE) -> None:
    """Writes all of them."""
    for name, report in samples().items():
        (out / name).write_bytes(FORMATS[name.rpartition(".")[2]](report))


if __name__ == "__main__":
    main()
