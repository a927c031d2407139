"""What cards say, and their texts for a lock screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.contract import Due, Effect
from bot.domain import when
from bot.domain.language import Language, msg
from bot.domain.model import AnswerLine, Face, Reason
from bot.domain.phrases import Mention, Moment, Part, Phrase, joined
from bot.domain.wording.echoes import echo, says_by_whom
from bot.domain.wording.labels import given, quoted, sentence

MARKS: Mapping[Face, str] = {
    Face.HELD: "⏳ ",
    Face.SENDING: "⏳ ",
    Face.WAITING: "⏳ ",
    Face.DONE: "✅ ",
    Face.DONE_ELSEWHERE: "✅ ",
    Face.CANCELLED: "🚫 ",
    Face.MOVED: "➡️ ",
    Face.SNOOZED: "💤 ",
    Face.FOLDED: "↓ ",
}
"""What stands before the line of a card; nothing for the others."""
REFUSED_MARK = "⚠️ "
RECORDED_MARK = "✅ "
_NAMED = 10

GIVEN_UP = msg("An admin gave it up; it was not sent.")
GIVEN_UP_IN_DOUBT = msg("An admin gave it up; it may have arrived all the same, so look there.")


def priority(language: Language, value: str) -> str:
    return language.say("Priority: {priority}", priority=value)


def reminder(language: Language, reason: Reason) -> str:
    """The line above a card that was brought up again."""
    if reason is Reason.RETURNED:
        return language.say("⏰ Back as you asked")
    return language.say("⏰ Due now") if reason is Reason.DUE else language.say("⏰ Due soon")


def due_line(language: Language, due: Due, overdue: bool) -> Phrase:
    """When it is due, in words that do not age."""
    at = due_part(language, due)
    if overdue:
        return language.phrase("🔴 Overdue since {due}", due=at)
    return language.phrase("🕓 Due {due}", due=at)


def due_part(language: Language, due: Due) -> str | Moment:
    return language.day(due.on) if due.on else Moment(when.instant(due), day=True)


def refused(language: Language, connection: str, reason: str) -> Phrase:
    """Why an answer was refused; a reason that says by whom needs no opening of ours."""
    if reason in (GIVEN_UP, GIVEN_UP_IN_DOUBT):
        return (language.say(reason),)
    told = sentence(echo(language, reason))
    if says_by_whom(reason):
        return language.phrase("{reason} Nothing was sent.", reason=told)
    return language.phrase(
        "{connection} refused it: {reason} Nothing was sent.", connection=connection, reason=told
    )


def recorded(language: Language, answer: AnswerLine, reader: str) -> Phrase:
    """The provider took the answer, or another change, and the task is open."""
    return _signed(language, _recorded(language, answer), answer, reader)


def _recorded(language: Language, answer: AnswerLine) -> Phrase:
    match answer.effect:
        case Effect.REOPEN:
            return language.phrase("Taken back")
        case Effect.RESCHEDULE if answer.was:
            return language.phrase("Moved from {due}", due=due_part(language, answer.was))
        case Effect.RESCHEDULE:
            return language.phrase("Rescheduled")
        case Effect.REASSIGN:
            return language.phrase("Reassigned")
        case Effect.COMMENT:
            return language.phrase("Comment added")
        case Effect.CREATE:
            return language.phrase("Created")
        case Effect.ANSWER:
            return language.phrase("{label} recorded", label=quoted(language, answer.label))


def grave(language: Language, label: str) -> str:
    """What is asked before an outcome that one would not want by mistake."""
    return language.say(
        "{label} can't be taken back here once it is sent.", label=quoted(language, label)
    )


def held(language: Language, answer: AnswerLine) -> Phrase:
    return language.phrase("{label} is about to be sent", label=_label(language, answer))


def sending(language: Language, answer: AnswerLine, connection: str) -> Phrase:
    label = _label(language, answer)
    return language.phrase("Sending {label} to {connection}…", label=label, connection=connection)


def _label(language: Language, answer: AnswerLine) -> str:
    return quoted(language, given(language, answer.label, answer.effect))


def waiting(
    language: Language, connection: str, reason: str | None, since: datetime | None
) -> Phrase:
    why = sentence(echo(language, reason)) if reason else not_answering(language, connection)
    if since is None:
        return language.phrase("{reason} I keep trying; nothing is lost.", reason=why)
    return language.phrase(
        "{reason} I keep trying since {time}; nothing is lost.", reason=why, time=Moment(since)
    )


def not_answering(language: Language, connection: str) -> str:
    return language.say("{connection} is not answering.", connection=connection)


def done(language: Language, answer: AnswerLine, reader: str) -> Phrase:
    what = given(language, answer.label, answer.effect) or language.say("Done")
    return _signed(language, (what,), answer, reader)


def done_elsewhere(language: Language, connection: str, answer: AnswerLine, reader: str) -> Phrase:
    what = language.phrase("Completed in {connection}", connection=connection)
    return _told(language, what, answer, reader)


def cancelled(language: Language, connection: str, answer: AnswerLine, reader: str) -> Phrase:
    what = language.phrase("Cancelled in {connection}", connection=connection)
    return _told(language, what, answer, reader)


def moved(language: Language, users: Iterable[str], names: Iterable[str]) -> Phrase:
    whom: list[Part] = [Mention(user) for user in users]
    whom += [name for name in names if name.strip()]
    if not whom:
        return language.phrase("No longer assigned to you")
    listed = [part for one in whom[:_NAMED] for part in (", ", one)][1:]
    return language.phrase("Now with {people}", people=tuple(listed))


def gone(language: Language, connection: str) -> Phrase:
    return language.phrase(
        "No longer in {connection} (deleted or not visible to me).", connection=connection
    )


def folded(language: Language, reminder: Reason | None) -> Phrase:
    if reminder is Reason.RETURNED:
        return language.phrase("Back below")
    if reminder:
        return language.phrase("Reminder below")
    return language.phrase("Newer card below")


def _signed(language: Language, what: Phrase, answer: AnswerLine, reader: str) -> Phrase:
    """`… · you, 14:02`, as far as it is known."""
    who: Part | None = answer.by_name
    if answer.by_user is not None:
        who = language.say("you") if answer.by_user == reader else Mention(answer.by_user)
    known = [part for part in (who, Moment(answer.at) if answer.at else None) if part]
    pieces = [(glue, part) for glue, part in zip((" · ", ", "), known, strict=False)]
    return joined(what, *pieces)


def _told(language: Language, what: Phrase, answer: AnswerLine, reader: str) -> Phrase:
    """`… as “Label” by Ben, 13:40`, as far as it is known."""
    if answer.label:
        what = language.phrase(
            "{completed} as {label}", completed=what, label=_label(language, answer)
        )
    return _by(language, what, answer, reader)


def _by(language: Language, what: Phrase, answer: AnswerLine, reader: str) -> Phrase:
    if answer.by_user is not None and answer.by_user == reader:
        what = language.phrase("{completed} by you", completed=what)
    elif answer.by_user or answer.by_name:
        who = Mention(answer.by_user) if answer.by_user else answer.by_name or ""
        what = language.phrase("{completed} by {who}", completed=what, who=who)
    return joined(what, ", ", Moment(answer.at)) if answer.at else what


def due_text(
    language: Language, due: Due | None, overdue: bool, now: datetime, tz: ZoneInfo
) -> str:
    """When it is due, for a text that is written once and read soon."""
    if due is None:
        return language.say("no due date")
    today = when.local_day(now, tz)
    if overdue:
        return language.say("overdue since {due}", due=language.due(due, today, tz))
    time = language.clock(due.at, tz) if due.at else ""
    match (when.due_day(due, tz) - today).days, bool(time):
        case 0, True:
            return language.say("due today {time}", time=time)
        case 0, False:
            return language.say("due today")
        case 1, True:
            return language.say("due tomorrow {time}", time=time)
        case 1, False:
            return language.say("due tomorrow")
        case _:
            return language.say("due {due}", due=language.due(due, today, tz))


def reminder_text(language: Language, reason: Reason, due: str) -> str:
    if reason is Reason.RETURNED:
        return language.say("back as you asked, {due}", due=due)
    if reason is Reason.DUE:
        return language.say("due now, {due}", due=due)
    return language.say("due soon, {due}", due=due)


def details_text(details: Iterable[str]) -> str:
    """` (Riesgo de fuga, Ruta Norte)`."""
    known = ", ".join(detail.strip() for detail in details if detail.strip())
    return f" ({known})" if known else ""


def done_text(language: Language, answer: AnswerLine, reader: str) -> Phrase:
    what = language.phrase("done")
    if answer.label:
        what = language.phrase("{label} done", label=_label(language, answer))
    return _by(language, what, answer, reader)
