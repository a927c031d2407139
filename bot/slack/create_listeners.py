"""What somebody does who wants a new task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.model import Whisper
from bot.slack import actions
from bot.slack.blocks import option
from bot.slack.clicks import Body, channel_of, form_key, user_of
from bot.slack.client import SlackClient
from bot.slack.create_modal import (
    chosen_place,
    create_modal,
    nowhere_modal,
    read_create,
    read_subject_id,
    said_title,
)
from bot.slack.desk import Click, Desk
from bot.slack.forms import change_form, open_form

log = structlog.get_logger(__name__)


class CreateListeners:
    """The form of a new task, as Bolt calls it."""

    def __init__(self, desk: Desk, slack: SlackClient) -> None:
        self._desk = desk
        self._slack = slack

    def register(self, app: AsyncApp) -> None:
        app.message_shortcut(actions.CREATE_SHORTCUT)(self.from_message)
        app.action(actions.NEW_TASK)(self.pressed)
        app.action(actions.CREATE_WHERE)(self.elsewhere)
        app.options(actions.CREATE_SUBJECT)(self.subjects)
        app.view(actions.CREATE_MODAL)(self.sent)

    async def open(self, body: Body, words: str = "", note: str = "") -> None:
        """Ask somebody about a new task, of which they have said `words`."""
        user = user_of(body)
        form = await self._desk.creation(user, words)
        if form is None:
            view = nowhere_modal(await self._desk.reader(user))
        else:
            origin = {"channel": channel_of(body), "where": form.place.connection.name}
            view = create_modal(replace(form, note=note), json.dumps(origin))
        await open_form(self._desk, self._slack, body, view)

    async def pressed(self, ack: AsyncAck, body: Body) -> None:
        """A new task is asked for by a button."""
        await self.open(body)
        await ack()

    async def from_message(self, ack: AsyncAck, body: Body) -> None:
        """A message is to become a task: its first line is the title, the whole the note."""
        said = str((body.get("message") or {}).get("text") or "").strip()
        title, _, more = said.partition("\n")
        await self.open(body, title, note=said if more else "")
        await ack()

    async def elsewhere(self, ack: AsyncAck, body: Body) -> None:
        """Another connection was chosen: ask what that one wants to know. What is filled in
        stays, as its fields do."""
        view = body["view"]
        where = chosen_place(view["state"]["values"])
        form = await self._desk.creation(user_of(body), "", where)
        if form is not None:
            origin = {**json.loads(view["private_metadata"]), "where": form.place.connection.name}
            await change_form(self._slack, body, create_modal(form, json.dumps(origin)))
        await ack()

    async def subjects(self, ack: AsyncAck, body: Body) -> None:
        """Options of the search for what a task concerns."""
        name, typed = read_subject_id(str(body.get("block_id", ""))), str(body.get("value", ""))
        found = await self._desk.subjects(user_of(body), name, typed) if name else ()
        await ack(options=[option(one.label, one.value) for one in found])

    async def sent(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """The form was sent: check it at its fields, then store it like a click."""
        origin: Mapping[str, Any] = json.loads(view["private_metadata"])
        values, user = view["state"]["values"], user_of(body)
        form = await self._desk.creation(user, "", chosen_place(values) or origin["where"])
        if form is None:  # they could when it was opened
            said = {"title": said_title(values), "connection": origin["where"]}
            await self._desk.whisper(user, origin["channel"], Whisper("cannot_create", said))
            await ack()
            return
        fields, errors = read_create(values, form)
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        wanted = {"connection": form.place.connection.name, "fields": fields}
        click = Click(
            key=form_key(body, view),
            kind="create",
            slack_user=user,
            body=wanted,
            channel=origin["channel"],
        )
        await self._desk.record(click)
        await ack()
