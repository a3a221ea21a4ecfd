"""The Prefect tasks of the batches: their results, how many run at a time, and what was done.

A result counts again when its key is the same and the files that it stands for are still there: nothing
is read, extracted or reconciled twice, in whatever run. Stages wait for each other, so that a batch that
fails at one stops nothing but itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prefect import State, Task, task
from prefect.client.orchestration import get_client
from prefect.context import TaskRunContext
from prefect.filesystems import LocalFileSystem
from prefect.futures import PrefectFuture, as_completed
from prefect.results import ResultStore
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from flows import cluster, stages
from flows.batches import Batch
from flows.folder import Folder
from flows.interrupt import belong_to_the_run
from flows.progress import tell
from flows.stages import Result

POLARS_THREADS = "POLARS_MAX_THREADS"
"""The variable that polars reads when it is imported."""


def by_key(context: TaskRunContext, parameters: Mapping[str, Any]) -> str:
    """The cache key of a task is its parameter `key`."""
    key: str = parameters["key"]
    return key


@task(task_run_name="read-{batch}", cache_key_fn=by_key, persist_result=True, result_serializer="json")
def read(key: str, root: Path, batch: str) -> Result:
    """Documents → blocks, of one batch."""
    return stages.read_batch(Folder(root), batch)


@task(task_run_name="extract-{batch}", cache_key_fn=by_key, persist_result=True, result_serializer="json")
def extract(key: str, root: Path, batch: str, formats: Mapping[str, str]) -> Result:
    """Blocks → reports, facts and mentions, of one batch."""
    return stages.extract_batch(Folder(root), batch, formats)


@task(task_run_name="reconcile-{batch}", cache_key_fn=by_key, persist_result=True, result_serializer="json")
def reconcile(key: str, root: Path, batch: str, files: Sequence[str]) -> Result:
    """Reports, facts and mentions → checks, of one batch."""
    return stages.reconcile_batch(Folder(root), batch, files)


@dataclass(slots=True)
class Count:
    """Of a stage: tasks that were done now, and tasks whose result stood already."""

    done: int = 0
    cached: int = 0


@dataclass(slots=True)
class Work:
    """The work of one run. counts by stage; failed: by batch, the stage that failed and why."""

    folder: Folder
    counts: dict[str, Count] = field(default_factory=dict)
    failed: dict[str, tuple[str, str]] = field(default_factory=dict)

    def stored(self, key: str) -> dict[str, Any] | None:
        """The result of that key, if one is kept and settled and all its files are there."""
        store = ResultStore(result_storage=LocalFileSystem(basepath=str(self.folder.results)))
        try:
            result: dict[str, Any] | None = store.read(key).result if store.exists(key) else None
        except Exception:
            # A run that was killed leaves a record cut short, and whatever cannot be read does not stand.
            return None
        if not result or not result["settled"]:
            return None
        return result if all((self.folder.root / file).is_file() for file in result["files"]) else None

    def once(self, work: Task[..., Any], key: str, *, again: bool = False, **parameters: Any) -> dict[str, Any]:
        """Runs a task that is not of a batch, in this process; gives its result or raises what it raises."""
        state = self._kept(work, key, again)(key=key, return_state=True, **parameters)
        result: dict[str, Any] = state.result()
        self._counted(work.name, state)
        tell(work.name, 1, 1, self.counts[work.name].cached)
        return result

    def batches(self, batches: Sequence[Batch]) -> list[str]:
        """All stages of all batches; gives the files of those that went through."""
        waiting = sum(not all(map(self.stored, batch.keys.values())) for batch in batches)
        done: set[str] = set()
        with _runner(waiting) as runner:
            blocks = self._stage(runner, read, batches, {batch.name: {} for batch in batches}, done)
            formats = {name: {"formats": result["formats"]} for name, result in blocks.items()}
            reports = self._stage(runner, extract, batches, formats, done)
            files = {name: {"files": result["files"]} for name, result in reports.items()}
            checks = self._stage(runner, reconcile, batches, files, done)
        through = [result for results in (blocks, reports, checks) for result in results.values()]
        failed = [stages.write_failure(self.folder, batch, stage, why) for batch, (stage, why) in self.failed.items()]
        return [*(file for result in through for file in result["files"]), *failed]

    def told(self) -> dict[str, tuple[int, int]]:
        """By stage, how many tasks were done now, and how many results stood already."""
        return {stage: (count.done, count.cached) for stage, count in self.counts.items()}

    def broken(self) -> list[str]:
        """One sentence for each batch that failed."""
        return [f"batch {batch} stopped at the stage {stage}: {why}" for batch, (stage, why) in self.failed.items()]

    def _stage(
        self,
        runner: TaskRunner[Any],
        work: Task[..., Any],
        batches: Sequence[Batch],
        parameters: Mapping[str, Mapping[str, Any]],
        done_before: set[str],
    ) -> dict[str, Result]:
        """One stage of the batches that have parameters: by batch, what it hands on.

        `done_before` names batches of which an earlier stage was done now, and takes up those of this one.
        """
        stage = work.name
        self.counts.setdefault(stage, Count())
        futures: dict[PrefectFuture[Any], Batch] = {}
        for batch in batches:
            if batch.name in parameters:
                key = batch.keys[stage]
                submitted = runner.submit(
                    self._kept(work, key, batch.name in done_before),
                    {"key": key, "root": self.folder.root.absolute(), "batch": batch.name, **parameters[batch.name]},
                )
                futures[submitted] = batch
        results: dict[str, Result] = {}
        for through, future in enumerate(as_completed(list(futures)), 1):
            batch = futures[future]
            try:
                results[batch.name] = future.result()
            except Exception as error:
                self.failed[batch.name] = (stage, f"{type(error).__name__}: {error}")
            else:
                if not self._counted(stage, future.state):
                    done_before.add(batch.name)
            tell(stage, through, len(futures), self.counts[stage].cached, "batches")
        return {batch.name: results[batch.name] for batch in batches if batch.name in results}

    def _kept(self, work: Task[..., Any], key: str, again: bool) -> Task[..., Any]:
        """The task with its results in the data folder; `again` does it even if its result stands."""
        # Absolute: who does the task may stand in another folder.
        storage = self.folder.results.absolute()
        return work.with_options(result_storage=storage, refresh_cache=again or self.stored(key) is None)

    def _counted(self, stage: str, state: State[Any]) -> bool:
        """Counts a task that is through, and tells whether its result stood already."""
        count = self.counts.setdefault(stage, Count())
        cached = state.name == "Cached"
        count.cached += cached
        count.done += not cached
        return cached


@contextmanager
def _runner(waiting: int) -> Iterator[TaskRunner[Any]]:
    """Where the tasks run: for one batch, and where all that is to do is to look up results, threads; else the workers
    of the cluster that the environment names, or one process per CPU.
    """
    if waiting < 2:
        threads: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=4)
        with threads:
            yield threads
        return
    # A process that is told no address would start a temporary server of its own.
    api = str(get_client(sync_client=True).api_url).rstrip("/")
    scheduler = cluster.address()
    with temporary_settings({PREFECT_API_URL: api}):
        if scheduler:
            with cluster.connected(scheduler) as remote:
                yield remote
            return
        workers = min(waiting, len(os.sched_getaffinity(0)))
        pool: TaskRunner[Any] = ProcessPoolTaskRunner(workers, initializer=belong_to_the_run)
        with _one_thread_each(), pool:
            yield pool


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that start meanwhile compute with one thread: as many as there are CPUs are at work already."""
    told = os.environ.get(POLARS_THREADS)
    os.environ[POLARS_THREADS] = told or "1"
    try:
        yield
    finally:
        if not told:
            del os.environ[POLARS_THREADS]
