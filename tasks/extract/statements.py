"""What each number of a sentence states: the resolver.

A number is told by the words before it, back to the number before: the longest label of its section
that ends there; else a cue (增加, 占, 完成预算, …) that derives it from the subject, the figure named last;
else free text under a list that was opened before (vehicles by kind, projects by name, …).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tasks.extract.context import Context, ItemFinder, MemberNamer, Statement, Subject
from tasks.extract.data import clause, remembered
from tasks.extract.lexicon import OUTSIDE, Label, Lexicon, Matcher
from tasks.extract.pairs import are_totals, both, changed, named_side
from tasks.extract.quantities import Quantity
from tasks.extract.said import Said, said
from tasks.extract.series import Series

SENTENCE = "。"
YEAR = re.compile(r"(\d{4})年(?:度)?")
REACH = 320
"""How far behind a number its right-hand words are looked for: a bracket with a list of projects may stand between."""

PROJECT_CONCEPTS = ("project_budget", "project_executed", "project_initial_budget", "performance_score")
"""Figures whose member is a project, which later figures may be about."""

ROLES = {"percent": ("completion", "change", "share"), "money": ("change", "prior", "budget", "actual")}
"""What a number can be to the subject, in the order in which cues are tried."""

BUDGETED = ("budget", "actual")
"""Behind a budget, and what was spent of it, bare words such as 支出 and 完成 speak of it."""

COUNTERS = ("个", "项")
"""Units in which projects and units are counted; others count the kinds of a list, of which some are not known."""

UNITS_OF_DECIMALS = ("万元",)
UNITS_OF_WHOLES = ("个", "辆", "台", "人")
"""What a number without a unit can be counted in: Word loses units, seldom decimals."""


@dataclass(slots=True)
class Resolver:
    """Resolves quantities one after the other; `items` finds function items, `name` the members of labels."""

    lexicon: Lexicon
    fiscal_year: int | None
    items: ItemFinder
    name: MemberNamer
    series: Series = field(init=False)

    def __post_init__(self) -> None:
        self.series = Series(self.lexicon, self.items, self.name)

    def resolve(self, text: str, quantity: Quantity, gap: int, context: Context) -> Statement | str:
        """What the quantity states, or why it states nothing ("" where no rule knows it).

        `gap` is where the words before the number begin: behind the number before, or the paragraph's start.
        """
        begin = text.rfind(SENTENCE, gap, quantity.start) + 1
        new_sentence = begin > 0
        if begin > gap:
            self.announce(text[gap : begin - 1], context)
        begin = max(begin, gap)
        words = text[begin : quantity.start]
        told = said(words)
        if told.nothing:
            return told.nothing
        if told.depth:
            self._bracket(told.depth, context)
        if reason := self._elsewhere(words, told, quantity.unit, context):
            return reason
        # Up to a semicolon, or to the next comparison with the year before.
        context.reasoned = not told.ends_reason and (told.gives_reason or (context.reasoned and not new_sentence))
        behind = (text[quantity.end : quantity.end + REACH] + context.following)[:REACH]
        if new_sentence:
            context.listed = ()
        name = self.series.turn(told, behind, context)
        for unit in _units(quantity, behind):
            if name is not None or told.lists_shares:
                statement = self.series.in_turn(name, unit, context) if name else None
            else:
                statement = self._state(words, told, behind, unit, new_sentence, context)
                if statement is None:
                    statement = self._state_plain(words, behind, unit, new_sentence, context)
            if statement is not None:
                if context.reasoned and statement.role in ("change", "share"):
                    return "reason"
                if name is None and statement.period == "current" and self._is_amount(statement, unit):
                    context.listed += (words,)
                statement.start += begin
                statement.unit = unit
                self._remember(statement, new_sentence or begin == 0 or text[begin - 1] == SENTENCE, context)
                return statement if statement.concepts[0] != OUTSIDE else "outside_taxonomy"
        if quantity.unit != "date":
            # What could not be told may have been a new subject: nothing may be derived from the one before it.
            context.last = context.changed = context.recent = None
            context.role = ""
            if quantity.unit in COUNTERS and self.lexicon.concept_kinds.get(context.anchor) == "count":
                context.anchor = ""  # nor is what stands behind it, such as the money for so many projects, of its list
        return ""

    def _is_amount(self, statement: Statement, unit: str) -> bool:
        return not statement.role and self.lexicon.unit_kinds[unit] == "money"

    def announce(self, words: str, context: Context) -> None:
        """Takes up what words without a number speak of, when they end with a name: `1.因公出国（境）费。`"""
        sentences = _announcing(words)
        item = next(filter(None, (self.items(each, context) for each in sentences)), None)
        told = self.lexicon.matcher(context.section, "万元", "").fixed_before(sentences[-1]) if sentences else None
        if item is not None:
            context.head = context.last = item[0]
        elif told is not None:
            context.head = context.last = Subject(told[0].concepts)
        if item is not None or told is not None:
            context.changed = None

    @staticmethod
    def _bracket(depth: int, context: Context) -> None:
        """A bracket is an aside: behind it the sentence goes on with the figure before it."""
        if depth > 0:
            context.outer = (context.last, context.anchor)
        elif context.outer:
            (context.last, context.anchor), context.outer = context.outer, None

    def _elsewhere(self, words: str, told: Said, unit: str, context: Context) -> str:
        """Why a change is none against the prior year: it is against the budget, or against another year.

        A change that says no reference shares the one of the change before it; behind a budget it is against that.
        """
        elsewhere = context.elsewhere
        if told.against_budget:
            elsewhere = "against_budget"
        elif told.against_year is not None and self.fiscal_year:
            elsewhere = "" if told.against_year == self.fiscal_year - 1 else "other_year"
        elif told.compared:
            elsewhere = ""
        elif context.role == "budget":
            elsewhere = "against_budget"
        is_change = elsewhere and self.lexicon.cue("change", self.lexicon.unit_kinds.get(unit, ""), words)
        context.elsewhere = elsewhere if is_change else ""
        return context.elsewhere

    def _state(
        self, words: str, told: Said, behind: str, unit: str, new_sentence: bool, context: Context
    ) -> Statement | None:
        kind = self.lexicon.unit_kinds[unit]
        matcher = self.lexicon.matcher(context.section, unit, context.anchor)
        label = matcher.by_right(words, behind) or matcher.fixed_before(told.label)
        if told.alike and (label is None or len(label[0].concepts) == 1):
            alike = self.series.alike(told.alike, unit, context)
            if alike is not None:
                return alike
        if label is not None and not self._is_spent(words, kind, context):
            return self._labelled(label, words, context)
        if context.second is not None and told.is_joint:
            (other, cue), context.second = context.second, None
            return self._derived("change", kind, other, cue)
        for role in ROLES.get(kind, ()):
            found = self.lexicon.cue(role, kind, words)
            if found is not None and self._applies(found, context):
                before = words[: found.start()]
                subject = self._subject(role, before, new_sentence, context)
                if role == "change":
                    subject = changed(words, behind, unit, subject, found, context)
                if subject is not None:
                    return self._derived(self._dated(role, words), kind, subject, found)
        if kind == "money" and (item := self.items(words, context)):
            return Statement(item[0].concepts, item[0], "current", item[1])
        label = matcher.open_before(words)
        return None if label is None else self._labelled(label, words, context)

    def _is_spent(self, words: str, kind: str, context: Context) -> bool:
        """Whether words say only that something was spent, right behind its budget: no label says better of what."""
        found = self.lexicon.cue("actual", kind, words) if context.role in BUDGETED else None
        return found is not None and bool(found.groupdict().get("spent"))

    def _applies(self, cue: re.Match[str], context: Context) -> bool:
        """Whether a cue holds here: one that names a year only for the prior one, mere spending only behind a budget,
        a mere amount only behind a share of what has none yet.
        """
        named = cue.groupdict()
        if named.get("shared"):
            return context.role == "share" and context.share_first
        return (not named.get("year") or self._is_prior(cue)) and (not named.get("spent") or context.role in BUDGETED)

    def _state_plain(
        self, words: str, behind: str, unit: str, new_sentence: bool, context: Context
    ) -> Statement | None:
        """The same for words that no rule knows, without those that labels leave out: 三公经费决算支出, 其他各项收入."""
        left_out = [found.span() for found in clause("left_out").finditer(words)]
        if not left_out:
            return None
        kept = [place for place in range(len(words)) if not any(start <= place < end for start, end in left_out)]
        plain = "".join(words[place] for place in kept)
        statement = self._state(plain, said(plain), behind, unit, new_sentence, context)
        if statement is not None:
            statement.start = kept[statement.start] if statement.start < len(kept) else len(words)
        return statement

    def _labelled(self, told: tuple[Label, int, str], words: str, context: Context) -> Statement | None:
        label, start, member = told
        subject = self.name(label, member, words, context)
        if subject is None:
            return None
        period = "prior" if self._is_prior(clause("prior_lead").search(words, 0, start)) else "current"
        return Statement(subject.concepts, subject, period, start, opens=label.opens)

    def _is_prior(self, said: re.Match[str] | None) -> bool:
        """Whether words that name a year, or say 上年, speak of the year before the report's."""
        if said is None or said["year"] is None:
            return said is not None
        return self.fiscal_year is not None and int(said["year"]) == self.fiscal_year - 1

    def _subject(self, role: str, before: str, new_sentence: bool, context: Context) -> Subject | None:
        """Whom a cue is about: whoever is named before it in the clause, else who was spoken of before.

        Behind a full stop that is the subject of the sentence before, else the last figure. A share, and an actual
        amount, are about the last figure only where nothing else is named before them.
        """
        matcher: Matcher = self.lexicon.matcher(context.section, "万元", context.anchor)
        if role in ("share", "actual"):
            named = clause("connectives").sub("", YEAR.sub("", before))
            if not named:
                return context.last
            if role != "share":
                return None
            told = matcher.fixed_before(named)
            if told is not None:
                return Subject(told[0].concepts)
            item = self.items(named, context)
            return item[0] if item else None
        if role in ("change", "completion") and (side := named_side(before, context)):
            return side
        behind = _behind_reason(before)
        told = matcher.last_in(behind)
        item = self.items(before, context) if role == "budget" else None
        if item is not None and (told is None or item[1] >= len(before) - len(behind) + told[1]):
            return item[0]
        if told is not None:
            return Subject(told[0].concepts)
        if role == "completion":
            return context.last
        if not new_sentence:
            return context.changed or context.last
        return both(context.previous, context.last) if are_totals(context) else context.head

    def _dated(self, role: str, words: str) -> str:
        """The actual amount of the year before is a prior one."""
        years = YEAR.findall(words)
        before = role == "actual" and years and self.fiscal_year and int(years[-1]) == self.fiscal_year - 1
        return "prior" if before else role

    def _derived(self, role: str, kind: str, subject: Subject, found: re.Match[str]) -> Statement:
        """The figure that a cue derives from its subject; OUTSIDE where the taxonomy has none."""
        groups = found.groupdict()
        basis = groups.get("basis")
        concepts = tuple(self._name(role, kind, concept, basis) or OUTSIDE for concept in subject.concepts)
        period = {"change": "change", "prior": "prior"}.get(role, "current")
        sign = self.lexicon.signs[groups["direction"]] if role == "change" else 1
        return Statement(concepts, subject, period, found.start(), sign, basis, role=role)

    def _name(self, role: str, kind: str, concept: str, basis: str | None) -> str:
        """Concept of the figure that stands in this role to a concept; empty where there is none."""
        if concept == OUTSIDE:
            return ""
        stem = self.lexicon.stem(concept)
        match role:
            case "completion":
                return stem.completion
            case "share":
                return stem.share
            case "change":
                return stem.change_in(kind)
            case "budget":
                return stem.budget_of(basis)
            case "actual":
                return self.lexicon.spent.get(concept, concept)
        return concept

    def _remember(self, statement: Statement, begins: bool, context: Context) -> None:
        """What the next numbers may refer back to."""
        subject = statement.subject
        context.role = statement.role
        context.share_first = statement.role == "share" and subject is not context.last
        if statement.period == "change":
            context.changed = subject
            return
        context.recent = subject
        if subject.concepts[0] == OUTSIDE and self.lexicon.unit_kinds[statement.unit] == "money":
            context.previous, context.last = context.last, subject  # what follows is about it
        if begins and subject.member_name is None:
            context.whole = subject.concepts[0]
        if self.lexicon.concept_kinds.get(subject.concepts[0]) == "money":
            if statement.concepts == subject.concepts and statement.period == "current":
                context.previous = context.last
            context.last = subject
            if begins and statement.role != "share":
                context.head = subject
        anchors = [anchor for anchor in statement.opens or statement.concepts if anchor in self.lexicon.anchors]
        if anchors:
            context.anchor = anchors[0]
        if statement.concepts == subject.concepts:
            context.changed = None
            if statement.concepts[0] in PROJECT_CONCEPTS and subject.member_name:
                context.project = subject.member_name


@remembered
def _announcing(words: str) -> tuple[str, ...]:
    """The sentences of some words without a number that may name a subject, each up to the end of the name."""
    sentences = words.split(SENTENCE)
    return tuple(clause("announced").sub("", each) for each in sentences if not clause("purpose").match(each))


def _behind_reason(words: str) -> str:
    """The words behind a reason: what it names is not what the sentence goes on with."""
    ends = [reason.end() for reason in clause("reason").finditer(words)]
    if not ends:
        return words
    cut = max(words.rfind(sign, ends[-1]) for sign in ",，;")
    return words[cut + 1 :] if cut >= 0 else ""


def _units(quantity: Quantity, behind: str) -> tuple[str, ...]:
    """The printed unit, or those that a number without one can have; none before a word that counts something else."""
    if quantity.unit:
        return (quantity.unit,)
    if clause("other_counter").match(behind):
        return ()
    return UNITS_OF_DECIMALS if "." in quantity.number else UNITS_OF_WHOLES
