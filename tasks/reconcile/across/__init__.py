"""Reports held against each other: a report and that of the year before, a department and its units."""

from tasks.reconcile.across.pairs import compared_facts, consecutive
from tasks.reconcile.across.units import families, units
from tasks.reconcile.across.years import years

__all__ = ["compared_facts", "consecutive", "families", "units", "years"]
