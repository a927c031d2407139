"""A loop that works, sleeps until more is due or somebody wakes it, and works again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.domain.clock import Clock

RETRY_SECONDS = 5.0
"""How long to rest after an unexpected error."""

SHORTEST_REST_SECONDS = 0.02
"""How long to rest where something is due that another process has in its hands."""

LONGEST_REST_SECONDS = 5.0
"""Looks again after this long even if nothing seems due: another process may have left work."""

log = structlog.get_logger(__name__)


class Loop:
    """Runs `work` for as long as the process lives. `work` does all that is due and returns when
    more will be; None: not before somebody wakes it. `foreseen`: errors that say in one line what
    keeps it from working, as no mistake of ours does."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[datetime | None]],
        clock: Clock,
        foreseen: tuple[type[Exception], ...] = (),
    ) -> None:
        self.name = name
        self._work = work
        self._clock = clock
        self._foreseen = foreseen
        self._kept_by: str | None = None
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There is something to do."""
        self._woken.set()

    def stop(self) -> None:
        """Finish what is being done, then end."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            rest = await self._work_once()
            if self._stopping:
                return
            try:
                async with asyncio.timeout(rest):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def _work_once(self) -> float:
        """Work; returns for how many seconds to rest."""
        try:
            due = await self._work()
        except self._foreseen as error:
            self._tell(str(error))
            return RETRY_SECONDS
        except Exception:
            log.exception("work failed", loop=self.name)
            return RETRY_SECONDS
        self._tell(None)
        if due is None:
            return LONGEST_REST_SECONDS
        ahead = (due - self._clock.now()).total_seconds()
        return min(max(ahead, SHORTEST_REST_SECONDS), LONGEST_REST_SECONDS)

    def _tell(self, kept_by: str | None) -> None:
        """Say once what keeps the loop from working, and once that it works again."""
        if kept_by == self._kept_by:
            return
        self._kept_by = kept_by
        if kept_by is None:
            log.info("work goes on", loop=self.name)
        else:
            log.warning("work waits", loop=self.name, error=kept_by)
