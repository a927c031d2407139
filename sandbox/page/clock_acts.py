"""What the page shows of the time, and how it moves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.routing import Route

from sandbox.journey import Journeys
from sandbox.page import asked
from sandbox.page.answering import body_of, get, post
from sandbox.running_clock import WorldClock
from sandbox.slack import Workspace
from sandbox.slack.model import Json

FARTHEST = timedelta(days=31)
"""How far the clock can be moved at once."""

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment worth going to: `name` says what will be seen, `at` the time on the clock of whoever
    looks, on the first day that still has it ahead or, with `working_days`, on the last of so many
    working days (Monday to Friday) that have."""

    name: str
    at: time
    working_days: int = 0

    def after(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The moment, seen from `now` in that zone."""
        today = now.astimezone(zone).date()
        moments = (datetime.combine(today + timedelta(days=n), self.at, zone) for n in count())
        ahead = (moment for moment in moments if moment > now)
        if not self.working_days:
            return next(ahead)
        working = (moment for moment in ahead if moment.weekday() < _SATURDAY)
        return next(islice(working, self.working_days - 1, None))


class ClockActs:
    """One method for each address below `/api/clock`."""

    def __init__(
        self,
        clock: WorldClock,
        journeys: Journeys,
        people: Workspace,
        moments: Sequence[Moment] = (),
    ) -> None:
        self._clock = clock
        self._journeys = journeys
        self._people = people
        self._moments = moments

    def routes(self, app_name: str) -> list[Route]:
        """All addresses; `app_name` is for what is told when the app fails."""
        return [
            get("/api/clock", self.shown, app_name),
            post("/api/clock", self.move, app_name),
            post("/api/clock/stop", self.stop, app_name),
        ]

    async def shown(self, request: Request) -> Json:
        """The time, the journey under way, and the moments worth going to for `person`."""
        zone = self._zone(request.query_params["person"])
        now, leg = self._clock.now(), self._journeys.leg
        moments = [
            {"name": one.name, "at": one.after(now, zone).timestamp()} for one in self._moments
        ]
        return {
            "now": now.timestamp(),
            "journey": leg and {"since": leg.since.timestamp(), "until": leg.until.timestamp()},
            "moments": moments,
        }

    async def move(self, request: Request) -> Json:
        """Move the time ahead: by some minutes, to a moment, or to a date and hour of a person."""
        body = await body_of(request, asked.Move)
        now = self._clock.now()
        until = self._until(body, now)
        if until - now > FARTHEST:
            raise ValueError(f"The clock can be moved by {FARTHEST.days} days at once, no more.")
        self._journeys.begin(until)
        return {"now": self._clock.now().timestamp()}

    async def stop(self, request: Request) -> Json:
        """Let the time stay where it is on its way."""
        await body_of(request, asked.Asked)
        await self._journeys.stop()
        return {"now": self._clock.now().timestamp()}

    def _until(self, body: asked.Move, now: datetime) -> datetime:
        if body.to is not None:
            return datetime.fromtimestamp(body.to, UTC)
        if body.local is not None:
            return datetime.combine(body.local, body.local.time(), self._zone(body.person))
        return now + timedelta(minutes=body.minutes or 0)

    def _zone(self, person: str) -> ZoneInfo:
        return ZoneInfo(self._people.person(person).timezone)
