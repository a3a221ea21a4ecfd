"""Tables that a release holds beside the marts: what its words mean, and what has changed since the release before."""

import polars as pl

from schemas.curated import PERIODS, REPORT_ID, UNIT_KINDS
from schemas.curated import REPORTS as CURATED_REPORTS
from schemas.table import NUMBER, Column, Table
from schemas.taxonomy.load import PERIOD_KINDS

CHANGE_KINDS = ("added", "removed", "replaced", "status", "figure")
REASONS = ("new_report", "held", "gone", "new_document", "new_code", "new_document_and_code", "review")

_REPORT = {column.name: column for column in CURATED_REPORTS.columns}

CONCEPTS = Table(
    name="concepts",
    layer="release",
    grain="one quantity that reports state",
    key=("concept",),
    columns=(
        Column("concept", pl.String, "Concept of the taxonomy, as the tables name it"),
        Column("label_zh", pl.String, "What the statutory form calls it"),
        Column("label_en", pl.String, "The same in English"),
        Column("section", pl.String, "Where the statutory form states it; several are separated by a semicolon"),
        Column("unit_kind", pl.String, "Kind of unit", values=UNIT_KINDS),
        Column("period_kind", pl.String, "Of a year, of a day, or the change between years", values=PERIOD_KINDS),
    ),
)


def _side(name: str, description: str) -> Column:
    return Column(name, NUMBER, f"{description}, in yuan, percent or things", nullable=True)


CHANGES = Table(
    name="changes",
    layer="release",
    grain="one thing that differs from the release before: a report, its status, or one of its figures",
    key=("change", "report_id", "concept", "member_code", "member_name", "parent_code", "period", "unit_kind"),
    columns=(
        Column(
            "change",
            pl.String,
            "A report was added, removed, or replaced by a newer document; its status, or a figure of it, is another one",
            values=CHANGE_KINDS,
        ),
        Column(
            "why",
            pl.String,
            "new_document: the publisher has issued another document; new_code: the same document was read by other code; "
            "held: the audit holds the report now; gone: nothing tells; review: an acknowledgement",
            values=REASONS,
        ),
        Column("report_id", pl.String, "The report; of a removed one as it was before", pattern=REPORT_ID),
        Column("report_before", pl.String, "The report before, where it was there", nullable=True, pattern=REPORT_ID),
        _REPORT["fiscal_year"],
        _REPORT["region_code"],
        _REPORT["region_name"],
        _REPORT["entity"],
        _REPORT["kind"],
        Column("concept", pl.String, "Of a figure: its concept", nullable=True),
        Column("member_code", pl.String, "Of a figure: code of its member", nullable=True),
        Column("member_name", pl.String, "Of a figure: name of a member without a code", nullable=True),
        Column("parent_code", pl.String, "Of a figure: what a member without a code stands under", nullable=True),
        Column("period", pl.String, "Of a figure: the year that it is about", nullable=True, values=PERIODS),
        Column("unit_kind", pl.String, "Of a figure: kind of its unit", nullable=True, values=UNIT_KINDS),
        Column(
            "before",
            pl.String,
            "The status, or the figure as printed, before; empty where there was none",
            nullable=True,
        ),
        Column("now", pl.String, "The same now", nullable=True),
        _side("number_before", "The figure before"),
        _side("number_now", "The figure now"),
        Column("fact_before", pl.Int32, "The fact that states it in the release before", nullable=True),
        Column("fact_now", pl.Int32, "The fact that states it in this release", nullable=True),
    ),
)

COMPANIONS = (CONCEPTS, CHANGES)
