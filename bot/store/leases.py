"""Leases: what one process looks after, for as long as it says now and then that it lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.store.database import Tx, to_ms

_CLAIM = """
INSERT INTO lease (name, holder, until_at) VALUES (:name, :holder, :until)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at
WHERE lease.holder = excluded.holder OR lease.until_at <= :now OR lease.until_at > :furthest
"""


def claim(tx: Tx, name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take or lengthen a lease; False while it is another's. One that ends far later than any could
    was given by a clock that was wrong. One statement."""
    held = tx.run(
        _CLAIM,
        {
            "name": name,
            "holder": holder,
            "now": to_ms(now),
            "until": to_ms(now + length),
            "furthest": to_ms(now + 2 * length),
        },
    )
    return held > 0


def renew(tx: Tx, holder: str, now: datetime, length: timedelta) -> frozenset[str]:
    """Lengthen all leases of a holder; returns their names: those that are missing ran out and
    are another's now."""
    rows = tx.rows(
        "UPDATE lease SET until_at = :until WHERE holder = :holder RETURNING name",
        {"holder": holder, "until": to_ms(now + length)},
    )
    return frozenset(row["name"] for row in rows)


def release(tx: Tx, holder: str, name: str | None = None) -> None:
    """Give back a lease of a holder, or all."""
    tx.run(
        "DELETE FROM lease WHERE holder = :holder AND name = COALESCE(:name, name)",
        {"holder": holder, "name": name},
    )
