"""Collects the blocks of a report; headings with the damage that conversion from Word leaves."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sources.writer.outline import Entry
from sources.writer.pen import Pen, Text
from sources.writer.report import Grid, Paragraph, PublicTable, Table

NUMERALS = (*"一二三四五六七八九十", *(f"十{unit}" for unit in "一二三四五六七八九"), "二十")


class Page:
    """Blocks in order. `section` of the pen says where the figures stand that it prints."""

    def __init__(
        self, pen: Pen, rng: Random, shape: Random, make_tables: Callable[[], list[PublicTable]] | None = None
    ) -> None:
        """`make_tables` makes the public tables, where the report prints them."""
        self.make_tables = make_tables
        self.pen = pen
        self.rng = rng
        self.shape = shape
        self.blocks: list[Paragraph | Table | Grid] = []
        self.tables: list[PublicTable] = []
        self.contents: list[str] = []
        self.front = 0
        self.numbers = [0] * 6
        self.running = False
        self.bookmarks = pen.write("page.bookmarks") == "yes"
        self.images = pen.write("page.images")
        self.glued = ""
        self.reason_in_figures = pen.write("total.figures_in_reason") == "yes"

    def add(self, text: str, marks: tuple[tuple[int, str], ...] = ()) -> None:
        """Adds one paragraph per line of a text; nothing for no text."""
        for line in filter(None, text.split("\n")):
            self.blocks.append(Paragraph(line, marks))

    def write(self, text: str) -> None:
        """Adds running text: in paragraphs of its own, or behind the paragraph before, or cut at a full stop."""
        style, before = self.pen.style, self.blocks[-1] if self.blocks else None
        if self.running and isinstance(before, Paragraph) and text and self.shape.random() < style.joins:
            first, _, text = text.partition("\n")
            self.blocks[-1] = Paragraph(before.text + first, before.marks)
        if text and self.shape.random() < style.splits:
            text = text.replace("。", "。\n", 1)
        self.add(text)
        self.running = True

    def say(self, key: str, /, **texts: Text) -> None:
        """Adds a phrase."""
        self.write(self.pen.write(key, "", stem="", **texts))

    def cover(self) -> None:
        """The title, where the report has one. The table of contents comes behind it."""
        if self.pen.write("page.cover") == "yes":
            self.add(self.pen.write("part.cover", "", stem=""))
        self.front = len(self.blocks)

    def print_tables(self, tables: list[PublicTable]) -> None:
        """Prints public tables with what they state."""
        for table in tables:
            self.blocks += table.blocks()
            self.pen.facts += table.facts
        self.tables += tables
        self.running = False

    def heading(self, entry: Entry) -> None:
        """A heading with its number, or with an Arabic one, or with its number lost."""
        self.running = False
        self.pen.section = entry.section or self.pen.section
        self.numbers[entry.level] += 1
        self.numbers[entry.level + 1 :] = [0] * (5 - entry.level)
        place = self.numbers[entry.level]
        numeral = NUMERALS[place - 1]
        title = self.pen.write(entry.key, n=numeral)
        if entry.level == 1:
            self._head(title, title, 0)
        elif entry.level == 2:
            self._section(entry, place, title)
        elif entry.level == 3:
            line = self.pen.write("page.subheading", number=numeral, title=title)
            self._head(line, "", 0)
        else:
            self._head(self.pen.write("page.item", number=str(place), title=title), "", 0)

    def _section(self, entry: Entry, place: int, title: str) -> None:
        form = self.rng.choice(self.pen.words["page.number"])
        whole = f"{NUMERALS[place - 1]}、{title}"
        if form == "full" or "=" in entry.flags:
            self._head(whole, whole, 0)
        elif form == "lost":
            self._head(title, whole, 0)
        else:
            number = f"{place}、 "
            self._head(number + title, whole, len(number))

    def _head(self, line: str, listed: str, offset: int) -> None:
        self.add(line, self._marks(offset))
        if listed:
            self.contents.append(listed)

    def table_of_contents(self) -> None:
        """Puts 目录 behind the title, with the traces that a conversion leaves of it, where the report has one."""
        form = self.shape.choice(self.pen.words["page.contents"])
        if form == "no":
            return
        lines = ["目  录" if self.shape.random() < 0.5 else "目录"]
        for number, heading in enumerate(self.contents, start=3):
            sheet = number * 2 // 3
            field = f" PAGEREF _Toc{self.shape.randint(1_000, 99_999_999)} \\h {sheet}"
            dots = "." * self.shape.randint(20, 60) + str(sheet)
            lines.append(heading + {"dotted": dots, "field": field, "plain": ""}[form])
        self.blocks[self.front : self.front] = [Paragraph(line) for line in lines]

    def aside(self, key: str) -> None:
        """A chart's caption with its image placeholder, and at times an author's note: nothing that counts."""
        if self.images == "glued":
            self.glued = self._image()
        elif self.images != "no":
            self.blocks.append(Paragraph("", ((0, self._image() + self._axis()),)))
            self.running = False
        if self.rng.random() < 0.3:
            self.add(self.pen.write(key, "", stem=""))
        if self.rng.random() < 0.1:
            self.add(self.pen.vary("aside.note"))

    def _image(self) -> str:
        return f"[image: image{self.rng.randint(1, 9)}]"

    def _axis(self) -> str:
        """The labels of a chart's axis, which spill into the text behind its placeholder."""
        if self.images != "axes":
            return ""
        step = self.rng.randint(2, 90)
        labels = [f"{number * step:.2f}" for number in range(5, 0, -1)]
        return "\n".join([*labels, "", f"{self.pen.texts['prior']}年 {self.pen.texts['year']}年", ""])

    def _marks(self, offset: int) -> tuple[tuple[int, str], ...]:
        """Bookmarks of a heading, and the placeholder of the image that it hangs on to."""
        glued, self.glued = self.glued, ""
        marks = [(0, glued)] if glued else []
        if self.bookmarks:
            bookmarks = [
                f"[bookmark: _Toc{self.rng.randint(1_000, 99_999_999)}]" for _ in range(self.rng.randint(1, 3))
            ]
            marks.append((offset, "".join(bookmarks)))
        return tuple(marks)
