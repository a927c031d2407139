"""What waits: how much, since when, and what of it nobody takes up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import Whisper
from bot.store import backlog, messages
from bot.store.backlog import Waiting
from bot.store.database import Database
from tests.databases.kinds import AnyDatabase

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def db(database: AnyDatabase) -> AsyncIterator[Database]:
    opened = database.open()
    yield opened
    await opened.close()


async def wanted(db: Database, reader: str, at: datetime) -> None:
    await db.write(lambda tx: messages.add_notice(tx, reader, Whisper("baseline"), at))


async def deliveries(db: Database, now: datetime) -> Waiting:
    return (await db.read(lambda tx: backlog.backlog(tx, now))).deliveries


async def test_nothing_waits(db: Database) -> None:
    assert await deliveries(db, NOW) == Waiting()
    assert await db.read(lambda tx: backlog.newest_to(tx, "C1")) is None


async def test_the_oldest_of_several(db: Database, database: AnyDatabase) -> None:
    await wanted(db, "U1", NOW - 3 * MINUTE)
    await wanted(db, "U2", NOW - MINUTE)
    found = await deliveries(db, NOW)
    assert (found.count, found.since, found.why) == (2, NOW - 3 * MINUTE, None)
    assert found.late_since == NOW - 3 * MINUTE
    # One that was tried and put off waits, and is not late.
    later = round((NOW + MINUTE).timestamp() * 1000)
    database.change(
        f"UPDATE message SET state = 'retry', error = 'no', attempt = 1, due_at = {later}"  # noqa: S608
        " WHERE reader = 'U1'"
    )
    found = await deliveries(db, NOW)
    assert (found.count, found.since, found.why) == (2, NOW - 3 * MINUTE, "no")
    assert found.late_since == NOW - MINUTE


async def test_what_rests_or_comes_later_does_not_wait(db: Database, database: AnyDatabase) -> None:
    await wanted(db, "U1", NOW)
    await wanted(db, "U2", NOW + MINUTE)
    database.change(
        "UPDATE message SET state = 'refused', error = 'no', due_at = NULL WHERE reader = 'U1'"
    )
    assert await deliveries(db, NOW) == Waiting()
    spoken = await db.read(lambda tx: backlog.newest_to(tx, "U1"))
    assert spoken is not None
    assert (spoken.at, spoken.stands, spoken.why) == (NOW, False, "no")
    counted = await db.read(backlog.census)
    assert counted.messages == {("notice", "refused"): 1, ("notice", "pending"): 1}
    assert (counted.tasks, counted.submissions, counted.unlinked) == ({}, {}, {})
