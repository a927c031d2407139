"""A Vambe adapter before its simulator, and what its tests ask of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2

from adapters import contract as c
from adapters.vambe import Vambe, VambeOptions
from sandbox.providers.traffic import Recorded
from sandbox.providers.vambe import VambeSim
from sandbox.serve import serving

KEY = "vambe_sandbox_key"
DONE = "Completado"
NOW = datetime(2026, 4, 11, 10, tzinfo=UTC)
"""What the tests' clock says at first."""


def provider(sim: VambeSim, url: str | None = None, **options: Any) -> Vambe:
    chosen = {"api_key": KEY, **options}
    if url:
        chosen["base_url"] = url
    transport = None if url else httpx2.ASGITransport(sim.app)
    return Vambe(VambeOptions.model_validate(chosen), sim.clock, transport)


@asynccontextmanager
async def over_a_line(sim: VambeSim, **options: Any) -> AsyncIterator[Vambe]:
    """The adapter on a real connection, which faults can cut."""
    async with serving(sim.app) as origin:
        adapter = provider(sim, origin, **options)
        yield adapter
        await adapter.close()


class Meddling(httpx2.AsyncBaseTransport):
    """Delivers requests to the simulator; `meddle` may put another answer in an answer's place,
    or raise in its stead."""

    def __init__(
        self, sim: VambeSim, meddle: Callable[[httpx2.Request], httpx2.Response | None]
    ) -> None:
        self._inner = httpx2.ASGITransport(sim.app)
        self._meddle = meddle

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        return self._meddle(request) or response


def meddled(
    sim: VambeSim, meddle: Callable[[httpx2.Request], httpx2.Response | None], **options: Any
) -> Vambe:
    """An adapter whose requests arrive, but whose answers `meddle` may change."""
    chosen = VambeOptions.model_validate({"api_key": KEY, **options})
    return Vambe(chosen, sim.clock, Meddling(sim, meddle))


async def listed(vambe: Vambe, people: Collection[str]) -> tuple[list[c.Task], bool]:
    pages = [page async for page in vambe.tasks(people)]
    return [task for page in pages for task in page.tasks], all(page.whole for page in pages)


async def first(vambe: Vambe, person: str) -> c.Task:
    tasks, _ = await listed(vambe, [person])
    return tasks[0]


def answer(sim: VambeSim, name: str = DONE) -> c.Answer:
    return c.Answer(name, sim.clock.now())


def writes(sim: VambeSim) -> list[Any]:
    return [request.body for request in sim.requests if request.method != "GET"]


def listings(sim: VambeSim) -> list[Recorded]:
    return [one for one in sim.requests if (one.method, one.path[-5:]) == ("GET", "tasks")]


def asked_for(request: Recorded) -> list[str]:
    """The people whom a listing was asked about."""
    return [value for name, value in request.query if name == "responsibleIds[]"]
