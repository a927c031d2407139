"""The simulated Vambe, asked over HTTP: creating, updating and deleting tasks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.faults import Fault, LineCut, Trouble
from sandbox.providers.vambe import VambeSim
from sandbox.providers.vambe_due import AllDay

TASKS = "/tasks"
STRANGER = "228d7a0d-9072-4ca8-939b-959b75cc606a"
SANTIAGO = "America/Santiago"


async def put(vambe_client: httpx2.AsyncClient, task_id: str, body: Any) -> httpx2.Response:
    return await vambe_client.put(f"{TASKS}/{task_id}", json=body)


async def listed(vambe_client: httpx2.AsyncClient, person: str) -> list[dict[str, Any]]:
    window = {"fromDate": "2026-01-01", "toDate": "2026-12-31"}
    answer = await vambe_client.get(TASKS, params={"responsibleIds[]": person, **window})
    return list(answer.json())


def due(task: dict[str, Any]) -> tuple[Any, ...]:
    return task["due_at"], task["is_all_day"], task["due_timezone"]


async def test_a_created_task_is_answered_and_listed(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    body = {
        "title": "Enviar cotización",
        "description": "Con descuento",
        "dueDate": "2026-11-26",
        "dueTime": "09:30",
        "timezone": SANTIAGO,
        "responsibleIds": [maria, vambe.key_owner["id"]],
        "aiContactId": "df980fc8-b6db-4820-bf22-2969482d106d",
        "aiCustomerId": None,
        "priority": "2",
    }
    answer = await vambe_client.post(TASKS, json=body)
    assert answer.status_code == 201
    task = answer.json()
    wanted = {
        "title": "Enviar cotización",
        "description": "Con descuento",
        "ai_contact_id": "df980fc8-b6db-4820-bf22-2969482d106d",
        "ai_customer_id": None,
        "priority": "high",
        "creator_id": vambe.key_owner["id"],
        "created_at": "2026-11-22T12:00:00.000Z",
    }
    assert wanted.items() <= task.items()
    assert due(task) == ("2026-11-26T12:30:00.000Z", False, SANTIAGO)
    assert task["status_config"]["type"] == "initial"
    ids = [one["responsible_id"] for one in task["task_responsibles"]]
    assert ids == body["responsibleIds"]
    assert await listed(vambe_client, maria) == [task]
    vambe.created_status = 200
    assert (await vambe_client.post(TASKS, json=body)).status_code == 200
    assert vambe.violations == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (None, False, None)),
        ({"dueDate": None, "dueTime": None, "timezone": None}, (None, False, None)),
        ({"dueDate": "2026-11-26"}, ("2026-11-26T00:00:00.000Z", True, None)),
        (
            {"dueDate": "2026-11-26T00:00:00.000Z", "timezone": SANTIAGO},
            ("2026-11-26T00:00:00.000Z", True, SANTIAGO),
        ),
        (
            {"dueDate": "2026-11-26T00:00:00.000Z", "dueTime": "23:30", "timezone": SANTIAGO},
            ("2026-11-27T02:30:00.000Z", False, SANTIAGO),
        ),
        (
            {"dueDate": "2026-07-01", "dueTime": "00:00", "timezone": "Europe/Berlin"},
            ("2026-06-30T22:00:00.000Z", False, "Europe/Berlin"),
        ),
    ],
)
async def test_when_a_created_task_is_due(
    vambe: VambeSim,
    vambe_client: httpx2.AsyncClient,
    maria: str,
    fields: dict[str, Any],
    expected: tuple[Any, ...],
) -> None:
    body = {"title": "T", "responsibleIds": [maria], "priority": "0", **fields}
    task = (await vambe_client.post(TASKS, json=body)).json()
    assert due(task) == expected
    assert task["priority"] == "low"
    assert vambe.violations == []


GONE = object()
BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "title must be longer"),
    ({"title": None}, "title must be longer"),
    ({"title": 7}, "title must be longer"),
    ({"description": 7}, "description must be a string"),
    ({"dueDate": "26/11/2026"}, "dueDate must be a valid ISO 8601"),
    ({"dueDate": 1795651200}, "dueDate must be a valid ISO 8601"),
    ({"dueDate": "2026-11-26", "dueTime": "9:30", "timezone": SANTIAGO}, "dueTime must be in"),
    ({"dueDate": "2026-11-26", "dueTime": "25:00", "timezone": SANTIAGO}, "dueTime must be in"),
    ({"dueDate": "2026-11-26", "dueTime": "09:30:00", "timezone": "UTC"}, "dueTime must be in"),
    ({"dueDate": "2026-11-26", "dueTime": "09:30"}, "timezone is required"),
    ({"dueDate": "2026-11-26", "dueTime": "09:30", "timezone": None}, "timezone is required"),
    ({"dueTime": "09:30", "timezone": SANTIAGO}, "dueDate is required"),
    ({"dueDate": None, "dueTime": "09:30", "timezone": SANTIAGO}, "dueDate is required"),
    ({"timezone": "Chile"}, "timezone must be a valid IANA"),
    ({"timezone": "America"}, "timezone must be a valid IANA"),
    ({"timezone": ""}, "timezone must be a valid IANA"),
    ({"timezone": -3}, "timezone must be a valid IANA"),
    ({"responsibleIds": "maria"}, "responsibleIds must be an array of UUIDs"),
    ({"responsibleIds": ["maria"]}, "responsibleIds must be an array of UUIDs"),
    ({"responsibleIds": None}, "responsibleIds must be an array of UUIDs"),
    ({"priority": "high"}, "priority must be one of"),
    ({"priority": 2}, "priority must be one of"),
    ({"priority": None}, "priority must be one of"),
    ({"due_at": "2026-11-26T12:00:00.000Z"}, "property due_at should not exist"),
    ({"status": "done"}, "property status should not exist"),
]
ONLY_CREATING: list[tuple[dict[str, Any], str]] = [
    ({"title": GONE}, "title is required"),
    ({"responsibleIds": GONE}, "responsibleIds is required"),
    ({"priority": GONE}, "priority is required"),
    ({"newStatusName": "Completado"}, "property newStatusName should not exist"),
]
ONLY_UPDATING: list[tuple[dict[str, Any], str]] = [
    ({"newStatusName": ""}, "newStatusName must be"),
    ({"newStatusName": None}, "newStatusName must be"),
    ({"newStatusPosition": "1"}, "newStatusPosition must be an integer"),
    ({"newStatusPosition": True}, "newStatusPosition must be an integer"),
    ({"newStatusName": "Completado", "newStatusPosition": 2}, "newStatusName and newStatusPos"),
    ({"id": STRANGER}, "property id should not exist"),
]


@pytest.mark.parametrize(("change", "message"), BAD_FIELDS + ONLY_CREATING)
async def test_a_bad_new_task_is_refused_and_noted(
    vambe: VambeSim,
    vambe_client: httpx2.AsyncClient,
    maria: str,
    change: dict[str, Any],
    message: str,
) -> None:
    body = {"title": "T", "responsibleIds": [maria], "priority": "1", **change}
    body = {name: value for name, value in body.items() if value is not GONE}
    answer = await vambe_client.post(TASKS, json=body)
    assert answer.status_code == 400
    assert any(line.startswith(message) for line in answer.json()["message"]), answer.text
    assert vambe.tasks() == []
    assert len(vambe.violations) == 1


@pytest.mark.parametrize(("change", "message"), BAD_FIELDS + ONLY_UPDATING)
async def test_a_bad_update_is_refused_and_noted(
    vambe: VambeSim,
    vambe_client: httpx2.AsyncClient,
    maria: str,
    change: dict[str, Any],
    message: str,
) -> None:
    task = vambe.add_task("T", [maria])
    before = dict(task)
    answer = await put(vambe_client, task["id"], change)
    assert answer.status_code == 400
    assert any(line.startswith(message) for line in answer.json()["message"]), answer.text
    assert task == before
    assert len(vambe.violations) == 1


async def test_a_body_that_is_no_json_object_is_refused(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient
) -> None:
    task = vambe.add_task()["id"]
    kind = {"content-type": "application/json"}
    for content, headers in ((b"{}", {}), (b"{", kind), (b"[]", kind), (b"", kind)):
        for method, path in (("POST", TASKS), ("PUT", f"{TASKS}/{task}")):
            answer = await vambe_client.request(method, path, content=content, headers=headers)
            assert answer.status_code == 400
    assert len(vambe.violations) == 8


@pytest.mark.parametrize(
    ("body", "name", "base"),
    [
        ({"newStatusName": "Completado"}, "Completado", 0),
        ({"newStatusName": "En Progreso"}, "En Progreso", 0),
        ({"newStatusPosition": 2}, "Completado", 0),
        ({"newStatusPosition": 2}, "En Progreso", 1),
        ({"newStatusName": "Sin respuesta"}, None, 0),
        ({"newStatusName": "completado"}, None, 0),
        ({"newStatusPosition": 3}, None, 0),
        ({"newStatusPosition": -1}, None, 0),
        ({"newStatusPosition": 0}, None, 1),
    ],
)
async def test_a_status_is_changed_by_name_or_position(
    vambe: VambeSim,
    vambe_client: httpx2.AsyncClient,
    maria: str,
    body: dict[str, Any],
    name: str | None,
    base: int,
) -> None:
    vambe.position_base = base
    task = vambe.add_task("T", [maria])
    before = await listed(vambe_client, maria)
    answer = await put(vambe_client, task["id"], body | {"title": "U"})
    if name is None:
        assert answer.status_code == 400
        assert await listed(vambe_client, maria) == before, "nothing of a refused update is done"
    else:
        assert answer.json()["status_config"]["name"] == name
        assert [answer.json()] == await listed(vambe_client, maria)
        assert vambe.requests[-2].body == body | {"title": "U"}
    assert vambe.violations == [], "the tenant may have renamed the status"


async def test_done_by_name_alone_changes_nothing_else(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    task = vambe.add_task("T", [maria], date(2026, 11, 22), description="D")
    (before,) = await listed(vambe_client, maria)
    for _ in range(2):
        answer = await put(vambe_client, task["id"], {"newStatusName": "Completado"})
        after = answer.json()
        assert (answer.status_code, after["status_config"]["type"]) == (200, "master_done")
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"status_config", "task_status_config_id"}
    assert (await put(vambe_client, task["id"], {})).json() == after


UPDATES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"title": "Otra"}, {"title": "Otra"}),
    ({"description": None}, {"description": None}),
    ({"priority": "0"}, {"priority": "low"}),
    ({"aiContactId": "c", "aiCustomerId": "k"}, {"ai_contact_id": "c", "ai_customer_id": "k"}),
    ({"responsibleIds": []}, {"task_responsibles": []}),
    ({"dueDate": None}, {"due_at": None, "is_all_day": False, "due_timezone": None}),
    ({"dueDate": "2026-11-30"}, {"due_at": "2026-11-30T18:00:00.000Z"}),
    ({"dueTime": "08:15", "timezone": SANTIAGO}, {"due_at": "2026-11-22T11:15:00.000Z"}),
    ({"dueTime": None}, {"due_at": "2026-11-22T00:00:00.000Z", "is_all_day": True}),
    (
        {"timezone": "Europe/Berlin"},
        {"due_at": "2026-11-22T14:00:00.000Z", "due_timezone": "Europe/Berlin"},
    ),
    (
        {"dueDate": "2026-11-24", "dueTime": "09:00", "timezone": "UTC"},
        {"due_at": "2026-11-24T09:00:00.000Z", "due_timezone": "UTC"},
    ),
]


@pytest.mark.parametrize(("body", "changed"), UPDATES)
async def test_only_what_is_sent_changes(
    vambe: VambeSim,
    vambe_client: httpx2.AsyncClient,
    maria: str,
    body: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    task = vambe.add_task("T", [maria], datetime(2026, 11, 22, 18, tzinfo=UTC))
    (before,) = await listed(vambe_client, maria)
    answer = await put(vambe_client, task["id"], body)
    assert (answer.status_code, answer.json()) == (200, before | changed)
    assert vambe.tasks() == [before | changed]
    assert vambe.violations == []


@pytest.mark.parametrize("mode", list(AllDay))
async def test_an_all_day_task_keeps_its_day_when_it_gets_a_time(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str, mode: AllDay
) -> None:
    vambe.all_day = mode
    task = vambe.add_task("T", [maria], date(2026, 11, 22))
    answer = await put(vambe_client, task["id"], {"dueTime": "10:00", "timezone": SANTIAGO})
    assert due(answer.json()) == ("2026-11-22T13:00:00.000Z", False, SANTIAGO)
    answer = await put(vambe_client, task["id"], {"dueDate": "2026-11-25", "dueTime": None})
    midnight = "00" if mode is AllDay.UTC_MIDNIGHT else "03"
    assert due(answer.json()) == (f"2026-11-25T{midnight}:00:00.000Z", True, SANTIAGO)


async def test_responsibles_are_replaced_and_have_to_be_in_the_team(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    carlos = vambe.add_member("Carlos Silva", "carlos.silva@company.com")["id"]
    task = vambe.add_task("T", [maria])
    answer = await put(vambe_client, task["id"], {"responsibleIds": [carlos, carlos]})
    assert [one["responsible_id"] for one in answer.json()["task_responsibles"]] == [carlos]
    assert (await listed(vambe_client, maria), len(await listed(vambe_client, carlos))) == ([], 1)
    body = {"title": "T", "responsibleIds": [STRANGER], "priority": "1"}
    for refused in (
        await vambe_client.post(TASKS, json=body),
        await put(vambe_client, task["id"], {"responsibleIds": [carlos, STRANGER]}),
    ):
        assert (refused.status_code, refused.json()["message"]) == (
            400,
            f"Responsible {STRANGER} does not exist",
        )
    assert len(await listed(vambe_client, carlos)) == 1
    assert vambe.violations == [], "the member may have left"


async def test_a_deleted_task_is_gone_for_the_api(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    ours, theirs = (vambe.add_task("T", [maria])["id"] for _ in range(2))
    answer = await vambe_client.delete(f"{TASKS}/{ours}")
    assert (answer.status_code, answer.json()) == (200, {"status": "success"})
    vambe.remove(theirs)
    assert await listed(vambe_client, maria) == []
    for gone in (ours, theirs, STRANGER):
        assert (await vambe_client.delete(f"{TASKS}/{gone}")).status_code == 404
        assert (await put(vambe_client, gone, {"newStatusName": "Completado"})).status_code == 404
    assert {*vambe.deleted} == {ours, theirs}
    assert vambe.violations == []
    assert (await put(vambe_client, "42", {"title": "T"})).status_code == 400
    assert len(vambe.violations) == 1


async def test_a_cut_line_leaves_the_task_done(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    task = vambe.add_task("T", [maria])
    vambe.faults.add(Fault(Trouble.DROP_AFTER, method="PUT"))
    with pytest.raises(LineCut):
        await put(vambe_client, task["id"], {"newStatusName": "Completado"})
    (shown,) = await listed(vambe_client, maria)
    assert (shown["id"], shown["status_config"]["type"]) == (task["id"], "master_done")
    assert [record.status for record in vambe.requests] == [None, 200]


async def test_requests_are_recorded_as_sent_even_when_they_fail(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    task = vambe.add_task()
    vambe.faults.add(Fault(Trouble.STATUS, status=429, headers={"Retry-After": "7"}))
    body = {"newStatusName": "Completado"}
    limited = await put(vambe_client, task["id"], body)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "7")
    assert task["status_config"]["type"] == "initial"
    (record,) = vambe.requests
    sent = (record.method, record.path, record.query, record.body, record.at, record.status)
    path = f"/api/public/tasks/{task['id']}"
    assert sent == ("PUT", path, [], body, clock.now(), 429)
