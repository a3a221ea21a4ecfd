"""Writes random reports: python -m sources.writer --count 10 --out reports."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

from sources.writer.accounts import ONE_ZONE, random_figures, random_years
from sources.writer.breaking import break_figure
from sources.writer.compose import write_report
from sources.writer.figures import Figures
from sources.writer.public_tables import layouts
from sources.writer.render import FORMATS, broken
from sources.writer.report import Report
from sources.writer.spreadsheet import xlsx
from sources.writer.wording import FAMILIES, random_form

TRUTH = ("concept", "member_code", "member_name", "period", "value", "unit", "section")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="sources.writer", description="writes random final-accounts reports")
    parser.add_argument("--count", type=int, required=True, metavar="N", help="how many reports")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write them to")
    parser.add_argument("--years", type=int, default=1, metavar="N", help="so many years of each publisher")
    parser.add_argument("--family", choices=(*FAMILIES, "any"), default="A", help="order of parts")
    parser.add_argument("--format", choices=(*FORMATS, "xlsx"), default="txt")
    parser.add_argument("--tables", choices=tuple(layouts()), help="print the public tables in this layout")
    parser.add_argument("--broken", action="store_true", help="lines and pages of a PDF's text (only with txt)")
    parser.add_argument(
        "--year", type=int, help="all of this fiscal year, in folders by region, as a collection has them"
    )
    parser.add_argument("--seed", type=int, default=0, help="another seed, other reports")
    parser.add_argument("--break", dest="concept", metavar="CONCEPT", help="misprint this figure, once per report")
    parser.add_argument("--by", type=Decimal, default=Decimal(1), help="by how much: 万元, percent, or things")
    parser.add_argument("--truth", action="store_true", help="also write the facts of each report as CSV")
    given = parser.parse_args(arguments)
    if given.broken and given.format != "txt":
        parser.error(f"--broken goes with --format txt, not {given.format}")
    if given.format == "xlsx" and not given.tables:
        parser.error("--format xlsx holds the public tables only: choose their layout with --tables")
    write = broken if given.broken else _workbook if given.format == "xlsx" else FORMATS[given.format]
    given.out.mkdir(parents=True, exist_ok=True)
    for number in range(given.count):
        seed = given.seed + number
        rng = Random(seed)
        accounts = [random_figures(rng, seed, given.year)] if given.years == 1 else _years(rng, seed, given.years)
        for figures in accounts:
            name = f"{number:05d}" + (f"-{figures.year}" if given.years > 1 else "")
            try:
                report = _report(figures, seed, given.family, given.concept, given.by, given.tables)
            except ValueError as error:
                parser.error(f"{name}: {error}: choose a figure that every report prints")
            folder = given.out / report.publisher.region_code if given.year else given.out
            folder.mkdir(exist_ok=True)
            (folder / f"{name}.{given.format}").write_bytes(write(report))
            if given.truth:
                write_truth(report, folder / f"{name}.csv")


def _years(rng: Random, seed: int, years: int) -> list[Figures]:
    """Accounts of a publisher that no other seed has: each has a zone of its own, as long as there are zones."""
    return random_years(rng, seed * ONE_ZONE, years)


def write_truth(report: Report, path: Path) -> None:
    """The facts of a report as CSV with the columns TRUTH."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(TRUTH)
        writer.writerows([getattr(fact, column) for column in TRUTH] for fact in report.facts)


def _workbook(report: Report) -> bytes:
    return xlsx(report.tables, seed=report.year)


def _report(figures: Figures, seed: int, family: str, concept: str | None, by: Decimal, tables: str | None) -> Report:
    form = random_form(family, seed)
    if concept:
        return break_figure(figures, seed, concept, by, form=form, tables=tables)
    return write_report(figures, seed, form=form, tables=tables)


if __name__ == "__main__":
    main()
