"""The Dask cluster that works on the batches, where the environment names one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect.task_runners import TaskRunner

from flows.revision import ROOMS, revision
from flows.settings import DASK


class ClusterError(RuntimeError):
    """The cluster cannot be used. The message is one sentence."""


def address() -> str | None:
    """The scheduler's address, as `tcp://host:8786`; None where the work is done on this machine."""
    return os.environ.get(DASK)


@contextmanager
def connected(scheduler: str) -> Iterator[TaskRunner[Any]]:
    """A task runner that hands tasks to the workers of this scheduler.

    The workers must see the data folder under the same path and run the same code as this process. Raises ClusterError
    where no scheduler answers, where prefect-dask is not installed, and for a worker with other code: what it made
    would stand under the keys of this one.
    """
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise ClusterError(
            f"{DASK} names a Dask cluster, and prefect-dask is not installed: pip install 'juesuan[dask]'"
        ) from None
    with DaskTaskRunner(address=scheduler) as runner:
        try:
            revisions: dict[str, str] = runner.client.run(revision, *ROOMS)
        except (OSError, ValueError) as error:
            raise ClusterError(f"no Dask scheduler answers at {scheduler} ({error}): mend {DASK}") from None
        for worker, told in revisions.items():
            if told != revision(*ROOMS):
                raise ClusterError(f"the Dask worker {worker} runs other code than this run: upgrade and restart it")
        yield runner
