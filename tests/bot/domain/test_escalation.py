"""The ladder: working days without a reaction, a cap, and what stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.escalation import Overdue, is_told
from bot.domain.preferences import Preferences

MADRID = Preferences(timezone="Europe/Madrid", country="ES")


def at(text: str) -> datetime:
    """By the wall clock of Madrid; 13 April 2026 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Madrid")).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "now", "told"),
    [
        ("2026-04-13 10:00", "2026-04-14 08:30", False),
        ("2026-04-13 10:00", "2026-04-15 08:30", True),
        ("2026-04-16 10:00", "2026-04-17 08:30", False),  # Thursday to Friday
        ("2026-04-16 10:00", "2026-04-20 08:30", True),  # over a weekend
        ("2026-04-17 10:00", "2026-04-20 08:30", False),
        ("2026-04-29 10:00", "2026-05-01 08:30", False),  # a holiday
        ("2026-04-29 10:00", "2026-05-04 08:30", True),
        ("2026-03-27 10:00", "2026-03-31 08:30", True),  # the clocks change
        ("2026-04-15 10:00", "2026-04-13 08:30", False),
    ],
)
def test_it_is_told_after_two_working_days(since: str, now: str, told: bool) -> None:
    assert is_told(Overdue(at(since), MADRID), at(now)) is told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, True),
        ({"reacted_at": at("2026-04-14 09:00")}, True),
        ({"reacted_at": at("2026-04-15 09:00")}, False),
        ({"put_off_until": at("2026-04-16 12:00")}, False),
        ({"put_off_until": at("2026-04-14 12:00")}, True),
        ({"told": 1, "told_at": at("2026-04-15 08:30")}, False),
        ({"told": 1, "told_at": at("2026-04-14 08:30")}, True),
        ({"told": 2, "told_at": at("2026-04-14 08:30")}, True),
        ({"told": 3, "told_at": at("2026-04-14 08:30")}, False),
        ({"seen_by": "U1"}, False),
    ],
)
def test_what_stops_it(more: dict[str, Any], told: bool) -> None:
    task = replace(Overdue(at("2026-04-10 10:00"), MADRID), **more)
    assert is_told(task, at("2026-04-16 08:30")) is told


def test_the_working_days_are_the_owners() -> None:
    gulf = Preferences(timezone="Asia/Dubai", working_days=frozenset({6, 0, 1, 2, 3}))
    since, sunday = at("2026-04-16 10:00"), at("2026-04-19 08:30")
    assert not is_told(Overdue(since, gulf), sunday)
    assert is_told(Overdue(since, gulf), at("2026-04-20 08:30"))
