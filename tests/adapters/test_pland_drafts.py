"""New tasks at PlanD: what is sent, and how they are found again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from adapters import contract as c
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import Answering, PlandSim
from tests.adapters.pland_room import NOBODY, Meanwhile, TimeOut, asked, provider, writes

DUE = c.Due(at=datetime(2026, 12, 1, 9, 30, tzinfo=UTC))


def draft(sim: PlandSim, title: str = "Flur wischen", **more: Any) -> c.Draft:
    return c.Draft(title, sim.clock.now(), **more)


async def test_the_form_offers_priorities_and_kinds(pland: PlandSim) -> None:
    kind = pland.add_task_type("Reklamation", "REC")
    priority, types = (await provider(pland).offer()).draft_fields
    assert [choice.value for choice in priority.choices] == ["low", "medium", "high", "urgent"]
    assert (types.key, types.kind, types.required) == ("taskTypeId", c.FieldKind.CHOICE, False)
    assert types.choices[-1] == c.Choice(kind["_id"], "Reklamation")
    pland.denied.add("taskTypes")
    assert [field.key for field in (await provider(pland).offer()).draft_fields] == ["priority"]


@pytest.mark.parametrize("answering", Answering)
async def test_what_was_made_is_read_back(pland: PlandSim, answering: Answering) -> None:
    pland.answering = answering
    ana, kind = pland.add_user("Ana")["_id"], pland.add_task_type("Reklamation", "REC")["_id"]
    pland.add_task("Flur wischen", ana)
    wanted = draft(
        pland,
        operator=ana,
        due=DUE,
        note="Bitte nass",
        fields={"priority": "urgent", "taskTypeId": kind},
    )
    adapter = provider(pland)
    await adapter.offer()
    task = await adapter.create(wanted, None)
    made = pland.tasks()[-1]
    assert (task.id, task.title, task.due) == (made["_id"], "Flur wischen", DUE)
    assert task.operators == (c.Operator(ana, "Ana"),)
    assert (task.priority, task.details) == ("urgent", ("Reklamation", "REC-1", "Bitte nass"))
    assert writes(pland) == [
        (
            "POST ",
            {
                "title": "Flur wischen",
                "description": "Bitte nass",
                "priority": "urgent",
                "taskTypeId": kind,
                "dueDate": "2026-12-01T09:30:00+00:00",
                "assigneeId": ana,
            },
        )
    ]


async def test_little_is_enough(pland: PlandSim) -> None:
    task = await provider(pland).create(draft(pland, fields={"priority": ""}), None)
    assert task.title == "Flur wischen"
    assert writes(pland) == [("POST ", {"title": "Flur wischen"})]


async def test_a_day_is_its_midnight_in_germany(pland: PlandSim) -> None:
    day = c.Due(on=date(2026, 7, 1))
    task = await provider(pland).create(draft(pland, due=day), None)
    assert task.due == day
    assert writes(pland)[0][1]["dueDate"] == "2026-07-01T00:00:00+02:00"


async def test_what_pland_can_not_have_is_not_sent(pland: PlandSim) -> None:
    wrong = draft(pland, operator="../self", fields={"priority": "soon", "taskTypeId": "1"})
    with pytest.raises(c.Rejected) as caught:
        await provider(pland).create(wrong, None)
    assert set(caught.value.fields) == {"operator", "priority", "taskTypeId"}
    assert writes(pland) == []


async def test_a_refusal_says_why(pland: PlandSim) -> None:
    with pytest.raises(c.Rejected, match="Not found: assignee"):
        await provider(pland).create(draft(pland, operator=NOBODY), None)
    assert pland.tasks() == []


@pytest.mark.parametrize("sorts", [True, False])
@pytest.mark.parametrize("after", [True, False])
async def test_a_lost_answer_makes_no_second_task(
    pland: PlandSim, clock: MovableClock, sorts: bool, after: bool
) -> None:
    pland.refuses_sort = not sorts
    for _ in range(3):
        pland.add_task("Flur wischen")
    clock.advance(timedelta(minutes=5))
    wanted = draft(pland)
    adapter = provider(pland, transport=TimeOut(pland, "POST", after=after))
    with pytest.raises(c.Unavailable) as caught:
        await adapter.create(wanted, None)
    assert caught.value.ambiguous
    clock.advance(timedelta(minutes=5))
    for _ in range(5):
        pland.add_task("Anderes")
    task = await adapter.create(wanted, None, again=True)
    same = [row for row in pland.tasks() if row["title"] == "Flur wischen"]
    assert len(same) == 4
    assert task.id == same[-1]["_id"]


async def test_tasks_of_others_are_not_taken_for_ours(pland: PlandSim) -> None:
    ben, ana = pland.add_user("Ben"), pland.add_user("Ana")
    wanted = draft(pland, operator=ana["_id"])
    pland.make_task({"title": "Flur wischen", "assignee": ana["_id"]}, ben)
    pland.make_task({"title": "Flur wischen", "assignee": ben["_id"]}, pland.key_owner)
    pland.make_task({"title": "Flur", "assignee": ana["_id"]}, pland.key_owner)
    task = await provider(pland).create(wanted, None, again=True)
    assert task.id == pland.tasks()[-1]["_id"]
    assert len(pland.tasks()) == 4


async def test_the_search_ends_where_tasks_are_older(pland: PlandSim, clock: MovableClock) -> None:
    for _ in range(1500):
        pland.add_task("Flur wischen")
    clock.advance(timedelta(minutes=5))
    await provider(pland).create(draft(pland), None, again=True)
    assert [query["sort"] for query in asked(pland, "/tasks/")] == ['{"by":"_id","direction":-1}']
    assert len(pland.tasks()) == 1501


async def test_a_task_that_does_not_show_is_not_made_again(pland: PlandSim) -> None:
    pland.answering = Answering.NOTHING
    hidden = Meanwhile(pland, lambda: pland.remove(pland.tasks()[-1]["_id"]), "GET", at=2)
    with pytest.raises(c.Rejected, match="look there before"):
        await provider(pland, transport=hidden).create(draft(pland), None)
    assert len(writes(pland)) == 1


async def test_what_was_made_and_can_not_be_read_is_in_doubt(pland: PlandSim) -> None:
    wanted, adapter = draft(pland), provider(pland)
    pland.faults.add(Fault(Trouble.STATUS, "/tasks/", "GET", status=500))
    with pytest.raises(c.Unavailable, match="took the new task") as caught:
        await adapter.create(wanted, None)
    assert caught.value.ambiguous
    task = await adapter.create(wanted, None, again=True)
    assert [row["_id"] for row in pland.tasks()] == [task.id]
