"""The simulated Vambe, asked over HTTP: listings, the team, the key, what people do in the app."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.providers.service import Breakage
from sandbox.providers.vambe import VambeSim
from sandbox.providers.vambe_due import AllDay

TASKS = "/tasks"
MEMBERS = "/team-members/all"
NOBODY = "228d7a0d-9072-4ca8-939b-959b75cc606a"


@pytest.fixture
def vambe(clock: MovableClock) -> VambeSim:
    return VambeSim(clock, max_url_length=400)


def query(*people: str, start: str = "2026-11-20", end: str = "2026-11-24", **more: str) -> Any:
    array = [("responsibleIds[]", person) for person in people]
    return [*array, ("fromDate", start), ("toDate", end), *more.items()]


async def listed(
    vambe_client: httpx2.AsyncClient, *people: str, **window: str
) -> list[dict[str, Any]]:
    answer = await vambe_client.get(TASKS, params=query(*people, **window))
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def titles(vambe_client: httpx2.AsyncClient, *people: str, **window: str) -> list[str]:
    return [task["title"] for task in await listed(vambe_client, *people, **window)]


async def test_a_task_has_the_documented_shape(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    made = vambe.add_task("Llamar", [maria], datetime(2026, 11, 22, 17, 30, tzinfo=UTC))
    (task,) = await listed(vambe_client, maria)
    documented = {
        "id": made["id"],
        "title": "Llamar",
        "description": "",
        "due_timezone": "America/Santiago",
        "due_at": "2026-11-22T17:30:00.000Z",
        "is_all_day": False,
        "created_at": "2026-11-22T12:00:00.000Z",
        "ai_contact_id": None,
        "ai_customer_id": None,
        "priority": "medium",
        "creator_id": vambe.key_owner["id"],
    }
    assert documented.items() <= task.items()
    status = task["status_config"]
    wanted = {"name": "Pendiente", "color": "#60a5fa", "type": "initial", "order": 0}
    assert wanted.items() <= status.items()
    assert status["id"] == task["task_status_config_id"]
    (responsible,) = task["task_responsibles"]
    assert responsible["responsible_id"] == maria
    assert "interactive_notes" in task, "unknown fields have to be there"
    assert status.keys() - wanted.keys() - {"id"}
    assert responsible.keys() - {"responsible_id"}
    assert vambe.violations == []


async def test_the_team(vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str) -> None:
    _, member = (await vambe_client.get(MEMBERS)).json()
    documented = {
        "id": maria,
        "name": "Maria Rodriguez",
        "first_name": "Maria",
        "last_name": "Rodriguez",
        "email": "maria.rodriguez@company.com",
        "phone": "+56912345678",
    }
    assert documented.items() <= member.items()
    assert member.keys() - documented.keys(), "unknown fields have to be there"
    vambe.remove_member(maria)
    assert [one["name"] for one in (await vambe_client.get(MEMBERS)).json()] == ["Key Owner"]
    assert vambe.violations == []


async def test_who_is_asked_for(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    carlos = vambe.add_member("Carlos Silva", "carlos.silva@company.com")["id"]
    vambe.add_task("hers", [maria], priority="high")
    vambe.add_task("both", [carlos, maria])
    vambe.add_task("his", [carlos], priority="low")
    vambe.add_task("free", priority="cosmic")
    assert await titles(vambe_client, maria) == ["hers", "both"]
    assert await titles(vambe_client, carlos) == ["both", "his"]
    assert await titles(vambe_client, maria, carlos) == ["hers", "both", "his"], "each task once"
    assert await titles(vambe_client, NOBODY) == []
    assert vambe.violations == []
    assert await titles(vambe_client, "") == ["hers", "both", "his", "free"]
    assert len(vambe.violations) == 1, "how to send an empty array is not documented"


@pytest.mark.parametrize(
    ("zone", "start", "end", "expected"),
    [
        ("UTC", "2026-11-22", "2026-11-22", {"day", "first", "last"}),
        ("UTC", "2026-11-21", "2026-11-21", {"before"}),
        ("UTC", "2026-11-23", "2026-11-23", {"after"}),
        ("UTC", "2026-11-21", "2026-11-23", {"before", "day", "first", "last", "after"}),
        # Three hours behind: 22 November is from 03:00Z to 02:59:59Z.
        ("America/Santiago", "2026-11-22", "2026-11-22", {"last", "after"}),
        ("America/Santiago", "2026-11-21", "2026-11-21", {"before", "day", "first"}),
    ],
)
async def test_the_range_is_days_of_the_server(
    clock: MovableClock, zone: str, start: str, end: str, expected: set[str]
) -> None:
    vambe = VambeSim(clock, server_timezone=zone)
    maria = vambe.add_member("Maria", "maria@company.com")["id"]
    dues: dict[str, date | datetime | None] = {
        "before": datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC),
        "first": datetime(2026, 11, 22, tzinfo=UTC),
        "day": date(2026, 11, 22),
        "last": datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC),
        "after": datetime(2026, 11, 23, tzinfo=UTC),
        "never": None,
    }
    for title, due in dues.items():
        vambe.add_task(title, [maria], due)
    key = {"x-api-key": vambe.key}
    transport = httpx2.ASGITransport(vambe.app)
    base = "http://vambe/api/public"
    async with httpx2.AsyncClient(transport=transport, base_url=base, headers=key) as vambe_client:
        window = {"start": start, "end": end}
        assert set(await titles(vambe_client, maria, **window)) == {*expected, "never"}
        for flag, undated in (("true", {"never"}), ("false", set[str]())):
            window["includeTasksWithoutDates"] = flag
            assert set(await titles(vambe_client, maria, **window)) == expected | undated
    assert vambe.violations == []


async def test_the_order_is_priority_then_id(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    priorities: list[Any] = ["low", "high", "cosmic", "medium", None] * 4
    for priority in priorities:
        vambe.add_task(responsibles=[maria], priority=priority)
    shown = [(task["priority"], task["id"]) for task in await listed(vambe_client, maria)]
    ranks = {"high": 0, "medium": 1, "low": 2}
    assert shown == sorted(shown, key=lambda pair: (ranks.get(pair[0], 3), pair[1]))
    assert len(shown) == 20


BAD_QUERIES = [
    ("fromDate=2026-11-22&toDate=2026-11-22", "responsibleIds is required"),
    ("responsibleIds[]={id}&toDate=2026-11-22", "fromDate must be a valid date"),
    ("responsibleIds[]={id}&fromDate=2026-11-22", "toDate must be a valid date"),
    ("{good}&fromDate=2026-11-20", "fromDate must not be repeated"),
    ("{good}&status=done", "property status should not exist"),
    ("{good}&page=2", "property page should not exist"),
    ("{good}&x-api-key=k", "property x-api-key should not exist"),
    ("{good}&includeTasksWithoutDates=1", "includeTasksWithoutDates must be a boolean"),
    ("{good}&responsibleIds[]=", "each value in responsibleIds must be a UUID"),
    ("{good}&responsibleIds[]=maria", "each value in responsibleIds must be a UUID"),
    ("{good}&responsibleIds[]={id},{id}", "each value in responsibleIds must be a UUID"),
    ("{good}&responsibleIds={id}", "property responsibleIds should not exist"),
    (
        "responsibleIds[]={id}&fromDate=2026-11-23&toDate=2026-11-22",
        "fromDate must not be after toDate",
    ),
    (
        "responsibleIds[]={id}&fromDate=2026-11-22T00:00:00Z&toDate=22/11/2026",
        "fromDate must be a valid date",
    ),
]


@pytest.mark.parametrize(("text", "message"), BAD_QUERIES)
async def test_a_bad_query_is_refused_and_noted(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, text: str, message: str
) -> None:
    good = f"responsibleIds[]={NOBODY}&fromDate=2026-11-22&toDate=2026-11-22"
    assert (await vambe_client.get(f"{TASKS}?{good}")).status_code == 200
    answer = await vambe_client.get(f"{TASKS}?{text.format(id=NOBODY, good=good)}")
    error = answer.json()
    assert (answer.status_code, error["error"]) == (400, "Bad Request")
    assert any(line.startswith(message) for line in error["message"]), error
    assert len(vambe.violations) == 1


async def test_a_long_address_never_reaches_the_api(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient
) -> None:
    assert await listed(vambe_client, *[NOBODY] * 5) == []
    vambe.max_url_length = len(
        vambe_client.build_request("GET", TASKS, params=query(NOBODY)).url.raw_path
    )
    assert await listed(vambe_client, NOBODY) == []
    too_long = await vambe_client.get(TASKS, params=query(NOBODY, includeTasksWithoutDates="true"))
    assert too_long.headers["content-type"].startswith("text/html")
    vambe.max_url_length -= 1
    await vambe_client.get(TASKS, params=query(NOBODY), headers={"x-api-key": "wrong"})
    assert [record.status for record in vambe.requests] == [200, 200, 414, 414]
    assert vambe.violations == []


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "noted"),
    [
        ("GET", MEMBERS, {"x-api-key": "wrong"}, 401, 0),
        ("GET", MEMBERS, {"x-api-key": "wrong", "authorization": "Bearer x"}, 401, 1),
        ("GET", f"{MEMBERS}?active=true", {}, 400, 1),
        ("GET", "/team-members", {}, 404, 1),
        ("GET", f"{TASKS}/{NOBODY}", {}, 404, 1),
        ("GET", f"{TASKS}/", {}, 404, 1),
        ("PATCH", f"{TASKS}/{NOBODY}", {}, 404, 1),
        ("PUT", f"{TASKS}/{NOBODY}/status", {}, 404, 1),
        ("DELETE", TASKS, {}, 404, 1),
        ("DELETE", f"{TASKS}/{NOBODY}", {}, 404, 0),
        ("DELETE", f"{TASKS}/42", {}, 400, 1),
        ("DELETE", f"{TASKS}/{NOBODY}?hard=1", {}, 400, 1),
    ],
)
async def test_requests_beside_the_surface(
    vambe: VambeSim,
    vambe_client: httpx2.AsyncClient,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
    noted: int,
) -> None:
    answer = await vambe_client.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["statusCode"]) == (status, status)
    assert len(vambe.violations) == noted


async def test_the_key(vambe: VambeSim, vambe_client: httpx2.AsyncClient) -> None:
    vambe.revoke_key()
    assert (await vambe_client.get(MEMBERS)).status_code == 401
    vambe.restore_key()
    assert (await vambe_client.get(MEMBERS)).status_code == 200
    assert vambe.violations == []
    del vambe_client.headers["x-api-key"]
    assert (await vambe_client.get(MEMBERS)).status_code == 401
    assert len(vambe.violations) == 1
    assert vambe.key not in repr(vambe.requests)


@pytest.mark.parametrize(
    ("mode", "zone", "due_at"),
    [
        (AllDay.UTC_MIDNIGHT, "America/Santiago", "2026-11-22T00:00:00.000Z"),
        (AllDay.UTC_MIDNIGHT, None, "2026-11-22T00:00:00.000Z"),
        (AllDay.LOCAL_MIDNIGHT, "America/Santiago", "2026-11-22T03:00:00.000Z"),
        (AllDay.LOCAL_MIDNIGHT, "Europe/Berlin", "2026-11-21T23:00:00.000Z"),
        (AllDay.LOCAL_MIDNIGHT, None, "2026-11-22T00:00:00.000Z"),
    ],
)
async def test_a_day_is_an_instant_too(
    vambe: VambeSim,
    vambe_client: httpx2.AsyncClient,
    maria: str,
    mode: AllDay,
    zone: str | None,
    due_at: str,
) -> None:
    vambe.all_day = mode
    vambe.add_task("Visita", [maria], date(2026, 11, 22), timezone=zone)
    (task,) = await listed(vambe_client, maria)
    shown = (task["due_at"], task["is_all_day"], task["due_timezone"])
    assert shown == (due_at, True, zone)


async def test_what_people_do_in_the_app_shows_at_once(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    task = vambe.add_task("Cotizar", [maria], status="En Progreso")["id"]
    assert (await listed(vambe_client, maria))[0]["status_config"]["type"] == "in_progress"
    vambe.edit(task, title="Cotizar dos", priority="high", due_at=date(2026, 11, 23))
    (shown,) = await listed(vambe_client, maria)
    assert (shown["title"], shown["priority"], shown["is_all_day"]) == ("Cotizar dos", "high", True)
    vambe.edit(task, due_at=datetime(2026, 11, 23, 9, tzinfo=UTC), timezone=None)
    (shown,) = await listed(vambe_client, maria)
    assert (shown["due_at"], shown["due_timezone"]) == ("2026-11-23T09:00:00.000Z", None)
    vambe.complete_elsewhere(task)
    (shown,) = await listed(vambe_client, maria)
    assert shown["status_config"]["type"] == "master_done", "completed tasks are listed"
    vambe.statuses.add("Sin respuesta")
    assert vambe.complete_elsewhere(task, "Sin respuesta")["status_config"]["type"] == "done"
    vambe.reassign(task, [vambe.key_owner["id"]])
    assert await listed(vambe_client, maria) == []
    vambe.reassign(task, [maria])
    assert vambe.task(task)["title"] == "Cotizar dos"
    vambe.remove(task)
    assert (await listed(vambe_client, maria), vambe.tasks()) == ([], [])
    assert [*vambe.deleted] == [task]
    with pytest.raises(KeyError):
        vambe.complete_elsewhere(task)


async def test_the_tenant_changes_its_statuses(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    vambe.add_task(responsibles=[maria])
    config = (await listed(vambe_client, maria))[0]["task_status_config_id"]
    vambe.statuses.edit("Pendiente", name="Por hacer", type="limbo", color="#000000", order=9)
    (task,) = await listed(vambe_client, maria)
    wanted = {"id": config, "name": "Por hacer", "type": "limbo", "color": "#000000", "order": 9}
    assert wanted.items() <= task["status_config"].items()
    vambe.statuses.add("Nuevo", "initial", order=-1)
    names = [status["name"] for status in vambe.statuses]
    assert names == ["Nuevo", "En Progreso", "Completado", "Por hacer"]
    vambe.statuses.remove("Por hacer")
    (task,) = await listed(vambe_client, maria)
    assert (task["status_config"], task["task_status_config_id"]) == (None, config)
    for change in (
        lambda: vambe.statuses.edit("Por hacer", order=1),
        lambda: vambe.statuses.edit("Nuevo", kind="done"),
        lambda: vambe.statuses.remove("nuevo"),
    ):
        with pytest.raises(KeyError):
            change()


async def test_overrides_are_shown_as_given(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str
) -> None:
    odd: dict[str, Any] = {
        "status_config": None,
        "description": None,
        "ai_contact_id": NOBODY,
        "due_at": "soon",
        "is_all_day": None,
        "priority": "2",
        "task_responsibles": [{"responsible_id": maria}, {"responsible_id": None}],
    }
    vambe.add_task(**odd)
    (task,) = await listed(vambe_client, maria)
    assert odd.items() <= task.items()
    for wrong in ({"dueAt": None}, {"responsible": maria}):
        with pytest.raises(KeyError):
            vambe.add_task(**wrong)
    assert len(vambe.tasks()) == 1


@pytest.mark.parametrize("kind", [Breakage.HTML, Breakage.TRUNCATED])
async def test_a_listing_can_be_no_json(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str, kind: Breakage
) -> None:
    vambe.add_task(responsibles=[maria])
    vambe.break_page(kind)
    broken = await vambe_client.get(TASKS, params=query(maria))
    assert broken.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        broken.json()
    vambe.mend_pages()
    assert len(await listed(vambe_client, maria)) == 1


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        (Breakage.MISSING_ID, {"id"}),
        (Breakage.WRONG_TYPES, {"title", "due_at", "task_responsibles"}),
        (Breakage.UNKNOWN_ENUM, {"priority", "status_config"}),
    ],
)
async def test_a_listing_can_hold_one_bad_item(
    vambe: VambeSim, vambe_client: httpx2.AsyncClient, maria: str, kind: Breakage, changed: set[str]
) -> None:
    for _ in range(2):
        vambe.add_task(responsibles=[maria])
    whole = await listed(vambe_client, maria)
    vambe.break_page(kind)
    bad, good = await listed(vambe_client, maria)
    assert good == whole[1]
    assert {name for name, value in whole[0].items() if bad.get(name) != value} == changed
    vambe.mend_pages()
    assert await listed(vambe_client, maria) == whole
