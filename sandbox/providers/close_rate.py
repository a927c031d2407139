"""Close's rate limits: a window per endpoint group, told on each answer in `RateLimit`."""

from __future__ import annotations

import math
from datetime import datetime, timedelta


class RateLimit:
    """Counts requests by group (path and kind of method, vendor docs, "Rate limits").

    Not enforced until `enforce`: then the request over `limit` within `window` seconds is refused.
    """

    def __init__(self, limit: int = 100, window: float = 5.0) -> None:
        self.limit = limit
        self.window = window
        self.enforced = False
        self._used: dict[str, int] = {}
        self._ends: dict[str, datetime] = {}

    def enforce(self, limit: int, window: float) -> None:
        """Refuse from now on what goes over `limit` in `window` seconds; forgets what was used."""
        self.limit, self.window, self.enforced = limit, window, True
        self._used.clear()
        self._ends.clear()

    def relax(self) -> None:
        """Refuse nothing any more."""
        self.enforced = False

    def take(self, group: str, now: datetime) -> bool:
        """Count a request; False when it has to be refused."""
        if now >= self._ends.get(group, now):
            self._ends[group] = now + timedelta(seconds=self.window)
            self._used[group] = 0
        self._used[group] += 1
        return not self.enforced or self._used[group] <= self.limit

    def headers(self, group: str, now: datetime) -> dict[str, str]:
        """The header of an answer; the reset may be a fraction of a second.

        While nothing is enforced something always remains: a client that saves its last request
        must not be slowed by a clock that stands.
        """
        left = max(self.limit - self._used[group], 0 if self.enforced else 1)
        reset = (self._ends[group] - now).total_seconds()
        return {"RateLimit": f"limit={self.limit}, remaining={left}, reset={reset:g}"}

    def refusal_headers(self, group: str, now: datetime) -> dict[str, str]:
        """The headers of a 429."""
        reset = (self._ends[group] - now).total_seconds()
        return self.headers(group, now) | {"Retry-After": str(math.ceil(reset))}
