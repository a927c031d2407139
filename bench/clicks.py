"""Clicks: how fast the bot acks one that it has stored, beside an app that only acks.

The bot is the real `taskbell run`; it goes on with its work (deciding, planning, holding answers)
while the clicks come. Answers are held, so that what is measured is the bot and not a simulator.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.bot_process import Bot, get_json, link, running, until
from bench.children import ask, child
from bench.figures import Figure, at_most, bounded
from bench.scale import Scale

CONNECTIONS = 16
RATE_SHARE = 0.5
P99_TIMES = 3.0
P99_UNDER_POLL_MS = 100.0
HELD = {"TASKBELL_UNDO_SECONDS": "3600"}


@dataclass
class _Rounds:
    """The clicks of one world, none sent twice to the bot, and what came of them."""

    world: Mapping[str, Any]
    seen: dict[str, Any]
    tasks: list[str]
    clicks: int
    sent: int = 0
    found: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def drive(self, name: str, port: int) -> None:
        spec = {
            "port": port,
            "seen": self.seen,
            "tasks": self.tasks,
            "secret": self.world["secret"],
            "skip": self.sent,
            "count": self.clicks,
            "connections": CONNECTIONS,
        }
        result = ask("load", spec)
        if name != "bare":
            self.sent += int(result["sent"])
        self.found.setdefault(name, []).append(result)

    def median(self, name: str, what: str) -> float:
        return median(one[what] for one in self.found[name])


def bench(scale: Scale) -> Iterator[Figure]:
    with child("world", {"reten": scale.tasks}) as world, tempfile.TemporaryDirectory() as folder:
        rounds = _prepare(scale, world.told, Path(folder))
        with running(world.told, Path(folder), TASKBELL_POLL_INTERVAL="86400", **HELD) as bot:
            _compare(scale, rounds, bot)
        yield from _told(rounds)
        with running(world.told, Path(folder), TASKBELL_POLL_INTERVAL="1", **HELD) as bot:
            yield _under_poll(scale, rounds, bot)
            yield _stored(rounds, bot)


def _prepare(scale: Scale, world: dict[str, Any], folder: Path) -> _Rounds:
    """Ingest everything, then let a new task become a card and see what a click on it sends."""
    link(world, folder)
    control = world["control"]
    with running(world, folder, TASKBELL_POLL_INTERVAL="1", **HELD) as bot:
        until(lambda: bot.polls_done("reten"))
        tasks: list[str] = get_json(f"{control}/tasks")
        get_json(f"{control}/news")
        until(lambda: get_json(f"{control}/click") is not None)
        seen: dict[str, Any] = get_json(f"{control}/click")
    return _Rounds(world, seen, tasks, scale.clicks)


def _compare(scale: Scale, rounds: _Rounds, bot: Bot) -> None:
    with child("bare", {"secret": rounds.world["secret"]}) as bare:
        for _ in range(scale.rounds):
            rounds.drive("bare", bare.told["port"])
            rounds.drive("bot", bot.port)
            bot.rest()


def _told(rounds: _Rounds) -> Iterator[Figure]:
    bare, bot = rounds.median("bare", "rate"), rounds.median("bot", "rate")
    ratio = median(
        one["rate"] / floor["rate"]
        for one, floor in zip(rounds.found["bot"], rounds.found["bare"], strict=True)
    )
    yield Figure(
        f"click ack, stored, {CONNECTIONS} connections: rate",
        f"{bot:,.0f} /s",
        f"{bare:,.0f} /s",
        f"{ratio:.2f}",
        f">= {RATE_SHARE:g}x",
        ratio >= RATE_SHARE,
    )
    p99 = rounds.median("bot", "p99"), rounds.median("bare", "p99")
    yield at_most("click ack, stored: p99", *p99, P99_TIMES, "ms")


def _under_poll(scale: Scale, rounds: _Rounds, bot: Bot) -> Figure:
    control = rounds.world["control"]
    for _ in range(scale.rounds):
        before = get_json(f"{control}/asked")["reten"]
        rounds.drive("polled", bot.port)
        read = get_json(f"{control}/asked")["reten"] - before
        assert read > 0, "no poll ran while the clicks came"
        bot.rest()
    name = f"click ack, stored, while {scale.tasks:,} tasks are polled: p99"
    return bounded(name, rounds.median("polled", "p99"), P99_UNDER_POLL_MS, "ms")


def _stored(rounds: _Rounds, bot: Bot) -> Figure:
    """Every click that was acked is in the file."""
    with closing(sqlite3.connect(bot.folder / "taskbell.db")) as db:
        (stored,) = db.execute("SELECT COUNT(*) FROM intent").fetchone()
    name, met = "clicks acked, and stored", stored == rounds.sent
    return Figure(name, f"{stored:,}", f"{rounds.sent:,}", target="all", met=met)
