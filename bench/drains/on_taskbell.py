"""A child: deliveries as the bot does them, by its own dispatch, delivery and store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench.drains.work import Drain, main, reader, slack_at, views
from bot.delivery import Delivering
from bot.dispatch import Dispatching
from bot.domain.clock import SystemClock
from bot.domain.model import Reason
from bot.domain.pace import BUDGETS
from bot.domain.planner import NewCard
from bot.ground import Ground, Rules
from bot.slack.blocks import Rendered
from bot.store import messages, pace
from bot.store.database import Database, Tx
from bot.store.list_views import ListView
from bot.store.postgres import PostgresDatabase
from bot.store.sqlite import SqliteDatabase
from bot.viewing import Viewing


class OnTaskbell(Drain):
    """On SQLite where `database` is a path, else on PostgreSQL."""

    async def fill(self) -> None:
        now = SystemClock().now()

        def store(tx: Tx) -> None:
            for number, view in enumerate(views(self.count)):
                card = NewCard(reader(number), Reason.ASSIGNED, "", view)
                messages.add_card(tx, "reten", f"T-{number}", card, now)

        async with self._opened() as db:
            await db.write(store)

    async def drain(self) -> None:
        clock = SystemClock()
        async with self._opened() as db, slack_at(self.sink) as (slack, _):
            ground = Ground(db, clock, Rules(), {})
            delivering = Delivering(ground, slack, _no_lists, lambda: dispatching.wake())
            dispatching = Dispatching(ground, delivering, Viewing(ground, slack), "bench")
            self.begin()
            if not db.shared:  # as the bot does that finds itself alone
                await db.write(lambda tx: messages.end_leases(tx, clock.now(), tx.holder))
            while (due := await dispatching.work()) is not None:  # noqa: ASYNC110 - as a loop does
                await asyncio.sleep(max((due - clock.now()).total_seconds(), 0.02))

    async def recorded(self) -> int:
        async with self._opened() as db:
            return await db.read(_count_sent)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Database]:
        db: Database
        if self.database.startswith("postgresql://"):
            db = PostgresDatabase(self.database)
        else:
            db = SqliteDatabase(Path(self.database), owner=True)
        try:
            yield db
        finally:
            await db.close()


async def _no_lists(_: ListView) -> Rendered:
    raise AssertionError("there are no lists here")


def _count_sent(tx: Tx) -> int:
    row = tx.row("SELECT COUNT(*) AS sent FROM message WHERE state = 'sent'")
    assert row is not None
    return int(row["sent"])


def lift_limits() -> None:
    """The sink has no limits: the budgets are kept as ever, and never used up."""
    endless = {
        method: replace(budget, per_minute=60_000_000, burst=60_000_000, channel_pause=timedelta())
        for method, budget in BUDGETS.items()
    }
    vars(pace)["BUDGETS"] = endless


if __name__ == "__main__":
    lift_limits()
    main(OnTaskbell)
