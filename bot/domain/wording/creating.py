"""The form of a new task."""

from __future__ import annotations

from bot.domain.language import msg

CREATE = msg("Create")
NOWHERE = msg(
    "None of your connections takes new tasks from here. Ask an admin if that should change."
)
WHERE = msg("Where")
TITLE = msg("Task")
SUBJECT = msg("Concerns")
SEARCH_SUBJECT = msg("Type a name")
DAY = msg("Due on")
HOUR = msg("At")
NO_TITLE = msg("Say in a few words what is to be done.")
NO_DAY = msg("Pick the day, too.")
