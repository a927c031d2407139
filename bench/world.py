"""A child: the simulated Slack and the simulated providers, with many open tasks.

Its control address tells how much was asked of them, and shows a card of a new task being clicked.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.accounts import MAKE
from bench.children import read_spec, tell, until_released
from sandbox.providers.reten import RESULTS, RetenSim
from sandbox.serve import serving
from sandbox.slack import Person, SlackSandbox, Workspace

LABEL = "Venta completada"


class _Clock:
    """The machine's time, but an hour ago while the tasks are made: none has just changed."""

    def __init__(self) -> None:
        self._behind = timedelta(hours=1)

    def now(self) -> datetime:
        return datetime.now(UTC) - self._behind

    def catch_up(self) -> None:
        self._behind = timedelta(0)


class World:
    """One workspace with one person, and an account at each of these providers that has so many
    open tasks."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        clock = _Clock()
        self.slack = SlackSandbox(Workspace(clock))
        self.ana: Person = self.slack.workspace.add_person("Ana Ruiz", timezone="Europe/Madrid")
        self._now = clock.now
        self.accounts = {name: MAKE[name](clock, count) for name, count in counts.items()}
        clock.catch_up()

    @property
    def reten(self) -> RetenSim:
        found = self.accounts["reten"].sim
        assert isinstance(found, RetenSim)
        return found

    def asked(self) -> dict[str, int]:
        """How many requests came so far."""
        sims = {name: account.sim for name, account in self.accounts.items()}
        return {
            "slack": len(self.slack.calls),
            "violations": sum(len(sim.violations) for sim in sims.values()),
            **{name: len(sim.requests) for name, sim in sims.items()},
        }

    def written(self) -> dict[str, float]:
        """By task, when its result reached Reten, as a POSIX time."""
        return {
            one.body["activity_id"]: one.at.timestamp()
            for one in self.reten.requests
            if one.method == "POST" and one.path == RESULTS
        }

    def calls(self) -> list[tuple[str, float]]:
        """Every call of Slack's Web API, and when it came, as a POSIX time."""
        return [(call.method, call.at.timestamp()) for call in self.slack.calls]

    def add_news(self) -> None:
        """A task that will come to the person as a card."""
        self.reten.add_task("Botica Nueva", scheduled_at=self._now() + timedelta(days=2))

    async def click(self) -> dict[str, Any] | None:
        """The payload that Slack sends for a click on the new card; None while there is none."""
        hands = self.slack.as_person(self.ana)
        try:
            card = hands.find("Botica Nueva")
        except LookupError:
            return None
        catcher = _Catcher()
        self.slack.deliver_to("http://bot.example/slack/events", app=catcher)
        await hands.click(card, LABEL)
        return catcher.payload


class _Catcher:
    """Stands where the bot would, and keeps what Slack sends."""

    def __init__(self) -> None:
        self.payload: dict[str, Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        self.payload = json.loads(parse_qs(body.decode())["payload"][0])
        await Response()(scope, receive, send)


def control(world: World) -> ASGIApp:
    """Where the parent asks."""

    async def asked(_: Request) -> Response:
        return JSONResponse(world.asked())

    async def calls(_: Request) -> Response:
        return JSONResponse(world.calls())

    async def news(_: Request) -> Response:
        world.add_news()
        return JSONResponse({})

    async def click(_: Request) -> Response:
        return JSONResponse(await world.click())

    async def tasks(_: Request) -> Response:
        return JSONResponse([task["id"] for task in world.reten.tasks()])

    async def written(_: Request) -> Response:
        return JSONResponse(world.written())

    return Starlette(
        routes=[
            Route("/written", written),
            Route("/asked", asked),
            Route("/calls", calls),
            Route("/news", news),
            Route("/click", click),
            Route("/tasks", tasks),
        ]
    )


async def main() -> None:
    world = World(read_spec())
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(world.slack.served())
        address = await stack.enter_async_context(serving(control(world)))
        told: dict[str, Any] = {}
        for name, account in world.accounts.items():
            origin = await stack.enter_async_context(serving(account.sim.app))
            told[name] = {
                "operators": account.operators,
                "options": {
                    "api_key": account.sim.key,
                    "base_url": f"{origin}{account.path}",
                    **account.options,
                },
            }
        workspace = world.slack.workspace
        tell(
            {
                "control": address,
                "token": workspace.bot_token,
                "secret": workspace.signing_secret,
                "slack": f"{slack}/api/",
                "user": world.ana.id,
                **told,
            }
        )
        await until_released()


if __name__ == "__main__":
    asyncio.run(main())
