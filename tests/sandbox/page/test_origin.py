"""What the page is made of, how it hears of changes, and who is kept out."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

import sandbox.page
from sandbox.world import Addresses, World

from .conftest import Page, StandIn

STATIC = Path(sandbox.page.__file__).with_name("static")


@contextlib.asynccontextmanager
async def changes(client: httpx2.AsyncClient) -> AsyncIterator[AsyncIterator[int]]:
    """The revisions that the page hears of."""
    async with client.stream("GET", "/api/changes", timeout=5) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")

        async def revisions() -> AsyncIterator[int]:
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    yield int(line.removeprefix("data: "))

        yield revisions()


async def test_changes_are_told_as_they_happen(
    client: httpx2.AsyncClient, page: Page, app: StandIn
) -> None:
    async with changes(client) as heard, asyncio.timeout(5):
        first = await anext(heard)
        await app.post(page.person, "Farmacia Central")
        second = await anext(heard)
        assert second > first
        await client.post("/api/clock", json={"minutes": 15})
        assert await anext(heard) > second


async def test_a_world_goes_down_at_once_while_pages_listen(world: World) -> None:
    async with asyncio.timeout(3), world.served() as addresses:
        client = httpx2.AsyncClient(base_url=addresses.page_url, trust_env=False)
        stream = changes(client)
        heard = await stream.__aenter__()
        await anext(heard)
    await stream.__aexit__(None, None, None)
    await client.aclose()


async def test_the_page_is_whole_and_loads_nothing_from_afar(client: httpx2.AsyncClient) -> None:
    for address in ("/", "/seat.html", "/static/seat.html"):
        policy = (await client.get(address)).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'self'" in policy
    for path in sorted(STATIC.iterdir()):
        assert (await client.get(f"/static/{path.name}")).status_code == 200
        text = path.read_text()
        assert "//cdn" not in text
        assert "innerHTML" not in text
        assert len(text.splitlines()) <= 400


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"host": "evil.test"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_other_sites_are_kept_out(
    client: httpx2.AsyncClient, headers: dict[str, str], world: World
) -> None:
    before = world.clock.now()
    paths = ("/api/clock", "/slack/api/auth.test", "/reten/api/integration/activities/tasks")
    for path in paths:
        answer = await client.post(path, json={"minutes": 1440}, headers=headers)
        assert answer.status_code == 403
    assert (await client.get("/api/state", headers=headers)).status_code == 403
    assert (world.clock.now() - before).total_seconds() < 60


async def test_the_page_itself_gets_in(client: httpx2.AsyncClient) -> None:
    own = {"origin": str(client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    answer = await client.post("/api/clock", json={"minutes": 15}, headers=own)
    assert answer.status_code == 200
    frame = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"}
    frame["sec-fetch-dest"] = "iframe"
    assert (await client.get("/seat.html", headers=frame)).status_code == 200
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    window = followed | {"sec-fetch-dest": "document"}
    assert (await client.get("/", headers=window)).status_code == 200
    afar = followed | {"sec-fetch-dest": "iframe"}
    assert (await client.get("/seat.html", headers=afar)).status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
async def test_what_a_form_could_send_is_refused(client: httpx2.AsyncClient, kind: str) -> None:
    body = json.dumps({"minutes": 15}).encode()
    answer = await client.post("/api/clock", content=body, headers={"content-type": kind})
    assert answer.status_code == 400


async def test_sockets_of_other_sites_are_kept_out(world: World, addresses: Addresses) -> None:
    url = world.slack.base_url.replace("http", "ws") + "/socket?ticket=none"
    with pytest.raises(InvalidStatus):
        async with connect(url, origin="http://evil.test", proxy=None):  # type: ignore[arg-type]
            pass


async def test_an_app_may_come_by_socket(world: World, addresses: Addresses, page: Page) -> None:
    workspace = world.slack.workspace
    client = AsyncWebClient(token=workspace.bot_token, base_url=addresses.slack_api_url)
    app = AsyncApp(client=client, token=workspace.bot_token)

    @app.command("/tasks")
    async def tasks(ack) -> None:  # type: ignore[no-untyped-def]
        await ack("By socket.")

    handler = AsyncSocketModeHandler(app, workspace.app_token, web_client=client)
    await handler.connect_async()
    await world.slack.until_sockets(1)
    channel = (await page.state())["conversation"]
    await page.post("/api/say", channel=channel, text="/tasks")
    assert (await page.state())["messages"][-1]["text"] == "By socket."
    await handler.close_async()
