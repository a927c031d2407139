"""The work that every engine does: a card of a stored view is rendered and posted.

A drain is a child that is asked to `fill` (make so many deliveries wait), to `drain` (do what
waits; it says so when it begins and when all is done), or how many are `recorded` as sent.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.contract import Due, Outcome, Subject
from bench.children import read_spec, tell
from bot.domain.model import CardView, Face, Person, task_key
from bot.slack.cards import card_message
from bot.slack.client import SlackClient, connect
from bot.store import codec

AT_ONCE = 16
"""Deliveries under way at once, as `bot.dispatch` has them."""

READERS = 100
DUE = datetime(2031, 3, 4, 15, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that waits. `wanted`: the view of the card, as the store keeps it."""

    key: str
    reader: str
    wanted: str


def views(count: int) -> Iterator[CardView]:
    """The cards of so many tasks."""
    outcomes = tuple(
        Outcome(code, code.replace("_", " ").capitalize(), completes=True)
        for code in ("SALE_COMPLETED", "NOT_INTERESTED", "NO_CONTACT")
    )
    for number in range(count):
        yield CardView(
            face=Face.OPEN,
            task_key=task_key("reten", f"T-{number}"),
            title=f"Call back about quote {number}",
            connection="reten",
            connection_title="Reten",
            subject=Subject(f"Farmacia {number}", f"https://crm.example.com/commerce/{number}"),
            details=("Riesgo de fuga", f"Order {number}"),
            due=Due(at=DUE + timedelta(minutes=number)),
            url=f"https://crm.example.com/tasks/{number}",
            outcomes=outcomes,
        )


def reader(number: int) -> str:
    return f"U{number % READERS:05}"


def jobs(count: int) -> Iterator[dict[str, Any]]:
    """The same cards as what a job is given."""
    for number, view in enumerate(views(count)):
        yield asdict(Waiting(f"card-{number}", reader(number), codec.dump_view(view)))


def slack_at(sink: str) -> AbstractAsyncContextManager[tuple[SlackClient, AsyncWebClient]]:
    """The bot's own client for the sink."""
    return connect("xoxb-bench", f"{sink}/api/")


async def post(slack: SlackClient, job: dict[str, Any]) -> tuple[str, str]:
    """Render and post one; where it stands."""
    view, person = codec.load_view(job["wanted"]), Person(job["reader"], "UTC")
    rendered = card_message(view, person, datetime.now(UTC))
    return await slack.post(job["reader"], rendered, "card", job["key"])


class Drain(ABC):
    """An engine. `spec`: `database` (a URL or a path), `sink`, `count`."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.database: str = spec["database"]
        self.sink: str = spec["sink"]
        self.count: int = spec["count"]
        self._begun = self._begun_cpu = 0.0

    @abstractmethod
    async def fill(self) -> None:
        """Let `count` deliveries wait, durably."""

    @abstractmethod
    async def drain(self) -> None:
        """Do all that wait; call `begin` once everything is connected."""

    @abstractmethod
    async def recorded(self) -> int:
        """How many deliveries are known to be sent."""

    def begin(self) -> None:
        """Now it starts."""
        tell({"begun": True})
        self._begun, self._begun_cpu = time.perf_counter(), _cpu()

    def told(self) -> dict[str, float]:
        """What it took from there."""
        return {"seconds": time.perf_counter() - self._begun, "cpu": _cpu() - self._begun_cpu}


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system


def main(kind: type[Drain]) -> None:
    """Do what the parent asks of this engine."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    spec = read_spec()
    engine = kind(spec)
    match spec["do"]:
        case "fill":
            asyncio.run(engine.fill())
            tell({"filled": engine.count})
        case "drain":
            asyncio.run(_drain(engine))
        case _:
            tell({"recorded": asyncio.run(engine.recorded())})


async def _drain(engine: Drain) -> None:
    await engine.drain()
    tell(engine.told())
