"""The whole program in one room: the real bot, the simulated Slack and providers, one clock.

A test reads like what people do: ``ana.card("Farmacia Central")``, ``await card.click(…)``.
Whatever a scenario is about, its log must hold no secret and no personal data.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send
from structlog.testing import capture_logs
from structlog.typing import EventDict

from adapters.close import CloseOptions
from adapters.pland import PlandOptions
from adapters.reten import RetenOptions
from adapters.vambe import VambeOptions
from bot.app import Taskbell, open_taskbell
from bot.connections import ConnectionSettings
from bot.settings import Settings
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.reten import RESULTS, RetenSim
from sandbox.providers.vambe import VambeSim
from sandbox.serve import serving
from sandbox.slack import Conversation, Manifest, SlackSandbox, Workspace
from tests.databases.kinds import AnyDatabase
from tests.scenarios.pages import Someone

START = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
"""A Wednesday: 10:00 in Madrid."""

RESULT_STATUS = {
    "SALE_COMPLETED": "EFFECTIVE",
    "NOT_INTERESTED": "NOT_EFFECTIVE",
    "RESCHEDULE": "NOT_EFFECTIVE",
}
"""NO_CONTACT is left out: it asks."""


class TickingClock(MovableClock):
    """A clock that stands where it is put, but for the millisecond that each look at it takes:
    nothing happens at quite the same moment as what went before."""

    def now(self) -> datetime:
        return self.advance(timedelta(milliseconds=1))


@dataclass
class World:
    """One workspace, the providers, one bot; it is connected to those that the test is about."""

    clock: MovableClock
    slack: SlackSandbox
    reten: RetenSim
    close: CloseSim
    vambe: VambeSim
    pland: PlandSim
    settings: Settings
    logs: list[EventDict]
    bot: Taskbell = field(init=False)

    def person(self, name: str, **more: Any) -> Someone:
        return Someone(self, self.slack.workspace.add_person(name, **more))

    async def carlos(self, name: str = "Carlos Ruiz", **more: Any) -> Someone:
        """Somebody who is Reten's operator OP-042, on a connection that is being watched."""
        someone = self.person(name, **more)
        await someone.link("reten", "OP-042")
        await self.poll()
        return someone

    async def poll(self) -> bool:
        """A full poll of everything, then all that is due."""
        return await self.bot.sync(wait=self._wait)

    async def tick(self) -> None:
        """What the timers do, then all that is due."""
        await self.bot.tick_all()
        await self.settle()

    async def settle(self) -> None:
        """Let the bot do all that is due, at Slack's pace: several messages to one person take
        seconds."""
        await self.bot.settle(self._wait)

    async def _wait(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    async def pass_time(self, **step: float) -> None:
        """Let time pass, and let the bot do what has become due."""
        self.clock.advance(timedelta(**step))
        await self.settle()

    async def live_through(self, minutes: int, step: int = 1) -> None:
        """Let time pass as it does: every minute the timers tick."""
        for _ in range(0, minutes, step):
            self.clock.advance(timedelta(minutes=step))
            await self.tick()

    @asynccontextmanager
    async def time_flows(self, speed: float = 3.0) -> AsyncIterator[None]:
        """While the block runs the clock does, too, for a bot whose own loops run."""

        async def flow() -> None:
            while True:
                await asyncio.sleep(0.01)
                self.clock.advance(timedelta(seconds=0.01 * speed))

        flowing = asyncio.create_task(flow())
        try:
            yield
        finally:
            flowing.cancel()

    @asynccontextmanager
    async def running_bot(self, **rules: Any) -> AsyncIterator[Taskbell]:
        """A fresh process of the bot on the same database; Slack talks to it while it runs.
        `rules`: settings other than those of the world."""
        before = getattr(self, "bot", None)
        settings = self.settings.model_copy(update=rules)
        async with open_taskbell(settings, self.clock, owner=True) as self.bot:
            self._aim()
            yield self.bot
        if before is not None:
            self.bot = before
            self._aim()

    def _aim(self) -> None:
        app = self.bot.asgi(takes_slack=True)
        self.slack.deliver_to("http://bot.example/slack/events", app=app)

    def result_of(self, task_id: str) -> dict[str, Any]:
        """The one result that Reten got for a task."""
        (found,) = [r for r in self.reten.results if r["activity_id"] == task_id]
        return found

    def fault_at_results(self, trouble: Trouble, **more: Any) -> Fault:
        """Trouble for what is written to Reten."""
        return self.reten.faults.add(Fault(trouble, RESULTS, "POST", **more))

    def fault_at_slack(self, trouble: Trouble, method: str, **more: Any) -> Fault:
        return self.slack.faults.add(Fault(trouble, f"/api/{method}", **more))

    def channel_words(self, channel: Conversation) -> list[str]:
        """The texts that everybody in a channel can read."""
        return [post.text for post in channel.posts if post.only_for is None and not post.deleted]

    def assert_no_violations(self) -> None:
        """The bot asked the providers for nothing that they do not document."""
        for provider in (self.reten, self.close, self.vambe, self.pland):
            assert provider.violations == []

    def assert_clean(self) -> None:
        """Nothing was refused: not by the providers, not by Slack, and nothing was logged above
        a note."""
        self.assert_no_violations()
        refused = [call for call in self.slack.calls if not call.ok and not _expected(call.answer)]
        assert refused == []
        assert [e for e in self.logs if e["log_level"] in ("warning", "error", "critical")] == []

    def assert_discreet(self) -> None:
        """Neither secrets nor what is told of people stand in the log, nor a mistake of ours."""
        told = "\n".join(repr(event) for event in self.logs)
        workspace = self.slack.workspace
        private = [workspace.bot_token, workspace.signing_secret]
        private += [sim.key for sim in (self.reten, self.close, self.vambe, self.pland)]
        private += [*self.pland.canaries, self.pland.token]
        for person in workspace.people.values():
            private += [person.real_name, person.email or ""]
        for user in self.close.users.values():
            private += [user["email"], user["last_name"]]
        private += [task["commerceName"] for task in self.reten.tasks()]
        private += [str(task.get("text") or "") for task in self.close.tasks]
        private += [member["email"] for member in self.vambe.members.values()]
        private += [task["title"] for task in (*self.vambe.tasks(), *self.pland.tasks())]
        assert [secret for secret in private if len(secret) > 3 and secret in told] == []
        unforeseen = [e for e in self.logs if e["log_level"] in ("error", "critical")]
        assert [e for e in unforeseen if not e["event"].startswith("slack revoked")] == []


def _expected(answer: dict[str, Any]) -> bool:
    return answer.get("error") == "users_not_found"


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that other tasks of this process bring about."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - the simulators have no events
            await asyncio.sleep(0.002)


class _Doors:
    """Several services behind one server, told apart by the first part of the path: one starts
    and stops sooner than three."""

    def __init__(self, services: Mapping[str, ASGIApp]) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, name, path = scope["path"].split("/", 2)
        await self._services[name]({**scope, "path": f"/{path}"}, receive, send)


@cache
def declared() -> Manifest:
    """What the bot asks of Slack: nothing else is there for people, or reaches it."""
    text = (Path(__file__).parents[2] / "manifest.yml").read_text()
    return Manifest.from_mapping(yaml.safe_load(text))


@asynccontextmanager
async def make_world(
    database: AnyDatabase, providers: tuple[str, ...] = ("reten", "close")
) -> AsyncIterator[World]:
    """A world with a running bot that is connected to these providers."""
    clock = TickingClock(START)
    slack = SlackSandbox(Workspace(clock, manifest=declared()))
    reten, close = RetenSim(clock), CloseSim(clock)
    vambe, pland = VambeSim(clock), PlandSim(clock)
    sims = {"reten": reten, "close": close, "vambe": vambe, "pland": pland}
    with capture_logs() as logs:
        doors = _Doors({"slack": slack.app, **{name: sim.app for name, sim in sims.items()}})
        async with serving(doors) as url:
            slack.base_url = f"{url}/slack"
            workspace = slack.workspace
            options: dict[str, BaseModel] = {
                "reten": RetenOptions(
                    api_key=reten.key, base_url=f"{url}/reten", result_status=RESULT_STATUS
                ),
                "close": CloseOptions(api_key=close.key, base_url=f"{url}/close/api/v1"),
                "vambe": VambeOptions(api_key=vambe.key, base_url=f"{url}/vambe"),
                "pland": PlandOptions(api_key=pland.key, base_url=f"{url}/pland/v2"),
            }
            connections = tuple(_connection(name, options[name]) for name in providers)
            settings = Settings(
                slack_bot_token=workspace.bot_token,
                slack_signing_secret=workspace.signing_secret,
                slack_api_url=f"{url}/slack/api/",
                database_url=database.url,
                connections=connections,
                quiet_hours=None,
                digest_at=None,
            )
            world = World(clock, slack, reten, close, vambe, pland, settings, logs)
            async with world.running_bot():
                yield world
                world.assert_discreet()
            for simulated in (slack, *sims.values()):
                simulated.faults.clear()
            await slack.aclose()


def _connection(name: str, options: BaseModel) -> ConnectionSettings:
    return ConnectionSettings(name=name, provider=name, options=options)
