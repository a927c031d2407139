"""What happened to a task, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.contract import Effect
from bot.domain.actors import operator_words, who
from bot.domain.card_story import CARD_TELLERS
from bot.domain.changes import DUE, OPERATOR, read_due
from bot.domain.language import Language, msg
from bot.domain.model import SubmissionState, Whisper
from bot.domain.phrases import Mention, Phrase, joined
from bot.domain.records import (
    CHANGED,
    CLI,
    DECLINED,
    GIVEN_UP,
    GONE,
    PUT_OFF,
    RETRIED,
    SEEN,
    UNDONE,
    Chronicle,
    Record,
)
from bot.domain.wording import cards, labels
from bot.domain.wording.echoes import echo
from bot.domain.wording.whispers import whisper


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened. `record`: the row that tells it; None: derived from what stands."""

    at: datetime
    words: Phrase
    record: Record | None = None


def lines(language: Language, chronicle: Chronicle) -> tuple[Line, ...]:
    """All that happened, in time order."""
    told = [
        Line(r.at, words, r) for r in chronicle.records if (words := _told(language, chronicle, r))
    ]
    return tuple(sorted((*_derived(language, chronicle), *told), key=lambda line: line.at))


def _opening(language: Language, record: Record) -> str | Mention:
    """Whoever did something, at the beginning of a sentence."""
    if record.actor == CLI:
        return language.say("An admin at the command line")
    return who(language, record.actor)


def due_words(language: Language, text: str) -> Phrase:
    """A due as it is stored, in words."""
    due = read_due(text)
    if due is None:
        return language.phrase("no due date")
    return (cards.due_part(language, due),)


def _derived(language: Language, chronicle: Chronicle) -> list[Line]:
    """What no row tells: that the task was there before we began to watch."""
    stored = chronicle.situation.stored
    if any(record.action == SEEN for record in chronicle.records):
        return []
    began, title = chronicle.baseline_at, _title(chronicle)
    if began is None or stored.first_seen_at <= began:
        words = language.phrase(
            "Already there in the first listing of {connection}, and so news to nobody.",
            connection=title,
        )
    else:
        words = language.phrase("Seen for the first time in {connection}.", connection=title)
    return [Line(stored.first_seen_at, words)]


def _told(language: Language, chronicle: Chronicle, record: Record) -> Phrase | None:
    teller = _TELLERS.get(record.action) or _TELLERS.get(record.action.partition(" ")[2])
    return teller(language, chronicle, record) if teller else _asked(language, chronicle, record)


def _title(chronicle: Chronicle) -> str:
    return chronicle.situation.connection.title


_LISTINGS = {
    "full": msg("a full listing"),
    "changes": msg("a listing of what changed"),
    "named": msg("a look-up"),
}


def _by(language: Language, detail: Mapping[str, Any]) -> str:
    """How something was noticed."""
    if detail.get("by") == "answer":
        return language.say("what came back for an answer")
    how = language.say(_LISTINGS.get(str(detail.get("listing")), msg("a listing")))
    if detail.get("by") == "push":
        return language.say("{listing} that a push asked for", listing=how)
    return how


STATES = {
    "open": msg("open"),
    "done": msg("done"),
    "cancelled": msg("cancelled"),
    "gone": msg("gone"),
}


def _state(language: Language, state: object) -> str:
    return language.say(STATES[str(state)]) if state in STATES else str(state)


def _seen(language: Language, chronicle: Chronicle, record: Record) -> Phrase:
    detail, due = record.detail, record.detail.get("due")
    return language.phrase(
        "Seen for the first time, in {listing} of {connection}: {state}, {due}, assigned to"
        " {operators}.",
        listing=_by(language, detail),
        connection=_title(chronicle),
        state=_state(language, detail.get("state")),
        due=due_or_none(language, due_words(language, str(due)) if due else None),
        operators=operator_words(language, chronicle.operators, detail.get("operators", ())),
    )


def due_or_none(language: Language, due: Phrase | None) -> Phrase:
    """`due Thu 9 Apr`, inside a sentence."""
    if due is None:
        return language.phrase("no due date")
    return language.phrase("due {due}", due=due)


def _changed(language: Language, chronicle: Chronicle, record: Record) -> Phrase:
    parts: list[str | Phrase] = []
    for key, change in record.detail.items():
        words = _change(language, chronicle, key, change)
        parts += ["; ", words] if words else []
    return language.phrase(
        "Changed in {connection}, by {listing}: {changes}.",
        connection=_title(chronicle),
        listing=_by(language, record.detail),
        changes=joined(*parts[1:]),
    )


_CHANGED = {
    "status": msg("status {now} instead of {before}"),
    "priority": msg("priority {now} instead of {before}"),
    "result": msg("result {now} instead of {before}"),
}


def _change(language: Language, chronicle: Chronicle, key: str, change: Any) -> Phrase:
    match key:
        case "title":
            return language.phrase("another title")
        case "due":
            was, now = (due_words(language, text) for text in change)
            return language.phrase("due {now} instead of {before}", now=now, before=was)
        case "operators":
            before, after = (operator_words(language, chronicle.operators, ids) for ids in change)
            return language.phrase(
                "assigned to {now} instead of {before}", now=after, before=before
            )
        case "state":
            before, after = (_state(language, state) for state in change)
            return language.phrase("{now} instead of {before}", now=after, before=before)
        case "status" | "priority" | "result":
            before, after = (str(one) if one else language.say("none") for one in change)
            return language.phrase(_CHANGED[key], now=after, before=before)
        case _:
            return ()


def _gone(language: Language, chronicle: Chronicle, _: Record) -> Phrase:
    return cards.gone(language, _title(chronicle))


def _linked(language: Language, chronicle: Chronicle, record: Record) -> Phrase:
    return language.phrase(
        "{user} was linked to {operator} {how}.",
        user=Mention(str(record.detail.get("slack_user", ""))),
        operator=operator_words(language, chronicle.operators, [record.subject or ""]),
        how=link_words(language, record.detail, record.actor),
    )


def link_words(language: Language, detail: Mapping[str, Any], actor: str) -> Phrase:
    """How a link came to be."""
    by = who(language, actor)
    match detail.get("provenance"):
        case "email":
            return language.phrase("by e-mail address")
        case "import":
            return language.phrase("with a file, by {who}", who=by)
        case _:
            return language.phrase("by {who}", who=by)


def _unlinked(language: Language, chronicle: Chronicle, record: Record) -> Phrase:
    return language.phrase(
        "The link of {operator} was removed by {who}.",
        operator=operator_words(language, chronicle.operators, [record.subject or ""]),
        who=who(language, record.actor),
    )


def _asked(language: Language, chronicle: Chronicle, record: Record) -> Phrase | None:
    """What somebody wanted to be done."""
    actor, detail = _opening(language, record), record.detail
    match record.action:
        case Effect.ANSWER:
            return language.phrase(
                "{who} answered {label}.", who=actor, label=_label(language, record)
            )
        case Effect.REOPEN:
            return language.phrase("{who} asked to open it again.", who=actor)
        case Effect.RESCHEDULE:
            due = due_words(language, str(detail.get(DUE, "")))
            return language.phrase("{who} asked to move it to {due}.", who=actor, due=due)
        case Effect.REASSIGN:
            wanted = [str(detail.get(OPERATOR, ""))]
            operator = operator_words(language, chronicle.operators, wanted)
            return language.phrase(
                "{who} asked to give it to {operator}.", who=actor, operator=operator
            )
        case Effect.COMMENT:
            return language.phrase("{who} wrote a comment.", who=actor)
        case Effect.CREATE:
            return language.phrase("{who} asked for this task.", who=actor)
        case _:
            return None


def _label(language: Language, record: Record) -> str:
    """An answer's name; the row's action tells whether it is the provider's."""
    name = record.detail.get("label") or record.detail.get("outcome")
    effect = record.action.partition(" ")[0]
    return labels.quoted(language, labels.given(language, name, effect))


def _declined(language: Language, chronicle: Chronicle, record: Record) -> Phrase:
    given = {key: str(value) for key, value in record.detail.items()}
    names = {"title": chronicle.situation.stored.task.title, "connection": _title(chronicle)}
    return language.phrase(
        "{who} clicked, and heard: {sentence}",
        who=_opening(language, record),
        sentence=whisper(language, _whisper(given | names)),
    )


def _whisper(given: Mapping[str, str]) -> Whisper:
    return Whisper(given["code"], {key: given[key] for key in given if key != "code"})


def _undone(language: Language, _: Chronicle, record: Record) -> Phrase:
    actor = _opening(language, record)
    return language.phrase("{who} took the answer back before it was sent.", who=actor)


def _put_off(language: Language, _: Chronicle, record: Record) -> Phrase:
    detail = record.detail
    sentence = msg("{label}, try {n}: {reason} Nothing was written; I try again.")
    if detail.get("doubt"):
        sentence = msg(
            "{label}, try {n}: {reason} It may have arrived all the same, so I read the task before"
            " I write again."
        )
    reason = labels.sentence(echo(language, detail["said"]))
    return language.phrase(
        sentence, label=_label(language, record), n=str(detail["attempt"]), reason=reason
    )


def _taken(language: Language, chronicle: Chronicle, record: Record) -> Phrase:
    detail = record.detail
    sentence = msg("{connection} took {label} at try {n}")
    if detail.get("doubt"):
        sentence = msg("{connection} took {label} at try {n}, after reading the task back")
    told = language.say(
        sentence,
        connection=_title(chronicle),
        label=_label(language, record),
        n=detail["attempt"],
    )
    state, *rest = str(detail.get("said") or "").split(", ", 1)
    said = ", ".join([_state(language, state), *rest])
    return (f"{told}: {said}." if said else f"{told}.",)


def _refused(language: Language, chronicle: Chronicle, record: Record) -> Phrase:
    return language.phrase(
        "{label}, try {n}: {reason}",
        label=_label(language, record),
        n=str(record.detail["attempt"]),
        reason=cards.refused(language, _title(chronicle), str(record.detail["said"])),
    )


def _retried(language: Language, _: Chronicle, record: Record) -> Phrase:
    return language.phrase(
        "{who} asked to send {label} again.",
        who=_opening(language, record),
        label=_label(language, record),
    )


def _given_up(language: Language, _: Chronicle, record: Record) -> Phrase:
    return language.phrase(
        "{who} gave {label} up. {sentence}",
        who=_opening(language, record),
        label=_label(language, record),
        sentence=language.say(record.detail["said"]),
    )


_TELLERS: Mapping[str, Callable[[Language, Chronicle, Record], Phrase]] = {
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
    **CARD_TELLERS,
}
