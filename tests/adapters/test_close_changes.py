"""Reopening, rescheduling, reassigning and commenting at Close, by its simulator."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import httpx2
import pytest

from adapters import contract as c
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.close import CloseSim
from sandbox.providers.service import Record
from sandbox.serve import serving
from tests.adapters.close_room import done, provider, scripted, writes

DAY = c.Due(on=date(2026, 4, 20))
TEXT = "Called, no answer"


@pytest.fixture
def ben(crm: CloseSim) -> c.Operator:
    user = crm.add_user("Ben Okafor", "ben@example.com")
    return c.Operator(user["id"], "Ben Okafor")


@pytest.fixture
def row(crm: CloseSim, ben: c.Operator) -> Record:
    """An open task of Ben's on a lead."""
    return crm.add_task("Call back", ben.id, crm.add_lead("Acme"), "2026-04-12")


def task_at(row: Record) -> c.Task:
    """The task as somebody knew it once; only its id counts."""
    return c.Task(row["id"], "Anything")


def change(kind: str, crm: CloseSim) -> c.Change:
    now = crm.clock.now()
    changes: dict[str, c.Change] = {
        "answer": done(crm),
        "reopen": c.Reopen(now),
        "reschedule": c.Reschedule(now, DAY),
        "reassign": c.Reassign(now, crm.key_owner["id"]),
        "comment": c.Comment(now, TEXT),
    }
    return changes[kind]


KINDS = ("answer", "reopen", "reschedule", "reassign", "comment")


# Each change.


async def test_reopening_takes_a_completion_back(crm: CloseSim, row: Record) -> None:
    adapter = provider(crm)
    assert adapter.capabilities.reopen
    finished = await adapter.submit(task_at(row), done(crm), None)
    task = await adapter.submit(finished, c.Reopen(crm.clock.now(), finished.data), None)
    assert (task.state, task.result) == (c.TaskState.OPEN, None)
    assert writes(crm) == [{"is_complete": True}, {"is_complete": False}]
    assert crm.violations == []


@pytest.mark.parametrize("again", [False, True])
async def test_a_task_that_is_open_already_stays_so(
    crm: CloseSim, row: Record, again: bool
) -> None:
    task = await provider(crm).submit(task_at(row), change("reopen", crm), None, again=again)
    assert task.state is c.TaskState.OPEN
    assert writes(crm) == []


async def test_a_later_completion_is_not_taken_back_by_a_repetition(
    crm: CloseSim, clock: MovableClock, row: Record, ben: c.Operator
) -> None:
    reopening = change("reopen", crm)
    clock.advance(timedelta(minutes=1))
    crm.complete_elsewhere(row["id"])
    with pytest.raises(c.Conflict) as caught:
        await provider(crm).submit(task_at(row), reopening, None, again=True)
    assert caught.value.task is not None
    assert caught.value.task.result is not None
    assert caught.value.task.result.by == ben.name
    assert row["is_complete"]


@pytest.mark.parametrize(
    ("due", "written"),
    [
        (DAY, "2026-04-20"),
        (c.Due(at=datetime(2026, 4, 20, 9, 30, tzinfo=UTC)), "2026-04-20T09:30:00+00:00"),
        (
            c.Due(at=datetime(2026, 4, 20, 9, 30, tzinfo=timezone(timedelta(hours=-4)))),
            "2026-04-20T13:30:00+00:00",
        ),
    ],
)
async def test_a_day_stays_a_day_and_an_instant_an_instant(
    crm: CloseSim, row: Record, due: c.Due, written: str
) -> None:
    moved = c.Reschedule(crm.clock.now(), due)
    task = await provider(crm).submit(task_at(row), moved, None)
    assert task.due == due
    assert writes(crm) == [{"date": written}]
    assert row["date"] == written
    assert crm.violations == []


async def test_a_dateless_task_gets_a_date_even_if_it_is_the_day_it_stands_on(
    crm: CloseSim,
) -> None:
    row = crm.add_task(date=None)
    today = c.Due(on=date.fromisoformat(row["date"]))
    moved = c.Reschedule(crm.clock.now(), today)
    task = await provider(crm).submit(task_at(row), moved, None)
    assert task.due == today
    assert writes(crm) == [{"date": row["date"]}]


async def test_reassigning_names_one_person(crm: CloseSim, row: Record) -> None:
    task = await provider(crm).submit(task_at(row), change("reassign", crm), None)
    assert task.operators == (c.Operator(crm.key_owner["id"], "Key Owner"),)
    assert writes(crm) == [{"assigned_to": crm.key_owner["id"]}]
    assert crm.violations == []


async def test_reassigning_to_nobody_known_is_refused(crm: CloseSim, row: Record) -> None:
    given = c.Reassign(crm.clock.now(), "user_gone")
    with pytest.raises(c.Rejected, match="Object does not exist") as caught:
        await provider(crm).submit(task_at(row), given, None)
    assert [*caught.value.fields] == ["assigned_to"]


@pytest.mark.parametrize("complete", [False, True])
async def test_a_comment_is_a_note_on_the_lead_by_who_wrote_it(
    crm: CloseSim, row: Record, ben: c.Operator, complete: bool
) -> None:
    if complete:
        crm.complete_elsewhere(row["id"])
    task = await provider(crm).submit(task_at(row), change("comment", crm), ben)
    assert (task.state is c.TaskState.DONE) is complete
    (note,) = crm.notes
    assert (note["note"], note["lead_id"], note["user_id"]) == (TEXT, row["lead_id"], ben.id)
    assert writes(crm) == [{"lead_id": row["lead_id"], "note": TEXT, "user_id": ben.id}]
    assert crm.violations == []


async def test_a_comment_by_nobody_is_the_key_owners(crm: CloseSim, row: Record) -> None:
    await provider(crm).submit(task_at(row), change("comment", crm), None)
    assert crm.notes[0]["user_id"] == crm.key_owner["id"]


async def test_without_a_lead_there_is_no_place_for_a_comment(crm: CloseSim) -> None:
    row = crm.add_task(type="voicemail")
    adapter = provider(crm)
    task = await adapter.lookup(task_at(row))
    assert task is not None
    assert task.without == (c.Effect.COMMENT.value,)
    with pytest.raises(c.Rejected, match="has no lead"):
        await adapter.submit(task, change("comment", crm), None)
    assert writes(crm) == []


# What is true of all.


@pytest.mark.parametrize("kind", ["reschedule", "reassign"])
async def test_a_finished_task_is_not_moved(crm: CloseSim, row: Record, kind: str) -> None:
    crm.complete_elsewhere(row["id"])
    with pytest.raises(c.Conflict) as caught:
        await provider(crm).submit(task_at(row), change(kind, crm), None)
    assert caught.value.task is not None
    assert caught.value.task.state is c.TaskState.DONE
    assert writes(crm) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_task_that_is_gone(crm: CloseSim, row: Record, kind: str) -> None:
    crm.remove(row["id"])
    with pytest.raises(c.NotFound):
        await provider(crm).submit(task_at(row), change(kind, crm), None)
    assert writes(crm) == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_task_that_goes_between_reading_and_writing(
    crm: CloseSim, row: Record, kind: str
) -> None:
    row["is_complete"] = kind == "reopen"
    method, path = ("POST", "/note/") if kind == "comment" else ("PUT", "/task/")
    crm.faults.add(Fault(Trouble.STATUS, path, method, status=404))
    with pytest.raises(c.NotFound):
        await provider(crm).submit(task_at(row), change(kind, crm), None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [403, 429, 500])
async def test_a_refused_write_is_told_and_not_repeated(
    crm: CloseSim, row: Record, kind: str, status: int
) -> None:
    if kind == "reopen":
        crm.complete_elsewhere(row["id"])
    wanted = {403: c.Unauthorized, 429: c.RateLimited, 500: c.Unavailable}[status]
    for method in ("PUT", "POST"):
        crm.faults.add(Fault(Trouble.STATUS, "/", method, status=status))
    with pytest.raises(wanted) as caught:
        await provider(crm).submit(task_at(row), change(kind, crm), None)
    assert len(writes(crm)) == 1
    if isinstance(caught.value, c.Unavailable):
        assert caught.value.ambiguous


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("trouble", "landed"), [(Trouble.DROP, False), (Trouble.DROP_AFTER, True)])
async def test_a_cut_line_before_or_after_the_write(
    crm: CloseSim, row: Record, ben: c.Operator, kind: str, trouble: Trouble, landed: bool
) -> None:
    if kind == "reopen":
        crm.edit(row["id"], is_complete=True)
    async with serving(crm.app) as origin:
        adapter = provider(crm, origin)
        for method in ("PUT", "POST"):
            crm.faults.add(Fault(trouble, "/", method))
        wanted = change(kind, crm)
        with pytest.raises(c.Unavailable) as caught:
            await adapter.submit(task_at(row), wanted, ben)
        assert caught.value.ambiguous
        crm.faults.clear()
        task = await adapter.submit(task_at(row), wanted, ben, again=True)
        await adapter.close()
    assert len(writes(crm)) == (1 if landed else 2)
    assert crm.violations == []
    assert len(crm.notes) == (kind == "comment")
    assert (task.state is c.TaskState.DONE) is (kind == "answer")
    assert task.due == (DAY if kind == "reschedule" else c.Due(on=date(2026, 4, 12)))
    owner = crm.key_owner["id"] if kind == "reassign" else ben.id
    assert [operator.id for operator in task.operators] == [owner]


@pytest.mark.parametrize("kind", ["answer", "reopen", "reschedule", "reassign"])
async def test_a_write_whose_answer_is_cut_short_has_landed(
    crm: CloseSim, row: Record, kind: str
) -> None:
    if kind == "reopen":
        crm.complete_elsewhere(row["id"])
    crm.faults.add(Fault(Trouble.TRUNCATE, "/task/", "PUT"))
    adapter = provider(crm)
    task = await adapter.submit(task_at(row), change(kind, crm), None)
    assert task == await adapter.lookup(task)


async def test_without_a_read_back_the_accepted_date_counts(crm: CloseSim, row: Record) -> None:
    answers = [httpx2.Response(200, json=row), httpx2.Response(200, text="{"), httpx2.Response(500)]
    adapter = scripted(crm, lambda _: answers.pop(0))
    task = await adapter.submit(task_at(row), change("reschedule", crm), None)
    assert task.due == DAY


# A comment's repetition.


@pytest.mark.parametrize(
    ("found", "posts"),
    [
        ({}, 0),
        ({"note": f"{TEXT}\n"}, 0),
        ({"note": "Another text"}, 1),
        ({"user_id": "user_somebody"}, 1),
        ({"date_created": "2026-04-11T09:58:59.000000+00:00"}, 1),
    ],
)
async def test_only_our_own_note_counts_as_the_earlier_try(
    crm: CloseSim, row: Record, ben: c.Operator, found: dict[str, Any], posts: int
) -> None:
    adapter, wanted = provider(crm), change("comment", crm)
    await adapter.submit(task_at(row), wanted, ben)
    crm.notes[0] |= found
    await adapter.submit(task_at(row), wanted, ben, again=True)
    assert len(crm.notes) == 1 + posts
    assert crm.violations == []


async def test_when_notes_cannot_be_read_nothing_is_posted_twice(
    crm: CloseSim, row: Record, ben: c.Operator
) -> None:
    adapter, wanted = provider(crm), change("comment", crm)
    await adapter.submit(task_at(row), wanted, ben)
    crm.notes[0]["note"] = 42
    with pytest.raises(c.Malformed):
        await adapter.submit(task_at(row), wanted, ben, again=True)
    assert len(crm.notes) == 1
