"""The HTTP side: Slack's requests, and how the bot is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.domain.clock import Clock
from bot.slack.gate import Gate

Health = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]


def build_web(health: Health, slack: ASGIApp | None) -> Starlette:
    """The ASGI app. `slack`: what takes Slack's requests; None in Socket Mode."""

    async def healthz(_: Request) -> Response:
        well, details = await health()
        return JSONResponse(details, 200 if well else 503)

    routes = [Route("/healthz", healthz, methods=["GET"])]
    if slack is not None:
        routes.append(Route("/slack/events", slack, methods=["POST"]))
    return Starlette(routes=routes)


def slack_endpoint(app: AsyncApp, signing_secret: str, clock: Clock) -> ASGIApp:
    """Slack's requests: through the gate, then to Bolt."""
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler.handle(Request(scope, receive))
        await response(scope, receive, send)

    return _Endpoint(Gate(endpoint, signing_secret, clock))


class _Endpoint:
    """An ASGI app as a route's endpoint: Starlette takes functions for request handlers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
