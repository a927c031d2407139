"""The panel that breaks things, by its addresses."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from sandbox.program import ChildProcess
from sandbox.world import World
from tests.process.place import free_port

from .conftest import Page, StandIn

Json = dict[str, Any]

PROGRAM = """
import signal, socket
listener = socket.create_server(("127.0.0.1", {port}))
signal.pause()
"""


async def shown(client: httpx2.AsyncClient) -> Json:
    found: Json = (await client.get("/api/troubles")).json()
    return found


async def log(client: httpx2.AsyncClient) -> list[str]:
    return [entry["words"] for entry in (await shown(client))["log"]]


async def test_a_trouble_is_switched_on_strikes_and_ends(
    client: httpx2.AsyncClient, page: Page, world: World
) -> None:
    first = await shown(client)
    names = [service["name"] for service in first["services"]]
    assert names == ["slack", "reten", "close", "vambe", "pland"]
    assert (first["log"], first["program"]) == ([], None)
    for on in (True, False):
        turned = await client.post("/api/troubles/pland/down", json={"on": on})
        assert (turned.status_code, turned.json()) == (200, {})
        await client.get(world.environment()["PLAND_BASE_URL"] + "/users/self")
        assert {name: board["down"] for name, board in (await page.boards()).items()} == {
            "reten": False,
            "close": False,
            "vambe": False,
            "pland": on,
        }
    (down,) = [one for one in (await shown(client))["services"][4]["troubles"] if one["strikes"]]
    assert (down["name"], down["on"], down["strikes"]) == ("down", False, 1)
    assert await log(client) == [
        "PlanD: “Down” is over",
        "PlanD answered 503 to GET …/self",
        "PlanD is down",
    ]


async def test_all_is_well_again(client: httpx2.AsyncClient, world: World) -> None:
    world.troubles.turn("slack", "lost-click", True)
    world.troubles.turn("reten", "slow", True)
    await client.post("/api/troubles/clear", json={})
    services = (await shown(client))["services"]
    assert not any(trouble["on"] for service in services for trouble in service["troubles"])


async def test_clicks_are_lost_and_come_twice(
    client: httpx2.AsyncClient, page: Page, app: StandIn
) -> None:
    await app.post(page.person, "Visit")
    await client.post("/api/troubles/slack/lost-click", json={"on": True})
    message = (await page.state())["messages"][-1]
    where = {"channel": message["channel"], "ts": message["ts"], "block_id": "acts"}
    await page.post("/api/search", **where, action_id="find", query="o")
    await page.press("done", expect=502)
    assert app.heard == []
    await client.post("/api/troubles/slack/duplicated-click", json={"on": True})
    await page.press("done")
    first, second = app.heard
    assert first == second
    assert await log(client) == [
        "Slack delivered the click of Ana Ruiz twice",
        "Slack delivers the next click twice",
        "Slack lost the click of Ana Ruiz",
        "Slack loses the next click",
    ]


async def test_what_is_not_there_is_refused(client: httpx2.AsyncClient) -> None:
    for path, body, status, said in (
        ("troubles/vambe/flood", {"on": True}, 404, "There is no 'flood'."),
        ("troubles/nobody/down", {"on": True}, 404, "There is no 'nobody'."),
        ("troubles/vambe/down", {}, 400, "on: Field required"),
        ("program/kill", {}, 503, "The sandbox did not start this app: nothing can be killed."),
        ("program/maim", {}, 404, "There is no 'maim'."),
    ):
        answer = await client.post(f"/api/{path}", json=body)
        assert (answer.status_code, answer.json()["error"]) == (status, said)


async def act(client: httpx2.AsyncClient, name: str, expect: int = 200) -> Json:
    answer = await client.post(f"/api/program/{name}", json={})
    assert answer.status_code == expect, answer.text
    return dict(answer.json())


@pytest.fixture
async def program(world: World) -> AsyncIterator[list[str]]:
    """The command of the world's program, a small one."""
    port = free_port()
    command = [sys.executable, "-S", "-c", PROGRAM.format(port=port)]
    world.program = ChildProcess(command, dict, port=port, changed=world.changes.notify)
    yield command
    await world.program.kill()


async def test_the_program_is_killed_stopped_and_started(
    client: httpx2.AsyncClient, world: World, program: list[str]
) -> None:
    stopped, running = {"state": "stopped"}, {"state": "running"}
    assert await act(client, "kill") == stopped, "there is nothing to kill"
    assert await act(client, "start") == running
    assert await act(client, "start") == running
    assert (await shown(client))["program"] == {
        "title": "Taskbell",
        "state": "running",
        "lastWords": "",
    }
    assert await act(client, "kill") == stopped
    assert await act(client, "start") == running
    assert await act(client, "stop") == stopped
    assert await act(client, "stop") == stopped
    last, asked, again, killed, up = await log(client)
    assert (last, asked) == ("Taskbell has stopped", "Taskbell is asked to stop")
    assert killed == "Taskbell was killed"
    for words in (again, up):
        assert re.fullmatch(r"Taskbell is up after \d+\.\d s", words)


async def test_a_program_that_does_not_start_says_why(
    client: httpx2.AsyncClient, program: list[str]
) -> None:
    program[-1] = "raise SystemExit('no database')"
    answer = await act(client, "start", expect=503)
    assert answer["error"] == "Taskbell did not start: It ended with status 1. no database"
    assert await log(client) == ["Taskbell did not start"]
    assert (await shown(client))["program"]["lastWords"] == "It ended with status 1. no database"
