"""Pace: what this process may ask of Slack, out of budgets that all processes share."""

from __future__ import annotations

from datetime import timedelta
from hashlib import blake2b

from bot.counts import SLACK_BUSY, Counts
from bot.domain.clock import Clock
from bot.domain.pace import BUDGETS
from bot.store import pace
from bot.store.database import Database


def workspace_of(token: str) -> str:
    """The name of the budgets that a bot token has: they are an app's in a workspace, and Slack
    need not be asked for this one."""
    return blake2b(token.encode(), digest_size=8).hexdigest()


class SlackPace:
    """The budgets of one workspace. Implements `bot.slack.client.Pace`."""

    def __init__(self, db: Database, clock: Clock, workspace: str, counts: Counts) -> None:
        self.workspace = workspace
        self._counts = counts
        self._db = db
        self._clock = clock

    async def take(self, method: str) -> float:
        now = self._clock.now()
        wait = await self._db.write(lambda tx: pace.take(tx, self.workspace, method, now))
        return wait.total_seconds()

    async def hold(self, method: str, seconds: float) -> None:
        self._counts.add(SLACK_BUSY, method)
        if method not in BUDGETS:
            return
        until = self._clock.now() + timedelta(seconds=seconds)
        await self._db.write(lambda tx: pace.hold(tx, self.workspace, method, until))
