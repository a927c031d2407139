"""One task of PlanD, and its kind, as they are read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters import contract as c
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import Times, Wire
from tests.adapters.pland_room import (
    NOBODY,
    asked,
    first,
    listed,
    provider,
)


async def test_a_task_reads_as_pland_tells_it(pland: PlandSim, clock: MovableClock) -> None:
    ana = pland.add_user("Ana Maria Silva", "ana@example.com")
    kind = pland.add_task_type("Reklamation", "REC")
    row = pland.add_task(
        "Fenster\nputzen",
        ana["_id"],
        clock.now() + timedelta(hours=1, minutes=30),
        "in_review",
        "urgent",
        taskTypeId=kind["_id"],
    )
    adapter = provider(pland, link_template="https://app.example.com/#/tasks/{id}")
    assert await first(adapter) == c.Task(
        id=row["_id"],
        title="Fenster putzen",
        due=c.Due(at=clock.now() + timedelta(hours=1, minutes=30)),
        operators=(c.Operator(ana["_id"], "Ana Maria Silva"),),
        details=("Reklamation", "REC-1", "Bitte Flur & Keller reinigen. Fenster"),
        status_label="In review",
        priority="urgent",
        urgent=True,
        url=f"https://app.example.com/#/tasks/{row['_id']}",
        without=("review",),
        data={"status": "in_review"},
    )


async def test_what_is_personal_of_customers_is_not_read(pland: PlandSim) -> None:
    pland.add_task()
    told = repr(await first(provider(pland)))
    for text in ("Erika", "kunde.example", "5550100"):
        assert text not in told


async def test_a_task_of_which_little_is_told(pland: PlandSim) -> None:
    row = pland.add_task(None, None, None, None, None, taskTypeId=None, description=None)
    pland.ignores_filters = True
    task = await first(provider(pland))
    assert task == c.Task(row["_id"], "Task")


@pytest.mark.parametrize("times", Times)
@pytest.mark.parametrize("key", ["entityId", "_id"])
async def test_all_forms_of_times_and_assignees(
    pland: PlandSim, clock: MovableClock, times: Times, key: Any
) -> None:
    ana = pland.add_user("Ana")["_id"]
    pland.add_task(due=clock.now(), assignee=ana)
    pland.wire = Wire(times, assignee_key=key)
    task = await first(provider(pland))
    assert task.due == c.Due(at=clock.now())
    assert task.operators == (c.Operator(ana, "Ana"),)


@pytest.mark.parametrize(
    ("due", "read"),
    [
        (datetime(2026, 4, 14, 22, tzinfo=UTC), c.Due(on=date(2026, 4, 15))),
        (datetime(2026, 12, 14, 23, tzinfo=UTC), c.Due(on=date(2026, 12, 15))),
        (
            datetime(2026, 12, 14, 22, tzinfo=UTC),
            c.Due(at=datetime(2026, 12, 14, 22, tzinfo=UTC)),
        ),
        (
            datetime(2026, 4, 14, 22, 0, 1, tzinfo=UTC),
            c.Due(at=datetime(2026, 4, 14, 22, 0, 1, tzinfo=UTC)),
        ),
    ],
)
async def test_midnight_in_germany_is_the_day(pland: PlandSim, due: datetime, read: c.Due) -> None:
    pland.add_task(due=due)
    assert (await first(provider(pland))).due == read


@pytest.mark.parametrize("status", [404, 400])
async def test_a_task_that_is_gone(pland: PlandSim, status: int) -> None:
    pland.missing_status = status
    row = pland.add_task()
    adapter = provider(pland)
    task = await first(adapter)
    assert await adapter.lookup(task) == task
    pland.remove(row["_id"])
    assert await adapter.lookup(task) is None


@pytest.mark.parametrize("said", ["Failed to parse Id: x", "Error parsing ObjectId string"])
async def test_a_400_about_the_id_means_that_there_is_none(pland: PlandSim, said: str) -> None:
    body = json.dumps({"message": "There was an error", "errors": [{"message": said}]}).encode()
    pland.faults.add(Fault(Trouble.STATUS, NOBODY, status=400, body=body))
    assert await provider(pland).lookup(c.Task(NOBODY, "")) is None


async def test_any_other_400_says_nothing_of_the_task(pland: PlandSim) -> None:
    row = pland.add_task()
    pland.faults.add(Fault(Trouble.STATUS, row["_id"], status=400, body=b'{"message":"Bad"}'))
    with pytest.raises(c.Rejected, match="Bad"):
        await provider(pland).lookup(c.Task(row["_id"], ""))


@pytest.mark.parametrize(
    "odd", ["", "..", "self", "../users/self", "A" * 24, NOBODY + "\n", "٣" * 24]
)
async def test_no_other_id_gets_into_a_path(pland: PlandSim, odd: str) -> None:
    adapter = provider(pland)
    task = c.Task(odd, "")
    assert await adapter.lookup(task) is None
    with pytest.raises(c.NotFound):
        await adapter.submit(task, c.Answer("start", pland.clock.now()), None)
    assert not any("/tasks/" in request.path for request in pland.requests)


async def test_how_a_task_ended(pland: PlandSim, clock: MovableClock) -> None:
    ana, bo = pland.add_user("Ana")["_id"], pland.add_user("Bo")["_id"]
    ids = [pland.add_task(assignee=ana)["_id"] for _ in range(4)]
    ended = clock.advance(timedelta(hours=1))
    pland.complete_elsewhere(ids[0], ana)
    pland.complete_elsewhere(ids[1], bo)
    pland.complete_elsewhere(ids[2], ana)
    pland.cancel(ids[3], ana)
    clock.advance(timedelta(hours=1))
    pland.edit(ids[2], ana, title="Anders")
    adapter = provider(pland)
    found = [await adapter.lookup(c.Task(task_id, "")) for task_id in ids]
    assert [task.result if task else None for task in found] == [
        c.Result("Completed", "Ana", ended),
        c.Result("Completed", None, ended),
        c.Result("Completed"),
        c.Result("Cancelled"),
    ]
    done, cancelled = c.TaskState.DONE, c.TaskState.CANCELLED
    assert [task.state if task else None for task in found] == [done, done, done, cancelled]


# Kinds of tasks.


async def test_kinds_are_asked_for_once_an_hour(pland: PlandSim, clock: MovableClock) -> None:
    pland.add_task()
    adapter = provider(pland)
    for _ in range(3):
        await listed(adapter)
    await adapter.offer()
    assert asked(pland, "/taskTypes/") == [{"limit": "1000"}, {"limit": "1000", "page": "2"}]
    pland.default_type["name"] = "Sonstiges"
    clock.advance(timedelta(hours=1))
    assert (await first(adapter)).details[0] == "Sonstiges"


async def test_without_the_kinds_the_listing_goes_on(pland: PlandSim, clock: MovableClock) -> None:
    pland.add_task(description="Nur das")
    pland.denied.add("taskTypes")
    adapter = provider(pland)
    assert (await first(adapter)).details == ("Nur das",)
    await first(adapter)
    assert len(asked(pland, "/taskTypes/")) == 1
    pland.denied.clear()
    clock.advance(timedelta(minutes=5))
    assert (await first(adapter)).details == ("Allgemein", "ALG-1", "Nur das")
    clock.advance(timedelta(hours=1))
    pland.denied.add("taskTypes")
    assert (await first(adapter)).details == ("Allgemein", "ALG-1", "Nur das")
