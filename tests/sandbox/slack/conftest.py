"""A workspace, its Slack, and clients and apps that talk to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import MovableClock
from sandbox.slack import Hands, Person, SlackSandbox, Workspace


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
async def slack(workspace: Workspace) -> AsyncIterator[SlackSandbox]:
    slack = SlackSandbox(workspace)
    async with slack.served():
        yield slack


@pytest.fixture
def client(slack: SlackSandbox, workspace: Workspace) -> AsyncWebClient:
    return AsyncWebClient(
        token=workspace.bot_token, base_url=slack.base_url + "/api/", retry_handlers=[]
    )


@pytest.fixture
def hands(slack: SlackSandbox, ana: Person) -> Hands:
    return slack.as_person(ana)
