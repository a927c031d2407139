"""The simulated Reten, asked over HTTP: results, the key and its permissions."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from sandbox.providers.reten import SUBMIT, VIEW, Rescheduling, RetenSim

TASKS = "/activities/tasks"
TYPES = "/task-result-type-configs"
RESULTS = "/activity-results/tasks"


def submission(task: dict[str, Any], code: str = "SALE_COMPLETED", **inner: Any) -> dict[str, Any]:
    return {
        "activity_id": task["id"],
        "commerce_external_id": task["commerceExternalId"],
        "occurred_at": "2026-11-22T11:59:00.000Z",
        "status": "EFFECTIVE",
        "task_result": {"result": code, **inner},
    }


async def test_the_key_and_its_permissions(
    reten: RetenSim, reten_client: httpx2.AsyncClient
) -> None:
    task = reten.add_task()
    reten.withdraw(SUBMIT)
    refused = await reten_client.post(RESULTS, json=submission(task))
    assert refused.json() == {
        "statusCode": 403,
        "error": "Forbidden",
        "message": "Insufficient permissions",
    }
    assert (await reten_client.get(TASKS)).status_code == 200
    reten.grant(SUBMIT)
    reten.withdraw(VIEW)
    assert (await reten_client.get(TASKS)).status_code == 403
    assert (await reten_client.get(TYPES)).status_code == 403
    reten.revoke_key()
    refused = await reten_client.get(TASKS)
    assert refused.json()["message"] == "API key missing or invalid"
    assert refused.status_code == 401
    reten.restore_key()
    assert (await reten_client.post(RESULTS, json=submission(task))).status_code == 201
    assert reten.violations == []


@pytest.mark.parametrize(
    ("status", "task_status", "occurred"),
    [
        ("EFFECTIVE", "COMPLETED", "2026-11-22T11:59:00.000Z"),
        ("NOT_EFFECTIVE", "COMPLETED", "2026-11-22T11:59:00.000Z"),
        ("PENDING", "PENDING", None),
    ],
)
async def test_a_result_moves_the_activity(
    reten: RetenSim,
    reten_client: httpx2.AsyncClient,
    status: str,
    task_status: str,
    occurred: str | None,
) -> None:
    task = reten.add_task()
    body = submission(task, comment="Listo", operator_external_id="OP-7", contact_type="OUTBOUND")
    answer = await reten_client.post(RESULTS, json=body | {"status": status})
    assert answer.status_code == 201
    assert answer.json()["activityId"] == task["id"]
    (listed,) = (await reten_client.get(TASKS)).json()["data"]
    assert (listed["status"], listed["occurredAt"]) == (task_status, occurred)
    result = listed["activityResult"]
    assert (result["resultStatus"], result["occurredAt"]) == (status, "2026-11-22T11:59:00.000Z")
    assert result["resultDetails"] == {
        "result": "SALE_COMPLETED",
        "comment": "Listo",
        "contactType": "OUTBOUND",
        "operatorExternalId": "OP-7",
    }
    assert reten.results == [body | {"status": status}]
    assert reten.violations == []


def without(name: str) -> dict[str, Any]:
    return {"remove": name}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"activity_id": None}, "activity_id must be a UUID"),
        ({"activity_id": "42"}, "activity_id must be a UUID"),
        (without("activity_id"), "activity_id or provider_activity_id is required"),
        (without("commerce_external_id"), "commerce_external_id should not be empty"),
        (without("occurred_at"), "occurred_at should not be empty"),
        ({"occurred_at": "2026-11-22T10:00:00"}, "occurred_at must be a valid ISO 8601"),
        ({"occurred_at": 1776243600}, "occurred_at must be a valid ISO 8601"),
        (without("status"), "status should not be empty"),
        ({"status": "DONE"}, "status must be one of the following values"),
        (without("task_result"), "task_result should not be empty"),
        ({"task_result": "SALE_COMPLETED"}, "task_result must be an object"),
        ({"task_result": {}}, "task_result.result should not be empty"),
        ({"task_result": {"result": "X", "note": ""}}, "property task_result.note should not"),
        (
            {"task_result": {"result": "X", "contact_type": "EMAIL"}},
            "task_result.contact_type must be one of",
        ),
        ({"activityId": "x"}, "property activityId should not exist"),
        ({"hard_override": "yes"}, "hard_override must be a boolean value"),
        ({"raw_payload": []}, "raw_payload must be an object"),
    ],
)
async def test_a_malformed_result_is_refused_and_noted(
    reten: RetenSim, reten_client: httpx2.AsyncClient, change: dict[str, Any], message: str
) -> None:
    task = reten.add_task()
    body = submission(task)
    if "remove" in change:
        del body[change["remove"]]
    else:
        body |= change
    answer = await reten_client.post(RESULTS, json=body)
    assert answer.status_code == 400
    assert any(line.startswith(message) for line in answer.json()["message"]), answer.text
    assert task["status"] == "PENDING"
    assert reten.results == []
    assert len(reten.violations) == 1


async def test_a_body_that_is_no_json_is_refused(
    reten: RetenSim, reten_client: httpx2.AsyncClient
) -> None:
    as_text = await reten_client.post(RESULTS, content=b"{}")
    assert "status should not be empty" in as_text.json()["message"]
    kind = {"content-type": "application/json"}
    broken = await reten_client.post(RESULTS, content=b'{"status"', headers=kind)
    assert broken.status_code == 400
    assert len(reten.violations) == 2


async def test_identifiers_and_codes_that_the_tenant_does_not_have(
    reten: RetenSim, reten_client: httpx2.AsyncClient
) -> None:
    task, other = reten.add_task(), reten.add_task("Kiosko")
    reten.known_operators = {"OP-042"}
    gone = reten.add_task()
    reten.remove(gone["id"])
    by_their_id = {"provider_activity_id": "ext-1", "activity_id": gone["id"]}
    cases: list[tuple[dict[str, Any], int, str]] = [
        (submission(gone), 404, "Activity not found"),
        (submission(task) | by_their_id, 404, "Activity not found"),
        (submission(task) | {"commerce_external_id": "COM-9"}, 404, "Commerce not found"),
        (
            submission(task) | {"commerce_external_id": other["commerceExternalId"]},
            400,
            "commerce_external_id does not match the activity",
        ),
        (submission(task, operator_external_id="OP-9"), 404, "Operator not found"),
        (
            submission(task, "Venta completada"),
            400,
            "task_result.result 'Venta completada' is not a valid result code",
        ),
    ]
    for body, status, message in cases:
        answer = await reten_client.post(RESULTS, json=body)
        assert (answer.status_code, answer.json()["message"]) == (status, message)
    assert task["activityResult"] is None
    assert len(reten.violations) == 2, "only the two wrong commerces are the client's fault"


async def test_a_second_result_is_a_conflict(
    reten: RetenSim, reten_client: httpx2.AsyncClient
) -> None:
    ours, elsewhere, cancelled = (reten.add_task() for _ in range(3))
    assert (await reten_client.post(RESULTS, json=submission(ours))).status_code == 201
    reten.complete_elsewhere(elsewhere["id"], "NOT_EFFECTIVE")
    reten.cancel(cancelled["id"])
    for task in (ours, elsewhere, cancelled):
        again = await reten_client.post(RESULTS, json=submission(task))
        assert (again.status_code, again.json()["error"]) == (409, "Conflict")
    assert reten.violations == []
    forced = submission(elsewhere, "NO_CONTACT") | {"hard_override": True}
    assert (await reten_client.post(RESULTS, json=forced)).status_code == 201
    assert elsewhere["activityResult"]["resultDetails"] == {"result": "NO_CONTACT"}
    assert len(reten.violations) == 1


async def test_a_pending_result_can_be_set_not_to_block(
    reten: RetenSim, reten_client: httpx2.AsyncClient
) -> None:
    task = reten.add_task()
    pending = submission(task) | {"status": "PENDING"}
    assert (await reten_client.post(RESULTS, json=pending)).status_code == 201
    assert (await reten_client.post(RESULTS, json=submission(task))).status_code == 409
    reten.pending_result_blocks = False
    assert (await reten_client.post(RESULTS, json=submission(task))).status_code == 201
    assert task["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("future", "message"),
    [
        (None, "task_result.future_scheduled_at is required for result 'RESCHEDULE'"),
        ("2026-11-22T12:00:00Z", "task_result.future_scheduled_at must be a future date"),
    ],
)
async def test_rescheduling_wants_a_future_date(
    reten: RetenSim, reten_client: httpx2.AsyncClient, future: str | None, message: str
) -> None:
    task = reten.add_task()
    inner = {"future_scheduled_at": future} if future else {}
    answer = await reten_client.post(RESULTS, json=submission(task, "RESCHEDULE", **inner))
    assert (answer.status_code, answer.json()["message"]) == (400, message)


@pytest.mark.parametrize(
    ("mode", "first", "successors"),
    [
        (Rescheduling.COMPLETES, ("COMPLETED", None), []),
        (
            Rescheduling.SUCCESSOR,
            ("COMPLETED", None),
            [("PENDING", "2026-11-25T15:00:00.000Z", "Farmacia Central", "OP-042")],
        ),
        (Rescheduling.SAME_ID, ("PENDING", "2026-11-25T15:00:00.000Z"), []),
    ],
)
async def test_what_rescheduling_leaves_behind(
    reten: RetenSim,
    reten_client: httpx2.AsyncClient,
    mode: Rescheduling,
    first: tuple[str, str | None],
    successors: list[tuple[str, str, str, str]],
) -> None:
    reten.rescheduling = mode
    task = reten.add_task()
    body = submission(task, "RESCHEDULE", future_scheduled_at="2026-11-25T15:00:00Z")
    assert (await reten_client.post(RESULTS, json=body)).status_code == 201
    old, *new = (await reten_client.get(TASKS)).json()["data"]
    assert (old["id"], old["status"], old["scheduledAt"]) == (task["id"], *first)
    shown = [
        (
            one["status"],
            one["scheduledAt"],
            one["commerceName"],
            one["activityDetails"]["assignedOperatorExternalId"],
        )
        for one in new
    ]
    assert shown == successors
    assert task["id"] not in [one["id"] for one in new]
