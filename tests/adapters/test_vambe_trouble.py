"""What holds of every change of Vambe's tasks: who was first, what is gone, and what went wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from adapters import contract as c
from sandbox.faults import Fault, Trouble
from sandbox.providers.service import Breakage
from sandbox.providers.vambe import VambeSim
from tests.adapters.vambe_room import (
    NOW,
    answer,
    first,
    meddled,
    over_a_line,
    provider,
    writes,
)

LATER = datetime(2026, 4, 14, 15, 30, tzinfo=UTC)


def changes(vambe: VambeSim) -> list[c.Change]:
    """One of each that an open task takes."""
    return [
        answer(vambe),
        answer(vambe, "En Progreso"),
        c.Reschedule(NOW, c.Due(at=LATER)),
        c.Reassign(NOW, vambe.key_owner["id"]),
    ]


@pytest.fixture(params=range(4), ids=["done", "in progress", "reschedule", "reassign"])
def change(request: pytest.FixtureRequest, vambe: VambeSim) -> c.Change:
    return changes(vambe)[request.param]


async def test_a_task_that_somebody_finished_is_a_conflict(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any], change: c.Change
) -> None:
    hecho = vambe.statuses.add("Hecho")
    adapter = provider(vambe)
    task = await first(adapter, maria)
    vambe.complete_elsewhere(vambe_row["id"], "Hecho")
    for again in (False, True):
        with pytest.raises(c.Conflict) as caught:
            await adapter.submit(task, change, None, again=again)
        assert caught.value.task is not None
        assert caught.value.task.result == c.Result(label=hecho["name"])
    assert writes(vambe) == []


async def test_the_same_status_set_by_somebody_else_is_ours_only_in_doubt(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    vambe.complete_elsewhere(vambe_row["id"])
    with pytest.raises(c.Conflict):
        await adapter.submit(task, answer(vambe), None)
    found = await adapter.submit(task, answer(vambe), None, again=True)
    assert found.state is c.TaskState.DONE
    assert writes(vambe) == []


async def test_a_task_that_is_gone(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any], change: c.Change
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    vambe.remove(vambe_row["id"])
    with pytest.raises(c.NotFound):
        await adapter.submit(task, change, None)


async def test_a_task_that_goes_between_reading_and_writing(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    await adapter.offer()
    vambe.faults.add(Fault(Trouble.STATUS, method="PUT", status=404))
    with pytest.raises(c.NotFound):
        await adapter.submit(task, answer(vambe), None)


async def test_a_task_that_may_be_hidden_is_not_written(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    vambe.edit(vambe_row["id"], priority="high")
    vambe.break_page(Breakage.MISSING_ID)
    with pytest.raises(c.Malformed):
        await adapter.submit(task, answer(vambe), None)
    assert writes(vambe) == []


@pytest.mark.parametrize(("trouble", "landed"), [(Trouble.DROP, False), (Trouble.DROP_AFTER, True)])
async def test_a_cut_line_before_or_after_the_write(
    vambe: VambeSim,
    maria: str,
    vambe_row: dict[str, Any],
    change: c.Change,
    trouble: Trouble,
    landed: bool,
) -> None:
    async with over_a_line(vambe) as adapter:
        task = await first(adapter, maria)
        vambe.faults.add(Fault(trouble, method="PUT"))
        with pytest.raises(c.Unavailable) as caught:
            await adapter.submit(task, change, None)
        assert caught.value.ambiguous
        told = await adapter.submit(task, change, None, again=True)
        assert len(writes(vambe)) == (1 if landed else 2)
        assert told == await adapter.lookup(told)
        assert told != task


async def test_a_late_answer_leaves_doubt(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any], change: c.Change
) -> None:
    def meddle(request: httpx2.Request) -> None:
        if request.method == "PUT":
            raise httpx2.ReadTimeout("too late", request=request)

    adapter = meddled(vambe, meddle)
    with pytest.raises(c.Unavailable) as caught:
        await adapter.submit(await first(adapter, maria), change, None)
    assert caught.value.ambiguous


async def test_a_due_that_landed_far_away_is_found_again(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    change = c.Reschedule(NOW, c.Due(at=NOW + timedelta(days=2000)))
    async with over_a_line(vambe) as adapter:
        task = await first(adapter, maria)
        vambe.faults.add(Fault(Trouble.DROP_AFTER, method="PUT"))
        with pytest.raises(c.Unavailable):
            await adapter.submit(task, change, None)
        moved = await adapter.submit(task, change, None, again=True)
        assert moved.due == change.due
        assert len(writes(vambe)) == 1


@pytest.mark.parametrize("how", ["cut", "null", "stranger"])
async def test_a_write_whose_answer_says_too_little_has_landed(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any], change: c.Change, how: str
) -> None:
    answers = {
        "cut": httpx2.Response(200, text='{"id": "'),
        "null": httpx2.Response(200, json={"id": vambe_row["id"], "status_config": None}),
        "stranger": httpx2.Response(200, json={**vambe_row, "id": "another"}),
    }
    adapter = meddled(vambe, lambda request: answers[how] if request.method == "PUT" else None)
    task = await first(adapter, maria)
    told = await adapter.submit(task, change, None)
    assert told == await adapter.lookup(told)
    assert told != task


async def test_without_a_read_back_the_accepted_write_counts(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any], change: c.Change
) -> None:
    written = False

    def meddle(request: httpx2.Request) -> httpx2.Response | None:
        nonlocal written
        if request.method == "PUT":
            written = True
            return httpx2.Response(200, text="{")
        return httpx2.Response(500) if written else None

    adapter = meddled(vambe, meddle)
    task = await first(adapter, maria)
    told = await adapter.submit(task, change, None)
    assert told == await provider(vambe).lookup(told)


async def test_a_web_page_after_a_write_leaves_doubt(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    page = httpx2.Response(200, text="<html>", headers={"content-type": "text/html"})
    adapter = meddled(vambe, lambda request: page if request.method == "PUT" else None)
    with pytest.raises(c.Unavailable) as caught:
        await adapter.submit(await first(adapter, maria), answer(vambe), None)
    assert caught.value.ambiguous


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, c.Rejected),
        (401, c.Unauthorized),
        (403, c.Unauthorized),
        (404, c.NotFound),
        (409, c.Conflict),
        (429, c.RateLimited),
        (500, c.Unavailable),
    ],
)
async def test_refusals_by_name(
    vambe: VambeSim,
    maria: str,
    vambe_row: dict[str, Any],
    status: int,
    error: type[c.ProviderError],
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    vambe.faults.add(Fault(Trouble.STATUS, method="PUT", status=status))
    with capture_logs() as logs, pytest.raises(error) as caught:
        await adapter.submit(task, answer(vambe), c.Operator(maria, "Maria"))
    assert not {"Llamar", "Maria", maria} & set(f"{caught.value} {logs}".split())
