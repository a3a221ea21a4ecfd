"""Collects the blocks of a report; headings with the damage that conversion from Word leaves."""

from __future__ import annotations

from random import Random

from sources.writer.pen import Pen, Text
from sources.writer.report import Paragraph, Table
from sources.writer.wording import phrases

NUMERALS = (*"一二三四五六七八九十", "十一", "十二", "十三", "十四")


class Page:
    """Blocks in order. `section` of the pen says where the figures stand that it prints."""

    def __init__(self, pen: Pen, rng: Random) -> None:
        self.pen = pen
        self.rng = rng
        self.blocks: list[Paragraph | Table] = []
        self.bookmarks = pen.write("page.bookmarks") == "yes"
        self.images = pen.write("page.images")
        self.glued = ""
        self.reason_in_figures = pen.write("total.figures_in_reason") == "yes"

    def add(self, text: str, marks: tuple[tuple[int, str], ...] = ()) -> None:
        """Adds one paragraph per line of a text; nothing for no text."""
        for line in filter(None, text.split("\n")):
            self.blocks.append(Paragraph(line, marks))

    def say(self, key: str, /, **texts: Text) -> None:
        """Adds a phrase."""
        self.add(self.pen.write(key, "", stem="", **texts))

    def cover(self) -> None:
        """The title, where the report has one."""
        if self.pen.write("page.cover") == "yes":
            self.say("part.cover")

    def part(self, number: str, section: str) -> None:
        """The heading of a part."""
        self.pen.section = section
        title = self.pen.write(f"part.{number}")
        self.add(title, self._marks(0))

    def section(self, numeral: str) -> None:
        """The heading of one of the ten sections."""
        self.pen.section = numeral
        self.heading(numeral, f"heading.{numeral}")

    def subsection(self, numeral: str, number: str) -> None:
        """The heading of a part of a section, e.g. 十（三）."""
        self.pen.section = numeral + number
        place = NUMERALS.index(number[1:-1]) + 1
        title = self.pen.write(f"heading.{numeral}{place}")
        self.add(self.pen.write("page.subheading", number=number[1:-1], title=title), self._marks(0))

    def heading(self, numeral: str, key: str) -> None:
        """A numbered heading: 一、…, or with an Arabic number, or with its number lost."""
        title = self.pen.write(key)
        form = self.rng.choice(phrases()["page.number"])
        if form == "full" or key in ("heading.profile", "heading.organisation"):
            self.add(f"{numeral}、{title}", self._marks(0))
        elif form == "lost":
            self.add(title, self._marks(0))
        else:
            number = f"{NUMERALS.index(numeral) + 1}、 "
            self.add(number + title, self._marks(len(number)))

    def aside(self, key: str) -> None:
        """A chart's caption with its image placeholder, and at times an author's note: nothing that counts."""
        if self.images == "glued":
            self.glued = self._image()
        elif self.images != "no":
            self.blocks.append(Paragraph("", ((0, self._image() + self._axis()),)))
        if self.rng.random() < 0.3:
            self.say(f"aside.{key}")
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
