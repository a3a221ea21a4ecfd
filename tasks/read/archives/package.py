"""Office packages: ZIP files of XML parts, opened without trust in their sizes or their XML."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree  # type: ignore[import-untyped]

from tasks.read.archives.archive import FAULTS, damaged, open_archive
from tasks.read.blocks import Unreadable

MAX_PART_BYTES = 32 * 1024**2
"""For one unpacked part. A report of a hundred pages has five million bytes of XML; its tree takes twenty times as much."""

_NAMESPACES = {
    f"http://purl.oclc.org/ooxml/{kind}/main".encode(): f"http://schemas.openxmlformats.org/{kind}/2006/main".encode()
    for kind in ("wordprocessingml", "spreadsheetml")
}
"""The strict form of Office files has other names for the same elements."""

_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


class Relation(NamedTuple):
    """What one part has to do with another one of the package."""

    identity: str
    kind: str
    part: str


class Package:
    """The parts of one package. Raises Unreadable with the document's name for all that is wrong with it."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        self._archive = open_archive(content, name)

    def xml(self, part: str) -> etree._Element:
        """The root of an XML part. Entities are not expanded, and a document type is refused."""
        try:
            root = etree.fromstring(self._bytes(part), etree.XMLParser(**_SAFE))
        except etree.XMLSyntaxError as error:
            raise damaged(self._name) from error
        self._refuse_doctype(root)
        return root

    def elements(self, part: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of these names one after the other, each emptied behind its turn: for parts with many of them."""
        try:
            for _, element in etree.iterparse(io.BytesIO(self._bytes(part)), tag=tags, **_SAFE):
                self._refuse_doctype(element)
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise damaged(self._name) from error

    def has(self, part: str) -> bool:
        """Whether the package holds a part."""
        return part in self._archive.NameToInfo

    def related(self, kind: str, part: str = "") -> str | None:
        """The part that another one (or the package) relates to as `kind`, where there is one."""
        return next((relation.part for relation in self.relations(part) if relation.kind == kind), None)

    def relations(self, part: str = "") -> Iterator[Relation]:
        """What a part (or the package) relates to, as far as it is in the package."""
        folder, file = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{file}.rels")
        if not self.has(relations):
            return
        for relation in self.xml(relations):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            if relation.get("TargetMode") != "External" and self.has(target):
                yield Relation(relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], target)

    def _refuse_doctype(self, element: etree._Element) -> None:
        if element.getroottree().docinfo.doctype:
            raise Unreadable(
                f"{self._name}: the Office file declares XML entities, which none does by itself: refused."
            )

    def _bytes(self, part: str) -> bytes:
        try:
            with self._archive.open(part) as file:
                content = file.read(MAX_PART_BYTES + 1)
        except FAULTS as error:
            raise damaged(self._name) from error
        if len(content) > MAX_PART_BYTES:
            raise Unreadable(
                f"{self._name}: a part of the Office file unpacks to more than {MAX_PART_BYTES:,} bytes: refused."
            )
        for strict, transitional in _NAMESPACES.items():
            content = content.replace(strict, transitional)
        return content
