"""A PlanD adapter before its simulator, and what its tests ask of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2

from adapters import contract as c
from adapters.pland import Pland, PlandOptions
from sandbox.providers.pland import PlandSim

NOBODY = "0" * 24


def provider(
    sim: PlandSim,
    origin: str | None = None,
    transport: httpx2.AsyncBaseTransport | None = None,
    **options: Any,
) -> Pland:
    chosen = {"api_key": sim.key, **options}
    if origin:
        chosen["base_url"] = f"{origin}/v2"
    elif transport is None:
        transport = httpx2.ASGITransport(sim.app)
    return Pland(PlandOptions.model_validate(chosen), sim.clock, transport)


def scripted(sim: PlandSim, answer: Callable[[httpx2.Request], httpx2.Response]) -> Pland:
    return provider(sim, transport=httpx2.MockTransport(answer))


class Meanwhile(httpx2.AsyncBaseTransport):
    """Has something happen at the simulator just before each request for which it is due."""

    def __init__(self, sim: PlandSim, act: Callable[[], object], method: str, at: int = 1) -> None:
        self._inner = httpx2.ASGITransport(sim.app)
        self._act = act
        self._method = method
        self._left = at

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == self._method:
            self._left -= 1
            if self._left == 0:
                self._act()
        return await self._inner.handle_async_request(request)


async def listed(pland: Pland) -> tuple[list[c.Task], bool]:
    pages = [page async for page in pland.tasks(())]
    return [task for page in pages for task in page.tasks], all(page.whole for page in pages)


async def first(pland: Pland) -> c.Task:
    tasks, _ = await listed(pland)
    return tasks[0]


def answer(sim: PlandSim, code: str, **fields: str) -> c.Answer:
    return c.Answer(code, sim.clock.now(), fields)


def writes(sim: PlandSim) -> list[tuple[str, Any]]:
    """Each writing request: its method with the end of its path, and its body."""
    return [
        (f"{request.method} {request.path.rpartition('/')[2]}", request.body)
        for request in sim.requests
        if request.method != "GET"
    ]


def asked(sim: PlandSim, path: str) -> list[dict[str, str]]:
    """The queries of all reads of that path."""
    return [
        dict(request.query)
        for request in sim.requests
        if request.method == "GET" and request.path == f"/v2{path}"
    ]


class TimeOut(httpx2.AsyncBaseTransport):
    """Times out once on the first request of that method, before or after it is delivered."""

    def __init__(self, sim: PlandSim, method: str, *, after: bool) -> None:
        self._inner = httpx2.ASGITransport(sim.app)
        self._method = method
        self._after = after
        self._left = 1

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        due = request.method == self._method and self._left > 0
        if due:
            self._left -= 1
        if due and not self._after:
            raise httpx2.ReadTimeout("too late", request=request)
        response = await self._inner.handle_async_request(request)
        if due:
            raise httpx2.ReadTimeout("too late", request=request)
        return response
