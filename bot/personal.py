"""What a person wants: what they chose takes effect."""

from __future__ import annotations

from datetime import datetime

from bot.store import agenda, messages, tasks
from bot.store.database import Tx


def look_anew(tx: Tx, slack_user: str, now: datetime, *, redraw: bool) -> None:
    """When somebody may be told, or how, has changed: look at their tasks and at what waits for
    them. `redraw`: their cards are written otherwise, too."""
    if redraw:
        messages.redraw_all_of(tx, slack_user, now)
    for stored in tasks.open_of_user(tx, slack_user):
        tasks.look_again(tx, stored.connection, stored.task.id)
    agenda.look_now(tx, slack_user, now)
