"""New tasks at Close, and the leads that they are made for, by its simulator."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from adapters import contract as c
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.close import CloseSim
from sandbox.providers.service import Record
from sandbox.serve import serving
from tests.adapters.close_room import provider, scripted, writes


@pytest.fixture
def lead(crm: CloseSim) -> Record:
    return crm.add_lead("Wayne Enterprises")


@pytest.fixture
def ben(crm: CloseSim) -> c.Operator:
    return c.Operator(crm.add_user("Ben Okafor", "ben@example.com")["id"], "Ben Okafor")


def draft(crm: CloseSim, lead: Record, **fields: Any) -> c.Draft:
    return c.Draft("Send the quote", crm.clock.now(), subject=lead["id"], **fields)


# New tasks.


@pytest.mark.parametrize(
    ("due", "told"),
    [
        (None, {}),
        (c.Due(on=date(2026, 4, 20)), {"date": "2026-04-20"}),
        (
            c.Due(at=datetime(2026, 4, 20, 9, 30, tzinfo=UTC)),
            {"date": "2026-04-20T09:30:00+00:00"},
        ),
    ],
)
async def test_a_task_is_made_as_drafted(
    crm: CloseSim, lead: Record, ben: c.Operator, due: c.Due | None, told: dict[str, str]
) -> None:
    adapter = provider(crm)
    task = await adapter.create(draft(crm, lead, due=due), ben)
    assert (task.title, task.due) == ("Send the quote", due)
    assert task.operators == (ben,)
    assert task.subject == c.Subject("Wayne Enterprises", task.url)
    assert writes(crm) == [
        {
            "_type": "lead",
            "lead_id": lead["id"],
            "text": "Send the quote",
            "assigned_to": ben.id,
            **told,
        }
    ]
    assert await adapter.lookup(task) == task
    assert crm.violations == []


async def test_a_task_is_for_whom_the_draft_names(
    crm: CloseSim, lead: Record, ben: c.Operator
) -> None:
    owner = crm.key_owner["id"]
    task = await provider(crm).create(draft(crm, lead, operator=owner, note="By mail\nor so"), ben)
    assert [operator.id for operator in task.operators] == [owner]
    (row,) = crm.tasks
    assert row["text"] == "Send the quote\nBy mail\nor so"


async def test_without_anybody_it_is_the_key_owners(crm: CloseSim, lead: Record) -> None:
    task = await provider(crm).create(draft(crm, lead), None)
    assert [operator.id for operator in task.operators] == [crm.key_owner["id"]]
    assert crm.violations == []


async def test_a_draft_without_a_lead_is_refused_at_once(crm: CloseSim, ben: c.Operator) -> None:
    with pytest.raises(c.Rejected, match="belongs to a lead") as caught:
        await provider(crm).create(c.Draft("Anything", crm.clock.now()), ben)
    assert [*caught.value.fields] == ["subject"]
    assert crm.requests == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"subject": "lead_gone"}, "subject"), ({"operator": "user_gone"}, "operator")],
)
async def test_a_refusal_names_the_drafts_own_fields(
    crm: CloseSim, lead: Record, wrong: dict[str, str], field: str
) -> None:
    fields = {"subject": lead["id"], **wrong}
    with pytest.raises(c.Rejected) as caught:
        await provider(crm).create(c.Draft("Anything", crm.clock.now(), **fields), None)
    assert caught.value.fields == {field: "Object does not exist."}
    assert crm.violations == []


@pytest.mark.parametrize(("trouble", "landed"), [(Trouble.DROP, False), (Trouble.DROP_AFTER, True)])
@pytest.mark.parametrize("operator", [True, False])
async def test_a_cut_line_makes_no_second_task(
    crm: CloseSim, lead: Record, ben: c.Operator, trouble: Trouble, landed: bool, operator: bool
) -> None:
    actor = ben if operator else None
    async with serving(crm.app) as origin:
        adapter = provider(crm, origin)
        wanted = draft(crm, lead, note="By mail")
        crm.faults.add(Fault(trouble, "/task/", "POST"))
        with pytest.raises(c.Unavailable) as caught:
            await adapter.create(wanted, actor)
        assert caught.value.ambiguous
        assert len(crm.tasks) == landed
        task = await adapter.create(wanted, actor, again=True)
        assert task == await adapter.create(wanted, actor, again=True)
        await adapter.close()
    assert [row["id"] for row in crm.tasks] == [task.id]
    assert len(writes(crm)) == (1 if landed else 2)
    assert crm.violations == []


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Send the bill"},
        {"lead_id": "lead_other"},
        {"assigned_to": "user_other"},
        {"date_created": "2026-04-11T09:58:59.000000+00:00"},
        {"_type": "outgoing_call"},
    ],
)
async def test_another_task_does_not_count_as_the_earlier_try(
    crm: CloseSim, lead: Record, ben: c.Operator, other: dict[str, str]
) -> None:
    row = crm.add_task("Send the quote", ben.id, lead)
    row |= other
    await provider(crm).create(draft(crm, lead), ben, again=True)
    assert len(crm.tasks) == 2


async def test_a_finished_task_counts_as_the_earlier_try(
    crm: CloseSim, clock: MovableClock, lead: Record, ben: c.Operator
) -> None:
    wanted = draft(crm, lead)
    clock.advance(timedelta(minutes=3))
    row = crm.add_task("Send the quote", ben.id, lead, is_complete=True)
    task = await provider(crm).create(wanted, ben, again=True)
    assert (task.id, task.state) == (row["id"], c.TaskState.DONE)


async def test_when_tasks_cannot_be_read_nothing_is_made_twice(
    crm: CloseSim, lead: Record, ben: c.Operator
) -> None:
    crm.add_task("Send the quote", ben.id, lead, is_dateless="perhaps")
    with pytest.raises(c.Malformed):
        await provider(crm).create(draft(crm, lead), ben, again=True)
    assert len(crm.tasks) == 1


async def test_an_answer_cut_short_is_made_up_by_looking(
    crm: CloseSim, lead: Record, ben: c.Operator
) -> None:
    crm.faults.add(Fault(Trouble.TRUNCATE, "/task/", "POST"))
    task = await provider(crm).create(draft(crm, lead), ben)
    assert [row["id"] for row in crm.tasks] == [task.id]


async def test_a_task_that_is_taken_and_not_shown_may_have_landed(crm: CloseSim) -> None:
    answers = [
        httpx2.Response(200, text="{"),
        httpx2.Response(200, json={"data": [], "has_more": False}),
    ]
    adapter = scripted(crm, lambda _: answers.pop(0))
    with pytest.raises(c.Unavailable) as caught:
        await adapter.create(draft(crm, {"id": "lead_1"}), None)
    assert caught.value.ambiguous


# Leads.


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("way", ["Wayne Enterprises"]),
        (" ENTER  wayne ", ["Wayne Enterprises"]),
        ("", ["Wayne Enterprises", "O'Hara & Söhne (Graz)", "Acme"]),
        ("söh", ["O'Hara & Söhne (Graz)"]),
        ("acme sort:name OR *", []),
        ('name:"Acme"', []),
    ],
)
async def test_leads_are_found_by_words_that_stay_words(
    crm: CloseSim, text: str, names: list[str]
) -> None:
    acme, other, wayne = (crm.add_lead(name) for name in ("Acme", "O'Hara & Söhne (Graz)", "Wayne"))
    crm.rename(wayne["id"], "Wayne Enterprises")
    ids = {lead["name"]: lead["id"] for lead in (acme, other, wayne)}
    found = await provider(crm).subjects(text)
    assert found == [c.Choice(ids[name], name) for name in names]
    assert crm.violations == []


async def test_at_most_a_hundred_leads_the_last_changed_first(crm: CloseSim) -> None:
    leads = [crm.add_lead(f"Lead {number}") for number in range(130)]
    found = await provider(crm).subjects("lead")
    assert [choice.value for choice in found] == [lead["id"] for lead in reversed(leads)][:100]


async def test_leads_that_cannot_be_read_are_left_out(crm: CloseSim) -> None:
    data = [{"id": "lead_1", "display_name": None}, {"display_name": "No id"}, 7]
    adapter = scripted(crm, lambda _: httpx2.Response(200, json={"data": data, "cursor": None}))
    assert await adapter.subjects("x") == [c.Choice("lead_1", "Lead without a name")]
