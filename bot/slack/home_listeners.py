"""What somebody does who looks at their tasks: in lists, in App Home, and in a modal."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.lists import Filter, Look
from bot.slack import actions
from bot.slack.clicks import (
    Body,
    click_of,
    key_of,
    user_of,
    value_of,
)
from bot.slack.client import SlackClient
from bot.slack.desk import Click, Desk
from bot.slack.forms import open_form
from bot.slack.home import tasks_modal


class HomeListeners:
    """Lists wherever they stand, as Bolt calls them."""

    def __init__(self, desk: Desk, slack: SlackClient) -> None:
        self._desk = desk
        self._slack = slack

    def register(self, app: AsyncApp) -> None:
        app.event("app_home_opened")(self.opened)
        app.global_shortcut(actions.MY_TASKS_SHORTCUT)(self.my_tasks)
        app.action(actions.LIST_PAGE)(self.turn)
        app.action(actions.LIST_REFRESH)(self.turn)
        app.action(actions.LIST_SHOW)(self.show)

    async def opened(self, ack: AsyncAck, body: Body) -> None:
        """Somebody looks at App Home: it is drawn anew."""
        event = body["event"]
        if event.get("tab") == "home":
            user = str(event["user"])
            key = key_of({"team": {"id": body.get("team_id")}}, user, str(body.get("event_id")))
            await self._desk.record(Click(key=key, kind="home", slack_user=user, body={}))
        await ack()

    async def my_tasks(self, ack: AsyncAck, body: Body) -> None:
        """The list in a view of its own."""
        user = user_of(body)
        view = tasks_modal(await self._desk.listing(user, Look(Filter.DEFAULT)))
        await open_form(self._desk, self._slack, body, view)
        await ack()

    async def turn(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Another page of a list, another list, or the same anew."""
        look = actions.read_look(value_of(action))
        if look is not None:
            await self._desk.record(click_of(body, action, "list", actions.look_fields(look)))
        await ack()

    async def show(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """A list, below the message with the button."""
        look = actions.read_look(value_of(action))
        if look is not None:
            what = {**actions.look_fields(look), "below": True}
            await self._desk.record(click_of(body, action, "list", what))
        await ack()
