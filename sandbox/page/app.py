"""The page and its interface.

`GET  /api/state`      what a person sees of Slack     `GET /api/boards`   the providers
`GET  /api/changes`    server-sent events: look again
`POST /api/say`        a message or a command          `POST /api/read`    read a conversation
`POST /api/press`      a button, menu or picker        `POST /api/search`  a menu that asks the app
`POST /api/modal/submit|close`                         `POST /api/home`    open the home tab
`POST /api/boards/{name}/tasks[/{id}/finish|reassign|remove]`, `/api/boards/{name}/outage`
`POST /api/clock`      move the time ahead
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.page.answering import get, post
from sandbox.page.boards import Board
from sandbox.page.changes import Changes
from sandbox.page.clock_acts import ClockActs
from sandbox.page.provider_acts import ProviderActs
from sandbox.page.slack_acts import SlackActs
from sandbox.running_clock import WorldClock
from sandbox.slack import SlackSandbox

_STATIC = Path(__file__).with_name("static")
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def page_app(
    slack: SlackSandbox, boards: Mapping[str, Board], clock: WorldClock, changes: Changes
) -> Starlette:
    """The ASGI app of the page."""
    acts = SlackActs(slack, changes)
    providers = ProviderActs(slack.workspace, boards, changes)
    time = ClockActs(clock, changes)
    name = slack.workspace.bot.real_name
    return Starlette(
        routes=[
            Route("/", _index),
            Mount("/static", _Fresh(directory=_STATIC)),
            Route("/api/changes", _Stream(changes).respond),
            get("/api/state", acts.state, name),
            post("/api/say", acts.say, name),
            post("/api/read", acts.read, name),
            post("/api/press", acts.press, name),
            post("/api/search", acts.search, name),
            post("/api/home", acts.open_home, name),
            post("/api/modal/submit", acts.submit, name),
            post("/api/modal/close", acts.close, name),
            *providers.routes(name),
            *time.routes(name),
        ]
    )


async def _index(_request: Request) -> Response:
    return FileResponse(_STATIC / "index.html", headers=_HEADERS)


class _Fresh(StaticFiles):
    """Files that a browser asks about each time: parts of two versions do not fit together."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


class _Stream:
    """Server-sent events."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def respond(self, _request: Request) -> Response:
        headers = {"cache-control": "no-store"}
        return StreamingResponse(
            self._changes.stream(), media_type="text/event-stream", headers=headers
        )
