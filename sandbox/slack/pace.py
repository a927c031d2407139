"""How often a method may be called: Slack's budgets, and refusals on demand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import Clock
from sandbox.slack.arguments import Arguments
from sandbox.slack.method import Method

BURST = {"chat.postMessage": 4}
"""How many calls at once Slack forgives beyond the pace; elsewhere a whole minute's budget."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: datetime


@dataclass(slots=True)
class _Refusal:
    retry_after: int
    times: int


class Pace:
    """Decides whether a call comes too soon. Budgets count only when `enabled`; refusals that a
    test asked for always do."""

    def __init__(self, clock: Clock) -> None:
        self.enabled = False
        self._clock = clock
        self._buckets: dict[tuple[str, object], _Bucket] = {}
        self._refusals: dict[str, _Refusal] = {}

    def refuse(self, name: str, retry_after: int, times: int) -> None:
        """Refuse the next `times` calls of this method."""
        self._refusals[name] = _Refusal(retry_after, times)

    def wait(self, name: str, method: Method, arguments: Arguments) -> int | None:
        """Seconds to wait before this call may come, or None when it may now."""
        refusal = self._refusals.get(name)
        if refusal is not None and refusal.times > 0:
            refusal.times -= 1
            return refusal.retry_after
        return self._spend(name, method, arguments) if self.enabled else None

    def _spend(self, name: str, method: Method, arguments: Arguments) -> int | None:
        now, size = self._clock.now(), BURST.get(name, method.per_minute)
        key = (name, arguments.get("channel") if method.per_channel else None)
        bucket = self._buckets.setdefault(key, _Bucket(size, now))
        per_second = method.per_minute / 60
        passed = (now - bucket.filled_at).total_seconds()
        bucket.tokens = min(size, bucket.tokens + passed * per_second)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return math.ceil((1 - bucket.tokens) / per_second)
        bucket.tokens -= 1
        return None
