"""What somebody does about a task that they put off."""

from __future__ import annotations

from datetime import datetime

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.snoozing import Snooze
from bot.slack import actions
from bot.slack.clicks import (
    Body,
    carried,
    click_of,
    completed,
    value_of,
)
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
        view = snooze_modal(asked.title, carried(click), asked.reader, self._desk.now())
        await open_form(self._desk, self._slack, body, view)
        return True

    async def picked(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """A moment was picked: check it at its field, then store it like a click."""
        click = completed(body, view, {})
        asked = await self._desk.snoozing(str(click.body["task"]), click.slack_user)
        if asked is not None:
            found = read_snooze(view["state"]["values"], asked.reader, self._desk.now())
            if not isinstance(found, datetime):
                await ack(response_action="errors", errors=found)
                return
            click = completed(body, view, {"until": found.isoformat()})
        await self._desk.record(click)
        await ack()

    async def woken(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """A snoozed task is wanted back."""
        await self._desk.record(click_of(body, action, "wake", {"task": value_of(action)}))
        await ack()


def _block_id(action: Body) -> str:
    return str(action.get("block_id", ""))
