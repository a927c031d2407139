"""Plan: bring what should be seen of each changed task up to date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.model import Situation, StoredTask
from bot.domain.planner import Plan, plan
from bot.ground import Ground
from bot.store import boards, list_views, messages, news, screens, snoozes, tasks, turns
from bot.store.database import StatementFailed, Tx

BATCH = 5
"""Tasks planned in one transaction: small, so that clicks need not wait for it."""

TURN = "planning"

SHORT_REST = timedelta(milliseconds=100)
"""How long to look away while another process plans."""

LOOK_AGAIN = timedelta(minutes=5)
"""How long to leave a task alone that could not be planned, or whose connection is not set."""

log = structlog.get_logger(__name__)


class Planning:
    """Looks at every task whose state or hour asks for it, and stores what cards should show."""

    def __init__(self, ground: Ground, changed: Callable[[], None]) -> None:
        self._ground = ground
        self._changed = changed

    async def work(self) -> datetime | None:
        """Plan all that is due; returns when the next task must be looked at."""
        while (due := await self._due()) is not None and due <= self._ground.clock.now():
            if not await self._ground.db.write(self._plan_batch):
                return self._ground.clock.now() + SHORT_REST
            self._changed()
        return due

    async def _due(self) -> datetime | None:
        return await self._ground.db.read(tasks.next_look)

    def _plan_batch(self, tx: Tx) -> int:
        """How many were planned: none where it is another process's turn."""
        # One plans at a time: what a plan reads and writes lies so close together that the
        # database would let hardly two of them pass at once.
        if not turns.take(tx, TURN):
            return 0
        now = self._ground.clock.now()
        waiting = tasks.to_look_at(tx, now, BATCH)
        for stored in waiting:
            self._plan_one(tx, stored, now)
        return len(waiting)

    def _plan_one(self, tx: Tx, stored: StoredTask, now: datetime) -> None:
        try:
            situation = self._ground.situation(tx, stored)
            wanted = plan(situation, now)
        except StatementFailed:
            raise
        except Exception:
            # A mistake of ours with one task must not keep the others from their readers.
            log.exception("planning failed", connection=stored.connection, task=stored.key)
            tasks.looked(tx, stored.connection, stored.task.id, now + LOOK_AGAIN)
            return
        for key, view in wanted.views.items():
            messages.set_view(tx, key, view, now)
        look_at = wanted.look_at
        if stored.connection in self._ground.live:
            self._say(tx, situation, wanted, now)
        elif wanted.posts or False in wanted.news.values():
            # Taken out of the settings: nobody knows how the task is now.
            look_at = now + LOOK_AGAIN
        tasks.looked(tx, stored.connection, stored.task.id, look_at)
        list_views.redraw_those_watching(tx, stored.key, now)
        boards.redraw_those_showing(tx, stored.connection, stored.task.id, now)
        screens.redraw_those_showing(tx, stored.connection, stored.task.id, stored.key, now)

    def _say(self, tx: Tx, situation: Situation, wanted: Plan, now: datetime) -> None:
        """Store what is to be said, and what need not be said any more."""
        name, task_id = situation.stored.connection, situation.stored.task.id
        for card in wanted.posts:
            messages.add_card(tx, name, task_id, card, now)
        news.keep(tx, name, task_id, situation.news, wanted.news, now)
        for reader in wanted.awake:
            snoozes.end(tx, name, task_id, reader)
