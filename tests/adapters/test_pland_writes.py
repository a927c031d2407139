"""Changes of tasks at PlanD: what is sent, what is read back, and what goes wrong on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters import contract as c
from adapters.pland_wire import CANCEL, COMPLETE, REVIEW, START
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import Answering, PlandSim
from sandbox.providers.pland_records import Wire
from tests.adapters.pland_room import (
    NOBODY,
    Meanwhile,
    TimeOut,
    answer,
    first,
    provider,
    writes,
)

COMPLETION = ("POST complete", {"sendEmail": False})
LATER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def patched(row: dict[str, Any], **body: object) -> tuple[str, Any]:
    return (f"PATCH {row['_id']}", body)


async def test_the_offer(pland: PlandSim) -> None:
    offer = await provider(pland).offer()
    assert offer.outcomes == (START, REVIEW, COMPLETE, CANCEL)
    assert [outcome.label for outcome in offer.outcomes if outcome.completes] == ["Complete"]
    assert [outcome.label for outcome in offer.outcomes if outcome.grave] == ["Cancel task"]
    assert offer.gap is None


# Moving a task through its workflow.


@pytest.mark.parametrize("answering", Answering)
@pytest.mark.parametrize(
    ("code", "status", "label"),
    [
        ("start", "in_progress", "In progress"),
        ("review", "in_review", "In review"),
        ("cancel", "cancelled", "Cancelled"),
    ],
)
async def test_a_status_is_one_key_and_is_read_back(
    pland: PlandSim, code: str, status: str, label: str, answering: Answering
) -> None:
    pland.answering = answering
    row = pland.add_task("Flur")
    adapter = provider(pland)
    task = await adapter.submit(await first(adapter), answer(pland, code), None)
    assert (task.status_label, task.title) == (label, "Flur")
    assert (task.state is c.TaskState.OPEN) == (code != "cancel")
    assert task.without == (() if code == "cancel" else (code,))
    assert writes(pland) == [patched(row, taskStatus=status)]


async def test_what_is_as_wished_is_not_written(pland: PlandSim) -> None:
    ana = pland.add_user("Ana")["_id"]
    pland.add_task(assignee=ana, due=LATER, task_status="in_progress")
    adapter, now = provider(pland), pland.clock.now()
    task = await first(adapter)
    for change in (
        answer(pland, "start"),
        c.Reassign(now, ana),
        c.Reschedule(now, c.Due(at=LATER)),
        c.Reopen(now, {"status": "new"}),
    ):
        assert await adapter.submit(task, change, None) == task
    assert writes(pland) == []


async def test_completing_says_that_nobody_gets_mail(pland: PlandSim, clock: MovableClock) -> None:
    ana = pland.add_user("Ana")["_id"]
    pland.add_task(assignee=ana)
    adapter = provider(pland)
    task = await adapter.submit(await first(adapter), answer(pland, "complete"), None)
    assert task.state is c.TaskState.DONE
    # That the key's user did it is not said of the assignee.
    assert task.result == c.Result("Completed", None, clock.now())
    assert writes(pland) == [COMPLETION]
    assert pland.emails == []


async def test_a_comment_goes_before_the_completion_where_that_is_switched_on(
    pland: PlandSim,
) -> None:
    row = pland.add_task()
    adapter = provider(pland, completion_response=True)
    complete = next(o for o in (await adapter.offer()).outcomes if o.completes)
    assert [(field.key, field.required) for field in complete.fields] == [("comment", False)]
    task = await first(adapter)
    await adapter.submit(task, answer(pland, "complete", comment=" Fertig. "), None)
    assert writes(pland) == [patched(row, completionResponse="Fertig."), COMPLETION]
    assert row["completionResponse"] == "Fertig."


async def test_a_comment_that_is_there_is_not_sent_again(pland: PlandSim) -> None:
    row = pland.add_task()
    late = TimeOut(pland, "POST", after=False)
    adapter, done = provider(pland, transport=late, completion_response=True), "Fertig"
    task, change = c.Task(row["_id"], ""), answer(pland, "complete", comment=done)
    with pytest.raises(c.Unavailable):
        await adapter.submit(task, change, None)
    await adapter.submit(task, change, None, again=True)
    assert writes(pland) == [patched(row, completionResponse=done), COMPLETION]


async def test_a_task_that_is_done_before_its_comment_is_not_completed_twice(
    pland: PlandSim,
) -> None:
    row = pland.add_task()
    pland.locks_finished = True
    ours = Meanwhile(pland, lambda: pland.complete_elsewhere(row["_id"]), "PATCH")
    adapter = provider(pland, transport=ours, completion_response=True)
    change = answer(pland, "complete", comment="Fertig")
    task = await adapter.submit(c.Task(row["_id"], ""), change, None)
    assert task.state is c.TaskState.DONE
    assert writes(pland) == [patched(row, completionResponse="Fertig")]


async def test_no_comment_is_no_request(pland: PlandSim) -> None:
    pland.add_task()
    adapter = provider(pland, completion_response=True)
    await adapter.submit(await first(adapter), answer(pland, "complete", comment=" "), None)
    assert writes(pland) == [COMPLETION]


@pytest.mark.parametrize("change", ["skip", "open", "completed"])
async def test_an_outcome_of_another_provider_is_refused(pland: PlandSim, change: str) -> None:
    pland.add_task()
    adapter = provider(pland)
    with pytest.raises(c.Rejected, match=f"“{change}” is no longer offered by PlanD"):
        await adapter.submit(await first(adapter), answer(pland, change), None)


async def test_comments_are_not_supported(pland: PlandSim) -> None:
    pland.add_task()
    adapter = provider(pland)
    with pytest.raises(c.Unsupported):
        await adapter.submit(await first(adapter), c.Comment(pland.clock.now(), "x"), None)
    assert writes(pland) == []


# Somebody was first.


@pytest.mark.parametrize("code", ["start", "review", "complete", "cancel"])
@pytest.mark.parametrize("ended", ["completed", "cancelled"])
async def test_a_task_that_somebody_finished_is_a_conflict(
    pland: PlandSim, code: str, ended: str
) -> None:
    ben = pland.add_user("Ben")["_id"]
    row = pland.add_task()
    adapter = provider(pland)
    task = await first(adapter)
    pland.edit(row["_id"], ben, taskStatus=ended)
    for again in (False, True):
        with pytest.raises(c.Conflict, match="is already") as caught:
            await adapter.submit(task, answer(pland, code), None, again=again)
        assert caught.value.task is not None
        assert caught.value.task.status_label == ended.capitalize()
    assert writes(pland) == []


@pytest.mark.parametrize("change", [c.Reschedule, c.Reassign])
async def test_what_is_finished_is_not_moved(pland: PlandSim, change: Any) -> None:
    row = pland.add_task(task_status="completed")
    what = c.Due(at=LATER) if change is c.Reschedule else pland.key_owner["_id"]
    with pytest.raises(c.Conflict):
        await provider(pland).submit(
            c.Task(row["_id"], ""), change(pland.clock.now(), what), None, again=True
        )
    assert writes(pland) == []


@pytest.mark.parametrize(("code", "ended"), [("complete", "completed"), ("cancel", "cancelled")])
@pytest.mark.parametrize("by", ["ours", None, "Ana Silva"])
async def test_an_end_that_may_be_ours_counts_when_tried_again(
    pland: PlandSim, code: str, ended: str, by: str | None
) -> None:
    row = pland.add_task(task_status=ended)
    if by != "ours":
        row["status"]["lastModifiedBy"] = by
    task, adapter = c.Task(row["_id"], ""), provider(pland)
    with pytest.raises(c.Conflict):
        await adapter.submit(task, answer(pland, code), None)
    finished = await adapter.submit(task, answer(pland, code), None, again=True)
    assert finished.status_label == ended.capitalize()
    assert writes(pland) == []


@pytest.mark.parametrize("code", ["complete", "cancel"])
async def test_an_end_that_comes_between_reading_and_writing(pland: PlandSim, code: str) -> None:
    ben = pland.add_user("Ben")["_id"]
    row = pland.add_task()
    pland.locks_finished = True
    method = "POST" if code == "complete" else "PATCH"
    meanwhile = Meanwhile(pland, lambda: pland.complete_elsewhere(row["_id"], ben), method)
    with pytest.raises(c.Conflict, match="already complete") as caught:
        await provider(pland, transport=meanwhile).submit(
            c.Task(row["_id"], ""), answer(pland, code), None
        )
    assert caught.value.task is not None
    assert caught.value.task.state is c.TaskState.DONE


async def test_a_request_that_a_proxy_repeats_is_still_ours(pland: PlandSim) -> None:
    row = pland.add_task()
    pland.faults.add(Fault(Trouble.TWICE, "/complete", "POST"))
    task = await provider(pland).submit(c.Task(row["_id"], ""), answer(pland, "complete"), None)
    assert task.state is c.TaskState.DONE


async def test_a_task_that_vanishes_before_the_write(pland: PlandSim) -> None:
    for code, method in (("complete", "POST"), ("start", "PATCH")):
        row = pland.add_task()
        meanwhile = Meanwhile(pland, lambda row=row: pland.remove(row["_id"]), method)
        with pytest.raises(c.NotFound):
            await provider(pland, transport=meanwhile).submit(
                c.Task(row["_id"], ""), answer(pland, code), None
            )


# Taking back, moving, giving away.


@pytest.mark.parametrize("ended", ["completed", "cancelled"])
@pytest.mark.parametrize(
    ("before", "status"),
    [({"status": "in_review"}, "in_review"), ({}, "open"), ({"status": "completed"}, "open")],
)
async def test_reopening_goes_back_to_where_the_task_was(
    pland: PlandSim, ended: str, before: dict[str, str], status: str
) -> None:
    row = pland.add_task(task_status=ended)
    change = c.Reopen(pland.clock.now(), before)
    task = await provider(pland).submit(c.Task(row["_id"], ""), change, None)
    assert task.state is c.TaskState.OPEN
    assert task.data == {"status": status}
    assert writes(pland) == [patched(row, taskStatus=status)]


async def test_the_data_of_a_task_lead_back(pland: PlandSim) -> None:
    pland.add_task(task_status="in_progress")
    adapter = provider(pland)
    before = await first(adapter)
    done = await adapter.submit(before, answer(pland, "complete"), None)
    again = await adapter.submit(done, c.Reopen(pland.clock.now(), before.data), None)
    assert again == before


async def test_where_finished_tasks_are_locked_reopening_is_refused(pland: PlandSim) -> None:
    row = pland.add_task(task_status="completed")
    pland.locks_finished = True
    with pytest.raises(c.Rejected, match="Task already completed or cancelled"):
        await provider(pland).submit(c.Task(row["_id"], ""), c.Reopen(pland.clock.now()), None)


@pytest.mark.parametrize("wire", [Wire(), Wire(assignee_key="_id")])
async def test_reassigning(pland: PlandSim, wire: Wire) -> None:
    pland.wire = wire
    ana, bo = pland.add_user("Ana")["_id"], pland.add_user("Bo")["_id"]
    row = pland.add_task(assignee=ana)
    adapter = provider(pland)
    task = await adapter.submit(await first(adapter), c.Reassign(pland.clock.now(), bo), None)
    assert task.operators == (c.Operator(bo, "Bo"),)
    assert writes(pland) == [patched(row, assignee={"entityId": bo})]


async def test_nobody_else_can_be_given_a_task(pland: PlandSim) -> None:
    pland.add_task()
    adapter, now = provider(pland), pland.clock.now()
    task = await first(adapter)
    with pytest.raises(c.Rejected, match="Not found: assignee"):
        await adapter.submit(task, c.Reassign(now, NOBODY), None)
    sent = len(pland.requests)
    with pytest.raises(c.Rejected, match="no person"):
        await adapter.submit(task, c.Reassign(now, "../users"), None)
    assert len(pland.requests) == sent


async def test_a_404_for_the_person_is_not_one_for_the_task(pland: PlandSim) -> None:
    row = pland.add_task()
    pland.faults.add(Fault(Trouble.STATUS, row["_id"], "PATCH", status=404))
    change = c.Reassign(pland.clock.now(), NOBODY)
    with pytest.raises(c.Rejected, match="does not know"):
        await provider(pland).submit(c.Task(row["_id"], ""), change, None)


@pytest.mark.parametrize(
    ("due", "sent"),
    [
        (c.Due(at=LATER), "2026-12-01T09:30:00+00:00"),
        (c.Due(on=date(2026, 12, 1)), "2026-12-01T00:00:00+01:00"),
    ],
)
async def test_rescheduling(pland: PlandSim, due: c.Due, sent: str) -> None:
    row = pland.add_task()
    adapter = provider(pland)
    task = await adapter.submit(await first(adapter), c.Reschedule(LATER, due), None)
    assert task.due == due
    assert writes(pland) == [patched(row, dueDate=sent)]
