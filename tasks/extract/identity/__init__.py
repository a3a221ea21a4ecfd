"""Whose final accounts of which year a document holds, told from its text."""

from tasks.extract.identity.identify import Identity, NotFinalAccounts, entity_key, identify

__all__ = ["Identity", "NotFinalAccounts", "entity_key", "identify"]
