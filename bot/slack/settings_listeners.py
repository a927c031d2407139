"""What somebody does about their settings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import actions
from bot.slack.clicks import Body, click_of, form_key, user_of
from bot.slack.client import SlackClient
from bot.slack.desk import Click, Desk
from bot.slack.forms import change_form, open_form
from bot.slack.settings_modal import (
    country_options,
    reset_modal,
    settings_modal,
    zone_options,
)
from bot.slack.settings_reading import read_settings

log = structlog.get_logger(__name__)


class SettingsListeners:
    """The form of one's settings, as Bolt calls it. It is built and read in a thread: what it knows
    of the world's languages and holidays takes a while to load."""

    def __init__(self, desk: Desk, slack: SlackClient) -> None:
        self._desk = desk
        self._slack = slack

    def register(self, app: AsyncApp) -> None:
        app.action(actions.SETTINGS)(self.pressed)
        app.action(actions.SETTINGS_RESET)(self.reset)
        app.options(actions.SETTINGS_ZONE)(self.zones)
        app.options(actions.SETTINGS_COUNTRY)(self.countries)
        app.view(actions.SETTINGS_MODAL)(self.sent)

    async def open(self, body: Body) -> None:
        """Show somebody their settings."""
        form = await self._desk.settings(user_of(body))
        view = await asyncio.to_thread(settings_modal, form, self._desk.now())
        await open_form(self._desk, self._slack, body, view)

    async def pressed(self, ack: AsyncAck, body: Body) -> None:
        """The settings are asked for by a button."""
        await self.open(body)
        await ack()

    async def sent(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """The form was sent: check it at its fields, then store what was chosen."""
        user = user_of(body)
        form = await self._desk.settings(user)
        values, now = view["state"]["values"], self._desk.now()
        chosen, errors = await asyncio.to_thread(read_settings, values, form, now)
        if errors:
            await ack(response_action="errors", errors=errors)
            return
        await self._desk.record(_choice(form_key(body, view), user, chosen))
        await ack()

    async def reset(self, ack: AsyncAck, body: Body, action: Body) -> None:
        """All that was chosen is taken back; the form says so."""
        click = click_of(body, action, "settings", {"chosen": {}})
        await self._desk.record(click)
        form = await self._desk.settings(click.slack_user)
        view = reset_modal(form.reader.language)
        await change_form(self._slack, body, view)
        await ack()

    async def zones(self, ack: AsyncAck, body: Body) -> None:
        """Options of the search for a time zone."""
        form, typed = await self._desk.settings(user_of(body)), str(body.get("value", ""))
        await ack(options=await asyncio.to_thread(zone_options, form, typed, self._desk.now()))

    async def countries(self, ack: AsyncAck, body: Body) -> None:
        """Options of the search for a country."""
        form, typed = await self._desk.settings(user_of(body)), str(body.get("value", ""))
        await ack(options=await asyncio.to_thread(country_options, form, typed))


def _choice(key: str, user: str, chosen: Mapping[str, str]) -> Click:
    return Click(key=key, kind="settings", slack_user=user, body={"chosen": chosen})
