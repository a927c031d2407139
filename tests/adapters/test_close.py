"""Close against its simulator: listing, reading, completing, and what goes wrong on the way."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from adapters import contract as c
from adapters.close import CloseOptions
from adapters.close_wire import COMPLETE, Listing, TaskRow, task_of
from adapters.reading import salvage, validate
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.close import CloseSim
from sandbox.providers.service import Breakage
from sandbox.serve import serving
from tests.adapters.close_room import KEY, done, first, listed, provider, scripted, writes

# Options.


def test_types_are_a_list_or_a_line() -> None:
    for types in (["lead", "voicemail"], "lead, voicemail,"):
        options = CloseOptions.model_validate({"api_key": "k", "types": types})
        assert options.types == ("lead", "voicemail")


@pytest.mark.parametrize("wrong", [{"types": ""}, {"types": []}, {"type": "lead"}])
def test_options_that_say_nothing_are_refused_without_an_echo(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        CloseOptions.model_validate({"api_key": KEY, **wrong})
    assert KEY not in str(caught.value)


# Listing.


async def test_open_tasks_of_the_chosen_types_are_listed(crm: CloseSim) -> None:
    for number in range(3):
        crm.add_task(type="outgoing_call" if number == 0 else "lead")
    crm.add_task(is_complete=True)
    crm.add_task(type="missed_call")
    tasks, whole = await listed(provider(crm))
    assert whole
    assert len({task.id for task in tasks}) == len(tasks) == 3
    assert all(task.state is c.TaskState.OPEN for task in tasks)
    assert crm.violations == []


async def test_a_task_reads_as_close_tells_it(crm: CloseSim) -> None:
    ben = crm.add_user("Ben Okafor", "ben@example.com")
    lead = crm.add_lead("Wayne Enterprises")
    crm.add_task("Call back\nabout the quote", ben["id"], lead, "2026-04-12")
    task = await first(provider(crm))
    page = f"https://app.close.com/lead/{lead['id']}/"
    assert task == c.Task(
        id=task.id,
        title="Call back about the quote",
        due=c.Due(on=date(2026, 4, 12)),
        operators=(c.Operator(ben["id"], "Ben Okafor"),),
        subject=c.Subject("Wayne Enterprises", page),
        url=page,
    )


async def test_dates(crm: CloseSim, clock: MovableClock) -> None:
    crm.add_task(date=None)
    crm.add_task(date=clock.now())
    tasks, _ = await listed(provider(crm))
    assert [task.due for task in tasks] == [None, c.Due(at=clock.now())]


async def test_changes_since_an_instant_hold_finished_tasks(
    crm: CloseSim, clock: MovableClock
) -> None:
    old, finished = crm.add_task("old"), crm.add_task("finished")
    since = clock.advance(timedelta(minutes=5))
    crm.add_task("new")
    crm.complete_elsewhere(finished["id"])
    tasks, whole = await listed(provider(crm), since)
    assert whole
    assert {task.title: task.state for task in tasks} == {
        "finished": c.TaskState.DONE,
        "new": c.TaskState.OPEN,
    }
    assert old["id"] not in {task.id for task in tasks}
    assert tasks[0].result is not None
    assert tasks[0].result.by == "Key Owner"
    assert crm.violations == []


@pytest.mark.parametrize("broken", [Breakage.HTML, Breakage.TRUNCATED])
async def test_an_unreadable_page_ends_the_listing(crm: CloseSim, broken: Breakage) -> None:
    for _ in range(250):
        crm.add_task()
    crm.break_page(broken, page=2)
    tasks, whole = await listed(provider(crm))
    assert (len(tasks), whole) == (100, False)
    crm.break_page(broken, page=1)
    with pytest.raises(c.Malformed):
        await listed(provider(crm))


@pytest.mark.parametrize("since", [False, True])
async def test_beyond_the_greatest_skip_the_walk_goes_on_by_date(
    clock: MovableClock, since: bool
) -> None:
    crm = CloseSim(clock, max_skip=200)
    for number in range(740):
        crm.add_task(date_created=f"2026-04-01T10:{number // 90:02}:00.000001+00:00")
    tasks, whole = await listed(provider(crm), clock.now() if since else None)
    assert whole
    assert len({task.id for task in tasks}) == len(tasks) == 740
    assert [r.status for r in crm.requests].count(400) == 2
    assert crm.violations == []


async def test_more_tasks_of_one_instant_than_can_be_skipped_are_an_error(
    clock: MovableClock,
) -> None:
    crm = CloseSim(clock, max_skip=100)
    for _ in range(250):
        crm.add_task(date_created="2026-04-01T10:00:00.000001+00:00")
    with pytest.raises(c.Rejected, match="max_skip = 100"):
        await listed(provider(crm))


async def test_a_first_page_that_is_refused_is_no_reason_to_go_on(crm: CloseSim) -> None:
    with pytest.raises(c.Rejected):
        await listed(provider(crm, types="telegram"))
    assert len(crm.requests) == 1


@pytest.mark.parametrize("data", [[], [{"id": "1"}]])
async def test_a_list_without_an_end_is_malformed(crm: CloseSim, data: list[object]) -> None:
    page = {"data": data, "has_more": True}
    with pytest.raises(c.Malformed, match="come to an end"):
        await listed(scripted(crm, lambda _: httpx2.Response(200, json=page)))


# Rows.

texts = st.none() | st.text(max_size=5)
times = st.none() | st.sampled_from(
    [
        "2015-02-08",
        "2015-02-08T00:00:00+00:00",
        "2015-05-27T18:33:52.937000+00:00",
        "2025-02-28T19:20:45.507000",
    ]
)
names = ["text", "assigned_to", "assigned_to_name", "lead_id", "lead_name", "contact_name"]
names += ["updated_by", "updated_by_name", "created_by", "priority", "resolution", "view"]
names += ["subject", "phone", "phone_formatted", "remote_phone", "remote_phone_formatted"]
names += ["opportunity_value_formatted", "opportunity_value_period"]
rows = st.fixed_dictionaries(
    {"id": st.text(min_size=1)},
    optional={
        **dict.fromkeys(names, texts),
        "_type": texts | st.sampled_from(["lead", "outgoing_call", "incoming_sms"]),
        "date": times,
        "date_created": times,
        "date_updated": times,
        "is_complete": st.none() | st.booleans(),
        "is_dateless": st.none() | st.booleans(),
        "opportunity_value": st.none() | st.integers(),
        "attachments": st.lists(st.none()),
    },
)


@given(st.lists(rows, max_size=4))
def test_nulls_and_unknown_types_are_read(found: list[dict[str, Any]]) -> None:
    raw = json.dumps({"data": found, "has_more": False}).encode()
    one_by_one = salvage(TaskRow, found, "Close")
    assert validate(Listing[TaskRow], raw, "Close").data == one_by_one
    for row, told in zip(one_by_one, found, strict=True):
        task = task_of(row)
        assert task.id == told["id"]
        assert task.title
        assert all(task.details)
        assert (task.state is c.TaskState.DONE) == (told.get("is_complete") is True)
        assert (task.due is None) == (bool(told.get("is_dateless")) or not told.get("date"))
        assert bool(task.url) == bool(told.get("lead_id"))
        assert (c.Effect.COMMENT.value in task.without) != bool(task.url)


# Answering.


async def test_completing_sends_that_and_nothing_else(crm: CloseSim, clock: MovableClock) -> None:
    crm.add_task()
    adapter = provider(crm)
    assert (await adapter.offer()).outcomes == (COMPLETE,)
    assert COMPLETE.completes
    assert COMPLETE.reversible
    task = await adapter.submit(await first(adapter), done(crm), None)
    assert task.state is c.TaskState.DONE
    assert task.result is not None
    assert (task.result.label, task.result.by) == ("Complete", "Key Owner")
    assert task.result.at is not None
    assert abs(task.result.at - clock.now()) < timedelta(seconds=1)
    assert writes(crm) == [{"is_complete": True}]
    assert crm.violations == []


async def test_a_task_that_somebody_finished_is_a_conflict(crm: CloseSim) -> None:
    ben = crm.add_user("Ben Okafor", "ben@example.com")
    row = crm.add_task(assigned_to=ben["id"])
    adapter = provider(crm)
    task = await first(adapter)
    crm.complete_elsewhere(row["id"])
    for again in (False, True):
        with pytest.raises(c.Conflict) as caught:
            await adapter.submit(task, done(crm), None, again=again)
        assert caught.value.task is not None
        assert caught.value.task.result is not None
        assert caught.value.task.result.by == "Ben Okafor"
    assert writes(crm) == []


async def test_an_outcome_of_another_provider_is_refused(crm: CloseSim) -> None:
    crm.add_task()
    adapter = provider(crm)
    with pytest.raises(c.Rejected, match="“skip” is no longer offered by Close"):
        await adapter.submit(await first(adapter), c.Answer("skip", crm.clock.now()), None)


@pytest.mark.parametrize(("trouble", "landed"), [(Trouble.DROP, False), (Trouble.DROP_AFTER, True)])
async def test_a_cut_line_before_or_after_the_write(
    crm: CloseSim, trouble: Trouble, landed: bool
) -> None:
    row = crm.add_task()
    async with serving(crm.app) as origin:
        adapter = provider(crm, origin)
        task = await first(adapter)
        crm.faults.add(Fault(trouble, "/task/", "PUT"))
        with pytest.raises(c.Unavailable) as caught:
            await adapter.submit(task, done(crm), None)
        assert caught.value.ambiguous
        assert row["is_complete"] is landed
        finished = await adapter.submit(task, done(crm), None, again=True)
        assert finished.state is c.TaskState.DONE
        assert len(writes(crm)) == (1 if landed else 2)
        await adapter.close()


async def test_a_write_whose_answer_is_cut_short_has_landed(crm: CloseSim) -> None:
    crm.add_task()
    adapter = provider(crm)
    task = await first(adapter)
    crm.faults.add(Fault(Trouble.TRUNCATE, "/task/", "PUT"))
    finished = await adapter.submit(task, done(crm), None)
    assert finished.result is not None
    assert finished.result.by == "Key Owner"


async def test_without_a_read_back_the_accepted_write_counts(crm: CloseSim) -> None:
    row = crm.add_task()
    answers = [
        httpx2.Response(200, json=row),
        httpx2.Response(200, text="{"),
        httpx2.Response(500),
    ]
    task = c.Task(row["id"], "Anything")
    finished = await scripted(crm, lambda _: answers.pop(0)).submit(task, done(crm), None)
    assert finished.state is c.TaskState.DONE
    assert finished.result == c.Result("Complete", at=crm.clock.now())


# People and keys.


async def test_the_directory_marks_former_members(crm: CloseSim) -> None:
    for number in range(120):
        crm.add_user(f"User {number}", f"u{number}@example.com", active=number != 7)
    people = {person.name: person for person in await provider(crm).operators()}
    assert len(people) == 121
    assert people["User 7"].active is False
    assert people["User 8"] == c.Operator(people["User 8"].id, "User 8", "u8@example.com")
    assert crm.violations == []


async def test_check_tells_whose_key_it_is(crm: CloseSim) -> None:
    assert await provider(crm).check() == c.Account("Sandbox Inc., Key Owner")


async def test_a_limit_is_respected(crm: CloseSim, clock: MovableClock) -> None:
    crm.add_task()
    crm.rate_limit.enforce(limit=1, window=30.4)
    adapter = provider(crm)
    task = await first(adapter)
    with pytest.raises(c.RateLimited) as caught:
        await adapter.lookup(task)
    assert caught.value.retry_after == 31
    assert len(crm.requests) == 1
    clock.advance(timedelta(seconds=31))
    assert await adapter.lookup(task) == task


async def test_a_429_tells_how_long(crm: CloseSim) -> None:
    crm.faults.add(Fault(Trouble.STATUS, status=429, headers={"RateLimit": "limit=1, reset=0.6"}))
    with pytest.raises(c.RateLimited) as caught:
        await provider(crm).check()
    assert 1 <= caught.value.retry_after <= 1.25


def test_utc_is_meant_where_no_offset_is_told() -> None:
    row = TaskRow.model_validate({"id": "1", "date": "2026-03-29T02:30:00"})
    assert task_of(row).due == c.Due(at=datetime(2026, 3, 29, 2, 30, tzinfo=UTC))
