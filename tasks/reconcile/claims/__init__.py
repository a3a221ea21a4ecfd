"""Words against figures: what a report says about its figures is compared with them, and with its identity.

Takes the claims that extraction found (curated.claims) and frames of figures; no sentence is read here. The rules are
the rows of equations.csv of the kind `words`. A rule gives rows only where its words stand: a report without such a
claim has no row, which is no pass.
"""

from tasks.reconcile.claims.claims import claims

__all__ = ["claims"]
