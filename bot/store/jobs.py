"""Work for the threads that own a driver's connections."""

from __future__ import annotations

import asyncio
import queue
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.store.database import Tx

T = TypeVar("T")

BATCH = 64
"""How many jobs share a transaction at most."""


@dataclass(slots=True)
class Job:
    """Work on a transaction that a coroutine waits for. Setting `result` or `error` tells nobody
    until the job is settled."""

    work: Callable[[Tx], Any]
    done: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    urgent: bool = False
    result: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.done.cancelled():
            return
        if self.error is not None:
            self.done.set_exception(self.error)
        else:
            self.done.set_result(self.result)


class Jobs:
    """Jobs in the order of their coming, but the urgent ones first. One thread takes them."""

    def __init__(self) -> None:
        self._urgent: deque[Job] = deque()
        self._others: deque[Job] = deque()
        self._tokens: queue.SimpleQueue[None] = queue.SimpleQueue()

    async def do(self, work: Callable[[Tx], T], *, urgent: bool = False) -> T:
        """Put a job in the queue and wait until it is settled."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        (self._urgent if urgent else self._others).append(Job(work, done, loop, urgent))
        self._tokens.put(None)
        return await done

    def close(self) -> None:
        """After the jobs that are there, no more."""
        self._tokens.put(None)

    def take(self) -> Job | None:
        """The next job, waiting for one; None once the queue is closed and empty."""
        self._tokens.get()
        lane = self._urgent or self._others
        return lane.popleft() if lane else None

    def take_to_join(self, job: Job) -> Job | None:
        """The next job that waits already and may share the transaction of one that was taken:
        somebody who waits for an urgent one does not wait for others too."""
        if self._urgent or (not job.urgent and self._others):
            return self.take()
        return None


def settle(jobs: Iterable[Job]) -> None:
    """Let those who wait know, each in its own event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, settled in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_all, settled)


def _settle_all(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()
