"""Prefect flows and the command line: what runs and in what order."""

from flows import settings

settings.apply()
