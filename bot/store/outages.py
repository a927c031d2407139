"""Trouble that the admins were told of, beside that of the polls: each stands until it ends.

`subject` is "slack"; "answers" and the name of the connection that does not take them;
"deliveries", when messages stand still; or "polls" and the name of the connection that has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store.database import Tx, from_ms, to_ms

SLACK = "slack"
DELIVERIES = "deliveries"


def answers(connection: str) -> str:
    """The subject of trouble with what is written to a connection."""
    return f"answers {connection}"


def polls(connection: str) -> str:
    """The subject of polls that neither end well nor fail."""
    return f"polls {connection}"


@dataclass(frozen=True, slots=True)
class Outage:
    subject: str
    reason: str
    since: datetime


def begin(tx: Tx, subject: str, reason: str, now: datetime) -> bool:
    """It begins; False when it is known already, perhaps to another process."""
    begun = tx.run(
        "INSERT INTO outage (subject, reason, since) VALUES (:subject, :reason, :now)"
        " ON CONFLICT (subject) DO NOTHING",
        {"subject": subject, "reason": reason, "now": to_ms(now)},
    )
    return begun > 0


def end(tx: Tx, subject: str) -> bool:
    """It is over; False when there was none, or another process has ended it."""
    return tx.run("DELETE FROM outage WHERE subject = :subject", {"subject": subject}) > 0


def all_of_them(tx: Tx) -> list[Outage]:
    """Every trouble that stands, the oldest first."""
    rows = tx.rows("SELECT * FROM outage ORDER BY since, subject")
    return [Outage(row["subject"], row["reason"], from_ms(row["since"])) for row in rows]
