"""One check in words: what it is called, why it stands as it does, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from schemas.taxonomy import load

FINDINGS = ("violated", "acknowledged")
WITH_RIGHT_SIDE = ("sum", "equal", "share", "growth", "prior", "completion", "execution")
"""Kinds of equations whose right side says what the left one should be: not limits, not statements of equal rank."""

Check = Mapping[str, Any]
"""A row of curated.checks."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A likely cause, or why nothing can be said: its name, the Chinese term, what it concerns, what it means, what to do."""

    name: str
    label_zh: str
    concerns: str
    meaning: str
    advice: str

    def __str__(self) -> str:
        """The diagnosis in one line."""
        name = f"{self.name} ({self.label_zh})" if self.label_zh else self.name
        named = f"{name}: {self.concerns}" if self.concerns else name
        return f"{named} – {self.meaning}" if self.meaning else named


def diagnosis(check: Check) -> Diagnosis | None:
    """The diagnosis of a check in words; a name that the taxonomy does not explain stands for itself."""
    if not check["diagnosis"]:
        return None
    name, _, concerns = check["diagnosis"].partition(":")
    label_zh, meaning, advice = _meanings().get(name, ("", "", ""))
    return Diagnosis(name.replace("_", " "), label_zh, in_words(concerns.strip()), meaning, advice)


def right_value(check: Check) -> Decimal | None:
    """What the left side would have to be if the other figures are right; None where nothing can be said."""
    if check["verdict"] not in FINDINGS or kind(check) not in WITH_RIGHT_SIDE:
        return None
    right: Decimal | None = check["rhs"]
    return right


def kind(check: Check) -> str:
    """The kind of the check's equation: sum, equal, at_most, repeat, …; empty where the taxonomy has none.

    A few instances are limits where the rest of their equation is a sum.
    """
    own = _instances().get((check["equation"], check["instance"].partition("/")[0]))
    return own or _equations().get(check["equation"], ("", "", ""))[2]


def title(check: Check) -> str:
    """What the check's equation says, in English."""
    return _equations().get(check["equation"], ("", "", ""))[0]


def formula(check: Check) -> str:
    """The check's equation in Chinese terms."""
    return _equations().get(check["equation"], ("", "", ""))[1]


def in_words(text: str) -> str:
    """A text in which every concept is called by its Chinese label."""
    return re.sub(r"[a-z][a-z_]+", lambda word: _labels().get(word[0], word[0]), text)


def concept_labels(concept: str) -> tuple[str, str]:
    """A concept in Chinese and in English."""
    return _concepts().get(concept, (concept, concept))


@cache
def _instances() -> dict[tuple[str, str], str]:
    return {(row["equation"], row["instance"]): row["kind"] for row in load.instances().iter_rows(named=True)}


@cache
def _equations() -> dict[str, tuple[str, str, str]]:
    rows = load.equations().select("equation", "title", "formula", "kind").iter_rows()
    return {equation: (title, formula, kind) for equation, title, formula, kind in rows}


@cache
def _meanings() -> dict[str, tuple[str, str, str]]:
    return {name: (label, meaning, advice) for name, label, meaning, advice in load.diagnoses().iter_rows()}


@cache
def _concepts() -> dict[str, tuple[str, str]]:
    rows = load.concepts().select("concept", "label_zh", "label_en").iter_rows()
    return {concept: (chinese, english) for concept, chinese, english in rows}


@cache
def _labels() -> dict[str, str]:
    return {concept: chinese for concept, (chinese, _) in _concepts().items()}
