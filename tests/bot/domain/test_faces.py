"""Which face a card shows: from stored state alone, and "done" only what is confirmed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.contract import Due, Operator, Outcome, Result, Task, TaskState
from bot.domain.faces import becomes_overdue, card_view
from bot.domain.model import (
    AnswerLine,
    CardView,
    Connection,
    Face,
    Reader,
    Reason,
    Situation,
    Standing,
    StoredTask,
    Submission,
    SubmissionState,
)

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
RETEN = Connection("reten", "Reten", (Outcome("SOLD", "Sold"),))
ANA, BEN, CARL = Operator("o1", "Ana"), Operator("o2", "Ben"), Operator("o3", "Carl")


def answer(state: SubmissionState, failing_since: datetime | None = None) -> Submission:
    return Submission(
        "s1", "reten", "t", "SOLD", "Sold", {}, "U1", "o1", NOW, state, NOW + timedelta(seconds=5),
        error="too late" if state is SubmissionState.REFUSED else None,
        failing_since=failing_since,
    )  # fmt: skip


def view(
    standing: Standing = Standing.OPEN,
    submission: Submission | None = None,
    *,
    answered: str | None = None,
    operators: tuple[Operator, ...] = (ANA,),
    reader: str = "U1",
    due: Due | None = None,
    result: Result | None = None,
) -> CardView:
    state = TaskState.OPEN if standing is Standing.GONE else TaskState(standing)
    task = Task("t", "Call", state, due, operators, result=result)
    linked = {one.id: f"U{one.id[1:]}" for one in operators if one is not CARL}
    situation = Situation(
        stored=StoredTask("reten", "k", task, standing, NOW, answered),
        connection=RETEN,
        readers=[Reader(user, "UTC") for user in linked.values()],
        cards=(),
        submission=submission,
        linked=linked,
    )
    return card_view(situation, reader, "UTC", Reason.ASSIGNED, NOW)


FACES = {
    SubmissionState.HELD: Face.HELD,
    SubmissionState.PENDING: Face.SENDING,
    SubmissionState.SENDING: Face.SENDING,
    SubmissionState.RETRY: Face.SENDING,
    SubmissionState.UNKNOWN: Face.SENDING,
    SubmissionState.DONE: Face.OPEN,
    SubmissionState.REFUSED: Face.OPEN,
    SubmissionState.WITHDRAWN: Face.OPEN,
}


@pytest.mark.parametrize("state", SubmissionState)
def test_an_open_task_is_never_called_done(state: SubmissionState) -> None:
    shown = view(submission=answer(state))
    assert shown.face is FACES[state]
    assert (shown.outcomes == RETEN.outcomes) == (shown.face is Face.OPEN)
    assert shown.refusal == ("too late" if state is SubmissionState.REFUSED else None)


@pytest.mark.parametrize("state", SubmissionState)
@pytest.mark.parametrize(
    ("standing", "face"),
    [
        (Standing.DONE, Face.DONE_ELSEWHERE),
        (Standing.CANCELLED, Face.CANCELLED),
        (Standing.GONE, Face.GONE),
    ],
)
def test_the_provider_has_the_last_word(
    standing: Standing, face: Face, state: SubmissionState
) -> None:
    shown = view(standing, answer(state))
    assert shown.face is face
    assert shown.outcomes == ()


def test_what_we_finished_says_who_and_what() -> None:
    shown = view(Standing.DONE, answer(SubmissionState.DONE), answered="s1")
    assert shown.face is Face.DONE
    assert shown.answer == AnswerLine("Sold", by_user="U1", at=NOW)


def test_what_was_finished_elsewhere_says_what_the_provider_tells() -> None:
    result = Result("Vendido", "Carl", NOW)
    shown = view(Standing.DONE, result=result)
    assert shown.answer == AnswerLine("Vendido", by_name="Carl", at=NOW)
    assert view(Standing.DONE).answer is None


def test_a_held_answer_says_until_when_and_can_be_taken_back() -> None:
    shown = view(submission=answer(SubmissionState.HELD))
    assert (shown.submission_id, shown.until) == ("s1", NOW + timedelta(seconds=5))


@pytest.mark.parametrize("state", [SubmissionState.SENDING, SubmissionState.RETRY])
def test_an_answer_that_waits_for_the_provider_says_since_when(state: SubmissionState) -> None:
    shown = view(submission=answer(state, failing_since=NOW))
    assert (shown.face, shown.until) == (Face.WAITING, NOW)


def test_an_answer_that_leaves_the_task_open_stands_on_the_card() -> None:
    shown = view(submission=answer(SubmissionState.DONE), answered="s1")
    assert shown.face is Face.OPEN
    assert shown.answer == AnswerLine("Sold", by_user="U1", at=NOW)


@pytest.mark.parametrize(
    ("operators", "users", "names"),
    [
        ((BEN,), ("U2",), ()),
        ((CARL,), (), ("Carl",)),
        ((BEN, CARL), ("U2",), ("Carl",)),
        ((), (), ()),
    ],
)
def test_what_moved_says_to_whom(
    operators: tuple[Operator, ...], users: tuple[str, ...], names: tuple[str, ...]
) -> None:
    shown = view(operators=operators)
    assert shown.face is Face.MOVED
    assert (shown.moved_to, shown.moved_to_names) == (users, names)
    assert shown.outcomes == ()


@pytest.mark.parametrize(
    ("due", "zone", "moment"),
    [
        (Due(at=NOW), "Asia/Kathmandu", NOW + timedelta(minutes=1)),
        (Due(on=date(2026, 4, 15)), "UTC", datetime(2026, 4, 16, tzinfo=UTC)),
        (Due(on=date(2026, 4, 15)), "Asia/Kathmandu", datetime(2026, 4, 15, 18, 15, tzinfo=UTC)),
        (Due(on=date(2026, 4, 15)), "Asia/Kolkata", datetime(2026, 4, 15, 18, 30, tzinfo=UTC)),
        (Due(on=date(2026, 3, 29)), "Europe/Madrid", datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (Due(on=date(2026, 10, 25)), "Europe/Madrid", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (Due(on=date(2026, 4, 15)), "Nowhere/Atall", datetime(2026, 4, 16, tzinfo=UTC)),
        # Santiago's clocks skip the midnight of 6 September 2026.
        (Due(on=date(2026, 9, 5)), "America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),
    ],
)
def test_the_moment_at_which_a_task_is_overdue(due: Due, zone: str, moment: datetime) -> None:
    assert becomes_overdue(due, zone) == moment


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_overdue_is_told_from_that_moment_on(seconds: int) -> None:
    due = Due(at=NOW - timedelta(minutes=1) - timedelta(seconds=seconds))
    assert view(due=due).overdue == (seconds >= 0)
