"""Reports of the project's own writer, checked: one whose revenue is misprinted, and its text in every format."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from flows.report import Checked, check, open_report
from sources.writer.accounts import random_figures
from sources.writer.breaking import break_figure
from sources.writer.render import FORMATS
from sources.writer.report import Report
from sources.writer.spreadsheet import xlsx
from sources.writer.wording import random_form
from tests.office import converted

SEED = 3
MISPRINTED = "revenue_total"
SAMPLES = Path(__file__).resolve().parents[3] / "sources" / "sample"

Check = Callable[[str, bytes], Checked]


@pytest.fixture(scope="session")
def checked_file(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Checks a file with this name and content."""

    def checked(name: str, content: bytes) -> Checked:
        path = tmp_path_factory.mktemp("report") / name
        path.write_bytes(content)
        return check([open_report(path)])[0]

    return checked


@pytest.fixture(scope="session")
def misprinted() -> Report:
    """A written report with its public tables, whose total revenue is one 万元 too high in one place."""
    figures = random_figures(Random(SEED), SEED)
    return break_figure(figures, SEED, MISPRINTED, Decimal(1), form=random_form("A", SEED), tables="national")


@pytest.fixture(scope="session")
def in_formats(misprinted: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The misprinted report as a file of each format; the workbook holds its public tables only."""
    files = {name: write(misprinted) for name, write in FORMATS.items()}
    folder = tmp_path_factory.mktemp("pdf")
    files["pdf"] = converted({"report.docx": files["docx"]}, "pdf", folder)["report.docx"]
    files["xlsx"] = xlsx(misprinted.tables, seed=misprinted.year)
    return files


@pytest.fixture(scope="session")
def wrong(checked_file: Check, in_formats: dict[str, bytes]) -> Checked:
    """The misprinted report as a web page, checked."""
    return checked_file("report.html", in_formats["html"])


@pytest.fixture(scope="session")
def samples() -> list[Checked]:
    """The bundled sample reports, checked; the first is inconsistent."""
    return [check([open_report(path)])[0] for path in sorted(SAMPLES.glob("0*"))]
