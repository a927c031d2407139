"""Our own ceiling of requests to an account, and who goes first below it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aiolimiter import AsyncLimiter

RESERVE = 0.25
"""The share of a burst that is left for what somebody waits for."""

_waited_for = ContextVar("waited_for", default=False)


@contextmanager
def waited_for() -> Iterator[None]:
    """Somebody waits for the requests that are made while the block runs, reads and writes: they
    go before those of listings."""
    before = _waited_for.set(True)
    try:
        yield
    finally:
        _waited_for.reset(before)


class Pace:
    """At most so many requests a second. Those that nobody waits for leave a part of each burst,
    and queue up one at a time, so that no other waits for more than one of them."""

    def __init__(self, per_second: float) -> None:
        burst = max(per_second * (1 - RESERVE), 1.0)
        self._all = AsyncLimiter(per_second, 1)
        self._others = AsyncLimiter(burst, burst / per_second)
        self._next_of_others = asyncio.Lock()

    async def take(self) -> None:
        """Wait for one's turn."""
        if _waited_for.get():
            await self._all.acquire()
            return
        async with self._next_of_others:
            await self._others.acquire()
            await self._all.acquire()
