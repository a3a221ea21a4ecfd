"""The automations of `automations.yaml` on the server: made once, changed when the file changes, removed when it drops them.

`juesuan serve` does it for its server; `python -m flows.automations` for the one that PREFECT_API_URL names.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.sorting import AutomationSort
from prefect.events.schemas.automations import Automation, AutomationCore

from flows.settings import WEBHOOK

FILE = Path(__file__).with_name("automations.yaml")

OURS = "juesuan: "
"""How the names of these automations begin; others on the server are left alone."""

BLOCK = "juesuan"
"""Name of the block that holds the address of the webhook."""

CALL, CHANGE = "call-webhook", "change-flow-run-state"

PAGE = 200
"""Automations that the server gives at once."""


def declared(block: UUID | None, *, alone: bool) -> list[AutomationCore]:
    """The automations of the file, calling the webhook of that block; without one, those that call none.

    `alone`: for a server with one worker, which finds lost runs by itself (`flows.lost`), and whose SQLite could have an
    event that several automations wait for told twice: without those that change states.
    """
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))["automations"]
    wanted = ({CALL} if block else set()) | (set() if alone else {CHANGE})
    return [_with(each, block) for each in told if {action["type"] for action in each["actions"]} <= wanted]


async def apply(webhook: str | None, *, alone: bool = False) -> None:
    """Makes the server's automations those of the file. Whoever has paused one in the UI finds it paused."""
    async with get_client() as client:
        block = await _block(webhook) if webhook else None
        there: dict[str, list[Automation]] = {}
        for each in await _ours(client):
            there.setdefault(each.name, []).append(each)
        for automation in declared(block, alone=alone):
            if not there.get(automation.name):
                await client.create_automation(automation)
                continue
            first = there[automation.name].pop(0)
            if _says(first) != _says(automation):
                await client.update_automation(first.id, automation.model_copy(update={"enabled": first.enabled}))
        for rest in there.values():
            for each in rest:
                await client.delete_automation(each.id)


async def _ours(client: PrefectClient) -> list[Automation]:
    """All automations with our names, the earliest of a name first."""
    there: list[Automation] = []
    while page := await client.read_automations(sort=AutomationSort.CREATED_DESC, limit=PAGE, offset=len(there)):
        there += page
    return [each for each in reversed(there) if each.name.startswith(OURS)]


async def _block(webhook: str) -> UUID:
    """The block that holds the webhook's address. Prefect keeps it encrypted."""
    block = Webhook.model_validate({"url": webhook, "headers": {"Content-Type": "application/json"}})
    return await block.asave(BLOCK, overwrite=True)


def _with(told: dict[str, Any], block: UUID | None) -> AutomationCore:
    calls = {"block_document_id": block}
    actions = [action | (calls if action["type"] == CALL else {}) for action in told["actions"]]
    return AutomationCore.model_validate(told | {"actions": actions})


def _says(automation: AutomationCore) -> dict[str, Any]:
    """What the file says of an automation, as the server gives it back."""
    return AutomationCore.model_validate(automation.model_dump()).model_dump(
        mode="json", include={"name", "description", "trigger", "actions"}
    )


if __name__ == "__main__":
    asyncio.run(apply(os.environ.get(WEBHOOK)))
