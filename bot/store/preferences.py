"""What people have chosen, one document a person."""

from __future__ import annotations

import json
from datetime import timedelta

from bot.domain.choices import Choices, preferred
from bot.domain.preferences import Preferences
from bot.store.database import Tx


def choices(tx: Tx, slack_user: str) -> Choices:
    """What that person has chosen; nothing of a channel."""
    row = tx.row("SELECT chosen FROM preference WHERE slack_user = :user", {"user": slack_user})
    found: dict[str, str] = json.loads(row["chosen"]) if row is not None else {}
    return found


def asking(tx: Tx, slack_user: str) -> list[str]:
    """The people in whose choices that person is named, as who stands in for them, and those who
    name one of them."""
    found = [slack_user]
    for one in found:
        found += [user for user in _naming(tx, one) if user not in found]
    return found[1:]


def _naming(tx: Tx, slack_user: str) -> list[str]:
    rows = tx.rows(
        "SELECT slack_user FROM preference WHERE chosen LIKE :delegate ORDER BY slack_user",
        {"delegate": f"%delegate {slack_user}%"},
    )
    return [row["slack_user"] for row in rows]


def longest_lead(tx: Tx, usual: timedelta | None) -> timedelta | None:
    """How long before its due somebody may want to be reminded of a task. `usual`: what counts for
    those who have not chosen."""
    rows = tx.rows("SELECT chosen FROM preference WHERE chosen LIKE '%due_soon%'")
    chosen = [preferred(Preferences(), json.loads(row["chosen"])).due_soon for row in rows]
    return max((one for one in (usual, *chosen) if one is not None), default=None)


def choose(tx: Tx, slack_user: str, chosen: Choices) -> None:
    """They want that from now on, and of everything else the default."""
    tx.run(
        "INSERT INTO preference (slack_user, chosen) VALUES (:user, :chosen)"
        " ON CONFLICT (slack_user) DO UPDATE SET chosen = excluded.chosen",
        {"user": slack_user, "chosen": json.dumps(dict(chosen))},
    )
