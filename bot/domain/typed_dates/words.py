"""What a language calls days and hours. All words are folded: lower case, no accents.

A word in `…_day` or `…_clock` may be several with single spaces between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Hours = Mapping[int, int]
"""The hour that was typed beside a part of the day, to the hour of 24."""


@dataclass(frozen=True, slots=True)
class Words:
    """Of one language."""

    relative: Mapping[str, int]
    """To the number of days from today."""
    weekdays: Mapping[str, int]
    """0 is Monday."""
    short_weekdays: Mapping[str, int]
    """Those that may mean something else, so that a sentence must say more than them."""
    months: Mapping[str, int]
    units: Mapping[str, str]
    """To the argument of `timedelta`."""
    numbers: Mapping[str, int]
    """From one to twelve, as hours are called."""
    articles: tuple[str, ...]
    """That count as one before a unit: in `an` hour."""
    within: tuple[str, ...]
    """Before a span: `in` two hours."""
    before_relative: tuple[str, ...]
    before_day: tuple[str, ...]
    """Before a weekday or a date."""
    before_date: tuple[str, ...]
    """Before a date alone: `the` 24th."""
    before_number: tuple[str, ...]
    """After these a bare number is a day of the month."""
    coming: tuple[str, ...]
    """Before a weekday: `next`."""
    coming_after: tuple[str, ...]
    """After a weekday."""
    before_clock: tuple[str, ...]
    """After these a bare number is an hour."""
    before_marked: tuple[str, ...]
    """After these it is one only if it is marked as such."""
    marks: tuple[str, ...]
    """After an hour: `h`."""
    parts: Mapping[str, Hours]
    """After an hour: `pm`."""
    fractions: Mapping[str, int]
    """After an hour, to its minutes."""
    noons: tuple[str, ...]
    """Ways to say at 12:00."""
    of: tuple[str, ...]
    """Between a day and its month, a month and its year."""
    ordinals: tuple[str, ...]
    """After the number of a day."""
    month_before_day: bool
    """Whether `December 24` is a day."""
    numeric_day_first: bool
    """Whether 3/4 is in April; else it is refused."""
    unfinished: frozenset[str]
    """No title ends with these: a date behind them belongs to them, or an hour is left over."""
    other_days: frozenset[str]
    """These, too, tell a day, though not one that is read here: a `week`."""
    tells_hours: tuple[str, ...]
    """Before a number these, too, tell an hour, though not one that is read here."""


def hours(first: int, last: int) -> dict[int, int]:
    """These, as they are."""
    return {hour: hour for hour in range(first, last + 1)}


def later_hours(first: int, last: int) -> dict[int, int]:
    """These of the second half of the day, by both of their numbers."""
    return {hour: hour + 12 for hour in range(first, last + 1)} | hours(first + 12, last + 12)


AM: Hours = {12: 0, **hours(1, 11)}
PM: Hours = {12: 12, **{hour: hour + 12 for hour in range(1, 12)}}


def numbered(*names: str) -> dict[str, int]:
    """Each of the texts holds the names of one number, with spaces between; the first is 0."""
    return {name: number for number, text in enumerate(names) for name in text.split()}


def counted(*names: str) -> dict[str, int]:
    """As `numbered`; the first is 1."""
    return {name: number + 1 for name, number in numbered(*names).items()}


def units(*, minutes: str, hours: str, days: str, weeks: str) -> dict[str, str]:
    """The names of each, with spaces between."""
    kinds = {"minutes": minutes, "hours": hours, "days": days, "weeks": weeks}
    return {name: kind for kind, names in kinds.items() for name in names.split()}


def several(names: str) -> frozenset[str]:
    """Words with spaces between them."""
    return frozenset(names.split())
