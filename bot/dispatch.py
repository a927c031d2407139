"""Dispatch: who is delivered to next, within Slack's pace, and how many calls are under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.delivery import Delivering
from bot.domain.model import Person
from bot.engine.crew import Crew
from bot.ground import Ground
from bot.store import list_views, pace, screens
from bot.store.database import Tx
from bot.store.list_views import ListView
from bot.store.messages import Message
from bot.store.pace import Turn
from bot.store.screens import Screen
from bot.viewing import LEASE as VIEW_LEASE, METHODS as VIEWS, Viewing

LEASE = timedelta(seconds=60)
"""How long one attempt may take; afterwards it is unknown whether the message stands."""

AT_ONCE = 16
"""So many calls of one method are under way at most: when it hangs, the others go on."""

LISTS = "response_url"
"""How lists are redrawn: no method of the Web API, but here it is as one."""

SHORT_REST = timedelta(seconds=1)
"""How long to look away when another process has taken what was due."""

CROWDED = timedelta(milliseconds=100)
"""So long what has taken all the room there was is taken to have more behind it, and all else is
not looked at."""

PACED = timedelta(seconds=15)
"""A turn that is further off is not held up by the pace: Slack has asked for a pause."""


class Dispatching:
    """Gives every message its turn. `workspace` names the budgets of Slack's methods."""

    def __init__(
        self, ground: Ground, delivering: Delivering, viewing: Viewing, workspace: str
    ) -> None:
        self._ground = ground
        self._delivering = delivering
        self._viewing = viewing
        self._workspace = workspace
        self._crew = Crew(self._begin, ground.clock)
        self._crowded: frozenset[str] = frozenset()
        self._looked_at = ground.clock.now()
        self.wake, self.stop = self._crew.wake, self._crew.stop

    async def work(self) -> datetime | None:
        """Deliver all whose turn it is; returns when the next turn is."""
        return await self._crew.work()

    def next_due(self, tx: Tx) -> datetime | None:
        """When the next turn is."""
        found = self._turns(tx, self._ground.clock.now())
        return min((turn.at for turn in found.values()), default=None)

    async def paced_until(self) -> datetime | None:
        """When the next of those messages goes that are due and wait for nothing but Slack's pace;
        None where there is none."""
        now = self._ground.clock.now()
        found = await self._ground.db.read(lambda tx: self._turns(tx, now))
        held_up = [turn.at for turn in found.values() if turn.due_at <= now < turn.at]
        return min((at for at in held_up if at - now <= PACED), default=None)

    def _turns(self, tx: Tx, now: datetime) -> dict[str, Turn]:
        found = dict(pace.next_turns(tx, self._workspace, now))
        for kind, due_at in screens.next_due(tx, now).items():
            found[VIEWS[kind]] = pace.turn(tx, self._workspace, VIEWS[kind], due_at)
        redraw_at = list_views.next_due(tx)
        return found if redraw_at is None else found | {LISTS: Turn(redraw_at, redraw_at)}

    async def _begin(self, crew: Crew) -> datetime | None:
        while not crew.stopping:
            now = self._ground.clock.now()
            due = self._room(crew, self._crowded) if now - self._looked_at < CROWDED else {}
            looks = not due
            if looks:
                found = await self._ground.db.read(partial(self._turns, now=now))
                rooms = self._room(crew, found)
                due = {method: room for method, room in rooms.items() if found[method].at <= now}
                if not due:
                    return min((found[method].at for method in rooms), default=None)
                self._looked_at = now
            taken = await self._take(crew, due, now)
            self._crowded = frozenset(one for one, room in due.items() if taken[one] == room)
            if looks and not taken:
                return now + SHORT_REST
            if self._crowded == due.keys():
                return now + CROWDED
        return None

    @staticmethod
    def _room(crew: Crew, methods: Iterable[str]) -> dict[str, int]:
        """How many more calls may be under way by those methods that have any left."""
        rooms = {method: AT_ONCE - crew.under_way(method) for method in methods}
        return {method: room for method, room in rooms.items() if room > 0}

    async def _take(self, crew: Crew, rooms: Mapping[str, int], now: datetime) -> Counter[str]:
        """Claim what goes now by these methods, and begin it; tells how much by which."""

        def work(
            tx: Tx,
        ) -> tuple[list[tuple[str, Message, Person]], ListView | None, list[Screen]]:
            return *self._claim(tx, rooms, now), self._claim_views(tx, rooms, now)

        claimed, view, seen = await self._ground.db.write(work)
        if view is not None:
            crew.start(LISTS, self._delivering.redraw_list(view))
        for screen in seen:
            crew.start(VIEWS[screen.kind], self._viewing.draw(screen))
        for method, message, reader in claimed:
            crew.start(method, self._delivering.deliver(message, reader))
        others = [VIEWS[screen.kind] for screen in seen] + ([] if view is None else [LISTS])
        return Counter([method for method, _, _ in claimed] + others)

    def _claim(
        self, tx: Tx, rooms: Mapping[str, int], now: datetime
    ) -> tuple[list[tuple[str, Message, Person]], ListView | None]:
        # With their readers: it costs a transaction each to read them later.
        view = list_views.take(tx, now) if LISTS in rooms else None
        claimed = [
            (method, message, self._ground.person(tx, message.reader))
            for method, room in rooms.items()
            if method in pace.METHODS
            for message in pace.take_turns(tx, self._workspace, method, now, LEASE, room)
        ]
        return claimed, view

    def _claim_views(self, tx: Tx, rooms: Mapping[str, int], now: datetime) -> list[Screen]:
        """One view of each kind, as far as there is a call left for it."""
        due, found = screens.next_due(tx, now), list[Screen]()
        for kind, method in VIEWS.items():
            if method not in rooms or kind not in due or due[kind] > now:
                continue
            if pace.take(tx, self._workspace, method, now):
                continue  # there is none
            screen = screens.take(tx, kind, now, VIEW_LEASE)
            found += [screen] if screen is not None else []
        return found
