"""What people do to tasks at each provider, beyond adding and finishing them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from sandbox.world import World

from .conftest import Json, Page

ZONE = ZoneInfo("Europe/Madrid")
MOMENT = datetime(2027, 7, 2, 9, 30, tzinfo=ZONE).timestamp()
EDITS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "reten": (
        {"title": "Botica Sur", "about": "Cobro pendiente", "status": "En curso"},
        {"subject": "Cobro pendiente", "status": "En curso"},
    ),
    "close": (
        {"title": "Call twice", "about": "Initech"},
        {"subject": "Initech", "about": "Initech", "status": "Open"},
    ),
    "vambe": (
        {"title": "Escribir", "about": "Con calma", "priority": "low", "status": "En Progreso"},
        {"about": "Con calma", "priority": "low", "status": "En Progreso"},
    ),
    "pland": (
        {"title": "Lampe", "about": "Reparatur", "priority": "urgent", "status": "in review"},
        {"subject": "Reparatur", "priority": "urgent", "status": "in review"},
    ),
}
"""What is changed at each provider, and what is shown then."""


async def added(page: Page, board: str, **more: Any) -> str:
    """Add a task; gives the address of what can be done to it."""
    path = f"/api/boards/{board}/tasks"
    made = await page.post(path, title="Something new", **more)
    return f"{path}/{made['ids'][0]}"


async def the_task(page: Page, board: str, address: str) -> Json:
    """The task at that address, as it is shown now."""
    found = {task["id"]: task for task in (await page.tasks(board)).values()}
    return found[address.rpartition("/")[2]]


@pytest.mark.parametrize("board", EDITS)
async def test_a_task_is_edited(page: Page, board: str) -> None:
    address = await added(page, board)
    before = await the_task(page, board, address)
    sent, shown = EDITS[board]
    await page.post(f"{address}/edit", **sent, day="2027-07-02", hour="09:30")
    after = await the_task(page, board, address)
    told = {"title": sent["title"], "due": {"moment": MOMENT}, **shown}
    assert {name: after[name] for name in told} == told
    assert after["operators"] == before["operators"]

    await page.post(f"{address}/edit", day=None, hour=None)
    dateless = await the_task(page, board, address)
    assert dateless == after | {"due": None}

    await page.post(f"{address}/edit")
    assert await the_task(page, board, address) == dateless


@pytest.mark.parametrize("board", ["close", "vambe"])
async def test_a_task_is_given_a_day(page: Page, board: str) -> None:
    address = await added(page, board, day="2027-07-01", hour="16:00")
    await page.post(f"{address}/edit", day="2027-07-02", hour=None)
    assert (await the_task(page, board, address))["due"] == {"day": "2027-07-02"}


async def test_a_commerce_has_one_name(page: Page) -> None:
    ours, other, alien = [
        await added(page, "reten"),
        await added(page, "reten"),
        await added(page, "close"),
    ]
    await page.post(f"{ours}/edit", title="Botica Sur")
    assert (await the_task(page, "reten", other))["title"] == "Botica Sur"
    assert (await the_task(page, "close", alien))["title"] == "Something new"


async def test_an_edit_is_told_as_at_the_vendor(page: Page, world: World) -> None:
    close = await added(page, "close")
    before = dict(world.close.tasks[close.rpartition("/")[2]])
    await page.post(f"{close}/edit", title="Call twice")
    assert world.close.tasks[before["id"]]["date_updated"] > before["date_updated"]
    assert "text" in world.close.events[-1]["changed_fields"]

    world.pland.webhooks.hooks["h"] = {"type": "UPDATE", "entity": "task", "url": "http://bot"}
    pland = await added(page, "pland")
    await page.post(f"{pland}/edit", title="Lampe")
    (told,) = world.pland.webhooks.take_deliveries()
    assert b"Lampe" in told.body


@pytest.mark.parametrize(
    ("board", "status"), [("close", "Open"), ("vambe", "Pendiente"), ("pland", "open")]
)
async def test_a_task_is_opened_again(page: Page, board: str, status: str) -> None:
    address = await added(page, board)
    await page.post(f"{address}/edit", status=(await page.boards())[board]["statuses"][0])
    await page.client.post(f"{address}/finish", json={})
    assert not (await the_task(page, board, address))["open"]
    await page.client.post(f"{address}/reopen", json={})
    task = await the_task(page, board, address)
    assert (task["open"], task["status"], task["result"]) == (True, status, "")


@pytest.mark.parametrize("done", ["Done", "Completado", "completed", "cancelled"])
async def test_a_status_closes_a_task(page: Page, done: str) -> None:
    boards = await page.boards()
    board = next(name for name in boards if done in boards[name]["statuses"])
    address = await added(page, board)
    await page.post(f"{address}/edit", status=done)
    assert not (await the_task(page, board, address))["open"]


async def test_what_reten_has_closed_stays_closed(page: Page) -> None:
    board = (await page.boards())["reten"]
    assert (board["reopens"], "Completada" in board["statuses"]) == (False, False)
    address = await added(page, "reten")
    await page.post(f"{address}/edit", status="Cancelada")
    assert not (await the_task(page, "reten", address))["open"]
    reopened = await page.client.post(f"{address}/reopen", json={})
    assert (reopened.status_code, "no closed task again" in reopened.text) == (400, True)
    refused = await page.post(f"{address}/edit", 400, status="Programada")
    assert "stays closed" in refused["error"]


@pytest.mark.parametrize(
    ("board", "change", "told"),
    [
        ("reten", {"day": "2027-07-01"}, "Reten needs a time"),
        ("reten", {"about": "Whim"}, "no reason"),
        ("reten", {"status": "Completada"}, "no status"),
        ("reten", {"priority": "high"}, "no priority"),
        ("close", {"title": " "}, "title"),
        ("close", {"hour": "10:00"}, "An hour needs a day"),
        ("close", {"priority": "high"}, "no priority"),
        ("vambe", {"status": "Ganado"}, "no status"),
        ("vambe", {"colour": "red"}, "colour"),
        ("pland", {"about": "Laune"}, "no type"),
        ("pland", {"status": "no status"}, "no status"),
    ],
)
async def test_an_edit_that_does_not_fit_changes_nothing(
    page: Page, board: str, change: Json, told: str
) -> None:
    address = await added(page, board)
    before = await the_task(page, board, address)
    answer = await page.post(f"{address}/edit", 400, **change)
    assert told in answer["error"]
    assert await the_task(page, board, address) == before


async def test_close_keeps_the_words_of_what_it_made_itself(page: Page, world: World) -> None:
    call = world.close.add_task(type="missed_call")
    address = f"/api/boards/close/tasks/{call['id']}"
    answer = await page.post(f"{address}/edit", 400, title="Call back")
    assert "words" in answer["error"]


@pytest.mark.parametrize("board", EDITS)
@pytest.mark.parametrize("verb", ["edit", "finish", "reopen", "reassign", "remove"])
async def test_a_task_that_is_gone_is_not_found(page: Page, board: str, verb: str) -> None:
    body: Json = {"edit": {"person": page.person, "title": "x"}, "reassign": {"operators": []}}
    address = f"/api/boards/{board}/tasks/gone/{verb}"
    answer = await page.client.post(address, json=body.get(verb, {}))
    expected = 400 if (board, verb) == ("reten", "reopen") else 404
    assert answer.status_code == expected


@pytest.mark.parametrize("board", EDITS)
async def test_ten_come_at_once(page: Page, board: str) -> None:
    due = {"day": "2027-07-01", "hour": "16:00"}
    made = await page.post(f"/api/boards/{board}/tasks", title="Visit", count=10, **due)
    tasks = await page.tasks(board)
    assert [tasks[f"Visit {number}"]["id"] for number in range(1, 11)] == made["ids"]


async def test_close_shows_the_note_that_was_left_on_a_lead(page: Page, world: World) -> None:
    address = await added(page, "close", about="Initech")
    env = world.environment()
    lead = next(one["id"] for one in world.close.leads.values() if one["name"] == "Initech")
    known = (await page.boards())["close"]["revision"]
    async with httpx2.AsyncClient(trust_env=False, auth=(env["CLOSE_API_KEY"], "")) as app:
        note = {"lead_id": lead, "note": "They will call."}
        await app.post(env["CLOSE_BASE_URL"] + "/activity/note/", json=note)
    assert (await the_task(page, "close", address))["comment"] == "They will call."
    assert (await page.boards())["close"]["revision"] != known


async def test_tasks_that_are_known_are_not_told_again(page: Page) -> None:
    boards = await page.boards()
    known = {name: board["revision"] for name, board in boards.items()}
    again = (await page.client.get("/api/boards", params=known)).json()
    assert all(board["tasks"] is None for board in again.values())
    counts = {name: (board["open"], board["closed"]) for name, board in again.items()}
    assert counts["close"] == (6, 0)
    assert counts["vambe"] == (5, 1)

    await added(page, "vambe")
    again = (await page.client.get("/api/boards", params=known)).json()
    assert again["reten"]["tasks"] is None
    assert len(again["vambe"]["tasks"]) == 7
