"""The public tables (公开01表 to 公开13表) of a report, in the layouts in which they are published, with what they state."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import groupby, zip_longest
from random import Random
from typing import Any

from sources.writer.figures import ROOM, Figures, function_names
from sources.writer.ledger import economic_names, ledger
from sources.writer.report import Cell, Change, Fact, PublicTable

YUAN = 10_000
NUMERALS = (*"一二三四五六七八九十", *(f"十{unit}" for unit in "一二三四五六七八九"), "二十")
NUMERALS += tuple(f"二十{unit}" for unit in "一二三四五六七八九")
NOT_SPENT = ("227", "230")
"""Classes that stand in budgets only."""

Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Style:
    """How one report prints its tables. `zero` is what stands for no money: nothing, 0.00 or a dash."""

    unit: str
    code_columns: int
    row_numbers: bool
    separators: bool
    zero: str
    inside: bool


@cache
def layouts() -> dict[str, Any]:
    """The layouts by name: sichuan, sichuan_2020, national, shanghai."""
    found: dict[str, Any] = _data()["layouts"]
    return found


def public_tables(
    figures: Figures,
    layout: str,
    seed: int,
    printed: Counter[tuple[str, str]] | None = None,
    changed: Change | None = None,
) -> list[PublicTable]:
    """The tables of a report that states these figures, in the order of a layout.

    Their amounts agree with the figures, and with each other. `printed` counts the printings of each concept and
    member before the tables; `changed` misprints one figure, as in the text.
    """
    return _Maker(figures, layout, Random(f"tables {seed}"), Counter() if printed is None else printed, changed).all()


@cache
def _data() -> dict[str, Any]:
    with (ROOM / "public_tables.toml").open("rb") as handle:
        return tomllib.load(handle)


@dataclass
class _Maker:
    figures: Figures
    layout: str
    rng: Random
    printed: Counter[tuple[str, str]]
    changed: Change | None
    table: str = ""
    style: Style = field(init=False)

    def __post_init__(self) -> None:
        layout, rng = layouts()[self.layout], self.rng
        self.amounts = ledger(self.figures)
        self.style = Style(
            unit=rng.choice(("万元", "元")),
            code_columns=rng.choice(layout["code_columns"]),
            row_numbers=rng.choice(layout["row_numbers"]),
            separators=rng.random() < 0.5,
            zero=rng.choices(("", "0.00", "-"), (8, 1, 1))[0],
            inside=rng.random() < 0.5,
        )

    def all(self) -> list[PublicTable]:
        layout = layouts()[self.layout]
        return [self._table(name, number) for number, name in enumerate(layout["tables"], start=1)]

    def _table(self, name: str, number: int) -> PublicTable:
        layout, data = layouts()[self.layout], _data()["tables"][name]
        self.table = name.removesuffix("_beside").removesuffix("_fund")
        make = {
            "halves": self._halves,
            "functions": self._functions,
            "economic": self._economic,
            "single": self._single,
        }
        rows = tuple(make[data["kind"]](data))
        empty = not any(
            cell.facts and any(fact.value.strip("0.") for fact in cell.facts) for row in rows for cell in row
        )
        texts = {"kind": self.figures.publisher.kind, "year": self.figures.year}
        note = data["note"] if not empty else data.get("empty", data["note"])
        return PublicTable(
            id=self.table,
            number=layout["numbers"].format(n=number),
            title=layout.get("titles", {}).get(name, data["title"]),
            entity=self.figures.publisher.entity,
            unit=self.style.unit,
            note=note.format(**texts),
            rows=rows,
            inside=self.style.inside,
        )

    def _halves(self, data: dict[str, Any]) -> Iterator[Row]:
        """Revenue on the left, spending by function class on the right."""
        numbers = self.style.row_numbers
        columns = [title for title, _ in data["right_columns"]]
        concepts = [concept for _, concept in data["right_columns"]]
        left_width, right_width = 2 + numbers, 1 + numbers + len(columns)
        line = [Cell("行次")] if numbers else []
        yield Cell("收入", left_width), Cell("支出", right_width)
        amount = "决算数" if len(columns) == 1 else "金额"
        yield Cell("项目"), *line, Cell(amount), Cell("项目"), *line, *map(Cell, columns)
        if numbers:
            places = map(str, range(2, 2 + len(columns)))
            yield Cell("栏次"), Cell(""), Cell("1"), Cell("栏次"), Cell(""), *map(Cell, places)
        right = [
            [f"{numeral}、{name}", *(f"{concept}/{code}" for concept in concepts)]
            for numeral, (code, name) in zip(NUMERALS, self._classes(), strict=False)
        ]
        body = list(zip_longest(data["left"], right, fillvalue=[""]))
        both = [*body, *zip_longest(data["left_totals"], data["right_totals"], fillvalue=[""])]
        for number, (own, other) in enumerate(both, start=1):
            numbered = ([Cell(str(number))], [Cell(str(len(both) + number))]) if numbers else ([], [])
            yield (
                *self._half(own, 1, numbered[0]),
                *self._half(other, len(columns), numbered[1]),
            )

    def _half(self, entry: list[str], columns: int, number: list[Cell]) -> list[Cell]:
        label, *keys = entry
        cells = [self._cell(key) for key in keys]
        return [Cell(label), *number, *cells, *[Cell("")] * (columns - len(cells))]

    def _functions(self, data: dict[str, Any]) -> Iterator[Row]:
        """One row per class, group and item that has money in one of the columns, below a row of totals."""
        columns = list(self._columns(data["columns"]))
        width = self.style.code_columns
        codes = ("类", "款", "项") if width == 3 else ("",)
        named = self.rng.choice(("科目编码", "功能分类科目编码"))
        paths = [*(f"项目/{named}/{code}".rstrip("/") for code in codes), "项目/科目名称"]
        yield from _header([*paths, *(path for path, _, _ in columns)])
        if self.style.row_numbers:
            yield Cell("栏次", width + 1), *(Cell(str(number)) for number in range(1, len(columns) + 1))
        yield Cell("合计", width + 1), *(self._cell(total) for _, total, _ in columns)
        members = {member for _, _, concept in columns for own, member in self.amounts if own == concept}
        for code in sorted(members):
            digits = [code[:3], code[3:5], code[5:]] if width == 3 else [code]
            name = function_names(self.figures.year)[code]
            yield *map(Cell, digits), Cell(name), *(self._cell(concept, code) for _, _, concept in columns)

    def _columns(self, columns: list[list[str]]) -> Iterator[tuple[str, str, str]]:
        """Path, concept of the total, concept of the rows; * stands for the economic classes with money in them."""
        for column in columns:
            if column != ["*"]:
                path, total, concept = column
                yield path, total, concept
                continue
            own = f"economic_class_expenditure@{self.table}"
            codes = sorted(member for concept, member in self.amounts if concept == own)
            for code in codes:
                name = economic_names()[code]
                path = f"{economic_names()[code[:3]]}/{name if len(code) > 3 else '小计'}"
                yield path, f"{own}/{code}", f"_{code}@{self.table}"

    def _economic(self, data: dict[str, Any]) -> Iterator[Row]:
        """Three blocks of economic classes side by side."""
        spans = [(title, len(list(blocks))) for title, blocks in groupby(block[0] for block in data["blocks"])]
        yield tuple(Cell(title, 3 * count) for title, count in spans)
        named = self.rng.choice(("科目编码", "经济分类科目编码"))
        yield tuple(map(Cell, (named, "科目名称", "金额") * len(data["blocks"])))
        names = economic_names()
        blocks = [
            [code for class_ in classes for code in sorted(names) if code[:3] == class_]
            for _, *classes in data["blocks"]
        ]
        concept = f"economic_class_expenditure@{self.table}"
        for codes in zip_longest(*blocks):
            yield tuple(
                cell
                for code in codes
                for cell in ((Cell(code), Cell(names[code]), self._cell(concept, code)) if code else (Cell(""),) * 3)
            )
        footer = zip(data["totals"], spans, strict=True)
        yield tuple(
            cell for (label, total), (_, count) in footer for cell in (Cell(label, 3 * count - 1), self._cell(total))
        )

    def _single(self, data: dict[str, Any]) -> Iterator[Row]:
        """One row of amounts below a header."""
        yield from _header([path for path, _ in data["columns"]])
        if self.style.row_numbers:
            yield tuple(Cell(str(number)) for number in range(1, len(data["columns"]) + 1))
        yield tuple(self._cell(concept) for _, concept in data["columns"])

    def _classes(self) -> list[tuple[str, str]]:
        known = function_names(self.figures.year)
        return [(code, name) for code, name in known.items() if len(code) == 3 and code not in NOT_SPENT]

    def _cell(self, concept: str, member: str = "") -> Cell:
        """An amount with the fact that it states; what has no name in the taxonomy states none.

        The member may also stand behind the concept and a stroke.
        """
        concept, _, own = concept.partition("/")
        member = own or member
        amount = self.amounts.get((concept, member), Decimal(0))
        name = concept.partition("@")[0]
        place = self.printed[name, member]
        change = self.changed
        if change and (change.concept, change.member) == (name, member) and change.place in (None, place):
            amount += change.by
        text = self._number(amount)
        value = text.replace(",", "")
        if name.startswith("_") or not value.strip("-"):
            return Cell(text)
        self.printed[name, member] += 1
        known = economic_names() if name == "economic_class_expenditure" else function_names(self.figures.year)
        fact = Fact(
            concept=name,
            member_code=member if member in known else "",
            member_name=known.get(member, member),
            period="current",
            value=value.removeprefix("-"),
            unit=self.style.unit,
            section=self.table,
            negative=amount < 0,
            place=place,
        )
        return Cell(text, facts=(fact,))

    def _number(self, amount: Decimal) -> str:
        if not amount:
            return self.style.zero
        shown = (amount * YUAN if self.style.unit == "元" else amount).quantize(Decimal("0.01"))
        return f"{shown:,f}" if self.style.separators else f"{shown:f}"


def _header(paths: Iterable[str]) -> Iterator[Row]:
    """Header rows from the paths of the columns: equal beginnings are one cell, short paths reach down to the bottom."""
    split = [path.split("/") for path in paths]
    depth = max(map(len, split))
    for level in range(depth):
        row = []
        for (prefix, length), columns in groupby(split, key=lambda path: (path[: level + 1], len(path))):
            count = len(list(columns))
            if length > level:
                row.append((prefix, length, count))
        merged: list[Cell] = []
        before: list[str] | None = None
        for prefix, length, count in row:
            last = length == level + 1
            if prefix == before and not last:
                merged[-1] = Cell(prefix[level], merged[-1].colspan + count)
            else:
                merged.append(Cell(prefix[level], count, depth - level if last else 1))
            before = prefix
        yield tuple(merged)
