"""Leases and turns: one holder, whoever dies."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.store import leases
from bot.store.database import Database

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
LENGTH = timedelta(seconds=30)


async def claimed(db: Database, holder: str, now: datetime = NOW) -> bool:
    return await db.write(lambda tx: leases.claim(tx, "reten", holder, now, LENGTH), single=True)


async def test_of_many_one_has_it_until_it_runs_out(db: Database, other: Database) -> None:
    holders = [str(number) for number in range(8)]
    found = await asyncio.gather(
        *(claimed((db, other)[n % 2], holder) for n, holder in enumerate(holders))
    )
    assert found.count(True) == 1
    holder = holders[found.index(True)]
    assert not await claimed(db, "x", NOW + LENGTH - timedelta(milliseconds=1))
    assert await claimed(other, holder, NOW + LENGTH - timedelta(milliseconds=1))
    assert not await claimed(db, "x", NOW + LENGTH)
    assert await claimed(db, "x", NOW + 2 * LENGTH)


async def test_who_renews_keeps_it_and_learns_what_is_lost(db: Database) -> None:
    assert await claimed(db, "a")
    later = NOW + LENGTH
    assert await db.write(lambda tx: leases.renew(tx, "a", later, LENGTH)) == {"reten"}
    assert not await claimed(db, "b", later)
    assert await claimed(db, "b", later + LENGTH)
    assert await db.write(lambda tx: leases.renew(tx, "a", later, LENGTH)) == frozenset()


async def test_what_is_given_back_is_free_at_once(db: Database) -> None:
    assert await claimed(db, "a")
    await db.write(lambda tx: leases.release(tx, "b"))
    assert not await claimed(db, "b")
    await db.write(lambda tx: leases.release(tx, "a"))
    assert await claimed(db, "b")


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=400)])
async def test_a_clock_that_was_wrong_holds_nothing_for_ever(
    db: Database, ahead: timedelta
) -> None:
    assert await claimed(db, "a", NOW + ahead)
    assert await claimed(db, "b")


async def test_clocks_that_hardly_differ_take_nothing_from_one_another(db: Database) -> None:
    assert await claimed(db, "a", NOW + timedelta(milliseconds=40))
    assert not await claimed(db, "b")
