"""PDF pages drawn with control over every position: tables with and without lines, and the traps of real ones."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
LANDSCAPE = (842, 595)
PORTRAIT = (595, 842)
LEADING = 1.15

pdfmetrics.registerFont(UnicodeCIDFont(FONT))

NAMES = (
    "一般公共服务支出",
    "政府办公厅（室）及相关机构事务",
    "行政运行",
    "社会保障和就业支出",
    "机关事业单位基本养老保险缴费支出",
    "住房公积金",
    "合计",
)

Rows = list[list[str | None]]


class Drawing:
    """Collects pages. All places are in points from the top left, as the reader gives them."""

    def __init__(
        self, size: tuple[int, int] = PORTRAIT, *, turned: bool = False, encrypt: StandardEncryption | None = None
    ) -> None:
        self._file = io.BytesIO()
        self._canvas = Canvas(self._file, pagesize=size, encrypt=encrypt)
        self._size = size
        self._turned = turned
        self.height = size[1]
        self._turn()

    def _turn(self) -> None:
        """Draws sideways, with /Rotate telling the viewer to turn the page back."""
        if self._turned:
            self._canvas.setPageRotation(90)
            self._canvas.translate(self._size[1], 0)
            self._canvas.rotate(90)

    def page(self) -> None:
        self._canvas.showPage()
        self._turn()

    def text(self, x: float, y: float, text: str, size: float = 10, spacing: float = 0) -> None:
        """A text whose baseline is at y."""
        self._canvas.setFont(FONT, size)
        self._canvas.drawString(x, self.height - y, text, charSpace=spacing)

    def slanted(self, x: float, y: float, text: str, angle: float) -> None:
        self._canvas.saveState()
        self._canvas.translate(x, self.height - y)
        self._canvas.rotate(angle)
        self.text(0, self.height, text, 30)
        self._canvas.restoreState()

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self._canvas.setLineWidth(0.5)
        self._canvas.line(x0, self.height - y0, x1, self.height - y1)

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle, which is how Word draws lines."""
        self._canvas.rect(x, self.height - y - height, width, height, stroke=0, fill=1)

    def image(self) -> None:
        """A white picture over the whole page, as scanners make them."""
        self.picture(Image.new("L", (20, 30), 255))

    def picture(self, picture: Image.Image) -> None:
        """A picture over the whole page."""
        self._canvas.drawImage(ImageReader(picture), 0, 0, *self._size)

    def bytes(self) -> bytes:
        self._canvas.save()
        return self._file.getvalue()


@dataclass
class Layout:
    """How a table looks. `rule`: full, bars, rows, three, columns, open or none; `align`: per column, where texts stand.

    `drop` is how far numbers stand below the Chinese text, `spaced` the columns whose letters are spaced out, `shuffle`
    the order in which everything is drawn.
    """

    widths: list[float]
    rule: str = "full"
    header: int = 1
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    size: float = 9
    padding: float = 3
    align: tuple[str, ...] = ("middle",)
    drop: float = 0
    spaced: tuple[int, ...] = ()
    repeat: bool = False
    shuffle: int | None = None


def is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").isdigit()


def width_of(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, FONT, size))


def wrapped(text: str, width: float, size: float) -> list[str]:
    lines = [""]
    for letter in text:
        if width_of(lines[-1] + letter, size) > width + 0.01:
            lines.append("")
        lines[-1] += letter
    return lines if text else []


def draw_table(drawing: Drawing, x: float, y: float, rows: Rows, layout: Layout) -> float:
    """Draws the rows from a place down, over pages where they need them; None stands where a cell spans. Returns the end."""
    edges = [x]
    for width in layout.widths:
        edges.append(edges[-1] + width)
    heights = [_height(row, number, edges, layout) for number, row in enumerate(rows)]
    drawn: list[Callable[[], None]] = []
    waiting = list(range(len(rows)))
    first = True
    while waiting:
        number = waiting.pop(0)
        if y + heights[number] > drawing.height - 50:
            _draw(drawn, layout)
            drawing.page()
            y, first = 40, True
            if layout.repeat:
                waiting = [*range(layout.header), number, *waiting]
                number = waiting.pop(0)
        last = not waiting or y + heights[number] + heights[waiting[0]] > drawing.height - 50
        for column, text in enumerate(rows[number]):
            if text is not None:
                down, across = layout.spans.get((number, column), (1, 1))
                box = (edges[column], y, edges[column + across], y + sum(heights[number : number + down]))
                drawn += _cell(drawing, text, column, box, layout)
        drawn += _rules(drawing, edges, (y, y + heights[number]), (first, number == layout.header, last), layout.rule)
        y += heights[number]
        first = False
    _draw(drawn, layout)
    return y


def _draw(drawn: list[Callable[[], None]], layout: Layout) -> None:
    if layout.shuffle is not None:
        Random(layout.shuffle).shuffle(drawn)
    for each in drawn:
        each()
    drawn.clear()


def _height(row: list[str | None], number: int, edges: list[float], layout: Layout) -> float:
    most = 1
    for column, text in enumerate(row):
        down, across = layout.spans.get((number, column), (1, 1))
        if text and down == 1:
            room = edges[column + across] - edges[column] - 2 * layout.padding
            most = max(most, len(wrapped(text, room, layout.size)))
    return most * layout.size * LEADING + 2 * layout.padding


def _cell(
    drawing: Drawing, text: str, column: int, box: tuple[float, float, float, float], layout: Layout
) -> list[Callable[[], None]]:
    left, top, right, bottom = box
    size, room = layout.size, right - left - 2 * layout.padding
    lines = wrapped(text, room, size)
    tall = len(lines) * size * LEADING
    align = layout.align[column % len(layout.align)]
    begin = {"top": top + layout.padding, "middle": (top + bottom - tall) / 2, "bottom": bottom - layout.padding - tall}
    drawn: list[Callable[[], None]] = []
    for number, line in enumerate(lines):
        wide = width_of(line, size)
        spacing = min(4.0, (room - wide) / max(len(line) - 1, 1)) if column in layout.spaced else 0.0
        wide += spacing * (len(line) - 1)
        if is_number(line):
            at = right - layout.padding - wide
        else:
            at = left + layout.padding if column == 0 else (left + right - wide) / 2
        base = begin[align] + (number + 0.8) * size * LEADING + (layout.drop if is_number(line) else 0)
        drawn.append(lambda at=at, base=base, line=line, spacing=spacing: drawing.text(at, base, line, size, spacing))
    if layout.rule == "full":
        for ends in ((left, top, right, top), (left, bottom, right, bottom), (left, top, left, bottom)):
            drawn.append(lambda ends=ends: drawing.line(*ends))
        drawn.append(lambda: drawing.line(right, top, right, bottom))
    elif layout.rule == "bars":
        for at in ((left, top, right - left, 0.5), (left, bottom, right - left, 0.5), (left, top, 0.5, bottom - top)):
            drawn.append(lambda at=at: drawing.bar(*at))
        drawn.append(lambda: drawing.bar(right, top, 0.5, bottom - top))
    return drawn


def _rules(
    drawing: Drawing, edges: list[float], side: tuple[float, float], place: tuple[bool, bool, bool], rule: str
) -> list[Callable[[], None]]:
    """The lines of a row in tables that lack some; `place` tells the first row, the first below the header, the last."""
    (top, bottom), (first, body, last) = side, place
    levels = []
    if rule in ("rows", "open") or (rule in ("three", "columns") and (first or body)):
        levels.append(top)
    if rule in ("rows", "open") or (rule in ("three", "columns") and last):
        levels.append(bottom)
    drawn: list[Callable[[], None]] = [
        lambda level=level: drawing.line(edges[0], level, edges[-1], level) for level in levels
    ]
    for at in {"columns": edges, "open": edges[1:-1]}.get(rule, []):
        drawn.append(lambda at=at: drawing.line(at, top, at, bottom))
    return drawn


def income_table(rng: Random, count: int) -> tuple[Rows, Layout]:
    """收入决算表: three columns of codes, a name, seven columns of amounts, a header of two rows."""
    titles = ("本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
    rows: Rows = [["科目编码", None, None, "科目名称", *titles], ["类", "款", "项", *[None] * 8]]
    rows.append(["合计", None, None, None, *(amount(rng) for _ in titles)])
    for _ in range(count):
        level = rng.randint(0, 2)
        code = [
            str(rng.randint(201, 234)),
            f"{rng.randint(1, 99):02d}" if level else "",
            f"{rng.randint(1, 99):02d}" if level == 2 else "",
        ]
        rows.append([*code, rng.choice(NAMES), *(maybe(rng, column) for column in range(len(titles)))])
    spans = {(0, 0): (1, 3), (2, 0): (1, 4)} | {(0, column): (2, 1) for column in range(3, 11)}
    return rows, Layout([26, 22, 22, 120, *[80] * 7], header=2, spans=spans)


def amounts_table(rng: Random, count: int, columns: int = 4, name: float = 150) -> tuple[Rows, Layout]:
    """A name and some amounts."""
    titles = ["合计", "基本支出", "项目支出", "上缴上级支出"][:columns]
    rows: Rows = [["项目", *titles]]
    rows += [[rng.choice(NAMES), *(maybe(rng, column) for column in range(columns))] for _ in range(count)]
    return rows, Layout([name, *[90] * columns])


def amount(rng: Random) -> str:
    return f"{rng.randint(0, 10 ** rng.randint(3, 9)) / 100:,.2f}"


def maybe(rng: Random, column: int) -> str:
    """An amount, or an empty cell; never in the first column, which holds the total."""
    return "" if column and rng.random() < 0.35 else amount(rng)
