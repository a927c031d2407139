"""Slack's pace, shared by all processes: what is spent of each budget, and whose turn it is.

A budget is a row: of a workspace and method, or of one channel there. Its `whole_at` is when it is
whole again if nobody calls; see `bot.domain.pace.Budget`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.pace import BUDGETS, CLICKED, Waiting, turns
from bot.store import messages
from bot.store.database import Tx, from_ms, from_ms_or_none, to_ms
from bot.store.messages import Message

_METHOD = """
CASE WHEN message.kind = 'whisper' THEN 'chat.postEphemeral'
     WHEN message.state = 'sent' THEN 'chat.update'
     WHEN message.state IN ('sending', 'unknown') THEN 'conversations.history'
     ELSE 'chat.postMessage' END
"""
"""What must be called for a message that is due: say it, redraw it, find out about it, post it."""

_LANE = """
CASE WHEN message.kind <> 'card' THEN 3
     WHEN message.reason IN ('due_soon', 'due') THEN 1
     ELSE 2 END
"""
"""Reminders; other cards; all else. The index `message_turn` has what waits by method, lane and
age, in these very words: it is of no use to others."""

METHODS = ("chat.postEphemeral", "chat.update", "conversations.history", "chat.postMessage")
CLICKED_RANK = 0
"""Of what somebody waits for who clicked. The rank of all else is its lane."""

LANES = (1, 2, 3)

CANDIDATES = 4
"""So many messages of each lane are looked at for each that may go: several may be for one
channel."""


@dataclass(frozen=True, slots=True)
class Turn:
    """When something that needs a method goes next, and since when something is due."""

    at: datetime
    due_at: datetime


def take(tx: Tx, workspace: str, method: str, now: datetime) -> timedelta:
    """Spend a call of a method; gives how long to wait where there is none to spend."""
    budget, whole_at = BUDGETS[method], _whole_at(tx, workspace, method)
    if not budget.left(whole_at, now):
        return budget.next_at(whole_at, clicked=True) - now
    _spend(tx, workspace, method, "", budget.spent(whole_at, now, 1))
    return timedelta(0)


def turn(tx: Tx, workspace: str, method: str, due_at: datetime) -> Turn:
    """When what is due then, and what somebody waits for, goes next by a method."""
    next_at = BUDGETS[method].next_at(_whole_at(tx, workspace, method), clicked=True)
    return Turn(max(due_at, next_at), due_at)


_HOLD = """
INSERT INTO pace (workspace, method, channel, whole_at) VALUES (:workspace, :method, '', :whole_at)
ON CONFLICT (workspace, method, channel) DO UPDATE SET whole_at =
    CASE WHEN pace.whole_at > excluded.whole_at THEN pace.whole_at ELSE excluded.whole_at END
"""


def hold(tx: Tx, workspace: str, method: str, until: datetime) -> None:
    """Slack has refused a call: none of this method before `until`."""
    whole_at = BUDGETS[method].held(until)
    tx.run(_HOLD, {"workspace": workspace, "method": method, "whole_at": to_ms(whole_at)})


_MAY_GO = f"""
FROM message WHERE {_METHOD} = :method AND message.due_at <= :now
  AND NOT EXISTS (SELECT 1 FROM pace WHERE pace.workspace = :workspace AND pace.method = :method
                  AND pace.channel = message.reader AND pace.whole_at > :now)
"""  # noqa: S608 - of our own pieces

_WAITING = " UNION ALL ".join(
    f"SELECT * FROM (SELECT message.key, message.reader, message.due_at, {rank} AS rank {_MAY_GO}"  # noqa: S608 - likewise
    f" AND {which} ORDER BY message.due_at LIMIT :limit {{skip_locked}}) AS rank_{rank}"
    for rank, which in (
        *((lane, f"{_LANE} = {lane}") for lane in LANES),
        (CLICKED_RANK, "message.clicked_at > :clicked_after"),
    )
)
"""Of those that are due and whose channel is free, the oldest of each lane, and the oldest that
were clicked."""


def take_turns(
    tx: Tx, workspace: str, method: str, now: datetime, lease: timedelta, room: int
) -> list[Message]:
    """Claim the messages whose turn it is to be dealt with by a call of this method, at most
    `room`, and spend the calls."""
    budget, whole_at = BUDGETS[method], _whole_at(tx, workspace, method)
    calls = min(budget.left(whole_at, now), room)
    waiting = _waiting(tx, workspace, method, now, CANDIDATES * calls) if calls else []
    found = turns(waiting, budget, whole_at, now, room)
    if not found:
        return []
    _spend(tx, workspace, method, "", budget.spent(whole_at, now, len(found)))
    if budget.channel_pause:
        for one in found:
            _spend(tx, workspace, method, one.channel, now + budget.channel_pause)
    return messages.claim(tx, [one.key for one in found], now, lease)


def _waiting(tx: Tx, workspace: str, method: str, now: datetime, limit: int) -> list[Waiting]:
    """Those that may go, at most so many of each lane."""
    params = _moment(workspace, now) | {"method": method, "limit": limit}
    found: dict[str, Waiting] = {}
    for row in tx.rows(_WAITING, params):
        one = Waiting(row["key"], row["reader"], row["rank"], from_ms(row["due_at"]))
        if one.key not in found or one.rank == CLICKED_RANK:  # what was clicked is in its lane, too
            found[one.key] = one
    return list(found.values())


def _moment(workspace: str, now: datetime) -> dict[str, object]:
    return {
        "workspace": workspace,
        "now": to_ms(now),
        "clicked_after": to_ms(now - CLICKED),
    }


_OLDEST = f"""
SELECT lane.column1 AS method,
       MIN((SELECT MIN(message.due_at) FROM message WHERE {_METHOD} = lane.column1
            AND {_LANE} = lane.column2 AND message.due_at IS NOT NULL)) AS due_at
FROM (VALUES {", ".join(f"('{method}', {lane})" for method in METHODS for lane in LANES)}) AS lane
GROUP BY 1
"""  # noqa: S608 - of our own pieces

_OLDEST_CLICKED = f"""
SELECT MIN(message.due_at) AS at FROM message
WHERE message.clicked_at > :clicked_after AND message.due_at IS NOT NULL AND {_METHOD} = :method
"""  # noqa: S608 - likewise

_FREE = f"SELECT 1 AS free {_MAY_GO} LIMIT 1"

_FIRST_FREE = f"""
SELECT MIN(CASE WHEN pace.whole_at > message.due_at THEN pace.whole_at
                ELSE message.due_at END) AS at
FROM message
LEFT JOIN pace ON pace.workspace = :workspace AND pace.method = :method
              AND pace.channel = message.reader
WHERE {_METHOD} = :method AND message.due_at IS NOT NULL
"""  # noqa: S608 - likewise


STATEMENTS = (_WAITING, _OLDEST, _OLDEST_CLICKED, _FREE, _FIRST_FREE)
"""What is asked of the messages that wait."""


def next_turns(tx: Tx, workspace: str, now: datetime) -> Mapping[str, Turn]:
    """When the next message goes, by the method that it needs."""
    return {
        row["method"]: _next_turn(tx, workspace, row["method"], from_ms(row["due_at"]), now)
        for row in tx.rows(_OLDEST)
        if row["due_at"] is not None
    }


def _next_turn(tx: Tx, workspace: str, method: str, due_at: datetime, now: datetime) -> Turn:
    """When the next goes by this method, where the oldest is due since `due_at`."""
    budget, whole_at = BUDGETS[method], _whole_at(tx, workspace, method)
    at, params = due_at, _moment(workspace, now) | {"method": method}
    # Only where none may go now are all looked through.
    if budget.channel_pause and due_at <= now and tx.row(_FREE, params) is None:
        at = _instant(tx, _FIRST_FREE, params) or due_at
    turn_at = max(at, budget.next_at(whole_at, clicked=False))
    if budget.kept and (clicked_at := _instant(tx, _OLDEST_CLICKED, params)) is not None:
        turn_at = min(turn_at, max(clicked_at, budget.next_at(whole_at, clicked=True)))
    return Turn(turn_at, due_at)


def _instant(tx: Tx, sql: str, params: Mapping[str, object]) -> datetime | None:
    row = tx.row(sql, params)
    return None if row is None else from_ms_or_none(row["at"])


def _whole_at(tx: Tx, workspace: str, method: str) -> datetime:
    row = tx.row(
        "SELECT whole_at FROM pace"
        " WHERE workspace = :workspace AND method = :method AND channel = ''",
        {"workspace": workspace, "method": method},
    )
    return from_ms(row["whole_at"] if row else 0)


def _spend(tx: Tx, workspace: str, method: str, channel: str, whole_at: datetime) -> None:
    tx.run(
        "INSERT INTO pace (workspace, method, channel, whole_at)"
        " VALUES (:workspace, :method, :channel, :whole_at)"
        " ON CONFLICT (workspace, method, channel) DO UPDATE SET whole_at = excluded.whole_at",
        {
            "workspace": workspace,
            "method": method,
            "channel": channel,
            "whole_at": to_ms(whole_at),
        },
    )
