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
        self._failure: Exception | None = None

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
        """Do a piece of work."""
        assert self._group is not None  # noqa: S101 - `begin` is called by `work` alone
        self._under_way[kind] += 1
        self._group.create_task(self._do(kind, work))

    async def work(self) -> datetime | None:
        """Begin what may be begun until nothing is under way; returns when more may. After an
        error nothing more is begun; it is raised once what is under way has ended."""
        self.stopping, self._failure = False, None
        async with asyncio.TaskGroup() as self._group:
            while True:
                self._woken.clear()
                next_at = await self._begin_more()
                if not (self._under_way.total() or self._woken.is_set()):
                    break  # and what has ended meanwhile is known to `next_at`
                await self._rest(next_at)
        if self._failure is not None:
            raise self._failure
        return next_at

    async def _begin_more(self) -> datetime | None:
        if self.stopping or self._failure is not None:
            return None
        try:
            return await self._begin(self)
        except Exception as error:  # noqa: BLE001 - `work` raises it
            self._failure = error
            return None

    async def _do(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - `work` raises it
            self._failure = self._failure or error
        finally:
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
