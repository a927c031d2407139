"""What waits to be done: how much, since when, and how much stands in which state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.store import people
from bot.store.database import Row, Tx, from_ms_or_none, to_ms


@dataclass(frozen=True, slots=True)
class Waiting:
    """Messages or answers on their way. `since`: when the oldest set out; `why`: what was last said
    of it. `late_since`: since when something is due that nobody has taken up: put off by a Slack or
    a provider that is away, nothing is late."""

    count: int = 0
    since: datetime | None = None
    why: str | None = None
    late_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """`deliveries`: to Slack; `submissions`: to providers, by connection."""

    deliveries: Waiting = Waiting()
    submissions: Mapping[str, Waiting] = field(default_factory=dict)


# A message that is to be posted anew, as the first was deleted in Slack, sets out anew.
_DELIVERIES = """
SELECT error, state, due_at,
       CASE WHEN state = 'pending' THEN due_at
            WHEN state = 'sending' AND attempt <= 1 THEN sending_at
            ELSE created_at END AS since
FROM message
WHERE due_at IS NOT NULL AND (state <> 'pending' OR due_at <= :now)
"""

_SUBMISSIONS = """
SELECT connection, error, state, due_at,
       CASE WHEN state = 'held' THEN due_at ELSE occurred_at END AS since
FROM submission
WHERE finished_at IS NULL AND (state <> 'held' OR due_at <= :now)
"""

_SUMMED = """
SELECT {key}COUNT(CASE WHEN state <> 'sent' THEN 1 END) AS waiting,
       MIN(CASE WHEN state <> 'sent' THEN since END) AS since,
       MIN(CASE WHEN due_at <= :now THEN due_at END) AS late_since
FROM ({rows}) AS waiting_rows {group}
"""

_OLDEST = "SELECT error FROM ({rows}) AS waiting_rows WHERE state <> 'sent' {only} ORDER BY since"


def backlog(tx: Tx, now: datetime) -> Backlog:
    """What waits now. Cheap: it looks at nothing that rests."""
    at = {"now": to_ms(now)}
    (summed,) = tx.rows(_SUMMED.format(key="", rows=_DELIVERIES, group=""), at)
    oldest = tx.row(_OLDEST.format(rows=_DELIVERIES, only="") + " LIMIT 1", at)
    by_connection = tx.rows(
        _SUMMED.format(key="connection, ", rows=_SUBMISSIONS, group="GROUP BY connection"), at
    )
    only = _OLDEST.format(rows=_SUBMISSIONS, only="AND connection = :connection") + " LIMIT 1"
    return Backlog(
        _waiting(summed, oldest),
        {
            row["connection"]: _waiting(row, tx.row(only, at | {"connection": row["connection"]}))
            for row in by_connection
        },
    )


def _waiting(summed: Row, oldest: Row | None) -> Waiting:
    return Waiting(
        count=summed["waiting"],
        since=from_ms_or_none(summed["since"]),
        why=oldest["error"] if oldest else None,
        late_since=from_ms_or_none(summed["late_since"]),
    )


_FAILED = """
SELECT connection, COUNT(*) AS found FROM submission
WHERE state = 'refused' AND finished_at >= :since GROUP BY connection
UNION ALL
SELECT NULL AS connection, COUNT(*) AS found FROM message
WHERE state = 'refused' AND due_at IS NULL AND created_at >= :since
"""


def failed_since(tx: Tx, since: datetime) -> Counter[str | None]:
    """How many answers a connection's provider has refused since then; behind None, how many
    messages of then and later Slack has. Not cheap: it reads whole tables."""
    rows = tx.rows(_FAILED, {"since": to_ms(since)})
    return Counter({row["connection"]: row["found"] for row in rows})


@dataclass(frozen=True, slots=True)
class Census:
    """How much there is: messages by kind and state, submissions by connection and state, tasks by
    connection and standing, and by connection the operators that have open tasks and no link."""

    messages: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    submissions: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    tasks: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    unlinked: Mapping[tuple[str, ...], int] = field(default_factory=dict)


def census(tx: Tx) -> Census:
    """Count everything. Not cheap: it reads whole tables."""
    unlinked: dict[tuple[str, ...], int] = {}
    for row in people.unlinked(tx):
        key = (row["connection"],)
        unlinked[key] = unlinked.get(key, 0) + 1
    return Census(
        _counted(tx, "message", "kind", "state"),
        _counted(tx, "submission", "connection", "state"),
        _counted(tx, "task", "connection", "standing"),
        unlinked,
    )


def _counted(tx: Tx, table: str, *keys: str) -> dict[tuple[str, ...], int]:
    names = ", ".join(keys)
    rows = tx.rows(f"SELECT {names}, COUNT(*) AS found FROM {table} GROUP BY {names}")  # noqa: S608
    return {tuple(row[key] for key in keys): row["found"] for row in rows}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of the newest message to a reader: when it was wanted, whether it stands in
    Slack, and what Slack said of it if not."""

    at: datetime
    stands: bool
    why: str | None


def newest_to(tx: Tx, reader: str) -> Spoken | None:
    """The newest message to a person or channel of which Slack has said anything yet."""
    row = tx.row(
        "SELECT created_at, state, error FROM message WHERE reader = :reader"
        " AND kind <> 'whisper' AND (state = 'sent' OR error IS NOT NULL)"
        " ORDER BY created_at DESC LIMIT 1",
        {"reader": reader},
    )
    if row is None:
        return None
    at = from_ms_or_none(row["created_at"])
    assert at is not None  # noqa: S101 - the schema holds it
    return Spoken(at, row["state"] == "sent", row["error"])


def newest_attempt(tx: Tx) -> datetime | None:
    """When a message that is not posted yet, or the newest that is, was last tried."""
    row = tx.row("SELECT MAX(sending_at) AS at FROM message WHERE sending_at IS NOT NULL")
    return None if row is None else from_ms_or_none(row["at"])
