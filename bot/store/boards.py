"""Boards: lists that were sent as messages, and live on. What a board shows is the `wanted` of its
message (`bot.store.messages`); here stands what it is about, and whether it must be drawn anew."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.boards import BoardKind, BoardView, Part
from bot.domain.model import Standing
from bot.store import codec
from bot.store.database import Row, Tx, from_ms, to_ms

REPLACED = "a newer board took its place"
"""Why a board was never posted."""


@dataclass(frozen=True, slots=True)
class BoardTask:
    """A task of a board, and the part of it in which it was listed. `open`: it is to be done."""

    connection: str
    task_id: str
    part: Part
    open: bool = True


@dataclass(frozen=True, slots=True)
class Board:
    """A board that lives. `key`: its message's; `day`: the reader's local day that it is of."""

    key: str
    reader: str
    kind: BoardKind
    day: date
    created_at: datetime


_ADD = """
INSERT INTO message (key, kind, reader, live, wanted, state, due_at, created_at)
VALUES (:key, 'board', :reader, 1, :wanted, 'pending', :now, :now)
"""

_ADD_BOARD = """
INSERT INTO board (key, reader, kind, day, created_at) VALUES (:key, :reader, :kind, :day, :now)
"""


def add(tx: Tx, view: BoardView, reader: str, listed: Iterable[BoardTask], now: datetime) -> str:
    """Want a new board; returns its key."""
    key = secrets.token_hex(12)
    params = {"key": key, "reader": reader, "now": to_ms(now)}
    tx.run(_ADD, params | {"wanted": codec.dump_board(view)})
    tx.run(_ADD_BOARD, params | {"kind": view.kind.value, "day": view.day.isoformat()})
    grow(tx, key, listed)
    return key


_GROW = """
INSERT INTO board_task (board, connection, task_id, part, place)
SELECT :board, :connection, :task_id, :part, COUNT(*) FROM board_task WHERE board = :board
ON CONFLICT (board, connection, task_id) DO NOTHING
"""


def grow(tx: Tx, key: str, listed: Iterable[BoardTask]) -> None:
    """Let a board list these tasks, too, after those that it has."""
    for one in listed:
        tx.run(
            _GROW,
            {
                "board": key,
                "connection": one.connection,
                "task_id": one.task_id,
                "part": one.part.value,
            },
        )


_TASKS = """
SELECT board_task.*, task.standing FROM board_task
JOIN task ON task.connection = board_task.connection AND task.id = board_task.task_id
WHERE board_task.board = :key ORDER BY board_task.place
"""


def tasks_of(tx: Tx, key: str) -> list[BoardTask]:
    """The tasks of a board in its order."""
    return [
        BoardTask(r["connection"], r["task_id"], Part(r["part"]), r["standing"] == Standing.OPEN)
        for r in tx.rows(_TASKS, {"key": key})
    ]


_SELECT = "SELECT board.* FROM board JOIN message ON message.key = board.key AND message.live = 1 "


def living(tx: Tx, reader: str) -> list[Board]:
    """A reader's boards that follow their tasks, oldest first."""
    rows = tx.rows(
        _SELECT + "WHERE board.reader = :reader ORDER BY board.created_at", {"reader": reader}
    )
    return [_board(row) for row in rows]


def withdraw(tx: Tx, key: str) -> bool:
    """A newer board takes its place before it was posted; False where it may stand already."""
    changed = tx.run(
        "UPDATE message SET live = 0, state = 'refused', error = :error, due_at = NULL"
        " WHERE key = :key AND state IN ('pending', 'retry')",
        {"key": key, "error": REPLACED},
    )
    return changed > 0


def close(tx: Tx, key: str) -> None:
    """A board stays as it is from now on."""
    tx.run("UPDATE message SET live = 0 WHERE key = :key", {"key": key})
    tx.run("UPDATE board SET redraw_at = NULL WHERE key = :key", {"key": key})


_REDRAW = """
UPDATE board SET redraw_at = :now
WHERE (redraw_at IS NULL OR redraw_at > :now)
  AND key IN (SELECT board FROM board_task WHERE connection = :connection AND task_id = :task)
  AND EXISTS (SELECT 1 FROM message WHERE message.key = board.key AND message.live = 1)
"""


def redraw_those_showing(tx: Tx, connection: str, task_id: str, now: datetime) -> None:
    """A task may have changed: look again at the boards that live and list it. Boards that wait
    for it already are looked at once."""
    tx.run(_REDRAW, {"connection": connection, "task": task_id, "now": to_ms(now)})


def to_redraw(tx: Tx, now: datetime, limit: int) -> list[Board]:
    """Boards to look at again; until the transaction ends, no other process gets them."""
    rows = tx.rows(
        "SELECT * FROM board WHERE redraw_at <= :now ORDER BY redraw_at LIMIT :limit {skip_locked}",
        {"now": to_ms(now), "limit": limit},
    )
    return [_board(row) for row in rows]


def redraw(tx: Tx, key: str, at: datetime) -> None:
    """Look at a board again at that moment."""
    tx.run("UPDATE board SET redraw_at = :at WHERE key = :key", {"key": key, "at": to_ms(at)})


def redrawn(tx: Tx, key: str) -> None:
    """What the board should show is stored."""
    tx.run("UPDATE board SET redraw_at = NULL WHERE key = :key", {"key": key})


def next_redraw(tx: Tx) -> datetime | None:
    row = tx.row("SELECT MIN(redraw_at) AS at FROM board WHERE redraw_at IS NOT NULL")
    return None if row is None or row["at"] is None else from_ms(row["at"])


def _board(row: Row) -> Board:
    return Board(
        row["key"],
        row["reader"],
        BoardKind(row["kind"]),
        date.fromisoformat(row["day"]),
        from_ms(row["created_at"]),
    )
