"""Whose final accounts of which year a document holds, told from its text."""

from tasks.extract.identity.identify import Identity, NotFinalAccounts, identify

__all__ = ["Identity", "NotFinalAccounts", "identify"]
