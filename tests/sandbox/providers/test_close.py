"""The simulated Close, asked over HTTP: listing tasks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from sandbox.providers.close import CloseSim
from sandbox.providers.close_records import OWN_FIELDS


async def ids(client: httpx2.AsyncClient, **query: str | int) -> list[str]:
    answer = await client.get("/task/", params=query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["data"]]


async def test_a_lead_task_has_the_documented_shape(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    lead = close.add_lead("Wayne Enterprises")
    user = close.add_user("Stefan Wojcik", "stefan@example.com")
    made = close.add_task("Follow up", user["id"], lead, "2026-11-22")
    page = (await close_client.get("/task/")).json()
    assert page["has_more"] is False
    assert "total_results" not in page
    (task,) = page["data"]
    documented = {
        "_type": "lead",
        "id": made["id"],
        "text": "Follow up",
        "assigned_to": user["id"],
        "assigned_to_name": "Stefan Wojcik",
        "created_by": close.key_owner["id"],
        "created_by_name": "Key Owner",
        "lead_id": lead["id"],
        "lead_name": "Wayne Enterprises",
        "contact_id": None,
        "contact_name": None,
        "date": "2026-11-22",
        "due_date": "2026-11-22",
        "is_dateless": False,
        "is_complete": False,
        "object_type": None,
        "object_id": None,
        "organization_id": close.organization_id,
        "view": "inbox",
    }
    assert documented.items() <= task.items()
    assert task["date_created"].startswith("2026-11-22T12:00:00.0000")
    assert task["date_created"].endswith("+00:00")
    assert "_internal" in task, "unknown fields have to be there"
    assert (await close_client.get(f"/task/{made['id']}/")).json() == task


async def test_the_nine_types(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    made = {kind: close.add_task(type=kind)["id"] for kind in OWN_FIELDS}
    assert len(made) == 9
    assert await ids(close_client) == [made["lead"]], "only lead tasks by default"
    assert set(await ids(close_client, _type="all")) == set(made.values())
    assert await ids(close_client, _type="voicemail") == [made["voicemail"]]
    several = await ids(close_client, _type__in="missed_call,voicemail")
    assert set(several) == {made["missed_call"], made["voicemail"]}
    for kind, own in OWN_FIELDS.items():
        task = (await close_client.get(f"/task/{made[kind]}/")).json()
        assert task["_type"] == kind
        assert own.keys() <= task.keys()
    sms = (await close_client.get(f"/task/{made['incoming_sms']}/")).json()
    assert (sms["object_type"], sms["created_by"]) == ("sms", None)
    assert close.violations == []


async def test_filters(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    ana = close.add_user("Ana", "ana@example.com")["id"]
    lead = close.add_lead("Acme")
    first = close.add_task("a", ana, lead, "2026-11-20")["id"]
    second = close.add_task("b", None, None, datetime(2026, 11, 22, 15, tzinfo=UTC))["id"]
    third = close.add_task("c", ana, None, "2026-11-23")["id"]
    close.complete_elsewhere(first)
    moved = close.tasks[first]["date_updated"]
    cases: list[tuple[dict[str, str], list[str]]] = [
        ({"assigned_to": ana}, [third, first]),
        ({"assigned_to": ana, "is_complete": "False"}, [third]),
        ({"is_complete": "true"}, [first]),
        ({"lead_id": lead["id"]}, [first]),
        ({"id": second}, [second]),
        ({"id__in": f"{first},{third},task_gone"}, [third, first]),
        ({"date": "2026-11-23"}, [third]),
        ({"date__lt": "2026-11-22"}, [first]),
        ({"date__lte": "2026-11-22T15:00:00+00:00"}, [second, first]),
        ({"date__gt": "2026-11-22", "date__lt": "2026-11-23"}, [second]),
        ({"date__gte": "2026-11-23"}, [third]),
        ({"date_updated__gte": moved}, [first]),
        ({"date_updated__gt": moved}, []),
        ({"date_created__lt": close.tasks[second]["date_created"]}, [first]),
        ({"date_created__gte": "2026-11-23"}, []),
        ({"organization_id": close.organization_id, "view": "archive"}, [first]),
    ]
    for query, expected in cases:
        assert await ids(close_client, **query) == expected, query
    assert close.violations == []


@pytest.mark.parametrize(
    ("offset", "inbox", "future"),
    [
        # The standing clock says 2026-11-22 12:00 UTC.
        ("0", ["day22", "at2330"], ["day23", "next1000"]),
        ("+1.0", ["day22"], ["day23", "at2330", "next1000"]),
        ("-8", ["day22", "at2330"], ["day23", "next1000"]),
        ("-11", ["day22", "at2330", "next1000"], ["day23"]),
        ("14", ["day22", "day23", "at2330"], ["next1000"]),
        ("-12.5", [], ["day22", "day23", "at2330", "next1000"]),
    ],
)
async def test_views_follow_the_callers_day(
    close: CloseSim,
    close_client: httpx2.AsyncClient,
    offset: str,
    inbox: list[str],
    future: list[str],
) -> None:
    dates: dict[str, str | datetime] = {
        "day22": "2026-11-22",
        "day23": "2026-11-23",
        "at2330": datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
        "next1000": datetime(2026, 11, 23, 10, tzinfo=UTC),
    }
    for text, when in dates.items():
        close.add_task(text, date=when)
    close.add_task("done", date="2026-11-22", is_complete=True)
    for view, expected in (("inbox", inbox), ("future", future), ("archive", ["done"])):
        query = {"view": view, "_order_by": "date_created"}
        answer = await close_client.get("/task/", params=query, headers={"x-tz-offset": offset})
        shown = answer.json()["data"]
        assert [task["text"] for task in shown] == expected, view
        assert {task["view"] for task in shown} <= {view}


async def test_a_view_overrides_one_bound_of_the_date(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    today = close.add_task(date="2026-11-22")["id"]
    later = close.add_task(date="2026-11-25")["id"]
    assert await ids(close_client, view="inbox", date__lt="2026-11-01") == [today]
    assert await ids(close_client, view="inbox", date__gte="2026-11-23") == []
    assert await ids(close_client, view="future", date__gte="2026-12-01") == [later]
    assert await ids(close_client, view="future", date__lt="2026-11-24") == []


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        # The vendor's own example: in -8 the day comes after 07:00 UTC and before 08:00 UTC.
        ("-8", ["seven", "day", "eight"]),
        ("0", ["day", "seven", "eight"]),
        ("-7.5", ["seven", "day", "eight"]),
    ],
)
async def test_a_day_sorts_by_its_midnight_where_the_caller_is(
    close: CloseSim, close_client: httpx2.AsyncClient, offset: str, expected: list[str]
) -> None:
    close.add_task("eight", date=datetime(2015, 1, 12, 8, tzinfo=UTC))
    close.add_task("day", date="2015-01-12")
    close.add_task("seven", date=datetime(2015, 1, 12, 7, tzinfo=UTC))
    for order, wanted in (("date", expected), ("-date", expected[::-1])):
        headers = {"x-tz-offset": offset}
        answer = await close_client.get("/task/", params={"_order_by": order}, headers=headers)
        assert [task["text"] for task in answer.json()["data"]] == wanted


async def test_paging(close: CloseSim, close_client: httpx2.AsyncClient) -> None:
    made = [close.add_task()["id"] for _ in range(205)]
    query = {"_order_by": "date_created"}
    first = (await close_client.get("/task/", params=query)).json()
    last = (await close_client.get("/task/", params={**query, "_skip": 200})).json()
    assert (len(first["data"]), first["has_more"]) == (100, True)
    assert ([task["id"] for task in last["data"]], last["has_more"]) == (made[200:], False)
    exact = (await close_client.get("/task/", params={"_limit": 5, "_skip": 200})).json()
    assert exact["has_more"] is False
    assert await ids(close_client, _skip=1000) == []
    picked = (await close_client.get("/task/", params={"_fields": "id,view", "_limit": 1})).json()
    assert picked["data"] == [{"id": made[-1], "view": "inbox"}]
    close.max_skip = 100
    for bounds, hint in (({"_skip": 101}, "max_skip = 100"), ({"_limit": 101}, "max_limit = 100")):
        refused = await close_client.get("/task/", params=bounds)
        assert refused.status_code == 400
        assert hint in refused.json()["error"]
    assert close.violations == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("membership_id=memb_1", "membership_id"),
        ("assigned_to__in=user_1", "assigned_to__in"),
        ("is_complete=0", "is_complete"),
        ("view=today", "view"),
        ("_type=fax", "_type"),
        ("_type__in=lead,fax", "_type"),
        ("_order_by=date_updated", "_order_by"),
        ("date__lt=soon", "date__lt"),
        ("date_updated__gte=2026-11-22T10:00:00", "date_updated__gte"),
        ("_limit=ten", "_limit"),
        ("id=a&id=b", "_params"),
    ],
)
async def test_a_bad_query_is_refused_and_noted(
    close: CloseSim, close_client: httpx2.AsyncClient, query: str, field: str
) -> None:
    answer = await close_client.get(f"/task/?{query}")
    assert answer.status_code == 400
    error = answer.json()
    assert (error["errors"], [*error["field-errors"]]) == ([], [field])
    assert len(close.violations) == 1


async def test_a_long_filter_goes_as_an_overridden_post(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    wanted, _ = close.add_task()["id"], close.add_task()
    body = {"_params": {"id__in": wanted, "_limit": 5}}
    headers = {"x-http-method-override": "GET"}
    answer = await close_client.post("/task/", json=body, headers=headers)
    assert [task["id"] for task in answer.json()["data"]] == [wanted]
    assert close.violations == []


async def test_what_people_do_elsewhere_shows_at_once(
    close: CloseSim, close_client: httpx2.AsyncClient
) -> None:
    ana = close.add_user("Ana Lima", "ana@example.com")
    lead = close.add_lead("Acme")
    task = close.add_task("Call", None, lead)["id"]

    async def shown() -> dict[str, Any]:
        (item,) = (await close_client.get("/task/")).json()["data"]
        return dict(item)

    close.reassign(task, ana["id"])
    before = await shown()
    close.rename(ana["id"], "Ana Gómez")
    close.rename(lead["id"], "Acme SpA")
    now = await shown()
    assert (now["assigned_to_name"], now["lead_name"]) == ("Ana Gómez", "Acme SpA")
    assert now["date_updated"] == before["date_updated"]
    close.edit(task, by=ana["id"], text="Call twice", date=datetime(2026, 11, 30, 9, tzinfo=UTC))
    now = await shown()
    assert (now["date"], now["updated_by"]) == ("2026-11-30T09:00:00+00:00", ana["id"])
    close.complete_elsewhere(task)
    assert (await shown())["updated_by_name"] == "Ana Gómez", "by its assignee"
    close.remove(task)
    assert await ids(close_client) == []
    odd = close.add_task(created_by=None, lead_name="", _type="hologram", view=None)
    assert await ids(close_client, _type="all") == [odd["id"]]
    with pytest.raises(KeyError):
        close.add_task(lead_title="x")
