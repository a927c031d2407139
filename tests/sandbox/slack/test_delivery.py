"""How envelopes reach the app, and the right to answer by response_url."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs

import httpx2
import pytest
from slack_sdk.signature import Clock as SdkClock, SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import MovableClock, SystemClock
from sandbox.slack import (
    AppFailed,
    Conversation,
    Delivery,
    Hands,
    Person,
    SlackSandbox,
    Workspace,
    sign,
)

from .builders import actions, button, menu, section
from .conftest import Api


class RequestUrl:
    """An app of one URL that keeps what it gets and answers what it is told to."""

    def __init__(self) -> None:
        self.requests: list[tuple[httpx2.Headers, str]] = []
        self.status = 200
        self.answer: object = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def respond(self, request: Request) -> Response:
        await self.gate.wait()
        body = (await request.body()).decode()
        self.requests.append((httpx2.Headers(request.headers.raw), body))
        if self.answer is None:
            return Response(status_code=self.status)
        return JSONResponse(self.answer, self.status)


@pytest.fixture
async def app(slack: SlackSandbox) -> AsyncIterator[RequestUrl]:
    app = RequestUrl()
    starlette = Starlette(routes=[Route("/", app.respond, methods=["POST"])])
    slack.deliver_to("http://app.test/", app=starlette)
    yield app
    await slack.aclose()


@pytest.fixture
async def clicked(app: RequestUrl, api: Api, ana: Person, hands: Hands) -> Delivery:
    blocks = [section("Card"), actions(button("Go", action_id="go"))]
    await api("chat.postMessage", channel=ana.id, text="x", blocks=blocks)
    return await hands.click(hands.find("Card"), "Go")


async def test_the_sdk_accepts_the_signature(
    app: RequestUrl, clicked: Delivery, workspace: Workspace, clock: MovableClock
) -> None:
    headers, body = app.requests[0]

    class AtThatTime(SdkClock):
        def now(self) -> float:
            return clock.now().timestamp()

    verifier = SignatureVerifier(workspace.signing_secret, AtThatTime())
    assert verifier.is_valid_request(body, dict(headers))
    assert not verifier.is_valid_request(body + "&x=1", dict(headers))
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert json.loads(parse_qs(body)["payload"][0]) == clicked.payload


def test_the_signature_is_that_of_the_vendor_s_example() -> None:
    body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    body += "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    body += "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    body += "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    body += "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    signature = sign("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body)
    assert signature == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


async def test_requests_can_be_signed_at_another_time(workspace: Workspace, ana: Person) -> None:
    app, slack = RequestUrl(), SlackSandbox(workspace, signing_clock=SystemClock())
    workspace.clock.advance(timedelta(days=30))  # type: ignore[attr-defined]
    starlette = Starlette(routes=[Route("/", app.respond, methods=["POST"])])
    slack.deliver_to("http://app.test/", app=starlette)
    await slack.as_person(ana).shortcut("x")
    await slack.aclose()
    headers, body = app.requests[0]
    assert SignatureVerifier(workspace.signing_secret).is_valid_request(body, dict(headers))


async def test_one_can_wait_until_nothing_is_on_its_way(
    app: RequestUrl, hands: Hands, slack: SlackSandbox
) -> None:
    app.gate.clear()
    on_its_way = asyncio.create_task(hands.shortcut("x"))
    await asyncio.sleep(0)
    settled = asyncio.create_task(slack.dispatcher.settled())
    await asyncio.wait([settled], timeout=0.05)
    assert not settled.done()
    app.gate.set()
    await settled
    assert len(app.requests) == 1
    assert (await on_its_way).ok


async def test_an_app_that_is_away_or_answers_wrongly(
    app: RequestUrl, hands: Hands, slack: SlackSandbox
) -> None:
    app.status = 500
    assert (await hands.shortcut("x")).status == 500
    with pytest.raises(AppFailed, match="answered 500"):
        await hands.command("/tasks")
    slack.deliver_to("http://127.0.0.1:9/nobody")
    away = await hands.shortcut("x")
    assert (away.status, away.timed_out) == (None, False)
    assert "ConnectError" in away.body
    with pytest.raises(AppFailed, match=r"can't be reached \(ConnectError\)"):
        await hands.command("/tasks")


async def test_without_a_request_url_nothing_can_be_delivered(hands: Hands) -> None:
    with pytest.raises(RuntimeError, match="deliver_to"):
        await hands.shortcut("x")


async def test_a_retried_event_says_so(app: RequestUrl, hands: Hands, slack: SlackSandbox) -> None:
    delivery = await hands.open_home("messages")
    await slack.retry_event(delivery, 3)
    (first, body), (again, same) = app.requests
    assert "x-slack-retry-num" not in first
    assert (again["x-slack-retry-num"], again["x-slack-retry-reason"]) == ("3", "http_timeout")
    assert body == same
    assert json.loads(body)["event"]["tab"] == "messages"


async def test_the_fields_of_a_command(app: RequestUrl, hands: Hands, workspace: Workspace) -> None:
    app.answer = "Nothing due"
    await hands.command("/tasks", "a & b")
    form = {key: value for key, (value,) in parse_qs(app.requests[0][1]).items()}
    assert (
        form.items()
        >= {
            "command": "/tasks",
            "text": "a & b",
            "user_id": hands.person.id,
            "channel_name": "directmessage",
            "team_id": workspace.team_id,
        }.items()
    )
    assert form["trigger_id"] in workspace.triggers


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"options": [{"text": {"type": "plain_text", "text": "x" * 76}, "value": "x"}]},
        {"options": [{"text": {"type": "plain_text", "text": "x"}, "value": "x"}] * 101},
        {"options": "x"},
        ["x"],
    ],
)
async def test_options_that_slack_can_not_use(
    app: RequestUrl, api: Api, ana: Person, hands: Hands, answer: object
) -> None:
    blocks = [actions(menu("external_select", action_id="who"))]
    await api("chat.postMessage", channel=ana.id, text="x", blocks=blocks)
    app.answer = answer
    with pytest.raises(AppFailed, match="can't use the options"):
        await hands.options(hands.messages()[0], "who", "")


async def test_a_lost_question_offers_nothing(
    app: RequestUrl, api: Api, ana: Person, hands: Hands, slack: SlackSandbox
) -> None:
    blocks = [actions(menu("external_select", action_id="who"))]
    await api("chat.postMessage", channel=ana.id, text="x", blocks=blocks)
    slack.lose_next_click()
    with pytest.raises(AppFailed, match="never reached"):
        await hands.options(hands.messages()[0], "who", "")


async def test_what_was_sent_does_not_change_afterwards(
    app: RequestUrl, api: Api, ana: Person, hands: Hands
) -> None:
    choices = [{"text": {"type": "plain_text", "text": word}, "value": word} for word in "ab"]
    blocks = [actions(menu(action_id="which", options=choices)) | {"block_id": "b"}]
    await api("chat.postMessage", channel=ana.id, text="x", blocks=blocks)
    first = await hands.click(hands.messages()[0], "a")
    await hands.click(hands.messages()[0], "b")
    await hands.click_again(first)
    bodies = [body for _, body in app.requests]
    assert bodies[0] == bodies[2] != bodies[1]


# response_url


async def respond(http: httpx2.AsyncClient, delivery: Delivery, **body: object) -> httpx2.Response:
    return await http.post(delivery.payload["response_url"], json=body)


async def test_the_original_is_replaced_and_deleted(
    clicked: Delivery, http: httpx2.AsyncClient, hands: Hands
) -> None:
    assert (await respond(http, clicked, replace_original=True, text="New")).text == "ok"
    assert [message.plain() for message in hands.messages()] == ["New"]
    await respond(http, clicked, delete_original=True)
    assert hands.messages() == []
    gone = await respond(http, clicked, replace_original=True, text="New")
    assert gone.json()["error"] == "message_not_found"


async def test_an_ephemeral_message_can_be_replaced_only_so(
    app: RequestUrl, http: httpx2.AsyncClient, hands: Hands
) -> None:
    app.answer = {"blocks": [section("List"), actions(button("Go"))]}
    await hands.command("/tasks")
    app.answer = None
    click = await hands.click(hands.find("List"), "Go")
    assert click.payload["container"]["is_ephemeral"]
    assert "message" not in click.payload
    await respond(http, click, replace_original=True, text="Page two")
    assert [(m.plain(), m.ephemeral) for m in hands.messages()] == [("Page two", True)]


async def test_an_answer_for_one_or_for_all(
    app: RequestUrl, http: httpx2.AsyncClient, workspace: Workspace, slack: SlackSandbox
) -> None:
    ana, ben = (slack.as_person(workspace.add_person(name)) for name in ("Ana R", "Ben"))
    ops: Conversation = workspace.add_channel("ops", members=[ana.person, ben.person])
    click = await ana.message_shortcut(ana.say("hi", ops), "create_task")
    await respond(http, click, text="For you")
    await respond(http, click, text="For all", response_type="in_channel")
    assert [message.text for message in ben.messages(ops)] == ["hi", "For all"]
    assert [message.text for message in ana.messages(ops)] == ["hi", "For you", "For all"]
    refused = await respond(http, click, blocks=[{"type": "x"}])
    assert refused.json()["error"] == "invalid_blocks"


async def test_a_response_url_is_good_five_times(
    clicked: Delivery, http: httpx2.AsyncClient
) -> None:
    answers = [await respond(http, clicked, text="x") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[5].json()["error"] == "used_url"


async def test_a_response_url_is_good_for_half_an_hour(
    clicked: Delivery, http: httpx2.AsyncClient, clock: MovableClock
) -> None:
    clock.advance(timedelta(minutes=30))
    assert (await respond(http, clicked, text="x")).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert (await respond(http, clicked, text="x")).json()["error"] == "expired_url"


async def test_a_response_url_that_never_was(http: httpx2.AsyncClient, clicked: Delivery) -> None:
    assert (await http.post("/response/none", json={"text": "x"})).status_code == 404
    broken = await http.post(clicked.payload["response_url"], content=b"{")
    assert broken.status_code == 400
