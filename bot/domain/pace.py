"""How long to wait before trying again."""

from __future__ import annotations

from datetime import timedelta

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)


def backoff(attempt: int) -> timedelta:
    """After the first attempt 2 s, then 4 s, 8 s … at most five minutes."""
    doublings: int = min(max(attempt - 1, 0), 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
