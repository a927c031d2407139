"""Timers: APScheduler says when, a claimed row says who."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger(__name__)

EARLY = 0.9
"""The share of an interval after which a tick may be claimed: timers are not exact, and one that
comes a moment early must not lose its turn."""

Claim = Callable[[str, timedelta], Awaitable[bool]]


class Timers:
    """Runs jobs at their intervals; of several processes, one has each tick of those that are for
    one alone. `foreseen`: errors that say in one line why a job could not be done."""

    def __init__(self, claim: Claim, foreseen: tuple[type[Exception], ...] = ()) -> None:
        self._claim = claim
        self._foreseen = foreseen
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False

    def every(
        self,
        interval: timedelta,
        name: str,
        job: Callable[[], Awaitable[object]],
        *,
        alone: bool = True,
    ) -> None:
        """Run `job` now and then at each interval; never twice at once. `alone`: in one process
        only, the one that has the tick."""
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=interval.total_seconds(),
            next_run_time=datetime.now(UTC),
            args=(interval if alone else None, name, job),
            id=name,
        )

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self, seconds: float) -> None:
        """No more ticks; wait so long for jobs that run, then cancel them."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.pause()
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _tick(
        self, turn: timedelta | None, name: str, job: Callable[[], Awaitable[object]]
    ) -> None:
        if self._stopping:
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in a task
        self._running.add(task)
        try:
            if turn is None or await self._claim(name, turn * EARLY):
                await job()
        except asyncio.CancelledError:
            # By `stop`. Raised on, APScheduler would log it as an error.
            log.info("job stopped", job=name)
        except self._foreseen as error:
            log.warning("job failed", job=name, error=str(error))
        except Exception:
            log.exception("job failed", job=name)
        finally:
            self._running.discard(task)
