"""Pushes: stored once for each event, taken once, and forgotten."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from adapters.contract import Pushed, Subscription
from bot.store import pushes
from bot.store.database import Database

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


async def add(db: Database, *tasks: str, id: str | None = None, to: str = "crm") -> bool:  # noqa: A002
    return await db.write(lambda tx: pushes.add(tx, to, Pushed(id, tasks), NOW))


async def take(db: Database, connection: str = "crm") -> frozenset[str]:
    return await db.write(lambda tx: pushes.take(tx, connection, NOW))


async def waiting(db: Database, connection: str = "crm") -> bool:
    return await db.read(lambda tx: pushes.waiting(tx, connection))


async def test_an_event_is_stored_once_for_each_connection(db: Database) -> None:
    assert await add(db, "t1", id="e1")
    assert not await add(db, "t1", id="e1")
    assert await add(db, "t2", id="e1", to="other")
    assert await take(db) == {"t1"}
    assert not await add(db, "t1", id="e1")
    assert not await waiting(db)
    assert await waiting(db, "other")


async def test_pushes_without_an_id_that_say_the_same_wait_as_one(db: Database) -> None:
    assert await add(db, "t1", "t2")
    assert not await add(db, "t2", "t1")
    assert await add(db, "t3")
    assert await add(db)
    assert not await add(db)
    assert await take(db) == {"t1", "t2", "t3"}
    assert await take(db) == frozenset()

    assert await add(db, "t1", "t2")
    assert await take(db) == {"t1", "t2"}


async def test_each_is_taken_by_one_of_two_processes(db: Database, other: Database) -> None:
    for number in range(40):
        await add(db, f"t{number}", id=f"e{number}")
    mine, theirs = await asyncio.gather(take(db), take(other))
    assert mine | theirs == {f"t{number}" for number in range(40)}
    assert not mine & theirs


async def test_old_ones_are_forgotten_whether_taken_or_not(db: Database) -> None:
    await add(db, id="e1")
    await take(db)
    await add(db, id="e2")
    await db.write(lambda tx: pushes.forget(tx, NOW))
    assert await waiting(db)
    assert not await add(db, id="e1")
    await db.write(lambda tx: pushes.forget(tx, LATER))
    assert not await waiting(db)
    assert await add(db, id="e1")


async def test_a_webhook_keeps_its_token_and_hides_its_secrets(db: Database) -> None:
    assert await db.read(lambda tx: pushes.webhook(tx, "crm")) is None
    made = await db.write(lambda tx: pushes.ensure_webhook(tx, "crm", "token-1"))
    assert made.held is None
    held = Subscription("hook-1", "secret-1")
    await db.write(lambda tx: pushes.subscribed(tx, "crm", held))
    again = await db.write(lambda tx: pushes.ensure_webhook(tx, "crm", "token-2"))
    assert (again.token, again.held) == ("token-1", held)
    assert "-1" not in repr(again)
