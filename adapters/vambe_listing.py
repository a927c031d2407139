"""Where Vambe's tasks are found: one array for each question, by people and days (vendor docs, "get
tasks", "get all team members"). There is no call for one task, and none for statuses."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta

from adapters import contract as c
from adapters.http import Client
from adapters.vambe_due import Window
from adapters.vambe_statuses import Statuses
from adapters.vambe_wire import Listing, MemberRow, TaskRow, plain, read_listing

PEOPLE_AT_ONCE = 50
"""Each id takes 58 bytes of an address, and web servers refuse one beyond some thousands."""
TEAM_KEPT = timedelta(minutes=1)
"""How old a list of the team may be by which tasks are searched: the look-ups of a poll share it,
but who joins the team and is given a task must be in it soon."""
LOOK_AGAIN = timedelta(hours=1)
"""How often the whole team's tasks are searched for a final status while none is known."""
CLOCKS_APART = timedelta(minutes=1)
"""How much earlier than our clock Vambe's may say that a task was created."""

_UNREADABLE = "Vambe's list of tasks can't be read in full."


class Listings:
    """The tasks of one organization. `past`, `future`: how far from today they are looked for.
    Every listing teaches `statuses`."""

    def __init__(
        self,
        client: Client,
        clock: c.Clock,
        statuses: Statuses,
        *,
        past: timedelta,
        future: timedelta,
    ) -> None:
        self._client = client
        self._clock = clock
        self._statuses = statuses
        self._past = past
        self._future = future
        self._team: tuple[datetime, Listing[MemberRow]] | None = None
        self._looking = asyncio.Lock()
        self._looked_at: datetime | None = None

    def window(self, *dues: c.Due | None) -> Window:
        """The days around today, and those of these dues."""
        today = self._clock.now().date()
        return Window.around(dues, today - self._past, today + self._future)

    async def read(self, people: Sequence[str], window: Window) -> Listing[TaskRow]:
        """The tasks of these people. They are always named, as how to send the "empty array" that
        stands for all is not documented."""
        query = {"responsibleIds[]": people, **window.query()}
        found = read_listing(TaskRow, await self._client.get("tasks", query))
        self._statuses.learn(found.rows)
        return found

    async def team(self) -> Listing[MemberRow]:
        """The members of the team, as they are now."""
        found = read_listing(MemberRow, await self._client.get("team-members/all"))
        self._team = self._clock.now(), found
        return found

    async def look_for_statuses(self, *, wanted: bool = False) -> None:
        """Learn the statuses from all that the whole team has in the window: while none is known,
        or none that is final, once and then once an hour; and where one is `wanted`."""
        async with self._looking:
            if not wanted and not self._should_look():
                return
            for batch in batches((await self._recent_team()).ids):
                await self.read(batch, self.window())
            self._looked_at = self._clock.now()

    async def find(self, *sightings: c.Task) -> TaskRow | None:
        """The task that each of these shows, in different states: searched where it would be, then
        everywhere. Malformed when an unreadable row may be the one."""
        task_id, hidden = sightings[0].id, False
        async with aclosing(self._search(sightings)) as listings:
            async for found in listings:
                for row in found.rows:
                    if row.id == task_id:
                        return row
                hidden = hidden or found.may_hide(task_id)
        if hidden:
            raise c.Malformed(_UNREADABLE)
        return None

    async def made(self, draft: c.Draft, person: str) -> TaskRow | None:
        """The task of this draft, if it has been made: Vambe takes no mark of ours, so that it is
        known by title, person and time. Malformed when an unreadable row may be the one."""
        window = Window.around([draft.due], self._clock.now().date())
        earliest, hidden = draft.made_at - CLOCKS_APART, False
        for batch in batches([person]):
            found = await self.read(batch, window)
            for row in found.rows:
                is_new = row.created_at is not None and row.created_at >= earliest
                if is_new and plain(row.title) == plain(draft.title):
                    return row
            hidden = bool(found.lost)
        if hidden:
            raise c.Malformed(_UNREADABLE)
        return None

    def _should_look(self) -> bool:
        gap = self._statuses.gap is not None
        if self._looked_at is None:
            return gap or not self._statuses.any_seen
        return gap and self._clock.now() - self._looked_at >= LOOK_AGAIN

    async def _recent_team(self) -> Listing[MemberRow]:
        if self._team is None or self._clock.now() - self._team[0] >= TEAM_KEPT:
            return await self.team()
        return self._team[1]

    async def _search(self, sightings: Sequence[c.Task]) -> AsyncGenerator[Listing[TaskRow]]:
        people = {operator.id for task in sightings for operator in task.operators}
        dues = [task.due for task in sightings]
        today = [] if any(dues) else [self._clock.now().date()]
        for batch in batches(people):
            yield await self.read(batch, Window.around(dues, *today))
        team = await self._recent_team()
        for batch in batches(people | team.ids):
            yield await self.read(batch, self.window(*dues))
        if None in team.lost:
            # Somebody whom we can't ask about may have it.
            yield Listing([], frozenset({None}))


def batches(people: Iterable[str]) -> Iterator[list[str]]:
    """Each of these people once, as many together as an address can hold. Whoever can't be one of
    Vambe's is left out: a single such id makes it refuse the whole request."""
    known = sorted({person for person in people if _is_uuid(person)})
    for start in range(0, len(known), PEOPLE_AT_ONCE):
        yield known[start : start + PEOPLE_AT_ONCE]


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
