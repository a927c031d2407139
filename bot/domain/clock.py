"""Time is a parameter: whoever needs it is given a clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware UTC instant."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's time; once it is set, that of whoever it was set by, which no step of the
    machine's own moves."""

    def __init__(self) -> None:
        self._set: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        if self._set is None:
            return datetime.now(UTC)
        at, then = self._set
        return at + timedelta(seconds=time.monotonic() - then)

    def set(self, at: datetime, then: float) -> None:
        """It was `at` when `time.monotonic()` said `then`."""
        self._set = at, then
