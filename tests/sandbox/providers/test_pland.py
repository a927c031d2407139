"""The simulated PlanD, asked over HTTP: tasks and their listings."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import Times, Wire
from sandbox.providers.service import Breakage

NOON = 1_795_348_800_000
BY_ID = '{"by":"_id","direction":1}'
NEWEST = '{"by":"_id","direction":-1}'
NOBODY = "0" * 24


async def listed(pland_client: httpx2.AsyncClient, **query: Any) -> list[Any]:
    answer = await pland_client.get("/tasks/", params=query)
    assert answer.status_code == 200, answer.text
    items = answer.json()
    assert isinstance(items, list)
    return items


async def titles(pland_client: httpx2.AsyncClient, **query: Any) -> list[str]:
    return [item["title"] for item in await listed(pland_client, **{"sort": BY_ID} | query)]


def message(answer: httpx2.Response) -> str:
    """The one error message, in the shape that the live API has."""
    body = answer.json()
    assert body["message"] == "There was an error"
    (error,) = body["errors"]
    return str(error["message"])


async def test_a_task_has_exactly_the_specified_fields(
    pland: PlandSim, pland_client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    ana = pland.add_user("Ana Maria Silva", "ana@example.com")
    task = pland.add_task("Fenster", ana["_id"], clock.now() + timedelta(hours=1), priority="high")
    (item,) = await listed(pland_client)
    owner = pland.key_owner["_id"]
    assert item == {
        "status": {
            "status": "1",
            "createdAt": NOON,
            "createdBy": owner,
            "lastModifiedAt": NOON,
            "lastModifiedBy": owner,
        },
        "title": "Fenster",
        "identifierNumber": 1,
        "_id": task["_id"],
        "number": 1,
        "companyId": pland.company_id,
        "chatId": None,
        "taskStatus": "new",
        "taskType": {"entityId": pland.default_type["_id"], "name": "Allgemein"},
        "taskTypeId": pland.default_type["_id"],
        "taskTemplate": None,
        "description": "<p>Bitte <b>Flur</b> &amp; Keller reinigen.</p><ul><li>Fenster</li></ul>",
        "contactPerson": "Erika Musterfrau",
        "email": "erika.musterfrau@kunde.example",
        "telephone": "+49 30 5550100",
        "assignee": {"name": "Ana Maria Silva", "entityId": ana["_id"], "profilePicture": None},
        "dueDate": NOON + 3_600_000,
        "firstStartedAt": None,
        "firstTerminatedAt": None,
        "complaintCreatedAt": None,
        "tags": [],
        "priority": "high",
        "related": {},
        "documentIds": [],
        "callId": None,
        "completionResponse": None,
    }
    assert (await pland_client.get(f"/tasks/{task['_id']}")).json() == item
    assert pland.violations == []


@pytest.mark.parametrize(
    ("wire", "due", "status"),
    [
        (Wire(), NOON, "1"),
        (Wire(status_as_text=False), NOON, 1),
        (Wire(Times.DIGITS), str(NOON), "1"),
        (Wire(Times.ISO), "2026-11-22T12:00:00.000Z", "1"),
    ],
)
async def test_the_wire_form_can_be_switched_at_any_time(
    pland: PlandSim, pland_client: httpx2.AsyncClient, wire: Wire, due: Any, status: Any
) -> None:
    pland.add_task(due=pland.clock.now())
    await listed(pland_client)
    pland.wire = wire
    (item,) = await listed(pland_client)
    assert (item["dueDate"], item["status"]["createdAt"]) == (due, due)
    assert item["status"]["status"] == status
    user = (await pland_client.get("/users/self")).json()
    assert (user["status"]["status"], user["status"]["createdAt"]) == (status, due)


async def test_an_assignee_can_come_with_the_other_id_or_not_at_all(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    bo = pland.add_user("Bo Berg")
    pland.wire = Wire(assignee_key="_id")
    pland.add_task(assignee=bo["_id"])
    pland.add_task()
    first, second = await listed(pland_client, sort=BY_ID)
    assert first["assignee"] == {"_id": bo["_id"], "name": "Bo Berg", "type": "user"}
    assert second["assignee"] is None


async def test_sorted_pages_cover_everything_once_and_end_empty(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    made = [pland.add_task()["_id"] for _ in range(205)]
    pages = [await listed(pland_client, sort=BY_ID, offset=start) for start in (0, 100, 200, 300)]
    assert [item["_id"] for page in pages for item in page] == made
    assert [len(page) for page in pages] == [100, 100, 5, 0]
    assert len(await listed(pland_client, sort=BY_ID, limit=1000)) == 205
    pland.limit_cap = 40
    assert len(await listed(pland_client, sort=BY_ID, limit=1000)) == 40
    assert pland.violations == []


async def test_unsorted_pages_lose_rows_and_repeat_others(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    for _ in range(50):
        pland.add_task()

    async def walk() -> list[str]:
        pages = [await listed(pland_client, limit=10, offset=start) for start in range(0, 50, 10)]
        return [item["_id"] for page in pages for item in page]

    seen = await walk()
    assert len(seen) == 50
    assert len(set(seen)) < 50
    pland.unstable_order = False
    assert len(set(await walk())) == 50


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (BY_ID, ["b", "a", "c"]),
        (NEWEST, ["c", "a", "b"]),
        ('{"by":"title","direction":1}', ["a", "b", "c"]),
        ('{"by":"dueDate","direction":-1}', ["a", "c", "b"]),
        ('{"by":"status.createdAt","direction":-1}', ["c", "a", "b"]),
    ],
)
async def test_the_order(
    pland: PlandSim,
    pland_client: httpx2.AsyncClient,
    clock: MovableClock,
    sort: str,
    expected: list[str],
) -> None:
    for title, hours in (("b", None), ("a", 9), ("c", 1)):
        clock.advance(timedelta(minutes=1))
        pland.add_task(title, due=clock.now() + timedelta(hours=hours) if hours else None)
    assert await titles(pland_client, sort=sort) == expected
    assert pland.violations == []


@pytest.mark.parametrize(
    ("sort", "refuses", "blamed"),
    [
        ("status.createdAt:-1", False, 0),
        (BY_ID, True, 0),
        ('{"by":"_id"}', False, 1),
        ('{"by":"_id","direction":"asc"}', False, 1),
        ('{"by":7,"direction":1}', False, 1),
        ("newest", False, 1),
    ],
)
async def test_another_order_is_refused(
    pland: PlandSim, pland_client: httpx2.AsyncClient, sort: str, refuses: bool, blamed: int
) -> None:
    pland.refuses_sort = refuses
    answer = await pland_client.get("/tasks/", params={"sort": sort})
    assert answer.status_code == 400
    assert message(answer) == "Sorting needs by and direction"
    assert len(pland.violations) == blamed


async def test_filters(pland: PlandSim, pland_client: httpx2.AsyncClient) -> None:
    ana = pland.add_user("Ana Silva")["_id"]
    complaint = pland.add_task_type("Reklamation", "REC")["_id"]
    pland.add_task("new one")
    pland.add_task("Anas", ana, task_status="in_progress", priority="urgent")
    pland.add_task("rec", taskTypeId=complaint, task_status="completed", callId="c1")
    pland.add_task("odd", task_status=None, taskTemplate={"entityId": "x", "recurring": True})
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"taskStatus": "new"}, ["new one"]),
        ({"taskStatus": "new,open,in_progress,in_review"}, ["new one", "Anas"]),
        ({"taskAssignee[]": [ana, NOBODY]}, ["Anas"]),
        ({"taskAssignee": ana, "taskStatus": "new"}, []),
        ({"taskType": complaint}, ["rec"]),
        ({"priority": "urgent,low"}, ["Anas"]),
        ({"callId": "c1"}, ["rec"]),
        ({"status": "2"}, []),
        ({"taskByTitleIdentifier": "ONE"}, ["new one"]),
        ({"taskByTitleIdentifier": "1"}, ["new one", "rec"]),
        ({"taskFromRecurringTemplate": "true"}, ["odd"]),
        ({"taskFromRecurringTemplate": "false"}, ["new one", "Anas", "rec"]),
        ({"relatedCustomers[]": NOBODY, "limit": 1}, ["new one"]),
    ]
    for query, expected in cases:
        assert await titles(pland_client, **query) == expected, query
    pland.ignores_filters = True
    assert len(await titles(pland_client, taskStatus="new")) == 4
    assert pland.violations == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 400),
        ("limit=1001", 400),
        ("limit=ten", 400),
        ("offset=-1", 400),
        ("taskStatus=done", 400),
        ("updatedSince=2026-11-22", 200),
        ("page=2", 200),
        ("taskStatus=new&taskStatus=open", 200),
    ],
)
async def test_a_bad_query_is_noted(
    pland: PlandSim, pland_client: httpx2.AsyncClient, query: str, status: int
) -> None:
    assert (await pland_client.get(f"/tasks/?{query}")).status_code == status
    assert len(pland.violations) == 1


Edit = Callable[[PlandSim, str], object]


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (lambda p, t: p.edit(t, title="Neu", tags=["x"]), {"title": "Neu", "tags": ["x"]}),
        (lambda p, t: p.edit(t, due=p.clock.now()), {"dueDate": NOON + 60_000}),
        (lambda p, t: p.edit(t, task_status="open"), {"firstStartedAt": NOON + 60_000}),
        (lambda p, t: p.reassign(t, None), {"assignee": None}),
        (lambda p, t: p.cancel(t), {"taskStatus": "cancelled", "firstTerminatedAt": None}),
        (
            lambda p, t: p.complete_elsewhere(t, response="Fertig"),
            {"taskStatus": "completed", "firstTerminatedAt": NOON + 60_000}
            | {"completionResponse": "Fertig"},
        ),
    ],
)
async def test_what_people_do_elsewhere_shows_at_once(
    pland: PlandSim,
    pland_client: httpx2.AsyncClient,
    clock: MovableClock,
    edit: Edit,
    changed: dict[str, Any],
) -> None:
    ana = pland.add_user("Ana")["_id"]
    task = pland.add_task(assignee=ana)["_id"]
    await listed(pland_client)
    clock.advance(timedelta(minutes=1))
    edit(pland, task)
    (item,) = await listed(pland_client)
    assert changed.items() <= item.items()
    assert (item["status"]["createdAt"], item["status"]["lastModifiedAt"]) == (NOON, NOON + 60_000)
    pland.remove(task)
    assert await listed(pland_client) == []


def test_the_two_first_times_stay(pland: PlandSim, clock: MovableClock) -> None:
    noon = clock.now()
    task = pland.add_task(task_status="completed")
    assert (task["firstStartedAt"], task["firstTerminatedAt"]) == (noon, noon)
    clock.advance(timedelta(hours=1))
    pland.edit(task["id"], task_status="open")
    pland.complete_elsewhere(task["id"])
    assert (task["firstStartedAt"], task["firstTerminatedAt"]) == (noon, noon)


def test_a_field_that_no_task_has_is_a_mistake_of_the_test(pland: PlandSim) -> None:
    with pytest.raises(KeyError):
        pland.add_task(dueDtae=None)
    with pytest.raises(KeyError):
        pland.add_task(assignee=NOBODY)


@pytest.mark.parametrize("kind", [*Breakage])
async def test_a_page_can_be_broken(
    pland: PlandSim, pland_client: httpx2.AsyncClient, kind: Breakage
) -> None:
    for title in "abc":
        pland.add_task(title)
    whole = await listed(pland_client, sort=BY_ID, limit=2)
    pland.break_page(kind, page=2)
    assert await listed(pland_client, sort=BY_ID, limit=2) == whole
    pland.break_page(kind)
    broken = await pland_client.get("/tasks/", params={"sort": BY_ID, "limit": 2})
    assert broken.status_code == 200
    if kind in {Breakage.HTML, Breakage.TRUNCATED}:
        with pytest.raises(json.JSONDecodeError):
            broken.json()
    else:
        bad, good = broken.json()
        assert good == whole[1]
        assert bad != whole[0]
        assert ("_id" in bad) is (kind is not Breakage.MISSING_ID)
    pland.mend_pages()
    assert await listed(pland_client, sort=BY_ID, limit=2) == whole


async def test_requests_are_recorded_without_the_key(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    pland.faults.add(Fault(Trouble.STATUS, status=503))
    assert (await pland_client.get("/tasks/", params={"sort": BY_ID})).status_code == 503
    (record,) = pland.requests
    assert (record.method, record.path, record.status) == ("GET", "/v2/tasks/", 503)
    assert record.query == [("sort", BY_ID)]
    assert pland.key not in repr(pland.requests)


async def test_ten_thousand_tasks_are_paged_in_milliseconds(
    pland: PlandSim, pland_client: httpx2.AsyncClient
) -> None:
    """A hundred pages of a hundred; the bound is ten times what the work takes."""
    for _ in range(10_000):
        pland.add_task()
    walks = []
    for _ in range(2):
        start = time.perf_counter()
        for page in range(100):
            query: dict[str, Any] = {"taskStatus": "new,open", "offset": page * 100}
            assert len(await listed(pland_client, sort=BY_ID, **query)) == 100
        walks.append(time.perf_counter() - start)
    assert min(walks) < 100 * 0.02
