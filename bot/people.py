"""People: keep what Slack says of those who are linked up to date."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.ground import Ground
from bot.slack.client import SlackBusy, SlackClient, SlackRefused, SlackTrouble
from bot.store import messages, people, tasks
from bot.store.database import Tx

REFRESH_EVERY = timedelta(hours=24)
BATCH = 50

log = structlog.get_logger(__name__)


class Profiles:
    """Fetches time zones, languages and names from Slack."""

    def __init__(self, ground: Ground, slack: SlackClient) -> None:
        self._ground = ground
        self._slack = slack

    async def refresh(self) -> None:
        """Fetch the profiles that are missing or old. Slack's trouble leaves them for later."""
        now = self._ground.clock.now()
        waiting = await self._ground.db.read(
            lambda tx: people.people_to_refresh(tx, now - REFRESH_EVERY, BATCH)
        )
        for slack_user in waiting:
            try:
                await self._fetch(slack_user)
            except SlackBusy:
                return  # within Slack's pace the others come later
            except SlackTrouble as trouble:
                log.warning("profile not fetched", error=str(trouble))
                return

    async def _fetch(self, slack_user: str) -> None:
        name = timezone = locale = None
        try:
            profile = await self._slack.profile(slack_user)
            name, timezone, locale = profile.name, profile.timezone, profile.locale
        except SlackRefused as refusal:
            log.warning("profile refused", error=str(refusal))

        def store(tx: Tx) -> None:
            now = self._ground.clock.now()
            if people.refresh_person(tx, slack_user, name, timezone, locale, now):
                messages.redraw_all_of(tx, slack_user, now)
                for stored in tasks.open_of_user(tx, slack_user):  # a day may be over there
                    tasks.look_again(tx, stored.connection, stored.task.id)

        await self._ground.db.write(store)
