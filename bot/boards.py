"""Boards: what each should show, from stored state; drawn anew when a task of it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import when
from bot.domain.boards import SHOWN, BoardKind, BoardRow, BoardView, part_of, row_view
from bot.domain.faces import card_view
from bot.domain.model import CardView, Reader, Reason, Situation
from bot.ground import Ground
from bot.store import boards, codec, escalations, messages, tasks
from bot.store.boards import Board, BoardTask
from bot.store.database import Tx


def post(
    tx: Tx, ground: Ground, kind: BoardKind, reader: str, listed: Sequence[BoardTask], now: datetime
) -> None:
    """Send the reader a new board with these tasks, in this order."""
    tz = when.zone(ground.person(tx, reader).timezone)
    board = Board("", reader, kind, when.local_day(now, tz), now)
    boards.add(tx, _view(tx, ground, board, listed, now), reader, listed, now)


def draw(tx: Tx, ground: Ground, board: Board, now: datetime, *, closed: bool = False) -> None:
    """Want the board to show how its tasks are now; one that looks the same costs no call."""
    view = _view(tx, ground, board, boards.tasks_of(tx, board.key), now)
    wanted = codec.dump_board(replace(view, closed=closed))
    messages.set_wanted(tx, board.key, wanted, now)
    boards.redrawn(tx, board.key)


def close(tx: Tx, ground: Ground, board: Board, now: datetime) -> Sequence[BoardTask]:
    """A newer board takes its place: it stays as it is now, without menus. Gives the tasks that it
    listed and nobody was shown."""
    listed = boards.tasks_of(tx, board.key)
    if boards.withdraw(tx, board.key):
        return [one for one in listed if one.open]
    draw(tx, ground, board, now, closed=True)
    boards.close(tx, board.key)
    return ()


def _view(
    tx: Tx, ground: Ground, board: Board, listed: Sequence[BoardTask], now: datetime
) -> BoardView:
    timezone = ground.person(tx, board.reader).timezone
    rows = [_row(tx, ground, board, one, timezone, now) for one in listed[:SHOWN]]
    hidden = tuple(one.part for one in listed[SHOWN:] if one.open)
    return BoardView(board.kind, board.day, tuple(rows), hidden)


def _row(
    tx: Tx, ground: Ground, board: Board, listed: BoardTask, timezone: str, now: datetime
) -> BoardRow:
    stored = tasks.find(tx, listed.connection, listed.task_id)
    assert stored is not None  # noqa: S101 - a foreign key holds it
    situation = ground.situation(tx, stored)
    part = part_of(stored.task.due, listed.part, board.created_at, when.zone(timezone))
    if board.kind is BoardKind.ESCALATION:
        view = _overseen(situation, board.reader, now)
        seen_by = escalations.seen_by(tx, stored)
        return BoardRow(part, row_view(view), _whose(tx, ground, situation), seen_by)
    view = card_view(situation, board.reader, timezone, Reason.ASSIGNED, now)
    return BoardRow(part, row_view(view))


def _overseen(situation: Situation, reader: str, now: datetime) -> CardView:
    """The task as somebody sees it who has not got it themselves."""
    readers = [*situation.readers, Reader(reader)]
    return card_view(replace(situation, readers=readers), reader, "UTC", Reason.ASSIGNED, now)


def _whose(tx: Tx, ground: Ground, situation: Situation) -> tuple[str, ...]:
    """The names of those who have the task."""
    names = []
    for operator in situation.stored.task.operators:
        user = situation.linked.get(operator.id)
        name = ground.person(tx, user).name if user else None
        names.append(name or operator.name or situation.names.get(operator.id) or operator.id)
    return tuple(dict.fromkeys(names))
