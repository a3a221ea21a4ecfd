"""The reviewed data files of the taxonomy and of the calculation network, each checked as it is loaded.

Files are comma-separated UTF-8 with one header line. A row that breaks its file's rules raises
TaxonomyError, which names the file and the line.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from schemas.taxonomy.rows import TaxonomyError, distinct, fail, no_blank, one_of, patterns, read, split

FOLDER = Path(__file__).parent

CONCEPTS = "concepts.csv"
DIAGNOSES = "diagnoses.csv"
EQUATIONS = "equations.csv"
NETWORK = "network.csv"
INSTANCES = "network_instances.csv"
PAIRS = "network_pairs.csv"
WHOLES = "network_wholes.csv"
REPEATS = "network_repeats.csv"
SECTIONS = "network_sections.csv"
RATES = "network_rates.csv"
SPLITS = "network_splits.csv"
FUNCTIONS = "functions.csv"
UNITS = "units.csv"
STEMS = "stems.csv"
PUBLIC_TABLES = "public_tables.csv"
PUBLIC_TABLE_WORDS = "public_table_words.csv"
ACROSS_YEARS = "across_years.csv"
ACROSS_UNITS = "across_units.csv"

UNIT_KINDS = ("money", "percent", "count", "date", "text")
PERIOD_KINDS = ("flow", "instant", "change")
SUMS = ("sum", "equal", "at_most")
RELATIONS = ("together", "needs", "at_most", "same_change")
RATE_KINDS = ("share", "growth", "prior", "completion", "execution")
DERIVED = ("shares", "changes", "implied_priors", "completions")
FROM_ZERO = ("growth_from_zero", "completion_of_zero")
TOLD = ("repeat", "identity", "names", "wholes", "pairs", "projects", "cells", "words")
ACROSS = ("earlier", "carried", "plausible", "units")
KINDS = (*SUMS, *RATE_KINDS, *DERIVED, *FROM_ZERO, *ACROSS, *TOLD)
SEVERITIES = ("H", "D", "S")
SIDES = ("total", "part")
MEMBERS = ("none", "each", "class", "leaf", "below")
CODES = r"^\d{3,7}(?:\+\d{3,7})*$"
"""In the place of one of MEMBERS: the members with these codes, e.g. 301+303."""
NAMED = "="
"""In the place of one of MEMBERS it stands before a name: all members that bear it, e.g. =行政运行."""

RATE_READINGS = ("a", "b", "c", "wrong_base")
RATE_MEMBERS = ("none", "part", "class", "all", "label")
INITIAL = "年初"
"""The word for the budget of the beginning of the year, as budget_basis tells it."""

BASES = ("", INITIAL, "全年")
PER = ("", "class", "member")
ABSENT = ("required", "zero", "implied")
TABLES = tuple(f"{number:02}" for number in range(1, 14))
"""The public tables (公开表), by the number that this project gives them: reports number them in many ways."""
TABLE_ROLES = (
    "title",
    "aside",
    "header",
    "head",
    "unit",
    "amount",
    "lead",
    "mark",
    "item",
    "whole",
    "note",
    "numbering",
    "numbers",
    "line",
    "project",
    "economic",
    "function",
)
TABLE_ROWS = ("@function", "@economic", "@project")
CLASS_COLUMN = "@economic"
PLUS = " + "
OUTSIDE = "-"
"""Concept of a figure that is known, but is none of the taxonomy."""


@cache
def concepts(folder: Path = FOLDER) -> pl.DataFrame:
    """The quantities that reports state: concept, label_zh, label_en, section, unit_kind, period_kind.

    `section` is where the statutory form states it: several are separated by a semicolon.
    """
    table = read(folder / CONCEPTS, ("concept", "label_zh", "label_en", "section", "unit_kind", "period_kind"))
    distinct(table, ("concept",), folder / CONCEPTS)
    one_of(table, "unit_kind", UNIT_KINDS, folder / CONCEPTS)
    one_of(table, "period_kind", PERIOD_KINDS, folder / CONCEPTS)
    no_blank(table, ("concept", "label_zh", "label_en", "section"), folder / CONCEPTS)
    return table.drop("line")


@cache
def equations(folder: Path = FOLDER) -> pl.DataFrame:
    """The equations in words: equation, title, formula, severity, kind, per, noun, source.

    `kind`: `sum` (total = Σ parts), `equal` (the same with one part), `at_most` (total ≥ Σ parts), `repeat`
    (statements of one figure agree), `identity` (catalogue and text name the same report), `names` (a code and its name
    agree), `wholes` (a whole is the sum of its kinds), `pairs` (`pairs()`), `projects` and `cells` (what is told of
    projects in words and in tables agrees), `words` (what is said fits the figures), one of RATE_KINDS
    (a percentage follows from two amounts, see `rates()`), of DERIVED (derived figures of a whole and its parts fit
    together, see `splits()`), of FROM_ZERO (a percentage of a whole that is zero) or of ACROSS (reports are compared with
    each other). Where the total is one of members, `per` = `class` makes one instance for each class with all
    that stands below it, `member` one for each
    member. `noun` is what messages call the parts; empty: messages name each part.
    """
    table = read(folder / EQUATIONS, ("equation", "title", "formula", "severity", "kind", "per", "noun", "source"))
    distinct(table, ("equation",), folder / EQUATIONS)
    one_of(table, "severity", SEVERITIES, folder / EQUATIONS)
    one_of(table, "kind", KINDS, folder / EQUATIONS)
    one_of(table, "per", PER, folder / EQUATIONS)
    no_blank(table, ("equation", "title", "formula", "source"), folder / EQUATIONS)
    return table.drop("line")


@cache
def diagnoses(folder: Path = FOLDER) -> pl.DataFrame:
    """What the diagnoses of checks mean: diagnosis, label_zh, meaning, and advice: what to do about it.

    In a check the name may be followed by a colon and what it concerns.
    """
    columns = ("diagnosis", "label_zh", "meaning", "advice")
    table = read(folder / DIAGNOSES, columns)
    distinct(table, ("diagnosis",), folder / DIAGNOSES)
    no_blank(table, columns, folder / DIAGNOSES)
    return table.drop("line")


@cache
def network(folder: Path = FOLDER) -> pl.DataFrame:
    """The components of all equations that add figures up, one row each.

    Columns: equation, instance, reading, side, weight, concept, member, sections, absent.

    - `instance` tells apart the applications of one equation, `reading` the admissible ways to read one
      application: the reading that fits best counts.
    - `weight` is 1, −1, or 0 for a figure that must be printed but adds nothing.
    - `member` says which figures of the concept count: `none` the one without a member, `each` every
      member, `class` every class of functions or of the economic classification, `leaf` every member that no other one
      subdivides, `below` those of them that are no classes, `301+303` the members with these codes, `=行政运行` those
      with this name.
    - `sections` limits them to sections, separated by spaces; empty: any section.
    - `absent` says what an unprinted figure means: `required` nothing can be said; `zero` the form leaves
      out zeros; `implied` it is a balancing figure that texts leave out: it may be anything that is not negative.
    """
    path = folder / NETWORK
    columns = ("equation", "instance", "reading", "side", "weight", "concept", "member", "sections", "absent")
    table = read(path, columns)
    distinct(table, ("equation", "instance", "reading", "side", "concept", "member"), path)
    known = equations(folder).filter(pl.col("kind").is_in(SUMS))["equation"].to_list()
    one_of(table, "equation", known, path)
    without = sorted(set(known) - set(table["equation"]))
    if without:
        raise TaxonomyError(f"{NETWORK}: no row for equation {', '.join(without)}")
    one_of(table, "side", SIDES, path)
    one_of(table, "weight", ("1", "-1", "0"), path)
    one_of(table, "concept", concepts(folder)["concept"].to_list(), path)
    one_of(table.filter(~pl.col("member").str.contains(f"{CODES}|^{NAMED}.")), "member", MEMBERS, path)
    one_of(table, "absent", ABSENT, path)
    named = table.with_columns(pl.col("sections").str.split(" ")).explode("sections")
    one_of(
        named.with_columns(pl.col("sections").str.split("（").list.first()), "sections", _known_sections(folder), path
    )
    reading = ("equation", "instance", "reading")
    for side in SIDES:
        fail(path, table.filter(~(pl.col("side") == side).any().over(reading)), f"the equation has no {side}")
    kinds = table.join(concepts(folder).select("concept", "unit_kind"), on="concept", maintain_order="left")
    mixed = pl.col("unit_kind").n_unique().over("equation", "instance") > 1
    fail(path, kinds.filter(mixed), "the equation mixes kinds of unit")
    fail(path, table.filter((pl.col("side") == "total") & (pl.col("absent") != "required")), "a total is required")
    return table.with_columns(pl.col("weight").cast(pl.Int8)).drop("line")


@cache
def instances(folder: Path = FOLDER) -> pl.DataFrame:
    """The readings of the network that are judged otherwise than their equation.

    Columns: equation, instance, reading, kind, severity, reason.
    """
    path = folder / INSTANCES
    table = read(path, ("equation", "instance", "reading", "kind", "severity", "reason"))
    distinct(table, ("equation", "instance", "reading"), path)
    known = network(folder).select("equation", "instance", "reading").unique()
    fail(path, table.join(known, on=known.columns, how="anti"), f"{NETWORK} has no such reading")
    one_of(table, "kind", SUMS, path)
    one_of(table, "severity", SEVERITIES, path)
    return table.drop("line")


@cache
def rates(folder: Path = FOLDER) -> pl.DataFrame:
    """The percentages that follow from two amounts: equation, reading, kind, percent, part, whole, member, basis.

    - `kind`: `growth` says percent = 100 · part ÷ (whole − part), where the part is a change; `prior` the growth of the
      part from the whole, which is its figure of the prior year; the others percent = 100 · part ÷ whole.
    - `reading`: the reading that fits best counts; `wrong_base` is none, but a slip that explains a misfit.
    - `member`: who has the percentage's member: `none` (it has none), `part`, `class` (the part, a class of functions),
      `all` (part and whole); `label`: the percentage's member is the Chinese label of the part.
    - `basis` of a completion rate: which budget the whole is, where its figures do not tell.
    """
    path = folder / RATES
    table = read(path, ("equation", "reading", "kind", "percent", "part", "whole", "member", "basis"))
    distinct(table, ("kind", "percent", "part", "whole"), path)
    known = equations(folder).filter(pl.col("kind").is_in(RATE_KINDS))["equation"].to_list()
    one_of(table, "equation", known, path)
    one_of(table, "reading", RATE_READINGS, path)
    one_of(table, "kind", RATE_KINDS, path)
    one_of(table, "member", RATE_MEMBERS, path)
    one_of(table, "basis", BASES, path)
    kinds = concepts(folder).select("concept", "unit_kind")
    for column, unit_kind in (("percent", "percent"), ("part", "money"), ("whole", "money")):
        one_of(table, column, kinds.filter(pl.col("unit_kind") == unit_kind)["concept"].to_list(), path)
    return table.drop("line")


@cache
def pairs(folder: Path = FOLDER) -> pl.DataFrame:
    """Pairs of figures that explain each other, one row each: equation, instance, relation, first, second.

    The figures of the concepts `first` and `second` are compared, and those of each member that has both. `relation`:
    `together` (both are 0 or none is), `needs` (where the first is not 0, the second is not either), `at_most` (the second
    is not larger), `same_change` (where they are equal and not 0, so are their changes against the year before).
    """
    path = folder / PAIRS
    table = read(path, ("equation", "instance", "relation", "first", "second"))
    distinct(table, ("equation", "instance"), path)
    one_of(table, "equation", equations(folder)["equation"].to_list(), path)
    one_of(table, "relation", RELATIONS, path)
    for column in ("first", "second"):
        one_of(table, column, concepts(folder)["concept"].to_list(), path)
    return table.drop("line")


@cache
def wholes(folder: Path = FOLDER) -> pl.DataFrame:
    """The concepts whose members are wholes and their kinds: equation, concept, limit, pooled, nested.

    `limit` is a concept of which no member has more than it has of this one; empty: none. `pooled` = `yes`: it may,
    where the total is not exceeded. `nested` = `yes`: a kind can have kinds itself.
    """
    path = folder / WHOLES
    table = read(path, ("equation", "concept", "limit", "pooled", "nested"))
    distinct(table, ("concept",), path)
    for column in ("pooled", "nested"):
        one_of(table, column, ("", "yes"), path)
    one_of(table, "equation", equations(folder)["equation"].to_list(), path)
    known = concepts(folder)["concept"].to_list()
    one_of(table, "concept", known, path)
    one_of(table, "limit", ["", *known], path)
    return table.drop("line")


@cache
def splits(folder: Path = FOLDER) -> pl.DataFrame:
    """Amounts of which derived figures fit together: equation, instance, reading, total, part, member.

    One row per part of a total, both named by their amounts; `rates()` says which share, change or completion rate is
    theirs. `member` says which of them count, as in `network()`.
    """
    path = folder / SPLITS
    table = read(path, ("equation", "instance", "reading", "total", "part", "member"))
    distinct(table, ("equation", "instance", "reading", "part"), path)
    known = equations(folder).filter(pl.col("kind").is_in(DERIVED))["equation"].to_list()
    one_of(table, "equation", known, path)
    amounts = concepts(folder).filter(pl.col("unit_kind") == "money")["concept"].to_list()
    for column in ("total", "part"):
        one_of(table, column, amounts, path)
    one_of(table, "member", MEMBERS, path)
    return table.drop("line")


@cache
def repeats(folder: Path = FOLDER) -> pl.DataFrame:
    """How repeated statements of a concept are compared, for the concepts that are not plain: one row each.

    Columns: concept, compared, sections, severity, reason. `compared`: `yes`, `never`, or `coded` (only members with a
    code). A concept is compared within its own section and the `sections` (separated by spaces) named here.
    An empty `severity` is that of the equation.
    """
    path = folder / REPEATS
    table = read(path, ("concept", "compared", "sections", "severity", "reason"))
    distinct(table, ("concept",), path)
    one_of(table, "concept", concepts(folder)["concept"].to_list(), path)
    one_of(table, "compared", ("yes", "never", "coded"), path)
    one_of(table, "severity", ("", *SEVERITIES), path)
    named = table.with_columns(pl.col("sections").str.split(" ")).explode("sections")
    one_of(named, "sections", _known_sections(folder), path)
    return table.drop("line")


@cache
def stems(folder: Path = FOLDER) -> pl.DataFrame:
    """What the figures derived from a concept are called, where not by its own name: concept, stem, completion, budget,
    initial_budget, full_year_budget (empty: there is none).
    """
    path = folder / STEMS
    table = read(path, ("concept", "stem", "completion", "budget", "initial_budget", "full_year_budget"))
    distinct(table, ("concept",), path)
    return table.drop("line")


@cache
def functions(folder: Path = FOLDER) -> pl.DataFrame:
    """The functional classification (政府收支分类科目): code, name, valid_from, valid_to, aliases.

    One row for each name that a code has had; the fiscal years are inclusive, null where the name is still valid;
    aliases are parted by `|`.
    """
    path = folder / FUNCTIONS
    table = read(path, ("code", "name", "valid_from", "valid_to", "aliases"))
    distinct(table, ("code", "valid_from"), path)
    years = pl.col("valid_from", "valid_to").cast(pl.Int16, strict=False)
    return table.with_columns(years).drop("line")


@cache
def yuan(folder: Path = FOLDER) -> dict[str, int]:
    """The units of money, and how many yuan each is."""
    table = read(folder / UNITS, ("unit", "kind", "yuan")).filter(pl.col("yuan") != "")
    return dict(table.select("unit", pl.col("yuan").cast(pl.Int64)).iter_rows())


@cache
def sections(folder: Path = FOLDER) -> pl.DataFrame:
    """The parts of a report in order of precedence: section, rank (Int8, the lowest speaks first), repeats.

    `repeats` = `always`: what is stated there repeats the section of the concept; `home`: it does so only where the
    concept's section is this one, or `repeats()` says so. Subsections such as 五（二） count as their section.
    """
    path = folder / SECTIONS
    table = read(path, ("section", "rank", "repeats"))
    distinct(table, ("section",), path)
    one_of(table, "repeats", ("home", "always"), path)
    one_of(table, "rank", [str(rank) for rank in range(10)], path)
    return table.with_columns(pl.col("rank").cast(pl.Int8)).drop("line")


@cache
def public_table_words(folder: Path = FOLDER) -> pl.DataFrame:
    """What tells the parts of a public table: role, table, words (a pattern for compact text), description.

    `title` and `header` say which table it is (`-`: none of interest), the first row that fits counts; `head` is what
    else stands above the columns, `aside` on the line of a title, `unit` names the unit. `amount` is the heading of amounts
    that only their row explains, `numbers` what is no number in a row that `numbering` begins.
    `lead`, `mark`, `whole` and `note` are the words around names and headings, `item` the name of a row of data. The other roles tell the columns that hold no amounts: numbers of lines, names of
    projects, and codes and names of rows, which are economic classes or functions. An empty `table` is any table.
    """
    path = folder / PUBLIC_TABLE_WORDS
    table = read(path, ("role", "table", "words", "description"))
    one_of(table, "role", TABLE_ROLES, path)
    one_of(table, "table", ("", OUTSIDE, *TABLES), path)
    patterns(table, "words", path)
    return table.drop("line")


@cache
def public_tables(folder: Path = FOLDER) -> pl.DataFrame:
    """What the amounts of public tables state, one row per kind of cell; of the rows that fit a cell the first counts.

    Columns: table (several parted by a space, `*` any), row, column, after, concept, member.

    - `row`: a pattern for the row's name, `@function` or `@economic` for a row of that classification, `@project` for the
      row of one project; empty: any row.
    - `column`: a pattern for the headings above the amount, from the top, parted by `/`; `@economic` for a column of an
      economic class; empty: any column.
    - `after`: only where one of these concepts was the last one that a row of the same columns named.
    - `concept`: of the taxonomy; `-` where it has none. `member`: `@row`, `@column`, a name, or empty.
    """
    path = folder / PUBLIC_TABLES
    table = read(path, ("table", "row", "column", "after", "concept", "member"))
    distinct(table, ("table", "row", "column", "after"), path)
    known = [OUTSIDE, *concepts(folder)["concept"]]
    one_of(table, "concept", known, path)
    one_of(split(table, "after"), "after", ["", *known], path)
    one_of(split(table, "table"), "table", ("*", *TABLES), path)
    patterns(table.with_columns(pl.col("row").str.replace("@", "", literal=True)), "row", path)
    patterns(table, "column", path)
    return table.drop("line")


@cache
def changes(folder: Path = FOLDER) -> pl.DataFrame:
    """Which concepts speak of an amount and its change against the year before: source, concept, column.

    A change is named after its amount: `<amount>_yoy_change`, or without the amount's `_expenditure`. `concept` is the
    amount, `column` what the source is to it: current, published_change or published_rate.
    """
    known = concepts(folder)["concept"].to_list()
    rows = []
    for name in known:
        for suffix, column in (("_yoy_change", "published_change"), ("_yoy_rate", "published_rate")):
            if name.endswith(suffix):
                stem = name.removesuffix(suffix)
                rows.append((name, stem if stem in known else f"{stem}_expenditure", column))
    rows += [(amount, amount, "current") for amount in dict.fromkeys(amount for _, amount, _ in rows)]
    return pl.DataFrame(rows, schema=["source", "concept", "column"], orient="row")


@cache
def across_years(folder: Path = FOLDER) -> pl.DataFrame:
    """What of a report is held against what of the report of the year before: equation, concept, witness, factor, least.

    `prior` equations go by `changes`: their rows name what a figure may be compared with besides itself. A witness may
    be a sum of concepts, the first of which must be printed. The figures of `plausible` ones may move by `factor` times, or by `least` in yuan or things; both are null elsewhere.
    """
    path = folder / ACROSS_YEARS
    table = read(path, ("equation", "concept", "witness", "factor", "least", "description"))
    distinct(table, ("equation", "concept", "witness"), path)
    one_of(table, "equation", equations(folder).filter(pl.col("kind").is_in(ACROSS))["equation"].to_list(), path)
    for column in ("concept", "witness"):
        one_of(split(table, column, PLUS), column, concepts(folder)["concept"].to_list(), path)
    limits = pl.col("factor", "least").cast(pl.Int64, strict=False)
    return table.with_columns(limits).drop("line", "description")


@cache
def across_units(folder: Path = FOLDER) -> pl.DataFrame:
    """What a department's report states of all its units together: concept, internal.

    `internal`: money that moves between the units is in their own figures and not in the department's.
    """
    path = folder / ACROSS_UNITS
    table = read(path, ("concept", "internal", "description"))
    distinct(table, ("concept",), path)
    one_of(table, "concept", concepts(folder)["concept"].to_list(), path)
    one_of(table, "internal", ("yes", "no"), path)
    return table.select("concept", internal=pl.col("internal") == "yes")


def _known_sections(folder: Path) -> list[str]:
    return ["", *sections(folder)["section"]]
