"""What the services stand on: the rules that were set, and the connections that are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta

from adapters.contract import Provider
from bot.counts import Counts
from bot.domain.choices import preferred, with_status
from bot.domain.clock import Clock
from bot.domain.model import Actor, Connection, Person, Reader, Situation, StoredTask, Submission
from bot.domain.preferences import (
    DIGEST_AT,
    DUE_SOON,
    QUIET,
    WORKING_DAYS,
    Preferences,
    QuietHours,
)
from bot.domain.stand_ins import back_at, who_reads
from bot.quiet import QuietPolls
from bot.store import (
    connections,
    messages,
    news,
    people,
    preferences,
    snoozes,
    submissions,
    tasks,
)
from bot.store.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that decide what people see and may do."""

    timezone: str = "UTC"
    locale: str = "en"
    due_soon: timedelta | None = DUE_SOON
    working_days: frozenset[int] = WORKING_DAYS
    quiet_hours: QuietHours | None = QUIET
    digest_at: time | None = DIGEST_AT
    undo: timedelta = timedelta(seconds=5)
    admins: frozenset[str] = frozenset()
    managers: frozenset[str] = frozenset()
    fallback_channel: str | None = None
    alert_channel: str | None = None
    link_by_email: str = "auto"

    def oversees(self, slack_user: str) -> bool:
        """Whether somebody may see and do what is others'."""
        return slack_user in self.admins or slack_user in self.managers


@dataclass(frozen=True, slots=True)
class LiveConnection:
    """A connection of this process: its provider, and how often to poll it."""

    name: str
    provider_name: str
    title: str
    provider: Provider
    poll_interval: timedelta


@dataclass(frozen=True, slots=True)
class Ground:
    """Shared by all services."""

    db: Database
    clock: Clock
    rules: Rules
    live: Mapping[str, LiveConnection]
    quiet: QuietPolls = field(default_factory=QuietPolls)
    counts: Counts = field(default_factory=Counts)

    def connection(self, tx: Tx, name: str) -> Connection:
        """The connection as cards name it, with the outcomes that were last read."""
        live = self.live.get(name)
        state = connections.state(tx, name)
        if live is None:
            return Connection(name, name, state.outcomes)
        return Connection(name, live.title, state.outcomes, live.provider.capabilities)

    def actor(self, tx: Tx, slack_user: str, connection: str) -> Actor:
        """Who somebody is at a connection, and whether they may act for others."""
        oversees = self.rules.oversees(slack_user)
        own = people.operators_of_user(tx, connection, slack_user)
        others = (
            operator
            for user in self.stands_in_for(tx, slack_user)
            for operator in people.operators_of_user(tx, connection, user)
        )
        return Actor(slack_user, own, oversees, tuple(others))

    def stands_in_for(self, tx: Tx, slack_user: str) -> list[str]:
        """Those who are away, and have asked this person or somebody who has asked them."""
        asking = preferences.asking(tx, slack_user)
        return [user for user in asking if self.who_reads(tx, user) == slack_user]

    def who_reads(self, tx: Tx, slack_user: str) -> str:
        """They themselves, or who stands in for them now."""
        return who_reads(slack_user, lambda one: self.preferences(tx, one), self.clock.now())

    def situation(self, tx: Tx, stored: StoredTask) -> Situation:
        """All that the planner must know of a task."""
        name, task_id = stored.connection, stored.task.id
        baselines = tasks.baselines(tx, name, task_id)
        owners = people.linked_users(tx, name, baselines)
        stand_ins = {user: self.who_reads(tx, user) for user in dict.fromkeys(owners.values())}
        away = [user for user, reads in stand_ins.items() if reads != user]
        linked = {operator: stand_ins[user] for operator, user in owners.items()}
        cards = messages.cards_of(tx, name, task_id)
        readers = self._readers(tx, stored, baselines, linked, stand_ins)
        zones = {card.reader: self._zone(tx, card.reader) for card in cards}
        return Situation(
            stored=stored,
            connection=self.connection(tx, name),
            readers=readers,
            cards=cards,
            submission=submissions.newest(tx, name, task_id),
            answered=_answered(tx, stored),
            linked=linked,
            names=people.names(tx, name, baselines),
            timezones=zones | {reader.id: reader.timezone for reader in readers},
            news=news.of_task(tx, name, task_id),
            snoozed=snoozes.of_task(tx, name, task_id),
            away_until={
                user: back_at(self.preferences(tx, user), self.clock.now()) for user in away
            },
        )

    def _readers(
        self,
        tx: Tx,
        stored: StoredTask,
        baselines: Mapping[str, bool],
        linked: Mapping[str, str],
        stand_ins: Mapping[str, str],
    ) -> list[Reader]:
        fresh = {linked[o] for o, baseline in baselines.items() if o in linked and not baseline}
        asked_by = {reads: user for user, reads in stand_ins.items() if reads not in stand_ins}
        readers = [
            Reader(user, self.preferences(tx, user), user not in fresh, asked_by.get(user))
            for user in dict.fromkeys(linked.values())
        ]
        channel = self.rules.fallback_channel
        if readers or channel is None:
            return readers
        first = connections.state(tx, stored.connection).baseline_at
        baseline = first is None or stored.first_seen_at <= first
        return [Reader(channel, self.preferences(tx, channel), baseline=baseline)]

    def person(self, tx: Tx, reader: str) -> Person:
        """A Slack user, or a channel, in the zone and language that they chose or Slack tells; the
        settings stand in for both."""
        person = people.person(tx, reader, self.rules.timezone, self.rules.locale)
        chosen = preferences.choices(tx, reader)
        timezone = chosen.get("timezone", person.timezone)
        theirs = replace(person, timezone=timezone, locale=chosen.get("locale", person.locale))
        like_slack = (timezone, theirs.language) == (person.timezone, person.language)
        return replace(theirs, like_slack=like_slack)

    def preferences(self, tx: Tx, reader: str) -> Preferences:
        """How a Slack user wants to be told, as it counts now; of a channel the settings tell."""
        wanted = preferred(self.defaults(tx, reader), preferences.choices(tx, reader))
        return with_status(wanted, people.status(tx, reader), self.clock.now())

    def defaults(self, tx: Tx, reader: str) -> Preferences:
        """The preferences of a reader who has chosen nothing."""
        person = people.person(tx, reader, self.rules.timezone, self.rules.locale)
        return Preferences(
            timezone=person.timezone,
            locale=person.locale,
            working_days=self.rules.working_days,
            quiet=self.rules.quiet_hours,
            digest_at=self.rules.digest_at,
            due_soon=self.rules.due_soon,
        )

    def _zone(self, tx: Tx, reader: str) -> str:
        return self.person(tx, reader).timezone


def _answered(tx: Tx, stored: StoredTask) -> Submission | None:
    return submissions.find(tx, stored.submission_id) if stored.submission_id else None
