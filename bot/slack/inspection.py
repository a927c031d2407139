"""What Slack tells of the bot's tokens and places, for `taskbell doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import SlackAway, SlackRefused, SlackTrouble, named


@dataclass(frozen=True, slots=True)
class Heard:
    """Slack's answer to one call. `trouble`: why there is no `body`, its Slack error in `code` if
    it has one. `scopes`: those of the token, where Slack names them; `dated`: Slack's clock."""

    body: Mapping[str, Any]
    trouble: SlackTrouble | None = None
    code: str | None = None
    scopes: frozenset[str] | None = None
    dated: datetime | None = None


class Inspection:
    """Questions to Slack about the bot itself. Trouble is told, not raised."""

    def __init__(self, web: AsyncWebClient) -> None:
        self._web = web

    async def token(self) -> Heard:
        """Whose the bot token is (`auth.test`)."""
        return await _ask(self._web, "auth.test")

    async def socket(self, app_token: str) -> Heard:
        """Whether the app token may open a socket. None is opened: just its address is asked."""
        return await _ask(self._web, "apps.connections.open", app_token)

    async def channel(self, channel: str) -> Heard:
        """What the bot may see of a channel."""
        return await _ask(self._web, "conversations.info", channel=channel)

    async def delete(self, channel: str, ts: str) -> SlackTrouble | None:
        """Take a message of the bot's away again."""
        return (await _ask(self._web, "chat.delete", channel=channel, ts=ts)).trouble


async def _ask(
    web: AsyncWebClient, method: str, token: str | None = None, **arguments: str
) -> Heard:
    # The SDK looks for another token than its own among the query's, and takes it out of there.
    other = {"token": token} if token else None
    try:
        answer = await web.api_call(method, data=arguments, params=other)
    except SlackApiError as error:
        trouble, response = named(method, error), error.response
        body = getattr(response, "data", None)
        code = body.get("error") if isinstance(body, dict) else None
        headers = getattr(response, "headers", {})
        return Heard({}, trouble, code, _scopes(headers), _dated(headers))
    except (aiohttp.ClientError, SlackClientError, TimeoutError, ValueError):
        return Heard({}, SlackAway(method, ambiguous=False))
    body = answer.data
    if not isinstance(body, dict):
        return Heard({}, SlackRefused(method, "unreadable answer"))
    return Heard(body, None, None, _scopes(answer.headers), _dated(answer.headers))


def _scopes(headers: Mapping[str, Any]) -> frozenset[str] | None:
    found = _header(headers, "x-oauth-scopes")
    if found is None:
        return None
    return frozenset(part.strip() for part in found.split(",") if part.strip())


def _dated(headers: Mapping[str, Any]) -> datetime | None:
    try:
        dated = parsedate_to_datetime(_header(headers, "date") or "")
    except ValueError:
        return None
    return dated.replace(tzinfo=UTC) if dated.tzinfo is None else dated.astimezone(UTC)


def _header(headers: Mapping[str, Any], name: str) -> str | None:
    found = next((value for key, value in headers.items() if key.lower() == name), None)
    return None if found is None else str(found)
