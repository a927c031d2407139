"""Connections that do not answer: how often in a row, since when, and until when to leave them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Tx, from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Silence:
    """A connection that did not answer `failures` times in a row (0: it asked for a pause) since
    `since`, and is left alone until `rest_until`."""

    failures: int
    since: datetime
    rest_until: datetime


def silence(tx: Tx, connection: str) -> Silence | None:
    """None: it answers."""
    row = tx.row("SELECT * FROM breaker WHERE connection = :name", {"name": connection})
    if row is None:
        return None
    return Silence(row["failures"], from_ms(row["since"]), from_ms(row["rest_until"]))


def claim_probe(tx: Tx, connection: str, now: datetime, until: datetime) -> bool:
    """Be the one who asks, for others to wait until `until`; False when somebody else is."""
    changed = tx.run(
        "UPDATE breaker SET rest_until = :until WHERE connection = :name AND rest_until <= :now",
        {"name": connection, "now": to_ms(now), "until": to_ms(until)},
    )
    return changed > 0


_COUNT = """
INSERT INTO breaker (connection, failures, since, rest_until) VALUES (:name, :more, :now, :until)
ON CONFLICT (connection) DO UPDATE SET failures = breaker.failures + excluded.failures
RETURNING failures
"""


def failed(tx: Tx, connection: str, now: datetime) -> int:
    """It has not answered; gives how often that was so in a row."""
    row = tx.row(_COUNT, {"name": connection, "more": 1, "now": to_ms(now), "until": to_ms(now)})
    assert row is not None  # noqa: S101 - a row is returned whether it was new or not
    return int(row["failures"])


def rest(tx: Tx, connection: str, now: datetime, until: datetime) -> None:
    """Leave it alone until then."""
    params = {"name": connection, "more": 0, "now": to_ms(now), "until": to_ms(until)}
    tx.row(_COUNT, params)
    tx.run("UPDATE breaker SET rest_until = :until WHERE connection = :name", params)


def answered(tx: Tx, connection: str) -> int:
    """It answers; gives how often it had not."""
    row = tx.row(
        "DELETE FROM breaker WHERE connection = :name RETURNING failures", {"name": connection}
    )
    return 0 if row is None else int(row["failures"])
