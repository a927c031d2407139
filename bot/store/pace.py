"""Slack's pace, shared by all processes: what is spent of each budget, and whose turn it is.

A budget is a row: of a workspace and method, or of one channel there. Its `whole_at` is when it is
whole again if nobody calls; see `bot.domain.pace.Budget`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.pace import BUDGETS, CLICKED, FAIR, Waiting, turns
from bot.store import messages
from bot.store.database import Tx, from_ms, to_ms
from bot.store.messages import Message

_METHOD = """
CASE WHEN message.kind = 'whisper' THEN 'chat.postEphemeral'
     WHEN message.state = 'sent' THEN 'chat.update'
     WHEN message.state IN ('sending', 'unknown') THEN 'conversations.history'
     ELSE 'chat.postMessage' END
"""
"""What must be called for a message that is due: say it, redraw it, find out about it, post it."""

_RANK = """
CASE WHEN message.kind = 'whisper' OR message.clicked_at > :clicked_after THEN 0
     WHEN message.kind <> 'card' THEN 3
     WHEN message.reason IN ('due_soon', 'due') THEN 1
     ELSE 2 END
"""
"""What somebody waits for who clicked; reminders; other cards; summaries."""

CANDIDATES = 32
"""So many messages are looked at for the turns of one moment."""


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


_HOLD = """
INSERT INTO pace (workspace, method, channel, whole_at) VALUES (:workspace, :method, '', :whole_at)
ON CONFLICT (workspace, method, channel) DO UPDATE SET whole_at =
    CASE WHEN pace.whole_at > excluded.whole_at THEN pace.whole_at ELSE excluded.whole_at END
"""


def hold(tx: Tx, workspace: str, method: str, until: datetime) -> None:
    """Slack has refused a call: none of this method before `until`."""
    whole_at = BUDGETS[method].held(until)
    tx.run(_HOLD, {"workspace": workspace, "method": method, "whole_at": to_ms(whole_at)})


_DUE = f"""
SELECT message.key, message.reader, message.due_at, {_RANK} AS rank FROM message
WHERE message.due_at <= :now AND {_METHOD} = :method
  AND NOT EXISTS (SELECT 1 FROM pace WHERE pace.workspace = :workspace AND pace.method = :method
                  AND pace.channel = message.reader AND pace.whole_at > :now)
"""  # noqa: S608 - of our own pieces


def take_turns(
    tx: Tx, workspace: str, method: str, now: datetime, lease: timedelta, room: int
) -> list[Message]:
    """Claim the messages whose turn it is to be dealt with by a call of this method, at most
    `room`, and spend the calls."""
    budget, whole_at = BUDGETS[method], _whole_at(tx, workspace, method)
    found = turns(_waiting(tx, workspace, method, now), budget, whole_at, now, room)
    if not found:
        return []
    _spend(tx, workspace, method, "", budget.spent(whole_at, now, len(found)))
    if budget.channel_pause:
        for one in found:
            _spend(tx, workspace, method, one.channel, now + budget.channel_pause)
    return messages.claim(tx, [one.key for one in found], now, lease)


def _waiting(tx: Tx, workspace: str, method: str, now: datetime) -> list[Waiting]:
    """The first by rank, and the first by age."""
    params = {
        "workspace": workspace,
        "method": method,
        "now": to_ms(now),
        "clicked_after": to_ms(now - CLICKED),
    }
    orders = (("rank, due_at", CANDIDATES), ("due_at", CANDIDATES // FAIR))
    found: dict[str, Waiting] = {}
    for order, limit in orders:
        for row in tx.rows(
            f"{_DUE} ORDER BY {order} LIMIT :limit {{skip_locked}}", params | {"limit": limit}
        ):
            key = row["key"]
            found[key] = Waiting(key, row["reader"], row["rank"], from_ms(row["due_at"]))
    return list(found.values())


_NEXT = f"""
SELECT {_METHOD} AS method, MIN(message.due_at) AS due_at,
       CASE WHEN {_RANK} = 0 THEN 1 ELSE 0 END AS clicked,
       MIN(CASE WHEN pace.whole_at > message.due_at THEN pace.whole_at
                ELSE message.due_at END) AS at
FROM message
LEFT JOIN pace ON pace.workspace = :workspace AND pace.channel = message.reader
              AND pace.method = 'chat.postMessage' AND message.state IN ('pending', 'retry')
              AND message.kind <> 'whisper'
WHERE message.due_at IS NOT NULL
GROUP BY 1, 3
"""  # noqa: S608 - of our own pieces


def next_turns(tx: Tx, workspace: str, now: datetime) -> Mapping[str, Turn]:
    """When the next message goes, by the method that it needs."""
    params = {"workspace": workspace, "clicked_after": to_ms(now - CLICKED)}
    found: dict[str, Turn] = {}
    for row in tx.rows(_NEXT, params):
        method = row["method"]
        free_at = BUDGETS[method].next_at(
            _whole_at(tx, workspace, method), clicked=bool(row["clicked"])
        )
        turn = Turn(max(from_ms(row["at"]), free_at), from_ms(row["due_at"]))
        before = found.get(method, turn)
        found[method] = Turn(min(turn.at, before.at), min(turn.due_at, before.due_at))
    return found


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
