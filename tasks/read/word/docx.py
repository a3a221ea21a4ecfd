"""Word documents (DOCX), as they are printed: with list numbers, without deletions and field codes."""

from __future__ import annotations

import re

from lxml import etree  # type: ignore[import-untyped]

from tasks.read.archives.package import Package
from tasks.read.blocks import LONG_CELL, MAX_CHARACTERS, Blocks, Unreadable
from tasks.read.word.numbering import Numbering, W, integer

MAX_COLUMNS = 1000
"""No table that fits on paper has more; a merged cell that claims more is cut to this."""

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_SYMBOL = re.compile(r"[Ff][0-9A-Fa-f]{3}")
_TEXTS = (f"{W}t", f"{_MATH}t")

_DELETED = tuple(
    W + name for name in ("del", "moveFrom", "instrText", "delInstrText", "sdtPr", "tabs", "rt", "pPrChange")
)
_WRAPPERS = tuple(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_ALTERNATIVES = tuple(_MC + name for name in ("AlternateContent", "Choice", "Fallback"))


def read_docx(content: bytes, name: str) -> Blocks:
    """The paragraphs and cells of a document, notes at the end; the text of each ends with a line break.

    A cell stands at its column of the table's grid; the positions that it is merged with below are empty
    cells. Text boxes follow the paragraph that they are anchored in.
    """
    package = Package(content, name)
    main = package.related("officeDocument") or "word/document.xml"
    body = package.xml(main).find(f"{W}body")
    if body is None:
        raise Unreadable(f"{name}: the Office file holds no Word document: fetch it again.")
    reader = _Reader(_numbering(package, main))
    reader.container(_tidy(body))
    for kind in ("footnotes", "endnotes"):
        part = package.related(kind, main)
        if part:
            for note in _tidy(package.xml(part)):
                if note.get(f"{W}type", "normal") == "normal":
                    reader.container(note)
    if sum(map(len, reader.blocks.text)) > MAX_CHARACTERS:
        raise Unreadable(f"{name}: the text is longer than {MAX_CHARACTERS:,} characters: split it.")
    return reader.blocks


def _numbering(package: Package, main: str) -> Numbering | None:
    numbering, styles = package.related("numbering", main), package.related("styles", main)
    return Numbering(package.xml(numbering), package.xml(styles) if styles else None) if numbering else None


def _tidy(root: etree._Element) -> etree._Element:
    """Brings a part into the form in which it is printed: paragraphs and tables, nothing around them."""
    for alternatives in list(root.iter(_ALTERNATIVES[0])):
        for other in list(alternatives)[1:]:  # the first one is what a new Word shows
            alternatives.remove(other)
    for deleted in root.findall(f".//{W}trPr/{W}del"):
        row = deleted.getparent().getparent()
        row.getparent().remove(row)
    for hidden in root.findall(f".//{W}r/{W}rPr/{W}vanish"):
        if hidden.get(f"{W}val", "true") not in ("0", "false", "off"):
            hidden.getparent().getparent().clear()
    etree.strip_elements(root, *_DELETED, with_tail=False)
    etree.strip_tags(root, *_WRAPPERS, *_ALTERNATIVES)
    for box in reversed(list(root.iter(f"{W}txbxContent"))):  # inner boxes before those around them
        anchor = next(box.iterancestors(f"{W}p"), None)
        if anchor is not None:
            for child in reversed(list(box)):
                anchor.addnext(child)
    return root


class _Reader:
    """Collects the blocks of one document in their order."""

    def __init__(self, numbering: Numbering | None) -> None:
        self.blocks = Blocks()
        self._numbering = numbering
        self._tables = 0

    def container(self, container: etree._Element) -> None:
        """Reads the body, a note or a cell of a layout table."""
        for child in container:
            if child.tag == f"{W}p":
                text = self._text(child)
                if text.strip():
                    self.blocks.paragraph(text + "\n")
            elif child.tag == f"{W}tbl":
                self._table(child)

    def _table(self, table: etree._Element) -> None:
        if not _is_data(table):
            for cell in table.iterfind(f"{W}tr/{W}tc"):
                self.container(cell)
            return
        number = self._tables
        self._tables += 1
        for row, line in enumerate(table.iterfind(f"{W}tr")):
            column = _number(line.find(f"{W}trPr/{W}gridBefore"), 0)
            for cell in line.iterfind(f"{W}tc"):
                text = "" if _is_merged(cell) else self._cell(cell)
                self.blocks.cell(text + "\n", number, row, column)
                column += _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)

    def _cell(self, cell: etree._Element) -> str:
        return "\n".join(text for paragraph in cell.iterfind(f"{W}p") if (text := self._text(paragraph)).strip())

    def _text(self, paragraph: etree._Element) -> str:
        label = self._numbering.label(paragraph) if self._numbering else ""
        # A number that ends in a letter (第一部分) is set apart, one that ends in a mark (一、) is not.
        parts = [label, " "] if label[-1:].isalnum() else [label]
        for element in paragraph.iter(*_TEXTS, *_SIGNS, f"{W}sym"):
            if element.tag in _TEXTS:
                parts.append(element.text or "")
            else:
                parts.append(_SIGNS.get(element.tag) or _symbol(element))
        return "".join(parts)


def _is_data(table: etree._Element) -> bool:
    """Tells a table of data from a frame: one with a table or a long text in it, or of one column only."""
    if next(table.iterdescendants(f"{W}tbl"), None) is not None:
        return False
    rows = [row.findall(f"{W}tc") for row in table.iterfind(f"{W}tr")]
    if max(map(len, rows), default=0) < 2:
        return False
    return all(sum(len(text.text or "") for text in cell.iter(*_TEXTS)) <= LONG_CELL for row in rows for cell in row)


def _is_merged(cell: etree._Element) -> bool:
    """Whether a cell continues the one above or before it."""
    merges = [cell.find(f"{W}tcPr/{W}{kind}") for kind in ("vMerge", "hMerge")]
    return any(merge is not None and merge.get(f"{W}val", "continue") == "continue" for merge in merges)


def _number(element: etree._Element | None, otherwise: int) -> int:
    return otherwise if element is None else min(integer(element.get(f"{W}val", ""), otherwise), MAX_COLUMNS)


def _symbol(element: etree._Element) -> str:
    """A character of a symbol font, which has no better place in Unicode than the private one it is given."""
    code = element.get(f"{W}char", "")
    return chr(int(code, 16)) if _SYMBOL.fullmatch(code) else ""
