"""How the bot is: the database, Slack, and each connection's last good poll."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.ground import Ground
from bot.slack.client import SlackClient, SlackTrouble, SlackUnauthorized, Workspace
from bot.store.backlog import Waiting
from bot.store.connections import PollState
from bot.store.database import StorageError
from bot.stuck import Measured, measure, standstills

ASK_AGAIN = timedelta(seconds=30)


class Health:
    """Answers `/healthz`. `workspace`: what Slack said of the token, once it has. `works`: this
    process polls, posts and submits, so that what stands still is its own doing."""

    def __init__(self, ground: Ground, slack: SlackClient) -> None:
        self._ground = ground
        self._slack = slack
        self.works = False
        self._since = ground.clock.now()
        self._asked_at: datetime | None = None
        self._trouble: str | None = "not asked yet"
        self.workspace: Workspace | None = None

    async def ask_slack(self) -> None:
        """Learn whose token it is; raises SlackUnauthorized when Slack refuses it."""
        self._asked_at = self._ground.clock.now()
        try:
            self.workspace = await self._slack.workspace()
            self._trouble = None
        except SlackUnauthorized as refusal:
            self._trouble = str(refusal)
            raise
        except SlackTrouble as trouble:
            self._trouble = str(trouble)

    async def report(self) -> tuple[bool, dict[str, Any]]:
        """Whether the bot can do its work, and the details. A provider's trouble is told but
        does not make the bot unwell: restarting it would not help. What stands still without any
        such trouble does, in a process that works."""
        await self._ask_if_stale()
        measured, database = None, "ok"
        try:
            measured = await self._ground.db.read(lambda tx: measure(tx, self._ground, self._since))
        except StorageError as error:
            database = str(error)
        stuck = list(standstills(measured, self._ground.live)) if measured else []
        well = database == "ok" and self._trouble is None and not (stuck and self.works)
        return well, {
            "status": "ok" if well else "unwell",
            "database": database,
            "slack": self._trouble or "ok",
            "stuck": stuck,
            **_details(measured),
        }

    async def _ask_if_stale(self) -> None:
        asked, now = self._asked_at, self._ground.clock.now()
        if asked is not None and now - asked < ASK_AGAIN:
            return
        try:
            await self.ask_slack()
        except SlackUnauthorized:
            return


def _details(measured: Measured | None) -> dict[str, Any]:
    if measured is None:
        return {"connections": {}}
    now, waiting = measured.now, measured.backlog
    return {
        "deliveries": _waiting(waiting.deliveries, now),
        "connections": {
            name: {
                **_connection(state, now),
                "answers": _waiting(waiting.submissions.get(name, Waiting()), now),
            }
            for name, state in measured.polls.items()
        },
    }


def _waiting(waiting: Waiting, now: datetime) -> dict[str, float | None]:
    return {"waiting": waiting.count, "oldest_seconds": _seconds(waiting.since, now)}


def _connection(state: PollState, now: datetime) -> dict[str, str | float | None]:
    return {
        "state": state.trouble or ("ok" if state.good_at else "not polled yet"),
        "last_good_poll": state.good_at.isoformat() if state.good_at else None,
        "last_good_poll_seconds": _seconds(state.good_at, now),
        "since": state.trouble_since.isoformat() if state.trouble_since else None,
    }


def _seconds(since: datetime | None, now: datetime) -> float | None:
    """How long ago that was."""
    return None if since is None else round(max((now - since).total_seconds(), 0.0), 1)
