"""Views that live: who draws one, and that no wish to see it drawn is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.lists import Filter, Look
from bot.domain.model import Whisper
from bot.store import screens
from bot.store.database import Database
from bot.store.screens import Kind, Screen

NOW = datetime(2026, 4, 15, 8, tzinfo=UTC)
LEASE = timedelta(seconds=30)
ANA = screens.home_of("U1")
LOOK = Look(Filter.FIND, 2, "ñandú", "U2")


async def used(db: Database, now: datetime = NOW) -> None:
    await db.write(lambda tx: screens.use(tx, ANA, Kind.HOME, "U1", LOOK, ("k1",), now))


async def taken(db: Database, now: datetime = NOW, kind: Kind = Kind.HOME) -> Screen | None:
    return await db.write(lambda tx: screens.take(tx, kind, now, LEASE))


async def drawn(db: Database, screen: Screen | None, now: datetime = NOW) -> None:
    assert screen is not None
    await db.write(lambda tx: screens.drawn(tx, screen, "abc", ("k2",), now))


async def due(db: Database, now: datetime = NOW) -> datetime | None:
    return (await db.read(lambda tx: screens.next_due(tx, now))).get(Kind.HOME)


async def test_what_is_used_is_drawn_once(db: Database) -> None:
    await used(db)
    assert await due(db) == NOW
    assert await taken(db, kind=Kind.MODAL) is None
    screen = await taken(db)
    assert screen is not None
    assert (screen.look, screen.watched, screen.asked) == (LOOK, ("k1",), True)
    assert await taken(db) is None
    await drawn(db, screen)
    assert await due(db) is None
    found = await db.read(lambda tx: screens.find(tx, ANA))
    assert found is not None
    assert (found.shown, found.asked) == ("abc", False)


async def test_a_wish_that_comes_while_it_is_drawn_is_next(db: Database) -> None:
    await used(db)
    screen = await taken(db)
    await used(db, NOW + timedelta(seconds=1))
    assert await taken(db, NOW + timedelta(seconds=2)) is None
    await drawn(db, screen, NOW + timedelta(seconds=3))
    again = await taken(db, NOW + timedelta(seconds=3))
    assert again is not None
    assert again.asked


async def test_changes_are_gathered_and_a_click_waits_for_nothing(db: Database) -> None:
    await used(db)
    await drawn(db, await taken(db))
    for second in (0.0, 0.9):
        now = NOW + timedelta(seconds=second)
        await db.write(lambda tx, now=now: screens.redraw_of(tx, ("U1", "U9"), now))  # type: ignore[misc]
    assert await due(db) == NOW + screens.REST
    await db.write(lambda tx: screens.redraw_those_showing(tx, "reten", "1", "k3", NOW))
    await used(db, NOW)
    assert await due(db) == NOW


async def test_a_task_that_is_shown_or_watched_wishes_for_the_view(db: Database) -> None:
    await used(db)
    for key, wishes in (("k1", 1), ("k2", 1), ("k", 0), ("k3", 0)):
        await drawn(db, await taken(db))
        before = await due(db)
        assert before is None
        await db.write(lambda tx, key=key: screens.redraw_those_showing(tx, "reten", "1", key, NOW))  # type: ignore[misc]
        assert (await due(db) is not None) == bool(wishes)
        await used(db)


async def test_what_was_being_drawn_by_a_process_that_died_is_drawn_again(db: Database) -> None:
    await used(db)
    assert await taken(db) is not None
    assert await taken(db, NOW + LEASE - timedelta(seconds=1)) is None
    assert await taken(db, NOW + LEASE) is not None


async def test_a_view_that_nobody_used_for_long_rests_and_is_forgotten(db: Database) -> None:
    await used(db)
    late = NOW + screens.LIFETIME
    assert await due(db, late) is None
    assert await taken(db, late) is None
    await db.write(lambda tx: screens.redraw_of(tx, ("U1",), late))
    assert await due(db, late) is None
    await db.write(lambda tx: screens.forget(tx, late + timedelta(seconds=1)))
    assert await db.read(lambda tx: screens.find(tx, ANA)) is None


async def test_what_is_said_stands_until_the_next_use(db: Database) -> None:
    said = Whisper("gone", {"title": "x"})
    assert not await db.write(lambda tx: screens.say(tx, ANA, said))
    await used(db)
    assert await db.write(lambda tx: screens.say(tx, ANA, said))
    screen = await taken(db)
    assert screen is not None
    assert screen.said == said
    await drawn(db, screen)
    await used(db)
    screen = await taken(db)
    assert screen is not None
    assert screen.said is None
