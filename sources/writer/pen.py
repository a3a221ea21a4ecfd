"""Puts one phrase on paper: chooses a variant, prints the figures, notes the facts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from sources.writer.figures import Figures, Value, function_names
from sources.writer.report import Change, Fact
from sources.writer.wording import Comparison, Figure, Insert, Node, Optional, parse

DAMAGED = 0.06
ZERO_IN_WORDS = 0.6
CENT = Decimal("0.01")
YUAN = {"元": 4, "万元": 0, "亿元": -4}
DERIVED = re.compile(r"\$([a-z_@]+)")
WIDE = str.maketrans("0123456789.%", "０１２３４５６７８９．％")

Text = str | Callable[[], str]


@dataclass
class Style:
    """How one report prints numbers, and how ragged its text is (`loses_units`, `joins` and `splits` are chances)."""

    drop_zeros: bool = False
    separators: bool = False
    wide: bool = False
    unit: str = "万元"
    section_units: Mapping[str, str] = field(default_factory=dict)
    loses_units: float = 0
    joins: float = 0
    splits: float = 0


@dataclass
class Pen:
    """Writes phrases of one report. `choices` fixes variants by number, where the choice is not left to chance.

    `words` are the phrases of the report's form.
    """

    figures: Figures
    rng: Random
    words: Mapping[str, tuple[str, ...]]
    style: Style
    choices: dict[str, int]
    changed: Change | None = None
    section: str = ""
    facts: list[Fact] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    printed: Counter[tuple[str, str]] = field(default_factory=Counter)
    habits: dict[str, int] = field(default_factory=dict)

    def write(self, key: str, member: str = "", /, *, stem: str = "", **more: Text) -> str:
        """One phrase with its figures, such as `total.joint`; empty where the report does not state them.

        A report keeps to the variant that it took first, unless that asks for a figure that is not stated.
        """
        texts: dict[str, Text] = {"member": member, **more}
        variants = [parse(variant.replace("$", stem)) for variant in self.words[key]]
        possible = [number for number, nodes in enumerate(variants) if self._stated(nodes, member)]
        if self._in_words(key):
            return self.vary(f"{key}-zero", **texts)
        damaged = self.words.get(key + "~")
        if damaged and key not in self.choices and self.rng.random() < DAMAGED:
            nodes = parse(self.rng.choice(damaged).replace("$", stem))
            if self._stated(nodes, member):
                return self._print(nodes, member, texts)
        if not possible:
            return ""
        chosen = self.choices.get(key, self.habits.get(key))
        if chosen not in possible:
            chosen = self.rng.choice(possible)
            self.habits.setdefault(key, chosen)
        return self._print(variants[chosen], member, texts)

    def vary(self, key: str, **texts: Text) -> str:
        """A phrase whose variant is chosen anew each time."""
        return self.phrase(self.rng.choice(self.words[key]), **texts)

    def phrase(self, phrase: str, **texts: Text) -> str:
        """A phrase that has been chosen."""
        return self._print(parse(phrase), "", texts)

    def each(self, key: str, members: list[str], between: str) -> str:
        """One phrase for every member."""
        return between.join(filter(None, (self.write(key, member) for member in members)))

    def listing(self, key: str, each: str, concept: str, between: str) -> str:
        """A phrase whose clauses are one phrase for every member of a concept but its total; empty without members."""
        members = [member for member in self.figures.members(concept) if member not in ("", "合计")]
        return self.write(key, clauses=lambda: self.each(each, members, between)) if members else ""

    def _in_words(self, key: str) -> bool:
        """Whether the report says in words, this time, that what a phrase is about is zero."""
        about = self.words.get(f"zero.{key}")
        if not about or any(self.figures.value(concept, "", self.section) for concept in about):
            return False
        return self.rng.random() < ZERO_IN_WORDS

    def unit(self) -> str:
        """The unit of money where the pen is now."""
        named = (unit for section, unit in self.style.section_units.items() if self.section.startswith(section))
        return next(named, self.style.unit)

    def _stated(self, nodes: tuple[Node, ...], member: str) -> bool:
        """Whether the report states every figure that a phrase asks for outside its optional parts."""
        needed = [key for node in nodes for key in _needed(node, member)]
        return all(self.figures.value(concept, own, self.section) is not None for concept, own in needed)

    def _print(self, nodes: tuple[Node, ...], member: str, texts: Mapping[str, Text]) -> str:
        written = []
        for node in nodes:
            match node:
                case str():
                    written.append(node)
                case Figure():
                    written.append(self._figure(node, member))
                case Insert():
                    written.append(self._insert(node.name, texts))
                case Comparison():
                    written.append(self._compare(node))
                case Optional() if self._stated(node.nodes, member):
                    written.append(self._print(node.nodes, member, texts))
        return "".join(written)

    def _insert(self, name: str, texts: Mapping[str, Text]) -> str:
        if name == "#":
            return str(self.rng.randint(2, 600))
        if name == "#.#":
            return f"{self.rng.randint(100, 900_000) / 100:.2f}"
        if name == "score":
            return str(self.rng.randint(60, 100))
        if name == "%":
            return f"{self.rng.randint(100, 9_999) / 100:.2f}"
        text = texts[name] if name in texts else self.texts[name]
        return text if isinstance(text, str) else text()

    def _compare(self, comparison: Comparison) -> str:
        """The words for a change, for none, and for one that started from nothing."""
        stem = comparison.stems[0]
        change = self.figures.value(f"{stem}_yoy_change", "", self.section)
        key = f"compare.{comparison.how}"
        if change == 0:
            nothing = self.figures.value(f"{stem}_expenditure@prior", "", self.section) is not None
            key = "compare.zero_flat" if nothing else key + "_flat"
        elif self.figures.value(f"{stem}_yoy_rate", "", self.section) is None:
            key += "_from_zero"
        variant = DERIVED.sub(lambda found: "&".join(stem + found[1] for stem in comparison.stems), self._usual(key))
        return self._print(parse(variant), "", {"subject": comparison.subject})

    def _usual(self, key: str) -> str:
        """The variant that this report keeps to."""
        number = self.choices.get(key)
        if number is None:
            number = self.habits.setdefault(key, self.rng.randrange(len(self.words[key])))
        return self.words[key][number]

    def _figure(self, slot: Figure, at_hand: str) -> str:
        """Prints a number with direction word and unit, and notes the facts that it states."""
        member = at_hand if slot.member == "*" else slot.member
        concept = slot.concepts[0]
        value = self._changed(slot.concepts, member)
        unit, shown = self._units(slot, concept)
        if isinstance(value, Decimal) and YUAN.get(unit):
            value = value.scaleb(YUAN[unit])
            value = value.quantize(CENT) if unit == "元" else value.normalize()
        number = self._number(value)
        chance = self.style.loses_units
        if chance and shown == "万元" and "." in number and self.rng.random() < chance:
            unit = shown = ""
        for stated in slot.concepts:
            self._note(stated, member, number.replace(",", ""), unit, value)
        wide = self.style.wide and isinstance(value, Decimal)
        return self._direction(concept, value) + (f"{number}{shown}".translate(WIDE) if wide else number + shown)

    def _units(self, slot: Figure, concept: str) -> tuple[str, str]:
        """The unit of a number, and what is printed of it. Only 万元 is left out: without another unit the number would mislead."""
        usual = self._usual_unit(concept)
        if slot.unit == "-" or usual == "date":
            return usual, ""
        if slot.unit == "?":
            return ("", "") if usual == "万元" else (usual, usual)
        return (slot.unit or usual,) * 2

    def _usual_unit(self, concept: str) -> str:
        """The unit of a concept where the phrase names none."""
        if concept == "asset_reference_date":
            return "date"
        if concept.partition("@")[0].endswith(("_share", "_rate")):
            return "%"
        return self.unit()

    def _changed(self, concepts: tuple[str, ...], member: str) -> Value:
        value = self.figures.value(concepts[0], member, self.section)
        assert value is not None
        change = self.changed
        members = (member, member.removesuffix("编制"))
        if change is None or change.member not in members or change.concept not in concepts or isinstance(value, str):
            return value
        here = self.printed[change.concept, member]
        return value + change.by if change.place in (None, here) else value

    def _note(self, concept: str, member: str, number: str, unit: str, value: Value) -> None:
        name, _, mark = concept.partition("@")
        known = function_names(self.figures.year).get(member)
        period = "prior" if mark == "prior" else "change" if "_yoy_" in name else "current"
        self.facts.append(
            Fact(
                concept=name,
                member_code=member if known else "",
                member_name=known or member.removesuffix("编制"),
                period=period,
                value=number,
                unit=unit,
                section=self.section,
                negative=isinstance(value, Decimal) and value.is_signed(),
                place=self.printed[concept, member],
            )
        )
        self.printed[concept, member] += 1

    def _number(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        size = abs(value)
        if not size:
            return "0"
        if self.style.drop_zeros and size.as_tuple().exponent != 0:
            size = size.normalize()
        return f"{size:,f}" if self.style.separators else f"{size:f}"

    def _direction(self, concept: str, value: Value) -> str:
        if isinstance(value, str) or "_yoy_" not in concept:
            return ""
        pair = ("grown", "shrunk") if concept.endswith("_rate") else ("more", "less")
        return self._usual(f"direction.{pair[value.is_signed()]}")


def _needed(node: Node, at_hand: str) -> list[tuple[str, str]]:
    """The figures, as concept and member, without which a part of a phrase cannot be written."""
    match node:
        case Figure():
            member = at_hand if node.member == "*" else node.member
            return [(concept, member) for concept in node.concepts]
        case Comparison():
            return [(f"{stem}_yoy_change", "") for stem in node.stems]
    return []
