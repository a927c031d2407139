"""A crew: work that is begun beside what is under way, so that one slow piece delays no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from bot.domain.clock import Clock


class Crew:
    """`begin` starts pieces of work, by kind, and returns when it may start more; None: not before
    somebody wakes it, or a piece ends."""

    def __init__(self, begin: Callable[[Crew], Awaitable[datetime | None]], clock: Clock) -> None:
        self.stopping = False
        self._begin = begin
        self._clock = clock
        self._under_way = Counter[str]()
        self._woken = asyncio.Event()
        self._group: asyncio.TaskGroup | None = None

    def wake(self) -> None:
        """There may be something to begin, even while something else is under way."""
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more in the work that is going on."""
        self.stopping = True
        self.wake()

    def under_way(self, kind: str) -> int:
        """How many pieces of that kind are being done."""
        return self._under_way[kind]

    def start(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        """Do a piece of work; what it raises ends all."""
        assert self._group is not None  # noqa: S101 - `begin` is called by `work` alone
        self._under_way[kind] += 1
        self._group.create_task(work).add_done_callback(lambda _: self._end(kind))

    async def work(self) -> datetime | None:
        """Begin what may be begun until nothing is under way; returns when more may."""
        self.stopping = False
        async with asyncio.TaskGroup() as self._group:
            while True:
                self._woken.clear()
                next_at = None if self.stopping else await self._begin(self)
                if not self._under_way.total():
                    return next_at
                await self._rest(next_at)

    def _end(self, kind: str) -> None:
        self._under_way[kind] -= 1
        self.wake()

    async def _rest(self, until: datetime | None) -> None:
        """Wait for something to end, to come up, or to get its turn."""
        seconds = None
        if until is not None:
            seconds = max((until - self._clock.now()).total_seconds(), 0.0)
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
