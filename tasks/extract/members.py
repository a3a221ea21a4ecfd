"""The members of labels: what a label's `member` column says, and the free text that it takes in."""

from __future__ import annotations

from collections.abc import Callable

from tasks.extract.context import Context, Subject
from tasks.extract.data import clause
from tasks.extract.lexicon import Label, Lexicon

POSTS = "staff_authorized"
"""The count of posts that a count of those present, without a kind of their own, goes with."""


class Members:
    """Names the members of labels; `full_name` gives a project's full name for a shortened one."""

    def __init__(self, lexicon: Lexicon, full_name: Callable[[str], str]) -> None:
        """Takes the lexicon for words and concepts."""
        self._lexicon = lexicon
        self._full_name = full_name
        self._rules: dict[str, Callable[[str, str, Context], str | None]] = {
            "@last": lambda member, words, context: context.recent.member_name if context.recent else None,
            "@named": lambda member, words, context: full_name(member),
            "@project": self._project,
            "@staff": self._staff,
            "@unit": lambda member, words, context: "·".join(filter(None, (context.unit, member))) or None,
            "@lead": lambda member, words, context: context.lead,
            "@numerator": self._numerator,
        }

    def __call__(self, label: Label, member: str, words: str, context: Context) -> Subject | None:
        """The subject of a label; None where it speaks of a project and none is known."""
        ruled, _, kind = label.member.partition("·")
        rule = self._rules.get(ruled)
        name = rule(member or kind, words, context) if rule else member or label.member or None
        if name is None and label.member == "@project":
            return None
        return Subject(label.concepts, member_name=name)

    def _project(self, member: str, words: str, context: Context) -> str | None:
        in_turn = clause("measured").fullmatch(words) if words in context.series else None
        if found := in_turn or clause("project_clause").search(words):
            context.project = self._full_name(found[1])
        return context.project

    def _staff(self, member: str, words: str, context: Context) -> str:
        before = context.recent
        if before and before.concepts[0] == POSTS and clause("staff_present").fullmatch(words):
            return before.member_name or ""
        return "·".join(filter(None, (context.unit, self._lexicon.staff_kind(member))))

    def _numerator(self, member: str, words: str, context: Context) -> str | None:
        return self._lexicon.concept_names[context.last.concepts[0]] if context.last else None
