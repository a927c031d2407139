"""Days and moments: local days, overdue-ness, midnights over every clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, strategies as st

from adapters.contract import Due
from bot.domain import when

MADRID = ZoneInfo("Europe/Madrid")
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Madrid",
        "Asia/Kathmandu",
        "Asia/Beirut",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "America/Toronto",
        "America/Sao_Paulo",
        "Pacific/Apia",
        "Pacific/Kwajalein",
        "Pacific/Kiritimati",
        "Africa/Monrovia",
    )
]
zones = st.sampled_from(ZONES)
days = st.dates(date(1915, 1, 1), date(2037, 12, 31))
instants = st.datetimes(datetime(1915, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("name", "fallback", "expected"),
    [
        ("Europe/Madrid", "UTC", "Europe/Madrid"),
        ("Mars/Olympus", "Asia/Tokyo", "Asia/Tokyo"),
        ("Mars/Olympus", "Mars/Hellas", "UTC"),
        ("", "UTC", "UTC"),
        ("../etc/passwd", "UTC", "UTC"),
        ("America", "UTC", "UTC"),
    ],
)
def test_an_unknown_zone_is_the_fallback(name: str, fallback: str, expected: str) -> None:
    assert when.zone(name, fallback).key == expected


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("Europe/Madrid", date(2026, 3, 29), utc(2026, 3, 28, 23)),
        ("Europe/Madrid", date(2026, 3, 30), utc(2026, 3, 29, 22)),
        ("Europe/Madrid", date(2026, 10, 26), utc(2026, 10, 25, 23)),
        ("Asia/Kathmandu", date(2026, 4, 9), utc(2026, 4, 8, 18, 15)),
        ("Australia/Lord_Howe", date(2026, 4, 5), utc(2026, 4, 4, 13)),
        ("Australia/Lord_Howe", date(2026, 4, 6), utc(2026, 4, 5, 13, 30)),
        # Midnight is skipped: the day begins at 01:00.
        ("America/Sao_Paulo", date(2018, 11, 4), utc(2018, 11, 4, 3)),
        # The clock goes from 23:30 to 00:30: the day begins at half past midnight.
        ("America/Toronto", date(1919, 3, 31), utc(1919, 3, 31, 4, 30)),
        # 00:01 goes back to 23:01, so that midnight comes twice: the first one counts.
        ("America/St_Johns", date(2010, 11, 7), utc(2010, 11, 7, 2, 30)),
        # A day that Samoa never had is the start of the next one.
        ("Pacific/Apia", date(2011, 12, 30), utc(2011, 12, 30, 10)),
        ("Pacific/Apia", date(2011, 12, 31), utc(2011, 12, 30, 10)),
    ],
)
def test_day_starts_over_clock_changes(zone: str, day: date, start: datetime) -> None:
    assert when.day_starts(day, ZoneInfo(zone)) == start


@given(days, zones)
@example(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))
@example(date(1993, 8, 21), ZoneInfo("Pacific/Kwajalein"))
@example(date(1919, 3, 31), ZoneInfo("America/Toronto"))
@example(date(1972, 1, 7), ZoneInfo("Africa/Monrovia"))
def test_a_day_starts_at_its_first_instant(day: date, tz: ZoneInfo) -> None:
    start = when.day_starts(day, tz)
    assert start.tzinfo is UTC
    assert when.local_day(start, tz) >= day
    assert when.local_day(start - timedelta(microseconds=1), tz) < day


@given(days, zones)
def test_days_follow_one_another(day: date, tz: ZoneInfo) -> None:
    start, after = when.day_starts(day, tz), when.day_starts(day + timedelta(days=1), tz)
    assert start <= after <= start + timedelta(hours=25, minutes=30)


@given(instants, zones, st.integers(-3, 3))
def test_a_date_only_due_is_overdue_once_its_day_is_over(
    now: datetime, tz: ZoneInfo, ahead: int
) -> None:
    due = Due(on=when.local_day(now, tz) + timedelta(days=ahead))
    assert when.is_overdue(due, now, tz) is (ahead < 0)
    assert when.overdue_days(due, now, tz) == max(-ahead, 0)
    assert when.due_day(due, tz) == due.on


@given(days, zones)
def test_a_date_only_due_turns_overdue_at_the_end_of_its_day(day: date, tz: ZoneInfo) -> None:
    end = when.day_starts(day + timedelta(days=1), tz)
    assert when.is_overdue(Due(on=day), end, tz)
    assert not when.is_overdue(Due(on=day), end - timedelta(microseconds=1), tz)


@pytest.mark.parametrize(
    ("late", "overdue"), [(timedelta(), False), (timedelta(microseconds=1), True)]
)
def test_a_moment_is_overdue_strictly_after_it(late: timedelta, overdue: bool) -> None:
    at = utc(2026, 4, 9, 14)
    assert when.is_overdue(Due(at=at), at + late, MADRID) is overdue


def test_overdue_days_are_calendar_days_of_the_reader() -> None:
    due = Due(at=utc(2026, 4, 8, 21, 50))  # 23:50 in Madrid, 06:50 of the 9th in Tokyo
    now = utc(2026, 4, 8, 22, 10)
    assert when.overdue_days(due, now, MADRID) == 1
    assert when.overdue_days(due, now, ZoneInfo("Asia/Tokyo")) == 0


def test_the_ends_of_the_calendar_do_no_harm() -> None:
    for end in (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)):
        for tz in ZONES:
            assert when.local_day(end, tz)


def test_a_date_only_due_has_no_instant() -> None:
    with pytest.raises(ValueError, match="no instant"):
        when.instant(Due(on=date(2026, 4, 9)))


@pytest.mark.parametrize(
    ("zone", "day", "clock", "at"),
    [
        ("Europe/Madrid", date(2026, 4, 9), time(16), utc(2026, 4, 9, 14)),
        # 02:00 goes to 03:00: what is skipped counts as 03:00.
        ("Europe/Madrid", date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1)),
        ("Europe/Madrid", date(2026, 3, 29), time(3), utc(2026, 3, 29, 1)),
        # 03:00 goes back to 02:00: the first of the two.
        ("Europe/Madrid", date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30)),
        # 02:00 goes to 02:30.
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), utc(2026, 10, 3, 15, 30)),
        ("Asia/Kathmandu", date(2026, 4, 9), time(8, 30), utc(2026, 4, 9, 2, 45)),
        ("Pacific/Apia", date(2011, 12, 30), time(9), utc(2011, 12, 30, 10)),
    ],
)
def test_moments_over_clock_changes(zone: str, day: date, clock: time, at: datetime) -> None:
    assert when.moment(day, clock, ZoneInfo(zone)) == at


@given(days, st.times(), zones)
def test_a_moment_is_the_first_at_which_the_clock_has_come_so_far(
    day: date, clock: time, tz: ZoneInfo
) -> None:
    at, wall = when.moment(day, clock, tz), datetime.combine(day, clock)
    assert when.local(at, tz).replace(tzinfo=None) >= wall
    assert when.local(at - timedelta(microseconds=1), tz).replace(tzinfo=None) < wall
