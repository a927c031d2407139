"""Every English sentence that people read: the seam for other languages.

A sentence that names a person or a moment is a `Phrase`, so that each surface can show these in
its own way; what others wrote stands in it as it is, and whoever renders it keeps it from being
interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from adapters.contract import Due, Effect, FieldKind
from bot.domain import when
from bot.domain.lists import Filter, Listing, Section
from bot.domain.model import AnswerLine, Face, Reason, Whisper


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


def said(part: str | Moment, tz: ZoneInfo) -> str:
    """A piece of a phrase in plain words."""
    if isinstance(part, str):
        return part
    return when.moment_words(part.at, tz) if part.day else when.clock(part.at, tz)


def plain(phrase: Phrase, tz: ZoneInfo, named: Callable[[str], str]) -> str:
    """A phrase in plain words; `named`: what to call a Slack user."""
    return "".join(
        named(part.user) if isinstance(part, Mention) else said(part, tz) for part in phrase
    )


def quoted(label: str | None) -> str:
    """An outcome's name inside a sentence."""
    return f"“{label}”" if label and label.strip() else "Your answer"


MORE = "More"
ANSWER = "Answer"
SEARCH = "Search an answer"
UNDO = "Undo"
OPEN = "Open"
WHY = "Why did I get this?"
RESCHEDULE = "Reschedule"
REASSIGN = "Reassign"
REASSIGN_TO = "Give it to"
COMMENT = "Comment"
NEW_DAY = "New date"
NEW_MOMENT = "New date and time"
SURE = "Are you sure?"
YES = "Yes"
NO = "No"
NAMELESS = "(no title)"
PREVIOUS = "‹ Previous"
NEXT = "Next ›"
REFRESH = "Refresh"
SEND = "Send"
CANCEL = "Cancel"
CHOOSE = "Choose"
FINISHED = "done"
REFUSED = "refused"


def priority(value: str) -> str:
    return f"Priority: {value}"


MARKS: Mapping[Face, str] = {
    Face.HELD: "⏳ ",
    Face.SENDING: "⏳ ",
    Face.WAITING: "⏳ ",
    Face.DONE: "✅ ",
    Face.DONE_ELSEWHERE: "✅ ",
    Face.CANCELLED: "🚫 ",
    Face.MOVED: "➡️ ",
    Face.FOLDED: "↓ ",
}
"""What stands before the line of a card; nothing for the others."""
REFUSED_MARK = "⚠️ "
RECORDED_MARK = "✅ "
_NAMED = 10


def reminder(reason: Reason) -> str:
    """The line above a reminder's card."""
    return "⏰ Due now" if reason is Reason.DUE else "⏰ Due soon"


def due_line(due: Due, overdue: bool) -> Phrase:
    """When it is due, in words that do not age."""
    return ("🔴 Overdue since " if overdue else "🕓 Due ", due_part(due))


def due_part(due: Due) -> str | Moment:
    return when.day_words(due.on) if due.on else Moment(when.instant(due), day=True)


GIVEN_UP = "An admin gave it up; it was not sent."
GIVEN_UP_IN_DOUBT = "An admin gave it up; it may have arrived all the same, so look there."


def refused(connection: str, reason: str) -> Phrase:
    """Why an answer was refused; a reason that says by whom needs no opening of ours."""
    if reason in (GIVEN_UP, GIVEN_UP_IN_DOUBT):
        return (reason,)
    opening: Phrase = () if " refused it: " in reason else (connection, " refused it: ")
    return (*opening, sentence(reason), " Nothing was sent.")


def sentence(text: str) -> str:
    """Somebody else's words as a sentence of ours."""
    words = text.strip()
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def recorded(given: AnswerLine, reader: str) -> Phrase:
    """The provider took the answer, or another change, and the task is open."""
    match given.effect:
        case Effect.REOPEN:
            what: Phrase = ("Taken back",)
        case Effect.RESCHEDULE:
            what = ("Moved from ", due_part(given.was)) if given.was else ("Rescheduled",)
        case Effect.REASSIGN:
            what = ("Reassigned",)
        case Effect.COMMENT:
            what = ("Comment added",)
        case Effect.ANSWER:
            what = (f"{quoted(given.label)} recorded",)
    return (*what, *_signature(given, reader))


def grave(label: str) -> str:
    """What is asked before an outcome that one would not want by mistake."""
    return f"{quoted(label)} can't be taken back here once it is sent."


def held(label: str | None) -> Phrase:
    return (f"{quoted(label)} is about to be sent",)


def sending(label: str | None, connection: str) -> Phrase:
    return (f"Sending {quoted(label)} to ", connection, "…")


def waiting(connection: str, reason: str | None, since: datetime | None) -> Phrase:
    began: Phrase = (" since ", Moment(since)) if since else ()
    why = sentence(reason) if reason else f"{connection} is not answering."
    return (why, " I keep trying", *began, "; nothing is lost.")


def done(given: AnswerLine, reader: str) -> Phrase:
    return (given.label or "Done", *_signature(given, reader))


def done_elsewhere(connection: str, given: AnswerLine, reader: str) -> Phrase:
    return ("Completed in ", connection, *_told(given, reader))


def cancelled(connection: str, given: AnswerLine, reader: str) -> Phrase:
    return ("Cancelled in ", connection, *_told(given, reader))


def moved(users: Iterable[str], names: Iterable[str]) -> Phrase:
    whom: list[str | Mention] = [Mention(user) for user in users]
    whom += [name for name in names if name.strip()]
    listed = [part for one in whom[:_NAMED] for part in (", ", one)][1:]
    return ("Now with ", *listed) if listed else ("No longer assigned to you",)


def gone(connection: str) -> Phrase:
    return ("No longer in ", connection, " (deleted or not visible to me).")


def folded(reminder: Reason | None) -> Phrase:
    return ("Reminder below" if reminder else "Newer card below",)


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


def _told(given: AnswerLine, reader: str) -> Phrase:
    """` as “Label” by Ben, 13:40`, as far as it is known."""
    label: Phrase = (f" as {quoted(given.label)}",) if given.label else ()
    return (*label, *_by(given, reader))


def _by(given: AnswerLine, reader: str) -> Phrase:
    who = _who(given, reader)
    by: Phrase = (" by ", who) if who else ()
    return (*by, ", ", Moment(given.at)) if given.at else by


def due_text(due: Due | None, overdue: bool, now: datetime, tz: ZoneInfo) -> str:
    """When it is due, for a text that is written once and read soon."""
    if due is None:
        return "no due date"
    today = when.local_day(now, tz)
    near = {0: "today", 1: "tomorrow"}.get((when.due_day(due, tz) - today).days)
    if overdue or near is None:
        return f"{'overdue since' if overdue else 'due'} {when.due_words(due, today, tz)}"
    return f"due {near} {when.clock(due.at, tz)}" if due.at else f"due {near}"


def reminder_text(reason: Reason, due: str) -> str:
    return f"due now, {due}" if reason is Reason.DUE else f"due soon, {due}"


def details_text(details: Iterable[str]) -> str:
    """` (Riesgo de fuga, Ruta Norte)`."""
    known = ", ".join(detail.strip() for detail in details if detail.strip())
    return f" ({known})" if known else ""


def done_text(given: AnswerLine, reader: str) -> Phrase:
    return (f"{quoted(given.label)} done" if given.label else "done", *_by(given, reader))


SECTIONS: Mapping[Section, str] = {
    Section.OVERDUE: "Overdue",
    Section.TODAY: "Today",
    Section.WEEK: "Next 7 days",
    Section.LATER: "Later",
    Section.UNDATED: "No date",
}
_NOTHING: Mapping[Filter, str] = {
    Filter.DEFAULT: "Nothing due.",
    Filter.TODAY: "Nothing due today.",
    Filter.OVERDUE: "Nothing overdue.",
    Filter.WEEK: "Nothing due in the next 7 days.",
    Filter.ALL: "No open tasks.",
}


def section_line(section: Section, total: int) -> str:
    return f"*{SECTIONS[section]} · {total}*"


def overdue_for(days: int, hour: str | None) -> str:
    """How long a row is overdue; `hour`: when it was due, on the day itself."""
    return f"since {hour}" if hour and not days else "1 day" if days == 1 else f"{days} days"


def nothing(listing: Listing, tz: ZoneInfo) -> str:
    """What an empty list says: `Nothing due. Next: Botica Norte, Thu 10:00.`"""
    upcoming = listing.upcoming
    task = upcoming.stored.task if upcoming else None
    if task is None or task.due is None:
        return _NOTHING[listing.chosen]
    near = when.near_words(task.due, when.local_day(listing.as_of, tz), tz)
    return f"{_NOTHING[listing.chosen]} Next: {task.title.strip() or NAMELESS}, {near}."


def list_text(listing: Listing) -> str:
    """The list in one sentence, for a lock screen."""
    counts = ", ".join(f"{total} {SECTIONS[part].lower()}" for part, total in listing.totals)
    return f"Your tasks: {counts}."


def page_line(page: int, pages: int, as_of: datetime, tz: ZoneInfo) -> str:
    """`‹ 1 of 2 ›  ·  as of 14:03`; a single page needs no number."""
    number = f"‹ {page} of {pages} ›{DOT}" if pages > 1 else ""
    return f"{number}as of {when.clock(as_of, tz)}"


def missing(kind: FieldKind) -> str:
    """What is wrong with a field that was left empty."""
    match kind:
        case FieldKind.FUTURE_MOMENT:
            return "Pick a date and a time."
        case FieldKind.DAY:
            return "Pick a date."
        case FieldKind.TEXT:
            return "Write a few words."
        case FieldKind.CHOICE:
            return "Choose one."


UNKNOWN_CHOICE = "This is no longer offered. Choose another one."


def past(at: datetime, tz: ZoneInfo) -> str:
    return f"That is in the past ({when.moment_words(at, tz)} in {tz.key}). Pick a later moment."


def past_day(day: date) -> str:
    return f"That is in the past ({when.day_words(day)}). Pick today or a later day."


def unlinked(connection: str | None = None) -> str:
    where = f"in {connection} " if connection else ""
    return (
        f"Your Slack user isn't linked to an operator {where}yet, so there are no tasks to show. "
        "Ask an admin to link you."
    )


def tasks_help() -> str:
    return "\n".join(
        (
            "/tasks — overdue, today, and the next 7 days",
            "/tasks today — what is due today",
            "/tasks overdue — what is overdue",
            "/tasks week — today and the next 7 days",
            "/tasks all — every open task, those without a date too",
            "/tasks why TASK — what happened to a task: words of its title, or connection:id",
            "/tasks whoami — who you are at each connection, and your time zone",
            "/tasks help — this text",
        )
    )


def unknown_command(typed: str) -> str:
    return f"I don't know “{typed}”. This is what I understand:\n{tasks_help()}"


def whoami(links: Iterable[tuple[str, str]], timezone: str) -> str:
    """Who somebody is: `links` are the titles of connections and the operators' names there."""
    lines = [f"{connection}: you are {operator}." for connection, operator in links]
    return "\n".join([*(lines or [unlinked()]), f"Your time zone is {timezone}."])


_WHISPERS: Mapping[str, str] = {
    "unlinked": "Your Slack user isn't linked to an operator{where} yet. Nothing was sent; ask an "
    "admin to link you.",
    "not_yours": "{task} isn't assigned to you. Only its operator, a manager or an admin can "
    "answer it. Nothing was sent.",
    "already_finished": "{task} is already finished{as_label}{by}{at}. Your click was not sent.",
    "already_sending": "{label} is already on its way for this task. The card will tell how it "
    "went; your click was not sent.",
    "gone": "{task} is no longer in {connection} (deleted or not visible to me). Nothing was sent.",
    "outcome_gone": "{label} is no longer offered{where}. Nothing was sent; choose another answer.",
    "withdrawn": "{label} was taken back. Nothing was sent.",
    "refused": "{label} was refused, so there is nothing to take back. Nothing was sent.",
    "too_late_to_undo": "{label} is already sent or on its way, so I can't take it back. If it was "
    "a mistake, correct it in {connection}.",
    "not_finished": "{task} is open again already, so there is nothing to take back.",
    "nobody_else": "I know nobody else in {connection} who could get this task. Nothing was sent.",
    "told": "{text}",
    "form_expired": "The form could not be opened in time. Nothing was sent; press the button "
    "again.",
}
_DID_NOT_WORK = "That did not work. Nothing was sent; please try again."


def whisper(told: Whisper) -> str:
    """A private sentence: what happened, what it means, what to do. Parameters that are missing
    leave their words out; those that are unknown are not used."""
    given = {name: value for name, value in told.params.items() if value.strip()}
    words = {
        "task": quoted(given["title"]) if "title" in given else "This task",
        "label": quoted(given.get("label")),
        "connection": given.get("connection", "the provider"),
        "text": given.get("text", ""),
        "where": f" in {given['connection']}" if "connection" in given else "",
        "as_label": f": {quoted(given['label'])}" if "label" in given else "",
        "by": f" by {given['by']}" if "by" in given else "",
        "at": f", {given['at']}" if "at" in given else "",
    }
    return _WHISPERS.get(told.code, _DID_NOT_WORK).format_map(words)
