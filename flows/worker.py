"""`python -m flows.worker DATA [INPUT…]`: runs what the deployments are asked for, one flow run at a time.

`juesuan serve` starts it beside the server, whose address is in PREFECT_API_URL.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence

from flows import automations, lost
from flows.deployments import served
from flows.lifeline import end_with_parent
from flows.settings import WEBHOOK


async def work(data: str, inputs: Sequence[str]) -> None:
    """Registers automations and deployments with the server and works until it is ended."""
    from prefect.runner import Runner

    await automations.apply(os.environ.get(WEBHOOK), alone=True)
    await lost.take_up()
    # One at a time: runs on one data folder would wait for each other's release anyway.
    runner = Runner(name="juesuan", limit=1, query_seconds=5, pause_on_shutdown=False)
    for deployment in served(inputs, data):
        await runner.aadd_deployment(deployment)
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        # Prefect's own handler leaves the flow runs that are under way to themselves; this one cancels them.
        loop.call_soon_threadsafe(lambda: ending.append(loop.create_task(runner.astop())))

    ending: list[asyncio.Task[None]] = []
    runner.handle_sigterm = end  # type: ignore[method-assign]
    print("ready", flush=True)
    await runner.start()


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(work(sys.argv[1], sys.argv[2:]))
