"""What happened to the cards of a task, and where else it was told, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.actors import place, who
from bot.domain.language import Language, msg
from bot.domain.model import Reason
from bot.domain.phrases import Mention, Phrase
from bot.domain.records import ESCALATED, LISTED, SEEN_TO, SNOOZED, WOKEN, Chronicle, Record
from bot.domain.wording import labels, snoozing
from bot.domain.wording.echoes import echo

_POSTED = {
    Reason.ASSIGNED: msg("A card was posted to {reader} in {channel}, because it was new to them."),
    Reason.DUE_SOON: msg("A card was posted to {reader} in {channel}, because it was due soon."),
    Reason.DUE: msg("A card was posted to {reader} in {channel}, because it was due."),
    Reason.RETURNED: msg(
        "A card was posted to {reader} in {channel}, because it had been put off until then."
    ),
}


def _reader(language: Language, record: Record) -> str | Mention:
    return place(language, str(record.detail.get("reader", "")))


def _posted(language: Language, _: Chronicle, record: Record) -> Phrase:
    reason = record.detail.get("reason")
    sentence = msg("A card was posted to {reader} in {channel}.")
    return language.phrase(
        _POSTED[Reason(reason)] if reason else sentence,
        reader=_reader(language, record),
        channel=str(record.detail["channel"]),
    )


def _about(sentence: str) -> Callable[[Language, Chronicle, Record], Phrase]:
    """A sentence that names nothing but the card's reader."""
    return lambda language, _, record: language.phrase(sentence, reader=_reader(language, record))


def _snoozed(sentence: str) -> Callable[[Language, Chronicle, Record], Phrase]:
    return lambda language, _, record: snoozing.told(
        language,
        sentence,
        _reader(language, record),
        who(language, record.actor),
        str(record.detail.get("until", "")),
    )


def _not_posted(language: Language, _: Chronicle, record: Record) -> Phrase:
    return language.phrase(
        "The card for {reader} was not posted: {reason}",
        reader=_reader(language, record),
        reason=labels.sentence(echo(language, str(record.detail.get("said")))),
    )


_LISTED = {
    "burst": msg("{reader} was told of it in a list of new tasks."),
    "release": msg("{reader} was told of it in a list of what had been held back."),
    "digest": msg("{reader} was told of it in the digest."),
}


def _listed(language: Language, _: Chronicle, record: Record) -> Phrase:
    sentence = _LISTED[str(record.detail["board"])]
    return language.phrase(sentence, reader=_reader(language, record))


def _seen_to(language: Language, _: Chronicle, record: Record) -> Phrase:
    return language.phrase("{who} will see to it.", who=who(language, record.actor))


CARD_TELLERS: Mapping[str, Callable[[Language, Chronicle, Record], Phrase]] = {
    SNOOZED: _snoozed(snoozing.PUT_OFF),
    WOKEN: _snoozed(snoozing.WOKEN),
    LISTED: _listed,
    ESCALATED: _about(
        msg("It was overdue, and nobody had reacted for two working days: {reader} was told.")
    ),
    SEEN_TO: _seen_to,
    "card posted": _posted,
    "card found": _about(
        msg(
            "The line to Slack was cut while the card for {reader} was posted: I looked, and it"
            " stands."
        )
    ),
    "card not found": _about(
        msg(
            "The line to Slack was cut while the card for {reader} was posted: I looked, and it"
            " does not stand. I post it again."
        )
    ),
    "card refused": _not_posted,
    "card deleted": _about(msg("The card of {reader} was deleted in Slack.")),
}
