"""One of Vambe's tasks, searched in its listings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from adapters import contract as c
from sandbox.providers.service import Breakage
from sandbox.providers.vambe import VambeSim
from tests.adapters.vambe_room import (
    first,
    listed,
    meddled,
    provider,
)

TODAY = date(2026, 4, 11)


async def test_a_task_is_found_where_it_was(vambe: VambeSim, maria: str) -> None:
    for due in (None, TODAY, datetime(2026, 4, 30, 23, 30, tzinfo=UTC)):
        row = vambe.add_task(responsibles=[maria], due_at=due)
        adapter = provider(vambe)
        (task,) = [one for one in (await listed(adapter, [maria]))[0] if one.id == row["id"]]
        vambe.complete_elsewhere(row["id"])
        vambe.requests.clear()
        found = await adapter.lookup(task)
        assert found is not None
        assert found.state is c.TaskState.DONE
        (request,) = vambe.requests
        days = [date.fromisoformat(request.query[n][1]) for n in (1, 2)]
        assert days[1] - days[0] <= timedelta(days=4)


async def test_a_task_is_found_where_it_went(vambe: VambeSim, maria: str) -> None:
    row = vambe.add_task(responsibles=[maria], due_at=TODAY)
    adapter = provider(vambe)
    task = await first(adapter, maria)
    for number in range(60):
        other = vambe.add_member(f"M {number}", "m@example.com")["id"]
    vambe.edit(row["id"], due_at=TODAY + timedelta(days=90))
    found = await adapter.lookup(task)
    assert found is not None
    assert found.due == c.Due(on=TODAY + timedelta(days=90))
    vambe.reassign(row["id"], [other])
    found = await adapter.lookup(task)
    assert found is not None
    assert found.operators == (c.Operator(other),)


async def test_a_task_far_beyond_the_window_is_found_by_its_due(
    vambe: VambeSim, maria: str
) -> None:
    due = datetime(2015, 4, 11, tzinfo=UTC)
    row = vambe.add_task(responsibles=[maria], due_at=due)
    stored = c.Task(row["id"], "Old", due=c.Due(at=due), operators=(c.Operator(maria),))
    other = vambe.add_member("Carlos Silva", "carlos@example.com")["id"]
    assert await provider(vambe).lookup(stored) is not None
    vambe.reassign(row["id"], [other])
    assert await provider(vambe).lookup(stored) is not None


@pytest.mark.parametrize("year", [1, 9999])
async def test_a_due_at_the_end_of_the_calendar(vambe: VambeSim, maria: str, year: int) -> None:
    task = c.Task("7d6b2bd4-6c3e-4c4e-9b5e-6a8b6d1f0c11", "Odd", operators=(c.Operator(maria),))
    for due in (date(year, 1, 1), date(year, 12, 31)):
        assert await provider(vambe).lookup(c.Task(task.id, "Odd", due=c.Due(on=due))) is None


async def test_a_task_that_is_gone_is_none(vambe: VambeSim, maria: str) -> None:
    row = vambe.add_task(responsibles=[maria])
    adapter = provider(vambe)
    task = await first(adapter, maria)
    vambe.remove(row["id"])
    vambe.requests.clear()
    assert await adapter.lookup(task) is None
    assert await adapter.lookup(task) is None
    assert len(vambe.requests) == 5, "near, team, wide; near, wide"


async def test_those_who_left_the_team_are_asked_about(vambe: VambeSim, maria: str) -> None:
    row = vambe.add_task(responsibles=[maria], due_at=TODAY)
    adapter = provider(vambe)
    task = await first(adapter, maria)
    vambe.remove_member(maria)
    vambe.edit(row["id"], due_at=TODAY + timedelta(days=30))
    assert await adapter.lookup(task) is not None


@pytest.mark.parametrize("broken", [Breakage.MISSING_ID, Breakage.WRONG_TYPES])
async def test_only_what_an_unreadable_row_may_hide_is_malformed(
    vambe: VambeSim, maria: str, broken: Breakage
) -> None:
    bad = vambe.add_task(responsibles=[maria], priority="high")
    gone = vambe.add_task(responsibles=[maria])
    adapter = provider(vambe)
    tasks = {task.id: task for task in (await listed(adapter, [maria]))[0]}
    vambe.remove(gone["id"])
    vambe.break_page(broken)
    with pytest.raises(c.Malformed, match="can't be read in full"):
        await adapter.lookup(tasks[bad["id"]])
    if broken is Breakage.MISSING_ID:
        with pytest.raises(c.Malformed):
            await adapter.lookup(tasks[gone["id"]])
    else:
        assert await adapter.lookup(tasks[gone["id"]]) is None


@pytest.mark.parametrize(("lost", "hidden"), [({"name": 7}, True), ({"id": "…", "name": 7}, False)])
async def test_a_member_who_cannot_be_read_may_have_the_task(
    vambe: VambeSim, maria: str, lost: dict[str, Any], hidden: bool
) -> None:
    row = vambe.add_task(responsibles=[maria])
    other = vambe.key_owner["id"]
    member = {**lost, "id": other} if "id" in lost else lost
    team = [{"id": maria}, member]

    def meddle(request: httpx2.Request) -> httpx2.Response | None:
        return httpx2.Response(200, json=team) if "team" in request.url.path else None

    adapter = meddled(vambe, meddle)
    task = await first(adapter, maria)
    vambe.reassign(row["id"], [other])
    if hidden:
        with pytest.raises(c.Malformed):
            await adapter.lookup(task)
    else:
        assert await adapter.lookup(task) is not None
