"""Containers that no tool at hand writes: compound files of chosen streams, and RAR files without compression."""

import struct
import zlib

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3). Streams are filled up to 4,096 bytes, so that none is a short one."""
    contents = [content.ljust(4096, b"\0") for content in streams.values()]
    counts = [-(-len(content) // SECTOR) for content in contents]
    entries = [_entry("Root Entry", 5, 1 if streams else FREE, END, 0)]
    directory = -(-(len(streams) + 1) // 4)
    tables = 1
    while (tables + directory + sum(counts)) > tables * 128:
        tables += 1
    fat = [FAT] * tables + [*range(tables + 1, tables + directory), END]
    for number, (name, content, count) in enumerate(zip(streams, contents, counts, strict=True), 1):
        entries.append(_entry(name, 2, FREE, len(fat), len(content), number + 1 if number < len(streams) else FREE))
        fat += [*range(len(fat) + 1, len(fat) + count), END]
    fat += [FREE] * (tables * 128 - len(fat))
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, END, 0, END, 0,
    )  # fmt: skip
    head += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    body = struct.pack(f"<{len(fat)}I", *fat) + b"".join(entries).ljust(directory * SECTOR, b"\0")
    body += b"".join(content.ljust(count * SECTOR, b"\0") for content, count in zip(contents, counts, strict=True))
    return head + body


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = FREE) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", encoded, len(encoded), kind, 1, FREE, right, child, start, size)


def word(text: str, *, flags: int = 0, version: int = 0xC1, pieces: list[tuple[int, int, bool]] | None = None) -> bytes:
    """A Word document of plain paragraphs. `pieces`: first and last character of each, and whether in one byte each."""
    pieces = pieces or [(0, len(text), False)]
    content, places = b"".ljust(2048, b"\0"), []
    for first, behind, one_byte in pieces:
        places.append(len(content) * 2 | 0x40000000 if one_byte else len(content))
        content += text[first:behind].encode("cp1252" if one_byte else "utf-16-le")
    positions = [first for first, _, _ in pieces] + [len(text)]
    table = struct.pack(f"<{len(positions)}I", *positions)
    table += b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    clx = b"\2" + struct.pack("<I", len(table)) + table
    document = bytearray(content)
    struct.pack_into("<HH", document, 0, 0xA5EC, version)
    struct.pack_into("<H", document, 10, flags)
    struct.pack_into("<I", document, 0x4C, len(text))
    struct.pack_into("<II", document, 0x9A + 8 * 33, 0, len(clx))
    return compound({"WordDocument": bytes(document), "0Table": clx})


def rar4(files: dict[bytes, bytes]) -> bytes:
    """RAR 4 with stored files; names are bytes as an old packer writes them."""

    def block(kind: int, flags: int, body: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    archive = b"Rar!\x1a\x07\x00" + block(0x73, 0, bytes(6))
    for name, content in files.items():
        size = len(content)
        body = struct.pack("<IIBIIBBHI", size, size, 2, zlib.crc32(content), 0x50000000, 20, 0x30, len(name), 0x20)
        archive += block(0x74, 0x8000, body + name) + content
    return archive + block(0x7B, 0x4000, b"")


def rar5(files: dict[str, bytes]) -> bytes:
    """RAR 5 with stored files."""

    def number(value: int) -> bytes:
        encoded = bytearray()
        while value > 127:
            encoded.append(value & 127 | 128)
            value >>= 7
        return bytes([*encoded, value])

    def block(*parts: int | bytes) -> bytes:
        body = b"".join(part if isinstance(part, bytes) else number(part) for part in parts)
        head = number(len(body)) + body
        return struct.pack("<I", zlib.crc32(head)) + head

    archive = b"Rar!\x1a\x07\x01\x00" + block(1, 0, 0)
    for name, content in files.items():
        encoded = name.encode()
        checksum = struct.pack("<I", zlib.crc32(content))
        archive += block(2, 2, len(content), 4, len(content), 0x20, checksum, 0, 0, len(encoded), encoded) + content
    return archive + block(5, 0, 0)
