"""Messages that are one sentence of ours: summaries, alerts, whispers, help."""

from __future__ import annotations

from bot.domain import notices, wording
from bot.domain.model import Whisper
from bot.slack.blocks import Rendered, cut, escape, plain_section, rendered

_LONGEST = 3_000


def notice(text: str) -> Rendered:
    """Words of `wording` as a message: what they name stays uninterpreted."""
    return rendered(escape(cut(text, _LONGEST)), [plain_section(text)])


def notice_message(told: Whisper) -> Rendered:
    """A message that stays: a summary for a person, or a word to the admins."""
    given = told.params
    connection, reason = given["connection"], given.get("reason", "")
    match told.code:
        case "baseline":
            return notice(notices.connected(connection, *_counts(told)))
        case "linked":
            return notice(notices.linked(connection, given["operator"], *_counts(told)))
        case "slack_recovered":
            return notice(notices.slack_back(reason, int(given["minutes"])))
        case code if code in notices.ALERTS:
            return notice(notices.ALERTS[code](connection, reason))
        case _:
            raise LookupError(told.code)


def _counts(told: Whisper) -> tuple[int, int, int]:
    return int(told.params["open"]), int(told.params["overdue"]), int(told.params["today"])


def whisper_message(told: Whisper) -> Rendered:
    """A private sentence to one person."""
    return notice(wording.whisper(told))
