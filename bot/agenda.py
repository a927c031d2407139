"""Speak: turn what waits for a person into cards and boards, at the right moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot import boards as showing, escalating
from bot.domain import when
from bot.domain.agenda import Piece, Saying, Waiting, at_once, decide
from bot.domain.boards import BoardKind, Part, arranged, in_order, part_of
from bot.domain.calendar import digest_day
from bot.domain.model import Reason, Standing, StoredTask, is_user
from bot.domain.planner import new_card
from bot.domain.preferences import Preferences
from bot.domain.records import LISTED, TASKBELL
from bot.ground import Ground
from bot.planning import LOOK_AGAIN, SHORT_REST, TURN
from bot.store import agenda, boards, messages, news, people, snoozes, tasks, turns
from bot.store.agenda import Entry
from bot.store.boards import Board, BoardTask
from bot.store.database import StorageError, Tx

log = structlog.get_logger(__name__)


class Agenda:
    """Looks at every reader whose news or hour asks for it, and at every board that may show
    something that has changed."""

    def __init__(self, ground: Ground, changed: Callable[[], None]) -> None:
        self._ground = ground
        self._changed = changed

    async def work(self) -> datetime | None:
        """Do all that is due; returns when there is more."""
        while (due := await self._ground.db.read(self.next_due)) is not None:
            if due > self._ground.clock.now():
                break
            if not await self._take_step():
                return self._ground.clock.now() + SHORT_REST
            self._changed()
        return due

    async def _take_step(self) -> bool:
        try:
            return await self._ground.db.write(self._step)
        except StorageError:
            raise
        except Exception:
            # A mistake of ours with one person must not keep the others from being told; nothing
            # of it is stored, or they would be told the same again and again.
            log.exception("agenda failed")
            return await self._ground.db.write(self._pass_over)

    def next_due(self, tx: Tx) -> datetime | None:
        """When a board must be drawn, or a reader looked at."""
        moments = (boards.next_redraw(tx), agenda.next_look(tx))
        return min((at for at in moments if at is not None), default=None)

    def _step(self, tx: Tx) -> bool:
        """One thing that is due; False where it is another's turn."""
        # What is read and written here lies close to what is planned: one at a time. And tasks
        # that are still to be planned may be more news of the same poll.
        now = self._ground.clock.now()
        planned = tasks.next_look(tx)
        if (planned is not None and planned <= now) or not turns.take(tx, TURN):
            return False
        for board in (stale := boards.to_redraw(tx, now, 1)):
            showing.draw(tx, self._ground, board, now)
        if not stale:
            for entry in agenda.due(tx, now, 1):
                agenda.looked(tx, entry.reader, self._look(tx, entry, now))
        return True

    def _pass_over(self, tx: Tx) -> bool:
        """Leave alone for a while what could not be done."""
        now = self._ground.clock.now()
        for board in (stale := boards.to_redraw(tx, now, 1)):
            boards.redraw(tx, board.key, now + LOOK_AGAIN)
        if not stale:
            for entry in agenda.due(tx, now, 1):
                agenda.looked(tx, entry.reader, now + LOOK_AGAIN)
        return True

    def _look(self, tx: Tx, entry: Entry, now: datetime) -> datetime | None:
        """Say what is to be said to a reader; returns when to look again."""
        reader = entry.reader
        found = self._news(tx, reader)
        waiting = self._waiting(tx, entry, list(found), now)
        if entry.digest_day is None:
            agenda.digested(tx, reader, waiting.digested)
        saying = decide(waiting, now)
        told = [found[piece] for piece in saying.listed]
        if saying.digest_of is not None:
            self._digest(tx, reader, told, now)
            self._know(tx, reader, told, BoardKind.DIGEST, now)
            escalating.tell(tx, self._ground, reader, now)
            agenda.digested(tx, reader, saying.digest_of)
        elif saying.board is not None:
            self._list(tx, reader, saying, told, now)
            self._know(tx, reader, told, saying.board, now)
        if saying.cards:
            self._cards(tx, reader, [found[piece] for piece in saying.cards], now)
            since = entry.cards_at if waiting.cards and entry.cards_at else now
            agenda.carded(tx, reader, waiting.cards + len(saying.cards), since)
        return saying.look_at

    def _waiting(self, tx: Tx, entry: Entry, found: Sequence[Piece], now: datetime) -> Waiting:
        wanted = self._preferences(tx, entry.reader)
        standing = self._standing(tx, entry.reader)
        window = at_once(one.poll_interval for one in self._ground.live.values())
        lately = entry.cards_at is not None and now - entry.cards_at < window
        bursts = [one.created_at for one in standing if one.kind is BoardKind.BURST]
        # What would have come before they are first looked at counts as told.
        today = when.local_day(now, when.zone(wanted.timezone))
        newest = entry.digest_day or digest_day(now, wanted) or today
        return Waiting(
            preferences=wanted,
            news=found,
            digested=newest,
            cards=entry.cards if lately else 0,
            board_at=standing[-1].created_at if standing else None,
            burst_at=bursts[-1] if bursts else None,
            at_once=window,
        )

    def _standing(self, tx: Tx, reader: str) -> list[Board]:
        """The reader's boards of their own tasks that live, oldest first."""
        return [one for one in boards.living(tx, reader) if one.kind is not BoardKind.ESCALATION]

    def _preferences(self, tx: Tx, reader: str) -> Preferences:
        """A channel has a digest's hour only for what it is told of others."""
        wanted = self._ground.preferences(tx, reader)
        digests = is_user(reader) or reader in escalating.overseers(self._ground.rules)
        return wanted if digests else replace(wanted, digest_at=None)

    def _news(self, tx: Tx, reader: str) -> dict[Piece, StoredTask]:
        """What waits for the reader, of connections that are polled."""
        found = {}
        for one in news.of_reader(tx, reader):
            stored = tasks.find(tx, one.connection, one.task_id)
            if stored is None or one.connection not in self._ground.live:
                continue
            if stored.standing is not Standing.OPEN:
                continue
            piece = Piece(one.connection, one.task_id, one.since, stored.task.urgent)
            found[piece] = stored
        return found

    def _cards(self, tx: Tx, reader: str, told: Sequence[StoredTask], now: datetime) -> None:
        for stored in told:
            situation = self._ground.situation(tx, stored)
            theirs = next((one for one in situation.readers if one.id == reader), None)
            if theirs is not None:
                card = new_card(situation, theirs, Reason.ASSIGNED, now)
                messages.add_card(tx, stored.connection, stored.task.id, card, now)
            news.withdraw(tx, stored.connection, stored.task.id, reader)

    def _digest(self, tx: Tx, reader: str, told: Sequence[StoredTask], now: datetime) -> None:
        """The day's board, which takes the place of those before it; nothing where there is
        nothing to say."""
        tz = when.zone(self._ground.person(tx, reader).timezone)
        fresh = {one.key: one for one in told}
        for board in self._standing(tx, reader):
            for one in showing.close(tx, self._ground, board, now):
                stored = tasks.find(tx, one.connection, one.task_id)
                if stored is not None:
                    fresh[stored.key] = stored
        open_ones = {one.key: one for one in self._open(tx, reader, now)} | fresh
        listed = arranged(open_ones.values(), fresh, now, tz)
        self._post(tx, BoardKind.DIGEST, reader, listed, now)

    def _open(self, tx: Tx, reader: str, now: datetime) -> list[StoredTask]:
        """The open tasks of the reader, and of those for whom they stand in, but for those that
        they have put off."""
        users = (reader, *self._ground.stands_in_for(tx, reader))
        found = [one for user in users for one in tasks.open_of_user(tx, user)]
        put_off = snoozes.of_reader(tx, reader, now)
        return [
            one
            for one in found
            if one.connection in self._ground.live and (one.connection, one.task.id) not in put_off
        ]

    def _list(
        self, tx: Tx, reader: str, saying: Saying, told: Sequence[StoredTask], now: datetime
    ) -> None:
        """A board of news: a new one, or the newest that there is, which grows."""
        assert saying.board is not None  # noqa: S101 - else nothing is listed
        tz = when.zone(self._ground.person(tx, reader).timezone)
        listed = in_order([(one, part_of(one.task.due, Part.NEW, now, tz)) for one in told], tz)
        if saying.grows:
            newest = self._standing(tx, reader)[-1]
            boards.grow(tx, newest.key, _board_tasks(listed))
            showing.draw(tx, self._ground, newest, now)
        else:
            self._post(tx, saying.board, reader, listed, now)

    def _post(
        self,
        tx: Tx,
        kind: BoardKind,
        reader: str,
        listed: Sequence[tuple[StoredTask, Part]],
        now: datetime,
    ) -> None:
        if listed:
            showing.post(tx, self._ground, kind, reader, _board_tasks(listed), now)

    def _know(
        self,
        tx: Tx,
        reader: str,
        told: Sequence[StoredTask],
        kind: BoardKind,
        now: datetime,
    ) -> None:
        """They know of these tasks from now on, without cards."""
        detail = {"reader": reader, "board": kind.value}
        for one in told:
            news.told(tx, one.connection, one.task.id, reader, now)
            people.audit(tx, now, TASKBELL, LISTED, one.connection, one.task.id, detail)


def _board_tasks(listed: Sequence[tuple[StoredTask, Part]]) -> list[BoardTask]:
    return [BoardTask(one.connection, one.task.id, part) for one, part in listed]
