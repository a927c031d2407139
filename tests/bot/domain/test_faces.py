"""Which face a card shows: from stored state alone, and "done" only what is confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.contract import (
    Capabilities,
    Due,
    Effect,
    FieldKind,
    Operator,
    Outcome,
    Result,
    Task,
    TaskState,
)
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
    answered: Submission | None = None,
    connection: Connection = RETEN,
    operators: tuple[Operator, ...] = (ANA,),
    reader: str = "U1",
    due: Due | None = None,
    result: Result | None = None,
    without: tuple[str, ...] = (),
) -> CardView:
    state = TaskState.OPEN if standing is Standing.GONE else TaskState(standing)
    task = Task("t", "Call", state, due, operators, result=result, without=without)
    linked = {one.id: f"U{one.id[1:]}" for one in operators if one is not CARL}
    situation = Situation(
        stored=StoredTask("reten", "k", task, standing, NOW, answered.id if answered else None),
        connection=connection,
        readers=[Reader(user) for user in linked.values()],
        cards=(),
        submission=submission,
        answered=answered,
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
    done = answer(SubmissionState.DONE)
    shown = view(Standing.DONE, done, answered=done)
    assert shown.face is Face.DONE
    assert shown.answer == AnswerLine("Sold", by_user="U1", at=NOW)
    assert shown.submission_id is None


CAN_ALL = Connection(
    "acme",
    "Acme",
    (Outcome("SOLD", "Sold", completes=True, reversible=True), Outcome("LATER", "Later")),
    Capabilities(reopen=True, reschedule=True, reassign=True, comment=True),
)


def reopening(state: SubmissionState) -> Submission:
    return replace(answer(state), id="s2", label="Undo", effect=Effect.REOPEN)


@pytest.mark.parametrize("standing", [Standing.DONE, Standing.CANCELLED])
def test_what_we_finished_can_be_taken_back_where_the_provider_can(standing: Standing) -> None:
    done = answer(SubmissionState.DONE)
    assert view(standing, done, answered=done, connection=CAN_ALL).submission_id == "s1"
    for less in (
        replace(CAN_ALL, capabilities=Capabilities()),
        replace(CAN_ALL, outcomes=(Outcome("SOLD", "Sold"),)),
        replace(CAN_ALL, outcomes=()),
    ):
        assert view(standing, done, answered=done, connection=less).submission_id is None


@pytest.mark.parametrize("standing", [Standing.DONE, Standing.CANCELLED])
def test_taking_back_shows_its_way_and_its_refusal(standing: Standing) -> None:
    done = answer(SubmissionState.DONE)
    going = view(standing, reopening(SubmissionState.SENDING), answered=done, connection=CAN_ALL)
    assert (going.face, going.answer) == (
        Face.SENDING,
        AnswerLine("Undo", by_user="U1", effect=Effect.REOPEN),
    )
    kept = view(standing, reopening(SubmissionState.REFUSED), answered=done, connection=CAN_ALL)
    assert kept.face in (Face.DONE, Face.CANCELLED)
    assert (kept.refusal, kept.submission_id) == ("too late", "s1")


def test_a_task_opened_again_says_so_and_can_be_answered() -> None:
    taken_back = reopening(SubmissionState.DONE)
    shown = view(submission=taken_back, answered=taken_back, connection=CAN_ALL)
    assert shown.face is Face.OPEN
    assert shown.outcomes == CAN_ALL.outcomes
    assert shown.answer is not None
    assert shown.answer.effect is Effect.REOPEN


@pytest.mark.parametrize(
    ("without", "outcomes", "changes"),
    [
        ((), ["SOLD", "LATER"], ["reschedule", "reassign", "comment"]),
        (("LATER", "comment"), ["SOLD"], ["reschedule", "reassign"]),
        (("SOLD", "LATER", "reschedule", "reassign", "comment", "unknown"), [], []),
    ],
)
def test_a_card_offers_what_the_task_allows(
    without: tuple[str, ...], outcomes: list[str], changes: list[str]
) -> None:
    shown = view(connection=CAN_ALL, without=without)
    assert [one.code for one in shown.outcomes] == outcomes
    assert [one.effect.value for one in shown.changes] == changes


@pytest.mark.parametrize(
    ("due", "kind"),
    [
        (None, FieldKind.FUTURE_MOMENT),
        (Due(at=NOW), FieldKind.FUTURE_MOMENT),
        (Due(on=NOW.date()), FieldKind.DAY),
    ],
)
def test_a_day_is_moved_to_a_day(due: Due | None, kind: FieldKind) -> None:
    (reschedule, *_) = view(connection=CAN_ALL, due=due).changes
    assert [(field.kind, field.required) for field in reschedule.fields] == [(kind, True)]


def test_a_provider_that_can_only_be_answered_offers_no_changes() -> None:
    assert view().changes == ()


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
    done = answer(SubmissionState.DONE)
    shown = view(submission=done, answered=done)
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
