"""Processes whose machines' clocks are wrong live by the server's."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.clock import SystemClock
from bot.server_time import server_time
from bot.store.database import Database, StorageError
from sandbox.clock import MovableClock
from tests.databases.kinds import Databases, SqliteFile

NEAR = timedelta(seconds=5)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture
async def db(postgres: Databases) -> AsyncIterator[Database]:
    made = postgres.new()
    opened = made.open()
    yield opened
    await opened.close()
    postgres.drop(made)


def wrong_clock() -> SystemClock:
    clock = SystemClock()
    clock.set(LONG_AGO, time.monotonic())
    assert clock.now() - LONG_AGO < NEAR
    return clock


async def test_a_wrong_clock_is_put_right(db: Database) -> None:
    clock = wrong_clock()
    async with server_time(db, clock):
        at = await db.server_time()
        assert at is not None
        assert abs(clock.now() - at) < NEAR
    assert abs(clock.now() - datetime.now(UTC)) < NEAR


def test_a_clock_that_is_set_goes_on() -> None:
    clock = wrong_clock()
    before = clock.now()
    while clock.now() == before:
        pass
    assert clock.now() > before


async def test_a_server_that_is_away_from_the_start_is_told(
    db: Database, postgres: Databases
) -> None:
    clock = wrong_clock()
    postgres.server.stop()
    try:
        with pytest.raises(StorageError):
            async with server_time(db, clock):
                raise AssertionError
    finally:
        postgres.server.start()


async def test_a_clock_that_is_moved_by_hand_stays_as_it_is(db: Database) -> None:
    clock = MovableClock(LONG_AGO)
    async with server_time(db, clock):
        assert clock.now() == LONG_AGO


async def test_with_sqlite_the_machines_own_clock_is_right(tmp_path: Path) -> None:
    db = SqliteFile(tmp_path / "taskbell.db").open()
    clock = wrong_clock()
    async with server_time(db, clock):
        assert clock.now() - LONG_AGO < NEAR
    await db.close()
