"""The Bolt app and its two ways to hear Slack: HTTP behind the gate, and Socket Mode."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.clock import Clock
from bot.slack.client import SlackClient, SlackRefused, SlackUnauthorized, named
from bot.slack.desk import Desk
from bot.slack.gate import Gate
from bot.slack.listeners import Listeners

log = structlog.get_logger(__name__)


def build_bolt(
    web: AsyncWebClient, desk: Desk, slack: SlackClient, bot_user: Callable[[], str | None]
) -> AsyncApp:
    """The Bolt app with its listeners. It verifies nothing itself: the gate has done so, by our
    clock, and Socket Mode needs no signature. `bot_user`: our own user, once it is known."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # Bolt's own way asks Slack with the first click: a Slack that is slow then costs it.
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=web.token,
            bot_user_id=bot_user(),
        )

    app = AsyncApp(
        name="taskbell",  # else Bolt reads the source of everybody who called it
        # Bolt warns that it does not use the token which it finds in the environment by itself.
        logger=_without_warnings(),
        client=AsyncWebClient(base_url=web.base_url, session=web.session),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )
    Listeners(desk, slack).register(app)
    return app


class Endpoint:
    """Slack's requests: through the gate, then to Bolt. An instance, because Starlette takes a
    function for something else than an ASGI app."""

    def __init__(self, app: AsyncApp, signing_secret: str, clock: Clock) -> None:
        self._handler = AsyncSlackRequestHandler(app)
        self._gate: ASGIApp = Gate(self._to_bolt, signing_secret, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._gate(scope, receive, send)

    async def _to_bolt(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._handler.handle(Request(scope, receive))
        await response(scope, receive, send)


@asynccontextmanager
async def socket_mode(app: AsyncApp, app_token: str) -> AsyncIterator[None]:
    """Hear Slack over a socket for as long as the block runs; a Slack that is away is tried again
    and again. Raises AppTokenRefused."""
    handler = AsyncSocketModeHandler(app, app_token, logger=_one_line_logger())
    try:
        handler.client.wss_uri = await _address(handler.client)
        # Not awaited: the SDK tries for ever, and the bot can be stopped meanwhile.
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


class AppTokenRefused(Exception):
    """The app token is wrong, revoked, or lacks its scope."""


async def _address(client: SocketModeClient) -> str | None:
    """The first socket's address; None: Slack is away. The SDK would ask for it itself, and never
    give up on a wrong token."""
    try:
        answer = await client.web_client.apps_connections_open(app_token=client.app_token or "")
        return str(answer["url"])
    except SlackApiError as error:
        trouble = named("apps.connections.open", error)
        if isinstance(trouble, SlackRefused | SlackUnauthorized):
            raise AppTokenRefused(
                f"Slack refuses the app token ({error.response.get('error')})"
            ) from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError) as error:
        log.warning("socket not opened yet", error=str(error))
    return None


def _without_warnings() -> logging.Logger:
    logger = logging.getLogger("taskbell.bolt")
    logger.setLevel(logging.ERROR)
    return logger


class _OneLine(logging.Filter):
    """Keeps tracebacks out: that Slack is away for a while is no mistake of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        record.msg = str(record.msg).replace("\n", " ")
        return True


def _one_line_logger() -> logging.Logger:
    logger = logging.getLogger("slack_sdk.socket_mode")
    if not logger.filters:
        logger.addFilter(_OneLine())
    return logger
