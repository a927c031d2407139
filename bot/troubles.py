"""Trouble reaches the admins once when it begins and once when it ends, with its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.model import Whisper
from bot.domain.records import TASKBELL
from bot.ground import Ground, LiveConnection
from bot.slack.client import SlackTrouble, SlackUnauthorized
from bot.store import connections, messages, outages, people, screens
from bot.store.database import Tx
from bot.store.outages import Outage

PATIENCE = timedelta(minutes=5)
"""How long a provider may be away before the admins hear of it; a refused key is told at once."""

log = structlog.get_logger(__name__)


class Troubles:
    """Records what is wrong with connections and tells it."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

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
        await self._ground.db.write(
            lambda tx: self._not_written(tx, live, "answer_unauthorized", reason)
        )

    def answers_wait(self, tx: Tx, live: LiveConnection, reason: str) -> None:
        """An answer has waited for long, whatever the polls say."""
        self._not_written(tx, live, "answers_stuck", reason)

    def _not_written(self, tx: Tx, live: LiveConnection, code: str, reason: str) -> None:
        if connections.state(tx, live.name).told_at is not None:
            return  # they know more than that
        if outages.begin(tx, outages.answers(live.name), reason, self._ground.clock.now()):
            self._tell(tx, live, code, reason)

    def key_writes(self, tx: Tx, live: LiveConnection) -> None:
        """An answer was taken."""
        if outages.end(tx, outages.answers(live.name)):
            self._tell(tx, live, "answers_taken", "")

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
        if before != trouble:
            screens.redraw_of(tx, self._ground.rules.admins, now)
        since = connections.state(tx, live.name).trouble_since or now
        if trouble != "unauthorized" and now - since < PATIENCE:
            return
        # A key that turns out to be refused needs an admin, whatever they were told of before.
        refused_now = trouble == "unauthorized" and before not in (None, trouble)
        if connections.told(tx, live.name, now) or refused_now:
            self._tell(tx, live, f"connection_{trouble}", reason)

    def _recover(self, tx: Tx, live: LiveConnection) -> None:
        was_told = connections.state(tx, live.name).told_at is not None
        now = self._ground.clock.now()
        connections.set_trouble(tx, live.name, None, now)
        screens.redraw_of(tx, self._ground.rules.admins, now)
        if was_told:
            self._tell(tx, live, "connection_recovered", "")

    def _tell(self, tx: Tx, live: LiveConnection, code: str, reason: str) -> None:
        tell_admins(tx, self._ground, Whisper(code, {"connection": live.title, "reason": reason}))
        now = self._ground.clock.now()
        people.audit(tx, now, TASKBELL, code.replace("_", " "), live.name, None, {"said": reason})


class Workspace(Protocol):
    """Tells whose token it is; raises SlackTrouble."""

    async def workspace(self) -> object: ...


class SlackWatch:
    """Looks whether Slack still takes the bot's token. While it does not, nobody can be told in
    Slack: the log tells, and the admins hear afterwards."""

    def __init__(self, ground: Ground, slack: Workspace) -> None:
        self._ground = ground
        self._slack = slack
        self._away_since: datetime | None = None

    async def tick(self) -> None:
        """Ask, and record what begins or ends."""
        try:
            await self._slack.workspace()
        except SlackUnauthorized as refusal:
            await self._begin(str(refusal))
        except SlackTrouble as trouble:
            now = self._ground.clock.now()
            self._away_since = self._away_since or now
            if now - self._away_since >= PATIENCE:
                await self._begin(str(trouble))
        else:
            self._away_since = None
            await self._end()

    async def _begin(self, reason: str) -> None:
        now = self._ground.clock.now()

        def store(tx: Tx) -> bool:
            begun = outages.begin(tx, outages.SLACK, reason, now)
            if begun:
                people.audit(tx, now, TASKBELL, "slack lost", detail={"said": reason})
            return begun

        if await self._ground.db.write(store):
            log.error("slack revoked the bot's access, or is away", error=reason)

    async def _end(self) -> None:
        known = await self._ground.db.read(outages.all_of_them)
        lost = next((one for one in known if one.subject == outages.SLACK), None)
        if lost is not None and await self._ground.db.write(lambda tx: self._recover(tx, lost)):
            log.info("slack takes the bot's token again")

    def _recover(self, tx: Tx, lost: Outage) -> bool:
        if not outages.end(tx, outages.SLACK):
            return False
        now = self._ground.clock.now()
        minutes = str(max(round((now - lost.since).total_seconds() / 60), 1))
        params = {"connection": "Slack", "reason": lost.reason, "minutes": minutes}
        tell_admins(tx, self._ground, Whisper("slack_recovered", params))
        people.audit(tx, now, TASKBELL, "slack recovered")
        return True


def tell_admins(tx: Tx, ground: Ground, notice: Whisper) -> None:
    """Say it to those who hear of trouble."""
    for reader in those_who_hear(ground):
        messages.add_notice(tx, reader, notice, ground.clock.now())


def those_who_hear(ground: Ground) -> Sequence[str]:
    """The channel for admins, or each of them."""
    channel = ground.rules.alert_channel
    return sorted(ground.rules.admins) if channel is None else [channel]
