"""The providers' boards, the clock, and what the app is started with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.providers.vambe_due import AllDay
from sandbox.running_clock import RunningClock
from sandbox.world import World

from .conftest import Page

BOARDS = ["reten", "close", "vambe", "pland"]


async def test_the_seeds_are_believable(page: Page, world: World) -> None:
    now = world.clock.now().timestamp()
    tasks = {name: (await page.tasks(name)).values() for name in BOARDS}
    for shown in tasks.values():
        moments = [
            task["due"]["moment"] for task in shown if task["due"] and "moment" in task["due"]
        ]
        assert any(0 < moment - now <= 2 * 3600 for moment in moments)
        assert any(task["due"] is None for task in shown)
    for name in ("reten", "pland"):
        assert any(task["due"] and task["due"].get("moment", now) < now for task in tasks[name])
    for name in ("close", "vambe"):
        assert any(task["due"] and "day" in task["due"] for task in tasks[name])
    assert any(len(task["operators"]) == 2 for task in tasks["vambe"])
    assert {task["status"] for task in tasks["vambe"]} == {
        "Pendiente",
        "En Progreso",
        "Completado",
    }
    assert any(not task["operators"] for task in tasks["pland"])
    assert world.links() == [(world.cast.ana.id, "reten", "OP-042")]


async def test_somebody_at_pland_has_no_email(world: World) -> None:
    emails = [user["access"]["email"] for user in world.pland.users.values()]
    assert emails.count(None) == 1
    assert world.cast.ana.email in emails


@pytest.mark.parametrize("board", BOARDS)
async def test_news_come_to_each_provider(page: Page, world: World, board: str) -> None:
    before = await page.tasks(board)
    world.bring_news()
    (news,) = (await page.tasks(board)).keys() - before.keys()
    task = (await page.tasks(board))[news]
    assert task["open"]
    assert task["operators"]


@pytest.mark.parametrize("board", BOARDS)
async def test_a_task_lives_at_a_provider(page: Page, board: str) -> None:
    operator = (await page.boards())[board]["operators"][-1]
    due = {"day": "2027-07-01", "hour": "16:00"}
    path = f"/api/boards/{board}/tasks"
    made = await page.post(path, title="Botica Nueva", operators=[operator["id"]], **due)
    task = (await page.tasks(board))["Botica Nueva"]
    madrid = datetime(2027, 7, 1, 16, tzinfo=ZoneInfo("Europe/Madrid"))
    assert task["due"] == {"moment": madrid.timestamp()}
    assert task["operators"] == [operator]

    async def do(verb: str, **body: list[str]) -> None:
        answer = await page.client.post(f"{path}/{made['ids'][0]}/{verb}", json=body)
        assert answer.status_code == 200, answer.text

    assert made["ids"] == [task["id"]]
    await do("reassign", operators=[])
    assert (await page.tasks(board))["Botica Nueva"]["operators"] == []
    await do("finish")
    assert not (await page.tasks(board))["Botica Nueva"]["open"]
    await do("remove")
    assert "Botica Nueva" not in await page.tasks(board)


async def test_close_knows_days_and_new_leads(page: Page) -> None:
    path = "/api/boards/close/tasks"
    await page.post(path, title="Call", about="Initech", day="2027-07-01")
    await page.post(path, title="Call again", about="Initech")
    tasks = await page.tasks("close")
    assert tasks["Call"]["due"] == {"day": "2027-07-01"}
    assert tasks["Call again"]["due"] is None
    assert (await page.boards())["close"]["subjects"].count("Initech") == 1


async def test_vambe_knows_days_priorities_and_several_responsibles(page: Page) -> None:
    board = (await page.boards())["vambe"]
    ids = {one["name"]: one["id"] for one in board["operators"]}
    both = [ids["Ana Ruiz"], ids["Ben Okafor"]]
    path = "/api/boards/vambe/tasks"
    fields = {"about": "Sin prisa", "operators": both, "priority": "low", "day": "2027-07-01"}
    made = await page.post(path, title="Llamar", **fields)
    task = (await page.tasks("vambe"))["Llamar"]
    assert (task["about"], task["priority"]) == ("Sin prisa", "low")
    assert task["due"] == {"day": "2027-07-01"}
    assert [one["id"] for one in task["operators"]] == both
    assert task["status"] == "Pendiente"
    await page.client.post(f"{path}/{made['ids'][0]}/finish", json={})
    assert (await page.tasks("vambe"))["Llamar"]["status"] == "Completado"


async def test_vambe_shows_days_of_zones_in_the_east(page: Page, world: World) -> None:
    world.vambe.all_day = AllDay.LOCAL_MIDNIGHT
    await page.post("/api/boards/vambe/tasks", title="Llamar", day="2027-07-01")
    assert world.vambe.tasks()[-1]["due_at"].startswith("2027-06-30T22:00")
    assert (await page.tasks("vambe"))["Llamar"]["due"] == {"day": "2027-07-01"}


async def test_pland_numbers_tasks_by_type_and_says_who_finished_them(
    page: Page, world: World
) -> None:
    path = "/api/boards/pland/tasks"
    ana = next(one for one in (await page.boards())["pland"]["operators"] if "Ana" in one["name"])
    kind = {"about": "Reparatur", "priority": "urgent"}
    made = await page.post(path, title="Lampe", operators=[ana["id"]], **kind)
    task = (await page.tasks("pland"))["Lampe"]
    assert (task["about"], task["priority"]) == ("Reparatur REP-2", "urgent")
    assert world.pland.task(made["ids"][0])["email"] is None
    await page.client.post(f"{path}/{made['ids'][0]}/finish", json={})
    task = (await page.tasks("pland"))["Lampe"]
    assert (task["status"], task["result"], task["open"]) == ("completed", "by Ana Ruiz", False)


@pytest.mark.parametrize(
    ("board", "body", "told"),
    [
        ("reten", {"title": "Visit", "day": "2027-07-01"}, "Reten needs a time"),
        ("reten", {"title": "Visit", "about": "Whim"}, "no reason"),
        ("reten", {"title": "Visit", "operators": ["OP-000"]}, "no operator"),
        ("reten", {"title": "Visit", "operators": ["OP-042", "OP-108"]}, "one operator"),
        ("reten", {"title": ""}, "title"),
        ("reten", {"title": "Visit", "colour": "red"}, "colour"),
        ("vambe", {"title": "Llamar", "priority": "urgent"}, "no priority"),
        ("vambe", {"title": "Llamar", "operators": ["nobody"]}, "no responsible"),
        ("pland", {"title": "Lampe", "day": "2027-07-01"}, "PlanD needs a time"),
        ("pland", {"title": "Lampe", "about": "Laune"}, "no type"),
        ("close", {"title": "   "}, "title"),
        ("close", {"title": "Call", "hour": "10:00"}, "An hour needs a day"),
        ("close", {"title": "Call", "count": 0}, "count"),
        ("close", {"title": "Call", "count": 501}, "count"),
    ],
)
async def test_what_does_not_fit_is_refused(
    page: Page, board: str, body: dict[str, Any], told: str
) -> None:
    answer = await page.post(f"/api/boards/{board}/tasks", 400, **body)
    assert told in answer["error"]


async def test_the_apps_requests_are_listed_and_outages_strike_them(
    page: Page, world: World
) -> None:
    env = world.environment()
    url = env["RETEN_BASE_URL"] + "/api/integration/activities/tasks"
    headers = {"x-api-key": env["RETEN_API_KEY"]}

    async def poll() -> int:
        async with httpx2.AsyncClient(trust_env=False) as app:
            return (await app.get(url, params={"page": 1}, headers=headers)).status_code

    assert await poll() == 200
    answer = await page.client.post("/api/troubles/reten/down", json={"on": True})
    assert answer.status_code == 200
    assert await poll() == 503
    await page.client.post("/api/troubles/reten/down", json={"on": False})
    assert await poll() == 200
    board = (await page.boards())["reten"]
    assert [one["status"] for one in board["requests"]] == [200, 503, 200]
    assert not board["down"]


@pytest.mark.parametrize(
    ("name", "path", "said"),
    [
        ("RETEN", "/api/integration/task-result-type-configs", "SALE_COMPLETED"),
        ("CLOSE", "/me/", "owner@example.com"),
        ("VAMBE", "/api/public/team-members/all", "ana.ruiz@example.com"),
        ("PLAND", "/users/self", "integration@example.com"),
    ],
)
async def test_providers_answer_at_the_addresses_of_the_environment(
    page: Page, world: World, name: str, path: str, said: str
) -> None:
    env = world.environment()
    key = env[f"{name}_API_KEY"]
    async with httpx2.AsyncClient(trust_env=False) as app:
        given = {"auth": (key, "")} if name == "CLOSE" else {"headers": {"x-api-key": key}}
        answer = await app.get(env[f"{name}_BASE_URL"] + path, **given)
    assert said in answer.text
    assert env["SLACK_API_URL"].endswith("/")
    assert set(env) >= {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}


async def test_the_clock_is_moved_ahead(page: Page, world: World) -> None:
    before = world.clock.now()
    answer = await page.client.post("/api/clock", json={"minutes": 60})
    assert answer.status_code == 200
    passed = world.clock.now() - before
    assert timedelta(hours=1) <= passed < timedelta(hours=1, minutes=1)
    assert (await page.state())["now"] >= before.timestamp() + 3600
    backwards = await page.client.post("/api/clock", json={"minutes": -1})
    assert backwards.status_code == 400


def test_a_running_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="forwards"):
        RunningClock().advance(timedelta(seconds=-1))


def test_a_world_may_have_a_clock_of_its_own() -> None:
    clock = MovableClock()
    world = World(clock)
    assert world.slack.workspace.clock is clock
    simulated = (world.reten, world.close, world.vambe, world.pland)
    assert all(one.clock is clock for one in simulated)


def test_a_world_that_is_not_served_has_no_addresses() -> None:
    with pytest.raises(RuntimeError, match="not served"):
        World().environment()
