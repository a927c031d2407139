"""The simulated Close, asked over HTTP: keys, errors, limits, people, activities, events."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.providers.close import CloseSim


def basic(user: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


async def test_the_key(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    assert (await close_client.get("/me/")).status_code == 200
    close.revoke_key()
    refused = await close_client.get("/me/")
    assert refused.status_code == 401
    assert refused.json()["error"].startswith("The server could not verify that you are")
    close.restore_key()
    assert (await close_client.get("/me/")).status_code == 200
    assert close.violations == []


@pytest.mark.parametrize(
    ("authorization", "status", "noted"),
    [
        (basic("api_sandbox.sandbox"), 200, False),
        (basic("api_other.other"), 401, False),
        (basic("api_sandbox.sandbox", "secret"), 401, True),
        ("Bearer sandbox-token", 200, False),
        ("Bearer api_sandbox.sandbox", 401, False),
        ("Basic §", 401, True),
        ("", 401, True),
    ],
)
async def test_credentials(close: CloseSim, authorization: str, status: int, noted: bool) -> None:
    headers = {b"authorization": authorization.encode("latin-1")}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(close.app)) as client:
        answer = await client.get("http://close/api/v1/task/", headers=headers)
    assert answer.status_code == status
    assert bool(close.violations) is noted


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/task", 404),
        ("GET", "/me", 404),
        ("GET", "/nowhere/", 404),
        ("PATCH", "/task/", 405),
        ("POST", "/me/", 405),
        ("DELETE", "/task/", 405),
    ],
)
async def test_requests_beside_the_surface(
    close: CloseSim, close_client: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await close_client.request(method, path)
    assert answer.status_code == status
    assert "error" in answer.json()
    assert len(close.violations) == 1


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("text/plain", b'{"is_complete": true}', 415),
        ("application/json", b'{"is_complete"', 400),
        ("application/json", b"[true]", 400),
        ("application/json; charset=utf-8", b'{"is_complete": true}', 200),
    ],
)
async def test_bodies_have_to_be_json_objects(
    close: CloseSim, close_client: httpx2.AsyncClient, kind: str, content: bytes, status: int
) -> None:
    task = close.add_task()
    headers = {"content-type": kind}
    answer = await close_client.put(f"/task/{task['id']}/", content=content, headers=headers)
    assert answer.status_code == status
    assert task["is_complete"] is (status == 200)
    assert bool(close.violations) is (status != 200)


async def test_a_role_that_may_only_read(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    task = close.add_task()
    close.read_only = True
    refused = await close_client.put(f"/task/{task['id']}/", json={"is_complete": True})
    assert (refused.status_code, refused.text) == (403, "Forbidden")
    assert (await close_client.get("/task/")).status_code == 200
    assert close.violations == []


async def test_rate_limits_are_told_and_can_be_enforced(
    close: CloseSim, close_client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    answer = await close_client.get("/task/")
    assert answer.headers["RateLimit"] == "limit=100, remaining=99, reset=5"
    close.rate_limit.enforce(2, 0.6)
    assert (
        (await close_client.get("/task/")).headers["RateLimit"].startswith("limit=2, remaining=1")
    )
    assert (await close_client.get("/task/?bad=1")).status_code == 400
    refused = await close_client.get("/task/")
    assert (refused.status_code, refused.content) == (429, b"")
    assert refused.headers["RateLimit"] == "limit=2, remaining=0, reset=0.6"
    assert refused.headers["Retry-After"] == "1"
    assert (await close_client.get("/me/")).status_code == 200, "each group has its own window"
    clock.advance(timedelta(seconds=0.6))
    assert (await close_client.get("/task/")).status_code == 200
    close.rate_limit.relax()
    for _ in range(3):
        assert (await close_client.get("/task/")).status_code == 200


async def test_a_bad_offset_is_refused(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    for offset in ("utc", "99", "nan"):
        answer = await close_client.get("/task/", headers={"x-tz-offset": offset})
        assert answer.status_code == 400


async def test_people(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    ana = close.add_user("Ana Lima", "Ana@Example.com")
    old = close.add_user("Old Timer", "old@example.com", active=False)
    me = (await close_client.get("/me/")).json()
    assert (me["id"], me["email"]) == (close.key_owner["id"], "owner@example.com")
    organization = me["organizations"][0]["id"]
    assert me["memberships"][0]["user_id"] == me["id"]
    page = (await close_client.get("/user/", params={"_limit": 2})).json()
    assert [user["last_name"] for user in page["data"]] == ["Lima", "Owner"]
    assert page["has_more"] is True
    assert page["data"][0]["organizations"] == [organization]
    rest = (await close_client.get("/user/", params={"_limit": 2, "_skip": 2})).json()
    assert rest["data"] == [old]
    assert old["organizations"] == []
    one = (await close_client.get(f"/user/{ana['id']}/", params={"_fields": "email"})).json()
    assert one == {"email": "Ana@Example.com"}
    assert (await close_client.get("/user/user_gone/")).status_code == 404
    address = f"/organization/{organization}/"
    whole = (await close_client.get(address, params={"_expand": "memberships__user"})).json()
    assert [m["user_email"] for m in whole["inactive_memberships"]] == ["old@example.com"]
    assert [m["user"]["id"] for m in whole["memberships"]] == [me["id"], ana["id"]]
    assert "user" not in whole["inactive_memberships"][0]
    assert (await close_client.get("/organization/orga_other/")).status_code == 404
    assert close.violations == []


async def test_notes(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    lead = close.add_lead("Acme")
    ana = close.add_user("Ana Lima", "ana@example.com")
    body = {"lead_id": lead["id"], "note": "Spoke to Bruce"}
    ours = (await close_client.post("/activity/note/", json=body)).json()
    assert (ours["user_id"], ours["note"]) == (close.key_owner["id"], "Spoke to Bruce")
    hers = (await close_client.post("/activity/note/", json={**body, "user_id": ana["id"]})).json()
    assert hers["user_name"] == "Ana Lima"
    assert [note["id"] for note in close.notes] == [ours["id"], hers["id"]]
    bad: list[tuple[dict[str, Any], dict[str, str]]] = [
        ({"note": "x"}, {"lead": "This field is required."}),
        ({"lead_id": lead["id"]}, {"note": "This field is required."}),
        ({**body, "lead_id": "lead_gone"}, {"lead": "Object does not exist."}),
        ({**body, "title": "x"}, {"title": "Unknown field."}),
    ]
    for wrong, errors in bad:
        refused = await close_client.post("/activity/note/", json=wrong)
        assert refused.json() == {"errors": [], "field-errors": errors}
    assert len(close.notes) == 2


async def test_completions(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    lead = close.add_lead("Acme")
    ana = close.add_user("Ana Lima", "ana@example.com")["id"]
    first = close.add_task(lead=lead)
    second = close.add_task()
    close.complete_elsewhere(first["id"], by=ana)
    close.complete_elsewhere(second["id"])
    address = "/activity/task_completed/"

    async def found(**query: str) -> list[str]:
        answer = await close_client.get(address, params=query)
        return [one["task_id"] for one in answer.json()["data"]]

    assert await found() == [second["id"], first["id"]]
    assert await found(user_id=ana) == [first["id"]]
    assert await found(lead_id=lead["id"], id__in=first["object_id"]) == [first["id"]]
    since = close.completions[second["object_id"]]["date_created"]
    assert await found(date_created__gte=since, _limit="1") == [second["id"]]
    one = address + first["object_id"] + "/"
    assert (await close_client.get(one)).json()["user_name"] == "Ana Lima"
    assert (await close_client.delete(one)).json() == {}
    assert (await close_client.get(one)).status_code == 404
    assert close.violations == []


async def test_the_event_log(
    close: CloseSim, close_client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    ana = close.add_user("Ana Lima", "ana@example.com")["id"]
    task = close.add_task("Call", ana, close.add_lead("Acme"))["id"]
    close.edit(task, by=ana, text="Call twice")
    await close_client.put(f"/task/{task}/", json={"is_complete": True})
    close.remove(task)

    async def events(**query: str | int) -> list[dict[str, Any]]:
        answer = await close_client.get("/event/", params=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    newest_first = [(one["object_type"], one["action"]) for one in await events()]
    assert newest_first == [
        ("task.lead", "deleted"),
        ("task.lead", "updated"),
        ("activity.task_completed", "created"),
        ("task.lead", "updated"),
        ("task.lead", "created"),
    ]
    ours, hers = await events(object_type="task.lead", action="updated")
    assert (ours["user_id"], hers["user_id"]) == (close.key_owner["id"], ana)
    assert ours["meta"] == {"request_method": "PUT", "request_path": f"/api/v1/task/{task}/"}
    assert (ours["api_key_id"], hers["api_key_id"]) == ("api_sandbox", None)
    assert hers["changed_fields"] == ["text", "updated_by", "updated_by_name"]
    assert hers["previous_data"]["text"] == "Call"
    assert (hers["data"]["text"], hers["data"]["view"]) == ("Call twice", None)
    assert "is_complete" in ours["changed_fields"]
    (deleted,) = await events(object_id=task, action="deleted")
    assert (deleted["data"], deleted["previous_data"]["id"]) == ({}, task)
    assert "+" not in deleted["date_updated"], "events name no offset"
    assert (await close_client.get(f"/event/{deleted['id']}/")).json() == deleted
    assert close.violations == []
    alone = await close_client.get("/event/", params={"object_type": "task.lead"})
    assert alone.status_code == 400
    assert len(close.violations) == 1
    clock.advance(timedelta(days=31))
    assert await events() == []


async def test_event_cursors_lead_to_older_and_newer(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    made = [close.add_task()["id"] for _ in range(5)]

    async def page(cursor: str | None = None) -> dict[str, Any]:
        query = {"_limit": "2"} | ({"_cursor": cursor} if cursor else {})
        return dict((await close_client.get("/event/", params=query)).json())

    first = await page()
    second = await page(first["cursor_next"])
    third = await page(second["cursor_next"])
    seen = [event["object_id"] for part in (first, second, third) for event in part["data"]]
    assert seen == made[::-1]
    assert (first["cursor_previous"], third["cursor_next"]) == (None, None)
    assert (await page(second["cursor_previous"]))["data"] == first["data"]
    assert (await close_client.get("/event/?_cursor=older_ev_gone")).status_code == 400
    assert (await close_client.get("/event/?_limit=51")).status_code == 400
