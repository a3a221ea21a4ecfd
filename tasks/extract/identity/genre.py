"""What kind of document a text is: final accounts of a department, or one of the kinds that look like them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from tasks.extract.data import TaxonomyError, chosen, rows, whole

FILE = "document_kinds.csv"
FINAL_ACCOUNTS = "final accounts"
TITLE_WEIGHT = 12
"""What a title of final accounts counts; more than any other kind's title."""
ENOUGH = 16
"""So much speaks for final accounts that nothing else need be looked for."""
LEAST = 4
"""So much must speak for another kind before a document is set aside."""


@dataclass(slots=True)
class _Kind:
    titles: list[tuple[re.Pattern[str], int]] = field(default_factory=list)
    words: list[tuple[str, int]] = field(default_factory=list)


def other_kind(text: str, heads: Iterable[str], has_title: bool) -> str | None:
    """What the document is, if not final accounts: a kind of document_kinds.csv, or "" when nothing speaks of accounts.

    `text` is the compact text, `heads` the short lines at its beginning that can be a title, `has_title` whether one
    of them is the title of final accounts. None for final accounts, also for a fragment of them.
    """
    kinds = _kinds()
    own = TITLE_WEIGHT if has_title else 0
    has_traces = has_title
    for word, weight in kinds[FINAL_ACCOUNTS].words:
        if own >= ENOUGH:
            return None
        if word in text:
            own += weight
            has_traces = True
    heads = list(heads)
    scores = {}
    for name, kind in kinds.items():
        if name != FINAL_ACCOUNTS:
            titles = max((weight for form, weight in kind.titles if any(map(form.search, heads))), default=0)
            scores[name] = titles + sum(weight for word, weight in kind.words if word in text)
    likeliest = max(scores, key=scores.__getitem__)
    if scores[likeliest] >= LEAST and scores[likeliest] > own:
        return likeliest
    return None if has_traces else ""


@cache
def _kinds() -> dict[str, _Kind]:
    kinds: dict[str, _Kind] = {}
    for line, row in rows(FILE, "kind", "where", "form", "weight"):
        kind = kinds.setdefault(row["kind"], _Kind())
        weight = whole(FILE, line, row["weight"])
        if chosen(FILE, line, row["where"], ("title", "text")) == "text":
            kind.words.append((row["form"], weight))
            continue
        try:
            kind.titles.append((re.compile(row["form"]), weight))
        except re.error as error:
            raise TaxonomyError(f"{FILE}, line {line}: {row['form']!r} is not a regular expression ({error})") from None
    if FINAL_ACCOUNTS not in kinds or len(kinds) < 2:
        raise TaxonomyError(f"{FILE}: needs rows of {FINAL_ACCOUNTS!r} and of other kinds")
    return kinds
