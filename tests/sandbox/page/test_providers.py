"""The providers' boards, the clock, and what the app is started with."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.running_clock import RunningClock
from sandbox.world import World

from .conftest import Page


async def test_the_seeds_are_believable(page: Page, world: World) -> None:
    now = world.clock.now().timestamp()
    reten, close = (await page.tasks("reten")).values(), (await page.tasks("close")).values()
    for tasks in (reten, close):
        moments = [
            task["due"]["moment"] for task in tasks if task["due"] and "moment" in task["due"]
        ]
        assert any(0 < moment - now <= 600 for moment in moments)
        assert any(task["due"] is None for task in tasks)
    assert any(task["due"] and task["due"].get("moment", now) < now for task in reten)
    assert any(task["due"] and "day" in task["due"] for task in close)
    assert world.links() == [(world.cast.ana.id, "reten", "OP-042")]


@pytest.mark.parametrize("board", ["reten", "close"])
async def test_a_task_lives_at_a_provider(page: Page, board: str) -> None:
    operator = (await page.boards())[board]["operators"][-1]
    due = {"day": "2027-07-01", "hour": "16:00"}
    path = f"/api/boards/{board}/tasks"
    made = await page.post(path, title="Botica Nueva", operator=operator["id"], **due)
    task = (await page.tasks(board))["Botica Nueva"]
    madrid = datetime(2027, 7, 1, 16, tzinfo=ZoneInfo("Europe/Madrid"))
    assert task["due"] == {"moment": madrid.timestamp()}
    assert task["operatorName"] == operator["name"]

    async def do(verb: str, **body: str | None) -> None:
        answer = await page.client.post(f"{path}/{made['id']}/{verb}", json=body)
        assert answer.status_code == 200, answer.text

    await do("reassign", operator=None)
    assert (await page.tasks(board))["Botica Nueva"]["operator"] is None
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


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"title": "Visit", "day": "2027-07-01"}, "Reten needs a time"),
        ({"title": "Visit", "about": "Whim"}, "no reason"),
        ({"title": "Visit", "operator": "OP-000"}, "no operator"),
        ({"title": ""}, "title"),
        ({"title": "Visit", "colour": "red"}, "colour"),
    ],
)
async def test_what_does_not_fit_is_refused(page: Page, body: dict[str, str], told: str) -> None:
    answer = await page.post("/api/boards/reten/tasks", 400, **body)
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
    answer = await page.client.post("/api/boards/reten/outage", json={"down": True})
    assert answer.status_code == 200
    assert await poll() == 503
    await page.client.post("/api/boards/reten/outage", json={"down": False})
    assert await poll() == 200
    board = (await page.boards())["reten"]
    assert [one["status"] for one in board["requests"]] == [200, 503, 200]
    assert board["requests"][0]["query"] == "page=1"
    assert not board["down"]


async def test_both_providers_answer_at_the_addresses_of_the_environment(
    page: Page, world: World
) -> None:
    env = world.environment()
    async with httpx2.AsyncClient(trust_env=False, auth=(env["CLOSE_API_KEY"], "")) as app:
        answer = await app.get(env["CLOSE_BASE_URL"] + "/me/")
    assert answer.json()["email"] == "owner@example.com"
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
    assert world.slack.workspace.clock is world.reten.clock is world.close.clock is clock


def test_a_world_that_is_not_served_has_no_addresses() -> None:
    with pytest.raises(RuntimeError, match="not served"):
        World().environment()
