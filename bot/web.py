"""The HTTP side: Slack's requests, providers' pushes, and how the bot is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from adapters.contract import ProviderError, Unauthorized
from bot.pushes import NotSubscribed, Pushes
from bot.request_body import read_body
from bot.store.database import StorageError

Health = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]
Metrics = Callable[[], Awaitable[bytes]]

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""The text format of Prometheus."""

log = structlog.get_logger(__name__)


def build_telling(health: Health, metrics: Metrics) -> Starlette:
    """The ASGI app of a process that only tells how it is."""
    return Starlette(routes=_telling(health, metrics))


def _telling(health: Health, metrics: Metrics) -> list[Route]:
    async def healthz(_: Request) -> Response:
        well, details = await health()
        return JSONResponse(details, 200 if well else 503)

    async def scraped(_: Request) -> Response:
        return Response(await metrics(), media_type=METRICS_TYPE)

    return [
        Route("/healthz", healthz, methods=["GET"]),
        Route("/metrics", scraped, methods=["GET"]),
    ]


def build_web(
    health: Health, metrics: Metrics, pushes: Mapping[str, Pushes], slack: ASGIApp | None
) -> Starlette:
    """The ASGI app. `pushes`: those of the connections that have some, by name; `slack`: what
    takes Slack's requests, None in Socket Mode."""

    async def webhook(request: Request) -> Response:
        try:
            status, words = await _take(request, pushes.get(request.path_params["connection"]))
        except StorageError as error:
            log.warning("push not stored", error=str(error))
            status, words = 503, "not now"
        return PlainTextResponse(words, status)

    routes = [
        *_telling(health, metrics),
        Route("/webhooks/{connection}", webhook, methods=["POST"]),
        Route("/webhooks/{connection}/{token}", webhook, methods=["POST"]),
    ]
    if slack is not None:
        routes.append(Route("/slack/events", slack, methods=["POST"]))
    return Starlette(routes=routes)


async def _take(request: Request, pushes: Pushes | None) -> tuple[int, str]:
    """Take a push; how to answer it. Providers repeat what is answered 503."""
    found = await pushes.find(request.path_params.get("token", "")) if pushes else None
    if pushes is None or found is None:
        return 404, "no such webhook"
    body = await read_body(request.receive)
    if body is None:
        return 413, "too large"
    try:
        await pushes.take(found, request.headers, body)
    except NotSubscribed:
        return 503, "not subscribed yet"
    except Unauthorized:
        return 401, "not signed by the provider"
    except ProviderError:
        return 400, "not readable"
    return 200, "taken"
