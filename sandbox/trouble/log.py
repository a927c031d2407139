"""What struck, and what was done about it, newest first."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import Clock

_KEPT = 60
_ALIKE_WITHIN = 8
"""Among how many of the newest entries one with the same words is counted on: an app that polls
would fill the log otherwise."""


@dataclass(slots=True)
class Entry:
    """A line of the log, and how often and when last it came."""

    number: int
    words: str
    at: datetime
    times: int = 1


class Log:
    """The newest lines."""

    def __init__(self, clock: Clock) -> None:
        self.entries: list[Entry] = []
        """Newest first."""
        self._clock = clock
        self._numbers = itertools.count(1)

    def add(self, words: str) -> None:
        """Write a line."""
        self.entries.insert(0, Entry(next(self._numbers), words, self._clock.now()))
        del self.entries[_KEPT:]

    def count(self, words: str) -> None:
        """Write a line, or count one more time what was written just before."""
        for entry in self.entries[:_ALIKE_WITHIN]:
            if entry.words == words:
                self.entries.remove(entry)
                entry.at, entry.times = self._clock.now(), entry.times + 1
                self.entries.insert(0, entry)
                return
        self.add(words)
