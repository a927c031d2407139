"""What somebody does about a task that they put off."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.snoozing import Snooze
from bot.slack import actions
from bot.slack.clicks import Body, click_of, form_key, in_modal, value_of
from bot.slack.client import SlackClient
from bot.slack.desk import Click, Desk
from bot.slack.forms import open_form
from bot.slack.snoozing import read_snooze, snooze_modal


class SnoozeListeners:
    """Snoozes, as Bolt calls them."""

    def __init__(self, desk: Desk, slack: SlackClient) -> None:
        self._desk = desk
        self._slack = slack

    def register(self, app: AsyncApp) -> None:
        app.action(actions.SNOOZE)(self.chosen)
        app.action(actions.WAKE)(self.woken)
        app.view(actions.SNOOZE_MODAL)(self.picked)

    async def chosen(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """A task is to be put off."""
        await self.choose(body, action)
        await ack()

    async def choose(self, body: Body, action: Body) -> bool:
        """Take a choice of how long, from whatever menu it comes; False where it is none."""
        wanted = actions.read_snooze_value(value_of(action))
        if wanted is None:
            return False
        task_key, choice = wanted
        what = {"task": task_key, "choice": choice.value, **actions.place_of(_block_id(action))}
        click = click_of(body, action, "snooze", what)
        opened = choice is Snooze.PICK and await self._open_form(task_key, body, click)
        if not opened:
            await self._desk.record(click)
        return True

    async def _open_form(self, task_key: str, body: Body, click: Click) -> bool:
        """Ask when it comes back; False where it would be refused anyway."""
        asked = await self._desk.snoozing(task_key, click.slack_user)
        if asked is None:
            return False
        private = json.dumps(
            {
                "body": dict(click.body),
                "channel": click.channel,
                "message_ts": click.message_ts,
                "response_url": click.response_url,
            }
        )
        view = snooze_modal(asked.title, private, asked.reader, self._desk.now())
        user, channel = click.slack_user, click.channel
        trigger = body.get("trigger_id")
        await open_form(self._desk, self._slack, trigger, view, user, channel, upon=in_modal(body))
        return True

    async def picked(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """A moment was picked: check it at its field, then store it like a click."""
        origin = json.loads(view["private_metadata"])
        user = body["user"]["id"]
        what: dict[str, Any] = origin["body"]
        asked = await self._desk.snoozing(what["task"], user)
        if asked is not None:
            found = read_snooze(view["state"]["values"], asked.reader, self._desk.now())
            if not isinstance(found, datetime):
                await ack(response_action="errors", errors=found)
                return
            what = {**what, "until": found.isoformat()}
        click = Click(
            key=form_key(body, view),
            kind="snooze",
            slack_user=user,
            body=what,
            channel=origin["channel"],
            message_ts=origin["message_ts"],
            response_url=origin["response_url"],
        )
        await self._desk.record(click)
        await ack()

    async def woken(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """A snoozed task is wanted back."""
        await self._desk.record(click_of(body, action, "wake", {"task": value_of(action)}))
        await ack()


def _block_id(action: Body) -> str:
    return str(action.get("block_id", ""))
