"""Why somebody got a task's card, or did not: the short story for one reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actors import operator_words, place
from bot.domain.calendar import quiet_until
from bot.domain.language import Language, msg
from bot.domain.model import Reader, Reason, Standing
from bot.domain.phrases import Mention, Moment, Phrase, joined
from bot.domain.records import Chronicle, Delivery, Linked
from bot.domain.reminders import DUE_GRACE
from bot.domain.story import link_words
from bot.domain.when import LAST
from bot.domain.wording import cards
from bot.domain.wording.echoes import echo
from bot.domain.wording.labels import sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a reader got the task's card, and why, in a sentence or a few."""

    reader: str
    told: bool
    words: Phrase


@dataclass(frozen=True, slots=True)
class _Asked:
    """Of whom is spoken, and in which language; `you`: to themselves."""

    language: Language
    reader: str
    you: bool

    def say(self, to_you: str, of_them: str, **params: str | Mention | Moment | Phrase) -> Phrase:
        """One of two sentences: to themselves, or of the `{reader}` to somebody else."""
        if self.you:
            return self.language.phrase(to_you, **params)
        who = place(self.language, self.reader)
        return self.language.phrase(of_them, reader=who, **params)


def verdict(
    language: Language, chronicle: Chronicle, reader: str, *, you: str | None = None
) -> Verdict:
    """Why `reader` got the card, or did not. `you`: whoever reads this."""
    asked = _Asked(language, reader, reader == you)
    cards_of = [one for one in chronicle.deliveries if one.reader == reader]
    posted = [one for one in cards_of if one.posted_at is not None]
    if posted:
        found = [_holding(chronicle, asked), _got(posted[-1], asked), _due(language, chronicle)]
        return Verdict(reader, True, spaced(*found))
    words = _held_back(language, cards_of) or _untold(chronicle, asked)
    return Verdict(reader, False, spaced(_holding(chronicle, asked), words))


def spaced(*sentences: Phrase) -> Phrase:
    """The sentences one after the other."""
    return joined(*[part for one in sentences if one for part in (" ", one)][1:])


def verdicts(language: Language, chronicle: Chronicle, *, you: str | None = None) -> list[Verdict]:
    """The same for everybody whom the task concerns, or has concerned."""
    concerned = [reader.id for reader in chronicle.situation.readers]
    concerned += [one.reader for one in chronicle.deliveries]
    concerned += chronicle.theirs
    return [verdict(language, chronicle, one, you=you) for one in dict.fromkeys(concerned)]


def unheard(language: Language, chronicle: Chronicle) -> Phrase | None:
    """That operators of the task are nobody in Slack; None where all are somebody."""
    operators = chronicle.situation.stored.task.operators
    if not operators:
        return language.phrase("It is assigned to nobody, so nobody was told.")
    strangers = [o.id for o in operators if o.id not in chronicle.situation.linked]
    if not strangers:
        return None
    return language.phrase(
        "Linked to nobody in Slack, and so not told: {operators}.",
        operators=operator_words(language, chronicle.operators, strangers),
    )


def _holding(chronicle: Chronicle, asked: _Asked) -> Phrase:
    """How the task is, or is not, theirs."""
    link = _link_of(chronicle, asked.reader)
    if link is not None:
        return asked.say(
            msg(
                "It is assigned to {operator} in {connection}; you are linked to that operator"
                " since {since}, {how}."
            ),
            msg(
                "It is assigned to {operator} in {connection}; {reader} is linked to that operator"
                " since {since}, {how}."
            ),
            operator=operator_words(asked.language, chronicle.operators, [link.operator_id]),
            connection=chronicle.situation.connection.title,
            since=Moment(link.since, day=True),
            how=link_words(asked.language, {"provenance": link.provenance}, link.actor),
        )
    mine = next((r for r in chronicle.situation.readers if r.id == asked.reader), None)
    if mine is not None and mine.instead_of is not None:
        return asked.say(
            msg("It is {absent}'s, who is away, and you stand in for them."),
            msg("It is {absent}'s, who is away, and {reader} stands in for them."),
            absent=Mention(mine.instead_of),
        )
    if mine is not None:
        return asked.say(
            msg("Nobody in Slack is linked to who has it, so it goes to you."),
            msg("Nobody in Slack is linked to who has it, so it goes to {reader}."),
        )
    return ()


def _link_of(chronicle: Chronicle, reader: str) -> Linked | None:
    assigned = {o.id for o in chronicle.situation.stored.task.operators}
    mine = (one for one in chronicle.links if one.slack_user == reader)
    return next((one for one in mine if one.operator_id in assigned), None)


_CAME = {
    Reason.ASSIGNED: (
        msg("The card came {at}, as the task was new to you."),
        msg("The card came {at}, as the task was new to {reader}."),
    ),
    Reason.DUE_SOON: (
        msg("The card came {at}, as the task was due soon, for you."),
        msg("The card came {at}, as the task was due soon, for {reader}."),
    ),
    Reason.DUE: (
        msg("The card came {at}, as the task was due, for you."),
        msg("The card came {at}, as the task was due, for {reader}."),
    ),
    Reason.RETURNED: (
        msg("The card came {at}, as you had put the task off until then."),
        msg("The card came {at}, as the task had been put off until then, for {reader}."),
    ),
}


def _got(card: Delivery, asked: _Asked) -> Phrase:
    assert card.posted_at is not None  # noqa: S101 - only posted cards come here
    return asked.say(*_CAME[card.reason], at=Moment(card.posted_at, day=True))


def _due(language: Language, chronicle: Chronicle) -> Phrase:
    stored = chronicle.situation.stored
    if stored.task.due is None or stored.standing is not Standing.OPEN:
        return ()
    return language.phrase("It is due {due}.", due=cards.due_part(language, stored.task.due))


def _held_back(language: Language, cards: list[Delivery]) -> Phrase:
    """Why a card that is wanted does not stand."""
    if not cards:
        return ()
    error = sentence(echo(language, cards[-1].error)) if cards[-1].error else ""
    if cards[-1].state == "refused":
        return language.phrase("A card was wanted and not posted: {reason}", reason=error)
    return spaced(language.phrase("A card is on its way."), (error,) if error else ())


def _untold(chronicle: Chronicle, asked: _Asked) -> Phrase:
    """Why no card was ever wanted."""
    situation, language = chronicle.situation, asked.language
    mine = next((one for one in situation.readers if one.id == asked.reader), None)
    if not chronicle.watched:
        title = situation.connection.title
        return language.phrase("{connection} is no longer in the settings.", connection=title)
    if mine is None:
        return _not_theirs(chronicle, asked)
    if situation.stored.standing is not Standing.OPEN:
        return language.phrase("It was finished before a card was wanted, so none was posted.")
    if situation.news.get(asked.reader) is True:
        return asked.say(
            msg("You know of it without a card: from a list, by what you did, or as you are away."),
            msg(
                "{reader} knows of it without a card: from a list, by what they did, or as they"
                " are away."
            ),
        )
    if not mine.baseline:
        return _about_to_come(chronicle, mine, asked)
    before = asked.say(
        msg(
            "It was there before I began to watch for you: such tasks are summed up once, not sent"
            " card by card."
        ),
        msg(
            "It was there before I began to watch for {reader}: such tasks are summed up once, not"
            " sent card by card."
        ),
    )
    return spaced(before, _reminder(language, chronicle))


def _about_to_come(chronicle: Chronicle, mine: Reader, asked: _Asked) -> Phrase:
    """It is news, and waits for the moment at which they may be told."""
    urgent = chronicle.situation.stored.task.urgent
    held = quiet_until(chronicle.now, mine.preferences, urgent=urgent)
    if held is None:
        return asked.language.phrase("A card is about to be made.")
    if held == LAST:
        return asked.say(
            msg("It waits until you are back."), msg("It waits until {reader} is back.")
        )
    return asked.say(
        msg("It waits until {at}, when you may be told again."),
        msg("It waits until {at}, when {reader} may be told again."),
        at=Moment(held, day=True),
    )


def _not_theirs(chronicle: Chronicle, asked: _Asked) -> Phrase:
    title, language = chronicle.situation.connection.title, asked.language
    theirs = chronicle.theirs.get(asked.reader, ())
    if not theirs:
        return asked.say(
            msg("You are linked to no operator in {connection}."),
            msg("{reader} is linked to no operator in {connection}."),
            connection=title,
        )
    assigned = [o.id for o in chronicle.situation.stored.task.operators]
    has, mine = (operator_words(language, chronicle.operators, ids) for ids in (assigned, theirs))
    return asked.say(
        msg("You are {operator} in {connection}, and it is assigned to {operators}."),
        msg("{reader} is {operator} in {connection}, and it is assigned to {operators}."),
        operator=mine,
        connection=title,
        operators=has,
    )


def _reminder(language: Language, chronicle: Chronicle) -> Phrase:
    """Why no reminder has brought it up either."""
    stored = chronicle.situation.stored
    at: datetime | None = stored.task.due.at if stored.task.due else None
    if at is None:
        return language.phrase("No reminder comes of a task without an hour.")
    if at <= stored.first_seen_at:
        return language.phrase(
            "The moment at which it was due had passed by then, so no reminder came."
        )
    if at + DUE_GRACE <= chronicle.now:
        return language.phrase("No reminder came while it was due.")
    return language.phrase("A reminder comes before it is due.")


NOW = msg("Now")
WHICH = msg("Which task? Give words of its title, or its connection:id.")


def unknown_task(language: Language, words: str) -> str:
    """Nothing fits what somebody asked about."""
    return language.say(
        "I know no task of yours like “{words}”. Give words of its title, or its connection:id.",
        words=words,
    )


def several(language: Language, words: str, known: Iterable[tuple[str, str]], count: int) -> str:
    """Too much fits: `known` are some of `count` tasks, by `connection:id` and title."""
    rows = [f"{task} — {title}" for task, title in known]
    left = count - len(rows)
    more = [language.count("… and {n} more", "… and {n} more", left)] if left > 0 else []
    opening = language.say("“{words}” fits several tasks. Which one?", words=words)
    return "\n".join([opening, *rows, *more])


def earlier(language: Language, count: int) -> str:
    """What is left out of a long story."""
    return language.count("… {n} earlier step", "… {n} earlier steps", count)
