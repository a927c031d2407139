"""How long to wait before trying again, how much of a budget is left, and who goes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from bot.domain.pace import (
    BUDGETS,
    FAIR,
    FIRST_WAIT,
    LONGEST_WAIT,
    PATIENCE,
    Budget,
    Waiting,
    backoff,
    turns,
)

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
UPDATES = Budget(60, 10, kept=4)
POSTS = Budget(600, 20, channel_pause=SECOND)


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 2), (2, 4), (3, 8), (7, 128), (8, 256), (9, 300), (10_000, 300)]
)
def test_each_wait_is_twice_the_one_before_up_to_five_minutes(attempt: int, seconds: int) -> None:
    assert backoff(attempt) == timedelta(seconds=seconds)


@given(st.integers(-1000, 10**9))
def test_no_wait_is_shorter_or_longer_than_the_limits(attempt: int) -> None:
    assert FIRST_WAIT <= backoff(attempt) <= min(LONGEST_WAIT, backoff(attempt + 1))


@pytest.mark.parametrize("budget", BUDGETS.values(), ids=BUDGETS)
@given(gaps=st.lists(st.integers(0, 3_000), max_size=120))
def test_no_budget_is_ever_overdrawn(budget: Budget, gaps: list[int]) -> None:
    """In no span of time more calls than the burst and what the rate brings."""
    now, whole_at, calls = NOW, LONG_AGO, list[datetime]()
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        if budget.left(whole_at, now):
            whole_at = budget.spent(whole_at, now, 1)
            calls.append(now)
    for first, begun in enumerate(calls):
        for last in range(first, len(calls)):
            allowed = budget.burst + (calls[last] - begun) / budget.every
            assert last - first + 1 <= allowed


def test_what_is_left_comes_back_by_and_by() -> None:
    whole_at = UPDATES.spent(LONG_AGO, NOW, 10)
    assert UPDATES.left(LONG_AGO, NOW) == 10
    assert UPDATES.left(whole_at, NOW) == 0
    assert UPDATES.next_at(whole_at, clicked=True) == NOW + SECOND
    assert UPDATES.next_at(whole_at, clicked=False) == NOW + 5 * SECOND
    assert UPDATES.left(whole_at, NOW + 3 * SECOND) == 3
    assert UPDATES.left(whole_at, NOW + timedelta(days=1)) == 10


def test_a_pause_that_slack_asks_for_ends_with_a_single_call() -> None:
    until = NOW + 30 * SECOND
    whole_at = UPDATES.held(until)
    assert UPDATES.left(whole_at, until - timedelta(milliseconds=1)) == 0
    assert UPDATES.left(whole_at, until) == 1


def waiting(key: str, rank: int, seconds: float = 0.0, channel: str = "") -> Waiting:
    """Due for so many seconds."""
    return Waiting(key, channel or key, rank, NOW - timedelta(seconds=seconds))


def keys(found: list[Waiting]) -> str:
    return "".join(one.key for one in found)


def test_clicks_go_before_reminders_before_new_cards_before_summaries() -> None:
    found = [waiting("d", 3, 9), waiting("c", 2, 8), waiting("b", 1, 7), waiting("a", 0)]
    assert keys(turns(found, POSTS, LONG_AGO, NOW, 8)) == "abcd"
    assert keys(turns(found, POSTS, LONG_AGO, NOW, 2)) == "ab"


def test_one_message_a_channel_goes_at_a_time() -> None:
    found = [waiting("a", 2, 3, "D1"), waiting("b", 2, 2, "D1"), waiting("c", 2, 1, "D2")]
    assert keys(turns(found, POSTS, LONG_AGO, NOW, 8)) == "ac"
    assert keys(turns(found, UPDATES, LONG_AGO, NOW, 8)) == "abc"


def test_a_part_of_a_burst_is_kept_for_clicks() -> None:
    others = [waiting(key, 2, 5) for key in "bcdefghij"]
    whole_at = UPDATES.spent(LONG_AGO, NOW, 5)
    assert keys(turns(others, UPDATES, whole_at, NOW, 8)) == "b"
    assert keys(turns([*others, waiting("a", 0)], UPDATES, whole_at, NOW, 8)) == "a"
    spent = UPDATES.spent(LONG_AGO, NOW, 7)
    assert turns(others, UPDATES, spent, NOW, 8) == []
    assert keys(turns([*others, waiting("a", 0)], UPDATES, spent, NOW, 8)) == "a"


@pytest.mark.parametrize("budget", [POSTS, UPDATES])
def test_nobody_waits_for_ever(budget: Budget) -> None:
    """Clicks come faster than they can be shown: who has waited long has one turn in five."""
    now, whole_at, old = NOW, LONG_AGO, waiting("z", 3, PATIENCE.total_seconds() + 1)
    for turn in range(60):
        now += budget.every
        clicks = [Waiting(f"{turn}-{n}", f"{turn}-{n}", 0, now) for n in range(8)]
        found = turns([old, *clicks], budget, whole_at, now, 8)
        whole_at = budget.spent(whole_at, now, len(found))
        if old in found:
            assert turn <= 2 * FAIR
            return
    pytest.fail("it waits still")


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 200), st.integers(0, 5))),
    st.integers(-20, 20),
    st.integers(0, 9),
)
def test_turns_are_given_once_and_within_the_budget(
    found: list[tuple[int, int, int]], spent: int, room: int
) -> None:
    all_of = [waiting(f"{n}.", r, age, f"D{c}") for n, (r, age, c) in enumerate(found)]
    whole_at = POSTS.spent(NOW, NOW, 0) + POSTS.every * spent
    given_ = turns(all_of, POSTS, whole_at, NOW, room)
    assert len(set(given_)) == len(given_) <= min(room, POSTS.left(whole_at, NOW))
    assert len({one.channel for one in given_}) == len(given_)
    if POSTS.left(whole_at, NOW) and room and all_of:
        assert given_
