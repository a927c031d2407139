"""Where providers call us, and what they told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from adapters.contract import Pushed, Subscription
from bot.store.database import Tx, to_ms


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a connection's provider calls us. `token`: what makes a path unguessable; `held`: the
    subscription there, None before the first."""

    token: str = field(repr=False)
    held: Subscription | None = field(repr=False)


def webhook(tx: Tx, connection: str) -> Webhook | None:
    row = tx.row(
        "SELECT * FROM subscription WHERE connection = :connection", {"connection": connection}
    )
    if row is None:
        return None
    held = None if row["id"] is None else Subscription(row["id"], row["secret"])
    return Webhook(row["token"], held)


def ensure_webhook(tx: Tx, connection: str, token: str) -> Webhook:
    """The connection's webhook; `token` for one that has none yet."""
    tx.run(
        "INSERT INTO subscription (connection, token) VALUES (:connection, :token)"
        " ON CONFLICT (connection) DO NOTHING",
        {"connection": connection, "token": token},
    )
    found = webhook(tx, connection)
    assert found is not None  # noqa: S101 - it was there, or is now
    return found


def subscribed(tx: Tx, connection: str, held: Subscription) -> None:
    """Remember what the provider's subscription is now."""
    tx.run(
        "UPDATE subscription SET id = :id, secret = :secret WHERE connection = :connection",
        {"connection": connection, "id": held.id, "secret": held.secret},
    )


_ADD = """
INSERT INTO push (connection, id, tasks, received_at)
VALUES (:connection, :id, :tasks, :at)
ON CONFLICT (connection, id) DO UPDATE SET received_at = excluded.received_at, handled_at = NULL
WHERE :again = 1 AND push.handled_at IS NOT NULL
"""


def add(tx: Tx, connection: str, pushed: Pushed, now: datetime) -> bool:
    """Store what a push told; False when that is stored already. An event is told once; of those
    without an id, any number that say the same wait as one."""
    tasks = json.dumps(sorted(set(pushed.tasks)))
    same = "" if pushed.id else blake2b(tasks.encode(), digest_size=16).hexdigest()
    added = tx.run(
        _ADD,
        {
            "connection": connection,
            "id": pushed.id or same,
            "tasks": tasks,
            "at": to_ms(now),
            "again": int(not pushed.id),
        },
    )
    return added > 0


def waiting(tx: Tx, connection: str) -> bool:
    """Whether there is a push that nobody has taken."""
    row = tx.row(
        "SELECT 1 AS one FROM push WHERE connection = :connection AND handled_at IS NULL LIMIT 1",
        {"connection": connection},
    )
    return row is not None


def take(tx: Tx, connection: str, now: datetime) -> frozenset[str]:
    """Take all pushes that wait; returns the ids of the tasks that they name."""
    rows = tx.rows(
        "UPDATE push SET handled_at = :now WHERE connection = :connection AND handled_at IS NULL"
        " RETURNING tasks",
        {"connection": connection, "now": to_ms(now)},
    )
    return frozenset(task_id for row in rows for task_id in json.loads(row["tasks"]))


def forget(tx: Tx, before: datetime) -> None:
    """Drop pushes from before that instant: no provider repeats them any more."""
    tx.run("DELETE FROM push WHERE received_at < :before", {"before": to_ms(before)})
