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
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox.page import asked
from sandbox.page.answering import body_of, get, post
from sandbox.page.boards import Board, Draft
from sandbox.page.changes import Changes
from sandbox.page.slack_acts import SlackActs
from sandbox.running_clock import WorldClock
from sandbox.slack import SlackSandbox
from sandbox.slack.model import Json

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
    acts, providers = SlackActs(slack, changes), _Providers(slack, boards, clock, changes)
    name = slack.workspace.bot.real_name
    task = "/api/boards/{board}/tasks"
    return Starlette(
        routes=[
            Route("/", _index),
            Mount("/static", _Fresh(directory=_STATIC)),
            Route("/api/changes", _Stream(changes).respond),
            get("/api/state", acts.state, name),
            get("/api/boards", providers.shown, name),
            post("/api/say", acts.say, name),
            post("/api/read", acts.read, name),
            post("/api/press", acts.press, name),
            post("/api/search", acts.search, name),
            post("/api/home", acts.open_home, name),
            post("/api/modal/submit", acts.submit, name),
            post("/api/modal/close", acts.close, name),
            post(task, providers.add, name),
            post(task + "/{task}/finish", providers.finish, name),
            post(task + "/{task}/reassign", providers.reassign, name),
            post(task + "/{task}/remove", providers.remove, name),
            post("/api/boards/{board}/outage", providers.outage, name),
            post("/api/clock", providers.move_clock, name),
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


class _Providers:
    """What the page shows and does at the providers, and the clock."""

    def __init__(
        self,
        slack: SlackSandbox,
        boards: Mapping[str, Board],
        clock: WorldClock,
        changes: Changes,
    ) -> None:
        self._people = slack.workspace
        self._boards = boards
        self._clock = clock
        self._changes = changes

    async def shown(self, _request: Request) -> Json:
        """All boards, by name."""
        return {name: board.shown() for name, board in self._boards.items()}

    async def add(self, request: Request) -> Json:
        """Add a task."""
        body = await body_of(request, asked.NewTask)
        zone = self._people.person(body.person).timezone
        due = body.due(ZoneInfo(zone))
        draft = Draft(body.title, body.about, body.operators, due, zone, body.priority)
        return self._changed({"id": self._board(request).add(draft)})

    async def finish(self, request: Request) -> Json:
        """Finish a task elsewhere than in Slack."""
        self._board(request).finish(request.path_params["task"])
        return self._changed({})

    async def reassign(self, request: Request) -> Json:
        """Give a task to somebody else."""
        body = await body_of(request, asked.Reassigned)
        self._board(request).reassign(request.path_params["task"], body.operators)
        return self._changed({})

    async def remove(self, request: Request) -> Json:
        """Take a task away."""
        self._board(request).remove(request.path_params["task"])
        return self._changed({})

    async def outage(self, request: Request) -> Json:
        """Take a provider down, or up again."""
        body = await body_of(request, asked.Outage)
        self._board(request).take_down(body.down)
        return self._changed({})

    async def move_clock(self, request: Request) -> Json:
        """Move the time ahead."""
        body = await body_of(request, asked.Step)
        now = self._clock.advance(timedelta(minutes=body.minutes))
        return self._changed({"now": now.timestamp()})

    def _board(self, request: Request) -> Board:
        return self._boards[request.path_params["board"]]

    def _changed(self, answer: Json) -> Json:
        self._changes.notify()
        return answer
