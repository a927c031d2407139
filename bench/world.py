"""A child: the simulated Slack and the simulated providers, with many open tasks.

Its control address tells how much was asked of them, and shows a card of a new task being clicked.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.children import read_spec, tell, until_released
from sandbox.providers.close import CloseSim
from sandbox.providers.reten import RetenSim
from sandbox.serve import serving
from sandbox.slack import Person, SlackSandbox, Workspace

OPERATOR = ("OP-042", "Ana Ruiz", "SALESMAN")
COLLEAGUES = 20
REASONS = (("CHURN_RISK", "Riesgo de fuga"), ("DEBT", "Cobro pendiente"))
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
    """One workspace with one person, one tenant of Reten, one organization of Close."""

    def __init__(self, reten_tasks: int, close_tasks: int) -> None:
        clock = _Clock()
        self.slack = SlackSandbox(Workspace(clock))
        self.ana: Person = self.slack.workspace.add_person("Ana Ruiz", timezone="Europe/Madrid")
        self.reten, self.close = RetenSim(clock), CloseSim(clock)
        self._now = clock.now()
        for number in range(reten_tasks):
            self._add_reten(number)
        self._add_close(close_tasks)
        clock.catch_up()

    def _add_reten(self, number: int) -> None:
        """Half of them are the person's, the others her colleagues'; due from tomorrow on, so
        that no reminder disturbs a bench."""
        other = number // 2 % COLLEAGUES + 100
        self.reten.add_task(
            f"Farmacia {number}",
            commerce_id=f"COM-{number:05}",
            operator=(f"OP-{other}", f"Operator {other}", "SALESMAN") if number % 2 else OPERATOR,
            reason=REASONS[number % len(REASONS)],
            scheduled_at=self._now + timedelta(days=1 + number % 30, minutes=number % 600),
        )

    def _add_close(self, count: int) -> None:
        users = [
            self.close.add_user(f"User {number}", f"user{number}@example.org")
            for number in range(COLLEAGUES)
        ]
        leads = [self.close.add_lead(f"Lead {number}") for number in range(500)]
        for number in range(count):
            self.close.add_task(
                f"Call back about quote {number}",
                assigned_to=users[number % COLLEAGUES]["id"],
                lead=leads[number % len(leads)],
                date=self._now + timedelta(days=1 + number % 30, minutes=number % 600),
            )

    def asked(self) -> dict[str, int]:
        """How many requests came so far."""
        return {
            "slack": len(self.slack.calls),
            "reten": len(self.reten.requests),
            "close": len(self.close.requests),
            "violations": len(self.reten.violations) + len(self.close.violations),
        }

    def add_news(self) -> None:
        """A task that will come to the person as a card."""
        self.reten.add_task("Botica Nueva", scheduled_at=self._now + timedelta(days=2))

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

    async def news(_: Request) -> Response:
        world.add_news()
        return JSONResponse({})

    async def click(_: Request) -> Response:
        return JSONResponse(await world.click())

    async def tasks(_: Request) -> Response:
        return JSONResponse([task["id"] for task in world.reten.tasks()])

    return Starlette(
        routes=[
            Route("/asked", asked),
            Route("/news", news),
            Route("/click", click),
            Route("/tasks", tasks),
        ]
    )


async def main() -> None:
    spec = read_spec()
    world = World(int(spec.get("reten", 0)), int(spec.get("close", 0)))
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(world.slack.served())
        reten = await stack.enter_async_context(serving(world.reten.app))
        close = await stack.enter_async_context(serving(world.close.app))
        address = await stack.enter_async_context(serving(control(world)))
        workspace = world.slack.workspace
        tell(
            {
                "control": address,
                "token": workspace.bot_token,
                "secret": workspace.signing_secret,
                "slack": f"{slack}/api/",
                "user": world.ana.id,
                "reten": {"url": reten, "key": world.reten.key},
                "close": {"url": f"{close}/api/v1", "key": world.close.key},
            }
        )
        await until_released()


if __name__ == "__main__":
    asyncio.run(main())
