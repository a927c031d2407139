"""The simulated Close's webhooks: subscriptions over HTTP, signed deliveries in hand."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from sandbox.providers.close import CloseSim
from sandbox.providers.close_webhooks import signature

CREATED = {"object_type": "task.lead", "action": "created"}
URL = "https://bot.example.com/webhooks/close"


def test_the_signature_matches_the_known_vector() -> None:
    key = "058bfb6a3d8cfdc4da7c3be5901b16ae11da982b46a25fb2cd7016e97a140a1c"
    body = (
        b'{"subscription_id":"whsub_6un6NQjYTaFdgtIZsTDXP6",'
        b'"event":{"id":"ev_1","object_type":"task.lead","action":"created"}}'
    )
    known = "7bfc345f2fbdc81ad7485081e1ea7d45d40c49c039de286a4797c4753348c524"
    assert signature(key, "1700000000", body) == known


async def test_a_subscription_lives(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    body = {"url": URL, "events": [CREATED]}
    answer = await close_client.post("/webhook/", json=body)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["status"], made["events"]) == ("active", [CREATED])
    again = await close_client.post("/webhook/", json=body)
    assert again.status_code == 400
    assert made["id"] in again.json()["message"]
    assert (await close_client.get("/webhook/")).json()["data"] == [made]
    address = f"/webhook/{made['id']}/"
    assert (await close_client.get(address)).json() == made
    paused = (await close_client.put(address, json={"status": "paused"})).json()
    assert paused["status"] == "paused"
    close.add_task()
    assert close.webhooks.take_deliveries() == []
    assert (await close_client.delete(address)).json() == {}
    assert (await close_client.get(address)).status_code == 404
    assert close.violations == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"events": [CREATED]}, "url"),
        ({"url": "bot", "events": [CREATED]}, "url"),
        ({"url": URL}, "events"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": [{"object_type": "task.lead"}]}, "events"),
        ({"url": URL, "events": [CREATED], "secret": "x"}, "secret"),
    ],
)
async def test_a_bad_subscription_is_refused(
    close: CloseSim, close_client: httpx2.AsyncClient, body: dict[str, Any], field: str
) -> None:
    answer = await close_client.post("/webhook/", json=body)
    assert answer.status_code == 400
    assert [*answer.json()["field-errors"]] == [field]
    assert len(close.violations) == 1


async def test_deliveries_are_signed_and_come_once(close: CloseSim) -> None:
    made = close.webhooks.create({"url": URL, "events": [CREATED]})
    task = close.add_task("Call")
    close.edit(task["id"], text="Call twice")
    (delivery,) = close.webhooks.take_deliveries()
    assert delivery.url == URL
    payload = json.loads(delivery.body)
    assert payload["subscription_id"] == made["id"]
    assert payload["event"]["data"]["text"] == "Call"
    stamp = delivery.headers["close-sig-timestamp"]
    assert stamp == str(int(close.clock.now().timestamp()))
    expected = signature(made["signature_key"], stamp, delivery.body)
    assert delivery.headers["close-sig-hash"] == expected
    assert close.webhooks.take_deliveries() == []


def field(name: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {"type": "field_accessor", "field": name, "filter": condition}


TEXT_HAS_CALL = field("data", field("text", {"type": "contains", "value": "Call"}))
NOBODYS = field("data", field("assigned_to", {"type": "is_null"}))


@pytest.mark.parametrize(
    ("condition", "texts"),
    [
        (TEXT_HAS_CALL, ["Call Ana", "Call Bo"]),
        (NOBODYS, ["Call Bo", "Visit"]),
        ({"type": "and", "filters": [TEXT_HAS_CALL, NOBODYS]}, ["Call Bo"]),
        ({"type": "or", "filters": [TEXT_HAS_CALL, NOBODYS]}, ["Call Ana", "Call Bo", "Visit"]),
        ({"type": "not", "filter": NOBODYS}, ["Call Ana"]),
        (field("data", field("text", {"type": "equals", "value": "Visit"})), ["Visit"]),
        (
            field("data", field("text", {"type": "not_equals", "value": "Visit"})),
            ["Call Ana", "Call Bo"],
        ),
        (field("data", field("assigned_to", {"type": "non_null"})), ["Call Ana"]),
    ],
)
async def test_extra_filters(close: CloseSim, condition: dict[str, Any], texts: list[str]) -> None:
    close.webhooks.create({"url": URL, "events": [CREATED | {"extra_filter": condition}]})
    close.add_task("Call Ana", close.key_owner["id"])
    close.add_task("Call Bo")
    close.add_task("Visit")
    bodies = [json.loads(delivery.body) for delivery in close.webhooks.take_deliveries()]
    assert [body["event"]["data"]["text"] for body in bodies] == texts
