"""How often a method may be called: Slack's budgets, and refusals on demand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import Clock
from sandbox.slack.arguments import Arguments
from sandbox.slack.budgets import BUDGETS, Budget


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
        self._buckets: dict[tuple[str, str | None], _Bucket] = {}
        self._refusals: dict[str, _Refusal] = {}

    def refuse(self, name: str, retry_after: int, times: int) -> None:
        """Refuse the next `times` calls of this method."""
        self._refusals[name] = _Refusal(retry_after, times)

    def wait(self, name: str, arguments: Arguments) -> int | None:
        """Seconds to wait before this call may come, or None when it may now."""
        refusal = self._refusals.get(name)
        if refusal is not None and refusal.times > 0:
            refusal.times -= 1
            return refusal.retry_after
        return self._spend(name, arguments) if self.enabled else None

    def _spend(self, name: str, arguments: Arguments) -> int | None:
        allowed = BUDGETS[name]
        budgets = [self._filled((name, None), allowed.workspace)]
        if allowed.channel is not None:
            channel = str(arguments.get("channel"))
            budgets.append(self._filled((name, channel), allowed.channel))
        waits = [(1 - bucket.tokens) / rate for bucket, rate in budgets if bucket.tokens < 1]
        if waits:
            return math.ceil(max(waits))
        for bucket, _ in budgets:
            bucket.tokens -= 1
        return None

    def _filled(self, key: tuple[str, str | None], budget: Budget) -> tuple[_Bucket, float]:
        now, size, per_second = self._clock.now(), budget.at_once, budget.per_minute / 60
        bucket = self._buckets.setdefault(key, _Bucket(size, now))
        passed = (now - bucket.filled_at).total_seconds()
        bucket.tokens = min(size, bucket.tokens + passed * per_second)
        bucket.filled_at = now
        return bucket, per_second
