"""Holders: the processes that have claimed something, told apart by their names in the rows."""

from __future__ import annotations

from datetime import datetime

from bot.store import leases, messages, submissions
from bot.store.database import Tx, to_ms

_HOLDERS = """
SELECT holder FROM lease
UNION SELECT holder FROM submission WHERE finished_at IS NULL AND state = 'sending'
UNION SELECT holder FROM message
    WHERE due_at > :now AND (state = 'sending' OR due_at = busy_until)
"""


def all_of_them(tx: Tx, now: datetime) -> frozenset[str]:
    """Who has anything in their hands."""
    rows = tx.rows(_HOLDERS, {"now": to_ms(now)})
    return frozenset(row["holder"] for row in rows if row["holder"] is not None)


def end(tx: Tx, holder: str, now: datetime) -> None:
    """This one is gone: nobody need wait for its leases. What it was sending may have arrived, and
    is looked up first; what it should still say of its claims is heard until another has them."""
    submissions.end_leases(tx, now, holder)
    messages.end_leases(tx, now, holder)
    leases.release(tx, holder)
