"""Conversations to look into once more, because a message that was posted may stand there twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.database import Tx, from_ms, to_ms

WAIT = timedelta(seconds=30)
"""How long after a post to look: an attempt that seemed lost may still arrive, and one look serves
all posts of a while."""

_REACH = timedelta(minutes=5)
"""How far before a look the attempts may have begun whose messages came after the one before."""


@dataclass(frozen=True, slots=True)
class Recount:
    """A conversation with posts since that instant that nobody has looked after."""

    channel: str
    since: datetime


_WANT = """
INSERT INTO recount (channel, since, latest_at, due_at) VALUES (:channel, :since, :now, :due)
ON CONFLICT (channel) DO UPDATE SET
    since = CASE WHEN recount.since < excluded.since THEN recount.since ELSE excluded.since END,
    latest_at = excluded.latest_at
"""


def want(tx: Tx, channel: str, since: datetime, now: datetime) -> None:
    """A message was posted there by an attempt that began at `since`."""
    params = {"channel": channel, "since": to_ms(since), "now": to_ms(now)}
    tx.run(_WANT, params | {"due": to_ms(now + WAIT)})


_TAKE = """
UPDATE recount SET due_at = :deadline
WHERE channel = (SELECT channel FROM recount WHERE due_at <= :now
                 ORDER BY due_at LIMIT 1 {skip_locked})
  AND due_at <= :now
RETURNING *
"""


def take(tx: Tx, now: datetime, lease: timedelta) -> Recount | None:
    """Claim the conversation that has waited longest. One statement."""
    row = tx.row(_TAKE, {"now": to_ms(now), "deadline": to_ms(now + lease)})
    return None if row is None else Recount(row["channel"], from_ms(row["since"]))


def done(tx: Tx, channel: str, looked_at: datetime) -> None:
    """It was looked into; what was posted shortly before gets a look of its own."""
    params = {"channel": channel, "settled": to_ms(looked_at - WAIT)}
    tx.run("DELETE FROM recount WHERE channel = :channel AND latest_at <= :settled", params)
    tx.run(
        "UPDATE recount SET since = :since, due_at = latest_at + :wait WHERE channel = :channel",
        {
            "channel": channel,
            "since": to_ms(looked_at - _REACH),
            "wait": WAIT // timedelta(milliseconds=1),
        },
    )


def put_off(tx: Tx, channel: str, until: datetime) -> None:
    """Slack did not tell: look again then."""
    tx.run(
        "UPDATE recount SET due_at = :until WHERE channel = :channel",
        {"channel": channel, "until": to_ms(until)},
    )


def forget(tx: Tx, channel: str) -> None:
    """What stands there is not for us to see."""
    tx.run("DELETE FROM recount WHERE channel = :channel", {"channel": channel})


def next_due(tx: Tx) -> datetime | None:
    row = tx.row("SELECT MIN(due_at) AS at FROM recount")
    return None if row is None or row["at"] is None else from_ms(row["at"])
