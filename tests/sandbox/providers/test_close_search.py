"""The simulated Close's search for leads, and its notes, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from sandbox.providers.close import CloseSim

LEADS = {"type": "object_type", "object_type": "lead"}


def field(name: str) -> dict[str, str]:
    return {"type": "regular_field", "object_type": "lead", "field_name": name}


def named(mode: str, value: str, name: str = "name") -> dict[str, Any]:
    condition = {"type": "text", "mode": mode, "value": value}
    return {"type": "field_condition", "field": field(name), "condition": condition}


def both(*queries: dict[str, Any]) -> dict[str, Any]:
    return {"type": "and", "queries": [LEADS, *queries]}


@pytest.mark.parametrize(
    ("mode", "value", "names"),
    [
        ("beginning_of_words", "way ENT", ["Wayne Enterprises"]),
        ("beginning_of_words", "ayne", []),
        ("full_words", "enterprises", ["Wayne Enterprises"]),
        ("full_words", "enter", []),
        ("phrase", "enterprises wayne", []),
        ("phrase", "Wayne Enterprises", ["Wayne Enterprises"]),
    ],
)
async def test_leads_by_name(
    close: CloseSim, close_client: httpx2.AsyncClient, mode: str, value: str, names: list[str]
) -> None:
    for name in ("Wayne Enterprises", "Acme"):
        close.add_lead(name)
    body = {"query": both(named(mode, value)), "_fields": {"lead": ["name"]}}
    found = (await close_client.post("/data/search/", json=body)).json()
    assert [one["name"] for one in found["data"]] == names
    assert found["cursor"] is None
    assert close.violations == []


async def test_order_pages_and_a_role_that_may_only_read(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    leads = [close.add_lead(name) for name in ("A", "B", "C")]
    close.rename(leads[0]["id"], "A2")
    close.read_only = True
    body = {
        "query": both(),
        "sort": [{"direction": "desc", "field": field("date_updated")}],
        "_limit": 2,
    }
    page = (await close_client.post("/data/search/", json=body)).json()
    assert page["data"] == [
        {"__object_type": "lead", "id": lead["id"]} for lead in (leads[0], leads[2])
    ]
    rest = await close_client.post("/data/search/", json=body | {"cursor": page["cursor"]})
    assert [one["id"] for one in rest.json()["data"]] == [leads[1]["id"]]
    assert rest.json()["cursor"] is None
    assert close.violations == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, "query"),
        ({"query": LEADS, "results": 5}, "results"),
        ({"query": LEADS, "_limit": 201}, "_limit"),
        ({"query": LEADS, "_fields": ["id"]}, "_fields"),
        ({"query": LEADS, "cursor": "x"}, "cursor"),
        ({"query": {"type": "sql"}}, "query"),
        ({"query": both(named("regex", "x"))}, "condition"),
        ({"query": both(named("phrase", "x", "shoe_size"))}, "field"),
        ({"query": LEADS, "sort": [{"field": field("name"), "direction": "up"}]}, "direction"),
    ],
)
async def test_what_is_not_documented_is_refused(
    close: CloseSim, close_client: httpx2.AsyncClient, body: dict[str, Any], wrong: str
) -> None:
    close.add_lead("Acme")
    answer = await close_client.post("/data/search/", json=body)
    assert answer.status_code == 400
    assert [*answer.json()["field-errors"]] == [wrong]
    assert len(close.violations) == 1


async def test_notes_are_listed_by_lead_and_time(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    acme, other = close.add_lead("Acme"), close.add_lead("Other")
    for lead, text in ((acme, "one"), (other, "two"), (acme, "three")):
        await close_client.post("/activity/note/", json={"lead_id": lead["id"], "note": text})
    second = close.notes[1]["date_created"]
    asked = {"lead_id": acme["id"]}
    found = (await close_client.get("/activity/note/", params=asked)).json()["data"]
    assert [one["note"] for one in found] == ["three", "one"]
    both_leads = {"lead_id": f"{acme['id']},{other['id']}", "date_created__gte": second}
    found = (await close_client.get("/activity/note/", params=both_leads)).json()["data"]
    assert [one["note"] for one in found] == ["three", "two"]
    assert close.violations == []


async def test_keys_may_be_told_once_only(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    close.webhooks.keys_told_once = True
    events = [{"object_type": "task.lead", "action": "created"}]
    made = await close_client.post("/webhook/", json={"url": "https://a.example", "events": events})
    assert made.json()["signature_key"]
    address = f"/webhook/{made.json()['id']}/"
    for answer in (
        (await close_client.get("/webhook/")).json()["data"][0],
        (await close_client.get(address)).json(),
        (await close_client.put(address, json={"status": "paused"})).json(),
    ):
        assert answer["id"] == made.json()["id"]
        assert "signature_key" not in answer
