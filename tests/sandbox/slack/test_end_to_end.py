"""A small real Bolt app, driven by people's hands, over HTTP and over Socket Mode."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import MovableClock
from sandbox.serve import serving
from sandbox.slack import AppFailed, Hands, Person, SlackSandbox, Status, Workspace

from .builders import Json, actions, button, menu, modal, option, plain, section, text_input


def card(title: str) -> list[Json]:
    snooze = menu(action_id="snooze", options=[option("One hour", "1h")])
    more = menu("overflow", action_id="more", options=[option("Reassign", "reassign")])
    complete = button("Complete", action_id="complete", value="7")
    return [
        {"type": "header", "text": plain(title)},
        section("Visit"),
        actions(complete, snooze, more),
    ]


def comment(title: str = "Comment") -> Json:
    words = text_input("Your words", block_id="words", element={"max_length": 20})
    return modal(words, callback_id="comment", title=plain(title), notify_on_close=True)


class Bot:
    """A Bolt app that writes down what it hears."""

    def __init__(self, workspace: Workspace, client: AsyncWebClient) -> None:
        self.heard: list[Json] = []
        self.errors: list[str] = []
        self.trigger_wait = asyncio.Event()
        self.trigger_wait.set()
        self.asked = asyncio.Event()
        self.app = AsyncApp(
            client=client,
            token=client.token,
            signing_secret=workspace.signing_secret,
            process_before_response=True,
        )
        for action in ("complete", "snooze", "more"):
            self.app.action(action)(getattr(self, action))
        self.app.command("/tasks")(self.tasks)
        self.app.view("comment")(self.submitted)
        self.app.view_closed("comment")(self.closed)
        self.app.options("city")(self.cities)
        self.app.shortcut("my_tasks")(self.open_modal)
        self.app.shortcut("create_task")(self.create)
        self.app.event("app_home_opened")(self.home)
        self.app.action("city")(self.hear)
        self.app.event("user_change")(self.hear)

    async def hear(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        await ack()

    async def complete(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await self.hear(ack, body)
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Done", blocks=[]
        )

    async def snooze(self, ack: Any, body: Json, respond: Any) -> None:
        await self.hear(ack, body)
        await respond("Snoozed", response_type="ephemeral", replace_original=False)

    async def more(self, ack: Any, body: Json) -> None:
        await self.hear(ack, body)

    async def open_modal(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        self.asked.set()
        await self.trigger_wait.wait()
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=comment())
        except SlackApiError as wrong:
            self.errors.append(wrong.response["error"])
        await ack()

    async def create(self, ack: Any, body: Json) -> None:
        await self.hear(ack, body)

    async def tasks(self, ack: Any, command: Json) -> None:
        self.heard.append(command)
        match command["text"]:
            case "silent":
                await ack()
            case "loud":
                await ack(text="For all", response_type="in_channel")
            case "wrong":
                await ack(blocks=[{"type": "nonsense"}])
            case _:
                await ack(text="Nothing due", blocks=card("Nothing due"))

    async def submitted(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        words = body["view"]["state"]["values"]["words"]["text"]["value"]
        match words:
            case "bad":
                await ack(response_action="errors", errors={"words": "Say it kindly"})
            case "more":
                await ack(response_action="update", view=comment("Again"))
            case "push":
                await ack(response_action="push", view=comment("Deeper"))
            case "clear":
                await ack(response_action="clear")
            case "broken":
                await ack(response_action="update", view=comment("x" * 25))
            case "boom":
                raise RuntimeError("boom")
            case _:
                await ack()

    async def closed(self, ack: Any, body: Json) -> None:
        await self.hear(ack, body)

    async def cities(self, ack: Any, body: Json) -> None:
        self.heard.append(body)
        names = [name for name in ("Lima", "Quito") if name.startswith(body["value"])]
        await ack(options=[option(name, name.lower()) for name in names])

    async def home(self, body: Json, client: AsyncWebClient) -> None:
        self.heard.append(body)
        view = {"type": "home", "blocks": card("Your day")}
        await client.views_publish(user_id=body["event"]["user"], view=view)


@pytest.fixture(params=["http", "socket"])
async def bot(
    request: pytest.FixtureRequest,
    slack: SlackSandbox,
    workspace: Workspace,
    client: AsyncWebClient,
) -> AsyncIterator[Bot]:
    bot = Bot(workspace, client)
    if request.param == "http":
        async with serving(request_url_app(bot.app)) as url:
            slack.deliver_to(url + "/slack/events")
            yield bot
        return
    handler = AsyncSocketModeHandler(bot.app, workspace.app_token)
    await handler.connect_async()
    await slack.until_sockets(1)
    try:
        yield bot
    finally:
        await handler.close_async()


def request_url_app(app: AsyncApp) -> Starlette:
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


@pytest.fixture
async def posted(bot: Bot, client: AsyncWebClient, ana: Person) -> None:
    await client.chat_postMessage(channel=ana.id, text="A visit", blocks=card("Farmacia"))


async def test_a_click_reaches_the_app_and_changes_the_card(
    bot: Bot, posted: None, hands: Hands
) -> None:
    delivery = await hands.click(hands.find("Farmacia"), "Complete")

    assert delivery.ok
    assert hands.find("Done").edited
    assert hands.find("Done").buttons() == []
    (action,) = bot.heard[0]["actions"]
    assert (action["action_id"], action["value"]) == ("complete", "7")
    assert bot.heard[0]["message"]["text"] == "A visit"


async def test_a_stale_card_can_still_be_clicked(bot: Bot, posted: None, hands: Hands) -> None:
    stale = hands.find("Farmacia")
    await hands.click(stale, "Complete")
    await hands.click(stale, "Reassign")
    assert bot.heard[1]["actions"][0]["selected_option"]["value"] == "reassign"
    assert bot.heard[1]["message"]["text"] == "Done"


async def test_the_same_envelope_can_come_twice_or_never(
    bot: Bot, posted: None, hands: Hands, slack: SlackSandbox
) -> None:
    delivery = await hands.click(hands.find("Farmacia"), "Reassign")
    await hands.click_again(delivery)
    assert bot.heard[0] == bot.heard[1]

    slack.lose_next_click()
    lost = await hands.click(hands.find("Farmacia"), "Reassign")
    assert (lost.via, lost.status, lost.ok) == ("lost", None, False)
    assert len(bot.heard) == 2


async def test_choosing_an_option_keeps_it_and_the_response_url_works(
    bot: Bot, posted: None, hands: Hands
) -> None:
    await hands.click(hands.find("Farmacia"), "One hour")
    values = bot.heard[0]["state"]["values"]
    (chosen,) = (entry for block in values.values() for entry in block.values())
    assert chosen["selected_option"]["value"] == "1h"
    snoozed = hands.find("Snoozed")
    assert snoozed.ephemeral


async def test_a_command_is_answered_to_its_writer_alone(
    bot: Bot, hands: Hands, workspace: Workspace, slack: SlackSandbox, ana: Person
) -> None:
    ben = slack.as_person(workspace.add_person("Ben Okafor"))
    ops = workspace.add_channel("ops", members=[ana, ben.person])

    answer = await hands.command("/tasks", "today", ops)
    assert answer is not None
    assert answer.ephemeral
    assert answer.buttons() == ["Complete", "One hour", "Reassign"]
    assert ben.messages(ops) == []
    assert bot.heard[0]["channel_name"] == "ops"

    await hands.command("/tasks", "loud", ops)
    assert ben.find("For all", ops)
    assert await hands.command("/tasks", "silent", ops) is None
    with pytest.raises(AppFailed, match="unsupported type"):
        await hands.command("/tasks", "wrong")


async def test_a_modal_is_filled_refused_and_accepted(bot: Bot, hands: Hands) -> None:
    await hands.shortcut("my_tasks")
    assert hands.modal is not None
    assert (hands.modal.title, hands.modal.fields()) == ("Comment", ["Your words"])

    assert await hands.submit() == {"Your words": "Please complete this required field."}
    await hands.fill("Your words", "x" * 21)
    assert await hands.submit() == {"Your words": "Please use at most 20 characters."}
    assert len(bot.heard) == 1, "the client refuses by itself"

    await hands.fill("Your words", "bad")
    assert await hands.submit() == {"Your words": "Say it kindly"}
    await hands.fill("Your words", "more")
    assert await hands.submit() == {}
    assert hands.modal.title == "Again"
    await hands.fill("Your words", "good")
    assert await hands.submit() == {}
    assert hands.modal is None


async def test_modals_pile_up_and_clear(bot: Bot, hands: Hands) -> None:
    await hands.shortcut("my_tasks")
    for _ in range(2):
        await hands.fill("Your words", "push")
        await hands.submit()
    assert hands.modal is not None
    assert hands.modal.title == "Deeper"
    await hands.fill("Your words", "push")
    with pytest.raises(AppFailed, match="push_limit_reached"):
        await hands.submit()
    delivery = await hands.close_modal()
    assert delivery is not None
    assert bot.heard[-1]["type"] == "view_closed"
    await hands.fill("Your words", "clear")
    await hands.submit()
    assert hands.modal is None


@pytest.mark.parametrize("words", ["broken", "boom"])
async def test_a_useless_answer_to_a_modal_is_an_error(
    bot: Bot, hands: Hands, slack: SlackSandbox, words: str
) -> None:
    await hands.shortcut("my_tasks")
    await hands.fill("Your words", words)
    slack.dispatcher.answer_within = 0.3  # over a socket, a crash is no answer at all
    with pytest.raises(AppFailed):
        await hands.submit()
    assert hands.modal is not None, "it stays open"
    assert hands.modal.title == "Comment"


async def test_a_trigger_lives_three_seconds(bot: Bot, hands: Hands, clock: MovableClock) -> None:
    bot.trigger_wait.clear()
    clicking = asyncio.create_task(hands.shortcut("my_tasks"))
    await bot.asked.wait()
    clock.advance(timedelta(seconds=3, milliseconds=1))
    bot.trigger_wait.set()
    await clicking
    assert bot.errors == ["expired_trigger_id"]
    assert hands.modal is None


async def test_a_late_answer_times_out(bot: Bot, hands: Hands, slack: SlackSandbox) -> None:
    slack.dispatcher.answer_within = 0.05
    bot.trigger_wait.clear()
    delivery = await hands.shortcut("my_tasks")
    assert (delivery.timed_out, delivery.ok) == (True, False)
    bot.trigger_wait.set()


async def test_home_and_events(bot: Bot, hands: Hands, slack: SlackSandbox, ana: Person) -> None:
    assert (await hands.open_home()).ok
    assert hands.home is not None
    assert "Your day" in hands.home.plain()
    await hands.click(hands.home, "Reassign", near="Your day")
    assert bot.heard[1]["container"] == {"type": "view", "view_id": hands.home.id}
    assert "response_url" not in bot.heard[1]

    delivery = await slack.change_person(ana, timezone="America/Lima")
    assert bot.heard[2]["event"]["user"]["tz"] == "America/Lima"
    await slack.retry_event(delivery)
    assert bot.heard[3]["event_id"] == bot.heard[2]["event_id"]
    await slack.change_person(ana, status=Status(":palm_tree:"))
    assert bot.heard[4]["event"]["user"]["profile"]["status_emoji"] == ":palm_tree:"


async def test_a_message_shortcut_carries_the_message(bot: Bot, hands: Hands) -> None:
    await hands.message_shortcut(hands.say("Call Wayne back"), "create_task")
    assert bot.heard[0]["message"]["text"] == "Call Wayne back"


async def test_a_menu_asks_the_app_for_its_options(
    bot: Bot, hands: Hands, client: AsyncWebClient, ana: Person
) -> None:
    menus = [menu("external_select", action_id="city", placeholder=plain("City"))]
    await client.chat_postMessage(channel=ana.id, text="x", blocks=[actions(*menus)])
    message = hands.messages()[-1]
    assert await hands.options(message, "city", "L") == ["Lima"]
    assert await hands.options(message, "city", "X") == []
    await hands.click(message, "Quito")
    assert bot.heard[-1]["actions"][0]["selected_option"]["value"] == "quito"
    with pytest.raises(LookupError, match="nothing says 'Bogotá'"):
        await hands.click(message, "Bogotá")


@pytest.mark.parametrize("bot", ["http"], indirect=True)
async def test_the_challenge_of_a_new_request_url(bot: Bot, slack: SlackSandbox) -> None:
    assert await slack.verify_url()
    slack.deliver_to("http://127.0.0.1:9/nobody")
    assert not await slack.verify_url()
