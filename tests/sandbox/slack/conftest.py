"""A workspace, its Slack, and clients and apps that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import MovableClock
from sandbox.slack import Conversation, Hands, Person, SlackSandbox, Workspace
from sandbox.slack.codes import ANY, CODES

Json = dict[str, Any]
Api = Callable[..., Awaitable[Json]]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def workspace(clock: MovableClock) -> Workspace:
    return Workspace(clock)


@pytest.fixture
def ana(workspace: Workspace) -> Person:
    return workspace.add_person(
        "Ana Ruiz", email="ana@example.com", timezone="Europe/Madrid", locale="es-ES"
    )


@pytest.fixture
def slack(workspace: Workspace) -> Iterator[SlackSandbox]:
    """Whatever a test has it refuse, the table says that the method may answer so."""
    slack = SlackSandbox(workspace)
    yield slack
    for call in slack.calls:
        if not call.ok:
            assert {call.method, *ANY} & {*CODES[call.answer["error"]].methods}, call


@pytest.fixture
async def url(slack: SlackSandbox) -> AsyncIterator[str]:
    """Where the sandbox is served, for the tests that need a network."""
    async with slack.served() as url:
        yield url


@pytest.fixture
def client(url: str, workspace: Workspace) -> AsyncWebClient:
    return AsyncWebClient(token=workspace.bot_token, base_url=url + "/api/", retry_handlers=[])


@pytest.fixture
async def http(slack: SlackSandbox) -> AsyncIterator[httpx2.AsyncClient]:
    """Requests to the sandbox without a network."""
    transport = httpx2.ASGITransport(app=slack.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://slack.test") as http:
        yield http


@pytest.fixture
def api(http: httpx2.AsyncClient, workspace: Workspace) -> Api:
    """Calls a method with JSON and gives the answer."""

    async def call(method: str, **arguments: Any) -> Json:
        headers = {"authorization": f"Bearer {workspace.bot_token}"}
        answer = await http.post(f"/api/{method}", json=arguments, headers=headers)
        found: Json = answer.json()
        return found

    return call


@pytest.fixture
def hands(slack: SlackSandbox, ana: Person) -> Hands:
    return slack.as_person(ana)


@pytest.fixture
def ops(workspace: Workspace, ana: Person) -> Conversation:
    return workspace.add_channel("ops", members=[ana])
