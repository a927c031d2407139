"""People: keep what Slack says of those who are linked up to date."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.ground import Ground
from bot.personal import look_anew
from bot.slack.client import Profile, SlackBusy, SlackClient, SlackRefused, SlackTrouble
from bot.store import people
from bot.store.database import Tx

REFRESH_EVERY = timedelta(hours=24)
BATCH = 50
MEET_SECONDS = 1.0
"""How long somebody's first click may wait for it: Slack gives three seconds for all."""

log = structlog.get_logger(__name__)


class Profiles:
    """Fetches time zones, languages, names and absences from Slack."""

    def __init__(self, ground: Ground, slack: SlackClient) -> None:
        self._ground = ground
        self._slack = slack
        self._met: set[str] = set()
        """Who is known, so that a click need not ask the database."""

    async def refresh(self) -> None:
        """Fetch the profiles that are missing or old. Slack's trouble leaves them for later."""
        now = self._ground.clock.now()
        waiting = await self._ground.db.read(
            lambda tx: people.people_to_refresh(tx, now - REFRESH_EVERY, now, BATCH)
        )
        for slack_user in waiting:
            if not await self._fetched(slack_user):
                return  # within Slack's pace the others come later

    async def meet(self, slack_user: str) -> None:
        """Know somebody before anything is told them: their night, and their language. A Slack
        that is slow or away leaves it for later."""
        if slack_user in self._met:
            return
        if not await self._ground.db.read(lambda tx: people.is_known(tx, slack_user)):
            await self._ground.db.write(lambda tx: people.see_person(tx, slack_user))
            try:
                async with asyncio.timeout(MEET_SECONDS):
                    if not await self._fetched(slack_user):
                        return
            except TimeoutError:
                return
        self._met.add(slack_user)

    async def _fetched(self, slack_user: str) -> bool:
        try:
            await self._fetch(slack_user)
        except SlackBusy:
            return False
        except SlackTrouble as trouble:
            log.warning("profile not fetched", error=str(trouble))
            return False
        return True

    async def _fetch(self, slack_user: str) -> None:
        told = None
        try:
            told = await self._slack.profile(slack_user)
        except SlackRefused as refusal:
            log.warning("profile refused", error=str(refusal))
        await self._ground.db.write(lambda tx: self._store(tx, slack_user, told))

    def _store(self, tx: Tx, slack_user: str, told: Profile | None) -> None:
        now = self._ground.clock.now()
        if told is None:
            people.not_told(tx, slack_user, now)
            return
        before, status = self._ground.person(tx, slack_user), people.status(tx, slack_user)
        people.refresh_person(tx, slack_user, told.name, told.timezone, told.locale, now)
        people.set_status(tx, slack_user, told.away)
        after = self._ground.person(tx, slack_user)
        redraw = (before.timezone, before.locale) != (after.timezone, after.locale)
        if redraw or told.away != status:
            look_anew(tx, slack_user, now, redraw=redraw)
