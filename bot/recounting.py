"""Recount: see that no message of ours stands twice in a conversation, and remove what does.

Slack takes no idempotency key. A post that was repeated on its way, or one that arrived after its
attempt was given up, leaves no other trace than a second message with the same key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.ground import Ground
from bot.slack.client import SlackBusy, SlackClient, SlackRefused, SlackTrouble, SlackUnauthorized
from bot.store import messages, recounts
from bot.store.database import Tx
from bot.store.recounts import Recount

LEASE = timedelta(seconds=60)
"""How long one look may take before another process may look."""

PAUSE = timedelta(seconds=2)
"""Between two looks: most of what Slack allows is for finding out about what is in doubt."""

LOOK_AGAIN = timedelta(seconds=30)
"""How long to wait when Slack does not answer."""

log = structlog.get_logger(__name__)


class Recounting:
    """Looks into the conversations in which something was posted, a while after."""

    def __init__(self, ground: Ground, slack: SlackClient) -> None:
        self._ground = ground
        self._slack = slack
        self._rested_at: datetime | None = None

    async def work(self) -> datetime | None:
        """Look into one conversation, if it is time; returns when the next look is due."""
        now = self._ground.clock.now()
        if self._rested_at is not None and now < self._rested_at:
            return self._rested_at
        recount = await self._ground.db.write(lambda tx: recounts.take(tx, now, LEASE), single=True)
        if recount is None:
            return await self._ground.db.read(recounts.next_due)
        self._rested_at = now + PAUSE
        await self._look(recount)
        return self._rested_at

    async def _look(self, recount: Recount) -> None:
        channel, looked_at = recount.channel, self._ground.clock.now()
        try:
            standing = await self._slack.standing(channel, recount.since)
            for ts in await self._ground.db.write(lambda tx: self._sort(tx, channel, standing)):
                await self._remove(channel, ts)
        except SlackBusy as busy:
            until = looked_at + timedelta(seconds=busy.retry_after)
            await self._ground.db.write(lambda tx: recounts.put_off(tx, channel, until))
        except (SlackRefused, SlackUnauthorized):
            # A channel whose history the app may not read, or a conversation that is gone.
            await self._ground.db.write(lambda tx: recounts.forget(tx, channel))
        except SlackTrouble as trouble:
            log.warning("recount put off", error=str(trouble))
            until = looked_at + LOOK_AGAIN
            await self._ground.db.write(lambda tx: recounts.put_off(tx, channel, until))
        else:
            await self._ground.db.write(lambda tx: recounts.done(tx, channel, looked_at))

    def _sort(self, tx: Tx, channel: str, standing: Mapping[str, Sequence[str]]) -> list[str]:
        """Bring what is known of the messages in line with what stands; gives what must go."""
        now = self._ground.clock.now()
        return [
            ts
            for key, found in standing.items()
            for ts in messages.keep_first(tx, key, channel, found, now)
        ]

    async def _remove(self, channel: str, ts: str) -> None:
        try:
            await self._slack.delete(channel, ts)
        except SlackRefused as refusal:
            if refusal.code != "message_not_found":
                raise
        log.info("duplicate removed")
