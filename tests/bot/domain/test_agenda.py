"""When to speak to a person, and how: each rule with its table of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.domain.agenda import Piece, Saying, Waiting, at_once, decide
from bot.domain.boards import BoardKind
from bot.domain.preferences import Absence, AbsenceMode, Preferences, QuietHours

MADRID = Preferences(timezone="Europe/Madrid", country="ES")
"""Monday to Friday, quiet from 20:00 to 08:00, digest at 08:30."""


def at(text: str, zone: str = "Europe/Madrid") -> datetime:
    """An instant by the wall clock of that zone; `2026-04-15` is a Wednesday."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def pieces(*since: str, zone: str = "Europe/Madrid") -> list[Piece]:
    return [Piece("reten", f"t{n}", at(text, zone)) for n, text in enumerate(since)]


def waiting(
    news: Sequence[Piece] = (),
    preferences: Preferences = MADRID,
    digested: str = "2026-04-15",
    **more: object,
) -> Waiting:
    return Waiting(preferences, news, date.fromisoformat(digested), **more)  # type: ignore[arg-type]


def told(saying: Saying) -> tuple[int, BoardKind | None, int]:
    """How many cards, which board, and how many pieces of news it lists."""
    return len(saying.cards), saying.board, len(saying.listed)


@pytest.mark.parametrize(
    ("count", "cards", "expected"),
    [
        (1, 0, (1, None, 0)),
        (5, 0, (5, None, 0)),
        (6, 0, (0, BoardKind.BURST, 6)),
        (12, 0, (0, BoardKind.BURST, 12)),
        (3, 2, (3, None, 0)),
        (3, 3, (0, BoardKind.BURST, 3)),
        (1, 5, (0, BoardKind.BURST, 1)),
    ],
)
def test_more_than_five_at_once_are_one_board(
    count: int, cards: int, expected: tuple[int, BoardKind | None, int]
) -> None:
    """`cards`: those that came within the last minute."""
    news = pieces(*["2026-04-15 11:00"] * count)
    assert told(decide(waiting(news, cards=cards), at("2026-04-15 11:00"))) == expected


@pytest.mark.parametrize(
    ("minutes", "count", "expected", "grows"),
    [
        (0.5, 2, (0, BoardKind.BURST, 2), True),  # the next page of the same poll
        (5, 2, (2, None, 0), False),
        (5, 7, (0, BoardKind.BURST, 7), True),
        (9.9, 7, (0, BoardKind.BURST, 7), True),
        (10, 7, (0, BoardKind.BURST, 7), False),
    ],
)
def test_a_young_board_grows_where_another_would_come(
    minutes: float, count: int, expected: tuple[int, BoardKind | None, int], grows: bool
) -> None:
    now = at("2026-04-15 11:00")
    came = now - timedelta(minutes=minutes)
    news = pieces(*["2026-04-15 11:00"] * count)
    saying = decide(waiting(news, board_at=came, burst_at=came), now)
    assert (told(saying), saying.grows) == (expected, grows)


def test_what_comes_after_a_daily_list_is_no_part_of_it() -> None:
    now = at("2026-04-15 11:00")
    news = pieces(*["2026-04-15 11:00"] * 2)
    saying = decide(waiting(news, board_at=now - timedelta(seconds=30)), now)
    assert told(saying) == (2, None, 0)


@pytest.mark.parametrize(
    ("seconds", "window"), [((60, 120), 60), ((120,), 60), ((30, 60), 30), ((1,), 2), ((), 60)]
)
def test_at_once_is_within_one_poll(seconds: tuple[int, ...], window: int) -> None:
    assert at_once(timedelta(seconds=one) for one in seconds) == timedelta(seconds=window)


def test_what_another_poll_brings_came_later() -> None:
    now = at("2026-04-15 11:00")
    came, window = now - timedelta(seconds=10), timedelta(seconds=2)
    saying = decide(waiting(pieces("2026-04-15 11:00"), burst_at=came, at_once=window), now)
    assert told(saying) == (1, None, 0)


@pytest.mark.parametrize(
    ("now", "since", "expected", "look_at"),
    [
        # quiet hours: nothing, until they end; then the digest is near, and takes it
        ("2026-04-15 23:00", ["2026-04-15 22:00"], (0, None, 0), "2026-04-16 08:00"),
        ("2026-04-16 08:00", ["2026-04-15 22:00"], (0, None, 0), "2026-04-16 08:30"),
        ("2026-04-16 08:30", ["2026-04-15 22:00"], (0, BoardKind.DIGEST, 1), "2026-04-17 08:30"),
        # what was not held comes at once, though a digest is near
        ("2026-04-16 08:10", ["2026-04-16 08:10"], (1, None, 0), "2026-04-16 08:30"),
        ("2026-04-16 08:10", ["2026-04-16 08:10", "2026-04-15 22:00"], (1, None, 0), None),
        # a weekend, and a holiday on Friday 1 May
        ("2026-04-17 21:00", ["2026-04-17 21:00"], (0, None, 0), "2026-04-20 08:00"),
        ("2026-05-01 11:00", ["2026-05-01 11:00"], (0, None, 0), "2026-05-04 08:00"),
    ],
)
def test_what_may_not_be_said_waits(
    now: str,
    since: list[str],
    expected: tuple[int, BoardKind | None, int],
    look_at: str | None,
) -> None:
    saying = decide(waiting(pieces(*since)), at(now))
    assert told(saying) == expected
    if look_at is not None:
        assert saying.look_at == at(look_at)


LATE = replace(MADRID, digest_at=time(11))
NO_DIGEST = replace(MADRID, digest_at=None)


@pytest.mark.parametrize(
    ("preferences", "now", "count", "expected"),
    [
        (LATE, "2026-04-16 08:00", 1, (1, None, 0)),
        (LATE, "2026-04-16 08:00", 2, (0, BoardKind.RELEASE, 2)),
        (LATE, "2026-04-16 09:59", 2, (0, BoardKind.RELEASE, 2)),
        (LATE, "2026-04-16 10:00", 2, (0, None, 0)),
        (NO_DIGEST, "2026-04-16 08:00", 9, (0, BoardKind.RELEASE, 9)),
    ],
)
def test_what_was_held_comes_as_one_board(
    preferences: Preferences, now: str, count: int, expected: tuple[int, BoardKind | None, int]
) -> None:
    news = pieces(*["2026-04-15 22:00"] * count)
    assert told(decide(waiting(news, preferences), at(now))) == expected


def test_what_waited_for_another_reason_was_held_too() -> None:
    """An absence that is over, or a bot that was down, has left no trace."""
    news = pieces("2026-04-15 11:00", "2026-04-15 12:00")
    assert decide(waiting(news, NO_DIGEST), at("2026-04-15 15:00")).board is BoardKind.RELEASE


@dataclass(frozen=True)
class Day:
    """A moment, the day whose digest was told last, and whether one comes."""

    now: str
    digested: str
    comes: bool
    preferences: Preferences = MADRID


DAYS = {
    "before its hour": Day("2026-04-16 08:29", "2026-04-15", False),
    "at its hour": Day("2026-04-16 08:30", "2026-04-15", True),
    "later on its day": Day("2026-04-16 15:00", "2026-04-15", True),
    "once": Day("2026-04-16 08:31", "2026-04-16", False),
    "late at night": Day("2026-04-16 21:00", "2026-04-15", False),
    "of yesterday": Day("2026-04-16 08:10", "2026-04-14", False),
    "after a week of silence": Day("2026-04-16 09:00", "2026-04-09", True),
    "on a Saturday": Day("2026-04-18 09:00", "2026-04-16", False),
    "on a holiday": Day("2026-05-01 09:00", "2026-04-30", False),
    "none wanted": Day("2026-04-16 09:00", "2026-04-15", False, NO_DIGEST),
    "in the evening, in quiet hours": Day(
        "2026-04-16 21:00", "2026-04-15", True, replace(MADRID, digest_at=time(21))
    ),
    "on leave": Day(
        "2026-04-16 09:00",
        "2026-04-15",
        False,
        replace(MADRID, absence=Absence(AbsenceMode.HOLD, date(2026, 4, 17))),
    ),
    "on the day of the change to summer": Day(
        "2026-03-29 08:30", "2026-03-28", True, replace(MADRID, working_days=frozenset(range(7)))
    ),
    "at an hour that does not exist": Day(
        "2026-03-29 03:00",
        "2026-03-28",
        True,
        replace(MADRID, working_days=frozenset(range(7)), digest_at=time(2, 30), quiet=None),
    ),
    "before the hour that comes twice": Day(
        "2026-10-25 02:29",
        "2026-10-24",
        False,
        replace(MADRID, working_days=frozenset(range(7)), digest_at=time(2, 30), quiet=None),
    ),
}


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS.keys())
def test_a_digest_comes_once_on_its_day(day: Day) -> None:
    saying = decide(waiting((), day.preferences, day.digested), at(day.now))
    assert (saying.board is BoardKind.DIGEST) == day.comes
    assert (saying.digest_of is not None) == day.comes


def test_a_digest_that_counts_as_told_is_not_waited_for() -> None:
    """They are known since seven this morning: at eight they hear of what was held."""
    news = pieces("2026-04-16 07:05", "2026-04-16 07:06")
    saying = decide(waiting(news, digested="2026-04-16"), at("2026-04-16 08:00"))
    assert saying.board is BoardKind.RELEASE
    assert saying.look_at == at("2026-04-17 08:30")


@pytest.mark.parametrize(
    ("passes", "absence", "expected"),
    [
        (False, None, (0, None, 0)),
        (True, None, (1, None, 0)),
        (True, Absence(AbsenceMode.HOLD, date(2026, 4, 20)), (0, None, 0)),
    ],
)
def test_urgent_news_pass_quiet_hours_where_the_person_allows_it(
    passes: bool, absence: Absence | None, expected: tuple[int, BoardKind | None, int]
) -> None:
    now = at("2026-04-15 22:00")
    news = [Piece("reten", "t1", now, urgent=True), Piece("reten", "t2", now)]
    preferences = replace(MADRID, urgent_passes=passes, absence=absence)
    assert told(decide(waiting(news, preferences), now)) == expected


def test_an_absence_without_end_is_waited_for() -> None:
    preferences = replace(MADRID, absence=Absence(AbsenceMode.HOLD))
    now = at("2026-04-15 11:00")
    saying = decide(waiting(pieces("2026-04-15 10:00"), preferences), now)
    assert told(saying) == (0, None, 0)
    assert saying.look_at is not None
    assert saying.look_at > now + timedelta(days=365)


_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 525_600).map(lambda minute: _YEAR + timedelta(minutes=minute))
zones = st.sampled_from(["UTC", "Europe/Madrid", "Asia/Kathmandu", "Australia/Lord_Howe"])
clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None))


@given(
    now=moments,
    zone=zones,
    digest_at=st.none() | clocks,
    quiet=st.none() | st.just(QuietHours(time(20), time(8))),
    ages=st.lists(st.integers(0, 5000), max_size=12),
    behind=st.integers(0, 5),
)
def test_whatever_waits_is_said_once_or_looked_at_later(
    now: datetime,
    zone: str,
    digest_at: time | None,
    quiet: QuietHours | None,
    ages: list[int],
    behind: int,
) -> None:
    preferences = Preferences(timezone=zone, digest_at=digest_at, quiet=quiet)
    news = [Piece("reten", f"t{n}", now - timedelta(minutes=age)) for n, age in enumerate(ages)]
    digested = now.date() - timedelta(days=behind)
    saying = decide(Waiting(preferences, news, digested), now)
    said = [*saying.cards, *saying.listed]
    assert len(said) == len(set(said))
    if len(said) < len(news) or digest_at is not None:
        assert saying.look_at is not None
        assert saying.look_at > now
    # looked at again, nothing is said twice, and what was left is left
    rest = [one for one in news if one not in said]
    again = Waiting(preferences, rest, saying.digest_of or digested, cards=len(saying.cards))
    second = decide(again, now)
    assert (second.cards, second.listed, second.board) == ((), (), None)
