"""The phrases of wording.toml, parsed once into literal text and slots."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

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


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """All phrases, by `table.name`."""
    with (ROOM / "wording.toml").open("rb") as handle:
        tables = tomllib.load(handle)
    return {f"{table}.{name}": tuple(variants) for table, lists in tables.items() for name, variants in lists.items()}


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
