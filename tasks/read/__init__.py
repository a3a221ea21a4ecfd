"""Bytes to blocks, one module per format. Nothing behind this room knows what a document's format was."""

from tasks.read.blocks import Unreadable
from tasks.read.reader import ReadBatch, ReadDocument, read, read_all

__all__ = ["ReadBatch", "ReadDocument", "Unreadable", "read", "read_all"]
