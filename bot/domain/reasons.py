"""Why somebody got a task's card, or did not: the short story for one reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain import wording
from bot.domain.model import Reason, Standing
from bot.domain.planner import DUE_GRACE
from bot.domain.records import Chronicle, Delivery, Linked
from bot.domain.story import link_words, operator_words, place
from bot.domain.wording import Mention, Moment, Phrase


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a reader got the task's card, and why, in a sentence or a few."""

    reader: str
    told: bool
    words: Phrase


@dataclass(frozen=True, slots=True)
class _Voice:
    """How a reader is spoken of: to themselves, or to somebody else."""

    name: str | Mention
    object: str | Mention
    be: str

    @classmethod
    def of(cls, reader: str, you: str | None) -> _Voice:
        if reader == you:
            return cls("You", "you", "are")
        return cls(place(reader), place(reader), "is")


def verdict(chronicle: Chronicle, reader: str, *, you: str | None = None) -> Verdict:
    """Why `reader` got the card, or did not. `you`: whoever reads this."""
    voice = _Voice.of(reader, you)
    cards = [one for one in chronicle.deliveries if one.reader == reader]
    posted = [one for one in cards if one.posted_at is not None]
    if posted:
        got = (*_got(posted[-1], voice), *_due(chronicle))
        return Verdict(reader, True, (*_holding(chronicle, reader, voice), *got))
    words = _held_back(cards) or _untold(chronicle, reader, voice)
    return Verdict(reader, False, (*_holding(chronicle, reader, voice), *words))


def verdicts(chronicle: Chronicle, *, you: str | None = None) -> list[Verdict]:
    """The same for everybody whom the task concerns, or has concerned."""
    concerned = [reader.id for reader in chronicle.situation.readers]
    concerned += [one.reader for one in chronicle.deliveries]
    concerned += chronicle.theirs
    return [verdict(chronicle, reader, you=you) for reader in dict.fromkeys(concerned)]


def unheard(chronicle: Chronicle) -> Phrase | None:
    """That operators of the task are nobody in Slack; None where all are somebody."""
    operators = chronicle.situation.stored.task.operators
    if not operators:
        return ("It is assigned to nobody, so nobody was told.",)
    strangers = [o.id for o in operators if o.id not in chronicle.situation.linked]
    if not strangers:
        return None
    names = operator_words(chronicle.operators, strangers)
    return (f"Linked to nobody in Slack, and so not told: {names}.",)


def _holding(chronicle: Chronicle, reader: str, voice: _Voice) -> Phrase:
    """How the task is, or is not, theirs."""
    link = _link_of(chronicle, reader)
    if link is not None:
        title = chronicle.situation.connection.title
        operator = operator_words(chronicle.operators, [link.operator_id])
        since: Phrase = (" since ", Moment(link.since, day=True), ", ")
        how = link_words({"provenance": link.provenance}, link.actor)
        return (f"It is assigned to {operator} in {title}; ", voice.object, f" {voice.be} linked to"
                " that operator", *since, *how, " ")  # fmt: skip
    if any(one.id == reader for one in chronicle.situation.readers):
        return ("Nobody in Slack is linked to who has it, so it goes to ", voice.object, ". ")
    return ()


def _link_of(chronicle: Chronicle, reader: str) -> Linked | None:
    assigned = {o.id for o in chronicle.situation.stored.task.operators}
    mine = (one for one in chronicle.links if one.slack_user == reader)
    return next((one for one in mine if one.operator_id in assigned), None)


_BECAUSE = {
    Reason.ASSIGNED: "as the task was new to",
    Reason.DUE_SOON: "as the task was due soon, for",
    Reason.DUE: "as the task was due, for",
}


def _got(card: Delivery, voice: _Voice) -> Phrase:
    assert card.posted_at is not None  # noqa: S101 - only posted cards come here
    return ("The card came ", Moment(card.posted_at, day=True), f", {_BECAUSE[card.reason]} ",
            voice.object, ".")  # fmt: skip


def _due(chronicle: Chronicle) -> Phrase:
    stored = chronicle.situation.stored
    if stored.task.due is None or stored.standing is not Standing.OPEN:
        return ()
    return (" It is due ", wording.due_part(stored.task.due), ".")


def _held_back(cards: list[Delivery]) -> Phrase:
    """Why a card that is wanted does not stand."""
    if not cards:
        return ()
    error = wording.sentence(cards[-1].error) if cards[-1].error else ""
    if cards[-1].state == "refused":
        return (f"A card was wanted and not posted: {error}",)
    return (f"A card is on its way. {error}".strip(),)


def _untold(chronicle: Chronicle, reader: str, voice: _Voice) -> Phrase:
    """Why no card was ever wanted."""
    situation, title = chronicle.situation, chronicle.situation.connection.title
    mine = next((one for one in situation.readers if one.id == reader), None)
    if not chronicle.watched:
        return (f"{title} is no longer in the settings.",)
    if mine is None:
        return _not_theirs(chronicle, reader, voice)
    if situation.stored.standing is not Standing.OPEN:
        return ("It was finished before a card was wanted, so none was posted.",)
    if not mine.baseline:
        return ("A card is about to be made.",)
    return (
        "It was there before I began to watch for ", voice.object,
        ": such tasks are summed up once, not sent card by card.", *_reminder(chronicle),
    )  # fmt: skip


def _not_theirs(chronicle: Chronicle, reader: str, voice: _Voice) -> Phrase:
    title = chronicle.situation.connection.title
    theirs = chronicle.theirs.get(reader, ())
    if not theirs:
        return (voice.name, f" {voice.be} linked to no operator in {title}.")
    assigned = [o.id for o in chronicle.situation.stored.task.operators]
    has, mine = (operator_words(chronicle.operators, ids) for ids in (assigned, theirs))
    return (voice.name, f" {voice.be} {mine} in {title}, and it is assigned to {has}.")


def _reminder(chronicle: Chronicle) -> Phrase:
    """Why no reminder has brought it up either."""
    stored = chronicle.situation.stored
    at: datetime | None = stored.task.due.at if stored.task.due else None
    if at is None:
        return (" No reminder comes of a task without an hour.",)
    if at <= stored.first_seen_at:
        return (" The moment at which it was due had passed by then, so no reminder came.",)
    if at + DUE_GRACE <= chronicle.now:
        return (" No reminder came while it was due.",)
    return (" A reminder comes before it is due.",)


NOW = "Now"
WHICH = "Which task? Give words of its title, or its connection:id."


def unknown_task(words: str) -> str:
    """Nothing fits what somebody asked about."""
    return f"I know no task of yours like “{words}”. Give words of its title, or its connection:id."


def several(words: str, known: Iterable[tuple[str, str]], count: int) -> str:
    """Too much fits: `known` are some of `count` tasks, by `connection:id` and title."""
    rows = [f"{task} — {title}" for task, title in known]
    more = [f"… and {count - len(rows)} more"] if count > len(rows) else []
    return "\n".join([f"“{words}” fits several tasks. Which one?", *rows, *more])


def earlier(count: int) -> str:
    """What is left out of a long story."""
    return f"… {count} earlier {'step' if count == 1 else 'steps'}"
