"""Who is who: asking for a link, deciding about it, and giving it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.actors import who
from bot.domain.language import Language, msg
from bot.domain.model import Whisper
from bot.domain.phrases import Mention, Moment, Phrase
from bot.domain.wording import whispers
from bot.domain.wording.settings import own_name

TITLE = msg("Request a link")
REQUEST = msg("Request link")
UNLINK = msg("Unlink")
LINK = msg("Link")
REFUSE = msg("Refuse")
WHERE = msg("Where")
OPERATOR = msg("Who you are there")
SEARCH = msg("Search your name")
NOWHERE = msg("No connection is set up yet, so there is nobody to be linked to.")
_NOBODY = msg("Your Slack user isn't linked to an operator yet. Ask an admin, or send the request.")
_FOR_ADMINS = msg("You are an admin, so you are linked at once.")
_FOR_OTHERS = msg(
    "An admin looks at your request, and I tell you what they decide. Once you are linked, the"
    " tasks of that operator come to you."
)

_DECISIONS: Mapping[str, str] = {
    "linked": msg("✅ Linked by {who}, {moment}."),
    "refused": msg("🚫 Refused by {who}, {moment}."),
    "overtaken": msg("Settled otherwise by {who}, {moment}: {operator} is now {holder}."),
}

_TOLD: Mapping[str, str] = {
    "link_overtaken": msg(
        "{operator} in {connection} has been linked to somebody else, so your request is closed. If"
        " that is wrong, ask an admin."
    ),
    "link_ended": msg(
        "An admin has linked {operator} in {connection} to somebody else. Its tasks no longer come"
        " to you. If that is wrong, ask an admin."
    ),
    "kept_sent": msg(
        "You are linked now, so I carry out what you clicked before: {label} for {task} is on its"
        " way to {connection}."
    ),
}
"""What people hear who asked, by code."""


def explained(language: Language, *, admin: bool) -> str:
    """What becomes of a request."""
    return language.say(_FOR_ADMINS if admin else _FOR_OTHERS)


def offered(language: Language, name: str, *, taken: bool, holder: str | None) -> str:
    """An operator among those to choose from; `holder`: who is linked to them, for admins."""
    if holder is not None:
        return language.say("{operator} (linked to {holder})", operator=name, holder=holder)
    return language.say("{operator} (linked already)", operator=name) if taken else name


def proposed(language: Language, known: Mapping[str, str]) -> list[Phrase]:
    """What admins are asked about a proposed link, or what was decided about it."""
    named = {name: known[name] for name in ("operator", "connection")}
    user = Mention(known["user"])
    if known["provenance"] == "self":
        question = language.phrase(
            "{who} asks to be linked to {operator} in {connection}.", who=user, **named
        )
    else:
        question = language.phrase(
            "Is {operator} in {connection} {who}? They have the same e-mail address.",
            who=user,
            **named,
        )
    return [question, *_standing(language, known)]


def _standing(language: Language, known: Mapping[str, str]) -> list[Phrase]:
    holder = Mention(known["holder"]) if known["holder"] else ""
    if known["state"] in _DECISIONS:
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(known["at"]))
        decided = language.phrase(
            _DECISIONS[known["state"]],
            who=who(language, known["by"]),
            moment=Moment(at, day=True),
            operator=known["operator"],
            holder=holder,
        )
        return [decided]
    if holder:
        taken = language.phrase(
            "{operator} is linked to {holder} now. A new link takes the place of that one.",
            operator=known["operator"],
            holder=holder,
        )
        return [taken]
    return []


def told(language: Language, notice: Whisper) -> str | None:
    """What somebody hears about a link that they asked for, or had; None for another notice."""
    known = notice.params
    match notice.code:
        case "link_refused":
            return _refused(language, known)
        case "kept_refused":
            why = Whisper(known["why"], {k: v for k, v in known.items() if k != "why"})
            return language.say(
                "What you clicked before you were linked could not be carried out. {why}",
                why=whispers.whisper(language, why),
            )
        case code if code in _TOLD:
            words = whispers.names(language, known)
            return language.say(_TOLD[code], **words)
        case _:
            return None


def _refused(language: Language, known: Mapping[str, str]) -> str:
    refused = language.say(
        "An admin has not linked you to {operator} in {connection}. If that is wrong, ask them.",
        operator=known["operator"],
        connection=known["connection"],
    )
    dropped = int(known["dropped"])
    if not dropped:
        return refused
    kept = language.count(
        "The answer that I kept for you was not sent.",
        "The {n} answers that I kept for you were not sent.",
        dropped,
    )
    return language.say("{refused} {kept}", refused=refused, kept=kept)


def linked(language: Language, connection: str, operator: str) -> str:
    return language.say(
        "{connection}: you are {operator}.", connection=connection, operator=operator
    )


def sure(language: Language, connection: str, operator: str) -> str:
    """Asked before somebody gives up a link."""
    return language.say(
        "The tasks of {operator} in {connection} will no longer come to you.",
        operator=operator,
        connection=connection,
    )


def replaces(language: Language) -> str:
    """Asked before a link takes the place of another."""
    return language.say("The link that there is now ends.")


def whoami(
    language: Language, links: Iterable[tuple[str, str]], missing: Iterable[str], timezone: str
) -> str:
    """Who somebody is: `links` are the titles of connections and the operators' names there,
    `missing` the titles of those where they are nobody."""
    lines = [linked(language, connection, operator) for connection, operator in links]
    if lines:
        lines += [
            language.say("{connection}: you are not linked.", connection=connection)
            for connection in missing
        ]
    else:
        lines = [language.say(_NOBODY)]
    lines.append(language.say("Your time zone is {zone}.", zone=timezone))
    lines.append(language.say("Your language is {language}.", language=own_name(language.tag)))
    return "\n".join(lines)


def own(language: Language, *, any_links: bool) -> str:
    """Above the links that somebody may give up."""
    if any_links:
        return language.say("Your links. Without one, its tasks no longer come to you.")
    return language.say("You aren't linked to an operator, so there is nothing to undo.")
