"""What goes wrong between an app and Slack, on demand."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import Fault, Trouble
from sandbox.slack import Hands, Person, SlackSandbox

POST = "/api/chat.postMessage"


async def test_a_message_is_posted_and_the_line_is_cut(
    client: AsyncWebClient, slack: SlackSandbox, hands: Hands, ana: Person
) -> None:
    slack.faults.add(Fault(Trouble.DROP_AFTER, POST))
    with pytest.raises(ClientError):
        await client.chat_postMessage(channel=ana.id, text="Once")
    assert [message.text for message in hands.messages()] == ["Once"]


async def test_a_line_cut_before_posts_nothing(
    client: AsyncWebClient, slack: SlackSandbox, hands: Hands, ana: Person
) -> None:
    slack.faults.add(Fault(Trouble.DROP, POST))
    with pytest.raises(ClientError):
        await client.chat_postMessage(channel=ana.id, text="Once")
    assert hands.messages() == []


async def test_a_request_repeated_on_the_way(
    client: AsyncWebClient, slack: SlackSandbox, hands: Hands, ana: Person
) -> None:
    slack.faults.add(Fault(Trouble.TWICE, POST))
    answer = await client.chat_postMessage(channel=ana.id, text="Twice")
    assert [message.ts for message in hands.messages()][1] == answer["ts"]


async def test_a_server_error_and_a_refusal_for_pace(
    client: AsyncWebClient, slack: SlackSandbox, ana: Person
) -> None:
    slack.faults.add(Fault(Trouble.STATUS, POST, status=503))
    slack.rate_limit("chat.postMessage", 30)
    for status in (503, 429):
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel=ana.id, text="x")
        assert refused.value.response.status_code == status
    assert refused.value.response.headers["retry-after"] == "30"
    assert (await client.chat_postMessage(channel=ana.id, text="x"))["ok"]


async def test_a_slack_that_hangs(
    client: AsyncWebClient, slack: SlackSandbox, hands: Hands, ana: Person
) -> None:
    slack.faults.add(Fault(Trouble.HANG, POST))
    posting = asyncio.create_task(client.chat_postMessage(channel=ana.id, text="Late"))
    done, _ = await asyncio.wait({posting}, timeout=0.1)
    assert not done
    slack.faults.clear()
    await posting
    assert hands.find("Late")
