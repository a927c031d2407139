"""What people have chosen, one document a person."""

from __future__ import annotations

import json

from bot.domain.choices import Choices
from bot.store.database import Tx


def choices(tx: Tx, slack_user: str) -> Choices:
    """What that person has chosen; nothing of a channel."""
    row = tx.row("SELECT chosen FROM preference WHERE slack_user = :user", {"user": slack_user})
    found: dict[str, str] = json.loads(row["chosen"]) if row is not None else {}
    return found


def choose(tx: Tx, slack_user: str, chosen: Choices) -> None:
    """They want that from now on, and of everything else the default."""
    tx.run(
        "INSERT INTO preference (slack_user, chosen) VALUES (:user, :chosen)"
        " ON CONFLICT (slack_user) DO UPDATE SET chosen = excluded.chosen",
        {"user": slack_user, "chosen": json.dumps(dict(chosen))},
    )
