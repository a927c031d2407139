"""Every English sentence that people read: the seam for other languages.

A sentence that names a person or a moment is a `Phrase`, so that each surface can show these in
its own way; what others wrote stands in it as it is, and whoever renders it keeps it from being
interpreted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from adapters.contract import Due
from bot.domain import when
from bot.domain.model import AnswerLine, Face, Reason


@dataclass(frozen=True, slots=True)
class Mention:
    """A Slack user."""

    user: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant to be shown in the reader's zone: the time, with its `day` where asked."""

    at: datetime
    day: bool = False


Phrase = tuple[str | Mention | Moment, ...]

DOT = "  ·  "


def said(part: str | Mention | Moment, tz: ZoneInfo) -> str:
    """A piece of a phrase in plain words."""
    match part:
        case Mention(user):
            return f"@{user}"
        case Moment(at, day):
            return when.moment_words(at, tz) if day else when.clock(at, tz)
        case _:
            return part


def joined(texts: Iterable[str]) -> str:
    return DOT.join(texts)


def quoted(label: str | None) -> str:
    """An outcome's name inside a sentence."""
    return f"“{label}”" if label and label.strip() else "Your answer"


def nameless() -> str:
    return "(no title)"


# Buttons, menus, small print ---------------------------------------------------------------


def more() -> str:
    return "More"


def answer() -> str:
    return "Answer"


def search_placeholder() -> str:
    return "Search an answer"


def undo() -> str:
    return "Undo"


def open_link() -> str:
    return "Open"


def priority(value: str) -> str:
    return f"Priority: {value}"


# Cards: marks and lines ----------------------------------------------------------------------


MARKS: Mapping[Face, str] = MappingProxyType(
    {
        Face.OPEN: "",
        Face.HELD: "⏳ ",
        Face.SENDING: "⏳ ",
        Face.WAITING: "⏳ ",
        Face.DONE: "✅ ",
        Face.DONE_ELSEWHERE: "✅ ",
        Face.CANCELLED: "🚫 ",
        Face.MOVED: "➡️ ",
        Face.GONE: "",
        Face.FOLDED: "↓ ",
    }
)
"""What stands before a card's line."""
REFUSED_MARK = "⚠️ "
RECORDED_MARK = "✅ "


def reminder(reason: Reason) -> str:
    """The line above a reminder's card."""
    return "⏰ Due now" if reason is Reason.DUE else "⏰ Due soon"


def due_line(due: Due, overdue: bool) -> Phrase:
    """When it is due, in words that do not age."""
    moment = Moment(due.at, day=True) if due.at else when.day_words(when.due_day(due, _UTC))
    return ("🔴 Overdue since " if overdue else "🕓 Due ", moment)


_UTC = when.zone("UTC")


def refused(connection: str, reason: str) -> Phrase:
    return (connection, " refused it: ", sentence(reason), " Nothing was sent.")


def sentence(text: str) -> str:
    """Somebody else's words as a sentence of ours."""
    words = text.strip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def recorded(given: AnswerLine, reader: str) -> Phrase:
    """The provider took the answer and left the task open."""
    return (f"{quoted(given.label)} recorded", *_signature(given, reader))


def held(label: str | None) -> Phrase:
    return (f"{quoted(label)} is about to be sent",)


def sending(label: str | None, connection: str) -> Phrase:
    return (f"Sending {quoted(label)} to ", connection, "…")


def waiting(connection: str, since: datetime | None) -> Phrase:
    began: Phrase = (" since ", Moment(since)) if since else ()
    return (connection, " is not answering", *began, ". I keep trying; nothing is lost.")


def done(given: AnswerLine, reader: str) -> Phrase:
    return (f"{given.label or 'Done'}", *_signature(given, reader))


def done_elsewhere(connection: str, given: AnswerLine | None) -> Phrase:
    return ("Completed in ", connection, *_told(given))


def cancelled(connection: str, given: AnswerLine | None) -> Phrase:
    return ("Cancelled in ", connection, *_told(given))


def moved(users: Iterable[str], names: Iterable[str]) -> Phrase:
    whom: list[str | Mention] = [Mention(user) for user in users]
    whom += [name for name in names if name.strip()]
    if not whom:
        return ("No longer assigned to you",)
    return ("Now with ", *[part for one in whom for part in (", ", one)][1:])


def gone(connection: str) -> Phrase:
    return ("No longer in ", connection, " (deleted or not visible to me).")


def folded() -> Phrase:
    return ("Reminder below",)


def _who(given: AnswerLine, reader: str) -> str | Mention | None:
    if given.by_user is not None:
        return "you" if given.by_user == reader else Mention(given.by_user)
    return given.by_name


def _signature(given: AnswerLine, reader: str) -> Phrase:
    """` · you, 14:02`, as far as it is known."""
    who = _who(given, reader)
    parts = [part for part in (who, Moment(given.at) if given.at else None) if part]
    return tuple(
        piece for glue, part in zip((" · ", ", "), parts, strict=False) for piece in (glue, part)
    )


def _told(given: AnswerLine | None, reader: str = "") -> Phrase:
    """` as “Label” by Ben, 13:40`, as far as it is known."""
    if given is None:
        return ()
    label: Phrase = (f" as {quoted(given.label)}",) if given.label else ()
    return (*label, *_by(given, reader))


def _by(given: AnswerLine, reader: str) -> Phrase:
    who = _who(given, reader)
    by: Phrase = (" by ", who) if who else ()
    return (*by, ", ", Moment(given.at)) if given.at else by


# Cards: the sentence that a phone shows ------------------------------------------------------


def due_text(due: Due | None, overdue: bool, now: datetime, tz: ZoneInfo) -> str:
    """When it is due, for a text that is written once and read soon."""
    if due is None:
        return "no due date"
    today = when.local_day(now, tz)
    if overdue:
        return f"overdue since {_moment_text(due, today, tz)}"
    day = when.due_day(due, tz)
    near = {0: "today", 1: "tomorrow"}.get((day - today).days)
    if near is None:
        return f"due {_moment_text(due, today, tz)}"
    return f"due {near} {when.clock(due.at, tz)}" if due.at else f"due {near}"


def _moment_text(due: Due, today: date, tz: ZoneInfo) -> str:
    if due.at is not None:
        return when.moment_words(due.at, tz, today)
    return when.day_words(when.due_day(due, tz), today)


def reminder_text(reason: Reason, due: str) -> str:
    return f"due now, {due}" if reason is Reason.DUE else f"due soon, {due}"


def details_text(details: Iterable[str]) -> str:
    """` (Riesgo de fuga, Ruta Norte)`."""
    known = ", ".join(detail.strip() for detail in details if detail.strip())
    return f" ({known})" if known else ""


def done_text(given: AnswerLine, reader: str) -> Phrase:
    return (f"{quoted(given.label)} done" if given.label else "done", *_by(given, reader))


def folded_text() -> Phrase:
    return ("see the reminder below",)
