"""How a task stands, and what is done about it next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.actors import operator_words, place, who
from bot.domain.language import Language, msg
from bot.domain.model import Face, Standing, Submission, SubmissionState
from bot.domain.phrases import Moment, Phrase, joined
from bot.domain.reasons import spaced
from bot.domain.records import Chronicle, Delivery
from bot.domain.reminders import next_reminder
from bot.domain.story import due_or_none
from bot.domain.wording import cards, labels, snoozing
from bot.domain.wording.echoes import echo


def stand(language: Language, chronicle: Chronicle) -> list[Phrase]:
    """How the task stands, and everything that waits."""
    found = [_standing(language, chronicle), *_connection(language, chronicle)]
    found += [_on_its_way(language, one) for one in chronicle.submissions if one.state.active]
    found += [
        snoozing.stands(language, place(language, reader), who(language, one.by_user), one.until)
        for reader, one in chronicle.situation.snoozed.items()
    ]
    return found + [_delivered(language, one) for one in chronicle.deliveries if one.live]


_FINISHED = {
    Standing.DONE: (
        msg("It is done in {connection}: {label} by {who}."),
        msg("It is done in {connection}, and not by an answer from here."),
    ),
    Standing.CANCELLED: (
        msg("It is cancelled in {connection}: {label} by {who}."),
        msg("It is cancelled in {connection}, and not by an answer from here."),
    ),
}


def _standing(language: Language, chronicle: Chronicle) -> Phrase:
    situation, title = chronicle.situation, chronicle.situation.connection.title
    task, answered = situation.stored.task, situation.answered
    match situation.stored.standing:
        case Standing.OPEN:
            due = (cards.due_part(language, task.due),) if task.due else None
            assigned = [o.id for o in task.operators]
            return language.phrase(
                "Open, {due}, assigned to {operators}.",
                due=due_or_none(language, due),
                operators=operator_words(language, chronicle.operators, assigned),
            )
        case Standing.GONE:
            return cards.gone(language, title)
        case standing if answered is not None:
            return language.phrase(
                _FINISHED[standing][0],
                connection=title,
                label=_label(language, answered),
                who=who(language, answered.slack_user),
            )
        case standing:
            return language.phrase(_FINISHED[standing][1], connection=title)


def _label(language: Language, submission: Submission) -> str:
    label = labels.given(language, submission.label, submission.effect)
    return labels.quoted(language, label)


_TROUBLES = {
    "unauthorized": (
        msg("{connection} refuses the key."),
        msg("{connection} refuses the key; its last good poll was {at}."),
    ),
    "unavailable": (
        msg("{connection} is not answering."),
        msg("{connection} is not answering; its last good poll was {at}."),
    ),
    "malformed": (
        msg("{connection} answers something that I cannot read."),
        msg("{connection} answers something that I cannot read; its last good poll was {at}."),
    ),
}


def _connection(language: Language, chronicle: Chronicle) -> list[Phrase]:
    title, good_at = chronicle.situation.connection.title, chronicle.good_at
    if not chronicle.watched:
        return [
            language.phrase(
                "{connection} is no longer in the settings, so I neither list its tasks nor remind"
                " of them, and nothing is sent there.",
                connection=title,
            )
        ]
    if chronicle.trouble is None:
        return []
    bare, dated = _TROUBLES[chronicle.trouble]
    if good_at is None:
        return [language.phrase(bare, connection=title)]
    return [language.phrase(dated, connection=title, at=Moment(good_at, day=True))]


def _on_its_way(language: Language, submission: Submission) -> Phrase:
    label, actor = _label(language, submission), who(language, submission.slack_user)
    if submission.state is SubmissionState.HELD:
        return language.phrase(
            "{label} by {who} is held for a moment, so that it can be taken back.",
            label=label,
            who=actor,
        )
    tries = language.count("{n} try", "{n} tries", submission.attempt)
    found = language.phrase(
        "{label} by {who} is on its way, after {tries}.", label=label, who=actor, tries=tries
    )
    error = submission.error
    return spaced(found, (labels.sentence(echo(language, error)),) if error else ())


_STATES = {
    "pending": msg("The card of {reader} waits to be posted"),
    "sending": msg("The card of {reader} is being posted"),
    "retry": msg("The card of {reader} could not be posted yet"),
    "unknown": msg(
        "The card of {reader} may or may not stand, which I find out before I post it again"
    ),
}
_FACES = {
    Face.OPEN: msg("open, with its buttons"),
    Face.HELD: msg("an answer that is held"),
    Face.SENDING: msg("an answer on its way"),
    Face.WAITING: msg("an answer that waits for the provider"),
    Face.DONE: msg("done"),
    Face.DONE_ELSEWHERE: msg("done elsewhere"),
    Face.CANCELLED: msg("cancelled"),
    Face.MOVED: msg("moved to somebody else"),
    Face.GONE: msg("gone"),
    Face.SNOOZED: msg("put off"),
    Face.FOLDED: msg("a newer card below"),
}


def _delivered(language: Language, delivery: Delivery) -> Phrase:
    reader = place(language, delivery.reader)
    if delivery.state in _STATES:
        found = language.phrase(_STATES[delivery.state], reader=reader)
    else:
        found = _shown(language, delivery)
    why = f" ({echo(language, delivery.error)})" if delivery.error else ""
    return joined(found, why, ".")


def _shown(language: Language, delivery: Delivery) -> Phrase:
    reader, face = place(language, delivery.reader), language.say(_FACES[delivery.face])
    if not delivery.redraws:
        return language.phrase("The card of {reader} shows: {face}", reader=reader, face=face)
    times = language.count("redrawn once", "redrawn {n} times", delivery.redraws)
    return language.phrase(
        "The card of {reader} shows: {face}, {redrawn}", reader=reader, face=face, redrawn=times
    )


def next_step(language: Language, chronicle: Chronicle) -> tuple[datetime | None, Phrase]:
    """What is done about the task next if nothing changes, and when."""
    if not chronicle.watched:
        return None, language.phrase("Nothing, until the connection is in the settings again.")
    found = sorted(_waiting(language, chronicle), key=lambda one: one[0])
    if found:
        return found[0]
    if chronicle.situation.stored.standing is not Standing.OPEN:
        return None, language.phrase("Nothing more to do, unless it is opened again.")
    due = chronicle.situation.stored.task.due
    if due is not None and due.on is not None:
        return None, language.phrase("No reminder: it is due on a day, without an hour.")
    return None, language.phrase("No reminder is to come; a change brings the next step.")


def _waiting(language: Language, chronicle: Chronicle) -> Sequence[tuple[datetime, Phrase]]:
    found = [_sent(language, one) for one in chronicle.submissions if one.state.active]
    found += [
        (
            one.due_at,
            language.phrase(
                "The card is posted, looked for or redrawn {at}.", at=Moment(one.due_at, day=True)
            ),
        )
        for one in chronicle.deliveries
        if one.live and one.due_at is not None
    ]
    return [*found, *_brought_up(language, chronicle)]


def _brought_up(language: Language, chronicle: Chronicle) -> Iterator[tuple[datetime, Phrase]]:
    situation = chronicle.situation
    for reader in situation.readers:
        at = next_reminder(situation, reader, chronicle.now)
        if at is not None:
            comes = msg("A reminder comes {at}.")
            if reader.id in situation.snoozed:
                comes = msg("The card comes back {at}.")
            yield at, language.phrase(comes, at=Moment(at, day=True))


def _sent(language: Language, submission: Submission) -> tuple[datetime, Phrase]:
    at = submission.due_at
    sentence = msg("{label} is sent {at}.")
    if submission.attempt:
        sentence = msg("{label} is tried again {at}.")
    label = _label(language, submission)
    return at, language.phrase(sentence, label=label, at=Moment(at, day=True))
