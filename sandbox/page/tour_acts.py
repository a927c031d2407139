"""What the page shows of the tour, and how somebody goes through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.routing import Route

from sandbox.page import asked
from sandbox.page.answering import body_of, get, post
from sandbox.page.changes import Changes
from sandbox.slack.model import Json
from sandbox.tour import Tour


class TourActs:
    """One method for each address below `/api/tour`."""

    def __init__(self, tour: Tour, changes: Changes) -> None:
        self._tour = tour
        self._changes = changes
        self._acts: Mapping[str, Callable[[], None]] = {
            "next": lambda: tour.go(1),
            "back": lambda: tour.go(-1),
            "skip": tour.leave,
            "again": tour.again,
        }

    def routes(self, app_name: str) -> list[Route]:
        """All addresses; `app_name` is for what is told when the app fails."""
        return [
            get("/api/tour", self.shown, app_name),
            post("/api/tour/{act}", self.act, app_name),
        ]

    async def shown(self, _request: Request) -> Json:
        """The step that is on; none where there is no tour, or it is over."""
        self._tour.watch()
        steps, step = len(self._tour.steps), None
        if self._tour.open:
            on = self._tour.steps[self._tour.at]
            step = {
                "number": self._tour.at + 1,
                "title": on.title,
                "words": on.words,
                "target": asdict(on.target),
                "waits": on.done is not None,
            }
        return {"steps": steps, "step": step}

    async def act(self, request: Request) -> Json:
        """Go on or back, leave, or begin again."""
        await body_of(request, asked.Asked)
        self._acts[request.path_params["act"]]()
        self._changes.notify()
        return {}
