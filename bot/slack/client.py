"""What the bot asks of Slack, with every failure named by what to do next.

No retries here: the SDK's own would post twice what was cut off after it was processed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.choices import Away
from bot.slack.blocks import Rendered

EVENTS = {"card": "taskbell_card", "notice": "taskbell_notice", "board": "taskbell_board"}
"""The metadata's event type of each kind of message."""
TIMEOUT_SECONDS = 10
_LATE = 2.0
"""How long before an attempt its message may be dated: clocks differ."""

PACED = frozenset({"conversations.open", "users.info", "users.lookupByEmail"})
"""The methods whose calls are spent when they are made. Deliveries spend theirs when it is decided
who goes first; whatever answers a click at once waits for nothing."""

_AWAY = frozenset({":palm_tree:", ":face_with_thermometer:"})
"""The emoji of Slack's own "Vacationing" and "Out sick", whatever the words beside them."""

_TOKEN_ERRORS = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "account_inactive", "token_expired"}
)
_PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class SlackTrouble(Exception):
    """Slack did not do what was asked; the text holds no secret and no personal data."""


class SlackRefused(SlackTrouble):
    """For good: asking again would be refused again. `code` is Slack's."""

    def __init__(self, method: str, code: str) -> None:
        super().__init__(f"Slack refused {method}: {code}")
        self.code = code


class SlackUnauthorized(SlackTrouble):
    """The bot token is missing, wrong or revoked, or lacks a scope: an admin can mend that."""


class SlackBusy(SlackTrouble):
    """Rate-limited: nothing was done; ask again after `retry_after` seconds."""

    def __init__(self, method: str, retry_after: float) -> None:
        super().__init__(f"Slack allows {method} again in {retry_after:g} s")
        self.retry_after = retry_after


class SlackAway(SlackTrouble):
    """No usable answer. `ambiguous`: it may have been done all the same."""

    def __init__(self, method: str, *, ambiguous: bool) -> None:
        super().__init__(f"Slack did not answer {method}")
        self.ambiguous = ambiguous


class Pace(Protocol):
    """Slack's budgets."""

    async def take(self, method: str) -> float:
        """Spend a call; gives for how many seconds there is none to spend: 0, it is spent."""
        ...

    async def hold(self, method: str, seconds: float) -> None:
        """Slack refuses this method for so long."""
        ...


@dataclass(frozen=True, slots=True)
class Workspace:
    """Whose token it is."""

    team_id: str
    bot_user_id: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a user."""

    id: str
    name: str | None
    timezone: str | None
    locale: str | None
    """Such as `es-ES`; None where Slack was not asked for it."""
    usable: bool
    """Neither deactivated nor a bot."""
    away: Away | None = None
    """By their status."""


class SlackClient:
    """The Web API, by what the bot needs of it. Every method may raise any `SlackTrouble`.

    `pace`: None where so little is asked that no budget matters."""

    def __init__(self, web: AsyncWebClient, pace: Pace | None = None) -> None:
        self._web = web
        self._pace = pace

    async def workspace(self) -> Workspace:
        answer = await self._ask("auth.test", {})
        return Workspace(answer["team_id"], answer["user_id"])

    async def open_im(self, user: str) -> str:
        """The direct conversation with that user (D…)."""
        answer = await self._ask("conversations.open", {"users": user})
        return str(answer["channel"]["id"])

    async def post(self, channel: str, message: Rendered, kind: str, key: str) -> tuple[str, str]:
        """Post a message that can be recognised by `key`; returns where it stands and its ts. For
        a user Slack takes the direct conversation with them."""
        answer = await self._ask(
            "chat.postMessage",
            {
                "channel": channel,
                "text": message.text,
                "blocks": message.blocks,
                "metadata": _metadata(kind, key),
                "unfurl_links": False,
                "unfurl_media": False,
            },
        )
        return str(answer["channel"]), str(answer["ts"])

    async def update(self, channel: str, ts: str, message: Rendered, kind: str, key: str) -> None:
        await self._ask(
            "chat.update",
            {
                "channel": channel,
                "ts": ts,
                "text": message.text,
                "blocks": message.blocks,
                "metadata": _metadata(kind, key),
            },
        )

    async def whisper(self, channel: str, user: str, message: Rendered) -> None:
        """Say something that only that user sees."""
        await self._ask(
            "chat.postEphemeral",
            {"channel": channel, "user": user, "text": message.text, "blocks": message.blocks},
        )

    async def find_posted(self, channel: str, key: str, since: datetime) -> str | None:
        """The ts of the first message that was posted with `key` since then and stands."""
        found = (await self.standing(channel, since)).get(key)
        return found[0] if found else None

    async def standing(self, channel: str, since: datetime) -> dict[str, list[str]]:
        """By key, the ts of each message of ours since then that stands, the first one first."""
        found: dict[str, list[str]] = {}
        cursor = ""
        while True:
            page: dict[str, Any] = {
                "channel": channel,
                "oldest": f"{since.timestamp() - _LATE:.6f}",
                "inclusive": True,
                "include_all_metadata": True,
                "limit": 200,
            }
            answer = await self._ask("conversations.history", page | {"cursor": cursor})
            for message in answer.get("messages", ()):
                metadata = message.get("metadata", {})
                if metadata.get("event_type") in EVENTS.values():
                    key = str(metadata.get("event_payload", {}).get("key"))
                    found.setdefault(key, []).insert(0, str(message["ts"]))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def delete(self, channel: str, ts: str) -> None:
        """Take a message of ours away."""
        await self._ask("chat.delete", {"channel": channel, "ts": ts})

    async def profile(self, user: str) -> Profile:
        answer = await self._ask("users.info", {"user": user, "include_locale": True})
        return _profile(answer["user"])

    async def profile_by_email(self, email: str) -> Profile | None:
        """The user with that address; None when Slack knows none."""
        try:
            answer = await self._ask("users.lookupByEmail", {"email": email})
        except SlackRefused as refusal:
            if refusal.code == "users_not_found":
                return None
            raise
        return _profile(answer["user"])

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        await self._ask("views.open", {"trigger_id": trigger_id, "view": view})

    async def push_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        """Open a form on top of the one in which somebody acted."""
        await self._ask("views.push", {"trigger_id": trigger_id, "view": view})

    async def publish_home(self, user: str, view: Mapping[str, Any]) -> None:
        """Show somebody another App Home."""
        await self._ask("views.publish", {"user_id": user, "view": view})

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """Replace what stands in a form that is open."""
        await self._ask("views.update", {"view_id": view_id, "view": view})

    async def respond(self, response_url: str, message: Rendered, *, below: bool = False) -> None:
        """Replace the message that the response_url belongs to; or, `below`, leave it, and show
        the person another that nobody else sees."""
        body = {"replace_original": not below, "text": message.text, "blocks": message.blocks}
        if below:
            body["response_type"] = "ephemeral"
        session = self._web.session
        assert session is not None  # noqa: S101 - `connect` always gives one
        try:
            async with session.post(response_url, json=body) as answer:
                if answer.status != 200:
                    raise SlackRefused("response_url", f"HTTP {answer.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackAway("response_url", ambiguous=True) from error

    async def _ask(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if self._pace is None:
            return await self._call(method, body)
        if method in PACED and (wait := await self._pace.take(method)) > 0:
            raise SlackBusy(method, wait)
        try:
            return await self._call(method, body)
        except SlackBusy as busy:
            await self._pace.hold(method, busy.retry_after)
            raise

    async def _call(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        # Only chat and views take JSON; the reading methods want their arguments as a form.
        writes = method.startswith(("chat.", "views."))
        arguments = {k: v for k, v in body.items() if v != ""}
        try:
            if writes:
                answer = await self._web.api_call(method, json=arguments)
            else:
                answer = await self._web.api_call(method, data=_form(arguments))
        except SlackApiError as error:
            raise named(method, error) from error
        except aiohttp.ClientConnectorError as error:
            raise SlackAway(method, ambiguous=False) from error
        except (aiohttp.ClientError, SlackClientError, TimeoutError, ValueError) as error:
            raise SlackAway(method, ambiguous=True) from error
        if not isinstance(answer.data, dict):
            raise SlackAway(method, ambiguous=True)
        return answer.data


def _metadata(kind: str, key: str) -> dict[str, Any]:
    return {"event_type": EVENTS[kind], "event_payload": {"key": key}}


def _form(arguments: dict[str, Any]) -> dict[str, str]:
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in arguments.items()
    }


def named(method: str, error: SlackApiError) -> SlackTrouble:
    """What Slack's refusal of a call means."""
    answer: Any = error.response
    if not isinstance(answer, AsyncSlackResponse):  # the SDK could not read the answer
        return SlackAway(method, ambiguous=True)
    status = answer.status_code
    code = answer.get("error") if isinstance(answer.data, dict) else None
    if status == 429 or code == "ratelimited":
        return SlackBusy(method, _retry_after(answer.headers))
    if code in _TOKEN_ERRORS:
        return SlackUnauthorized(f"Slack refuses the bot token ({code})")
    if code == "missing_scope":
        return SlackUnauthorized(f"Slack refuses {method}: the app was installed without a scope")
    if code is None or code in _PASSING or status >= 500:
        return SlackAway(method, ambiguous=True)
    return SlackRefused(method, str(code))


def _retry_after(headers: Mapping[str, Any]) -> float:
    found = next((v for k, v in headers.items() if k.lower() == "retry-after"), "1")
    value = found[0] if isinstance(found, list) else found
    try:
        return max(float(value), 0.0)
    except ValueError:
        return 1.0


def _profile(user: Mapping[str, Any]) -> Profile:
    profile = user.get("profile") or {}
    name = profile.get("display_name") or user.get("real_name") or user.get("name")
    return Profile(
        id=str(user["id"]),
        name=name,
        timezone=user.get("tz"),
        locale=user.get("locale"),
        usable=not user.get("deleted") and not user.get("is_bot"),
        away=_away(profile),
    )


def _away(profile: Mapping[str, Any]) -> Away | None:
    if profile.get("status_emoji") not in _AWAY:
        return None
    ends = int(profile.get("status_expiration") or 0)
    return Away(datetime.fromtimestamp(ends, UTC) if ends else None)


@asynccontextmanager
async def connect(
    token: str, base_url: str, pace: Pace | None = None
) -> AsyncIterator[tuple[SlackClient, AsyncWebClient]]:
    """A client over one shared session, for as long as the block runs."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        web = AsyncWebClient(
            token=token, base_url=base_url, session=session, retry_handlers=[],
            timeout=TIMEOUT_SECONDS,
        )  # fmt: skip
        yield SlackClient(web, pace), web
