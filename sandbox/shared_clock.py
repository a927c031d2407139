"""A clock that several processes of this machine live by: one moves it, all read it."""

from __future__ import annotations

import mmap
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from sandbox.clock import SystemClock

_MICROSECOND = timedelta(microseconds=1)
_SIZE = 8


class SharedClock:
    """The machine's time and whatever lies between it and the time that is shown: a whole number
    of microseconds, which stands in a file that every process maps into its memory."""

    def __init__(self, path: Path) -> None:
        """Read the clock that was made at `path`; raises OSError."""
        self._machine = SystemClock()
        with path.open("r+b") as file:
            # As one number of this machine's own form it is read and written whole, never by half.
            self._ahead = memoryview(mmap.mmap(file.fileno(), _SIZE)).cast("q")

    @classmethod
    def make(cls, path: Path, start: datetime) -> Self:
        """A new clock in a new file, which shows `start` (aware) now and runs from there."""
        path.write_bytes(bytes(_SIZE))
        clock = cls(path)
        clock._ahead[0] = (start - clock.now()) // _MICROSECOND
        return clock

    def now(self) -> datetime:
        return self._machine.now() + self._ahead[0] * _MICROSECOND

    def advance(self, step: timedelta) -> datetime:
        """Move by `step` (forwards only) and return the new time. One process alone may do so."""
        if step < timedelta(0):
            raise ValueError("time moves forwards")
        self._ahead[0] += step // _MICROSECOND
        return self.now()
