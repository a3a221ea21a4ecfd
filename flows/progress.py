"""What a run tells while it works: log records that carry a stage and its counts.

They reach Prefect's UI as lines; the command line shows them as bars on a terminal.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

log = logging.getLogger("juesuan")
log.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Progress:
    """A stage, how many of its tasks are through, and of how many the result stood already."""

    stage: str
    through: int
    total: int
    cached: int


def tell(stage: str, through: int, total: int, cached: int = 0, what: str = "") -> None:
    """Logs how far a stage is, as a record with the attribute `progress`. `what` there are `total` of, if many."""
    counted = f"{through} of {total} {what}" if what else "done"
    stood = (f", {cached} of them before" if what else " before") if cached else ""
    log.info("%s: %s%s", stage, counted, stood, extra={"progress": Progress(stage, through, total, cached)})
