"""Survivors: who is gone holds nothing, who lives keeps all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.model import Whisper
from bot.ground import Ground, Rules
from bot.store import holders, messages
from bot.store.database import Database
from bot.survivors import GRACE, LOOK_EVERY, Survivors
from bot.watch import Watch
from sandbox.clock import MovableClock
from tests.databases.kinds import Databases, OnServer, SqliteFile

START = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
DUE = "SELECT due_at FROM message"


@pytest.fixture
def server(postgres: Databases) -> Iterator[OnServer]:
    made = postgres.new()
    yield made
    postgres.drop(made)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture
async def db(server: OnServer) -> AsyncIterator[Database]:
    async with AsyncExitStack() as stack:
        opened = server.open()
        stack.push_async_callback(opened.close)
        yield opened


@pytest.fixture
def survivors(db: Database, clock: MovableClock) -> Survivors:
    return Survivors(Ground(db, clock, Rules(), {}))


async def claim(db: Database, clock: MovableClock) -> None:
    """Take a message to post and a connection to watch."""
    now = clock.now()
    await db.write(lambda tx: messages.add_notice(tx, "U1", Whisper("gone", {}), now))
    keys = [row["key"] for row in await db.read(lambda tx: tx.rows("SELECT key FROM message"))]
    assert await db.write(lambda tx: messages.claim(tx, keys, now, LEASE))
    assert await Watch(db, clock).mine("reten")


async def look_for(survivors: Survivors, clock: MovableClock, length: timedelta) -> None:
    """Let that time pass while a survivor looks as often as it does."""
    end = clock.now() + length
    await survivors.look()
    while clock.now() < end:
        clock.advance(LOOK_EVERY)
        assert await survivors.look() == clock.now() + LOOK_EVERY


def due(server: OnServer) -> datetime:
    ((at,),) = server.rows(DUE)
    return datetime.fromtimestamp(at / 1000, UTC)


async def test_what_one_held_that_is_gone_is_free_after_the_grace(
    server: OnServer, db: Database, survivors: Survivors, clock: MovableClock
) -> None:
    doomed = server.open()
    await claim(doomed, clock)
    await doomed.close()
    await look_for(survivors, clock, GRACE - LOOK_EVERY)
    assert due(server) == START + LEASE
    assert not await Watch(db, clock).mine("reten")
    await look_for(survivors, clock, LOOK_EVERY)
    assert due(server) == clock.now()
    assert await Watch(db, clock).mine("reten")


async def test_who_lives_keeps_what_it_holds(
    server: OnServer, db: Database, survivors: Survivors, clock: MovableClock
) -> None:
    quiet = server.open()
    await claim(quiet, clock)
    await look_for(survivors, clock, 3 * GRACE)
    assert due(server) == START + LEASE
    assert not await Watch(db, clock).mine("reten")
    await quiet.close()


async def test_who_is_back_in_time_was_not_gone(
    server: OnServer, survivors: Survivors, clock: MovableClock
) -> None:
    cut = server.open()
    await claim(cut, clock)
    await survivors.look()
    server.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )
    clock.advance(LOOK_EVERY)
    await survivors.look()
    await cut.read(lambda tx: tx.rows(DUE))  # it speaks again
    await look_for(survivors, clock, 2 * GRACE)
    assert due(server) == START + LEASE
    await cut.close()


async def test_while_nobody_looked_nobody_was_gone(
    server: OnServer, survivors: Survivors, clock: MovableClock
) -> None:
    doomed = server.open()
    await claim(doomed, clock)
    await doomed.close()
    await survivors.look()
    clock.advance(3 * GRACE)  # as when the server was away
    await survivors.look()
    assert due(server) == START + LEASE


async def test_a_claim_says_whose_it_is(server: OnServer, clock: MovableClock) -> None:
    first, second = server.open(), server.open()
    await claim(first, clock)
    (holder,) = await second.read(lambda tx: holders.all_of_them(tx, clock.now()))
    assert holder in await second.living()
    await first.close()
    async with asyncio.timeout(20):
        while holder in await second.living():
            pass  # the server sees it end a moment later
    await second.close()


async def test_on_sqlite_nobody_else_can_be(clock: MovableClock, tmp_path: Path) -> None:
    db = SqliteFile(tmp_path / "taskbell.db").open()
    await claim(db, clock)
    assert await Survivors(Ground(db, clock, Rules(), {})).look() is None
    await db.close()
