"""The roster: who is to publish final accounts, from which year on, and until when in a year."""

import polars as pl

from schemas.curated import KINDS, REGION_CODE
from schemas.table import Column, Table

DEADLINE = r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"

ROSTER = Table(
    name="roster",
    layer="sources",
    grain="one organisation that publishes final accounts of one kind, for years that follow each other",
    key=("region_code", "entity", "kind", "from"),
    columns=(
        Column("entity", pl.String, "Full name of the organisation"),
        Column("region_code", pl.String, "GB/T 2260 code of its region", pattern=REGION_CODE),
        Column(
            "kind", pl.String, "Whose accounts: a department with its units, one unit, or the head office", values=KINDS
        ),
        Column("from", pl.Int16, "First fiscal year that it publishes", at_least=1990),
        Column("until", pl.Int16, "Last one; empty while it publishes", nullable=True, at_least=1990),
        Column("parent", pl.String, "Of a unit: the department whose accounts contain its own", nullable=True),
        Column("aliases", pl.String, "Other names that it publishes under, parted by |", nullable=True),
        Column(
            "deadline",
            pl.String,
            "Month and day of the following year, like 09-30, until when it is to publish; empty: that of the catalogue",
            nullable=True,
            pattern=DEADLINE,
        ),
    ),
)
