"""A clock that the sandbox reads and that tests and the demo can move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware UTC instant."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands where it is put; started at the machine's time when none is given."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> datetime:
        """Move by `step` (forwards only) and return the new time."""
        if step < timedelta(0):
            raise ValueError("time moves forwards")
        self._now += step
        return self._now

    def set(self, moment: datetime) -> None:
        """Stand at `moment` (aware)."""
        self._now = moment.astimezone(UTC)
