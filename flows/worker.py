"""`python -m flows.worker DATA [INPUT…]`: runs what the deployments are asked for, one flow run at a time.

`juesuan serve` starts it beside the server, whose address is in PREFECT_API_URL.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from flows.deployments import served


async def work(data: str, inputs: Sequence[str]) -> None:
    """Registers the deployments with the server and works until it is ended."""
    from prefect.runner import Runner

    # One at a time: runs on one data folder would wait for each other's release anyway.
    runner = Runner(name="juesuan", limit=1, query_seconds=5, pause_on_shutdown=False)
    for deployment in served(inputs, data):
        await runner.aadd_deployment(deployment)
    print("ready", flush=True)
    await runner.start()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2:]))
