"""The HTTP side of the whole bot: what strangers send changes nothing, what Slack sends is kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx2
import pytest

from sandbox.slack.dispatch import sign
from tests.databases.kinds import AnyDatabase
from tests.scenarios.world import World, make_world

SLACK = "/slack/events"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database) as made:
        yield made


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=world.bot.asgi(takes_slack=True))
    async with httpx2.AsyncClient(transport=transport, base_url="http://bot.test") as client:
        yield client


async def intents(world: World) -> int:
    rows = await world.bot.ground.db.read(lambda tx: tx.rows("SELECT * FROM intent"))
    return len(rows)


def signed(world: World, body: str, kind: str = FORM) -> dict[str, str]:
    return world.slack.dispatcher.signed(body) | {"content-type": kind}


async def a_click(world: World) -> str:
    """The body of a genuine click that the bot has not seen."""
    ana = world.person("Ana Ruiz")
    await ana.link("reten", "OP-042")
    await world.poll()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.slack.lose_next_click()
    delivery = await ana.hands.click(ana.card("Botica Norte").message, "Venta completada")
    assert delivery.via == "lost"
    return urlencode({"payload": json.dumps(delivery.payload)})


async def test_a_click_is_stored_once_however_often_it_comes(
    world: World, http: httpx2.AsyncClient
) -> None:
    body = await a_click(world)
    for _ in range(3):
        answer = await http.post(SLACK, content=body, headers=signed(world, body))
        assert answer.status_code == 200
    assert await intents(world) == 1
    await world.pass_time(seconds=6)
    again = await http.post(SLACK, content=body, headers=signed(world, body))
    assert again.status_code == 200
    await world.settle()
    assert len(world.reten.results) == 1


async def test_a_forged_or_old_click_is_not_stored(world: World, http: httpx2.AsyncClient) -> None:
    body = await a_click(world)
    genuine = signed(world, body)
    stamp = genuine["x-slack-request-timestamp"]
    for change in (
        {"x-slack-signature": sign("another secret", stamp, body)},
        {"x-slack-signature": "v0=ñ".encode().decode("latin-1")},
        {"x-slack-request-timestamp": "soon"},
        {"x-slack-request-timestamp": str(int(stamp) + 1)},
        {"x-slack-request-timestamp": "9" * 40},
    ):
        headers = [(name, value.encode("latin-1")) for name, value in (genuine | change).items()]
        answer = await http.post(SLACK, content=body, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 401, change
    await world.pass_time(minutes=6)
    assert (await http.post(SLACK, content=body, headers=genuine)).status_code == 401
    assert await intents(world) == 0


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "answer"}]},
        {"type": "view_submission"},
        {"type": "view_submission", "view": {}, "user": {"id": "U1"}},
        {"type": "event_callback"},
        {"type": "something_new", "user": None},
    ],
)
async def test_a_payload_that_lacks_what_it_needs_does_no_harm(
    world: World, http: httpx2.AsyncClient, payload: dict[str, object]
) -> None:
    as_json = json.dumps(payload)
    as_form = urlencode({"payload": as_json})
    for body, kind in ((as_json, "application/json"), (as_form, FORM)):
        answer = await http.post(SLACK, content=body, headers=signed(world, body, kind))
        assert answer.status_code in (200, 400, 404), answer.text
        assert "Traceback" not in answer.text
    assert await intents(world) == 0


async def test_slack_can_verify_the_address(world: World, http: httpx2.AsyncClient) -> None:
    assert await world.slack.verify_url()
    body = urlencode({"ssl_check": "1", "token": "x"})
    answer = await http.post(SLACK, content=body, headers=signed(world, body))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", SLACK, 405),
        ("PUT", SLACK, 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("POST", "/", 404),
        ("GET", "/slack", 404),
        ("POST", "/slack/events/more", 404),
        ("GET", "/../../etc/passwd", 404),
    ],
)
async def test_other_ways_lead_nowhere(
    http: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    assert (await http.request(method, path)).status_code == status


async def test_over_a_socket_nothing_is_taken_by_http(world: World) -> None:
    transport = httpx2.ASGITransport(app=world.bot.asgi(takes_slack=False))
    async with httpx2.AsyncClient(transport=transport, base_url="http://bot.test") as http:
        assert (await http.post(SLACK, content="{}")).status_code == 404
        assert (await http.get("/healthz")).status_code in (200, 503)
