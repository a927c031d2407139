"""What those see who look after others and after the bot itself, and who may see what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.contract import Due
from bot.domain import when
from bot.domain.model import Person


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may ask for. `oversees`: they are a manager or an admin; `creates`: they may
    make tasks somewhere."""

    oversees: bool = False
    admin: bool = False
    creates: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is linked, and how much waits for them."""

    slack_user: str
    open: int = 0
    overdue: int = 0
    today: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """Everybody who is linked, whoever has most that is overdue first; `names` of those who have
    one. `unclaimed`: open tasks of nobody who is linked. `reader`: who looks at it."""

    members: tuple[Member, ...]
    unclaimed: int
    reader: Person
    names: Mapping[str, str] = field(default_factory=dict)


def burdened(
    dues: Mapping[str, Iterable[Due | None]], zones: Mapping[str, str], now: datetime
) -> tuple[Member, ...]:
    """Who has how much, by the open tasks of each, in each one's own zone; those first who have
    most that is overdue, then most that is open."""
    members = (_member(user, found, zones[user], now) for user, found in dues.items())
    return tuple(sorted(members, key=lambda one: (-one.overdue, -one.open, one.slack_user)))


def _member(slack_user: str, dues: Iterable[Due | None], zone: str, now: datetime) -> Member:
    tz, given = when.zone(zone), list(dues)
    today = when.local_day(now, tz)
    timed = [due for due in given if due is not None]
    return Member(
        slack_user,
        len(given),
        sum(when.is_overdue(due, now, tz) for due in timed),
        sum(not when.is_overdue(due, now, tz) and when.due_day(due, tz) == today for due in timed),
    )


@dataclass(frozen=True, slots=True)
class Stand:
    """How a connection is. `trouble`: unauthorized, unavailable or malformed, since `since`;
    `good_at`: its last good poll; `every`: how often it is polled; `gap`: what is to be set up."""

    title: str
    good_at: datetime | None
    every: timedelta
    trouble: str | None = None
    since: datetime | None = None
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Stranger:
    """An operator with open tasks, and nobody in Slack."""

    name: str
    tasks: int


@dataclass(frozen=True, slots=True)
class Account:
    """A connection as an admin looks at it: what is open there, who is linked and who is not;
    `disputed`: operators whom several people ask to be. `waiting`: answers on their way there;
    `refused`: those that the provider has refused lately."""

    stand: Stand
    open: int = 0
    linked: int = 0
    strangers: tuple[Stranger, ...] = ()
    disputed: tuple[str, ...] = ()
    waiting: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """All that an admin should know. `proposals`: links to confirm; `messages`: on their way to
    Slack; `undelivered`: those that Slack has refused lately. `now`: when it was; `reader`: who
    looks at it."""

    accounts: tuple[Account, ...]
    proposals: int
    messages: int
    undelivered: int
    now: datetime
    reader: Person
