"""One clock for all: processes on several machines live by that of the database's.

Leases, turns and moments of reading are compared with one another whoever wrote them, so that
machines whose clocks differ would take over what nobody left, or miss what is due.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from bot.domain.clock import Clock, SystemClock
from bot.store.database import Database, StorageError

EVERY_SECONDS = 30.0
ASKED = 3
"""How often it is asked each time: the quickest answer is the most exact."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def server_time(db: Database, clock: Clock) -> AsyncIterator[None]:
    """While the block runs, keep the machine's clock set by the server's, where several processes
    share one. A server that is away leaves it as it was set. Raises StorageError when it is away
    at once."""
    if not (db.shared and isinstance(clock, SystemClock)):
        yield
        return
    await _set(db, clock)
    keeping = asyncio.create_task(_keep(db, clock), name="server time")
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


async def _keep(db: Database, clock: SystemClock) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            await _set(db, clock)
        except StorageError as error:
            log.info("clock not set", error=str(error))


async def _set(db: Database, clock: SystemClock) -> None:
    answers = [answer for _ in range(ASKED) if (answer := await _ask(db)) is not None]
    took, at, then = min(answers)
    # It looked at its clock about half-way.
    clock.set(at + timedelta(seconds=took / 2), then)


async def _ask(db: Database) -> tuple[float, datetime, float] | None:
    """How long the answer took, what it was, and when it came."""
    asked = time.monotonic()
    at = await db.server_time()
    then = time.monotonic()
    return None if at is None else (then - asked, at, then)
