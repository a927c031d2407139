"""What happened to a task, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.contract import Effect
from bot.domain import wording
from bot.domain.changes import DUE, OPERATOR, read_due
from bot.domain.model import Reason, SubmissionState, Whisper
from bot.domain.records import (
    CHANGED,
    CLI,
    DECLINED,
    GIVEN_UP,
    GONE,
    PUT_OFF,
    RETRIED,
    SEEN,
    TASKBELL,
    UNDONE,
    Chronicle,
    Record,
)
from bot.domain.wording import Mention, Moment, Phrase

SLACK_USER = re.compile(r"[UW][A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened. `record`: the row that tells it; None: derived from what stands."""

    at: datetime
    words: Phrase
    record: Record | None = None


def lines(chronicle: Chronicle) -> tuple[Line, ...]:
    """All that happened, in time order."""
    told = [Line(r.at, words, r) for r in chronicle.records if (words := _told(chronicle, r))]
    return tuple(sorted((*_derived(chronicle), *told), key=lambda line: line.at))


def who(actor: str) -> str | Mention:
    """Whoever did something."""
    names = {TASKBELL: "I", CLI: "an admin at the command line"}
    return Mention(actor) if SLACK_USER.fullmatch(actor) else names.get(actor, actor)


def _opening(record: Record) -> str | Mention:
    """Whoever did something, at the beginning of a sentence."""
    actor = who(record.actor)
    return actor if isinstance(actor, Mention) else actor[:1].upper() + actor[1:]


def operator_words(operators: Mapping[str, str], ids: Iterable[str]) -> str:
    """`Carlos Ruiz (OP-042), OP-7`; nobody, where there are none."""
    known = [f"{operators[one]} ({one})" if one in operators else one for one in ids]
    return ", ".join(known) or "nobody"


def due_words(text: str) -> Phrase:
    """A due as it is stored, in words."""
    due = read_due(text)
    return (wording.due_part(due),) if due else ("no due date",)


def _derived(chronicle: Chronicle) -> list[Line]:
    """What no row tells: that the task was there before we began to watch."""
    stored = chronicle.situation.stored
    if any(record.action == SEEN for record in chronicle.records):
        return []
    began, title = chronicle.baseline_at, chronicle.situation.connection.title
    first = began is None or stored.first_seen_at <= began
    words = f"Already there in the first listing of {title}, and so news to nobody."
    return [
        Line(stored.first_seen_at, (words if first else f"Seen for the first time in {title}.",))
    ]


def _told(chronicle: Chronicle, record: Record) -> Phrase | None:
    teller = _TELLERS.get(record.action) or _TELLERS.get(record.action.partition(" ")[2])
    if teller is not None:
        return teller(chronicle, record)
    asked = _ASKED.get(record.action)
    return (_opening(record), *asked(chronicle, record.detail)) if asked else None


def _title(chronicle: Chronicle) -> str:
    return chronicle.situation.connection.title


_LISTINGS = {"full": "a full listing", "changes": "a listing of what changed", "named": "a look-up"}


def _by(detail: Mapping[str, Any]) -> str:
    """How something was noticed."""
    if detail.get("by") == "answer":
        return "what came back for an answer"
    how = _LISTINGS.get(str(detail.get("listing")), "a listing")
    return f"{how} that a push asked for" if detail.get("by") == "push" else how


def _seen(chronicle: Chronicle, record: Record) -> Phrase:
    detail = record.detail
    assigned = operator_words(chronicle.operators, detail.get("operators", ()))
    return (
        f"Seen for the first time, in {_by(detail)} of {_title(chronicle)}: ",
        f"{detail.get('state')}, ",
        *_due_or_none(str(detail.get("due", ""))),
        f", assigned to {assigned}.",
    )


def _due_or_none(text: str) -> Phrase:
    return ("due ", *due_words(text)) if text else ("no due date",)


def _changed(chronicle: Chronicle, record: Record) -> Phrase:
    parts: list[str | Mention | Moment] = []
    for key, change in record.detail.items():
        words = _change(chronicle, key, change)
        parts += ["; ", *words] if words else []
    return (f"Changed in {_title(chronicle)}, by {_by(record.detail)}: ", *parts[1:], ".")


def _change(chronicle: Chronicle, key: str, change: Any) -> Phrase:
    match key:
        case "title":
            return ("another title",)
        case "due":
            return ("due ", *due_words(change[1]), " instead of ", *due_words(change[0]))
        case "operators":
            was, now = (operator_words(chronicle.operators, ids) for ids in change)
            return (f"assigned to {now} instead of {was}",)
        case "state":
            return (f"{change[1]} instead of {change[0]}",)
        case "status" | "priority" | "result":
            return (f"{key} {change[1] or 'none'} instead of {change[0] or 'none'}",)
        case _:
            return ()


def _gone(chronicle: Chronicle, _: Record) -> Phrase:
    return wording.gone(_title(chronicle))


def _linked(chronicle: Chronicle, record: Record) -> Phrase:
    operator = operator_words(chronicle.operators, [record.subject or ""])
    user = str(record.detail.get("slack_user", ""))
    return (Mention(user), f" was linked to {operator} ", *link_words(record.detail, record.actor))


def link_words(detail: Mapping[str, Any], actor: str) -> Phrase:
    """How a link came to be."""
    if detail.get("provenance") == "email":
        return ("by e-mail address.",)
    how = "with a file, by " if detail.get("provenance") == "import" else "by "
    return (how, who(actor), ".")


def _unlinked(chronicle: Chronicle, record: Record) -> Phrase:
    operator = operator_words(chronicle.operators, [record.subject or ""])
    return (f"The link of {operator} was removed by ", who(record.actor), ".")


def _asked_answer(_: Chronicle, detail: Mapping[str, Any]) -> Phrase:
    return (f" answered {_label(detail)}.",)


def _asked_due(_: Chronicle, detail: Mapping[str, Any]) -> Phrase:
    return (" asked to move it to ", *due_words(str(detail.get(DUE, ""))), ".")


def _asked_operator(chronicle: Chronicle, detail: Mapping[str, Any]) -> Phrase:
    wanted = operator_words(chronicle.operators, [str(detail.get(OPERATOR, ""))])
    return (f" asked to give it to {wanted}.",)


_ASKED: Mapping[str, Callable[[Chronicle, Mapping[str, Any]], Phrase]] = {
    Effect.ANSWER: _asked_answer,
    Effect.REOPEN: lambda *_: (" asked to open it again.",),
    Effect.RESCHEDULE: _asked_due,
    Effect.REASSIGN: _asked_operator,
    Effect.COMMENT: lambda *_: (" wrote a comment.",),
}


def _label(detail: Mapping[str, Any]) -> str:
    return wording.quoted(detail.get("label") or detail.get("outcome"))


def _declined(chronicle: Chronicle, record: Record) -> Phrase:
    given = {key: str(value) for key, value in record.detail.items()}
    names = {"title": chronicle.situation.stored.task.title, "connection": _title(chronicle)}
    return (_opening(record), " clicked, and heard: ", wording.whisper(_whisper(given | names)))


def _whisper(given: Mapping[str, str]) -> Whisper:
    return Whisper(given["code"], {key: given[key] for key in given if key != "code"})


def _undone(_: Chronicle, record: Record) -> Phrase:
    return (_opening(record), " took the answer back before it was sent.")


def _put_off(_: Chronicle, record: Record) -> Phrase:
    detail = record.detail
    doubt = (
        "It may have arrived all the same, so I read the task before I write again."
        if detail.get("doubt")
        else "Nothing was written; I try again."
    )
    return (
        f"{_label(detail)}, try {detail['attempt']}: {wording.sentence(detail['said'])} {doubt}",
    )


def _taken(chronicle: Chronicle, record: Record) -> Phrase:
    detail = record.detail
    read = ", after reading the task back" if detail.get("doubt") else ""
    said = f": {detail['said']}" if detail.get("said") else ""
    return (f"{_title(chronicle)} took {_label(detail)} at try {detail['attempt']}{read}{said}.",)


def _refused(chronicle: Chronicle, record: Record) -> Phrase:
    return (
        f"{_label(record.detail)}, try {record.detail['attempt']}: ",
        *wording.refused(_title(chronicle), str(record.detail["said"])),
    )


def _retried(_: Chronicle, record: Record) -> Phrase:
    return (_opening(record), f" asked to send {_label(record.detail)} again.")


def _given_up(_: Chronicle, record: Record) -> Phrase:
    return (_opening(record), f" gave {_label(record.detail)} up. {record.detail['said']}")


_REASONS = {
    Reason.ASSIGNED: "it was new to them",
    Reason.DUE_SOON: "it was due soon",
    Reason.DUE: "it was due",
}


def _reader(record: Record) -> str | Mention:
    return place(str(record.detail.get("reader", "")))


def place(reader: str) -> str | Mention:
    """Who reads a card: a person, or a channel."""
    return Mention(reader) if SLACK_USER.fullmatch(reader) else f"the channel {reader}"


def _posted(_: Chronicle, record: Record) -> Phrase:
    reason = record.detail.get("reason")
    why = f", because {_REASONS[Reason(reason)]}" if reason else ""
    return ("A card was posted to ", _reader(record), f" in {record.detail['channel']}{why}.")


def _found(_: Chronicle, record: Record) -> Phrase:
    return ("The line to Slack was cut while the card for ", _reader(record),
            " was posted: I looked, and it stands.")  # fmt: skip


def _missed(_: Chronicle, record: Record) -> Phrase:
    return ("The line to Slack was cut while the card for ", _reader(record),
            " was posted: I looked, and it does not stand. I post it again.")  # fmt: skip


def _not_posted(_: Chronicle, record: Record) -> Phrase:
    said = wording.sentence(str(record.detail.get("said")))
    return ("The card for ", _reader(record), f" was not posted: {said}")


def _deleted(_: Chronicle, record: Record) -> Phrase:
    return ("The card of ", _reader(record), " was deleted in Slack.")


_TELLERS: Mapping[str, Callable[[Chronicle, Record], Phrase]] = {
    SEEN: _seen,
    CHANGED: _changed,
    GONE: _gone,
    "link": _linked,
    "unlink": _unlinked,
    DECLINED: _declined,
    UNDONE: _undone,
    RETRIED: _retried,
    GIVEN_UP: _given_up,
    PUT_OFF: _put_off,
    SubmissionState.DONE: _taken,
    SubmissionState.REFUSED: _refused,
    "card posted": _posted,
    "card found": _found,
    "card not found": _missed,
    "card refused": _not_posted,
    "card deleted": _deleted,
}
