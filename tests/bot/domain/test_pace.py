"""How long to wait before trying again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from bot.domain.pace import FIRST_WAIT, LONGEST_WAIT, backoff


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 2), (2, 4), (3, 8), (7, 128), (8, 256), (9, 300), (10_000, 300)]
)
def test_each_wait_is_twice_the_one_before_up_to_five_minutes(attempt: int, seconds: int) -> None:
    assert backoff(attempt) == timedelta(seconds=seconds)


@given(st.integers(-1000, 10**9))
def test_no_wait_is_shorter_or_longer_than_the_limits(attempt: int) -> None:
    assert FIRST_WAIT <= backoff(attempt) <= min(LONGEST_WAIT, backoff(attempt + 1))
