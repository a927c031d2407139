"""The gallery, hung in a Slack of this process, and an app that takes whatever is done there."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.gallery import hang
from sandbox.serve import serving
from sandbox.slack import Conversation, Person, View
from sandbox.slack.views import update_modal
from sandbox.world import World
from tests.browser.demo import PATIENCE


@dataclass
class Gallery:
    """A world in whose Slack the gallery hangs, and what its app has heard."""

    world: World
    address: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    _told: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ana(self) -> Person:
        """For whom the modal is open."""
        return self.world.cast.ana

    @property
    def ben(self) -> Person:
        """Who has none."""
        return self.world.cast.ben

    def seat(self, person: Person, tab: str = "messages") -> str:
        """Where a person looks at the gallery, or at the app's home."""
        workspace = self.world.slack.workspace
        channel = self._hung if tab == "messages" else workspace.direct(person)
        return f"/seat.html#person={person.id}&conversation={channel.id}&tab={tab}"

    async def acted(self, key: str, value: object) -> None:
        """Wait until the app has heard that somebody gave an element this value."""
        async with asyncio.timeout(PATIENCE):
            while not any(_plain(act.get(key, ...)) == value for act in self._acts):
                self._told.clear()
                await self._told.wait()

    @property
    def _acts(self) -> list[dict[str, Any]]:
        return [one["actions"][0] for one in self.heard if one["type"] == "block_actions"]

    @property
    def _hung(self) -> Conversation:
        known = self.world.slack.workspace.conversations.values()
        return next(one for one in known if one.name == "gallery")

    @property
    def modal(self) -> View:
        """The one that is open for Ana."""
        return self.world.slack.workspace.modals[self.ana.id][0]

    def redraw_modal(self) -> None:
        """Put its blocks into the modal once more, as an app does that answers a click."""
        update_modal(self.world.slack.workspace, self.modal, self.modal.body)
        self.world.changes.notify()

    def edit_messages(self) -> None:
        """Edit all messages: they say the same, and are drawn anew."""
        workspace = self.world.slack.workspace
        for post in self._hung.posts:
            workspace.edit_post(post, text=f"{post.text}, edited")
        self.world.changes.notify()

    async def answer(self, request: Request) -> Response:
        """Take what Slack sends; offer two options for whatever is searched."""
        form = parse_qs((await request.body()).decode())
        if "payload" not in form:  # an event
            return Response()
        told = json.loads(form["payload"][0])
        self.heard.append(told)
        self._told.set()
        if told["type"] != "block_suggestion":
            return Response()
        labels = [f"{told['value']} {number}" for number in (1, 2)]
        return JSONResponse({"options": [_option(label) for label in labels]})


def _plain(value: Any) -> Any:
    """Options by their values."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value["value"] if isinstance(value, dict) else value


def _option(label: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": label}, "value": label}


@contextlib.asynccontextmanager
async def hung() -> AsyncIterator[Gallery]:
    """The gallery while the block runs."""
    world = World()
    gallery = Gallery(world)
    app = Starlette(routes=[Route("/", gallery.answer, methods=["POST"])])
    async with serving(app) as app_address, world.served() as addresses:
        gallery.address = addresses.page_url
        world.slack.deliver_to(app_address)
        hang(world.slack, gallery.address.rstrip("/"))
        yield gallery
