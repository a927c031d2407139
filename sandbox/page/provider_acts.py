"""What the page shows and does at the providers, as their own people would."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.routing import Route

from sandbox.page import asked
from sandbox.page.answering import body_of, get, post
from sandbox.page.boards import Board, Change, Draft
from sandbox.page.changes import Changes
from sandbox.slack import Workspace
from sandbox.slack.model import Json
from sandbox.trouble import Panel


class ProviderActs:
    """One method for each address below `/api/boards`."""

    def __init__(
        self, people: Workspace, boards: Mapping[str, Board], troubles: Panel, changes: Changes
    ) -> None:
        self._people = people
        self._boards = boards
        self._troubles = troubles
        self._changes = changes

    def routes(self, app_name: str) -> list[Route]:
        """All addresses; `app_name` is for what is told when the app fails."""
        board = "/api/boards/{board}"
        task = board + "/tasks/{task}"
        return [
            get("/api/boards", self.shown, app_name),
            post(board + "/tasks", self.add, app_name),
            get(board + "/requests/{number:int}", self.request, app_name),
            post(task + "/edit", self.edit, app_name),
            post(task + "/finish", self.finish, app_name),
            post(task + "/reopen", self.reopen, app_name),
            post(task + "/reassign", self.reassign, app_name),
            post(task + "/remove", self.remove, app_name),
        ]

    async def shown(self, request: Request) -> Json:
        """All boards, by name. The query names the revisions of those tasks that are known."""
        known = request.query_params
        return {
            name: board.shown(known.get(name, "")) | {"down": self._troubles.is_on(name, "down")}
            for name, board in self._boards.items()
        }

    async def request(self, request: Request) -> Json:
        """A request of the app, with what was answered."""
        return self._board(request).request(request.path_params["number"])

    async def add(self, request: Request) -> Json:
        """Add a task, or several at once."""
        body = await body_of(request, asked.NewTask)
        zone = self._people.person(body.person).timezone
        due = body.due(ZoneInfo(zone))
        board = self._board(request)
        drafts = [
            Draft(title, body.about, body.operators, due, zone, body.priority)
            for title in body.titles
        ]
        return self._changed({"ids": [board.add(draft) for draft in drafts]})

    async def edit(self, request: Request) -> Json:
        """Change a task."""
        body = await body_of(request, asked.EditedTask)
        zone = self._people.person(body.person).timezone
        due = body.due(ZoneInfo(zone))
        words = (body.title, body.about, body.priority, body.status)
        change = Change(zone, *words, redated=body.redated, due=due)
        self._board(request).edit(request.path_params["task"], change)
        return self._changed({})

    async def finish(self, request: Request) -> Json:
        """Finish a task elsewhere than in Slack."""
        self._board(request).finish(request.path_params["task"])
        return self._changed({})

    async def reopen(self, request: Request) -> Json:
        """Open a task again."""
        self._board(request).reopen(request.path_params["task"])
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

    def _board(self, request: Request) -> Board:
        return self._boards[request.path_params["board"]]

    def _changed(self, answer: Json) -> Json:
        self._changes.notify()
        return answer
