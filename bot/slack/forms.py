"""Opening a form: its trigger lives three seconds, so Slack is asked before the ack."""

from __future__ import annotations

import asyncio

import structlog

from bot.domain.model import Whisper
from bot.slack.blocks import Block
from bot.slack.client import SlackClient, SlackTrouble
from bot.slack.desk import Desk

SECONDS = 2.5

log = structlog.get_logger(__name__)


async def open_form(
    desk: Desk,
    slack: SlackClient,
    trigger: object,
    view: Block,
    user: str,
    channel: str | None,
    *,
    upon: bool = False,
) -> None:
    """Open a form for that user, or tell them, where they clicked, that it came too late. `upon`:
    it comes on top of the modal in which they clicked."""
    try:
        async with asyncio.timeout(SECONDS):
            if upon:
                await slack.push_view(str(trigger), view)
            else:
                await slack.open_view(str(trigger), view)
    except (SlackTrouble, TimeoutError) as trouble:
        log.warning("form not opened", error=str(trouble))
        await desk.whisper(user, channel, Whisper("form_expired"))
