"""CSV that a spreadsheet cannot be tricked with: text that it would take for a formula is made text."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tasks.publish.export.source import Source

FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
"""How text begins that a spreadsheet takes for a formula, full-width signs included (OWASP, CSV injection)."""

_NUMBER = r"^-?[0-9]+(?:\.[0-9]+)?$"


def write_csv(source: Source, path: Path) -> None:
    """Writes a table as CSV: UTF-8 with a mark, by which Excel knows it; text in quotation marks, and empty values without."""
    with path.open("wb") as file:
        for number, part in enumerate(source.parts()):
            first = number == 0
            part.with_columns(guarded(pl.col(pl.String))).write_csv(
                file, include_bom=first, include_header=first, quote_style="non_numeric", line_terminator="\r\n"
            )


def guarded(text: pl.Expr) -> pl.Expr:
    """Text that begins like a formula with an apostrophe before it; a plain number is none."""
    harmless = ~text.str.contains(FORMULA) | text.str.contains(_NUMBER)
    return pl.when(harmless).then(text).otherwise(pl.lit("'") + text)
