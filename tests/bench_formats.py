"""What reading costs per format: part of `make bench`."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import olefile
import pypdfium2
import xlrd
from lxml import etree

from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.spreadsheet import xlsx
from tasks.read.formats import read_here
from tests.office import converted

REPORTS = 6
TIMES = 3
"""Each is read so many times; the fastest counts."""


def measure_formats(folder: Path) -> None:
    """Prints for each format KB and, where it has them, pages per CPU second, and the ratio to the bare library call."""
    reports = [
        write_report(random_figures(Random(seed), seed), seed, form="sichuan", tables="sichuan")
        for seed in range(REPORTS)
    ]
    word = {f"{seed}.docx": FORMATS["docx"](report) for seed, report in enumerate(reports)}
    books = {f"{seed}.xlsx": xlsx(report.tables, seed=1) for seed, report in enumerate(reports)}
    files = {
        "text": [FORMATS["txt"](report) for report in reports],
        "html": [FORMATS["html"](report) for report in reports],
        "docx": list(word.values()),
        "xlsx": list(books.values()),
    }
    if shutil.which("soffice"):
        files["doc"] = list(converted(word, "doc", folder).values())
        files["pdf"] = list(converted(word, "pdf", folder).values())
        files["xls"] = list(converted(books, "xls", folder).values())
    else:
        print("  doc, pdf and xls are left out: soffice is not installed")
    print(f"reading per format, {REPORTS} reports with the public tables, one core")
    print(f"  {'':6} {'KB/report':>10} {'ms/report':>10} {'KB/s':>10} {'pages/s':>8} {'against the bare library':>28}")
    for name, contents in files.items():
        size = sum(map(len, contents)) / 1000
        spent = fastest(lambda contents=contents, name=name: [read_here(each, "bench", name) for each in contents])
        bare = fastest(lambda contents=contents, name=name: [BARE[name](each) for each in contents])
        pages = sum(map(len, map(pypdfium2.PdfDocument, contents))) / spent if name == "pdf" else 0
        print(
            f"  {name:6} {size / REPORTS:10.1f} {1000 * spent / REPORTS:10.1f} {size / spent:10.0f} "
            f"{f'{pages:.0f}' if pages else '':>8} {spent / bare:22.1f} times"
        )


def fastest(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest of some tries."""
    spent = []
    for _ in range(TIMES):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return max(min(spent), 1e-6)


def _xml_parts(content: bytes) -> list[object]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")]


def _streams(content: bytes) -> list[bytes]:
    with olefile.OleFileIO(io.BytesIO(content)) as compound:
        return [compound.openstream(name).read() for name in compound.listdir()]


def _page_texts(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


BARE: dict[str, Callable[[bytes], object]] = {
    "text": lambda content: content.decode(),
    "html": lambda content: etree.fromstring(content, etree.HTMLParser()),
    "docx": _xml_parts,
    "xlsx": _xml_parts,
    "doc": _streams,
    "pdf": _page_texts,
    "xls": lambda content: xlrd.open_workbook(file_contents=content, formatting_info=True),
}
"""What the library beneath each reader does by itself: parse, and no more."""
