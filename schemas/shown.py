"""How numbers of the tables are shown to people: exact, in the unit that the reports print."""

from __future__ import annotations

from decimal import Decimal

MONEY_SCALE = Decimal(10_000)  # the reports print 万元, the tables count yuan


def figure(value: Decimal | None, unit_kind: str) -> str:
    """A side of an equation as people read it: money in 万元 with at least two decimals, never rounded."""
    if value is None:
        return "—"
    if unit_kind != "money":
        return plain(value) + (" %" if unit_kind == "percent" else "")
    whole, _, decimals = f"{value / MONEY_SCALE:,f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')} 万元"


def plain(value: Decimal) -> str:
    """A number with thousands separators and no decimals that say nothing."""
    return f"{value.normalize():,f}"
