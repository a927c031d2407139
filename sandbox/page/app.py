"""The page and its interface.

`GET  /`               the stage                       `GET /seat.html`    one person's Slack
`GET  /api/state`      what a person sees of Slack     `GET /api/stage`    who is there
`GET  /api/boards`     the providers, without the tasks of revisions that the query names
`GET  /api/boards/{name}/requests/{number}`            a request of the app, and its answer
`GET  /api/changes`    server-sent events: look again
`POST /api/say`        a message or a command          `POST /api/read`    read a conversation
`POST /api/press`      a button, menu or picker        `POST /api/search`  a menu that asks the app
`POST /api/modal/submit|close`                         `POST /api/home`    look at a tab of the app
`POST /api/shortcut`   a global one, or of a message   `POST /api/dismiss` what one alone sees
`POST /api/status`     what stands beside one's name
`POST /api/boards/{name}/tasks[/{id}/edit|finish|reopen|reassign|remove]`
`GET|POST /api/clock`  the time, and move it ahead; `/api/clock/stop` where it is on its way
`GET  /api/troubles`   what breaks, and what struck    `POST /api/troubles/{service}/{name}`
`POST /api/troubles/clear`                             `POST /api/program/kill|stop|start`
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.page.boards import Board
from sandbox.page.changes import Changes
from sandbox.page.clock_acts import ClockActs
from sandbox.page.provider_acts import ProviderActs
from sandbox.page.slack_acts import SlackActs
from sandbox.page.tour_acts import TourActs
from sandbox.page.trouble_acts import TroubleActs
from sandbox.slack import SlackSandbox

_STATIC = Path(__file__).with_name("static")
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def page_app(
    slack: SlackSandbox,
    boards: Mapping[str, Board],
    time: ClockActs,
    trouble: TroubleActs,
    tour: TourActs,
    roles: Mapping[str, str],
    changes: Changes,
) -> Starlette:
    """The ASGI app of the page; `roles`: a word about a person, by user id."""
    acts = SlackActs(slack, roles, changes)
    providers = ProviderActs(slack.workspace, boards, trouble.panel, changes)
    name = slack.workspace.bot.real_name
    return Starlette(
        routes=[
            Route("/", _document("index.html")),
            Route("/seat.html", _document("seat.html")),
            Mount("/static", _Fresh(directory=_STATIC)),
            Route("/api/changes", _Stream(changes).respond),
            *acts.routes(name),
            *providers.routes(name),
            *time.routes(name),
            *trouble.routes(name),
            *tour.routes(name),
        ]
    )


def _document(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def respond(_request: Request) -> Response:
        return FileResponse(_STATIC / name, headers=_HEADERS)

    return respond


class _Fresh(StaticFiles):
    """Files that a browser asks about each time: parts of two versions do not fit together."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(_HEADERS | {"cache-control": "no-cache"})
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
