"""The HTTP side: Slack's requests, and how the bot is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

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
