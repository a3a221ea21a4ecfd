"""The mutation study: what the audit finds of one wrong figure in a report that adds up.

Random consistent reports of all families are written, read and checked: every finding in them is a false one. Then one figure of
each is changed in the text, beyond what rounding explains, in one of the ways in which people err, and the report is
checked again: it should now have a finding in which that figure takes part, with the diagnosis of the slip.

By hand, from the repository's root: python tests/mutations.py [REPORTS] [--seed SEED]
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl

from schemas.raw import DOCUMENTS
from schemas.taxonomy import load
from sources.writer.accounts import random_figures
from sources.writer.compose import write_report
from sources.writer.render import FORMATS
from sources.writer.wording import random_form
from tasks.extract import extract
from tasks.read import read_all
from tasks.reconcile import reconcile

BATCH = 250
LAYOUTS = (None, None, "national", "sichuan")
"""Half of the reports have their public tables with them."""
EVALUATED = ("exact", "rounding", "violated")


@dataclass(frozen=True, slots=True)
class Checked:
    """Facts and checks of a batch, report ids in the order of its texts."""

    ids: list[str]
    facts: pl.DataFrame
    checks: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Mutation:
    """One figure of a report as it was and as it is now; `start` is its place in the text."""

    slip: str
    fact: int
    concept: str
    start: int
    before: str
    after: str
    covered: bool


def write(number: int, seed: int) -> str:
    """A random consistent report of any family as text."""
    tables = LAYOUTS[number % len(LAYOUTS)]
    rng = Random(f"mutation {seed} {number}")
    report = write_report(random_figures(rng, number), number, form=random_form("any", number), tables=tables)
    return FORMATS["txt"](report).decode()


def check(texts: list[str]) -> Checked:
    """Reads and checks texts as one batch."""
    contents = [text.encode() for text in texts]
    documents = [hashlib.sha256(content).hexdigest() for content in contents]
    names = [f"{number}.txt" for number in range(len(texts))]
    columns = {name: [None] * len(texts) for name in DOCUMENTS.schema}
    known = DOCUMENTS.frame(columns | {"document": documents, "source": names, "url": names})
    blocks = read_all(list(zip(documents, names, contents, strict=True))).blocks
    done = extract(blocks, known.with_columns(format=pl.lit("text")))
    ids = dict(done.reports.select("document", "report_id").iter_rows())
    return Checked(
        [ids.get(document, "") for document in documents],
        done.facts,
        reconcile(done.reports, done.facts, done.mentions, done.claims),
    )


def typed_wrongly(printed: str, rng: Random) -> str:
    """Another digit in place of one of the leading ones."""
    places = [place for place, sign in enumerate(printed) if sign.isdigit()][:2]
    place = rng.choice(places)
    return printed[:place] + rng.choice([d for d in "123456789" if d != printed[place]]) + printed[place + 1 :]


def transposed(printed: str, rng: Random) -> str:
    """Two neighbouring digits that changed places."""
    places = [n for n in range(len(printed) - 1) if printed[n : n + 2].isdigit() and printed[n] != printed[n + 1]]
    # Nobody overlooks a number that begins with 0.
    places = [n for n in places if n or printed[1] != "0"]
    if not places:
        return printed
    place = rng.choice(places)
    return printed[:place] + printed[place + 1] + printed[place] + printed[place + 2 :]


def shifted(printed: str, rng: Random) -> str:
    """The decimal point one place to the right or left."""
    places = len(printed.partition(".")[2])
    moved = Decimal(printed).scaleb(rng.choice((1, -1)))
    return f"{moved:.{places}f}" if moved.as_tuple().exponent < -places else f"{moved:f}"


SLIPS: dict[str, tuple[Callable[[str, Random], str], str]] = {
    "typed wrongly": (typed_wrongly, ""),
    "transposed": (transposed, "transposed_digits"),
    "decimal point": (shifted, "scale_slip"),
}
"""The ways to err, each with the diagnosis that it should get; any one, or none, is as good for a wrong digit."""


def mutations(checked: Checked, texts: list[str], rng: Random) -> Iterator[Mutation | None]:
    """For each report one figure changed at random; None where it has no figure to change."""
    facts = checked.facts.filter(pl.col("state") == "reported", pl.col("number").is_not_null(), pl.col("number") != 0)
    by_report = {key[0]: rows for key, rows in facts.group_by("report_id")}
    for report_id, text in zip(checked.ids, texts, strict=True):
        rows = by_report.get(report_id)
        yield None if rows is None else _mutated(checked, rows, text, rng)


def _mutated(checked: Checked, rows: pl.DataFrame, text: str, rng: Random) -> Mutation | None:
    for _ in range(20):
        fact = rows.row(rng.randrange(rows.height), named=True)
        figures = [m for m in re.finditer(r"\d+(?:\.\d+)?", fact["quote"]) if m[0] == fact["value"]]
        slip = rng.choice(list(SLIPS))
        if len(figures) != 1:
            continue
        after = SLIPS[slip][0](fact["value"], rng)
        step = Decimal(1).scaleb(-(fact["decimals"] or 0))
        if abs(Decimal(after) - Decimal(fact["value"])) < 5 * step:
            continue
        return Mutation(
            slip,
            fact["fact"],
            fact["concept"],
            fact["start"] + figures[0].start(),
            fact["value"],
            after,
            covered(checked.checks, fact, Decimal(after)),
        )
    return None


LOOSE = load.equations().filter(pl.col("kind").is_in(["at_most", "pairs", "words", "wholes", "projects", "cells"]))
"""Equations that leave a figure room, or only say whether it may be zero."""

PLANTED = ("W01", "W07")
"""What the writer leaves in on purpose, as publishers do: words of the form, slips of typing."""


NEUTRAL = {"", "inconsistent"}
"""What names no slip."""


def covered(checks: pl.DataFrame, fact: dict[str, object], after: Decimal) -> bool:
    """Whether an equation ties the figure down so closely that the change cannot pass for rounding.

    Where the figure and the sides are of one kind the sides move as far as the figure. A percentage that is computed
    from amounts moves about as much as they do, in proportion.
    """
    before = Decimal(str(fact["value"]))
    own = checks.filter(
        pl.col("report_id") == fact["report_id"],
        pl.col("facts").list.contains(fact["fact"]),
        pl.col("verdict").is_in(EVALUATED),
        ~pl.col("equation").is_in(LOOSE["equation"].implode()),
    )
    change = abs(after - before)
    in_base = abs(Decimal(str(fact["amount_cny"] if fact["amount_cny"] is not None else fact["number"])) / before)
    for row in own.iter_rows(named=True):
        if row["bound"] is None or row["lhs"] is None:
            continue
        moved = change * in_base if row["unit_kind"] == fact["unit_kind"] else abs(row["lhs"]) * change / before
        if moved > 2 * row["bound"]:
            return True
    return False


@dataclass(slots=True)
class Study:
    """The counts of a study."""

    reports: int = 0
    facts: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    told: list[tuple[Mutation, bool, bool, set[str]]] = field(default_factory=list)


def study(reports: int, seed: int = 0) -> Study:
    """Writes, checks, changes and checks again."""
    done = Study()
    rng = Random(seed)
    for start in range(0, reports, BATCH):
        texts = [write(number, seed) for number in range(start, min(start + BATCH, reports))]
        checked = check(texts)
        done.reports += len(texts)
        done.facts += checked.facts.height
        done.findings.update(checked.checks.filter(verdict="violated")["equation"])
        changes = list(mutations(checked, texts, rng))
        mutated = [
            text[: change.start] + change.after + text[change.start + len(change.before) :] if change else text
            for text, change in zip(texts, changes, strict=True)
        ]
        again = check(mutated)
        for change, before, after in zip(changes, checked.ids, again.ids, strict=True):
            if change:
                done.told.append((change, *_found(checked, again, before, after, change)))
    return done


def _found(checked: Checked, again: Checked, before: str, after: str, change: Mutation) -> tuple[bool, bool, set[str]]:
    """Whether there is a new finding, whether the figure takes part in one, and the diagnoses of those."""
    known = checked.checks.filter(report_id=before, verdict="violated").select("equation", "instance")
    new = again.checks.filter(report_id=after, verdict="violated").join(known, on=["equation", "instance"], how="anti")
    places = again.facts.filter(
        pl.col("report_id") == after, pl.col("start") <= change.start, pl.col("end") > change.start
    )
    at = set(places["fact"])
    own = [row for row in new.iter_rows(named=True) if at & set(row["facts"])]
    return bool(new.height), bool(own), {(row["diagnosis"] or "").partition(":")[0] for row in own}


def share(part: int, whole: int) -> str:
    """3 of 4 (75.0 %)."""
    return f"{part:,} of {whole:,} ({100 * part / whole if whole else 0:.1f} %)"


def report(done: Study) -> None:
    """Prints what the study found."""
    false = {equation: count for equation, count in done.findings.items() if equation not in PLANTED}
    print(f"{done.reports:,} consistent reports with {done.facts:,} facts: {sum(false.values())} false findings")
    for equation, count in done.findings.most_common():
        print(f"  {equation}: {count} {'planted by the writer' if equation in PLANTED else 'false'}")
    tied = [each for each in done.told if each[0].covered]
    print(f"one figure of each changed: {share(len(tied), len(done.told))} of them are tied down by an equation")
    print(f"  of all changes found       {share(sum(any_ for _, any_, _, _ in done.told), len(done.told))}")
    print(f"  of those tied down found   {share(sum(any_ for _, any_, _, _ in tied), len(tied))}")
    print(f"  in a rule with the figure  {share(sum(own for _, _, own, _ in tied), len(tied))}")
    for slip, (_, diagnosis) in SLIPS.items():
        own = [hints for change, _, right, hints in tied if right and change.slip == slip]
        right = sum(diagnosis in hints for hints in own) if diagnosis else 0
        silent = sum(hints <= NEUTRAL for hints in own)
        told = f", diagnosis {diagnosis} in {share(right, len(own))}" if diagnosis else ""
        print(f"    {slip}: {len(own):,}{told}, none in {share(silent, len(own))}")
        others = Counter(" ".join(sorted(hints)) for hints in own if not hints <= NEUTRAL and diagnosis not in hints)
        for hints, count in others.most_common():
            print(f"      {count:5} {hints}")
    missed = Counter(change.concept for change, any_, _, _ in tied if not any_)
    print("tied down and not found:", ", ".join(f"{concept} {count}" for concept, count in missed.most_common(20)))
    loose = Counter(change.concept for change, any_, _, _ in done.told if not any_ and not change.covered)
    print("no equation ties down:", ", ".join(f"{concept} {count}" for concept, count in loose.most_common(60)))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("reports", nargs="?", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    report(study(chosen.reports, chosen.seed))
