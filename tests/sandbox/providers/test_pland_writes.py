"""The simulated PlanD, written to over HTTP: changes, completions, new tasks, webhooks."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import Answering, Patching, PlandSim

NOBODY = "0" * 24
HOOKS = "/integrations/webhooks/"
HOOK = {"type": "UPDATE", "entity": "task", "url": "https://bot.example.com/hooks/5f2c"}
NO_MAIL = {"sendEmail": False}


async def shown(pland_client: httpx2.AsyncClient, task_id: str) -> dict[str, Any]:
    answer = await pland_client.get(f"/tasks/{task_id}")
    assert answer.status_code == 200
    return dict(answer.json())


def messages(answer: httpx2.Response) -> list[str]:
    return [error["message"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ({"taskStatus": "in_progress"}, {"taskStatus": "in_progress"}),
        ({"taskStatus": "new"}, {"taskStatus": "new", "firstStartedAt": None}),
        ({"completionResponse": "Fertig"}, {"completionResponse": "Fertig"}),
        ({"dueDate": "2026-11-23T10:00:00+01:00"}, {"dueDate": 1_795_424_400_000}),
        ({"dueDate": None}, {"dueDate": None}),
        ({"assignee": None}, {"assignee": None}),
        ({"tags": ["x"]}, {"tags": ["x"]}),
    ],
)
async def test_a_patch_of_one_field(
    pland: PlandSim,
    pland_client: httpx2.AsyncClient,
    clock: MovableClock,
    body: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    ana = pland.add_user("Ana")["_id"]
    task = pland.add_task("Flur", ana, clock.now())["_id"]
    before = await shown(pland_client, task)
    clock.advance(timedelta(minutes=1))
    answer = await pland_client.patch(f"/tasks/{task}", json=body)
    assert (answer.status_code, answer.json()) == (200, {"_id": task})
    after = await shown(pland_client, task)
    assert changed.items() <= after.items()
    others = after.keys() - changed.keys() - {"status", "firstStartedAt"}
    assert {name: after[name] for name in others} == {name: before[name] for name in others}
    assert after["status"]["lastModifiedBy"] == pland.key_owner["_id"]
    assert after["status"]["lastModifiedAt"] == before["status"]["lastModifiedAt"] + 60_000
    assert pland.violations == []


async def test_a_task_can_be_given_away_by_either_name_of_the_id(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    ana, bo = pland.add_user("Ana")["_id"], pland.add_user("Bo")["_id"]
    task = pland.add_task()["_id"]
    for assignee in ({"entityId": ana}, {"_id": bo}):
        answer = await pland_client.patch(f"/tasks/{task}", json={"assignee": assignee})
        assert answer.status_code == 200
        assert (await shown(pland_client, task))["assignee"]["entityId"] in assignee.values()
    lost = await pland_client.patch(f"/tasks/{task}", json={"assignee": {"entityId": NOBODY}})
    assert (lost.status_code, messages(lost)) == (400, ["Not found: assignee"])
    assert pland.violations == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"_id": NOBODY}, ["Unknown or read-only field: _id"]),
        ({"status": {"status": 0}}, ["Unknown or read-only field: status"]),
        ({"assigneeId": NOBODY}, ["Unknown or read-only field: assigneeId"]),
        ({"task_status": "open"}, ["Unknown or read-only field: task_status"]),
        ({"taskStatus": "done"}, ["Invalid value: taskStatus"]),
        ({"title": 7, "number": 1}, ["Unknown or read-only field: number", "Invalid value: title"]),
        ({"dueDate": 1_795_424_400_000}, ["Invalid value: dueDate"]),
        ({"dueDate": "2026-11-23T10:00:00"}, ["Invalid value: dueDate"]),
        ({"assignee": "Ana"}, ["Invalid value: assignee"]),
        ({"tags": "x"}, ["Invalid value: tags"]),
        ({"priority": None}, ["Invalid value: priority"]),
        (["taskStatus"], ["The body is no JSON object"]),
    ],
)
async def test_a_patch_outside_the_schema_changes_nothing_and_is_noted(
    pland: PlandSim, pland_client: httpx2.AsyncClient, body: Any, wrong: list[str]
) -> None:
    task = pland.add_task()["_id"]
    before = await shown(pland_client, task)
    answer = await pland_client.patch(f"/tasks/{task}", json=body)
    assert (answer.status_code, messages(answer)) == (400, wrong)
    assert await shown(pland_client, task) == before
    assert len(pland.violations) == 1


@pytest.mark.parametrize("body", [{}, {"taskStatus": "open", "priority": "low"}])
async def test_a_patch_of_more_or_less_than_one_field_is_noted(
    pland: PlandSim, pland_client: httpx2.AsyncClient, body: dict[str, Any]
) -> None:
    task = pland.add_task()["_id"]
    assert (await pland_client.patch(f"/tasks/{task}", json=body)).status_code == 200
    assert body.items() <= (await shown(pland_client, task)).items()
    assert len(pland.violations) == 1


async def test_a_body_needs_its_content_type_and_json(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    task = pland.add_task()["_id"]
    bare = await pland_client.patch(f"/tasks/{task}", content=b'{"taskStatus":"open"}')
    kind = {"content-type": "application/json"}
    broken = await pland_client.patch(f"/tasks/{task}", content=b'{"taskStatus"', headers=kind)
    assert (bare.status_code, broken.status_code) == (400, 400)
    assert (await shown(pland_client, task))["taskStatus"] == "new"
    assert len(pland.violations) == 2


@pytest.mark.parametrize(
    ("patching", "title", "status"),
    [
        (Patching.PARTIAL, "Flur", "open"),
        (Patching.WIPES_TITLE, None, "open"),
        (Patching.IGNORED, "Flur", "new"),
    ],
)
async def test_what_a_patch_may_do_to_the_rest(
    pland: PlandSim,
    pland_client: httpx2.AsyncClient,
    patching: Patching,
    title: str | None,
    status: str,
) -> None:
    pland.patching = patching
    task = pland.add_task("Flur")["_id"]
    answer = await pland_client.patch(f"/tasks/{task}", json={"taskStatus": "open"})
    assert answer.status_code == 200
    after = await shown(pland_client, task)
    assert (after["title"], after["taskStatus"]) == (title, status)


async def test_a_finished_task_may_be_locked(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    task = pland.add_task(task_status="cancelled")["_id"]
    reopened = await pland_client.patch(f"/tasks/{task}", json={"taskStatus": "open"})
    assert reopened.status_code == 200
    pland.cancel(task)
    pland.locks_finished = True
    refused = await pland_client.patch(f"/tasks/{task}", json={"completionResponse": "x"})
    assert (refused.status_code, messages(refused)) == (
        400,
        ["Task already completed or cancelled"],
    )
    assert (await shown(pland_client, task))["completionResponse"] is None
    assert pland.violations == []


async def test_a_completion(pland: PlandSim, pland_client: httpx2.AsyncClient) -> None:
    task = pland.add_task()["_id"]
    answer = await pland_client.post(f"/tasks/{task}/complete", json=NO_MAIL)
    assert (answer.status_code, answer.json()) == (200, {"completed": True})
    after = await shown(pland_client, task)
    assert after["taskStatus"] == "completed"
    assert after["firstStartedAt"] == after["firstTerminatedAt"] == after["status"]["createdAt"]
    pland.edit(task, task_status="open")
    pland.cancel(task)
    for _ in range(2):
        again = await pland_client.post(f"/tasks/{task}/complete", json=NO_MAIL)
        assert again.status_code == 400
        assert messages(again) == ["Task already completed or cancelled"]
        pland.complete_elsewhere(task)
    missing = await pland_client.post(f"/tasks/{NOBODY}/complete", json=NO_MAIL)
    assert missing.status_code == 404
    assert (pland.violations, pland.emails) == ([], [])


@pytest.mark.parametrize(
    ("body", "status", "mailed"),
    [
        (None, 200, 0),
        ({}, 200, 0),
        ({"emailText": "Fertig"}, 200, 0),
        ({"sendEmail": True, "recipientEmail": "kunde@example.com"}, 200, 1),
        ({"sendEmail": "false"}, 400, 0),
        ({"sendEmail": False, "recipient": "kunde@example.com"}, 400, 0),
    ],
)
async def test_a_completion_that_might_mail_a_customer_is_noted(
    pland: PlandSim, pland_client: httpx2.AsyncClient, body: Any, status: int, mailed: int
) -> None:
    task = pland.add_task()["_id"]
    answer = await pland_client.post(f"/tasks/{task}/complete", json=body)
    assert answer.status_code == status
    done = (await shown(pland_client, task))["taskStatus"] == "completed"
    assert done is (status == 200)
    assert len(pland.emails) == mailed
    assert len(pland.violations) == 1


async def test_a_repeated_completion_finds_the_task_finished(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    task = pland.add_task()["_id"]
    pland.faults.add(Fault(Trouble.TWICE, method="POST"))
    answer = await pland_client.post(f"/tasks/{task}/complete", json=NO_MAIL)
    assert answer.status_code == 400
    assert (await shown(pland_client, task))["taskStatus"] == "completed"


async def test_a_new_task(pland: PlandSim, pland_client: httpx2.AsyncClient) -> None:
    ana = pland.add_user("Ana")["_id"]
    kind = pland.add_task_type("Reklamation", "REC")["_id"]
    plain = {"title": "Glas", "description": "<i>EG</i>", "priority": "low", "email": "a@b.example"}
    related = {"customerIds": [NOBODY], "objectIds": []}
    due = {"dueDate": "2026-11-23T09:00:00Z"}
    body = plain | related | due | {"assigneeId": ana, "taskTypeId": kind}
    answer = await pland_client.post("/tasks/", json=body)
    assert answer.status_code == 200
    made = await shown(pland_client, answer.json()["_id"])
    assert plain.items() <= made.items()
    assert (made["assignee"]["entityId"], made["taskTypeId"]) == (ana, kind)
    assert (made["dueDate"], made["taskStatus"]) == (1_795_424_400_000, "new")
    assert made["related"] == {"customers": [NOBODY], "objects": []}
    assert (made["identifierNumber"], made["telephone"]) == (1, None)
    assert pland.violations == []


@pytest.mark.parametrize(
    ("body", "wrong", "blamed"),
    [
        ({"assignee": {"entityId": NOBODY}}, "Unknown or read-only field: assignee", 1),
        ({"taskStatus": "open"}, "Unknown or read-only field: taskStatus", 1),
        ({"priority": "high!"}, "Invalid value: priority", 1),
        ({"dueDate": "tomorrow"}, "Invalid value: dueDate", 1),
        ({"userIds": NOBODY}, "Invalid value: userIds", 1),
        ({"assigneeId": "ana"}, "Invalid value: assigneeId", 1),
        ({"assigneeId": NOBODY}, "Not found: assignee", 0),
        ({"taskTypeId": NOBODY}, "Not found: taskTypeId", 0),
    ],
)
async def test_a_new_task_that_is_refused(
    pland: PlandSim,
    pland_client: httpx2.AsyncClient,
    body: dict[str, Any],
    wrong: str,
    blamed: int,
) -> None:
    answer = await pland_client.post("/tasks/", json=body)
    assert (answer.status_code, messages(answer)) == (400, [wrong])
    assert pland.tasks() == []
    assert len(pland.violations) == blamed


@pytest.mark.parametrize("answering", [*Answering])
async def test_what_a_write_answers_is_open(
    pland: PlandSim, pland_client: httpx2.AsyncClient, answering: Answering
) -> None:
    pland.answering = answering
    answer = await pland_client.post("/tasks/", json={"title": "x"})
    (task,) = pland.tasks()
    expected = {
        Answering.ID: {"_id": task["_id"]},
        Answering.TASK: await shown(pland_client, task["_id"]),
        Answering.NOTHING: None,
    }
    assert answer.status_code == 200
    assert (answer.json() if answer.content else None) == expected[answering]


async def test_a_webhook_lives(pland: PlandSim, pland_client: httpx2.AsyncClient) -> None:
    answer = await pland_client.post(HOOKS, json=HOOK)
    assert answer.status_code == 201
    hook_id = answer.json()["_id"]
    assert answer.json() == {"_id": hook_id}
    assert (await pland_client.get(HOOKS)).json() == [{"_id": hook_id, **HOOK}]
    patched = await pland_client.patch(HOOKS + hook_id, json={"type": "CREATE"})
    assert patched.status_code == 200
    assert (await pland_client.get(HOOKS)).json() == [{"_id": hook_id, **HOOK, "type": "CREATE"}]
    assert (await pland_client.delete(HOOKS + hook_id)).status_code == 204
    assert (await pland_client.get(HOOKS)).json() == []
    assert (await pland_client.delete(HOOKS + hook_id)).status_code == 404
    assert pland.violations == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"type": "UPDATE", "url": "https://x.example"}, "Missing parameters. Required parameters"),
        (HOOK | {"type": "CHANGE"}, "Invalid value: type"),
        (HOOK | {"type": ["CREATE", "UPDATE"]}, "Invalid value: type"),
        (HOOK | {"entity": "*"}, "Invalid value: entity"),
        (HOOK | {"url": "http://bot.example.com"}, "Invalid value: url"),
        (HOOK | {"secret": "s"}, "Unknown or read-only field: secret"),
    ],
)
async def test_a_bad_webhook_is_refused(
    pland: PlandSim, pland_client: httpx2.AsyncClient, body: dict[str, Any], wrong: str
) -> None:
    answer = await pland_client.post(HOOKS, json=body)
    assert answer.status_code == 400
    assert messages(answer)[0].startswith(wrong)
    assert pland.webhooks.hooks == {}
    assert len(pland.violations) == 1


async def test_deliveries_are_unsigned_and_come_once(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    for kind in ("CREATE", "UPDATE", "DELETE"):
        await pland_client.post(HOOKS, json=HOOK | {"type": kind})
    await pland_client.post(HOOKS, json=HOOK | {"entity": "user"})
    task = pland.add_task("Flur")["_id"]
    await pland_client.patch(f"/tasks/{task}", json={"taskStatus": "open"})
    pland.remove(task)
    deliveries = pland.webhooks.take_deliveries()
    assert {delivery.url for delivery in deliveries} == {HOOK["url"]}
    assert all([*one.headers] == ["content-type"] for one in deliveries)
    bodies = [json.loads(delivery.body) for delivery in deliveries]
    assert [(body["type"], body["data"].get("taskStatus")) for body in bodies] == [
        ("CREATE", "new"),
        ("UPDATE", "open"),
        ("DELETE", None),
    ]
    assert {body["data"]["_id"] for body in bodies} == {task}
    assert pland.webhooks.take_deliveries() == []


async def test_two_companies_share_no_id(clock: MovableClock) -> None:
    one, other = PlandSim(clock, "1:a"), PlandSim(clock, "2:b")
    assert one.add_task()["_id"] != other.add_task()["_id"]
    assert PlandSim(clock, "1:a").add_task()["_id"] == one.tasks()[0]["_id"]
