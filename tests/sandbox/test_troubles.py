"""What can befall services: each trouble does what its words say, and ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response

from sandbox.clock import MovableClock
from sandbox.faults import LineCut
from sandbox.slack import Hands
from sandbox.trouble import Log
from sandbox.world import World

Json = dict[str, Any]
TEAM = "/api/public/team-members/all"
DONE = {"newStatusName": "Completado"}


@pytest.fixture
def world() -> World:
    """With one task, at Vambe."""
    world = World()
    world.vambe.add_task("Llamar", [], None, "Europe/Madrid")
    return world


def client(app: Any, **headers: str) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://service.test", headers=headers
    )


@pytest.fixture
async def vambe(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """The app's connection to Vambe."""
    async with client(world.vambe.app, **{"x-api-key": world.vambe.key}) as vambe:
        yield vambe


@pytest.fixture
async def slack(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """The app's connection to Slack."""
    token = world.slack.workspace.bot_token
    async with client(world.slack.app, authorization=f"Bearer {token}") as slack:
        yield slack


def one(world: World, service: str, name: str) -> Json:
    for shown in world.troubles.shown()["services"]:
        for trouble in shown["troubles"]:
            if (shown["name"], trouble["name"]) == (service, name):
                return dict(trouble)
    raise LookupError(name)


def on(world: World) -> list[str]:
    return [
        f"{shown['title']} {trouble['now']}"
        for shown in world.troubles.shown()["services"]
        for trouble in shown["troubles"]
        if trouble["on"]
    ]


def log(world: World) -> list[str]:
    return [entry["words"] for entry in world.troubles.shown()["log"]]


def task(world: World) -> tuple[str, str]:
    """The task at Vambe: its address and its status."""
    (found,) = world.vambe.tasks()
    return f"/api/public/tasks/{found['id']}", found["status_config"]["name"]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - a request makes it so
            await asyncio.sleep(0)


# At the providers


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("down", 503, "Vambe answered 503 to GET …/all"),
        ("limited", 429, "Vambe answered 429 to GET …/all"),
        ("revoked-key", 401, "Vambe refused the key of GET …/all"),
    ],
)
async def test_requests_are_refused_until_the_trouble_ends(
    world: World, vambe: httpx2.AsyncClient, name: str, status: int, told: str
) -> None:
    world.troubles.turn("vambe", name, True)
    assert (await vambe.get(TEAM)).status_code == status
    assert world.troubles.is_on("vambe", name)
    assert log(world)[0] == told
    world.troubles.turn("vambe", name, False)
    assert (await vambe.get(TEAM)).status_code == 200
    assert one(world, "vambe", name)["strikes"] == 1
    assert on(world) == []


async def test_a_slow_answer_comes_at_once_when_the_trouble_ends(
    world: World, vambe: httpx2.AsyncClient
) -> None:
    world.troubles.turn("vambe", "slow", True)
    asking = asyncio.create_task(vambe.get(TEAM))
    await until(lambda: one(world, "vambe", "slow")["strikes"])
    assert not asking.done()
    world.troubles.turn("vambe", "slow", False)
    assert (await asking).status_code == 200
    assert "Vambe keeps GET …/all waiting" in log(world)


async def test_a_cut_line_lets_nothing_be_done(world: World, vambe: httpx2.AsyncClient) -> None:
    address, before = task(world)
    world.troubles.turn("vambe", "unreachable", True)
    with pytest.raises(LineCut):
        await vambe.put(address, json=DONE)
    assert task(world)[1] == before
    world.troubles.turn("vambe", "unreachable", False)
    assert (await vambe.put(address, json=DONE)).status_code == 200


async def test_garbage_and_half_an_answer(world: World, vambe: httpx2.AsyncClient) -> None:
    whole = (await vambe.get(TEAM)).text
    world.troubles.turn("vambe", "garbage", True)
    answer = await vambe.get(TEAM)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    world.troubles.turn("vambe", "garbage", False)
    world.troubles.turn("vambe", "truncated", True)
    half = (await vambe.get(TEAM)).text
    assert 0 < len(half) < len(whole)
    assert whole.startswith(half)


async def test_a_lost_reply_is_that_of_the_next_write(
    world: World, vambe: httpx2.AsyncClient
) -> None:
    world.troubles.turn("vambe", "lost-reply", True)
    assert (await vambe.get(TEAM)).status_code == 200
    assert on(world) == ["Vambe loses the reply to the next write"]
    address, _ = task(world)
    with pytest.raises(LineCut):
        await vambe.put(address, json=DONE)
    assert task(world)[1] == "Completado"
    assert on(world) == []
    assert (await vambe.put(address, json=DONE)).status_code == 200
    assert one(world, "vambe", "lost-reply")["strikes"] == 1


def test_a_search_is_no_write(world: World) -> None:
    assert not world.close.is_write("POST", "/api/v1/data/search/")
    assert world.close.is_write("POST", "/api/v1/task/")


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        ("reten", "/api/integration/task-result-type-configs", "Too many requests"),
        ("close", "/api/v1/me/", ""),
        ("vambe", TEAM, "Too many requests"),
        ("pland", "/v2/users/self", "There was an error"),
    ],
)
async def test_each_provider_asks_for_a_pause_in_its_own_form(
    world: World, name: str, path: str, body: str
) -> None:
    world.troubles.turn(name, "limited", True)
    async with client(getattr(world, name).app) as app:
        answer = await app.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "15")
    assert body in answer.text
    reset = "limit=100, remaining=0, reset=15" if name == "close" else None
    assert answer.headers.get("ratelimit") == reset


async def test_troubles_compose(world: World, vambe: httpx2.AsyncClient) -> None:
    address, _ = task(world)
    for name in ("lost-reply", "down", "slow"):
        world.troubles.turn("vambe", name, True)
    asking = asyncio.create_task(vambe.put(address, json=DONE))
    await until(lambda: one(world, "vambe", "slow")["strikes"])
    world.troubles.turn("vambe", "slow", False)
    assert (await asking).status_code == 503
    assert world.troubles.is_on("vambe", "lost-reply"), "nothing was written yet"
    world.troubles.turn("vambe", "down", False)
    with pytest.raises(LineCut):
        await vambe.put(address, json=DONE)


async def test_all_is_well_again(world: World, vambe: httpx2.AsyncClient) -> None:
    every = [
        (service["name"], trouble["name"])
        for service in world.troubles.shown()["services"]
        for trouble in service["troubles"]
    ]
    for service, name in every * 2:
        world.troubles.turn(service, name, True)
    assert len(on(world)) == len(every)
    world.troubles.clear()
    assert on(world) == []
    assert (await vambe.get(TEAM)).status_code == 200


# At Slack


async def post(world: World, slack: httpx2.AsyncClient, text: str) -> httpx2.Response:
    body = {"channel": world.cast.ana.id, "text": text}
    return await slack.post("/api/chat.postMessage", json=body)


@pytest.mark.parametrize(
    ("name", "status", "said", "others"),
    [
        ("limited", 429, "ratelimited", ""),
        ("revoked-token", 200, "token_revoked", "token_revoked"),
    ],
)
async def test_slack_refuses_calls_in_its_own_form(
    world: World, slack: httpx2.AsyncClient, name: str, status: int, said: str, others: str
) -> None:
    world.troubles.turn("slack", name, True)
    refused = await post(world, slack, "Visit")
    assert (refused.status_code, refused.json()["error"]) == (status, said)
    assert refused.headers.get("retry-after") == ("10" if name == "limited" else None)
    assert (await slack.post("/api/auth.test")).json().get("error", "") == others
    world.troubles.turn("slack", name, False)
    assert (await post(world, slack, "Visit")).json()["ok"]


async def test_slack_is_down(world: World, slack: httpx2.AsyncClient) -> None:
    world.troubles.turn("slack", "down", True)
    assert (await slack.post("/api/auth.test")).status_code == 503
    assert log(world)[0] == "Slack answered 503 to auth.test"
    world.troubles.turn("slack", "down", False)
    assert (await slack.post("/api/auth.test")).json()["ok"]


async def test_slack_is_slow(world: World, slack: httpx2.AsyncClient) -> None:
    world.troubles.turn("slack", "slow", True)
    asking = asyncio.create_task(slack.post("/api/auth.test"))
    await until(lambda: one(world, "slack", "slow")["strikes"])
    world.troubles.turn("slack", "slow", False)
    assert (await asking).json()["ok"]


async def test_a_message_is_posted_and_its_reply_lost(
    world: World, slack: httpx2.AsyncClient
) -> None:
    world.troubles.turn("slack", "lost-post", True)
    with pytest.raises(LineCut):
        await post(world, slack, "Visit")
    await post(world, slack, "Call")
    seen = world.slack.as_person(world.cast.ana).messages()
    assert [message.text for message in seen] == ["Visit", "Call"]
    assert "Slack did chat.postMessage and its answer was lost" in log(world)


class App:
    """An app that takes what people do, and notes it."""

    def __init__(self) -> None:
        self.heard: list[Json] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await Request(scope, receive).body()).decode()
        self.heard.append(parse_qs(body))
        await Response()(scope, receive, send)


@pytest.fixture
def app(world: World) -> App:
    app = App()
    world.slack.deliver_to("http://app.test/", app=app)
    return app


@pytest.fixture
def ana(world: World) -> Hands:
    return world.slack.as_person(world.cast.ana)


async def test_a_click_is_lost(world: World, app: App, ana: Hands) -> None:
    world.troubles.turn("slack", "lost-click", True)
    await ana.open_home()
    assert len(app.heard) == 1
    assert on(world) == ["Slack loses the next click"], "to look at a tab is no deed"
    lost = await ana.shortcut("find")
    assert (lost.ok, lost.via) == (False, "lost")
    assert log(world)[0] == "Slack lost the shortcut of Ana Ruiz"
    assert (await ana.shortcut("find")).ok
    assert len(app.heard) == 2
    assert on(world) == []


async def test_a_command_comes_twice(world: World, app: App, ana: Hands) -> None:
    world.troubles.turn("slack", "duplicated-click", True)
    await ana.command("/tasks", "today")
    first, second = app.heard
    assert first == second
    assert log(world)[0] == "Slack delivered the /tasks of Ana Ruiz twice"


async def test_a_click_comes_late(world: World, app: App, ana: Hands) -> None:
    world.slack.dispatcher.answer_within = 0.05
    world.troubles.turn("slack", "late-click", True)
    given_up = await ana.shortcut("find")
    assert (given_up.ok, given_up.timed_out) == (False, True)
    assert app.heard == []
    await until(lambda: app.heard)
    assert log(world)[0] == "Slack gives up on the shortcut of Ana Ruiz and delivers it late"
    assert (await ana.shortcut("find")).ok
    assert len(app.heard) == 2


async def test_what_is_late_ends_with_slack(world: World, app: App, ana: Hands) -> None:
    world.slack.dispatcher.answer_within = 0.05
    world.troubles.turn("slack", "late-click", True)
    await ana.shortcut("find")
    await world.slack.aclose()
    assert app.heard == []


def test_the_log_counts_what_repeats_and_forgets_what_is_old() -> None:
    book = Log(MovableClock())
    book.add("click")
    for words in ("poll", "look") * 30:
        book.count(words)
    counted = [(entry.words, entry.times) for entry in book.entries]
    assert counted == [("look", 30), ("poll", 30), ("click", 1)]
    for number in range(100):
        book.add(str(number))
    assert len(book.entries) == 60
    assert book.entries[0].words == "99"
