"""What a person has asked for: when the bot may speak to them, in which zone and which language.

The readers take what people and operators type, and refuse the rest with a sentence that can be
shown; the `…_text` functions write the same values back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)")
_OFF = "off"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of each day in which the bot is silent, on the person's wall clock: from `start`
    until just before `end`, over midnight where `end` is the earlier one."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours must end at another time than they start")

    @property
    def over_midnight(self) -> bool:
        """Whether they end on the day after the one on which they start."""
        return self.end < self.start

    def hold(self, clock: time) -> bool:
        """Whether they are on when the person's wall clock shows that time."""
        if self.over_midnight:
            return clock >= self.start or clock < self.end
        return self.start <= clock < self.end


class AbsenceMode(StrEnum):
    """What becomes of that which an absent person would have been told."""

    SKIP = "skip"
    """Nobody is told."""
    HOLD = "hold"
    """It waits until they are back."""
    DELEGATE = "delegate"
    """Somebody else is told instead."""


@dataclass(frozen=True, slots=True)
class Absence:
    """A person is away: through the day `until`, the last one; None: until they say otherwise.
    `delegate`: the Slack user who is told instead, with that mode and no other."""

    mode: AbsenceMode
    until: date | None = None
    delegate: str | None = None

    def __post_init__(self) -> None:
        if (self.mode is AbsenceMode.DELEGATE) != (self.delegate is not None):
            raise ValueError("a delegate goes with the mode that asks for one")

    def covers(self, day: date) -> bool:
        """Whether the person is still away on that day."""
        return self.until is None or day <= self.until


WORKING_DAYS = frozenset(range(5))
QUIET = QuietHours(time(20), time(8))
DIGEST_AT = time(8, 30)
DUE_SOON = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Of one person, with the shipped defaults for whatever nobody has set."""

    timezone: str = "UTC"
    """IANA name; one that is unknown counts as UTC."""
    locale: str = "en"
    """Language tag such as `es` or `pt-BR`."""
    working_days: frozenset[int] = WORKING_DAYS
    """0 is Monday; never empty."""
    quiet: QuietHours | None = QUIET
    digest_at: time | None = DIGEST_AT
    """On the person's wall clock; None: no digest."""
    due_soon: timedelta | None = DUE_SOON
    """How long before a timed task its reminder comes; None: no such reminder."""
    country: str | None = None
    """ISO 3166 code, with a subdivision where it matters (`ES`, `ES-MD`), whose public holidays
    are free; None: no holidays are known."""
    urgent_passes: bool = False
    """Whether urgent tasks may be told in quiet hours and on free days; never in an absence."""
    absence: Absence | None = None
    follows_status: bool = True
    """Whether they are away, too, while their Slack status says so."""

    def __post_init__(self) -> None:
        if not self.working_days or not self.working_days <= frozenset(range(7)):
            raise ValueError("working days must be some of 0 to 6")


def read_working_days(text: str) -> frozenset[int]:
    """`mon-fri`, `sun-thu`, `mon,wed,fri`, `mon-wed,sat`; 0 is Monday. ValueError with a sentence
    otherwise."""
    days: set[int] = set()
    for part in text.lower().split(","):
        ends = [_NAMES.index(name) if name in _NAMES else None for name in _trimmed(part, "-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            raise ValueError("must be days such as mon-fri, sun-thu or mon,wed,fri")
        days.update((first + i) % 7 for i in range((last - first) % 7 + 1))
    return frozenset(days)


def working_days_text(days: frozenset[int]) -> str:
    """As `read_working_days` reads it, three days and more in a row as a range."""
    if len(days) == 7:
        return f"{_NAMES[0]}-{_NAMES[-1]}"
    starts = [day for day in sorted(days) if (day - 1) % 7 not in days]
    return ",".join(_run_text(start, days) for start in starts)


def _run_text(start: int, days: frozenset[int]) -> str:
    last = start
    while (last + 1) % 7 in days:
        last += 1
    names = [_NAMES[day % 7] for day in range(start, last + 1)]
    return f"{names[0]}-{names[-1]}" if len(names) > 2 else ",".join(names)


def read_quiet(text: str) -> QuietHours | None:
    """`20:00-08:00`, or None for `off`. ValueError with a sentence otherwise."""
    if text.strip().lower() == _OFF:
        return None
    found = [_CLOCK.fullmatch(part) for part in _trimmed(text, "-")]
    if len(found) != 2 or found[0] is None or found[1] is None:
        raise ValueError("must be two times such as 20:00-08:00, or off")
    return QuietHours(_time(found[0]), _time(found[1]))


def quiet_text(quiet: QuietHours | None) -> str:
    """As `read_quiet` reads it."""
    return f"{clock_text(quiet.start)}-{clock_text(quiet.end)}" if quiet else _OFF


def read_clock(text: str) -> time | None:
    """`08:30`, or None for `off`. ValueError with a sentence otherwise."""
    trimmed = text.strip().lower()
    if trimmed == _OFF:
        return None
    found = _CLOCK.fullmatch(trimmed)
    if found is None:
        raise ValueError("must be a time such as 08:30, or off")
    return _time(found)


def clock_text(clock: time | None) -> str:
    """As `read_clock` reads it."""
    return _OFF if clock is None else f"{clock:%H:%M}"


def _trimmed(text: str, separator: str) -> list[str]:
    return [part.strip() for part in text.split(separator)]


def _time(found: re.Match[str]) -> time:
    return time(int(found["hour"]), int(found["minute"]))
