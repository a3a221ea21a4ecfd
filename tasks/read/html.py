"""HTML pages: what a browser shows of them, as paragraphs and table cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from tasks.read.blocks import LONG_CELL, Blocks, Unreadable
from tasks.read.encoding import decode

MAX_SPAN = 100
"""No table that fits on a page has more columns; a cell that claims to span more is cut to this."""

MAX_SPANNED = 1000
"""Columns in which cells that span rows are heeded; a page beyond that is made to waste time."""

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\n\r\f]+")

_BREAK = "\0"
"""Stands for a line break among the collected text; the page itself has no such character any more."""

_MONEY = "元"
"""No report does without it."""
_DOCUMENT = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|et|ods|zip|rar|7z)(?:[?#].*)?\s*$", re.IGNORECASE)
MOST_NAMED = 5
"""Addresses that a message names."""

_DROPPED_TAGS = "head script style noscript template nav footer aside select textarea button iframe object svg canvas"
_BLOCK_TAGS = """
address article blockquote body caption center dd details dir div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5
h6 header hr html legend li main menu ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())


def read_html(content: bytes, name: str) -> Blocks:
    """The paragraphs and cells of a page; the text of each ends with a line break.

    A cell that spans rows or columns stands at its first position. Tables that serve the layout of
    the page are read as paragraphs; scripts, navigation and lists of links are left out. Raises Unreadable for a page
    without amounts that leads to documents: the report is in these.
    """
    blocks = Blocks()
    root = _parse(content, name)
    if root is None:
        return blocks
    attached = list(dict.fromkeys(_attached(root)))
    _drop(root)
    table = 0
    for found in _flow(root):
        if isinstance(found, str):
            blocks.paragraph(found + "\n")
        else:
            for row, column, cell in _cells(found):
                blocks.cell("\n".join(_lines(cell)) + "\n", table, row, column)
            table += 1
    if attached and not any(_MONEY in text for text in blocks.text):
        told = ", ".join(attached[:MOST_NAMED])
        raise Unreadable(
            f"{name}: the page holds no amounts, but leads to files: {told}: name these in the catalogue as url and attachments."
        )
    return blocks


def _attached(root: etree._Element) -> Iterator[str]:
    """Addresses of the documents that a page links to or frames, as the page gives them."""
    for element in root.iter("a", "iframe", "embed", "object"):
        address = element.get("href") or element.get("src") or element.get("data") or ""
        if _DOCUMENT.search(address):
            yield address.strip()


def _parse(content: bytes, name: str) -> etree._Element | None:
    declared = _CHARSET.search(content[:4096])
    text = decode(content, name, declared[1].decode() if declared else None).replace(_BREAK, "")
    # The parser's own limit of depth drops what is nested deeper; HTML has no entities to expand.
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, recover=True
    )
    try:
        root: etree._Element | None = etree.fromstring(text.removeprefix("\ufeff").encode(errors="replace"), parser)
    except etree.XMLSyntaxError:
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        raise Unreadable(f"{name}: the page is nested too deeply to be read whole: publish it as DOCX or text.")
    return root


def _drop(root: etree._Element) -> None:
    """Takes out what is no text, and the lists that hold nothing but links."""
    etree.strip_elements(root, *_DROPPED_TAGS.split(), with_tail=False)
    kept: set[etree._Element | None] = set()
    for links in reversed(list(root.iter("ul"))):  # inner lists first, so that each is looked at once
        if links in kept or not _is_menu(links):
            kept.add(next(links.iterancestors("ul"), None))
        else:
            for child in list(links):
                links.remove(child)


def _is_menu(links: etree._Element) -> bool:
    linked = sum(_length(link) for link in links.iter("a"))
    return linked > 0 and linked == _length(links)


def _length(element: etree._Element) -> int:
    """Number of characters that are not white space."""
    return sum(len("".join(text.split())) for text in element.itertext())


def _flow(root: etree._Element) -> Iterator[str | etree._Element]:
    """The paragraphs below an element, and the tables of data in their place."""
    collected: list[str] = []

    def paragraphs() -> Iterator[str]:
        text = "".join(collected)
        collected.clear()
        for line in _SPACE.sub(" ", text).split(_BREAK):
            if line.strip():
                yield line.strip(" ")

    walker = etree.iterwalk(root, events=("start", "end"))
    preformatted = 0
    for event, element in walker:
        begins, tag = event == "start", element.tag
        if tag in _BLOCKS:
            yield from paragraphs()
        elif tag == "br" and begins:
            collected.append(_BREAK)
        if tag == "pre":
            preformatted += 1 if begins else -1
        if begins and tag == "table" and _is_data(element):
            for caption in element.findall("caption"):
                yield from _lines(caption)
            yield element
            walker.skip_subtree()
            continue
        text = element.text if begins else None if element is root else element.tail
        if text:
            collected.append(text.replace("\n", _BREAK) if preformatted else text)
    yield from paragraphs()


def _lines(cell: etree._Element) -> Iterator[str]:
    return (found for found in _flow(cell) if isinstance(found, str))


def _is_data(table: etree._Element) -> bool:
    """Tells a table of data from one that serves the layout of the page.

    Layout tables contain tables, or have one column only, or hold long texts. A table with text outside
    of its rows is read as paragraphs as well, so that nothing is lost.
    """
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = [row.findall("td") + row.findall("th") for row in table.iter("tr")]
    lengths = [_length(cell) for row in rows for cell in row]
    in_rows = _length(table) - sum(map(_length, table.findall("caption")))
    return max(map(len, rows), default=0) > 1 and max(lengths) <= LONG_CELL and sum(lengths) == in_rows


def _cells(table: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """Row, column and element of each cell, with the positions that earlier cells span left free."""
    spanned: dict[int, int] = {}
    for row, line in enumerate(table.iter("tr")):
        column = 0
        beside: dict[int, int] = {}
        for cell in line.iterchildren("td", "th"):
            while spanned.get(column, 0) > row:
                column += 1
            yield row, column, cell
            behind = column + _span(cell, "colspan")
            below = row + _span(cell, "rowspan")
            beside.update(dict.fromkeys(range(column, min(behind, MAX_SPANNED)), below))
            column = behind
        spanned |= beside


def _span(cell: etree._Element, name: str) -> int:
    """The span as HTML reads it: at least one, and one where it is no number."""
    digits = re.match(r"\s*(\d{1,9})", cell.get(name, ""))
    return min(max(int(digits[1]), 1), MAX_SPAN) if digits else 1
