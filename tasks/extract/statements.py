"""What each number of a sentence states: the resolver.

A number is told by the words before it, back to the number before: the longest label of its section
that ends there; else a cue (增加, 占, 完成预算, …) that derives it from the subject, the figure named last;
else free text under a list that was opened before (vehicles by kind, projects by name, …).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tasks.extract.lexicon import Label, Lexicon
from tasks.extract.quantities import Quantity

SENTENCE = "。"
TEMPLATE = re.compile(r"增加[/、(]?(?:或)?减少|增长[/、(]?(?:或)?下降|下降[/、(]增长|[增减]\([增减]\)")
REACH = 320
"""How far behind a number its right-hand words are looked for: a bracket with a list of projects may stand between."""


@dataclass(slots=True)
class Subject:
    """What a sentence speaks of: one concept, or two that share a number, and their member."""

    concepts: tuple[str, ...]
    member_code: str | None = None
    member_name: str | None = None
    parent_code: str | None = None


@dataclass(slots=True)
class Statement:
    """What one quantity states. Offsets are in the paragraph's compact text."""

    concepts: tuple[str, ...]
    subject: Subject
    period: str
    start: int
    sign: int = 1
    basis: str | None = None
    unit: str = ""


@dataclass(slots=True)
class Context:
    """What a section has said so far: the subject of the sentence, of the last figure, and the list that is open."""

    section: str
    head: Subject | None = None
    last: Subject | None = None
    changed: Subject | None = None
    anchor: str = ""
    project: str | None = None
    lead: str | None = None
    unit: str | None = None
    group: tuple[str | None, str | None] = (None, None)


ItemFinder = Callable[[str, Context], tuple[Subject, int] | None]
"""Finds a function class or item at the end of the words before a number, and where its name begins."""


@dataclass(slots=True)
class Resolver:
    """Resolves quantities one after the other; `items` finds function items, `named` a project's full name."""

    lexicon: Lexicon
    items: ItemFinder
    named: Callable[[str], str] = field(default=lambda name: name)

    def resolve(self, text: str, quantity: Quantity, gap: int, context: Context) -> Statement | str:
        """What the quantity states, or why it states nothing ("" where no rule knows it).

        `gap` is where the words before the number begin: behind the number before, or the paragraph's start.
        """
        sentence = text.rfind(SENTENCE, gap, quantity.start) + 1
        begin = max(gap, sentence)
        words = text[begin : quantity.start]
        if TEMPLATE.search(words):
            return "template_left_over"
        behind = text[quantity.end : quantity.end + REACH]
        for unit in self._units(quantity):
            statement = self._state(words, behind, unit, bool(sentence), context)
            if statement is not None:
                statement.start += begin
                statement.unit = unit
                self._remember(statement, bool(sentence) or begin == 0, context)
                return statement
        if quantity.unit != "date":
            # What could not be told may have been a new subject: nothing may be derived from the one before it.
            context.last = context.changed = None
        return ""

    def _units(self, quantity: Quantity) -> tuple[str, ...]:
        """The printed unit, or those that a number without one can have."""
        if quantity.unit:
            return (quantity.unit,)
        return ("万元",) if "." in quantity.number else ("个", "辆", "台", "人")

    def _state(self, words: str, behind: str, unit: str, new_sentence: bool, context: Context) -> Statement | None:
        kind = self.lexicon.unit_kinds[unit]
        matcher = self.lexicon.matcher(context.section, unit, context.anchor)
        told = matcher.by_right(words, behind) or matcher.fixed_before(words)
        if told is not None:
            return self._labelled(told, words, context)
        if kind == "percent":
            derived = self._percentage(words, context)
        elif kind == "money":
            derived = self._amount(words, new_sentence, matcher.last_in, context)
        else:
            derived = None
        if derived is not None:
            return derived
        told = matcher.open_before(words)
        return None if told is None else self._labelled(told, words, context)

    def _labelled(self, told: tuple[Label, int, str], words: str, context: Context) -> Statement | None:
        label, start, member = told
        name: str | None = member or label.member or None
        if label.member == "@last":
            name = context.last.member_name if context.last else None
        elif label.member == "@named":
            name = self.named(member)
        elif label.member == "@project":
            name = self._project(words, context)
            if name is None:
                return None
        elif label.member == "@staff":
            name = "·".join(filter(None, (context.unit, self.lexicon.staff_kind(member))))
        elif label.member == "@unit":
            name = context.unit
        elif label.member == "@lead":
            name = context.lead
        elif label.member == "@numerator":
            name = self.lexicon.concept_names[context.last.concepts[0]] if context.last else None
        return Statement(label.concepts, Subject(label.concepts, member_name=name), "current", start)

    def _project(self, words: str, context: Context) -> str | None:
        found = PROJECT_CLAUSE.search(words)
        if found:
            context.project = self.named(found[1])
        return context.project

    def _percentage(self, words: str, context: Context) -> Statement | None:
        stem = self.lexicon.stem
        found = self.lexicon.cue("completion", "percent", words)
        if found and context.last:
            concepts = tuple(stem(concept).completion for concept in context.last.concepts)
            return self._derived(concepts, context.last, "current", found, basis=found.groupdict().get("basis"))
        found = self.lexicon.cue("change", "percent", words)
        subject = context.changed or context.last
        if found and subject:
            concepts = tuple(stem(concept).rate for concept in subject.concepts)
            return self._derived(concepts, subject, "change", found, sign=self.lexicon.signs[found["direction"]])
        found = self.lexicon.cue("share", "percent", words)
        if found and context.last:
            return self._derived(
                tuple(stem(concept).share for concept in context.last.concepts), context.last, "current", found
            )
        return None

    def _amount(
        self,
        words: str,
        new_sentence: bool,
        last_label: Callable[[str], tuple[Label, int, str] | None],
        context: Context,
    ) -> Statement | None:
        found = self.lexicon.cue("change", "money", words)
        if found:
            subject = self._subject(words, new_sentence, last_label, context)
            if subject is None:
                return None
            concepts = tuple(self.lexicon.stem(concept).change for concept in subject.concepts)
            return self._derived(concepts, subject, "change", found, sign=self.lexicon.signs[found["direction"]])
        found = self.lexicon.cue("prior", "money", words)
        if found:
            subject = self._subject(words, new_sentence, last_label, context)
            return None if subject is None else self._derived(subject.concepts, subject, "prior", found)
        found = self.lexicon.cue("budget", "money", words)
        if found:
            item = self.items(words[: found.start()], context)
            subject = item[0] if item else context.last
            if subject is None or not self.lexicon.stem(subject.concepts[0]).budget:
                return None
            concepts = tuple(self.lexicon.stem(concept).budget for concept in subject.concepts)
            return self._derived(concepts, subject, "current", found, basis=found.groupdict().get("basis"))
        item = self.items(words, context)
        if item is not None:
            return Statement(item[0].concepts, item[0], "current", item[1])
        found = self.lexicon.cue("same", "money", words)
        if found and not words[: found.start()].strip("，,;:") and context.last:
            return self._derived(context.last.concepts, context.last, "current", found)
        return None

    @staticmethod
    def _subject(
        words: str, new_sentence: bool, last_label: Callable[[str], tuple[Label, int, str] | None], context: Context
    ) -> Subject | None:
        """Whom a change is about: a label in the clause, else the sentence's subject behind a full stop, else the last figure."""
        told = last_label(words)
        if told is not None:
            return Subject(told[0].concepts)
        return context.head if new_sentence else context.last

    @staticmethod
    def _derived(
        concepts: tuple[str, ...],
        subject: Subject,
        period: str,
        found: re.Match[str],
        sign: int = 1,
        basis: str | None = None,
    ) -> Statement | None:
        if not all(concepts):
            return None
        return Statement(concepts, subject, period, found.start(), sign, basis)

    def _remember(self, statement: Statement, begins: bool, context: Context) -> None:
        """What the next numbers may refer back to."""
        if statement.period == "change":
            context.changed = statement.subject
            return
        subject = statement.subject
        if statement.concepts == subject.concepts:
            context.last = subject
            context.changed = None
            if begins:
                context.head = subject
            if statement.concepts[0].startswith("project_") and subject.member_name:
                context.project = subject.member_name
            anchors = [concept for concept in subject.concepts if concept in self.lexicon.anchors]
            if anchors:
                context.anchor = anchors[0]
        elif statement.concepts[0] in self.lexicon.anchors:
            context.anchor = statement.concepts[0]


PROJECT_CLAUSE = re.compile(r"(?:^|[;。.)、])([^,，;。:()]{2,40}?)(?:项目)?(?:项目绩效目标)+")
