"""Days played by hand: each is one in which a certain carelessness would break a promise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stateful.models import Mood
from tests.stateful.test_days import Day


@pytest.fixture
def day() -> Iterator[Day]:
    """A day with one task, whose card stands; in the end all comes to rest and is judged."""
    played = Day()
    played.somebody_gets_a_task("o1", None)
    played.the_bot_works(seconds=0, polls=True)
    yield played
    played.nothing_is_posted_again_unseen()
    played.no_answer_is_accepted_twice()
    played.teardown()


def another_task(day: Day, *moods: Mood) -> None:
    day.team.moods["chat.postMessage"].extend(moods)
    day.somebody_gets_a_task("o2", None)
    day.the_bot_works(seconds=3, polls=True)
    day.the_bot_works(seconds=95, polls=False)


@pytest.mark.parametrize(
    "moods",
    [
        (Mood.LOST_REPLY,),
        (Mood.DIES_AFTER,),
        (Mood.STALLS_AFTER,),
        (Mood.STALLS_BEFORE, Mood.BUSY),
    ],
    ids=" ".join,
)
def test_a_post_in_doubt_is_looked_for_before_it_is_posted_again(
    day: Day, moods: tuple[Mood, ...]
) -> None:
    another_task(day, *moods)
    assert len([post for post in day.team.posts if post.channel == "DU2"]) == 1


@pytest.mark.parametrize(
    "mood", [Mood.DIES_BEFORE, Mood.DIES_AFTER, Mood.LOST_REPLY, Mood.STALLS_BEFORE]
)
@pytest.mark.parametrize(
    ("change", "takes_over"), [("done", True), ("done", False), ("title", True)]
)
def test_a_redraw_that_a_process_took_with_it_is_made(
    day: Day, mood: Mood, change: str, takes_over: bool
) -> None:
    day.takes_over = takes_over
    day.team.moods["chat.update"].append(mood)
    day.a_task_changes(0, change)
    day.the_bot_works(seconds=0, polls=True)


@pytest.mark.parametrize(
    "mood",
    [Mood.LOST_REPLY, Mood.DIES_BEFORE, Mood.DIES_AFTER, Mood.STALLS_BEFORE, Mood.STALLS_AFTER],
)
def test_an_answer_is_given_once_and_known_to_be(day: Day, mood: Mood) -> None:
    day.somebody_clicks(2, "SOLD", mood)
    day.the_bot_works(seconds=95, polls=True)
    assert sum(day.office.accepted.values()) == 1
