"""What a person wants: what they chose takes effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.choices import Choices, changed, preferred
from bot.ground import Ground
from bot.store import agenda, messages, people, preferences, screens, tasks
from bot.store.database import Tx
from bot.store.submissions import Intent

SETTINGS = "settings"
"""The action that the audit tells, with the names of what was changed, never how."""


def choose(ground: Ground, tx: Tx, intent: Intent) -> None:
    """Store what somebody chose, and let it take effect."""
    body: Mapping[str, Any] = intent.body
    user, now, chosen = intent.slack_user, ground.clock.now(), body["chosen"]
    names = _choose(ground, tx, user, chosen)
    if names:
        look_anew(tx, user, now, redraw=not {"locale", "timezone"}.isdisjoint(names))
        people.audit(tx, now, user, SETTINGS, detail={"changed": names})


def _choose(ground: Ground, tx: Tx, slack_user: str, chosen: Choices) -> list[str]:
    """Store it; gives the names of what counts otherwise now."""
    defaults = ground.defaults(tx, slack_user)
    before = preferred(defaults, preferences.choices(tx, slack_user))
    after = preferred(defaults, chosen)
    preferences.choose(tx, slack_user, chosen)
    people.see_person(tx, slack_user)
    if after.absence is not None and after.absence.delegate is not None:
        people.see_person(tx, after.absence.delegate)
    return changed(before, after)


def look_anew(tx: Tx, slack_user: str, now: datetime, *, redraw: bool) -> None:
    """When somebody may be told, or how, has changed: look at their tasks, at those of whom they
    stand in for, and at what waits for them. `redraw`: their cards are written otherwise, too."""
    if redraw:
        messages.redraw_all_of(tx, slack_user, now)
    for user in (slack_user, *preferences.asking(tx, slack_user)):
        for stored in tasks.open_of_user(tx, user):
            tasks.look_again(tx, stored.connection, stored.task.id)
    agenda.look_now(tx, slack_user, now)
    screens.redraw_of(tx, (slack_user,), now)
