"""A Reten adapter before its simulator, and what its tests ask of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2

from adapters import contract as c
from adapters.reten import Reten, RetenOptions
from sandbox.providers.reten import RetenSim

KEY = "rtn_sk_sandbox"
STATUS = "SALE_COMPLETED=EFFECTIVE, NO_CONTACT=NOT_EFFECTIVE,NOT_INTERESTED=PENDING"
SALE = "SALE_COMPLETED"


def provider(sim: RetenSim, url: str | None = None, **options: Any) -> Reten:
    chosen = {"api_key": KEY, "result_status": STATUS, **options}
    if url:
        chosen["base_url"] = url
    transport = None if url else httpx2.ASGITransport(sim.app)
    return Reten(RetenOptions.model_validate(chosen), sim.clock, transport)


def scripted(sim: RetenSim, answer: Callable[[httpx2.Request], httpx2.Response]) -> Reten:
    options = RetenOptions.model_validate({"api_key": KEY})
    return Reten(options, sim.clock, httpx2.MockTransport(answer))


async def listed(reten: Reten) -> tuple[list[c.Task], bool]:
    pages = [page async for page in reten.tasks(())]
    return [task for page in pages for task in page.tasks], all(page.whole for page in pages)


async def first(reten: Reten) -> c.Task:
    tasks, _ = await listed(reten)
    return tasks[0]


def answer(sim: RetenSim, code: str = SALE, **fields: str) -> c.Answer:
    return c.Answer(code, sim.clock.now(), fields)
