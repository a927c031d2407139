"""Private sentences to one person: what happened, what it means, what to do."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.contract import Effect
from bot.domain.language import Language, msg
from bot.domain.model import Whisper
from bot.domain.wording.echoes import echo
from bot.domain.wording.labels import given, quoted, sentence

_SAID: Mapping[str, str] = {
    "unlinked": msg(
        "Your Slack user isn't linked to an operator yet. Nothing was sent; ask an admin, or send"
        " the request."
    ),
    "unlinked_kept": msg(
        "Your Slack user isn't linked to an operator in {connection} yet. Nothing was sent; I keep"
        " your answer for a week, until you are linked. Ask an admin, or send the request."
    ),
    "link_asked": msg(
        "Your request to be {operator} in {connection} is with the admins. I tell you here what"
        " they decide."
    ),
    "link_asked_nobody": msg(
        "I keep your request to be {operator} in {connection}, but no admin is named in my settings"
        " yet. Ask whoever runs me to link you."
    ),
    "asked_enough": msg(
        "Several of your requests wait for the admins already, so this one was not sent."
    ),
    "already_linked": msg("You are linked to {operator} in {connection} already."),
    "operator_gone": msg("{operator} is no longer in {connection}. Nothing was changed."),
    "admins_only": msg("Only an admin can decide about links. Nothing was changed."),
    "link_decided": msg(
        "This has been decided already, as the message shows. Nothing was changed."
    ),
    "link_changed": msg(
        "Who {operator} is has changed meanwhile, as the message shows. Nothing was changed; decide"
        " again."
    ),
    "link_removed": msg(
        "You are no longer linked to {operator} in {connection}. Its tasks no longer come to you."
    ),
    "not_linked": msg("You aren't linked to {operator} in {connection}. Nothing was changed."),
    "not_yours": msg(
        "{task} isn't assigned to you. Only its operator, a manager or an admin can answer it."
        " Nothing was sent."
    ),
    "already_finished": msg("{finished}. Your click was not sent."),
    "already_sending": msg(
        "{label} is already on its way for this task. The card will tell how it went; your click"
        " was not sent."
    ),
    "gone": msg(
        "{task} is no longer in {connection} (deleted or not visible to me). Nothing was sent."
    ),
    "outcome_gone": msg("{label} is no longer offered. Nothing was sent; choose another answer."),
    "withdrawn": msg("{label} was taken back. Nothing was sent."),
    "refused": msg("{label} was refused, so there is nothing to take back. Nothing was sent."),
    "too_late_to_undo": msg(
        "{label} is already sent or on its way, so I can't take it back. If it was a mistake,"
        " correct it in {connection}."
    ),
    "not_finished": msg("{task} is open again already, so there is nothing to take back."),
    "nobody_else": msg(
        "I know nobody else in {connection} who could get this task. Nothing was sent."
    ),
    "not_your_card": msg(
        "{task} is on somebody else's list, so it is theirs to snooze. Nothing was changed."
    ),
    "snooze_past": msg("That moment has passed. Nothing was changed; choose a later one."),
    "created": msg("{task} is now in {connection}."),
    "create_waits": msg(
        "{connection} is not answering, so {task} isn't there yet. I keep trying; nothing is lost."
    ),
    "create_refused": msg("{connection} refused {task}: {reason} It was not created."),
    "cannot_create": msg("You can't create tasks in {connection}, so {task} was not created."),
    "form_expired": msg(
        "The form could not be opened in time. Nothing was sent; press the button again."
    ),
}
_SAID_OF: Mapping[str, str] = {
    "unlinked": msg(
        "Your Slack user isn't linked to an operator in {connection} yet. Nothing was sent; ask an"
        " admin, or send the request."
    ),
    "outcome_gone": msg(
        "{label} is no longer offered in {connection}. Nothing was sent; choose another answer."
    ),
}
"""The same where the connection is known."""
_DID_NOT_WORK = msg("That did not work. Nothing was sent; please try again.")


def whisper(language: Language, told: Whisper) -> str:
    """The sentence of a code. Parameters that are missing leave their words out; those that are
    unknown are not used."""
    known = {name: value for name, value in told.params.items() if value.strip()}
    if told.code == "told":
        return known.get("text", "")
    table = _SAID_OF if "connection" in known and told.code in _SAID_OF else _SAID
    words = names(language, known)
    finished = _finished(language, words["task"], known)
    return language.say(table.get(told.code, _DID_NOT_WORK), **words, finished=finished)


def names(language: Language, known: Mapping[str, str]) -> dict[str, str]:
    """What sentences name, with words for what is not known."""
    reason = echo(language, known.get("reason", ""))
    title = known.get("title", "")
    return {
        "task": quoted(language, title) if title.strip() else language.say("This task"),
        "label": quoted(language, _label(language, known)),
        "connection": known.get("connection") or language.say("the provider"),
        "operator": known.get("operator") or language.say("This operator"),
        "reason": sentence(reason) if reason else "",
    }


def _label(language: Language, known: Mapping[str, str]) -> str | None:
    return given(language, known.get("label"), known.get("effect", Effect.ANSWER))


def _finished(language: Language, task: str, known: Mapping[str, str]) -> str:
    """`“Task” is already finished: “Venta” by Ben, 14:02`, as far as it is known."""
    told = language.say("{task} is already finished", task=task)
    if "label" in known:
        told = f"{told}: {quoted(language, _label(language, known))}"
    if "by" in known:
        told = language.say("{completed} by {who}", completed=told, who=known["by"])
    return f"{told}, {known['at']}" if "at" in known else told
