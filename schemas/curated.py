"""Tables of the curated layer: identity, figures, every number met, every equation checked."""

import polars as pl

from schemas.raw import SHA256
from schemas.table import MONEY, NUMBER, Column, Table

REPORT_ID = r"[0-9a-f]{16}"
REGION_CODE = r"[0-9]{6}"
KINDS = ("部门", "单位", "本级")
UNIT_KINDS = ("money", "percent", "count", "date", "text")
PERIODS = ("current", "prior", "change")
VERDICTS = ("exact", "rounding", "violated", "not_evaluated", "acknowledged")
SEVERITIES = ("H", "D", "S")
CLAIM_KINDS = (
    "budget", "no_change", "prior_year", "instant", "statement_year", "impossible_year", "name", "reason",
    "template", "typing", "none", "listed_table", "printed_table", "empty_table", "explained",
    "group_weight", "score_weight", "score", "score_total",
)  # fmt: skip
STAGES = ("fetch", "read", "extract", "reconcile", "audit", "publish")

_REPORT = Column("report_id", pl.String, "The report: first 16 digits of its document's SHA-256", pattern=REPORT_ID)
_YEAR = Column("fiscal_year", pl.Int16, "Fiscal year of the report, 1 January to 31 December", at_least=1990)
_REGION = Column(
    "region_code",
    pl.String,
    "GB/T 2260 code of the publisher's region; 000000 where the text does not tell",
    pattern=REGION_CODE,
)

REPORTS = Table(
    name="reports",
    layer="curated",
    grain="one report as read: one document with its identity",
    key=("report_id",),
    columns=(
        _REPORT,
        Column("document", pl.String, "SHA-256 of the document's bytes", pattern=SHA256),
        _YEAR,
        _REGION,
        Column("region_name", pl.String, "Name of the region, with its superior regions", nullable=True),
        Column("entity", pl.String, "The publishing organisation as printed"),
        Column("entity_key", pl.String, "The organisation's name, normalised for joining across years"),
        Column(
            "kind", pl.String, "Whose accounts: a department with its units, one unit, or the head office", values=KINDS
        ),
        Column("title", pl.String, "The words that tell the identity", nullable=True),
        Column(
            "title_start",
            pl.Int32,
            "Where they begin in the document's text",
            unit="characters",
            nullable=True,
            at_least=0,
        ),
        Column("title_end", pl.Int32, "Where they end", unit="characters", nullable=True, at_least=0),
        Column(
            "conflict", pl.String, "What the text says otherwise than the catalogue, whose word counts", nullable=True
        ),
        Column(
            "restated",
            pl.String,
            "What the text says of a reorganisation or of another scope beside a comparison with the year before: the "
            "years are then not comparable as they stand",
            nullable=True,
        ),
        Column("source", pl.String, "Name of the source in the catalogue"),
        Column("url", pl.String, "Where the document was fetched from"),
        Column(
            "format",
            pl.String,
            "Format of the document, told from its content; it ends with -scan where text was recognised from pictures",
        ),
        Column("facts", pl.Int32, "Number of facts", at_least=0),
        Column("mentions", pl.Int32, "Number of quantities met in the sections in scope", at_least=0),
        Column("unmapped", pl.Int32, "How many of them resolve to no concept", at_least=0),
        Column("code_revision", pl.String, "Digest of the code and the taxonomy that read the report"),
    ),
)

FACTS = Table(
    name="facts",
    layer="curated",
    grain="one stated figure",
    key=("report_id", "fact"),
    columns=(
        _REPORT,
        Column("fact", pl.Int32, "Number of the fact in reading order, from 0", at_least=0),
        _YEAR,
        _REGION,
        Column("concept", pl.String, "Concept of the taxonomy"),
        Column(
            "member_code",
            pl.String,
            "Code of the member: function or economic class",
            nullable=True,
            pattern=r"[0-9]{3,7}",
        ),
        Column(
            "member_name",
            pl.String,
            "Name of the member: function, project, kind of vehicle or of staff, …",
            nullable=True,
        ),
        Column(
            "parent_code",
            pl.String,
            "Code of the class or group that a member without a code stands under",
            nullable=True,
        ),
        Column(
            "period", pl.String, "The report's year, the year before it, or the change between them", values=PERIODS
        ),
        Column("value", pl.String, "The number as printed, in plain digits and without thousands separators"),
        Column("unit", pl.String, "The unit as printed; empty where none is printed"),
        Column("unit_kind", pl.String, "Kind of unit", values=UNIT_KINDS),
        Column("unit_inferred", pl.Boolean, "The unit is not printed beside the number, but follows from its section"),
        Column("decimals", pl.Int8, "Printed decimals", nullable=True, at_least=0),
        Column("amount_cny", MONEY, "Signed exact amount; empty for other units", unit="yuan", nullable=True),
        Column("number", NUMBER, "Signed exact number in the printed unit; empty for dates and texts", nullable=True),
        Column("state", pl.String, "How the figure is stated", values=("reported", "in_words", "template_left_over")),
        Column("budget_basis", pl.String, "Which budget a completion rate refers to, as printed", nullable=True),
        Column("section", pl.String, "Section of the statutory form that the figure stands in"),
        Column("quote", pl.String, "The printed fragment: the document's text from start to end"),
        Column("start", pl.Int32, "Where the fragment begins in the document's text", unit="characters", at_least=0),
        Column("end", pl.Int32, "Where it ends", unit="characters", at_least=1),
        Column("block", pl.Int32, "The block that the number stands in", at_least=0),
        Column("place", pl.String, "Where that is in the format's own terms: paragraph, page and box, sheet and cell"),
    ),
)

MENTIONS = Table(
    name="mentions",
    layer="curated",
    grain="one quantity met in a section in scope",
    key=("report_id", "mention"),
    columns=(
        _REPORT,
        Column("mention", pl.Int32, "Number in reading order, from 0", at_least=0),
        _YEAR,
        _REGION,
        Column("section", pl.String, "Section that the quantity stands in"),
        Column("text", pl.String, "The quantity as printed"),
        Column("start", pl.Int32, "Where it begins in the document's text", unit="characters", at_least=0),
        Column("end", pl.Int32, "Where it ends", unit="characters", at_least=1),
        Column("unit_kind", pl.String, "Kind of unit", values=UNIT_KINDS),
        Column("outcome", pl.String, "What became of it", values=("fact", "set_aside", "unmapped")),
        Column("reason", pl.String, "Why it was set aside", nullable=True),
    ),
)

CLAIMS = Table(
    name="claims",
    layer="curated",
    grain="one worded claim: words that say how figures relate, which year is meant, or that nobody filled in",
    key=("report_id", "claim"),
    columns=(
        _REPORT,
        Column("claim", pl.Int32, "Number from 0: words in reading order, then tables", at_least=0),
        _YEAR,
        _REGION,
        Column("kind", pl.String, "What is claimed", values=CLAIM_KINDS),
        Column(
            "value",
            pl.String,
            "What it is claimed to be: greater, less or equal; a year; a name; a table; a concept; a weight or a score; "
            "else the words",
        ),
        Column(
            "basis",
            pl.String,
            "Which budget is meant, as printed; of a score table the line: its table, the lines where its groups begin, "
            "and its own",
            nullable=True,
        ),
        Column("words", pl.String, "The words as printed: the document's text from start to end"),
        Column("facts", pl.List(pl.Int32), "The facts that it is about"),
        Column("section", pl.String, "Section that the words stand in"),
        Column("start", pl.Int32, "Where they begin in the document's text", unit="characters", at_least=0),
        Column("end", pl.Int32, "Where they end", unit="characters", at_least=1),
        Column("quote", pl.String, "The sentence, or the part of it, that they stand in"),
        Column("block", pl.Int32, "The block that they end in", at_least=0),
    ),
)

CHECKS = Table(
    name="checks",
    layer="curated",
    grain="one instance of one equation in one report",
    key=("report_id", "equation", "instance"),
    columns=(
        _REPORT,
        Column(
            "finding",
            pl.String,
            "Stable identity: digest of publisher, year, equation, instance and figures",
            pattern=r"[0-9a-f]{12}",
        ),
        _YEAR,
        _REGION,
        Column("equation", pl.String, "Equation of the calculation network", pattern=r"[A-Z][0-9]{2}"),
        Column("instance", pl.String, "What the equation is applied to, where it applies several times; else empty"),
        Column("severity", pl.String, "H holds the report, D and S are recorded", values=SEVERITIES),
        Column("unit_kind", pl.String, "Kind of the unit of both sides: yuan, percent or a count", values=UNIT_KINDS),
        Column("lhs", NUMBER, "Left side in its base unit", nullable=True),
        Column("rhs", NUMBER, "Right side in its base unit", nullable=True),
        Column("residual", NUMBER, "Left side less right side", nullable=True),
        Column(
            "bound",
            NUMBER,
            "Largest residual that rounding of the published figures explains",
            nullable=True,
            at_least=0,
        ),
        Column("verdict", pl.String, "Outcome of the check", values=VERDICTS),
        Column("diagnosis", pl.String, "Likely cause, or why it could not be evaluated", nullable=True),
        Column("message", pl.String, "The finding in one sentence"),
        Column("facts", pl.List(pl.Int32), "The facts that took part"),
        Column("claims", pl.List(pl.Int32), "The worded claims that took part"),
    ),
)

OUTCOMES = Table(
    name="outcomes",
    layer="curated",
    grain="one stage of one source location in one run",
    key=("url", "stage"),
    columns=(
        Column("source", pl.String, "Name of the source in the catalogue"),
        Column("url", pl.String, "Where the document was fetched from, or was expected"),
        Column("document", pl.String, "SHA-256 of the document's bytes", nullable=True, pattern=SHA256),
        Column("report_id", pl.String, "The report, once it is one", nullable=True, pattern=REPORT_ID),
        Column("stage", pl.String, "Stage of the run", values=STAGES),
        Column("outcome", pl.String, "What came of it", values=("done", "held", "unreadable", "missing", "superseded")),
        Column("message", pl.String, "Why, in one sentence; empty where nothing went wrong"),
    ),
)

TABLES = (REPORTS, FACTS, MENTIONS, CLAIMS, CHECKS, OUTCOMES)
