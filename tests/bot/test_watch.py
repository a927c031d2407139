"""Watch: one process for each connection, and another one when it dies or stops."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.watch import LEASE, MARGIN, Watch
from sandbox.clock import MovableClock
from tests.databases.kinds import Databases, OnServer, SqliteFile

START = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)


@pytest.fixture
def server(postgres: Databases) -> Iterator[OnServer]:
    made = postgres.new()
    yield made
    postgres.drop(made)


@pytest.fixture
async def dbs(server: OnServer) -> AsyncIterator[list[Database]]:
    async with AsyncExitStack() as stack:
        found = [server.open(), server.open()]
        for db in found:
            stack.push_async_callback(db.close)
        yield [*found]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


async def test_one_watches_for_as_long_as_it_lives(
    dbs: list[Database], clock: MovableClock
) -> None:
    first, second = (Watch(db, clock) for db in dbs)
    assert await first.mine("reten")
    assert await second.mine("close")
    for _ in range(10):
        assert not await second.mine("reten")
        assert await first.mine("reten")
        clock.advance(LEASE / 2)
        await first.renew()
        await second.renew()
    assert not await first.mine("close")


async def test_another_takes_over_from_one_that_says_nothing(
    dbs: list[Database], clock: MovableClock
) -> None:
    first, second = (Watch(db, clock) for db in dbs)
    assert await first.mine("reten")
    clock.advance(LEASE)
    assert await second.mine("reten")
    await first.renew()
    assert not await first.mine("reten")


async def test_nobody_relies_on_a_lease_until_its_very_end(
    dbs: list[Database], clock: MovableClock
) -> None:
    first, second = (Watch(db, clock) for db in dbs)
    assert await first.mine("reten")
    clock.advance(LEASE - MARGIN)
    assert await first.mine("reten")
    clock.advance(2 * MARGIN)
    assert not await second.mine("reten")


async def test_one_that_stops_leaves_it_to_the_others_at_once(
    dbs: list[Database], clock: MovableClock
) -> None:
    first, second = (Watch(db, clock) for db in dbs)
    assert await first.mine("reten")
    await first.let_go()
    assert await second.mine("reten")
    assert not await first.mine("reten")


async def test_what_one_cannot_poll_another_may_try(
    dbs: list[Database], clock: MovableClock
) -> None:
    first, second = (Watch(db, clock) for db in dbs)
    assert await first.mine("reten")
    assert await first.mine("close")
    await first.leave("reten")
    await second.leave("close")
    assert await second.mine("reten")
    assert not await second.mine("close")
    assert not await first.mine("reten")


async def test_a_server_that_is_away_keeps_nobody_from_stopping(
    dbs: list[Database], clock: MovableClock, postgres: Databases
) -> None:
    watch = Watch(dbs[0], clock)
    assert await watch.mine("reten")
    postgres.server.stop()
    try:
        await watch.let_go()
    finally:
        postgres.server.start()


async def test_with_sqlite_everything_is_ones_own(clock: MovableClock, tmp_path: Path) -> None:
    db = SqliteFile(tmp_path / "taskbell.db").open()
    watch = Watch(db, clock)
    assert await watch.mine("reten")
    await watch.renew()
    await watch.let_go()
    assert await db.read(lambda tx: tx.rows("SELECT * FROM lease")) == []
    clock.advance(timedelta(days=1))
    assert await watch.mine("reten")
    await db.close()
