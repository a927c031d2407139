"""What somebody does about who is who."""

from __future__ import annotations

import json

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.wording import forms
from bot.slack import actions
from bot.slack.clicks import (
    Body,
    channel_of,
    click_of,
    form_key,
    user_of,
    value_of,
)
from bot.slack.client import SlackClient
from bot.slack.desk import Click, Desk
from bot.slack.forms import change_form, open_form
from bot.slack.linking import (
    chosen_operator,
    chosen_where,
    link_modal,
    nowhere_modal,
    operator_options,
    searched_at,
)

log = structlog.get_logger(__name__)

_DECISIONS = {actions.LINK_APPROVE: "link_approve", actions.LINK_REFUSE: "link_refuse"}


class LinkingListeners:
    """Requests for links, what admins decide, and the end of links, as Bolt calls them."""

    def __init__(self, desk: Desk, slack: SlackClient) -> None:
        self._desk = desk
        self._slack = slack

    def register(self, app: AsyncApp) -> None:
        app.action(actions.LINK)(self.pressed)
        app.action(actions.LINK_WHERE)(self.elsewhere)
        app.options(actions.LINK_OPERATOR)(self.operators)
        app.view(actions.LINK_MODAL)(self.sent)
        for action_id in _DECISIONS:
            app.action(action_id)(self.decided)
        app.action(actions.UNLINK)(self.unlink)

    async def open(self, body: Body, where: str = "") -> None:
        """Ask somebody who they are; `where`: at that connection."""
        user = user_of(body)
        form = await self._desk.link_form(user, where)
        if form is None:
            view = nowhere_modal((await self._desk.reader(user)).language)
        else:
            view = link_modal(form, json.dumps({"channel": channel_of(body)}))
        await open_form(self._desk, self._slack, body, view)

    async def pressed(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """The form is asked for by a button."""
        await self.open(body, value_of(action))
        await ack()

    async def elsewhere(self, ack: AsyncAck, body: Body) -> None:
        """Another connection was chosen, which has other operators."""
        view = body["view"]
        where = chosen_where(view["state"]["values"])
        form = await self._desk.link_form(user_of(body), where or "")
        if form is not None:
            await change_form(self._slack, body, link_modal(form, view["private_metadata"]))
        await ack()

    async def operators(self, ack: AsyncAck, body: Body) -> None:
        """Options of the search for an operator."""
        user, typed = user_of(body), str(body.get("value", ""))
        name = searched_at(str(body.get("block_id", "")))
        found = await self._desk.operators(user, name, typed) if name else ()
        language = (await self._desk.reader(user)).language
        await ack(options=operator_options(language, found))

    async def sent(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """The form was sent: store the request like a click."""
        user, chosen = user_of(body), chosen_operator(view["state"]["values"])
        if chosen is None:  # the operator of a connection that was left again
            language = (await self._desk.reader(user)).language
            blocks = [one["block_id"] for one in view["blocks"] if searched_at(one["block_id"])]
            said = language.say(forms.UNKNOWN_CHOICE)
            await ack(response_action="errors", errors=dict.fromkeys(blocks, said))
            return
        click = Click(
            key=form_key(body, view),
            kind="link_request",
            slack_user=user,
            body={"connection": chosen[0], "operator": chosen[1]},
            channel=json.loads(view["private_metadata"])["channel"],
        )
        await self._desk.record(click)
        await ack()

    async def decided(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """An admin decides about a proposed link."""
        decision = actions.read_decision(value_of(action))
        if decision is not None:
            what = {"proposal": decision[0], "holder": decision[1]}
            click = click_of(body, action, _DECISIONS[action["action_id"]], what)
            await self._desk.record(click)
        await ack()

    async def unlink(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """Somebody gives up a link."""
        meant = actions.read_operator(value_of(action))
        if meant is not None:
            what = {"connection": meant[0], "operator": meant[1]}
            await self._desk.record(click_of(body, action, "unlink", what))
        await ack()
