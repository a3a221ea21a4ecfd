"""What one cell of a table states, whatever form the table has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.extract.document import Paragraph


@dataclass(slots=True)
class TableFigure:
    """One figure of a table: concept, member, number and unit, and where its label and its cell stand.

    `unit_printed`: the unit stands beside the number, and not only in the table's head.
    """

    concept: str
    member_code: str | None
    member_name: str | None
    number: str
    unit: str
    unit_printed: bool
    section: str
    label: Paragraph
    cell: Paragraph
