"""Survivors: what a process that is gone had in its hands goes on in another.

Each process that works looks now and then who of those that have claimed something is still there:
the server sees the end of a process that is killed at once. One whose machine or network is gone
stays there until the server notices; for that, leases run out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.ground import Ground
from bot.store import holders

LOOK_EVERY = timedelta(seconds=2)

GRACE = timedelta(seconds=4)
"""How long a process is missing before it counts as gone. A server that was restarted has lost
sight of all that live; they are back, or have given up what they were sending, well before."""

log = structlog.get_logger(__name__)


class Survivors:
    """Ends what processes that are gone have claimed."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._missing: dict[str, datetime] = {}
        self._looked_at: datetime | None = None

    async def look(self) -> datetime | None:
        """Look, if it is time; returns when to look next, None where no other process can be."""
        db, now = self._ground.db, self._ground.clock.now()
        if not db.shared:
            return None
        last = self._looked_at
        if last is not None and last <= now < last + LOOK_EVERY:
            return last + LOOK_EVERY
        held = await db.read(partial(holders.all_of_them, now=now))
        missing = held - await db.living()
        if last is None or now - last > GRACE:
            self._missing = {}  # nobody has looked meanwhile: they may have been there
        self._looked_at = now
        self._missing = {one: self._missing.get(one, now) for one in missing}
        for holder, since in self._missing.items():
            if now - since >= GRACE:
                await db.write(partial(holders.end, holder=holder, now=now), urgent=True)
                log.info("took over from a process that is gone", process=holder)
        return now + LOOK_EVERY
