"""The simulated Close, asked over HTTP: writing tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.providers.close import CloseSim


async def test_create_a_lead_task(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    lead = close.add_lead("Luke Skywalker")
    answer = await close_client.post("/task/", json={"lead_id": lead["id"], "text": "Onerous"})
    assert answer.status_code == 200
    task = answer.json()
    captured = {
        "_type": "lead",
        "lead_name": "Luke Skywalker",
        "assigned_to": close.key_owner["id"],
        "updated_by": close.key_owner["id"],
        "is_dateless": True,
        "due_date": None,
        "date": "2026-11-22",
        "view": "inbox",
        "is_complete": False,
    }
    assert captured.items() <= task.items()
    assert (await close_client.get(f"/task/{task['id']}/")).json() == task
    done = {"_type": "lead", "lead_id": lead["id"], "text": "x", "is_complete": True}
    made = (await close_client.post("/task/", json=done | {"date": "2026-11-20"})).json()
    assert (made["view"], made["object_type"]) == ("archive", "taskcompleted")
    assert made["object_id"] in close.completions


async def test_create_a_call_task(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    lead = close.add_lead("Wayne Enterprises")
    contact = close.add_contact(lead, "Bruce Wayne")
    body = {"_type": "outgoing_call", "lead_id": lead["id"], "contact_id": contact["id"]}
    task = (await close_client.post("/task/", json={**body, "date": "2026-11-23"})).json()
    shown = (task["contact_name"], task["text"], task["view"], task["is_dateless"])
    assert shown == ("Bruce Wayne", None, "future", False)
    del body["contact_id"]
    refused = await close_client.post("/task/", json=body)
    assert refused.json()["field-errors"] == {"contact": "This field is required."}


@pytest.mark.parametrize(
    ("change", "field", "sentence", "noted"),
    [
        ({"lead_id": None}, "lead", "This field is required.", True),
        ({"lead_id": "wibble"}, "lead", "Object does not exist.", False),
        ({"text": None}, "text", "This field is required.", True),
        ({"text": 4}, "text", "Not a valid value.", True),
        ({"_type": "incoming_email"}, "_type", "Not a valid choice.", True),
        ({"assigned_to": "user_gone"}, "assigned_to", "Object does not exist.", False),
        ({"date": "tomorrow"}, "date", "Not a valid value.", True),
        ({"date": None}, "date", "Not a valid value.", True),
        ({"is_complete": "no"}, "is_complete", "Not a valid value.", True),
        ({"priority": "low"}, "priority", "Not a valid choice.", True),
        ({"subject": "x"}, "subject", "Unknown field.", True),
    ],
)
async def test_a_bad_draft_is_refused_by_field(
    close: CloseSim,
    close_client: httpx2.AsyncClient,
    change: dict[str, Any],
    field: str,
    sentence: str,
    noted: bool,
) -> None:
    body = {"lead_id": close.add_lead("Acme")["id"], "text": "x", **change}
    answer = await close_client.post("/task/", json=body)
    assert answer.status_code == 400
    assert answer.json() == {"errors": [], "field-errors": {field: sentence}}
    assert bool(close.violations) is noted
    assert len(close.tasks) == 0


async def test_complete_and_reopen(
    close: CloseSim, close_client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    ana = close.add_user("Ana Lima", "ana@example.com")
    lead = close.add_lead("Acme")
    task = close.add_task("Call", ana["id"], lead, "2026-11-22")["id"]
    clock.advance(timedelta(minutes=5))
    done = (await close_client.put(f"/task/{task}/", json={"is_complete": True})).json()
    assert (done["view"], done["object_type"]) == ("archive", "taskcompleted")
    assert (done["updated_by"], done["assigned_to"]) == (close.key_owner["id"], ana["id"])
    assert done["date_updated"].startswith("2026-11-22T12:05:00")
    again = (await close_client.put(f"/task/{task}/", json={"is_complete": True})).json()
    assert again == done, "repeating a completion is harmless"
    (activity,) = (await close_client.get("/activity/task_completed/")).json()["data"]
    wanted = {
        "_type": "TaskCompleted",
        "id": done["object_id"],
        "task_id": task,
        "task_text": "Call",
        "task_assigned_to": ana["id"],
        "user_name": "Key Owner",
        "lead_id": lead["id"],
    }
    assert wanted.items() <= activity.items()
    opened = (await close_client.put(f"/task/{task}/", json={"is_complete": False})).json()
    assert (opened["view"], opened["object_id"], opened["is_complete"]) == ("inbox", None, False)
    assert opened["date_updated"] > done["date_updated"], "even while the clock stands"
    assert close.completions == {}
    assert close.violations == []


async def test_put_changes_only_what_is_sent(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    ana = close.add_user("Ana Lima", "ana@example.com")
    task = close.add_task("Call", None, close.add_lead("Acme"))
    address = f"/task/{task['id']}/"
    before = (await close_client.get(address)).json()
    steps: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (
            {"date": "2026-11-24"},
            {"due_date": "2026-11-24", "is_dateless": False, "view": "future"},
        ),
        ({"date": "2026-11-22T15:00:00+00:00"}, {"view": "inbox"}),
        ({"assigned_to": ana["id"]}, {"assigned_to_name": "Ana Lima"}),
        ({"assigned_to": None}, {"assigned_to_name": None}),
        ({"text": "Call again", "priority": "high"}, {}),
        ({"is_dateless": True}, {"date": "2026-11-22", "due_date": None}),
        ({"date": "2026-11-22"}, {"is_dateless": False, "due_date": "2026-11-22"}),
    ]
    for sent, implied in steps:
        after = (await close_client.put(address, json=sent)).json()
        changed = {name for name in after if after[name] != before.get(name)}
        assert (sent | implied).items() <= after.items()
        assert changed <= {*sent, *implied, "date_updated", "updated_by", "due_date"}, sent
        assert after["date_updated"] > before["date_updated"]
        before = after
    same = (await close_client.put(address, json={"text": "Call again"})).json()
    assert same == before
    assert close.violations == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"is_complete": "true"}, "is_complete"),
        ({"status": "done"}, "status"),
        ({"date": 5}, "date"),
        ({"resolution": "bored"}, "resolution"),
        ({"assigned_to": "user_gone"}, "assigned_to"),
    ],
)
async def test_a_bad_update_is_refused_by_field(
    close: CloseSim, close_client: httpx2.AsyncClient, body: dict[str, Any], field: str
) -> None:
    task = close.add_task()
    answer = await close_client.put(f"/task/{task['id']}/", json=body)
    assert answer.status_code == 400
    assert [*answer.json()["field-errors"]] == [field]


async def test_text_of_an_automatic_task_stays(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    sms = close.add_task("Hello", type="incoming_sms")["id"]
    refused = await close_client.put(f"/task/{sms}/", json={"text": "Bye"})
    assert [*refused.json()["field-errors"]] == ["text"]
    done = (await close_client.put(f"/task/{sms}/", json={"is_complete": True})).json()
    assert (done["view"], done["object_type"]) == ("archive", "sms")
    assert close.completions == {}, "only lead tasks leave a TaskCompleted"


async def test_delete(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    task = close.add_task()["id"]
    answer = await close_client.delete(f"/task/{task}/")
    assert (answer.status_code, answer.json()) == (200, {})
    gone = {"error": "Empty query: Task matching query does not exist."}
    for method in ("GET", "DELETE", "PUT"):
        body = {"is_complete": True} if method == "PUT" else None
        answer = await close_client.request(method, f"/task/{task}/", json=body)
        assert (answer.status_code, answer.json()) == (404, gone)
    assert len(close.tasks) == 0


async def test_bulk_update(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    a, b, c = (close.add_task()["id"] for _ in range(3))
    by_query = await close_client.put(f"/task/?id__in={a},{b}", json={"is_complete": True})
    assert by_query.json() == {"ok": True}
    assert {task["id"] for task in close.tasks if task["is_complete"]} == {a, b}
    in_body = {"_params": {"id__in": a, "is_complete": True}, "is_complete": False}
    assert (await close_client.put("/task/", json=in_body)).json() == {"ok": True}
    assert [task["id"] for task in close.tasks if task["is_complete"]] == [b]
    assert close.violations == []
    await close_client.put("/task/", json={"date": "2026-12-01"})
    assert {close.tasks[i]["date"] for i in (a, b, c)} == {"2026-12-01"}
    assert len(close.violations) == 1
