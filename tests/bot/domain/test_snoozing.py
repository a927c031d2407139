"""Snooze: what is offered at which hour, and when the card comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.model import Reader
from bot.domain.preferences import Preferences, read_clock, read_quiet
from bot.domain.snoozing import Snooze, reader_for, until

MADRID = Preferences(timezone="Europe/Madrid")


def at(text: str, zone: str = "Europe/Madrid") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("choice", "now", "end"),
    [
        # Thursday 9 April 2026.
        ("quarter", "2026-04-09T10:03", "2026-04-09T10:18"),
        ("quarter", "2026-04-09T23:50", "2026-04-10T00:05"),
        ("hour", "2026-04-09T10:03", "2026-04-09T11:03"),
        ("afternoon", "2026-04-09T10:03", "2026-04-09T14:00"),
        ("tomorrow", "2026-04-08T10:03", "2026-04-09T08:30"),  # with the digest
        ("tomorrow", "2026-04-09T00:10", "2026-04-10T08:30"),
        ("tomorrow", "2026-04-10T10:03", "2026-04-11T08:30"),  # a Saturday, as asked
        ("tomorrow", "2028-02-28T10:03", "2028-02-29T08:30"),
        ("working_day", "2026-04-10T10:03", "2026-04-13T08:30"),
        # The clock goes from 02:00 to 03:00, and from 03:00 back to 02:00.
        ("quarter", "2026-03-29T01:50", "2026-03-29T03:05"),
        ("hour", "2026-03-29T01:50", "2026-03-29T03:50"),
        ("tomorrow", "2026-03-28T10:03", "2026-03-29T08:30"),
        ("hour", "2026-10-25T01:30", "2026-10-25T02:30"),
        ("tomorrow", "2026-10-24T10:03", "2026-10-25T08:30"),
    ],
)
def test_when_the_card_comes_back(choice: str, now: str, end: str) -> None:
    assert until(Snooze(choice), at(now), MADRID) == at(end)


@pytest.mark.parametrize(
    ("digest", "quiet", "morning"),
    [
        ("08:30", "20:00-08:00", "08:30"),
        ("off", "20:00-08:00", "09:00"),
        ("11:00", "20:00-08:00", "09:00"),
        ("18:00", "off", "09:00"),
        ("00:05", "off", "09:00"),
        ("06:00", "20:00-08:00", "08:00"),
        ("08:30", "20:00-10:00", "10:00"),
        ("off", "20:00-10:00", "10:00"),
    ],
)
def test_the_morning_is_when_the_person_s_day_starts(digest: str, quiet: str, morning: str) -> None:
    wants = replace(MADRID, digest_at=read_clock(digest), quiet=read_quiet(quiet))
    end = at(f"2026-04-10T{morning}")
    assert until(Snooze.TOMORROW, at("2026-04-09T10:00"), wants) == end


def test_the_afternoon_waits_for_the_end_of_quiet_hours() -> None:
    wants = replace(MADRID, quiet=read_quiet("13:30-15:00"))
    assert until(Snooze.AFTERNOON, at("2026-04-09T10:00"), wants) == at("2026-04-09T15:00")


@pytest.mark.parametrize(
    "zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham"]
)
def test_on_the_person_s_own_clock(zone: str) -> None:
    wants, now = Preferences(timezone=zone), at("2026-04-03T10:00", zone)
    assert until(Snooze.AFTERNOON, now, wants) == at("2026-04-03T14:00", zone)
    assert until(Snooze.WORKING_DAY, now, wants) == at("2026-04-06T08:30", zone)


def test_a_moment_to_be_picked_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="picked"):
        until(Snooze.PICK, at("2026-04-09T10:00"), MADRID)


def test_a_holiday_is_no_working_day() -> None:
    wants, now = replace(MADRID, country="ES"), at("2026-04-02T15:00")  # before Good Friday
    assert until(Snooze.WORKING_DAY, now, wants) == at("2026-04-06T08:30")


@pytest.mark.parametrize(
    ("readers", "whose"),
    [(["U1"], "U1"), (["U2", "U1"], "U1"), (["U2"], None), (["C1"], "C1"), ([], None)],
)
def test_whose_card_is_put_off(readers: list[str], whose: str | None) -> None:
    assert reader_for("U1", [Reader(one) for one in readers]) == whose
