"""What a provider says of its rate limits, kept for all who use the same account here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.contract import Clock, RateLimited
from adapters.refusals import budget

LONGEST_PAUSE = 5.0
"""Seconds that a request waits for a spent limit to come back; beyond that it is RateLimited."""

_SAME_WINDOW = timedelta(seconds=1)


@dataclass(slots=True)
class _Limit:
    """`left` requests may be sent before `until`."""

    left: float
    until: datetime


class Limits:
    """The budgets of one account, by group of requests. A request is counted when it is sent, so
    that several at once do not all take the last one. `name` stands in the texts of errors."""

    def __init__(
        self, name: str, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._name = name
        self._clock = clock
        self._sleep = sleep
        self._limits: dict[str, _Limit] = {}

    async def take(self, group: str) -> None:
        """Spend a request; waits for a limit that comes back soon, raises RateLimited for one that
        does not."""
        limit = self._limits.get(group)
        if limit is None:
            return
        pause = (limit.until - self._clock.now()).total_seconds()
        if pause > 0 and limit.left >= 1:
            limit.left -= 1
            return
        if pause > LONGEST_PAUSE:
            raise RateLimited(f"{self._name} asks for a pause of {pause:.0f} s.", pause)
        if pause > 0:
            await self._sleep(pause)
        if self._limits.get(group) is limit:
            del self._limits[group]

    def told(self, group: str, headers: Mapping[str, str]) -> None:
        """Note what an answer says is left. Of several answers about the same span of time the
        one that leaves least counts: they may come in any order."""
        found = budget(headers)
        if found is None:
            return
        left, seconds = found
        now, before = self._clock.now(), self._limits.get(group)
        until = now + timedelta(seconds=seconds)
        if before is not None and now < before.until and until - before.until < _SAME_WINDOW:
            left, until = min(left, before.left), before.until
        self._limits[group] = _Limit(left, until)

    def refused(self, group: str, seconds: float) -> None:
        """Note that nothing may be sent for so long."""
        self._limits[group] = _Limit(0, self._clock.now() + timedelta(seconds=seconds))
