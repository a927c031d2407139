"""How the bot is: the database, Slack, and each connection's last good poll."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.ground import Ground
from bot.slack.client import SlackClient, SlackTrouble, SlackUnauthorized, Workspace
from bot.store import connections
from bot.store.connections import PollState
from bot.store.database import StorageError

ASK_AGAIN = timedelta(seconds=30)


class Health:
    """Answers `/healthz`. `workspace`: what Slack said of the token, once it has."""

    def __init__(self, ground: Ground, slack: SlackClient) -> None:
        self._ground = ground
        self._slack = slack
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
        does not make the bot unwell: restarting it would not help."""
        await self._ask_if_stale()
        try:
            states = await self._ground.db.read(connections.states)
            database = "ok"
        except StorageError as error:
            states, database = [], str(error)
        well = database == "ok" and self._trouble is None
        quiet = self._ground.quiet
        live = [quiet.seen(state) for state in states if state.name in self._ground.live]
        return well, {
            "status": "ok" if well else "unwell",
            "database": database,
            "slack": self._trouble or "ok",
            "connections": {state.name: _connection(state) for state in live},
        }

    async def _ask_if_stale(self) -> None:
        asked, now = self._asked_at, self._ground.clock.now()
        if asked is not None and now - asked < ASK_AGAIN:
            return
        try:
            await self.ask_slack()
        except SlackUnauthorized:
            return


def _connection(state: PollState) -> dict[str, str | None]:
    return {
        "state": state.trouble or ("ok" if state.good_at else "not polled yet"),
        "last_good_poll": state.good_at.isoformat() if state.good_at else None,
        "since": state.trouble_since.isoformat() if state.trouble_since else None,
    }
