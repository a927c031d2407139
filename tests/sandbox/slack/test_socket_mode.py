"""Socket Mode with the stock client: connections, envelopes, acks and how they get lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack import Hands, SlackSandbox, Workspace

Connect = Callable[[], Awaitable["Client"]]


class Client:
    """The SDK's client, which acks all it gets and writes it down."""

    def __init__(self, workspace: Workspace, web: AsyncWebClient) -> None:
        self.heard: list[SocketModeRequest] = []
        self.answer: dict[str, Any] | None = None
        self.stock = SocketModeClient(
            app_token=workspace.app_token, web_client=web, ping_interval=0.2
        )
        self.stock.socket_mode_request_listeners.append(self._hear)

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.heard.append(request)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.answer))


@pytest.fixture
async def connect(
    slack: SlackSandbox, workspace: Workspace, client: AsyncWebClient
) -> AsyncIterator[Connect]:
    async with AsyncExitStack() as open_ones:

        async def one_more() -> Client:
            new = Client(workspace, client)
            open_ones.push_async_callback(new.stock.close)
            await new.stock.connect()
            await slack.until_sockets(len(slack.calls_of("apps.connections.open")))
            return new

        yield one_more


async def test_an_envelope_is_acked_with_a_payload(connect: Connect, hands: Hands) -> None:
    client = await connect()
    client.answer = {"text": "Two tasks", "response_type": "ephemeral"}
    answer = await hands.command("/tasks")
    assert answer is not None
    assert answer.text == "Two tasks"
    (request,) = client.heard
    assert request.type == "slash_commands"
    assert request.accepts_response_payload


async def test_envelopes_are_spread_over_the_connections(connect: Connect, hands: Hands) -> None:
    clients = [await connect(), await connect()]
    for _ in range(4):
        assert (await hands.shortcut("my_tasks")).via == "socket"
    assert [len(client.heard) for client in clients] == [2, 2]


async def test_a_client_told_to_go_connects_anew(
    connect: Connect, hands: Hands, slack: SlackSandbox
) -> None:
    client = await connect()
    await slack.disconnect_sockets("refresh_requested")
    assert slack.sockets == 0
    await asyncio.wait_for(slack.until_sockets(1), 5)
    assert (await hands.shortcut("my_tasks")).ok
    assert len(client.heard) == 1
    assert len(slack.calls_of("apps.connections.open")) == 2


async def test_an_announced_refresh_leaves_the_line_open(url: str, slack: SlackSandbox) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket(slack)) as ws:
        hello = await ws.receive_json()
        assert hello["num_connections"] == 1
        await slack.disconnect_sockets("warning")
        assert (await ws.receive_json())["reason"] == "warning"
        assert slack.sockets == 1


async def ticket(slack: SlackSandbox) -> str:
    web = AsyncWebClient(base_url=slack.base_url + "/api/")
    opened = await web.apps_connections_open(app_token=slack.workspace.app_token)
    return str(opened["url"])


async def test_an_envelope_is_swallowed_by_a_half_open_line(
    connect: Connect, hands: Hands, slack: SlackSandbox
) -> None:
    client = await connect()
    slack.swallow_next_envelope()
    lost = await hands.shortcut("my_tasks")
    assert (lost.timed_out, lost.via, client.heard) == (True, "socket", [])
    assert (await hands.shortcut("my_tasks")).ok


async def test_an_event_tells_how_often_it_came(
    connect: Connect, hands: Hands, slack: SlackSandbox
) -> None:
    client = await connect()
    delivery = await hands.open_home()
    await slack.retry_event(delivery, 2)
    first, again = client.heard
    assert (first.retry_attempt, again.retry_attempt) == (0, 2)
    assert again.retry_reason == "http_timeout"
    assert first.payload["event_id"] == again.payload["event_id"]
    assert first.envelope_id != again.envelope_id


async def test_what_a_client_babbles_is_passed_over(url: str, slack: SlackSandbox) -> None:
    hands = slack.as_person(slack.workspace.add_person("Ben"))
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket(slack)) as ws:
        await ws.receive_json()
        pressing = asyncio.create_task(hands.shortcut("my_tasks"))
        envelope = await ws.receive_json()
        for words in ("{", "[]", '{"envelope_id": "other"}'):
            await ws.send_str(words)
        await ws.send_json({"envelope_id": envelope["envelope_id"]})
        assert (await pressing).ok


async def test_the_door(url: str, slack: SlackSandbox, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.apps_connections_open(app_token=slack.workspace.bot_token)
    used = await ticket(slack)
    async with aiohttp.ClientSession() as session, session.ws_connect(used) as ws:
        await ws.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(used)


async def test_ten_connections_are_the_most(url: str, slack: SlackSandbox) -> None:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        for count in range(10):
            ws = await stack.enter_async_context(session.ws_connect(await ticket(slack)))
            assert (await ws.receive_json())["num_connections"] == count + 1
        ws = await stack.enter_async_context(session.ws_connect(await ticket(slack)))
        assert (await ws.receive_json())["reason"] == "too_many_websockets"
        assert slack.sockets == 10
