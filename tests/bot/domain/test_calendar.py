"""The right moment: working days, holidays, quiet hours and absences over every clock change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, strategies as st

from bot.domain import when
from bot.domain.calendar import (
    absence_at,
    digest_day,
    is_working_day,
    next_digest,
    next_working_day,
    quiet_until,
    told_at,
    working_days_between,
)
from bot.domain.preferences import (
    Absence,
    AbsenceMode,
    Preferences,
    QuietHours,
    read_clock,
    read_quiet,
    read_working_days,
)

MADRID = Preferences(timezone="Europe/Madrid", country="ES")
"""Monday to Friday, quiet from 20:00 to 08:00, digest at 08:30."""
ZONES = [
    "UTC",
    "Europe/Madrid",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Asia/Beirut",
]


def at(text: str, zone: str = "Europe/Madrid") -> datetime:
    """An instant by the wall clock of that zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days(text: str) -> list[date]:
    return [date.fromisoformat(day) for day in text.split()]


def wanting(**changes: object) -> Preferences:
    """Those of Madrid with changes, as people type them."""
    readers = {
        "working_days": read_working_days,
        "quiet": read_quiet,
        "digest_at": read_clock,
    }
    typed = {k: readers[k](v) if k in readers else v for k, v in changes.items()}  # type: ignore[operator]
    return replace(MADRID, **typed)  # type: ignore[arg-type]


def away(until: str | None, mode: AbsenceMode = AbsenceMode.HOLD) -> Absence:
    delegate = "U2" if mode is AbsenceMode.DELEGATE else None
    return Absence(mode, date.fromisoformat(until) if until else None, delegate)


ALL = "mon-sun"
SICK = away("2026-04-09")
COVERED = away("2026-04-15", AbsenceMode.DELEGATE)


@pytest.mark.parametrize(
    ("changes", "working", "free"),
    [
        ({}, "2026-04-09 2026-04-10", "2026-04-11 2026-04-12"),
        # Good Friday, 12 October (a Monday), 8 December (a Tuesday).
        ({}, "2026-04-02 2026-04-06", "2026-04-03 2026-10-12 2026-12-08"),
        ({"country": None}, "2026-04-03 2026-12-25", "2026-12-26"),
        ({"country": "DE"}, "2026-10-12 2026-06-04", "2026-04-06 2026-10-03"),
        ({"country": "DE-BY"}, "2026-06-05", "2026-06-04 2026-01-06"),
        ({"country": "de-by"}, "2026-06-05", "2026-06-04"),
        ({"country": "XX"}, "2026-12-25", "2026-12-26"),
        ({"country": "DE-ZZ"}, "2026-12-25", "2026-12-26"),
        ({"country": "IN", "timezone": "Asia/Kolkata"}, "2026-01-27", "2026-01-26"),
        ({"working_days": "sun-thu"}, "2026-04-12 2026-04-09", "2026-04-10 2026-04-11"),
        ({"working_days": "sat", "country": "CL"}, "2026-04-11", "2026-04-10 2026-08-15"),
        ({"working_days": ALL}, "2028-02-29 2028-02-27", "2026-12-25"),
    ],
)
def test_working_days(changes: dict[str, object], working: str, free: str) -> None:
    preferences = wanting(**changes)
    wanted = dict.fromkeys(days(working), True) | dict.fromkeys(days(free), False)
    assert {day: is_working_day(day, preferences) for day in wanted} == wanted


@pytest.mark.parametrize(
    ("changes", "day", "later"),
    [
        ({}, "2026-04-08", "2026-04-09"),
        ({}, "2026-04-10", "2026-04-13"),
        ({}, "2026-04-11", "2026-04-13"),
        ({}, "2026-04-02", "2026-04-06"),  # over Good Friday
        ({}, "2026-12-31", "2027-01-04"),
        ({"working_days": "fri"}, "2026-12-18", "2027-01-08"),  # two Fridays are holidays
        ({"working_days": ALL}, "2028-02-28", "2028-02-29"),
        ({"working_days": "sun-thu"}, "2026-04-09", "2026-04-12"),
    ],
)
def test_the_next_working_day(changes: dict[str, object], day: str, later: str) -> None:
    assert next_working_day(date.fromisoformat(day), wanting(**changes)) == date.fromisoformat(
        later
    )


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-04-09", "2026-04-09", 0),
        ("2026-04-10", "2026-04-09", 0),
        ("2026-04-09", "2026-04-10", 1),
        ("2026-04-10", "2026-04-11", 0),
        ("2026-04-10", "2026-04-13", 1),
        ("2026-04-11", "2026-04-13", 1),
        ("2026-04-01", "2026-04-07", 3),  # without Good Friday and the weekend
        ("0001-01-01", "2026-04-09", 254),  # of one year
        ("2026-04-09", "9999-12-31", 262),  # no country's holidays are known that far ahead
    ],
)
def test_working_days_between(first: str, last: str, count: int) -> None:
    assert working_days_between(*days(f"{first} {last}"), MADRID) == count


@pytest.mark.parametrize(
    ("now", "changes", "until"),
    [
        # Thursday 9 April 2026 is a working day.
        ("2026-04-09T12:00", {}, None),
        ("2026-04-09T08:00", {}, None),
        ("2026-04-09T19:59:59", {}, None),
        ("2026-04-09T07:59:59", {}, "2026-04-09T08:00"),
        ("2026-04-09T00:00", {}, "2026-04-09T08:00"),
        ("2026-04-09T20:00", {}, "2026-04-10T08:00"),
        ("2026-04-09T23:59", {"quiet": "20:00-00:00"}, "2026-04-10T00:00"),
        ("2026-04-09T00:00", {"quiet": "20:00-00:00"}, None),
        ("2026-04-09T13:10", {"quiet": "13:00-14:30"}, "2026-04-09T14:30"),
        ("2026-04-09T14:30", {"quiet": "13:00-14:30"}, None),
        ("2026-04-09T03:00", {"quiet": "off"}, None),
        # Friday evening, and the days off.
        ("2026-04-10T20:00", {}, "2026-04-13T08:00"),
        ("2026-04-11T12:00", {}, "2026-04-13T08:00"),
        ("2026-04-12T12:00", {"quiet": "off"}, None),
        ("2026-04-12T12:00", {"quiet": "12:00-13:00"}, "2026-04-13T00:00"),
        ("2026-04-02T21:00", {}, "2026-04-06T08:00"),  # over Good Friday
        ("2026-04-03T12:00", {}, "2026-04-06T08:00"),
        ("2026-12-31T21:00", {}, "2027-01-04T08:00"),
        ("2026-04-10T12:00", {"working_days": "sun-thu"}, "2026-04-12T08:00"),
        # Urgent ones, where the person allows them.
        ("2026-04-09T23:00", {"urgent_passes": True}, None),
        ("2026-04-11T12:00", {"urgent_passes": True}, None),
        ("2026-04-09T12:00", {"absence": SICK, "urgent_passes": True}, "2026-04-10T00:00"),
        # Absences end with their last day.
        ("2026-04-09T12:00", {"absence": away("2026-04-08")}, None),
        ("2026-04-09T12:00", {"absence": away("2026-04-09")}, "2026-04-10T08:00"),
        ("2026-04-09T12:00", {"absence": away("2026-04-10")}, "2026-04-13T08:00"),
        ("2026-04-09T12:00", {"absence": away("2026-04-15"), "quiet": "off"}, "2026-04-16T00:00"),
        ("2026-04-09T12:00", {"absence": away("2026-04-15", AbsenceMode.SKIP)}, "2026-04-16T08:00"),
        ("2026-04-09T12:00", {"absence": COVERED}, "2026-04-16T08:00"),
        # The clock goes from 02:00 to 03:00 on Sunday 29 March.
        ("2026-03-29T01:30", {"quiet": "01:00-02:30", "working_days": ALL}, "2026-03-29T03:00"),
        ("2026-03-29T03:00", {"quiet": "01:00-02:30", "working_days": ALL}, None),
        ("2026-03-29T03:00", {"quiet": "02:10-02:40", "working_days": ALL}, None),
        # It goes from 03:00 back to 02:00 on Sunday 25 October.
        ("2026-10-25T02:10", {"quiet": "01:00-02:30", "working_days": ALL}, "2026-10-25T02:30"),
        ("2026-10-25T12:00", {"working_days": ALL}, None),
    ],
)  # fmt: skip
def test_quiet_until(now: str, changes: dict[str, object], until: str | None) -> None:
    urgent = "urgent_passes" in changes
    found = quiet_until(at(now), wanting(**changes), urgent=urgent)
    assert found == (at(until) if until else None)


def test_what_is_not_urgent_or_not_allowed_does_not_pass() -> None:
    night = at("2026-04-09T23:00")
    assert quiet_until(night, wanting(urgent_passes=True)) == at("2026-04-10T08:00")
    assert quiet_until(night, MADRID, urgent=True) == at("2026-04-10T08:00")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-04-11T12:00", None),  # a Saturday
        ("2026-04-11T23:00", "2026-04-12T08:00"),  # quiet hours hold it there, too
        ("2026-04-10T21:00", "2026-04-11T08:00"),
    ],
)
def test_what_has_its_own_hour_passes_free_days(now: str, until: str | None) -> None:
    assert quiet_until(at(now), MADRID, timed=True) == (at(until) if until else None)


def test_an_hour_that_comes_twice_is_not_quiet_twice() -> None:
    preferences = wanting(quiet="01:00-02:30", working_days="mon-sun")
    first = at("2026-10-25T02:30")
    assert quiet_until(first, preferences) is None
    assert quiet_until(first + timedelta(minutes=40), preferences) is None  # 02:10 once more


@pytest.mark.parametrize("until", [None, "9999-12-30", "9999-12-31"])
def test_an_absence_without_end_is_quiet_for_good(until: str | None) -> None:
    preferences = wanting(absence=away(until))
    assert quiet_until(at("2026-04-09T12:00"), preferences) == when.LAST
    assert next_digest(at("2026-04-09T12:00"), preferences) is None


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("Asia/Kolkata", "2026-04-09T07:59", "2026-04-09T08:00"),
        ("Asia/Kathmandu", "2026-04-09T20:00", "2026-04-10T08:00"),
        ("Pacific/Chatham", "2026-04-03T20:00", "2026-04-06T08:00"),
        ("Australia/Lord_Howe", "2026-04-03T21:00", "2026-04-06T08:00"),
        ("Mars/Olympus", "2026-04-09T20:30", "2026-04-10T08:00"),
    ],
)
def test_quiet_hours_are_on_the_person_s_own_clock(zone: str, now: str, until: str) -> None:
    preferences = Preferences(timezone=zone)
    known = "UTC" if zone.startswith("Mars") else zone
    assert quiet_until(at(now, known), preferences) == at(until, known)


@pytest.mark.parametrize(
    ("absence", "now", "away_then"),
    [
        (None, "2026-04-09T12:00", False),
        (away(None), "2026-04-09T12:00", True),
        (away("2026-04-09"), "2026-04-09T23:59", True),
        (away("2026-04-09"), "2026-04-10T00:00", False),
    ],
)
def test_absences_by_the_person_s_day(absence: Absence | None, now: str, away_then: bool) -> None:
    assert absence_at(at(now), wanting(absence=absence)) == (absence if away_then else None)


@pytest.mark.parametrize(
    ("after", "changes", "digest"),
    [
        ("2026-04-09T08:29:59", {}, "2026-04-09T08:30"),
        ("2026-04-09T08:30", {}, "2026-04-10T08:30"),
        ("2026-04-10T09:00", {}, "2026-04-13T08:30"),
        ("2026-04-02T09:00", {}, "2026-04-06T08:30"),
        ("2028-02-28T12:00", {}, "2028-02-29T08:30"),
        ("2026-04-09T00:00", {"digest_at": "off"}, None),
        ("2026-04-09T00:00", {"absence": away("2026-04-12")}, "2026-04-13T08:30"),
        ("2026-04-09T00:00", {"absence": away("2026-04-08")}, "2026-04-09T08:30"),
        ("2026-04-09T00:00", {"absence": away("9000-01-01"), "country": None}, "9000-01-02T08:30"),
        # It waits for the end of the night, but not for that of the evening.
        ("2026-04-09T00:00", {"quiet": "20:00-09:15"}, "2026-04-09T09:15"),
        ("2026-04-09T08:45", {"quiet": "20:00-09:15"}, "2026-04-09T09:15"),
        ("2026-04-09T12:00", {"digest_at": "21:00"}, "2026-04-09T21:00"),
        # Over clock changes: 02:00 to 03:00, and 03:00 back to 02:00.
        ("2026-03-28T12:00", {"digest_at": "02:30", "quiet": "off", "working_days": ALL},
         "2026-03-29T03:00"),
        ("2026-10-24T12:00", {"digest_at": "02:30", "quiet": "off", "working_days": ALL},
         "2026-10-25T02:30"),
        ("2026-10-25T02:30", {"digest_at": "02:30", "quiet": "off", "working_days": ALL},
         "2026-10-26T02:30"),
    ],
)  # fmt: skip
def test_the_next_digest(after: str, changes: dict[str, object], digest: str | None) -> None:
    assert next_digest(at(after), wanting(**changes)) == (at(digest) if digest else None)


@pytest.mark.parametrize(
    ("now", "changes", "day"),
    [
        ("2026-04-09T08:30", {}, "2026-04-09"),
        ("2026-04-09T08:29", {}, "2026-04-08"),
        ("2026-04-12T20:00", {}, "2026-04-10"),
        ("2026-04-13T08:00", {}, "2026-04-10"),
        ("2026-04-05T12:00", {}, "2026-04-02"),
        ("2026-04-09T09:00", {"quiet": "20:00-09:15"}, "2026-04-08"),
        ("2026-04-09T09:00", {"digest_at": "off"}, None),
        ("2026-04-09T09:00", {"absence": away(None)}, None),
        ("2026-04-13T08:00", {"absence": away("2026-04-11")}, None),
        ("2026-04-13T09:00", {"absence": away("2026-04-11")}, "2026-04-13"),
    ],
)
def test_the_newest_digest(now: str, changes: dict[str, object], day: str | None) -> None:
    assert digest_day(at(now), wanting(**changes)) == (date.fromisoformat(day) if day else None)


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
preferences_of = st.builds(
    Preferences,
    timezone=st.sampled_from(ZONES),
    working_days=st.frozensets(st.integers(0, 6), min_size=1),
    quiet=st.none()
    | st.tuples(clocks, clocks).filter(lambda p: p[0] != p[1]).map(lambda p: QuietHours(*p)),
    digest_at=clocks,
    country=st.sampled_from([None, "ES", "DE", "BR"]),
    absence=st.none()
    | st.builds(Absence, st.just(AbsenceMode.HOLD), st.dates(date(2025, 12, 1), date(2027, 1, 15))),
)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(instants, preferences_of)
def test_silence_ends_with_the_first_moment_to_speak(now: datetime, wants: Preferences) -> None:
    end = quiet_until(now, wants)
    assume(end is not None)
    assert end is not None
    assert end > now
    assert quiet_until(end, wants) is None
    assert quiet_until(max(now, end - timedelta(microseconds=1)), wants) == end
    assert quiet_until(now + (end - now) / 2, wants) == end


@given(instants, preferences_of)
def test_nobody_is_spoken_to_in_what_they_keep_free(now: datetime, wants: Preferences) -> None:
    if quiet_until(now, wants) is None and wants.quiet is not None:
        day = when.local_day(now, when.zone(wants.timezone))
        assert is_working_day(day, wants)
        assert absence_at(now, wants) is None


@given(instants, preferences_of)
def test_digests_come_one_after_another(now: datetime, wants: Preferences) -> None:
    following = next_digest(now, wants)
    assert following is not None
    assert following > now
    day = when.local_day(following, when.zone(wants.timezone))
    assert is_working_day(day, wants)
    assert digest_day(following, wants) == day
    assert next_digest(following - timedelta(microseconds=1), wants) == following
    newest = digest_day(following - timedelta(microseconds=1), wants)
    assert newest == digest_day(now, wants)  # none came in between


@given(instants, preferences_of, clocks)
def test_what_is_told_by_the_clock_stays_on_its_day(
    now: datetime, wants: Preferences, clock: time
) -> None:
    tz = when.zone(wants.timezone)
    day = when.local_day(now, tz)
    moment = told_at(day, clock, wants)
    assert moment >= when.moment(day, clock, tz)
    assert when.local_day(moment, tz) == day
