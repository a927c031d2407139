"""`/metrics`, for Prometheus: how things stand, read from the database, and what this process has
done. Nothing in it tells of a person: labels name connections, methods, kinds and states."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import counts
from bot.ground import Ground
from bot.store import backlog
from bot.store.backlog import Census, Waiting
from bot.store.connections import PollState
from bot.store.database import StorageError
from bot.stuck import Measured, measure, standstills

COUNT_AGAIN = timedelta(minutes=1)
"""How often everything is counted, however often it is asked: that reads whole tables."""

TROUBLES = ("unauthorized", "unavailable", "malformed")


class Metrics:
    """Answers `/metrics`."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._since = ground.clock.now()
        self._census = Census()
        self._counted_at: datetime | None = None

    async def scrape(self) -> bytes:
        """Everything, in Prometheus' text format. Where the database is away, what can be told
        without it."""
        measured = None
        try:
            measured = await self._ground.db.read(lambda tx: measure(tx, self._ground, self._since))
            await self._count()
        except StorageError:
            measured = None
        families = [*self._stored(measured), *self._done()]
        # Off the loop: a click must not wait for it.
        return await asyncio.to_thread(_text, families)

    async def _count(self) -> None:
        now = self._ground.clock.now()
        if self._counted_at is None or now - self._counted_at >= COUNT_AGAIN:
            self._census = await self._ground.db.read(backlog.census)
            self._counted_at = now

    def _stored(self, measured: Measured | None) -> Iterator[Metric]:
        up = GaugeMetricFamily("taskbell_database_up", "Whether the database answers")
        up.add_metric((), float(measured is not None))
        yield up
        if measured is None:
            return
        yield from _polls(measured.polls, measured.now)
        yield from _waiting(measured)
        stuck = GaugeMetricFamily("taskbell_stuck", "Work that is due and that nobody does")
        stuck.add_metric((), len(list(standstills(measured, self._ground.live))))
        yield stuck
        yield from _census(self._census)

    def _done(self) -> Iterator[Metric]:
        for one in counts.ALL:
            family = CounterMetricFamily(f"taskbell_{one.name}", one.about, labels=one.labels)
            for labels, number in self._ground.counts.all_of(one).items():
                family.add_metric(labels, number)
            yield family


def _polls(states: Mapping[str, PollState], now: datetime) -> Iterator[Metric]:
    age = GaugeMetricFamily(
        "taskbell_last_good_poll_age_seconds",
        "Since the last good poll began; none where there was none yet",
        labels=("connection",),
    )
    trouble = GaugeMetricFamily(
        "taskbell_connection_trouble",
        "1 for the trouble that a connection has",
        labels=("connection", "trouble"),
    )
    for name, state in states.items():
        if state.good_at is not None:
            age.add_metric((name,), _age(state.good_at, now))
        for kind in TROUBLES:
            trouble.add_metric((name, kind), float(state.trouble == kind))
    yield from (age, trouble)


def _waiting(measured: Measured) -> Iterator[Metric]:
    found = measured.backlog
    none = dict.fromkeys(measured.polls, Waiting())
    by_connection = {(name,): waiting for name, waiting in (none | dict(found.submissions)).items()}
    for what, about, labels, each in (
        ("deliveries", "Messages on their way to Slack", (), {(): found.deliveries}),
        ("submissions", "Answers on their way to providers", ("connection",), by_connection),
    ):
        yield _gauge(
            f"taskbell_{what}_pending", about, labels, {key: w.count for key, w in each.items()}
        )
        yield _gauge(
            f"taskbell_oldest_pending_{what}_age_seconds",
            f"{about}: since the oldest set out, 0 where there is none",
            labels,
            {key: _age(w.since or measured.now, measured.now) for key, w in each.items()},
        )


def _census(found: Census) -> Iterator[Metric]:
    yield _gauge("taskbell_messages", "Messages", ("kind", "state"), found.messages)
    yield _gauge(
        "taskbell_submissions",
        "Answers and other changes",
        ("connection", "state"),
        found.submissions,
    )
    yield _gauge("taskbell_tasks", "Tasks", ("connection", "standing"), found.tasks)
    yield _gauge(
        "taskbell_unlinked_operators",
        "Operators that have open tasks and are no Slack user",
        ("connection",),
        found.unlinked,
    )


def _gauge(
    name: str,
    about: str,
    labels: tuple[str, ...],
    values: Mapping[tuple[str, ...], float],
) -> Metric:
    family = GaugeMetricFamily(name, about, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family


def _age(since: datetime, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0)


class _Collected(Collector):
    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _text(families: Iterable[Metric]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Collected(families))
    ProcessCollector(registry=registry)
    return generate_latest(registry)
