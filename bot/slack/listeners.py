"""What the bot hears from Slack. A listener validates, stores one intent and acks; the only other
things done here are opening a form, whose trigger lives three seconds, and answering `/tasks`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext

from bot.domain.language import ENGLISH
from bot.slack import actions, commands
from bot.slack.blocks import found_options
from bot.slack.clicks import (
    Body,
    carried,
    click_of,
    completed,
    user_of,
    value_of,
)
from bot.slack.client import SlackClient
from bot.slack.create_listeners import CreateListeners
from bot.slack.desk import Click, Desk
from bot.slack.forms import open_form
from bot.slack.home_listeners import HomeListeners
from bot.slack.linking_listeners import LinkingListeners
from bot.slack.modals import answer_modal, read_form
from bot.slack.settings_listeners import SettingsListeners
from bot.slack.snooze_listeners import SnoozeListeners

_OPENED = "app_home_opened"

log = structlog.get_logger(__name__)


class Listeners:
    """Everything that people can do, as Bolt calls it."""

    def __init__(self, desk: Desk, slack: SlackClient) -> None:
        self._desk = desk
        self._slack = slack
        self._settings = SettingsListeners(desk, slack)
        self._creations = CreateListeners(desk, slack)
        self._snoozes = SnoozeListeners(desk, slack)
        self._lists = HomeListeners(desk, slack)
        self._links = LinkingListeners(desk, slack)

    def register(self, app: AsyncApp) -> None:
        app.middleware(self.meet)
        app.command("/tasks")(self.tasks)
        app.action(actions.ANSWER)(self.answer)
        app.action(actions.UNDO)(self.undo)
        app.action(actions.SEEN_TO)(self.seen_to)
        app.options(actions.ANSWER_SEARCH)(self.search)
        app.view(actions.ANSWER_MODAL)(self.form)
        self._settings.register(app)
        self._creations.register(app)
        self._snoozes.register(app)
        self._lists.register(app)
        self._links.register(app)
        app.event("user_change")(self.user_change)
        for event in ("tokens_revoked", "app_uninstalled"):
            app.event(event)(self.revoked)

    async def meet(
        self,
        body: Body,
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002
    ) -> None:
        """Whoever does something is known before it is answered; a change of a profile, which
        Slack tells of everybody in the workspace, is nothing that they did here."""
        event = body.get("event") or {"type": _OPENED}
        if context.user_id and event["type"] == _OPENED:
            await self._desk.meet(context.user_id)
        await next()

    async def tasks(self, ack: AsyncAck, body: Body) -> None:
        """`/tasks …`: answered at once from stored state, or by a form."""
        typed = commands.as_typed(str(body.get("text") or ""))
        word, rest = commands.split(typed)
        if word == "settings":
            await self._settings.open(body)
        elif word == "link":
            await self._links.open(body)
        elif word == "new":
            await self._creations.open(body, rest)
        else:
            message = await commands.answer(self._desk, user_of(body), typed)
            await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")
            return
        await ack()

    async def answer(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """An outcome was chosen on a card or in a list."""
        pressed = actions.read_answer_value(value_of(action))
        if pressed is None:
            if not await self._snoozes.choose(body, action):
                await self._explain(body, action)
            await ack()
            return
        click = click_of(body, action, "answer", _answer_body(pressed, action))
        opened = pressed.form and await self._open_form(pressed, body, click)
        if not opened:
            await self._desk.record(click)
        await ack()

    async def _explain(self, body: Body, action: Body) -> None:
        """It may be the question why the card came."""
        task_key = actions.read_why_value(value_of(action))
        if task_key is not None:
            await self._desk.explain(click_of(body, action, "why", {}), task_key)

    async def _open_form(self, pressed: actions.Pressed, body: Body, click: Click) -> bool:
        """Open the form of an outcome; False when the answer would be refused anyway."""
        form = await self._desk.form(pressed, click.slack_user)
        if form is None:
            return False
        private, now = carried(click), self._desk.now()
        view = answer_modal(form.title, form.connection, form.outcome, private, form.reader, now)
        await open_form(self._desk, self._slack, body, view)
        return True

    async def form(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """A form was sent: check it at its fields, then store it like a click."""
        origin = json.loads(view["private_metadata"])
        pressed = actions.Pressed(origin["body"]["task"], origin["body"]["outcome"], form=True)
        user = user_of(body)
        form = await self._desk.form(pressed, user)
        fields: dict[str, str] = {}
        if form is not None:
            values = view["state"]["values"]
            fields, errors = read_form(values, form.outcome, self._desk.now(), form.reader)
            if errors:
                await ack(response_action="errors", errors=errors)
                return
        click = completed(body, view, {"fields": fields})
        await self._desk.record(click)
        await ack()

    async def undo(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """An answer is to be taken back."""
        what = {"submission": value_of(action), **actions.place_of(str(action.get("block_id", "")))}
        await self._desk.record(click_of(body, action, "undo", what))
        await ack()

    async def seen_to(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Somebody will see to an overdue task of others."""
        await self._desk.record(click_of(body, action, "seen_to", {"task": value_of(action)}))
        await ack()

    async def search(self, ack: AsyncAck, body: Body) -> None:
        """Options of a search select, for more answers than a menu holds."""
        place = actions.read_block_id(str(body.get("block_id", "")))
        found = await self._desk.outcomes(place.task_key) if place else ()
        key = place.task_key if place else ""
        # Only outcomes are searched for, and their names are the provider's.
        await ack(options=found_options(ENGLISH, key, found, str(body.get("value", ""))))

    async def user_change(self, ack: AsyncAck, body: Body) -> None:
        """Somebody's profile changed, perhaps their zone."""
        user = body["event"].get("user") or {}
        await self._desk.person_changed(str(user.get("id", "")))
        await ack()

    async def revoked(self, ack: AsyncAck, body: Body) -> None:
        log.error("slack revoked the bot's access", event_type=body["event"]["type"])
        await ack()


def _answer_body(pressed: actions.Pressed, action: Body) -> dict[str, Any]:
    body: dict[str, Any] = {"task": pressed.task_key, "outcome": pressed.token}
    return body | actions.place_of(str(action.get("block_id", "")))
