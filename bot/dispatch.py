"""Dispatch: who is delivered to next, within Slack's pace, and how many calls are under way."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.delivery import Delivering
from bot.ground import Ground
from bot.store import list_views, pace
from bot.store.database import Tx
from bot.store.messages import Message
from bot.store.pace import Turn

LEASE = timedelta(seconds=60)
"""How long one attempt may take; afterwards it is unknown whether the message stands."""

AT_ONCE = 8
"""So many calls of one method are under way at most: when it hangs, the others go on."""

LISTS = "response_url"
"""How lists are redrawn: no method of the Web API, but here it is as one."""

SHORT_REST = timedelta(seconds=1)
"""How long to look away when another process has taken what was due."""

PACED = timedelta(seconds=15)
"""A turn that is further off is not held up by the pace: Slack has asked for a pause."""


class Dispatching:
    """Gives every message its turn. `workspace` names the budgets of Slack's methods."""

    def __init__(self, ground: Ground, delivering: Delivering, workspace: str) -> None:
        self._ground = ground
        self._delivering = delivering
        self._workspace = workspace
        self._under_way = Counter[str]()
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """There is something to deliver, even while something else is under way."""
        self._woken.set()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self.wake()

    async def work(self) -> datetime | None:
        """Deliver all whose turn it is; returns when the next turn is. What comes up meanwhile is
        begun beside what is under way: one message, or one method, keeps no other waiting."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                next_at = await self._begin(group)
                if not self._under_way.total():
                    return next_at
                await self._rest(next_at)

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
        redraw_at = list_views.next_due(tx)
        return found if redraw_at is None else found | {LISTS: Turn(redraw_at, redraw_at)}

    async def _begin(self, group: asyncio.TaskGroup) -> datetime | None:
        """Begin what may be begun; returns when more may."""
        while not self._stopping:
            now = self._ground.clock.now()
            found = await self._ground.db.read(partial(self._turns, now=now))
            rooms = {method: AT_ONCE - self._under_way[method] for method in found}
            ready = {method: turn.at for method, turn in found.items() if rooms[method] > 0}
            due = {method: rooms[method] for method, at in ready.items() if at <= now}
            if not due:
                return min(ready.values(), default=None)
            if not await self._take(group, due, now):
                return now + SHORT_REST
        return None

    async def _take(
        self, group: asyncio.TaskGroup, rooms: Mapping[str, int], now: datetime
    ) -> bool:
        """Claim what goes now by these methods, and begin it; False when there was nothing."""
        messages, view = await self._ground.db.write(lambda tx: self._claim(tx, rooms, now))
        if view is not None:
            self._start(group, LISTS, self._delivering.redraw_list(view))
        for method, message in messages:
            self._start(group, method, self._delivering.deliver(message))
        return bool(messages) or view is not None

    def _claim(
        self, tx: Tx, rooms: Mapping[str, int], now: datetime
    ) -> tuple[list[tuple[str, Message]], list_views.ListView | None]:
        view = list_views.take(tx, now) if LISTS in rooms else None
        claimed = [
            (method, message)
            for method, room in rooms.items()
            if method != LISTS
            for message in pace.take_turns(tx, self._workspace, method, now, LEASE, room)
        ]
        return claimed, view

    def _start(
        self, group: asyncio.TaskGroup, method: str, work: Coroutine[Any, Any, None]
    ) -> None:
        self._under_way[method] += 1
        group.create_task(work).add_done_callback(lambda _: self._end(method))

    def _end(self, method: str) -> None:
        self._under_way[method] -= 1
        self.wake()

    async def _rest(self, until: datetime | None) -> None:
        """Wait for something to end, to come up, or to get its turn."""
        seconds = None
        if until is not None:
            seconds = max((until - self._ground.clock.now()).total_seconds(), 0.0)
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
