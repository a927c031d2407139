"""Link: which Slack user is which operator."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from adapters.contract import Operator
from bot import asking, keeping
from bot.domain import when
from bot.domain.calendar import quiet_until
from bot.domain.model import Whisper
from bot.ground import Ground, LiveConnection
from bot.people import Profiles
from bot.slack.client import Profile, SlackBusy, SlackTrouble
from bot.store import agenda, connections, messages, people, proposals, tasks
from bot.store.database import Tx
from bot.store.people import Link
from bot.store.tasks import Waiting

DIRECTORY_EVERY = timedelta(hours=1)
LOOK_UP_AGAIN = timedelta(hours=24)
"""An address that Slack does not know may be known tomorrow."""

LOOKUPS = 50
"""Addresses looked up in one poll: Slack allows about that many a minute."""

MATCH_SECONDS = 5.0
"""How long they may take of a poll, which waits for them."""

FEW = 5
"""So many waiting tasks come as cards when their operator is linked; more are summed up."""

log = structlog.get_logger(__name__)


class Directory(Protocol):
    """Finds Slack users by their address."""

    async def profile_by_email(self, email: str) -> Profile | None: ...


class Linking:
    """Reads the directories of the providers and links whom the e-mail address tells."""

    def __init__(self, ground: Ground, slack: Directory, profiles: Profiles) -> None:
        self._ground = ground
        self._slack = slack
        self._profiles = profiles

    async def refresh(self, live: LiveConnection) -> None:
        """Get to know who was linked elsewhere, read the connection's directory if it is time, and
        match e-mail addresses."""
        await self._profiles.refresh()
        if not live.provider.capabilities.directory:
            return
        now = self._ground.clock.now()
        if await self._ground.db.read(lambda tx: _is_stale(tx, live.name, now)):
            found = await live.provider.operators()

            def store(tx: Tx) -> None:
                people.learn_operators(tx, live.name, found, directory=True)
                people.no_longer_strangers(tx, live.name, now)
                connections.directory_read(tx, live.name, now)

            await self._ground.db.write(store)
        if self._ground.rules.link_by_email != "off":
            await self._match(live, now)

    async def _match(self, live: LiveConnection, now: datetime) -> None:
        waiting = await self._ground.db.read(
            lambda tx: people.operators_to_match(tx, live.name, now - LOOK_UP_AGAIN, LOOKUPS)
        )
        try:
            async with asyncio.timeout(MATCH_SECONDS):
                for operator in waiting:
                    await self._match_one(live, operator)
        except (SlackBusy, TimeoutError):
            log.info("matching by e-mail goes on with the next poll", connection=live.name)
        except SlackTrouble as trouble:
            log.warning("cannot match by e-mail", connection=live.name, error=str(trouble))

    async def _match_one(self, live: LiveConnection, operator: Operator) -> None:
        profile = await self._slack.profile_by_email((operator.email or "").strip())
        if profile is not None and profile.usable:
            await self._profiles.meet(profile.id)
        await self._ground.db.write(
            partial(self._decide, live=live, operator=operator, profile=profile)
        )

    def _decide(
        self, tx: Tx, live: LiveConnection, operator: Operator, profile: Profile | None
    ) -> None:
        now = self._ground.clock.now()
        people.matched(tx, live.name, operator.id, now)
        if profile is None or not profile.usable:
            return
        if proposals.refused_by(tx, live.name, operator.id, profile.id):
            return
        if self._ground.rules.link_by_email == "propose":
            proposals.add(tx, live.name, operator.id, profile.id, "email", proposals.OPEN, now)
            return
        link = Link(live.name, operator.id, profile.id, "email", "taskbell", now)
        add_link(tx, self._ground, link)


def _is_stale(tx: Tx, connection: str, now: datetime) -> bool:
    """Whether to read a directory again: it is old, or a task names somebody it did not have."""
    read_at = connections.state(tx, connection).directory_at
    if read_at is None or now - read_at >= DIRECTORY_EVERY:
        return True
    return people.strangers(tx, connection)


def add_link(tx: Tx, ground: Ground, link: Link) -> Link | None:
    """Make a link and bring the person what waits for them; returns the link in its way, if any.

    A few tasks that nobody had read come as cards; many, or those from before we began to watch,
    are summed up. Who has asked for it hears of it in any case, and what they clicked before is
    carried out.
    """
    in_the_way = people.add_link(tx, link)
    if in_the_way is not None:
        return in_the_way
    people.audit(
        tx,
        link.created_at,
        link.actor,
        "link",
        link.connection,
        link.operator_id,
        {"slack_user": link.slack_user, "provenance": link.provenance},
    )
    asked = asking.settle(tx, ground, link)
    waiting = tasks.open_of_operator(tx, link.connection, link.operator_id)
    news = [one for one in waiting if not one.baseline]
    if len(news) > FEW:
        tasks.make_baseline(tx, link.connection, link.operator_id)
    if asked or len(news) < len(waiting) or len(news) > FEW:
        _summarise_link(tx, ground, link, waiting, asked=asked)
    keeping.carry_out(tx, ground, link)
    tasks.look_again_for(tx, link.connection, link.operator_id)
    agenda.look_now(tx, link.slack_user, ground.clock.now())
    return None


def remove_link(
    tx: Tx, ground: Ground, connection: str, operator_id: str, actor: str
) -> Link | None:
    """Undo a link, and let no address make it again; the cards of its tasks lose their buttons.
    Returns it, None when there was none."""
    link = people.link_of(tx, connection, operator_id)
    if link is None:
        return None
    now = ground.clock.now()
    tasks.look_again_for(tx, connection, operator_id)
    people.remove_link(tx, connection, operator_id)
    proposals.refuse_address(tx, connection, operator_id, link.slack_user, actor, now)
    asking.follow_all(tx, ground, connection, operator_id)
    people.audit(tx, now, actor, "unlink", connection, operator_id)
    return link


def summarise_baseline(tx: Tx, ground: Ground, live: LiveConnection) -> None:
    """Tell everybody linked, once, what they already had when a connection was first polled."""
    theirs: dict[str, dict[str, Waiting]] = {}
    for link in people.links(tx):
        if link.connection == live.name:
            found = tasks.open_of_operator(tx, live.name, link.operator_id)
            theirs.setdefault(link.slack_user, {}).update({one.key: one for one in found})
    for slack_user, waiting in theirs.items():
        _summarise(tx, ground, live.name, slack_user, Whisper("baseline"), waiting.values())


def summarise_newcomers(
    tx: Tx, ground: Ground, live: LiveConnection, operator_ids: Iterable[str]
) -> None:
    """The same for operators that are linked, and whose tasks have just been read for the first
    time."""
    for operator_id in sorted(operator_ids):
        link = people.link_of(tx, live.name, operator_id)
        if link is not None:
            waiting = tasks.open_of_operator(tx, live.name, operator_id)
            _summarise_link(tx, ground, link, [one for one in waiting if one.baseline])


def _summarise_link(
    tx: Tx, ground: Ground, link: Link, waiting: Iterable[Waiting], *, asked: bool = False
) -> None:
    operator = people.operator(tx, link.connection, link.operator_id)
    name = operator.name if operator and operator.name else link.operator_id
    summary = Whisper("linked", {"operator": name})
    _summarise(tx, ground, link.connection, link.slack_user, summary, waiting, asked=asked)


def _summarise(
    tx: Tx,
    ground: Ground,
    connection: str,
    slack_user: str,
    summary: Whisper,
    waiting: Iterable[Waiting],
    *,
    asked: bool = False,
) -> None:
    """Say what is there, if anything is. `asked`: they wait for it, so it comes in any case, and
    at once."""
    now = ground.clock.now()
    tz = when.zone(ground.person(tx, slack_user).timezone)
    today = when.local_day(now, tz)
    counts = Counter[str]()
    for one in waiting:
        counts["open"] += 1
        due = one.due
        if due is not None:
            counts["overdue"] += when.is_overdue(due, now, tz)
            counts["today"] += when.due_day(due, tz) == today
    if counts["open"] or asked:
        params = {key: str(counts[key]) for key in ("open", "overdue", "today")}
        title = ground.connection(tx, connection).title
        notice = Whisper(summary.code, {**summary.params, "connection": title, **params})
        quiet = None if asked else quiet_until(now, ground.preferences(tx, slack_user))
        messages.add_notice(tx, slack_user, notice, now, not_before=quiet)
