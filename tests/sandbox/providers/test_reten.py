"""The simulated Reten, asked over HTTP: listings and their query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.providers.reten import RetenSim

TASKS = "/activities/tasks"
TYPES = "/task-result-type-configs"
RESULTS = "/activity-results/tasks"


async def ids(client: httpx2.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get(TASKS, params=query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["data"]]


async def test_a_task_has_the_documented_shape(
    reten: RetenSim, reten_client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    reten.add_task(scheduled_at=clock.now() + timedelta(hours=1))
    answer = (await reten_client.get(TASKS)).json()
    (task,) = answer["data"]
    documented = {
        "activityOrigin": "ACTIVITY",
        "type": "TASK",
        "status": "PENDING",
        "channel": "SALESMAN",
        "scheduledAt": "2026-11-22T13:00:00.000Z",
        "occurredAt": None,
        "createdAt": "2026-11-22T12:00:00.000Z",
        "lifecycleStatus": "SCHEDULED",
        "lifecycleStatusLabel": "Programada",
        "lifecycleStatusDetail": None,
        "canForceRetryDispatch": False,
        "commerceExternalId": "COM-001",
        "commerceName": "Farmacia Central",
        "reason": {"code": "CHURN_RISK", "label": "Riesgo de fuga"},
        "userStatus": None,
        "activityResult": None,
    }
    assert documented.items() <= task.items()
    assert task["commerceAssignment"]["commerce"]["name"] == "Farmacia Central"
    details = task["activityDetails"]
    assert details["assignedRoute"] == {"code": "RUTA-NORTE-01", "name": "Ruta Norte"}
    operator = {"externalId": "OP-042", "name": "Carlos Pérez", "type": "SALESMAN"}
    assert details["assignedOperator"] == operator
    assert task.keys() - documented.keys() >= {"segment"}, "unknown fields have to be there"
    assert {"page": 1, "per_page": 20, "total": 1, "totalPages": 1}.items() <= answer[
        "meta"
    ].items()
    assert reten.violations == []


async def test_pages_cover_everything_once_and_end_empty(
    reten: RetenSim, reten_client: httpx2.AsyncClient
) -> None:
    made = [reten.add_task()["id"] for _ in range(205)]
    seen = [i for page in (1, 2, 3) for i in await ids(reten_client, page=page, per_page=100)]
    assert seen == made
    past = (await reten_client.get(TASKS, params={"page": 4, "per_page": 100})).json()
    assert past["data"] == []
    assert past["meta"]["total"] == 205
    assert past["meta"]["totalPages"] == 3
    assert len(await ids(reten_client)) == 20


async def test_filters(
    reten: RetenSim, reten_client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    plain = reten.add_task(scheduled_at=clock.now())["id"]
    bare = reten.add_task("Kiosko", operator=None, route=None, channel="CALLCENTER")["id"]
    late = reten.add_task(scheduled_at=clock.now() + timedelta(days=2), status="IN_PROGRESS")["id"]
    done = reten.add_task()["id"]
    reten.complete_elsewhere(done, "NOT_EFFECTIVE")
    cases: list[tuple[dict[str, str], list[str]]] = [
        ({"status": "PENDING"}, [plain, bare]),
        ({"status": "IN_PROGRESS"}, [late]),
        ({"result_status": "NOT_EFFECTIVE"}, [done]),
        ({"result_status": "EFFECTIVE"}, []),
        ({"channel": "CALLCENTER"}, [bare]),
        ({"external_commerce_id": "COM-002"}, [bare]),
        ({"external_operator_id": "OP-042"}, [plain, late, done]),
        ({"scheduled_from": "2026-11-22T12:00:00Z"}, [plain, late]),
        ({"scheduled_to": "2026-11-22T12:00:00Z"}, [plain]),
        ({"scheduled_from": "2026-11-23"}, [late]),
        ({"scheduled_from": "2026-11-22T12:00:00.001Z", "scheduled_to": "2026-11-24"}, []),
        ({"scheduled_to": "2026-11-24T07:00:00-05:00", "status": "IN_PROGRESS"}, [late]),
    ]
    for query, expected in cases:
        assert await ids(reten_client, **query) == expected, query
    reten.undated_in_window = True
    assert bare in await ids(reten_client, scheduled_from="2026-11-23")
    assert reten.violations == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("per_page=101", "per_page must not be greater than 100"),
        ("per_page=0", "per_page must not be less than 1"),
        ("page=x", "page must be an integer number"),
        ("status=OPEN", "status must be one of the following values"),
        ("status=PENDING,IN_PROGRESS", "status must be one of the following values"),
        ("status=PENDING&status=COMPLETED", "status must not be repeated"),
        ("result_status=DONE", "result_status must be one of"),
        ("scheduled_from=tomorrow", "scheduled_from must be a valid ISO 8601 date string"),
        ("scheduled_to=2026-11-22T12:00:00", "scheduled_to must be a valid ISO 8601 date string"),
        ("external_operator_id=", "external_operator_id should not be empty"),
        ("updated_since=2026-11-22", "property updated_since should not exist"),
    ],
)
async def test_a_bad_query_is_refused_and_noted(
    reten: RetenSim, reten_client: httpx2.AsyncClient, query: str, message: str
) -> None:
    answer = await reten_client.get(f"{TASKS}?{query}")
    error = answer.json()
    assert (answer.status_code, error["statusCode"], error["error"]) == (400, 400, "Bad Request")
    assert any(line.startswith(message) for line in error["message"])
    assert len(reten.violations) == 1


async def test_the_result_types_are_a_bare_list_that_the_tenant_can_change(
    reten: RetenSim, reten_client: httpx2.AsyncClient
) -> None:
    listed = (await reten_client.get(TYPES)).json()
    assert [kind["code"] for kind in listed if kind["requiresFutureScheduledAt"]] == ["RESCHEDULE"]
    assert len(listed) == 4
    reten.result_types = [{"code": "X", "label": "Equis", "requiresFutureScheduledAt": False}]
    assert [kind["label"] for kind in (await reten_client.get(TYPES)).json()] == ["Equis"]
    assert (await reten_client.get(TYPES, params={"page": 1})).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", TASKS, {"x-api-key": "rtn_sk_wrong"}, 401),
        ("GET", TASKS, {"authorization": "Bearer x", "x-api-key": ""}, 401),
        ("GET", TASKS + "/", {}, 404),
        ("GET", TASKS + "/a1b2", {}, 404),
        ("PATCH", TASKS, {}, 404),
        ("GET", RESULTS, {}, 404),
    ],
)
async def test_requests_beside_the_surface(
    reten: RetenSim,
    reten_client: httpx2.AsyncClient,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    answer = await reten_client.request(method, path, headers=headers)
    assert answer.status_code == status
    assert len(reten.violations) == (0 if headers.get("x-api-key") == "rtn_sk_wrong" else 1)


async def test_what_people_do_elsewhere_shows_at_once(
    reten: RetenSim, reten_client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    task = reten.add_task()["id"]

    async def shown() -> dict[str, Any]:
        (item,) = (await reten_client.get(TASKS)).json()["data"]
        return dict(item)

    reten.edit(task, scheduled_at=clock.now(), commerce=("COM-7", "Botica"), reason=None)
    now = await shown()
    assert (now["scheduledAt"], now["commerceName"], now["reason"]) == (
        "2026-11-22T12:00:00.000Z",
        "Botica",
        None,
    )
    reten.reassign(task, ("OP-1", "Ana", "CALLCENTER"))
    assert (await shown())["activityDetails"]["assignedOperator"]["name"] == "Ana"
    reten.reassign(task, None)
    assert (await shown())["activityDetails"]["assignedOperatorExternalId"] is None
    reten.edit(task, status="ESCALATED", activityDetails=None, lifecycleStatus=None)
    assert (await shown())["status"] == "ESCALATED"
    reten.reassign(task, ("OP-2", "Bo", "SALESMAN"))
    assert (await shown())["activityDetails"]["assignedOperator"]["name"] == "Bo"
    reten.cancel(task)
    assert (await shown())["lifecycleStatusLabel"] == "Cancelada"
    reten.remove(task)
    assert await ids(reten_client) == []
    with pytest.raises(KeyError):
        reten.add_task(sheduledAt=None)
