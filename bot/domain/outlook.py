"""How a task stands, and what is done about it next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import wording
from bot.domain.model import Face, Standing, Submission, SubmissionState
from bot.domain.planner import first_look
from bot.domain.records import Chronicle, Delivery
from bot.domain.story import operator_words, place, who
from bot.domain.wording import Moment, Phrase


def stand(chronicle: Chronicle) -> list[Phrase]:
    """How the task stands, and everything that waits."""
    found = [_standing(chronicle), *_connection(chronicle)]
    found += [_on_its_way(one) for one in chronicle.submissions if one.state.active]
    return found + [_delivered(one) for one in chronicle.deliveries if one.live]


def _standing(chronicle: Chronicle) -> Phrase:
    situation, title = chronicle.situation, chronicle.situation.connection.title
    task, answered = situation.stored.task, situation.answered
    match situation.stored.standing:
        case Standing.OPEN:
            assigned = operator_words(chronicle.operators, [o.id for o in task.operators])
            due: Phrase = ("due ", wording.due_part(task.due)) if task.due else ("no due date",)
            return ("Open, ", *due, f", assigned to {assigned}.")
        case Standing.GONE:
            return wording.gone(title)
        case standing if answered is not None:
            label = wording.quoted(answered.label)
            return (
                f"It is {standing.value} in {title}: {label} by ",
                who(answered.slack_user),
                ".",
            )
        case standing:
            return (f"It is {standing.value} in {title}, and not by an answer from here.",)


def _connection(chronicle: Chronicle) -> list[Phrase]:
    title = chronicle.situation.connection.title
    if not chronicle.watched:
        return [(f"{title} is no longer in the settings, so I neither list its tasks nor remind of "
                 "them, and nothing is sent there.",)]  # fmt: skip
    troubles = {
        "unauthorized": f"{title} refuses the key",
        "unavailable": f"{title} is not answering",
        "malformed": f"{title} answers something that I cannot read",
    }
    if chronicle.trouble is None:
        return []
    good_at = chronicle.good_at
    good: Phrase = ("; its last good poll was ", Moment(good_at, day=True)) if good_at else ()
    return [(troubles[chronicle.trouble], *good, ".")]


def _on_its_way(submission: Submission) -> Phrase:
    what = (f"{wording.quoted(submission.label)} by ", who(submission.slack_user))
    if submission.state is SubmissionState.HELD:
        return (*what, " is held for a moment, so that it can be taken back.")
    tries = f"{submission.attempt} {'try' if submission.attempt == 1 else 'tries'}"
    said = f" {wording.sentence(submission.error)}" if submission.error else ""
    return (*what, f" is on its way, after {tries}.{said}")


_STATES = {
    "pending": "waits to be posted",
    "sending": "is being posted",
    "retry": "could not be posted yet",
    "unknown": "may or may not stand, which I find out before I post it again",
}
_FACES = {
    Face.OPEN: "open, with its buttons",
    Face.HELD: "an answer that is held",
    Face.SENDING: "an answer on its way",
    Face.WAITING: "an answer that waits for the provider",
    Face.DONE: "done",
    Face.DONE_ELSEWHERE: "done elsewhere",
    Face.CANCELLED: "cancelled",
    Face.MOVED: "moved to somebody else",
    Face.GONE: "gone",
    Face.FOLDED: "a newer card below",
}


def _delivered(delivery: Delivery) -> Phrase:
    opening: Phrase = ("The card of ", place(delivery.reader))
    error = f" ({delivery.error})" if delivery.error else ""
    if delivery.state != "sent":
        return (*opening, f" {_STATES.get(delivery.state, delivery.state)}{error}.")
    redraws = f", redrawn {_times(delivery.redraws)}" if delivery.redraws else ""
    return (*opening, f" shows: {_FACES[delivery.face]}{redraws}{error}.")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def next_step(chronicle: Chronicle) -> tuple[datetime | None, Phrase]:
    """What is done about the task next if nothing changes, and when."""
    if not chronicle.watched:
        return None, ("Nothing, until the connection is in the settings again.",)
    found = sorted(_waiting(chronicle), key=lambda one: one[0])
    if found:
        at, what = found[0]
        return at, (f"{what} ", Moment(at, day=True), ".")
    if chronicle.situation.stored.standing is not Standing.OPEN:
        return None, ("Nothing more to do, unless it is opened again.",)
    due = chronicle.situation.stored.task.due
    if due is not None and due.on is not None:
        return None, ("No reminder: it is due on a day, without an hour.",)
    return None, ("No reminder is to come; a change brings the next step.",)


def _waiting(chronicle: Chronicle) -> Sequence[tuple[datetime, str]]:
    situation = chronicle.situation
    found = [
        (one.due_at, f"{wording.quoted(one.label)} is {'tried again' if one.attempt else 'sent'}")
        for one in chronicle.submissions
        if one.state.active
    ]
    found += [
        (one.due_at, "The card is posted, looked for or redrawn")
        for one in chronicle.deliveries
        if one.live and one.due_at is not None
    ]
    due = situation.stored.task.due
    reminder = first_look(due, chronicle.lead, chronicle.now)
    if reminder and situation.stored.standing is Standing.OPEN and situation.readers:
        found.append((reminder, "A reminder comes"))
    return found
