"""Moving the clock as if the time had passed: from one moment at which the app has something to do
to the next, so that everything comes when it would have come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.page.changes import Changes
from sandbox.program import Program
from sandbox.running_clock import WorldClock

SHORTEST = timedelta(seconds=20)
"""The shortest hop: what is due within it is done together."""

PATIENCE = 60
"""So much effort doubles the shortest hop, and again, so that nobody waits long for an app that has
something to do at every moment, or takes its time."""
EFFORT_PER_SECOND = 20
"""How much it is to wait for the app; a hop in itself counts one."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A journey under way."""

    since: datetime
    until: datetime


class Journeys:
    """Moves a clock forward. Without a program that tells when it will have something to do, it
    jumps."""

    def __init__(
        self,
        clock: WorldClock,
        program: Callable[[], Program | None],
        changes: Changes,
        settled: Callable[[], Awaitable[None]],
    ) -> None:
        """`settled` waits until nothing is on its way to the program that a hop would outdate."""
        self._clock = clock
        self._program = program
        self._settled = settled
        self._changes = changes
        self._under_way: asyncio.Task[None] | None = None
        self.leg: Leg | None = None

    def begin(self, until: datetime) -> None:
        """Travel to that moment (aware). Raises ValueError where it is not ahead, or while another
        journey is under way."""
        now = self._clock.now()
        if self.leg is not None:
            raise ValueError("The clock is moving already.")
        if until <= now:
            raise ValueError("The clock moves forwards only: choose a moment that is still ahead.")
        if self._program() is None:
            self._clock.advance(until - now)
        else:
            self.leg = Leg(now, until)
            self._under_way = asyncio.create_task(self._travel(self.leg))
            self._under_way.add_done_callback(self._arrived)
        self._changes.notify()

    async def to(self, until: datetime) -> None:
        """Travel to that moment, and wait for the arrival, wherever it is."""
        self.begin(until)
        if self._under_way is not None:
            await asyncio.wait([self._under_way])

    async def stop(self) -> None:
        """Stay where the clock is now."""
        if self._under_way is not None:
            self._under_way.cancel()
            await asyncio.wait([self._under_way])

    async def _travel(self, leg: Leg) -> None:
        effort, loop = 0.0, asyncio.get_running_loop()
        while self._clock.now() < leg.until:
            begun = loop.time()
            due = await self._look()
            await self._settled()
            effort += 1 + (loop.time() - begun) * EFFORT_PER_SECOND
            now = self._clock.now()
            shortest = SHORTEST * 2 ** int(effort / PATIENCE)
            target = leg.until if due is None else min(max(due, now + shortest), leg.until)
            self._clock.advance(max(target - now, timedelta(0)))
            self._changes.notify()
        await self._look()

    def _arrived(self, _: asyncio.Task[None]) -> None:
        self.leg = self._under_way = None
        self._changes.notify()

    async def _look(self) -> datetime | None:
        program = self._program()
        return None if program is None else await program.look()
