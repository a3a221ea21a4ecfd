"""Facts → checks: the calculation network, evaluated for a batch of reports at once."""

from tasks.reconcile.checks import reconcile

__all__ = ["reconcile"]
