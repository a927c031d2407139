"""Who may answer what and when: every combination of rights, standing and answers before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from adapters.contract import Operator, Outcome, Task, TaskState
from bot.domain.answering import Accepted, decide, may_withdraw
from bot.domain.model import (
    Actor,
    Connection,
    Standing,
    StoredTask,
    Submission,
    SubmissionState,
    Whisper,
    outcome_token,
)

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
UNDO = timedelta(seconds=5)
SOLD, BACK = Outcome("SOLD", "Sold"), Outcome("BACK", "Done", reversible=True)
RETEN = Connection("reten", "Reten", (SOLD, BACK))
MINE, SECOND, OTHER = Operator("o1"), Operator("o2"), Operator("o9")

ACTORS = {
    "the operator": (Actor("U1", (MINE,)), True),
    "one of two": (Actor("U1", (OTHER, SECOND)), True),
    "a colleague": (Actor("U1", (OTHER,)), "not_yours"),
    "nobody": (Actor("U1"), "unlinked"),
    "who stands in": (Actor("U1", stands_in_for=(OTHER, SECOND)), True),
    "who stands in for others": (Actor("U1", stands_in_for=(OTHER,)), "not_yours"),
    "a manager": (Actor("U1", (), oversees=True), True),
    "a manager who is a colleague": (Actor("U1", (OTHER,), oversees=True), True),
}


def stored(standing: Standing = Standing.OPEN, answered: str | None = None) -> StoredTask:
    state = TaskState.OPEN if standing is Standing.GONE else TaskState(standing)
    task = Task("t", "Call", state, operators=(MINE, SECOND))
    return StoredTask("reten", "k", task, standing, NOW, answered)


def answer(state: SubmissionState, user: str = "U1") -> Submission:
    return Submission("s1", "reten", "t", "SOLD", "Sold", {}, user, "o1", NOW, state, NOW)


def because(standing: Standing, state: SubmissionState | None) -> str | None:
    """Why nobody can answer now, whoever they are."""
    if standing is Standing.GONE:
        return "gone"
    if standing is not Standing.OPEN:
        return "already_finished"
    return "already_sending" if state and state.active else None


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize(
    ("standing", "state"), [*product(Standing, [None, *SubmissionState])], ids=str
)
def test_rights_standing_and_answers_before(
    who: str, standing: Standing, state: SubmissionState | None
) -> None:
    actor, may = ACTORS[who]
    submission = answer(state) if state else None
    token = outcome_token("SOLD")
    decided = decide(stored(standing), RETEN, token, actor, submission, UNDO, NOW)
    expected = because(standing, state) if may is True else may
    if expected is None:
        assert isinstance(decided, Accepted)
        assert decided.outcome == SOLD
    else:
        assert isinstance(decided, Whisper)
        assert decided.code == expected
        assert decided.params["title"] == "Call"
        assert decided.params["connection"] == "Reten"


@pytest.mark.parametrize("token", ["", "SOLD", "nonsense", outcome_token("GONE")])
def test_what_is_no_longer_offered_cannot_be_chosen(token: str) -> None:
    actor = Actor("U1", (MINE,))
    decided = decide(stored(), RETEN, token, actor, None, UNDO, NOW)
    assert decided == Whisper("outcome_gone", {"title": "Call", "connection": "Reten"})


@pytest.mark.parametrize(
    ("outcome", "undo", "hold"),
    [
        (SOLD, UNDO, True),
        (SOLD, timedelta(0), False),
        (BACK, UNDO, False),
        (BACK, timedelta(0), False),
    ],
)
def test_only_what_cannot_be_taken_back_later_is_held(
    outcome: Outcome, undo: timedelta, hold: bool
) -> None:
    token = outcome_token(outcome.code)
    decided = decide(stored(), RETEN, token, Actor("U1", (MINE,)), None, undo, NOW)
    assert decided == Accepted(outcome, MINE, NOW + UNDO if hold else NOW, hold)


@pytest.mark.parametrize(
    ("operators", "acting"),
    [((MINE,), MINE), ((OTHER, SECOND), SECOND), ((OTHER,), OTHER), ((), None)],
)
def test_a_manager_answers_in_their_own_name(
    operators: tuple[Operator, ...], acting: Operator | None
) -> None:
    actor = Actor("U1", operators, oversees=True)
    decided = decide(stored(), RETEN, outcome_token("SOLD"), actor, None, UNDO, NOW)
    assert isinstance(decided, Accepted)
    assert decided.operator == acting


@pytest.mark.parametrize(("answered", "label"), [("s1", "Sold"), ("s0", None), (None, None)])
def test_a_finished_task_names_our_answer_where_it_was_ours(
    answered: str | None, label: str | None
) -> None:
    done = stored(Standing.DONE, answered)
    before = answer(SubmissionState.DONE)
    decided = decide(done, RETEN, "", Actor("U1", (MINE,)), before, UNDO, NOW)
    assert isinstance(decided, Whisper)
    assert decided.params.get("label") == label


UNDOING = {
    SubmissionState.HELD: None,
    SubmissionState.WITHDRAWN: "withdrawn",
    SubmissionState.REFUSED: "refused",
}


@pytest.mark.parametrize("state", SubmissionState)
@pytest.mark.parametrize(
    ("user", "oversees", "may"),
    [("U1", False, True), ("U2", False, False), ("U2", True, True), ("U1", True, True)],
)
def test_taking_back(state: SubmissionState, user: str, oversees: bool, may: bool) -> None:
    refusal = may_withdraw(answer(state), Actor(user, oversees=oversees))
    code = UNDOING.get(state, "too_late_to_undo") if may else "not_yours"
    assert refusal == (None if code is None else Whisper(code, {"label": "Sold"}))


@pytest.mark.parametrize(("own", "name"), [((), MINE), ((OTHER,), OTHER)])
def test_who_stands_in_acts_in_their_own_name_where_they_have_one(
    own: tuple[Operator, ...], name: Operator
) -> None:
    actor = Actor("U1", own, stands_in_for=(MINE,))
    decided = decide(stored(), RETEN, outcome_token("SOLD"), actor, None, UNDO, NOW)
    assert isinstance(decided, Accepted)
    assert decided.operator == name
