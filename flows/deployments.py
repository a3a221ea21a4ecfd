"""The deployments of `prefect.yaml`, as `juesuan serve` serves them, and as workers of a pool run them.

`python -m flows.deployments POOL DATA [INPUT…]` registers them with the server that PREFECT_API_URL names. `prefect deploy`
would name flows by their files, whose tasks other machines cannot load (docs/deploy.md).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import yaml
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.revision import HOUSE

FILE = HOUSE / "prefect.yaml"


def declared() -> list[dict[str, Any]]:
    """What `prefect.yaml` says of each deployment."""
    deployments: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["deployments"]
    return deployments


def served(inputs: Sequence[str], data: str) -> list[RunnerDeployment]:
    """The deployments with these inputs (the sample reports without any) and this data folder."""
    return [_served(told, {"inputs": list(inputs) or None, "data": data}) for told in declared()]


def register(pool: str, data: str, inputs: Sequence[str]) -> None:
    """Lets the workers of a work pool run the deployments; `data` is a path of their machine, or the URL of a store."""
    for deployment in served(inputs, data):
        deployment.apply(work_pool_name=pool)


def _served(told: dict[str, Any], own: dict[str, Any]) -> RunnerDeployment:
    module, _, name = told["entrypoint"].partition(".py:")
    return RunnerDeployment.from_flow(
        getattr(import_module(module.replace("/", ".")), name),
        name=told["name"],
        description=told["description"],
        tags=told["tags"],
        parameters=told["parameters"] | own,
        concurrency_limit=told["concurrency_limit"],
        schedules=[Cron(each["cron"], timezone=each["timezone"]) for each in told["schedules"]],
        # By its module, a flow is found in whatever folder it runs.
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


if __name__ == "__main__":
    register(sys.argv[1], sys.argv[2], sys.argv[3:])
