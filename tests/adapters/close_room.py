"""A Close adapter before its simulator, and what its tests ask of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx2

from adapters import contract as c
from adapters.close import Close, CloseOptions
from sandbox.providers.close import CloseSim

KEY = "api_sandbox.sandbox"


def provider(sim: CloseSim, origin: str | None = None, **options: Any) -> Close:
    chosen = {"api_key": KEY, **options}
    if origin:
        chosen["base_url"] = f"{origin}/api/v1"
    transport = None if origin else httpx2.ASGITransport(sim.app)
    return Close(CloseOptions.model_validate(chosen), sim.clock, transport)


def scripted(sim: CloseSim, answer: Callable[[httpx2.Request], httpx2.Response]) -> Close:
    options = CloseOptions.model_validate({"api_key": KEY})
    return Close(options, sim.clock, httpx2.MockTransport(answer))


async def listed(crm: Close, since: datetime | None = None) -> tuple[list[c.Task], bool]:
    pages = [page async for page in crm.tasks((), since)]
    return [task for page in pages for task in page.tasks], all(page.whole for page in pages)


async def first(crm: Close) -> c.Task:
    tasks, _ = await listed(crm)
    return tasks[0]


def done(sim: CloseSim) -> c.Answer:
    return c.Answer("complete", sim.clock.now())


def writes(sim: CloseSim) -> list[Any]:
    """The bodies of all requests that were no reading."""
    return [request.body for request in sim.requests if request.method != "GET"]
