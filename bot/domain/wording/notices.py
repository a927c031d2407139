"""What people and admins are told once: summaries of what was there, and troubles."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.language import Language, msg
from bot.domain.model import Whisper
from bot.domain.wording import linking
from bot.domain.wording.echoes import echo
from bot.domain.wording.labels import sentence

_ALERTS: Mapping[str, str] = {
    "connection_unauthorized": msg(
        "{connection} refuses the key, so I have stopped asking it: {reason} Its tasks are as they"
        " were at the last poll, and answers to them wait. Put a valid key into the settings and"
        " restart me; if this one becomes valid again, I notice within ten minutes. Nothing is"
        " lost."
    ),
    "connection_malformed": msg(
        "{connection} answers something that I cannot read: {reason} What I could read is up to"
        " date. I keep trying; nothing is lost."
    ),
    "connection_unavailable": msg(
        "{connection} is not answering: {reason} I keep trying; nothing is lost."
    ),
    "connection_recovered": msg("{connection} is answering again. What waited is being sent now."),
    "answer_unauthorized": msg(
        "{connection} refuses an answer that somebody gave: {reason} It waits, and I try again"
        " every few minutes. Give the key the permission to write."
    ),
    "answers_stuck": msg(
        "An answer to {connection} has waited for an hour: {reason} I keep trying."
        " “taskbell submissions list --failed” shows what waits; there it can be given up."
    ),
    "answers_taken": msg("{connection} takes answers again. What waited is being sent now."),
    "deliveries_stuck": msg(
        "A message has been waiting for a quarter of an hour to be posted: {reason} I keep trying."
        " “taskbell doctor” says what may be amiss."
    ),
    "deliveries_moving": msg("No message waits to be posted any more."),
    "polls_stuck": msg(
        "I have stopped hearing from {connection}, and no poll says why ({bare}). Restart me; if"
        " that does not help, “taskbell doctor” says what may be amiss."
    ),
    "polls_moving": msg("{connection} is being polled again."),
    "offer_gap": msg("{connection}: {reason} Until then its tasks can't be finished from here."),
    "offer_complete": msg(
        "{connection}: nothing is missing any more, its tasks can be finished from here."
    ),
}
"""What the admins hear, once when it begins and once when it ends."""


def notice(language: Language, told: Whisper) -> str:
    """A message that stays: a summary for a person, or a word to the admins. Raises LookupError
    for a code that is none of these."""
    known, connection = told.params, told.params["connection"]
    bare = echo(language, known.get("reason", ""))
    reason = sentence(bare) if bare else ""
    match told.code:
        case "baseline":
            opening = language.say("{connection} is connected", connection=connection)
            return _welcome(language, opening, known)
        case "linked":
            opening = language.say(
                "You are linked to {operator} in {connection}",
                operator=known["operator"],
                connection=connection,
            )
            return _welcome(language, opening, known)
        case "slack_recovered":
            return language.count(
                "Slack is back after a minute: {reason} What waited is being posted now.",
                "Slack is back after {n} minutes: {reason} What waited is being posted now.",
                int(known["minutes"]),
                reason=reason,
            )
        case _ if (said := linking.told(language, told)) is not None:
            return said
        case code:
            return language.say(_ALERTS[code], connection=connection, reason=reason, bare=bare)


def _welcome(language: Language, opening: str, known: Mapping[str, str]) -> str:
    """The one summary of what was there before we began to watch."""
    tasks, overdue, today = (int(known[key]) for key in ("open", "overdue", "today"))
    counts = [language.say("no open tasks")]
    if tasks:
        counts = [language.count("{n} open task", "{n} open tasks", tasks)]
    if overdue:
        counts.append(language.count("{n} overdue", "{n} overdue", overdue))
    if today:
        counts.append(language.count("{n} due today", "{n} due today", today))
    return language.say(
        "{opening}: {counts}. /tasks lists them; from now on new ones come as cards.",
        opening=opening,
        counts=", ".join(counts),
    )
