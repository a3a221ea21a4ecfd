"""A release keeps what the one before it promised: its files are those of its manifest, and nothing is lost on the way.

The first release has nothing to be compared with: its rules are then told as not evaluated. A critical failure stops
the switch, and the last release stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from expectations.suite import Rule, collected, judged, limited_suite, sentence
from expectations.tables import Tables, table
from schemas.marts import REPORTS, TABLES
from schemas.table import NUMBER

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite

NAME = "releases"

ROWS_LOST = 1
"""Percent of the rows about the same reports by which a table may shrink unnoticed. The same documents state the same
figures; a few rows fewer are what better reading of a doubtful line costs."""

ROWS_LOST_AT_MOST = 50
"""Percent above which the table was not made rightly, and the release is not switched to."""

FACTS_LOST = 5
"""Percent of one report's facts that may be read no more without being told: one figure in twenty."""

HEADLINES = tuple(column.name for column in REPORTS.columns if column.unit == "yuan")
IDENTITY = ("region_code", "fiscal_year", "kind", "entity_key")

RULES = (
    Rule("manifest-true", "The files of a release are those that its manifest tells: digest and rows", "critical", 0, 0),
    Rule("columns-kept", "Columns are those of the previous release and some more, or the tables have another version", "warning", 0, 0),
    Rule("rows-kept", f"About the same reports no table has {ROWS_LOST} % fewer rows than in the previous release", "warning", at_most=ROWS_LOST),
    Rule("rows-lost", f"About the same reports no table has {ROWS_LOST_AT_MOST} % fewer rows than in the previous release", "critical", at_most=ROWS_LOST_AT_MOST),
    Rule("report-kept", "Every report of the previous release is there, replaced by a newer document, or held", "critical", 0, 0),
    Rule("report-not-withdrawn", "No report of the previous release is held now", "warning", 0, 0),
    Rule("figure-kept", "The headline amounts of a document are those of the previous release", "warning", 0, 0),
    Rule("facts-kept", f"A document has at most {FACTS_LOST} % fewer facts than in the previous release", "warning", at_most=FACTS_LOST),
)  # fmt: skip

_RULES = {each.name: each for each in RULES}


def build_suite() -> ExpectationSuite:
    """Files, columns, rows, reports and figures, each against the manifest or the previous release."""
    return limited_suite(NAME, RULES)


def evidence(tables: Tables) -> pl.DataFrame:
    """EVIDENCE with `value`, from `release.files` (role, and the rows of tasks.publish.package.files), the staged
    `marts.<name>`, those of the previous release as `previous.<name>` where there is one, `curated.reports` and `audit.held`.
    """
    files = table(tables, "release.files")
    frames = [_manifest(files), _columns(files)]
    if "previous.reports" in tables:
        before, now = table(tables, "previous.reports"), table(tables, "marts.reports")
        held = table(tables, "audit.held").select("report_id")
        frames += [
            *_rows(tables, before, now),
            *_reports(before, now, table(tables, "curated.reports"), held),
            *_figures(before, now),
        ]
    return collected(RULES, frames)


def _manifest(files: pl.LazyFrame) -> pl.LazyFrame:
    same = pl.col("hash").eq_missing(pl.col("found_hash")) & pl.col("rows").eq_missing(pl.col("found_rows"))
    found = pl.when(pl.col("found_hash").is_null()).then(pl.lit("is gone")).otherwise(pl.lit("is another one"))
    told = sentence("{} release {}: the file of the table {} {}", "role", "release", "name", found)
    return judged(_RULES["manifest-true"], files, ~same, told)


def _columns(files: pl.LazyFrame) -> pl.LazyFrame:
    """Columns of the previous release that are there no more, by name and type."""
    before = files.filter(role="previous").select("name", "release", before="columns", old="version")
    both = files.filter(role="staged").join(before, on="name").sort("name")
    gone = pl.col("before").list.set_difference("columns").list.sort()
    lost = pl.when(pl.col("version") == pl.col("old")).then(gone.list.len()).otherwise(0)
    told = sentence(
        "marts.{}: {} was there in {}, and the version of the tables is still {}",
        "name", gone.list.join(", "), "release_right", "version",
    )  # fmt: skip
    return judged(_RULES["columns-kept"], both, lost, told)


def _rows(tables: Tables, before: pl.LazyFrame, now: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Percent of the rows about reports of both releases that a table has lost; `coverage` as a whole."""
    common = before.join(now, on="report_id", how="semi").select("report_id")
    counts = []
    for declared in TABLES:
        if declared.name == "reports":
            continue
        rows = [table(tables, f"{layer}.{declared.name}") for layer in ("previous", "marts")]
        if declared.name != "coverage":
            rows = [frame.join(common, on="report_id", how="semi") for frame in rows]
        counts.append(
            pl.concat([frame.select(pl.len().cast(pl.Int64)) for frame in rows], how="vertical").select(
                name=pl.lit(declared.name), before=pl.col("len").first(), now=pl.col("len").last()
            )
        )
    counted = pl.concat(counts).filter(pl.col("before") > 0)
    share = 100 * (pl.col("before") - pl.col("now")).cast(NUMBER) / pl.col("before").cast(NUMBER)
    told = sentence(
        "marts.{}: {} rows where the previous release has {} about the same reports", "name", "now", "before"
    )
    return [judged(_RULES[name], counted, share, told) for name in ("rows-kept", "rows-lost")]


def _reports(before: pl.LazyFrame, now: pl.LazyFrame, curated: pl.LazyFrame, held: pl.LazyFrame) -> list[pl.LazyFrame]:
    """What became of each report of the previous release: it is there, as this or a newer document, or held, or lost."""
    withheld = curated.join(held, on="report_id", how="semi")
    became = before
    for name, reports in (("kept", now), ("withheld", withheld)):
        documents = reports.select("report_id", pl.col("report_id").alias(name)).unique("report_id")
        # Where region or publisher is not known, namesakes are not the same.
        publications = (
            reports.filter(pl.col("region_code") != "000000", pl.col("entity_key") != "")
            .select(*IDENTITY, pl.col("report_id").alias(f"{name}_newer"))
            .unique(IDENTITY)
        )
        became = became.join(documents, on="report_id", how="left").join(publications, on=IDENTITY, how="left")
    became = became.with_columns(
        pl.coalesce("kept", "kept_newer").is_not_null().alias("there"),
        pl.coalesce("withheld", "withheld_newer").alias("report"),
    ).sort("report_id")
    who = sentence("{} {} {}", "entity", "fiscal_year", "kind")
    lost = ~pl.col("there") & pl.col("report").is_null()
    withdrawn = became.select(
        pl.coalesce("report", "report_id").alias("report_id"), who.alias("who"), held=~pl.col("there") & ~lost
    )
    return [
        judged(
            _RULES["report-kept"],
            became.drop("report_id"),
            lost,
            sentence("{} was published in the previous release; it is not there, and nothing says why", who),
        ),
        judged(
            _RULES["report-not-withdrawn"],
            withdrawn,
            pl.col("held"),
            sentence("{} was published in the previous release, and is held now", "who"),
        ),
    ]


def _figures(before: pl.LazyFrame, now: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Headline amounts and number of facts of the documents that both releases have: only the reading can have changed."""
    both = now.join(before.select("report_id", "facts", *HEADLINES), on="report_id", suffix="_before").sort("report_id")
    changed = [pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in HEADLINES]
    named = [
        pl.when(differs).then(
            sentence(
                f"{name} was {{}} and is {{}} yuan",
                *(pl.col(each).cast(pl.String).fill_null("nothing") for each in (f"{name}_before", name)),
            )
        )
        for name, differs in zip(HEADLINES, changed, strict=True)
    ]
    told = sentence(
        "{}, and the document is the same: the reading of it has changed",
        pl.concat_str(named, separator="; ", ignore_nulls=True),
    )
    fewer = 100 * (pl.col("facts_before") - pl.col("facts")).cast(NUMBER) / pl.col("facts_before").cast(NUMBER)
    facts = sentence("{} facts where the previous release has {} of the same document", "facts", "facts_before")
    return [
        judged(_RULES["figure-kept"], both, pl.sum_horizontal(changed), told),
        judged(_RULES["facts-kept"], both.filter(pl.col("facts_before") > 0), fewer, facts),
    ]
