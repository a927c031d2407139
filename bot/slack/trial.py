"""A message to somebody and away again: whether the bot can really speak."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.language import ENGLISH
from bot.slack.blocks import Rendered, context, plain_section, rendered, title
from bot.slack.client import SlackClient, SlackRefused, SlackTrouble
from bot.slack.inspection import Inspection

TITLE = "A card on trial"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was tried; `trouble`: why it failed, `code` Slack's word for it."""

    name: str
    trouble: str | None = None
    code: str | None = None


async def try_speaking(
    slack: SlackClient, inspection: Inspection, user: str, now: datetime
) -> list[Step]:
    """Post a card to `user`, update it, find it again, and delete it. What cannot be done without
    a step that failed is left out."""
    key, place = secrets.token_hex(12), _Place()

    async def open_conversation() -> None:
        place.channel = await slack.open_im(user)

    async def post() -> None:
        words = _card("taskbell doctor posts it.")
        place.channel, place.ts = await slack.post(place.channel, words, "card", key)

    async def update() -> None:
        words = _card("taskbell doctor has changed it, and takes it away.")
        await slack.update(place.channel, place.ts, words, "card", key)

    async def find() -> None:
        if await slack.find_posted(place.channel, key, now) != place.ts:
            raise SlackRefused("conversations.history", "the message is not there")

    async def delete() -> None:
        if (trouble := await inspection.delete(place.channel, place.ts)) is not None:
            raise trouble

    needed = [await _step("open the conversation", open_conversation)]
    if needed[-1].trouble is None:
        needed.append(await _step("post", post))
    if not place.ts:
        return needed
    rest = {"update": update, "find again": find, "delete": delete}
    return needed + [await _step(name, work) for name, work in rest.items()]


@dataclass(slots=True)
class _Place:
    channel: str = ""
    ts: str = ""


async def _step(name: str, work: Callable[[], Awaitable[None]]) -> Step:
    try:
        await work()
    except SlackTrouble as trouble:
        code = trouble.code if isinstance(trouble, SlackRefused) else None
        return Step(name, str(trouble), code)
    return Step(name)


def _card(words: str) -> Rendered:
    return rendered(
        f"{TITLE}: {words}", [title(ENGLISH, TITLE), plain_section(words), context("Taskbell")]
    )
