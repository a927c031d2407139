"""Moving the clock from one thing that is due to the next."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from sandbox.clock import MovableClock
from sandbox.journey import SHORTEST, Journeys
from sandbox.page.changes import Changes
from sandbox.page.clock_acts import Moment
from sandbox.program import ProgramState

START = datetime(2026, 4, 9, 12, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clockwork:
    """A program that has something to do at certain moments, and notes when it looked."""

    last_words = ""
    state = ProgramState.RUNNING

    def __init__(self, clock: MovableClock, *due: timedelta) -> None:
        self.looked: list[timedelta] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._clock = clock
        self._due = [START + one for one in due]

    async def look(self, *, everywhere: bool = False) -> datetime | None:
        await self.gate.wait()
        now = self._clock.now()
        self.looked.append(now - START)
        return min((one for one in self._due if one > now), default=None)


class Ground:
    """A clock, a program, and journeys."""

    def __init__(self, *due: timedelta) -> None:
        self.clock = MovableClock(START)
        self.program = Clockwork(self.clock, *due)
        self.settled = asyncio.Event()
        self.settled.set()
        self.journeys = Journeys(self.clock, lambda: self.program, Changes(), self._settled)

    async def _settled(self) -> None:
        await self.settled.wait()


async def test_a_journey_stops_wherever_something_is_due() -> None:
    ground = Ground(HOUR, 5 * HOUR, 30 * HOUR)
    await ground.journeys.to(START + 24 * HOUR)
    assert ground.program.looked == [timedelta(0), HOUR, 5 * HOUR, 24 * HOUR]
    assert ground.clock.now() == START + 24 * HOUR
    assert ground.journeys.leg is None


async def test_what_is_due_close_together_is_one_hop_and_a_busy_program_is_left_behind() -> None:
    ground = Ground(*(timedelta(seconds=10 * one) for one in range(1440)))
    await ground.journeys.to(START + 4 * HOUR)
    hops = [b - a for a, b in zip(ground.program.looked, ground.program.looked[1:], strict=False)]
    assert hops[0] == SHORTEST
    assert max(hops) > SHORTEST
    assert len(hops) < 4 * HOUR / SHORTEST / 2


async def test_a_journey_under_way_can_be_stopped_and_no_other_begun() -> None:
    ground = Ground(HOUR)
    ground.program.gate.clear()
    ground.journeys.begin(START + 24 * HOUR)
    assert ground.journeys.leg is not None
    with pytest.raises(ValueError, match="moving already"):
        ground.journeys.begin(START + 2 * HOUR)
    await ground.journeys.stop()
    assert ground.journeys.leg is None
    assert ground.clock.now() == START


async def test_no_hop_outdates_what_is_on_its_way() -> None:
    ground = Ground(HOUR)
    ground.settled.clear()
    ground.journeys.begin(START + 2 * HOUR)
    await asyncio.sleep(0.01)
    assert ground.clock.now() == START
    ground.settled.set()
    await asyncio.sleep(0.01)
    assert ground.clock.now() == START + 2 * HOUR


@pytest.mark.parametrize("away", [timedelta(0), -HOUR])
async def test_time_goes_forwards_only(away: timedelta) -> None:
    ground = Ground()
    with pytest.raises(ValueError, match="forwards only"):
        ground.journeys.begin(START + away)


@pytest.mark.parametrize(
    ("moment", "now", "expected"),
    [
        (Moment("", time(20, 30)), "2026-04-09 14:10", "2026-04-09 20:30"),
        (Moment("", time(20, 30)), "2026-04-09 20:30", "2026-04-10 20:30"),
        (Moment("", time(8, 31), 1), "2026-04-09 07:00", "2026-04-09 08:31"),
        (Moment("", time(8, 31), 1), "2026-04-10 14:10", "2026-04-13 08:31"),
        (Moment("", time(8, 31), 1), "2026-04-12 14:10", "2026-04-13 08:31"),
        (Moment("", time(8, 31), 3), "2026-04-09 14:10", "2026-04-14 08:31"),
        (Moment("", time(8, 31), 1), "2026-10-23 14:10", "2026-10-26 08:31"),
    ],
)
def test_moments_are_on_the_clock_of_whoever_looks(moment: Moment, now: str, expected: str) -> None:
    zone = ZoneInfo("Europe/Madrid")
    then = moment.after(datetime.fromisoformat(now).replace(tzinfo=zone), zone)
    assert then.strftime("%Y-%m-%d %H:%M") == expected
