"""The whole program in one room: the real bot, the simulated Slack and providers, one clock.

A test reads like what people do: ``ana.card("Farmacia Central")``, ``await card.click(…)``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from adapters.close import CloseOptions
from adapters.reten import RetenOptions
from bot.app import Taskbell, open_taskbell
from bot.connections import ConnectionSettings
from bot.linking import add_link, remove_link
from bot.settings import Settings
from bot.store.people import Link
from sandbox.clock import MovableClock
from sandbox.providers.close import CloseSim
from sandbox.providers.reten import RetenSim
from sandbox.serve import serving
from sandbox.slack import Delivery, Message, SlackSandbox, Workspace
from sandbox.slack.model import Person

START = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
"""A Wednesday: 10:00 in Madrid."""

RESULT_STATUS = {"SALE_COMPLETED": "EFFECTIVE", "NOT_INTERESTED": "NOT_EFFECTIVE"}


@dataclass
class CardPage:
    """A person's newest card for a title."""

    world: World
    person: Someone
    title: str

    @property
    def message(self) -> Message:
        return self.person.hands.find(self.title)

    @property
    def words(self) -> str:
        return self.message.plain()

    @property
    def buttons(self) -> list[str]:
        return self.message.buttons()

    async def press(self, label: str) -> Delivery:
        """Click, and nothing more: the bot has stored it, and not yet acted."""
        delivery = await self.person.hands.click(self.message, label)
        assert delivery.ok, delivery
        return delivery

    async def click(self, label: str) -> Delivery:
        """Click, and let the bot do all that is due."""
        delivery = await self.press(label)
        await self.world.settle()
        return delivery


@dataclass
class Someone:
    """A person in the workspace."""

    world: World
    person: Person

    @property
    def id(self) -> str:
        return self.person.id

    @property
    def hands(self) -> Any:
        return self.world.slack.as_person(self.person)

    @property
    def messages(self) -> list[Message]:
        return list(self.hands.messages())

    @property
    def cards(self) -> list[Message]:
        return [m for m in self.messages if _event(m) == "taskbell_card"]

    @property
    def notices(self) -> list[Message]:
        return [m for m in self.messages if _event(m) == "taskbell_notice"]

    @property
    def whispers(self) -> list[str]:
        return [m.plain() for m in self.messages if m.ephemeral]

    def card(self, title: str) -> CardPage:
        return CardPage(self.world, self, title)

    async def link(self, connection: str, operator: str) -> None:
        """An admin links this person."""
        ground = self.world.bot.ground
        link = Link(connection, operator, self.id, "admin", "test", ground.clock.now())
        in_the_way = await ground.db.write(lambda tx: add_link(tx, ground, link))
        assert in_the_way is None, in_the_way

    async def unlink(self, connection: str, operator: str) -> None:
        ground = self.world.bot.ground
        now = ground.clock.now()
        assert await ground.db.write(lambda tx: remove_link(tx, connection, operator, "test", now))

    async def tasks(self, words: str = "") -> Message:
        message = await self.hands.command("/tasks", words)
        assert message is not None
        return message


def _event(message: Message) -> str | None:
    return (message.metadata or {}).get("event_type")


@dataclass
class World:
    """One workspace, two providers, one bot."""

    clock: MovableClock
    slack: SlackSandbox
    reten: RetenSim
    close: CloseSim
    settings: Settings
    bot: Taskbell = field(init=False)

    def person(self, name: str, **more: Any) -> Someone:
        return Someone(self, self.slack.workspace.add_person(name, **more))

    async def poll(self) -> bool:
        """A full poll of everything, then all that is due."""
        return await self.bot.sync()

    async def tick(self) -> None:
        """What the timers do, then all that is due."""
        await self.bot.tick_all()
        await self.settle()

    async def settle(self) -> None:
        await self.bot.settle()

    async def pass_time(self, **step: float) -> None:
        """Let time pass, and let the bot do what has become due."""
        self.clock.advance(timedelta(**step))
        await self.settle()

    @asynccontextmanager
    async def running_bot(self) -> AsyncIterator[Taskbell]:
        """A fresh process of the bot on the same database."""
        async with open_taskbell(self.settings, self.clock, owner=True) as self.bot:
            self.slack.deliver_to(
                "http://bot.example/slack/events", app=self.bot.asgi(takes_slack=True)
            )
            yield self.bot

    def assert_no_violations(self) -> None:
        """The bot asked the providers for nothing that they do not document."""
        assert self.reten.violations == []
        assert self.close.violations == []


@asynccontextmanager
async def make_world(folder: Path, start: datetime = START, **rules: Any) -> AsyncIterator[World]:
    """A world with a running bot. `rules`: settings of the bot other than the defaults."""
    clock = MovableClock(start)
    slack = SlackSandbox(Workspace(clock))
    reten, close = RetenSim(clock), CloseSim(clock)
    async with (
        slack.served() as slack_url,
        serving(reten.app) as reten_url,
        serving(close.app) as close_url,
    ):
        workspace = slack.workspace
        settings = Settings(
            slack_bot_token=workspace.bot_token,
            slack_signing_secret=workspace.signing_secret,
            slack_api_url=f"{slack_url}/api/",
            database_url=f"sqlite:///{folder}/taskbell.db",
            connections=(
                _connection("reten", RetenOptions(
                    api_key=reten.key, base_url=reten_url, result_status=RESULT_STATUS
                )),
                _connection("close", CloseOptions(
                    api_key=close.key, base_url=f"{close_url}/api/v1"
                )),
            ),
            **rules,
        )  # fmt: skip
        world = World(clock, slack, reten, close, settings)
        async with world.running_bot():
            yield world
        await slack.aclose()


def _connection(name: str, options: BaseModel) -> ConnectionSettings:
    return ConnectionSettings(name=name, provider=name, options=options)
