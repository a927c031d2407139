"""What people ask for: read as they type it, refused with a sentence, written back the same."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, strategies as st

from bot.domain.preferences import (
    Absence,
    AbsenceMode,
    Preferences,
    QuietHours,
    clock_text,
    quiet_text,
    read_clock,
    read_quiet,
    read_working_days,
    working_days_text,
)

clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
some_days = st.frozensets(st.integers(0, 6), min_size=1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sun-thu", {6, 0, 1, 2, 3}),
        ("mon,wed,fri", {0, 2, 4}),
        ("mon-wed,sat", {0, 1, 2, 5}),
        ("mon-sun", set(range(7))),
        ("tue-mon", set(range(7))),
        ("sat", {5}),
        ("sat-sat", {5}),
        ("wed,wed,mon-wed", {0, 1, 2}),
        (" Mon - Fri , SUN ", {0, 1, 2, 3, 4, 6}),
    ],
)
def test_working_days_are_read(text: str, days: set[int]) -> None:
    assert read_working_days(text) == days


@pytest.mark.parametrize(
    "text", ["", "off", "mon-", "-fri", "mon,,tue", "mon-tue-wed", "monday", "0-4", "mon fri", ","]
)
def test_other_working_days_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be days such as mon-fri, sun-thu or mon,wed,fri$"):
        read_working_days(text)


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ({0, 1, 2, 3, 4}, "mon-fri"),
        ({6, 0, 1, 2, 3}, "sun-thu"),
        ({0, 2, 4}, "mon,wed,fri"),
        ({5, 6}, "sat,sun"),
        ({6, 0}, "sun,mon"),
        ({0, 1, 2, 5}, "mon-wed,sat"),
        ({3, 5, 6, 0}, "thu,sat-mon"),
        (set(range(7)), "mon-sun"),
    ],
)
def test_working_days_are_written(days: set[int], text: str) -> None:
    assert working_days_text(frozenset(days)) == text


@given(some_days)
def test_working_days_are_read_as_written(days: frozenset[int]) -> None:
    assert read_working_days(working_days_text(days)) == days


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("20:00-08:00", QuietHours(time(20), time(8))),
        ("8:00 - 9:30", QuietHours(time(8), time(9, 30))),
        ("20:00-00:00", QuietHours(time(20), time(0))),
        ("off", None),
        (" OFF ", None),
    ],
)
def test_quiet_hours_are_read(text: str, quiet: QuietHours | None) -> None:
    assert read_quiet(text) == quiet


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "must be two times such as 20:00-08:00, or off"),
        ("20:00", "must be two times such as 20:00-08:00, or off"),
        ("20-8", "must be two times such as 20:00-08:00, or off"),
        ("20:00-24:00", "must be two times such as 20:00-08:00, or off"),
        ("20:00-08:00-09:00", "must be two times such as 20:00-08:00, or off"),
        ("20:60-08:00", "must be two times such as 20:00-08:00, or off"),
        ("08:00-8:00", "quiet hours must end at another time than they start"),
    ],
)
def test_other_quiet_hours_are_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"^{told}$"):
        read_quiet(text)


@given(st.none() | st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]))
def test_quiet_hours_are_read_as_written(pair: tuple[time, time] | None) -> None:
    quiet = QuietHours(*pair) if pair else None
    assert read_quiet(quiet_text(quiet)) == quiet


@pytest.mark.parametrize(
    ("quiet", "silent", "heard"),
    [
        ("20:00-08:00", ["20:00", "23:59", "00:00", "07:59"], ["08:00", "12:00", "19:59"]),
        ("12:00-13:00", ["12:00", "12:59"], ["11:59", "13:00", "00:00"]),
        ("20:00-00:00", ["20:00", "23:59"], ["00:00", "19:59"]),
        ("00:00-08:00", ["00:00", "07:59"], ["08:00", "23:59"]),
    ],
)
def test_quiet_hours_hold(quiet: str, silent: list[str], heard: list[str]) -> None:
    hours = read_quiet(quiet)
    assert hours is not None
    held = {text: hours.hold(time.fromisoformat(text)) for text in [*silent, *heard]}
    assert held == dict.fromkeys(silent, True) | dict.fromkeys(heard, False)


@given(clocks, clocks, clocks)
def test_hours_and_those_that_are_left_of_the_day_never_hold_together(
    start: time, end: time, at: time
) -> None:
    if start != end:
        assert QuietHours(start, end).hold(at) != QuietHours(end, start).hold(at)


@pytest.mark.parametrize(
    ("text", "clock"),
    [("08:30", time(8, 30)), ("8:30", time(8, 30)), (" 00:00", time(0)), ("Off", None)],
)
def test_clocks_are_read(text: str, clock: time | None) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize("text", ["", "8", "8.30", "24:00", "08:30:00", "8:30 pm", "-8:30", "8:3"])
def test_other_clocks_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be a time such as 08:30, or off$"):
        read_clock(text)


@given(st.none() | clocks)
def test_clocks_are_read_as_written(clock: time | None) -> None:
    assert read_clock(clock_text(clock)) == clock


@pytest.mark.parametrize(
    ("until", "day", "away"),
    [
        (None, date(9999, 12, 31), True),
        (date(2026, 4, 9), date(2026, 4, 8), True),
        (date(2026, 4, 9), date(2026, 4, 9), True),
        (date(2026, 4, 9), date(2026, 4, 10), False),
    ],
)
def test_an_absence_lasts_through_its_last_day(until: date | None, day: date, away: bool) -> None:
    assert Absence(AbsenceMode.HOLD, until).covers(day) is away


@pytest.mark.parametrize(
    ("mode", "delegate"),
    [(AbsenceMode.DELEGATE, None), (AbsenceMode.SKIP, "U2"), (AbsenceMode.HOLD, "U2")],
)
def test_a_delegate_goes_with_its_mode(mode: AbsenceMode, delegate: str | None) -> None:
    with pytest.raises(ValueError, match="delegate"):
        Absence(mode, delegate=delegate)


@pytest.mark.parametrize("days", [frozenset[int](), frozenset({7}), frozenset({-1, 0})])
def test_a_week_has_working_days(days: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="working days"):
        Preferences(working_days=days)
