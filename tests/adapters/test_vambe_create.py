"""New tasks in Vambe, made through its simulator, and never twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from adapters import contract as c
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.service import Breakage
from sandbox.providers.vambe import VambeSim
from tests.adapters.vambe_room import (
    NOW,
    first,
    listed,
    meddled,
    over_a_line,
    provider,
    writes,
)


def draft(clock: MovableClock, **fields: Any) -> c.Draft:
    return c.Draft(**{"title": "Visitar\n cliente", "made_at": clock.now(), **fields})


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({}, {"priority": "1"}),
        (
            {"fields": {"priority": "2"}, "note": "Piso 3"},
            {"priority": "2", "description": "Piso 3"},
        ),
        ({"due": c.Due(on=date(2026, 4, 20))}, {"priority": "1", "dueDate": "2026-04-20"}),
        (
            {"due": c.Due(at=datetime(2026, 4, 20, 3, 30, 59, tzinfo=UTC))},
            {
                "priority": "1",
                "dueDate": "2026-04-19",
                "dueTime": "23:30",
                "timezone": "America/Santiago",
            },
        ),
    ],
)
async def test_a_task_is_made_for_the_actor(
    vambe: VambeSim,
    maria: str,
    clock: MovableClock,
    fields: dict[str, Any],
    sent: dict[str, str],
) -> None:
    adapter = provider(vambe, timezone="America/Santiago")
    wanted = draft(clock, **fields)
    task = await adapter.create(wanted, c.Operator(maria))
    assert writes(vambe) == [{"title": "Visitar cliente", "responsibleIds": [maria], **sent}]
    assert (task.title, task.operators) == ("Visitar cliente", (c.Operator(maria),))
    due = wanted.due
    if due and due.at:
        due = c.Due(at=due.at.replace(second=0))
    assert task.due == due
    assert task == await first(adapter, maria)


async def test_a_task_is_made_for_whom_the_draft_names(
    vambe: VambeSim, maria: str, clock: MovableClock
) -> None:
    owner = c.Operator(vambe.key_owner["id"])
    task = await provider(vambe).create(draft(clock, operator=maria), owner)
    assert task.operators == (c.Operator(maria),)


async def test_what_a_draft_lacks_is_told_by_field(vambe: VambeSim, clock: MovableClock) -> None:
    wanted = draft(clock, title=" \n", fields={"priority": "urgent"})
    with pytest.raises(c.Rejected) as caught:
        await provider(vambe).create(wanted, None)
    assert caught.value.fields.keys() == {"title", "operator", "priority"}
    assert vambe.requests == []


@pytest.mark.parametrize(("trouble", "landed"), [(Trouble.DROP, False), (Trouble.DROP_AFTER, True)])
async def test_a_cut_line_makes_no_second_task(
    vambe: VambeSim, maria: str, clock: MovableClock, trouble: Trouble, landed: bool
) -> None:
    vambe.add_task("Visitar cliente", [maria], created_at="2026-04-11T09:58:00.000Z")
    wanted = draft(clock, due=c.Due(at=NOW + timedelta(days=900)))
    async with over_a_line(vambe) as adapter:
        vambe.faults.add(Fault(trouble, method="POST"))
        with pytest.raises(c.Unavailable) as caught:
            await adapter.create(wanted, c.Operator(maria))
        assert caught.value.ambiguous
        clock.advance(timedelta(minutes=10))
        task = await adapter.create(wanted, c.Operator(maria), again=True)
        assert task.due == wanted.due
        assert len(writes(vambe)) == (1 if landed else 2)
        assert len(vambe.tasks()) == 2


async def test_in_doubt_an_unreadable_row_may_be_the_task(
    vambe: VambeSim, maria: str, clock: MovableClock
) -> None:
    vambe.add_task(responsibles=[maria])
    vambe.break_page(Breakage.WRONG_TYPES)
    with pytest.raises(c.Malformed):
        await provider(vambe).create(draft(clock), c.Operator(maria), again=True)
    assert writes(vambe) == []


async def test_a_creation_whose_answer_is_cut_is_found(
    vambe: VambeSim, maria: str, clock: MovableClock
) -> None:
    vambe.faults.add(Fault(Trouble.TRUNCATE, method="POST"))
    task = await provider(vambe).create(draft(clock), c.Operator(maria))
    assert task.id == vambe.tasks()[0]["id"]


@pytest.mark.parametrize("listing", [httpx2.Response(200, json=[]), httpx2.Response(500)])
async def test_a_creation_that_nothing_shows_leaves_doubt(
    vambe: VambeSim, maria: str, clock: MovableClock, listing: httpx2.Response
) -> None:
    cut = httpx2.Response(201, text="{")
    adapter = meddled(vambe, lambda request: cut if request.method == "POST" else listing)
    with pytest.raises(c.Unavailable) as caught:
        await adapter.create(draft(clock), c.Operator(maria))
    assert caught.value.ambiguous


async def test_somebody_unknown_gets_no_task(
    vambe: VambeSim, maria: str, clock: MovableClock
) -> None:
    nobody = c.Operator("7d6b2bd4-6c3e-4c4e-9b5e-6a8b6d1f0c11")
    with pytest.raises(c.Rejected, match="does not exist"):
        await provider(vambe).create(draft(clock), nobody)
    assert (await listed(provider(vambe), [maria]))[0] == []
