"""Clicks of people who are not linked yet: carried out once they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Row, Tx, from_ms, to_ms


@dataclass(frozen=True, slots=True)
class KeptClick:
    """The newest answer of somebody to a task. `key` and `body`: those of its intent."""

    connection: str
    task_id: str
    slack_user: str
    key: str
    body: Mapping[str, object]
    clicked_at: datetime
    channel: str | None = None


_KEEP = """
INSERT INTO kept_click (connection, task_id, slack_user, key, channel, body, clicked_at)
VALUES (:connection, :task_id, :user, :key, :channel, :body, :at)
ON CONFLICT (connection, task_id, slack_user) DO UPDATE
SET key = excluded.key, channel = excluded.channel, body = excluded.body,
    clicked_at = excluded.clicked_at
"""


def keep(tx: Tx, click: KeptClick) -> None:
    """Keep a click, in the place of an earlier one by the same person to the same task."""
    tx.run(
        _KEEP,
        {
            "connection": click.connection,
            "task_id": click.task_id,
            "user": click.slack_user,
            "key": click.key,
            "channel": click.channel,
            "body": json.dumps(dict(click.body)),
            "at": to_ms(click.clicked_at),
        },
    )


def of_user(tx: Tx, connection: str, slack_user: str) -> list[KeptClick]:
    """What is kept of somebody at a connection, oldest first."""
    rows = tx.rows(
        "SELECT * FROM kept_click WHERE connection = :connection AND slack_user = :user"
        " ORDER BY clicked_at, task_id",
        {"connection": connection, "user": slack_user},
    )
    return [_kept(row) for row in rows]


def take(tx: Tx, click: KeptClick) -> bool:
    """Keep it no longer; False when somebody else has taken it."""
    params = {"connection": click.connection, "task_id": click.task_id, "user": click.slack_user}
    taken = tx.run(
        "DELETE FROM kept_click WHERE connection = :connection AND task_id = :task_id"
        " AND slack_user = :user",
        params,
    )
    return taken > 0


def before(tx: Tx, at: datetime) -> list[KeptClick]:
    """Those from before that instant."""
    rows = tx.rows("SELECT * FROM kept_click WHERE clicked_at < :at", {"at": to_ms(at)})
    return [_kept(row) for row in rows]


def _kept(row: Row) -> KeptClick:
    return KeptClick(
        connection=row["connection"],
        task_id=row["task_id"],
        slack_user=row["slack_user"],
        key=row["key"],
        body=json.loads(row["body"]),
        clicked_at=from_ms(row["clicked_at"]),
        channel=row["channel"],
    )
