"""Office packages: ZIP files of XML parts, opened without trust in their sizes or their XML."""

from __future__ import annotations

import posixpath

from lxml import etree  # type: ignore[import-untyped]

from tasks.read.archive import FAULTS, damaged, open_archive
from tasks.read.blocks import Unreadable

MAX_PART_BYTES = 32 * 1024**2
"""For one unpacked part. A report of a hundred pages has five million bytes of XML; its tree takes twenty times as much."""

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Package:
    """The parts of one package. Raises Unreadable with the document's name for all that is wrong with it."""

    def __init__(self, content: bytes, name: str) -> None:
        self._name = name
        self._archive = open_archive(content, name)

    def xml(self, part: str) -> etree._Element:
        """The root of an XML part. Entities are not expanded, and a document type is refused."""
        content = self._bytes(part).replace(_STRICT, _TRANSITIONAL)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise damaged(self._name) from error
        if root.getroottree().docinfo.doctype:
            raise Unreadable(
                f"{self._name}: the Office file declares XML entities, which none does by itself: refused."
            )
        return root

    def related(self, kind: str, part: str = "") -> str | None:
        """The part that another one (or the package) relates to as `kind`, where there is one."""
        folder, file = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{file}.rels")
        if relations not in self._archive.NameToInfo:
            return None
        for relation in self.xml(relations):
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                return target if target in self._archive.NameToInfo else None
        return None

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
        return content
