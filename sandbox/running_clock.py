"""The clock of a sandbox that people use: it runs, and it can be moved forward."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from sandbox.clock import Clock, SystemClock


class WorldClock(Clock, Protocol):
    """A clock that can be moved forward."""

    def advance(self, step: timedelta) -> datetime: ...


class RunningClock:
    """The machine's time and whatever it was moved ahead."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return self._machine.now() + self._ahead

    def advance(self, step: timedelta) -> datetime:
        """Move by `step` (forwards only) and return the new time."""
        if step < timedelta(0):
            raise ValueError("time moves forwards")
        self._ahead += step
        return self.now()
