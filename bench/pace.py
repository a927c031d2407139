"""Pace: a thousand people get a card each, and some click meanwhile, at Slack's own limits.

The real bot and the simulated Slack, which holds it to its limits, share a clock that jumps to
whatever is due next: minutes of Slack's take seconds, and no machine's speed plays a part.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from adapters.reten import RetenOptions
from bench.figures import Figure, percentile
from bench.scale import Scale
from bot.app import Taskbell, open_taskbell
from bot.connections import ConnectionSettings
from bot.linking import add_link
from bot.settings import Settings
from bot.store.database import Tx
from bot.store.people import Link
from sandbox.clock import MovableClock
from sandbox.providers.reten import RetenSim
from sandbox.serve import serving
from sandbox.slack import Call, Person, SlackSandbox, Workspace
from sandbox.slack.budgets import BUDGETS

START = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
STEP = 1.0
"""Seconds that pass at least between two looks at what is due."""

CLICK_EVERY = timedelta(seconds=10)
LABEL = "Venta completada"
RATE_SHARE = 0.95
REFUSED_SHARE = 0.01
REDRAWN_SECONDS = 3.0
ELSEWHERE = 10
"""One in so many lives in another zone than the workspace's default: once Slack has said so, the
card is redrawn, which makes a crowd of redraws that clicks have to pass."""


@dataclass
class Burst:
    """What became of it. `redrawn_after`: seconds from each click to its card's redraw; None: not
    before the burst was over."""

    people: int
    cards: Counter[str]
    calls: list[Call]
    redrawn_after: list[float | None] = field(default_factory=list)

    @property
    def posts(self) -> list[Call]:
        return [call for call in self.calls if call.method == "chat.postMessage" and call.ok]

    @property
    def refused(self) -> float:
        """The share of calls that Slack answered with 429."""
        return sum(call.status == 429 for call in self.calls) / len(self.calls)

    @property
    def rate_share(self) -> float:
        """How fast the cards came, as a share of what Slack's limits allow."""
        budget = BUDGETS["chat.postMessage"].workspace
        allowed = (len(self.posts) - budget.at_once) / (budget.per_minute / 60)
        return allowed / self.seconds

    @property
    def seconds(self) -> float:
        """From the first card to the last."""
        return (self.posts[-1].at - self.posts[0].at).total_seconds()


class _Town:
    """A workspace of people who have a task each, and a bot that has just heard of them."""

    def __init__(self, people: int) -> None:
        self.clock = MovableClock(START)
        self.slack = SlackSandbox(Workspace(self.clock))
        self.reten = RetenSim(self.clock)
        self.people = [self._person(number) for number in range(people)]
        self.clicks: list[tuple[str, datetime]] = []
        self._next_click = START + CLICK_EVERY

    def _person(self, number: int) -> Person:
        zone = "Etc/UTC" if number % ELSEWHERE else "America/Lima"
        return self.slack.workspace.add_person(f"Person {number}", timezone=zone)

    @asynccontextmanager
    async def bot(self, folder: Path) -> AsyncIterator[Taskbell]:
        async with (
            self.slack.served() as slack,
            serving(self.reten.app) as reten,
            open_taskbell(self._settings(folder, slack, reten), self.clock, owner=True) as bot,
        ):
            app = bot.asgi(takes_slack=True)
            self.slack.deliver_to("http://bot.example/slack/events", app=app)
            yield bot

    def _settings(self, folder: Path, slack: str, reten: str) -> Settings:
        results = {"SALE_COMPLETED": "EFFECTIVE", "NOT_INTERESTED": "NOT_EFFECTIVE"}
        options = RetenOptions(api_key=self.reten.key, base_url=reten, result_status=results)
        workspace = self.slack.workspace
        return Settings(
            slack_bot_token=workspace.bot_token,
            slack_signing_secret=workspace.signing_secret,
            slack_api_url=f"{slack}/api/",
            database_url=f"sqlite:///{folder}/taskbell.db",
            connections=(ConnectionSettings(name="reten", provider="reten", options=options),),
            quiet_hours=None,  # it is night in Lima
            digest_at=None,
        )

    async def link_all(self, bot: Taskbell) -> None:
        def store(tx: Tx) -> None:
            for person in self.people:
                link = Link("reten", person.id, person.id, "admin", "bench", self.clock.now())
                add_link(tx, bot.ground, link)

        await bot.ground.db.write(store)

    def add_tasks(self) -> None:
        for person in self.people:
            operator = (person.id, person.real_name, "SALESMAN")
            due = self.clock.now() + timedelta(days=2)
            self.reten.add_task(f"Botica {person.id}", operator=operator, scheduled_at=due)

    async def wait(self, seconds: float) -> None:
        """Let time pass; now and then somebody clicks who has a card."""
        now = self.clock.advance(timedelta(seconds=max(seconds, STEP)))
        if now < self._next_click or len(self.clicks) >= len(self.people) // 4:
            return
        self._next_click = now + CLICK_EVERY
        person = self.people[len(self.clicks) * 3]
        hands = self.slack.as_person(person)
        if hands.messages():
            (card,) = hands.messages()
            self.clicks.append((card.ts, now))
            assert (await hands.click(card, LABEL)).ok

    def told(self) -> Burst:
        """What came of it all."""
        workspace = self.slack.workspace
        cards = Counter(
            {
                person.id: sum(not post.deleted for post in workspace.direct(person).posts)
                for person in self.people
            }
        )
        found = Burst(len(self.people), cards, self.slack.calls)
        over = found.posts[-1].at
        found.redrawn_after = [
            self._redrawn(ts, at) for ts, at in self.clicks if at + CLICK_EVERY < over
        ]
        return found

    def _redrawn(self, ts: str, clicked: datetime) -> float | None:
        for call in self.slack.calls_of("chat.update"):
            if call.ok and call.at >= clicked and call.arguments["ts"] == ts and _held(call):
                return (call.at - clicked).total_seconds()
        return None


def _held(call: Call) -> bool:
    """Whether a redraw shows an answer that can still be taken back."""
    blocks: Any = call.arguments["blocks"]
    return '"Undo"' in json.dumps(blocks)


async def burst(people: int) -> Burst:
    """Let so many people get a card each, all at once."""
    town = _Town(people)
    with tempfile.TemporaryDirectory() as folder:
        async with town.bot(Path(folder)) as bot:
            await town.link_all(bot)
            await bot.sync(wait=town.wait)
            town.add_tasks()
            town.slack.calls.clear()
            town.slack.enforce_rate_limits()
            await bot.sync(wait=town.wait)
            return town.told()


def bench(scale: Scale) -> Iterator[Figure]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    found = asyncio.run(burst(scale.people))
    seconds = f"{found.seconds:,.0f} s"
    name = f"{scale.people:,} people, a card each, at Slack's limits"
    once = sum(count == 1 for count in found.cards.values())
    yield Figure(f"{name}: with one card", f"{once:,}", target="all", met=once == found.people)
    share = found.rate_share
    yield Figure(
        f"{name}: of what they allow", seconds, "", f"{share:.2f}", f">= {RATE_SHARE:g}x",
        share >= RATE_SHARE,
    )  # fmt: skip
    refused = found.refused
    yield Figure(
        "calls answered 429", f"{100 * refused:.2f} %", target=f"< {100 * REFUSED_SHARE:g} %",
        met=refused < REFUSED_SHARE,
    )  # fmt: skip
    redrawn = [after for after in found.redrawn_after if after is not None]
    slowest = percentile(redrawn, 1.0) if redrawn else float("inf")
    met = len(redrawn) == len(found.redrawn_after) and slowest <= REDRAWN_SECONDS
    name = f"{len(found.redrawn_after)} clicks meanwhile, each redrawn within"
    yield Figure(name, f"{slowest:.1f} s", target=f"<= {REDRAWN_SECONDS:g} s", met=met)
