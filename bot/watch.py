"""Watch: of several processes, one polls a connection, takes its pushes, and keeps its
subscription.

It is the same one for as long as it lives, so that what it and the adapter remember of the
connection stays true. When it stops it lets go at once; when it dies, its leases run out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.domain.clock import Clock
from bot.store import leases
from bot.store.database import Database, StorageError

LEASE = timedelta(seconds=30)
RENEW_EVERY = timedelta(seconds=10)

MARGIN = timedelta(seconds=2)
"""So long before its end a lease is no longer relied on."""

log = structlog.get_logger(__name__)


class Watch:
    """What this process watches. Where no other can run the bot, that is everything."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._until: dict[str, datetime] = {}

    async def mine(self, name: str) -> bool:
        """Whether this process watches the connection; from now on, if nobody does."""
        if not self._db.shared:
            return True
        now = self._clock.now()
        if self._until.get(name, now) > now + MARGIN:
            return True
        held = await self._db.write(
            lambda tx: leases.claim(tx, name, tx.holder, now, LEASE), single=True
        )
        if held:
            if name not in self._until:
                log.debug("watching", connection=name)
            self._until[name] = now + LEASE
        else:
            self._until.pop(name, None)
        return held

    async def renew(self) -> None:
        """Say that this process lives, however long its polls take."""
        if not self._until:
            return
        now = self._clock.now()
        kept = await self._db.write(lambda tx: leases.renew(tx, tx.holder, now, LEASE), single=True)
        self._until = dict.fromkeys(kept, now + LEASE)

    async def leave(self, name: str) -> None:
        """Let another process try a connection: perhaps the trouble is ours alone."""
        if self._until.pop(name, None) is not None:
            await self._db.write(lambda tx: leases.release(tx, tx.holder, name), single=True)

    async def let_go(self) -> None:
        """Leave all to others. A storage that is away lets the leases run out instead."""
        if not self._until:
            return
        self._until.clear()
        try:
            await self._db.write(lambda tx: leases.release(tx, tx.holder), single=True)
        except StorageError as error:
            log.warning("leases not given back", error=str(error))
