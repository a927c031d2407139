"""A crew: pieces of work side by side, each begun as soon as it may be."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.engine.crew import Crew
from sandbox.clock import MovableClock

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


class Desk:
    """Work that ends when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.begun: list[str] = []
        self.may_end = asyncio.Event()
        self.next_at: datetime | None = None
        self.crew = Crew(self._begin, MovableClock(NOW))

    async def _begin(self, crew: Crew) -> datetime | None:
        while self.waiting:
            name = self.waiting.pop(0)
            self.begun.append(name)
            crew.start(name[0], self._do(name))
        return self.next_at

    async def _do(self, name: str) -> None:
        if name.endswith("!"):
            raise ValueError(name)
        if name.isupper():
            await self.may_end.wait()

    async def until_begun(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.begun) < count:  # noqa: ASYNC110 - nothing tells it
                await asyncio.sleep(0.001)


async def test_what_comes_up_is_begun_beside_what_is_under_way() -> None:
    desk = Desk()
    desk.waiting, desk.next_at = ["A1", "A2", "b"], LATER
    working = asyncio.create_task(desk.crew.work())
    await desk.until_begun(3)
    desk.waiting = ["C"]
    desk.crew.wake()
    await desk.until_begun(4)
    assert desk.crew.under_way("A") == 2
    assert desk.crew.under_way("C") == 1
    desk.may_end.set()
    assert await working == LATER
    assert desk.crew.under_way("A") == 0


async def test_more_is_begun_when_its_moment_comes() -> None:
    desk = Desk()
    desk.waiting, desk.next_at = ["A"], NOW
    working = asyncio.create_task(desk.crew.work())
    await desk.until_begun(1)
    desk.waiting = ["B"]
    await desk.until_begun(2)
    desk.may_end.set()
    await working


async def test_a_stop_ends_what_is_under_way_and_begins_no_more() -> None:
    desk = Desk()
    desk.waiting = ["A"]
    working = asyncio.create_task(desk.crew.work())
    await desk.until_begun(1)
    desk.crew.stop()
    desk.waiting = ["B"]
    desk.crew.wake()
    desk.may_end.set()
    assert await working is None
    assert desk.begun == ["A"]
    # A stop is of the work that was going on.
    await desk.crew.work()
    assert desk.begun == ["A", "B"]


async def test_who_is_cancelled_cancels_what_is_under_way() -> None:
    desk = Desk()
    desk.waiting = ["A"]
    working = asyncio.create_task(desk.crew.work())
    await desk.until_begun(1)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert desk.crew.under_way("A") == 0


async def test_after_an_error_what_is_under_way_ends_and_then_it_is_raised() -> None:
    desk = Desk()
    desk.waiting = ["A", "b!"]
    working = asyncio.create_task(desk.crew.work())
    await desk.until_begun(2)
    desk.waiting = ["C"]
    desk.crew.wake()
    desk.may_end.set()
    with pytest.raises(ValueError, match="b!"):
        await working
    assert desk.begun == ["A", "b!"]
    await desk.crew.work()
    assert desk.begun == ["A", "b!", "C"]


async def test_an_error_of_beginning_cuts_nothing_off() -> None:
    desk = Desk()
    desk.waiting = ["A"]
    working = asyncio.create_task(desk.crew.work())
    await desk.until_begun(1)
    desk.waiting = [""]
    desk.crew.wake()
    await desk.until_begun(2)
    assert not working.done()
    desk.may_end.set()
    with pytest.raises(IndexError):
        await working
    assert desk.crew.under_way("A") == 0


async def test_what_ends_while_more_is_looked_for_makes_it_look_again() -> None:
    looks: list[datetime | None] = [LATER, None]
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def piece() -> None:
        await may_end.wait()
        ended.set()

    async def begin(crew: Crew) -> datetime | None:
        if not begun.is_set():
            begun.set()
            crew.start("A", piece())
            return None
        found = looks.pop(0)
        may_end.set()  # after the look, and before it returns
        await ended.wait()
        await asyncio.sleep(0)
        return found

    crew = Crew(begin, MovableClock(NOW))
    working = asyncio.create_task(crew.work())
    await begun.wait()
    crew.wake()
    assert await working is None
