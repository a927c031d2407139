"""The simulated PlanD, asked over HTTP: the key, the addresses, task types and users."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from sandbox.providers.pland import PlandSim

BY_ID = '{"by":"_id","direction":1}'
NEWEST = '{"by":"_id","direction":-1}'
NOBODY = "0" * 24


async def listed(pland_client: httpx2.AsyncClient, path: str, **query: Any) -> list[Any]:
    answer = await pland_client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    items = answer.json()
    assert isinstance(items, list)
    return items


def message(answer: httpx2.Response) -> str:
    """The one error message, in the shape that the live API has."""
    body = answer.json()
    assert body["message"] == "There was an error"
    (error,) = body["errors"]
    return str(error["message"])


@pytest.mark.parametrize(
    ("headers", "status", "blamed"),
    [
        ({"x-API-Key": "12345678:wrong"}, 401, 0),
        ({"x-API-Key": ""}, 401, 0),
        ({"Authorization": "Bearer sandbox.dashboard.token"}, 200, 0),
        ({"Authorization": "Bearer wrong"}, 401, 0),
        ({"Authorization": "Basic eDp5"}, 401, 1),
        ({}, 401, 1),
    ],
)
async def test_the_key(
    pland: PlandSim,
    pland_client: httpx2.AsyncClient,
    headers: dict[str, str],
    status: int,
    blamed: int,
) -> None:
    del pland_client.headers["x-API-Key"]
    assert (await pland_client.get("/users/self", headers=headers)).status_code == status
    assert len(pland.violations) == blamed
    pland.revoke_key()
    refused = await pland_client.get("/users/self", headers={"x-API-Key": pland.key})
    assert (refused.status_code, message(refused)) == (401, "Unauthorized")
    pland.restore_key()
    again = await pland_client.get("/users/self", headers={"x-API-Key": pland.key})
    assert again.status_code == 200


async def test_the_access_group(pland: PlandSim, pland_client: httpx2.AsyncClient) -> None:
    pland.denied.add("users")
    pland.read_only = True
    assert (await pland_client.get("/users/")).status_code == 403
    assert (await pland_client.get("/tasks/")).status_code == 200
    assert (await pland_client.post("/tasks/", json={"title": "x"})).status_code == 403
    assert pland.tasks() == []
    assert pland.violations == []


@pytest.mark.parametrize(
    ("method", "path", "text"),
    [
        ("GET", "/tasks", "Not found."),
        ("GET", f"/tasks/{NOBODY}/", "Not found."),
        ("GET", "/users", "Not found."),
        ("GET", "/complaints/", "Not found."),
        ("PUT", f"/tasks/{NOBODY}", "Method not allowed. Must be one of: GET, PATCH"),
        ("POST", "/tasks/delete", "Method not allowed. Must be one of: GET, PATCH"),
        ("GET", "/tasks/42", "Failed to parse Id: 42"),
        ("GET", f"/tasks/{'F' * 24}", f"Failed to parse Id: {'F' * 24}"),
        ("GET", "/users/me", "Failed to parse Id: me"),
    ],
)
async def test_requests_beside_the_surface_get_a_400_and_are_noted(
    pland: PlandSim, pland_client: httpx2.AsyncClient, method: str, path: str, text: str
) -> None:
    answer = await pland_client.request(method, path)
    assert (answer.status_code, message(answer)) == (400, text)
    assert len(pland.violations) == 1


@pytest.mark.parametrize("path", ["/tasks/", "/users/", "/taskTypes/"])
async def test_an_id_that_names_nothing(
    pland: PlandSim, pland_client: httpx2.AsyncClient, path: str
) -> None:
    assert (await pland_client.get(path + NOBODY)).status_code == 404
    pland.missing_status = 400
    assert (await pland_client.get(path + NOBODY)).status_code == 400
    assert pland.violations == []


async def test_task_types_are_paged_by_number(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    made = [pland.default_type] + [pland.add_task_type(f"Art {n}", f"A{n}") for n in range(4)]
    pages = [await listed(pland_client, "/taskTypes/", limit=2, page=page) for page in (1, 2, 3, 4)]
    assert [kind["_id"] for page in pages for kind in page] == [kind["_id"] for kind in made]
    first = pages[0][0]
    assert (first["name"], first["prefix"], first["isDefault"]) == ("Allgemein", "ALG", True)
    assert (first["svg"], first["color"]) == (None, None)
    assert (await pland_client.get(f"/taskTypes/{first['_id']}")).json() == first
    named = await listed(pland_client, "/taskTypes/", name="art 3")
    assert [kind["prefix"] for kind in named] == ["A3"]
    assert pland.violations == []
    await pland_client.get("/taskTypes/", params={"offset": 2})
    assert len(pland.violations) == 1


async def test_users_and_what_must_not_be_logged_of_them(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    ana = pland.add_user("Ana Silva", "ana@example.com")
    bo = pland.add_user("Bo Berg")
    pland.deactivate(bo["_id"])
    me, *_ = whole = await listed(pland_client, "/users/", sort=BY_ID)
    assert (await pland_client.get("/users/self")).json() == me
    assert me["_id"] == pland.key_owner["_id"]
    assert [user["access"]["email"] for user in whole] == [
        "integration@example.com",
        "ana@example.com",
        None,
    ]
    one = await pland_client.get(f"/users/{ana['_id']}")
    assert one.json() == whole[1]
    assert one.json()["general"].items() >= {"firstName": "Ana", "lastName": "Silva"}.items()
    sent = json.dumps(whole)
    assert len(set(pland.canaries)) == 18
    assert all(canary in sent for canary in pland.canaries)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"status": "1"}, ["Integration", "Ana"]),
        ({"name": "berg"}, ["Bo"]),
        ({"username": "ana@example.com"}, ["Ana"]),
        ({"username": str(bo["id"])}, ["Bo"]),
        ({"ids[]": [ana["_id"], bo["_id"]]}, ["Ana", "Bo"]),
        ({"limit": 2, "offset": 1, "sort": NEWEST}, ["Ana", "Integration"]),
    ]
    for query, expected in cases:
        found = await listed(pland_client, "/users/", **query)
        assert [user["general"]["firstName"] for user in found] == expected, query
    assert pland.violations == []
