"""The day on which a run works."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Where the reports are due. There is no summer time, so that no table of zones is needed."""


def today(now: datetime | None = None) -> date:
    """The day in China at a moment (this one), whatever zone the machine is in: releases are named by it, reports are due on it."""
    return (now or datetime.now(UTC)).astimezone(CHINA).date()
