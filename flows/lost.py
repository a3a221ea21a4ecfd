"""Flow runs that were under way when `juesuan serve` was killed, or the machine: nobody has them any more."""

from __future__ import annotations

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import AwaitingRetry, Crashed

ATTEMPTS = 3
"""After so many attempts a lost run is left to a person: it may be what brings the machine down."""

MOST = 200
"""Runs that the server gives at once: the years of a long backfill are runs as well."""

UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


async def take_up() -> None:
    """Marks the lost runs of deployments as crashed, and has them run again. Only for a worker that is alone on its server."""
    async with get_client() as client:
        for run in await _lost(client):
            again = run.run_count < ATTEMPTS and run.state_type != StateType.CANCELLING
            told = "It is run again." if again else "Retry runs it again."
            message = f"It was lost: juesuan serve or the machine was killed while it ran. {told}"
            await client.set_flow_run_state(run.id, Crashed(message=message))
            if again:
                await client.set_flow_run_state(run.id, AwaitingRetry())


async def _lost(client: PrefectClient) -> list[FlowRun]:
    under_way = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNDER_WAY)))
    runs = await client.read_flow_runs(flow_run_filter=under_way, sort=FlowRunSort.START_TIME_ASC, limit=MOST)
    return [run for run in runs if run.deployment_id]
