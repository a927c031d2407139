"""Changes of Vambe's tasks, against its simulator, and what goes wrong on the way."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from adapters import contract as c
from sandbox.providers.vambe import VambeSim
from tests.adapters.vambe_room import (
    DONE,
    NOW,
    answer,
    first,
    meddled,
    provider,
    writes,
)

# Answers.


async def test_finishing_sends_the_name_and_nothing_else(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await adapter.submit(await first(adapter, maria), answer(vambe), None)
    assert task.state is c.TaskState.DONE
    assert task.status_label == DONE
    assert task.result == c.Result(label=DONE)
    assert writes(vambe) == [{"newStatusName": DONE}]
    assert vambe_row["status_config"]["name"] == DONE


async def test_an_open_status_can_be_chosen_too(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await adapter.submit(await first(adapter, maria), answer(vambe, "En Progreso"), None)
    assert (task.state, task.status_label) == (c.TaskState.OPEN, "En Progreso")
    assert task.without == ("En Progreso",)
    assert task.data == {"status": "En Progreso"}
    same = await adapter.submit(task, answer(vambe, "En Progreso"), None)
    assert same == task
    assert len(writes(vambe)) == 1, "what stands there is not written"


async def test_a_completion_shows_for_all_who_are_responsible(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    other = vambe.add_member("Carlos Silva", "carlos@example.com")["id"]
    vambe.reassign(vambe_row["id"], [maria, other])
    adapter = provider(vambe)
    await adapter.submit(await first(adapter, maria), answer(vambe), c.Operator(maria))
    assert (await first(adapter, other)).state is c.TaskState.DONE


async def test_a_card_survives_a_restart(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    task = await first(provider(vambe), maria)
    finished = await provider(vambe).submit(task, answer(vambe), None)
    assert finished.state is c.TaskState.DONE


async def test_an_outcome_that_nobody_knows_is_refused(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    with pytest.raises(c.Rejected, match="“Listo” is no longer offered by Vambe"):
        await adapter.submit(task, answer(vambe, "Listo"), None)
    assert writes(vambe) == []


async def test_a_status_that_was_just_renamed_is_refused_and_dropped(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    await adapter.offer()
    vambe.statuses.edit(DONE, name="Hecho")
    with pytest.raises(c.Rejected, match="does not exist"):
        await adapter.submit(task, answer(vambe), None)
    assert DONE not in [outcome.code for outcome in (await adapter.offer()).outcomes]
    with pytest.raises(c.Rejected, match="no longer offered"):
        await adapter.submit(task, answer(vambe), None)
    assert "Hecho" in [outcome.code for outcome in (await adapter.offer()).outcomes]


async def test_a_status_that_is_final_no_more_is_told(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    await adapter.offer()
    vambe.statuses.edit(DONE, type="in_progress")
    with pytest.raises(c.Rejected, match="does not count that as done"):
        await adapter.submit(task, answer(vambe), None)
    assert not any(outcome.completes for outcome in (await adapter.offer()).outcomes)


async def test_a_configured_status_that_does_not_finish_is_told(
    vambe: VambeSim, maria: str
) -> None:
    vambe.add_task(responsibles=[maria])
    adapter = provider(vambe, done_status="En Progreso")
    task = await first(adapter, maria)
    with pytest.raises(c.Rejected, match="“En Progreso”, but Vambe does not count that as done"):
        await adapter.submit(task, answer(vambe, "En Progreso"), None)


async def test_another_status_than_asked_for_is_told(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    other = {**vambe_row, "status_config": vambe.statuses["En Progreso"]}

    def meddle(request: httpx2.Request) -> httpx2.Response | None:
        return httpx2.Response(200, json=other) if request.method == "PUT" else None

    adapter = meddled(vambe, meddle)
    with pytest.raises(c.Rejected, match="has not put the task into “Completado”"):
        await adapter.submit(await first(adapter, maria), answer(vambe), None)


async def test_a_comment_is_unsupported(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    task = await first(adapter, maria)
    vambe.requests.clear()
    with pytest.raises(c.Unsupported):
        await adapter.submit(task, c.Comment(NOW, "Called twice"), None)
    assert vambe.requests == []


# Taking back.


async def test_what_was_finished_goes_back_to_where_it_was(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    vambe.edit(vambe_row["id"], status="En Progreso")
    adapter = provider(vambe)
    before = await first(adapter, maria)
    finished = await adapter.submit(before, answer(vambe), None)
    opened = await adapter.submit(finished, c.Reopen(NOW, before.data), None)
    assert opened == before
    assert writes(vambe)[1] == {"newStatusName": "En Progreso"}
    assert await adapter.submit(finished, c.Reopen(NOW, before.data), None) == before
    assert await adapter.submit(finished, c.Reopen(NOW, before.data), None, again=True) == before
    assert len(writes(vambe)) == 2, "an open task needs no opening"


@pytest.mark.parametrize("before", [{}, {"status": DONE}])
async def test_without_a_way_back_it_goes_to_the_first_initial_status(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any], before: dict[str, str]
) -> None:
    vambe.statuses.add("Antes de todo", "in_progress", order=-1)
    vambe.add_task(responsibles=[vambe.key_owner["id"]], status="Antes de todo")
    vambe.add_task(responsibles=[vambe.key_owner["id"]])
    vambe.complete_elsewhere(vambe_row["id"])
    adapter = provider(vambe)
    opened = await adapter.submit(await first(adapter, maria), c.Reopen(NOW, before), None)
    assert opened.status_label == "Pendiente"


async def test_without_any_open_status_it_stays_finished(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria], status=DONE)
    adapter = provider(vambe)
    with pytest.raises(c.Rejected, match="no open status"):
        await adapter.submit(await first(adapter, maria), c.Reopen(NOW), None)


async def test_a_status_that_is_open_no_more_does_not_open(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    adapter = provider(vambe)
    before = await first(adapter, maria)
    finished = await adapter.submit(before, answer(vambe), None)
    vambe.statuses.edit("Pendiente", type="done")
    with pytest.raises(c.Rejected, match="has not opened"):
        await adapter.submit(finished, c.Reopen(NOW, before.data), None)


# People.


async def test_a_task_goes_to_one_person_and_to_nobody_else(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    other = vambe.add_member("Carlos Silva", "carlos@example.com")["id"]
    vambe.reassign(vambe_row["id"], [maria, vambe.key_owner["id"]])
    adapter = provider(vambe)
    task = await adapter.submit(await first(adapter, maria), c.Reassign(NOW, other), None)
    assert task.operators == (c.Operator(other),)
    assert writes(vambe) == [{"responsibleIds": [other]}]


async def test_somebody_unknown_is_refused(
    vambe: VambeSim, maria: str, vambe_row: dict[str, Any]
) -> None:
    nobody = "7d6b2bd4-6c3e-4c4e-9b5e-6a8b6d1f0c11"
    adapter = provider(vambe)
    with pytest.raises(c.Rejected, match="does not exist"):
        await adapter.submit(await first(adapter, maria), c.Reassign(NOW, nobody), None)
