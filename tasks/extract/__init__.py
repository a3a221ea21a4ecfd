"""Blocks → mentions → facts: every quantity in scope is resolved to a concept, set aside with a reason, or counted."""

from tasks.extract.extract import Extraction, extract

__all__ = ["Extraction", "extract"]
