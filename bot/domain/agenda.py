"""When to speak to a person, and how: a pure function from what waits for them to what is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain import when
from bot.domain.boards import BoardKind
from bot.domain.calendar import digest_day, next_digest, quiet_until, told_at
from bot.domain.preferences import Preferences

MANY = 5
"""So many pieces of news at once come as cards; more are one board."""

AT_ONCE = timedelta(minutes=1)
PAGES = timedelta(seconds=2)
"""What comes within the time between two polls came at once, for a poll comes in pages; but within
no more than AT_ONCE, and no less than PAGES."""

YOUNG = timedelta(minutes=10)
"""A board that is younger grows, where another would come."""

HELD = timedelta(minutes=5)
"""What has waited for so long was held, whatever for."""

SOON = timedelta(hours=1)
"""What was held waits for a digest that comes within it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A task that the person should hear of. `since`: when it became news; `urgent`: it may pass
    quiet hours."""

    connection: str
    task_id: str
    since: datetime
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that matters of a person. `digested`: their day whose digest is told, or counts as told.
    `cards`: those of new tasks that came within `at_once`; `board_at`: when their newest board
    came, `burst_at`: the newest of many new tasks."""

    preferences: Preferences
    news: Sequence[Piece]
    digested: date
    cards: int = 0
    board_at: datetime | None = None
    burst_at: datetime | None = None
    at_once: timedelta = AT_ONCE


@dataclass(frozen=True, slots=True)
class Saying:
    """What to say now. `cards`: news that come as a card each; `board`: the kind of the board that
    comes, with the news `listed`; a digest lists what is overdue and due today, too, and comes only
    if there is anything. `grows`: the newest board takes them instead. `digest_of`: the day of
    theirs whose digest is told by this. `look_at`: when to look again (None: when something
    changes)."""

    cards: tuple[Piece, ...] = ()
    board: BoardKind | None = None
    listed: tuple[Piece, ...] = ()
    grows: bool = False
    digest_of: date | None = None
    look_at: datetime | None = None


def at_once(polls_every: Iterable[timedelta]) -> timedelta:
    """Within which time new tasks come at once, where connections are polled so often."""
    return max(min([AT_ONCE, *polls_every]), PAGES)


def decide(waiting: Waiting, now: datetime) -> Saying:
    """What to say to the person now, and when to look again."""
    day = _digest_due(waiting, now)
    if day is not None:
        return Saying(
            board=BoardKind.DIGEST,
            listed=tuple(waiting.news),
            digest_of=day,
            look_at=next_digest(now, waiting.preferences),
        )
    digest_at = _coming_digest(waiting, now)
    said = [one for one in waiting.news if _may_be_said(one, waiting.preferences, digest_at, now)]
    rest = [one for one in waiting.news if one not in said]
    later = [quiet_until(now, waiting.preferences, urgent=one.urgent) for one in rest]
    look_at = min((at for at in (digest_at, *later) if at is not None), default=None)
    return _say(said, waiting, look_at, now)


def _say(
    said: Sequence[Piece], waiting: Waiting, look_at: datetime | None, now: datetime
) -> Saying:
    """One board for many, or for more than one that was held; else a card each."""
    held = [one for one in said if _was_held(one, waiting.preferences, now)]
    age = None if waiting.board_at is None else now - waiting.board_at
    bursting = waiting.burst_at is not None and now - waiting.burst_at < waiting.at_once
    lately = waiting.cards + (MANY if bursting else 0)
    if not said or (len(said) + lately <= MANY and len(held) <= 1):
        return Saying(cards=tuple(said), look_at=look_at)
    return Saying(
        board=BoardKind.RELEASE if len(held) > 1 else BoardKind.BURST,
        listed=tuple(said),
        grows=age is not None and age < YOUNG,
        look_at=look_at,
    )


def _digest_due(waiting: Waiting, now: datetime) -> date | None:
    """The day of theirs whose digest must come now. One of a day that is over is not made up for,
    nor is one that is late spoken into quiet hours."""
    preferences = waiting.preferences
    day, clock = digest_day(now, preferences), preferences.digest_at
    today = when.local_day(now, when.zone(preferences.timezone))
    if day is None or clock is None or day != today or day <= waiting.digested:
        return None
    at = told_at(day, clock, preferences)
    late = quiet_until(now, preferences) is not None and quiet_until(at, preferences) is None
    return None if late else day


def _coming_digest(waiting: Waiting, now: datetime) -> datetime | None:
    """The next digest that will come; one of a day that counts as told will not."""
    preferences = waiting.preferences
    tz = when.zone(preferences.timezone)
    at = next_digest(now, preferences)
    while at is not None and when.local_day(at, tz) <= waiting.digested:
        at = next_digest(at, preferences)
    return at


def _may_be_said(
    piece: Piece, preferences: Preferences, digest_at: datetime | None, now: datetime
) -> bool:
    if quiet_until(now, preferences, urgent=piece.urgent) is not None:
        return False
    waits = digest_at is not None and digest_at - now <= SOON
    return not (waits and _was_held(piece, preferences, now))


def _was_held(piece: Piece, preferences: Preferences, now: datetime) -> bool:
    quiet = quiet_until(piece.since, preferences, urgent=piece.urgent)
    return quiet is not None or now - piece.since >= HELD
