"""What is left of an account's limits: counted for all who ask, in whatever order answers come."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from adapters.contract import RateLimited
from adapters.limits import LONGEST_PAUSE, Limits
from sandbox.clock import MovableClock

NOW = datetime(2026, 4, 11, 10, tzinfo=UTC)


class Desk:
    """Limits whose naps let the clock pass."""

    def __init__(self) -> None:
        self.clock = MovableClock(NOW)
        self.naps: list[float] = []
        self.limits = Limits("Acme", self.clock, self._nap)

    async def _nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        woken = self.clock.now() + timedelta(seconds=seconds)
        await asyncio.sleep(0)  # others ask meanwhile
        self.clock.set(max(woken, self.clock.now()))

    def told(self, left: int, reset: float) -> None:
        self.limits.told("GET", {"ratelimit": f"limit=100, remaining={left}, reset={reset}"})


async def test_those_who_ask_at_once_do_not_all_take_the_last_request() -> None:
    desk = Desk()
    desk.told(2, 4)
    await asyncio.gather(*(desk.limits.take("GET") for _ in range(5)))
    assert desk.naps == [4, 4, 4]


async def test_an_answer_that_comes_late_gives_nothing_back() -> None:
    desk = Desk()
    desk.told(3, 4)
    for _ in range(3):
        await desk.limits.take("GET")
    desk.told(2, 4)
    await desk.limits.take("GET")
    assert desk.naps == [4]


async def test_a_new_span_begins_with_what_is_told_of_it() -> None:
    desk = Desk()
    desk.told(0, 2)
    desk.clock.advance(timedelta(seconds=2))
    desk.told(50, 10)
    for _ in range(50):
        await desk.limits.take("GET")
    assert desk.naps == []
    desk.told(70, 20)
    await desk.limits.take("GET")
    assert desk.naps == []


async def test_a_long_pause_is_refused_until_it_is_over_and_for_its_group_alone() -> None:
    desk = Desk()
    desk.limits.refused("GET", 30)
    for _ in range(2):
        with pytest.raises(RateLimited) as caught:
            await desk.limits.take("GET")
        assert caught.value.retry_after == 30
    await desk.limits.take("PUT")
    desk.clock.advance(timedelta(seconds=30 - LONGEST_PAUSE))
    await desk.limits.take("GET")
    assert desk.naps == [LONGEST_PAUSE]
    await desk.limits.take("GET")
    assert desk.naps == [LONGEST_PAUSE]
