"""The Bolt app and its two ways to hear Slack: HTTP behind the gate, and Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.clock import Clock
from bot.slack.client import SlackClient
from bot.slack.desk import Desk
from bot.slack.gate import Gate
from bot.slack.listeners import Listeners


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
    """Hear Slack over a socket for as long as the block runs."""
    handler = AsyncSocketModeHandler(app, app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
