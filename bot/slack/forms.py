"""Opening a form, and changing it. Its trigger lives three seconds, so Slack is asked before the
ack."""

from __future__ import annotations

import asyncio

import structlog

from bot.domain.model import Whisper
from bot.slack.blocks import Block
from bot.slack.clicks import Body, channel_of, in_modal, user_of
from bot.slack.client import SlackClient, SlackTrouble
from bot.slack.desk import Desk

SECONDS = 2.5

log = structlog.get_logger(__name__)


async def open_form(desk: Desk, slack: SlackClient, body: Body, view: Block) -> None:
    """Open a form for whoever acted, on top of the modal in which they did, if it was one; or tell
    them that it came too late."""
    trigger = str(body.get("trigger_id"))
    try:
        async with asyncio.timeout(SECONDS):
            if in_modal(body):
                await slack.push_view(trigger, view)
            else:
                await slack.open_view(trigger, view)
    except (SlackTrouble, TimeoutError) as trouble:
        log.warning("form not opened", error=str(trouble))
        await desk.whisper(user_of(body), channel_of(body), Whisper("form_expired"))


async def change_form(slack: SlackClient, body: Body, view: Block) -> None:
    """Show another form in the place of the one in which somebody acted; if Slack does not take it
    in time, that one stays."""
    try:
        async with asyncio.timeout(SECONDS):
            await slack.update_view(body["view"]["id"], view)
    except (SlackTrouble, TimeoutError) as trouble:
        log.warning("form not changed", error=str(trouble))
