"""What the page does to the time."""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.routing import Route

from sandbox.page import asked
from sandbox.page.answering import body_of, post
from sandbox.page.changes import Changes
from sandbox.running_clock import WorldClock
from sandbox.slack.model import Json


class ClockActs:
    """One method for each address below `/api/clock`."""

    def __init__(self, clock: WorldClock, changes: Changes) -> None:
        self._clock = clock
        self._changes = changes

    def routes(self, app_name: str) -> list[Route]:
        """All addresses; `app_name` is for what is told when the app fails."""
        return [post("/api/clock", self.move, app_name)]

    async def move(self, request: Request) -> Json:
        """Move the time ahead."""
        body = await body_of(request, asked.Step)
        now = self._clock.advance(timedelta(minutes=body.minutes))
        self._changes.notify()
        return {"now": now.timestamp()}
