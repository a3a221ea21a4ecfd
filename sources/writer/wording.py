"""The phrases of wording.toml and of forms/, parsed once into literal text and slots."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from random import Random

from sources.writer.figures import ROOM

PARTS = re.compile(r"\[|\]|\{[^}]*\}|[^\[\]{}]+")
FIGURE = re.compile(r"(?P<concepts>[a-z0-9_@&$]+)(?:/(?P<member>[^:]+))?(?::(?P<unit>.+))?")


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number: the concepts it states, the member (`*` the one at hand), the unit (None the usual one)."""

    concepts: tuple[str, ...]
    member: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison with the year before."""

    how: str
    stems: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class Insert:
    """A text that the writer supplies."""

    name: str


@dataclass(frozen=True, slots=True)
class Optional:
    """Left out where a figure in it is not stated."""

    nodes: tuple[Node, ...]


Node = str | Figure | Comparison | Insert | Optional


# Each form with the files that say how it puts things; a later file replaces lists of an earlier one.
FORMS = {
    "sichuan": ("wording.toml",),
    "explained_first": ("wording.toml", "forms/country.toml", "forms/explained_first.toml"),
    "tables_first": ("wording.toml", "forms/country.toml", "forms/tables_first.toml"),
    "two_parts": ("wording.toml", "forms/country.toml", "forms/two_parts.toml"),
}
FAMILIES = {"A": ("sichuan", "explained_first"), "B": ("tables_first",), "C": ("two_parts",)}


@cache
def phrases(form: str = "sichuan") -> dict[str, tuple[str, ...]]:
    """All phrases of a form, by `table.name`."""
    found: dict[str, tuple[str, ...]] = {}
    for file in FORMS[form]:
        with (ROOM / file).open("rb") as handle:
            tables = tomllib.load(handle)
        for table, lists in tables.items():
            found |= {f"{table}.{name}": tuple(variants) for name, variants in lists.items()}
    return found


def random_form(family: str, seed: int) -> str:
    """A form of a family, or of any of them."""
    families = FAMILIES.values() if family == "any" else (FAMILIES[family],)
    return Random(f"form {seed}").choice([form for forms in families for form in forms])


def names(group: str) -> list[str]:
    """One of the lists of names."""
    return list(phrases()[f"names.{group}"])


@cache
def parse(phrase: str) -> tuple[Node, ...]:
    """A phrase as literal text, slots and optional parts. Raises ValueError for a malformed slot."""
    nodes: list[Node] = []
    inner: list[Node] | None = None
    for part in PARTS.findall(phrase):
        if part == "[":
            inner = []
        elif part == "]":
            nodes.append(Optional(tuple(inner or ())))
            inner = None
        else:
            (nodes if inner is None else inner).append(_node(part))
    return tuple(nodes)


def _node(part: str) -> Node:
    if not part.startswith("{"):
        return part
    slot = part[1:-1]
    if slot.startswith("vs "):
        _, how, stems, subject = slot.split(" ")
        return Comparison(how, tuple(stems.split("&")), subject)
    if "_" not in slot and "$" not in slot:
        return Insert(slot)
    found = FIGURE.fullmatch(slot)
    if not found:
        raise ValueError(f"wording.toml: {part} is no slot")
    return Figure(tuple(found["concepts"].split("&")), found["member"] or "", found["unit"])
