"""A connection's trouble reaches the admins once when it begins and once when it ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import structlog

from bot.domain.model import Whisper
from bot.ground import Ground, LiveConnection
from bot.store import connections, messages
from bot.store.database import Tx

PATIENCE = timedelta(minutes=5)
"""How long a provider may be away before the admins hear of it; a refused key is told at once."""

log = structlog.get_logger(__name__)


class Troubles:
    """Records what is wrong with connections and tells it."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._only_reading = set[str]()
        """Connections of which the admins know that their key may not write."""

    def offered(self, tx: Tx, live: LiveConnection, gap: str | None) -> None:
        """What the provider offers was read; `gap`: what keeps tasks from being finished. The
        admins hear of another gap than before, and that there is none any more."""
        before = connections.state(tx, live.name).gap
        if gap is not None and gap != before:
            self._tell(tx, live, "offer_gap", gap)
        elif gap is None and before is not None:
            self._tell(tx, live, "offer_complete", "")

    async def begin(self, live: LiveConnection, trouble: str, error: BaseException) -> None:
        """A poll failed with `trouble`: unauthorized, unavailable or malformed."""
        log.warning("poll failed", connection=live.name, trouble=trouble, error=str(error))
        await self._ground.db.write(lambda tx: self._record(tx, live, trouble, str(error)))

    async def key_cannot_write(self, live: LiveConnection, reason: str) -> None:
        """An answer was refused for want of a permission; polls may go on all the same."""
        if live.name in self._only_reading:
            return
        self._only_reading.add(live.name)

        def store(tx: Tx) -> None:
            if connections.state(tx, live.name).told_at is None:
                self._tell(tx, live, "answer_unauthorized", reason)

        await self._ground.db.write(store)

    def key_writes(self, live: LiveConnection) -> None:
        """An answer was taken: should the permission be withdrawn again, that is news."""
        self._only_reading.discard(live.name)

    async def end(self, live: LiveConnection) -> None:
        """A poll succeeded."""
        state = await self._ground.db.read(lambda tx: connections.state(tx, live.name))
        if state.trouble is not None:
            log.info("connection recovered", connection=live.name)
            await self._ground.db.write(lambda tx: self._recover(tx, live))

    def _record(self, tx: Tx, live: LiveConnection, trouble: str, reason: str) -> None:
        now = self._ground.clock.now()
        before = connections.state(tx, live.name).trouble
        connections.set_trouble(tx, live.name, trouble, now)
        since = connections.state(tx, live.name).trouble_since or now
        if trouble != "unauthorized" and now - since < PATIENCE:
            return
        # A key that turns out to be refused needs an admin, whatever they were told of before.
        refused_now = trouble == "unauthorized" and before not in (None, trouble)
        if connections.told(tx, live.name, now) or refused_now:
            self._tell(tx, live, f"connection_{trouble}", reason)

    def _recover(self, tx: Tx, live: LiveConnection) -> None:
        was_told = connections.state(tx, live.name).told_at is not None
        connections.set_trouble(tx, live.name, None, self._ground.clock.now())
        if was_told:
            self._tell(tx, live, "connection_recovered", "")

    def _tell(self, tx: Tx, live: LiveConnection, code: str, reason: str) -> None:
        notice = Whisper(code, {"connection": live.title, "reason": reason})
        for reader in _those_who_hear(self._ground):
            messages.add_notice(tx, reader, notice, self._ground.clock.now())


def _those_who_hear(ground: Ground) -> Iterable[str]:
    channel = ground.rules.alert_channel
    return sorted(ground.rules.admins) if channel is None else [channel]
