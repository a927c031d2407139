"""A served world, a small Bolt app that stands in for the bot, and a client in the page's place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import SystemClock
from sandbox.serve import serving
from sandbox.world import Addresses, World

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(label: str) -> Json:
    return {"text": plain(label), "value": label.lower()}


def card(title: str, line: str = "Visit") -> list[Json]:
    """A card with one element of each kind that acts."""
    button = {"type": "button", "action_id": "done", "text": plain("Complete"), "value": title}
    snooze = {"type": "static_select", "action_id": "snooze", "options": [option("One hour")]}
    find = {"type": "external_select", "action_id": "find", "min_query_length": 0}
    more = {"type": "overflow", "action_id": "more", "options": [option("Comment")]}
    return [
        {"type": "header", "text": plain(title)},
        {"type": "section", "text": {"type": "mrkdwn", "text": line}},
        {"type": "actions", "block_id": "acts", "elements": [button, snooze, find, more]},
    ]


def form() -> Json:
    """A modal that asks for words and a moment."""
    words = {"type": "plain_text_input", "action_id": "words"}
    moment = {"type": "datetimepicker", "action_id": "moment"}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Comment"),
        "submit": plain("Save"),
        "blocks": [
            {"type": "input", "block_id": "words", "label": plain("Words"), "element": words},
            {"type": "input", "block_id": "moment", "label": plain("When"), "element": moment},
        ],
    }


def title_of(words: str) -> Json:
    """What a view is called."""
    return {"title": plain(words)}


class StandIn:
    """An app that posts cards, opens a form and writes down what it hears."""

    def __init__(self, world: World, addresses: Addresses) -> None:
        self.heard: list[Json] = []
        self.looked_at: list[str] = []
        """Tabs, in the order in which they were opened."""
        self.broken = False
        """Whether it answers everything with 500."""
        workspace = world.slack.workspace
        self.client = AsyncWebClient(
            token=workspace.bot_token, base_url=addresses.slack_api_url, retry_handlers=[]
        )
        app = AsyncApp(
            client=self.client,
            token=workspace.bot_token,
            signing_secret=workspace.signing_secret,
            process_before_response=True,
        )
        app.action("done")(self._done)
        app.action("snooze")(self._heard)
        app.action("find")(self._heard)
        app.action("more")(self._more)
        app.options("find")(self._options)
        app.view("form")(self._submitted)
        app.command("/tasks")(self._tasks)
        app.shortcut("my_tasks")(self._heard)
        app.shortcut("create_task")(self._heard)
        app.event("app_home_opened")(self._home)
        app.event("user_change")(self._changed)
        self._handler = AsyncSlackRequestHandler(app)
        self.asgi = Starlette(routes=[Route("/slack/events", self._respond, methods=["POST"])])

    async def _respond(self, request: Request) -> Response:
        if self.broken:
            return Response("broken", 500)
        return await self._handler.handle(request)

    async def post(self, person: str, title: str, line: str = "Visit") -> None:
        """Send a card."""
        await self.client.chat_postMessage(channel=person, text=title, blocks=card(title, line))

    async def _done(self, ack: Any, body: Json, action: Json) -> None:
        await ack()
        self.heard.append(body)
        done = [{"type": "section", "text": plain(f"Done: {action['value']}")}]
        where = body["container"]
        await self.client.chat_update(
            channel=where["channel_id"], ts=where["message_ts"], text="Done", blocks=done
        )

    async def _heard(self, ack: Any, body: Json) -> None:
        await ack()
        self.heard.append(body)

    async def _more(self, ack: Any, body: Json) -> None:
        await ack()
        self.heard.append(body)
        await self.client.views_open(trigger_id=body["trigger_id"], view=form())

    async def _options(self, ack: Any, payload: Json) -> None:
        await ack(options=[option(f"{payload['value']} {number}") for number in (1, 2)])

    async def _submitted(self, ack: Any, view: Json) -> None:
        values = view["state"]["values"]
        self.heard.append(values)
        if values["words"]["words"]["value"] == "no":
            await ack(response_action="errors", errors={"words": "Say more."})
        else:
            await ack()

    async def _tasks(self, ack: Any, command: Json) -> None:
        self.heard.append(command)
        await ack(f"Nothing for “{command['text']}”.")

    async def _changed(self, ack: Any, event: Json) -> None:
        await ack()
        self.heard.append(event)

    async def _home(self, ack: Any, event: Json) -> None:
        await ack()
        self.looked_at.append(event["tab"])
        view = {"type": "home", "blocks": [{"type": "header", "text": plain("Your tasks")}]}
        await self.client.views_publish(user_id=event["user"], view=view)


@pytest.fixture
def world() -> World:
    """Seeded; it signs at the machine's time, as Bolt checks at that."""
    world = World(signing_clock=SystemClock())
    world.seed()
    return world


@pytest.fixture
async def addresses(world: World) -> AsyncIterator[Addresses]:
    async with world.served() as addresses:
        yield addresses


@pytest.fixture
async def app(world: World, addresses: Addresses) -> AsyncIterator[StandIn]:
    app = StandIn(world, addresses)
    async with serving(app.asgi) as url:
        world.slack.deliver_to(f"{url}/slack/events")
        yield app


class Page:
    """The page's requests, for one person."""

    def __init__(self, client: httpx2.AsyncClient, person: str) -> None:
        self.client = client
        self.person = person

    async def state(self, **more: str) -> Json:
        answer = await self.client.get("/api/state", params={"person": self.person, **more})
        found: Json = answer.json()
        return found

    async def boards(self) -> Json:
        found: Json = (await self.client.get("/api/boards")).json()
        return found

    async def tasks(self, board: str) -> dict[str, Json]:
        """The tasks of a provider by title."""
        return {task["title"]: task for task in (await self.boards())[board]["tasks"]}

    async def post(self, path: str, expect: int = 200, **body: Any) -> Json:
        """Post as this person; gives the answer, which must have the expected status."""
        answer = await self.client.post(path, json={"person": self.person, **body})
        assert answer.status_code == expect, answer.text
        found: Json = answer.json()
        return found

    async def press(self, action_id: str, value: Any = None, expect: int = 200) -> Json:
        """Press something in the newest message."""
        message = (await self.state())["messages"][-1]
        where = {"channel": message["channel"], "ts": message["ts"], "block_id": "acts"}
        return await self.post("/api/press", expect, **where, action_id=action_id, value=value)


@pytest.fixture
async def client(addresses: Addresses) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=addresses.page_url, trust_env=False) as client:
        yield client


@pytest.fixture
def page(client: httpx2.AsyncClient, world: World) -> Page:
    """Ana's page."""
    return Page(client, world.cast.ana.id)
