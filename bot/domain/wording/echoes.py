"""Sentences of ours that come as English text, because whoever says them knows of no reader: the
adapters and the client of Slack. They are known again by their form; the provider's own words,
which some of them carry, are left as they are.
"""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from bot.domain.language import Language, msg

_REFUSED = msg("{name} refused it: {text}")
_FORMS = (
    _REFUSED,
    msg("{name} refuses the key."),
    msg("{name} does not allow this with the key in use."),
    msg("{name} has no such thing, or hides it from the key in use."),
    msg("{name} has no such task, or hides it from the key."),
    msg("{name} has no task with such an id."),
    msg("{name} has no person with such an id."),
    msg("{name} no longer has this task, or hides it from the key in use."),
    msg("{name} no longer has this task"),
    msg("{name} says that somebody was first."),
    msg("{name} asks for a pause of {seconds} s."),
    msg("{name} asks for a pause"),
    msg("{name} is out of order (status {status})."),
    msg("{name} points elsewhere (status {status}); see its base URL."),
    msg("{name} refused it: it is locked"),
    msg("{name} can't be reached (time-out after {seconds} s)."),
    msg("{name} can't be reached."),
    msg("{name} is not answering (time-out after {seconds} s)."),
    msg("{name} is not answering"),
    msg("{name} answered with a web page."),
    msg("{name} sent something that is not what it documents ({text})."),
    msg("{name} sends a list that does not come to an end."),
    msg("{name}'s list of tasks can't be read in full."),
    msg("{name}'s list of notes can't be read in full."),
    msg("“{label}” is no longer offered by {name}."),
    msg("Somebody has completed this task again in {name}."),
    msg("This task is already complete in {name}."),
    msg("This task is already cancelled in {name}."),
    msg("This task is already finished in {name}."),
    msg("This task already has another result in {name}."),
    msg("This task has no lead, and {name} keeps comments with leads."),
    msg("A task in {name} belongs to a lead."),
    msg("{name} took the new task and does not show it."),
    msg("{name} took the task, but does not show it yet."),
    msg("{name} took the new task but does not show it: look there before trying again."),
    msg("{name} took the new task and can't be asked: {told}"),
    msg("{name} took the change and can't be asked: {told}"),
    msg("{name} takes results of tasks and no other changes."),
    msg("{name} takes no comments on tasks."),
    msg("{name} takes no comments from here."),
    msg("{name} does not know the person or the commerce of this answer."),
    msg("{name} does not know what this change names."),
    msg("{name} said yes to the change but did not make it."),
    msg("{name} replaces whole tasks where one field is sent, so this is not sent."),
    msg(
        "{name} replaces whole tasks where one field is sent. The title is back; look at the others"
        " in {name}."
    ),
    msg("{name} replaces whole tasks where one field is sent. Restore this one by hand in {name}."),
    msg("{name} has shown no open status yet that this task could go back to."),
    msg("{name} has not put the task into “{label}”."),
    msg("The task is in “{label}”, but {name} does not count that as done."),
    msg("{name} has not opened the task again."),
    msg("{name} needs a new date and time for this answer."),
    msg("{name} needs a result status for this answer."),
    msg("{name} needs somebody who is responsible for the task."),
    msg("This is not a date and time."),
    msg("The new date and time must be in the future."),
    msg("This is not one of {name}'s priorities."),
    msg("This is no priority of {name}."),
    msg("This is no task type of {name}."),
    msg("This is no person of {name}."),
    msg("A task needs a title."),
    msg("Choose a lead."),
    msg("This provider lists no people."),
    msg("This provider's tasks concern nothing that could be chosen."),
    msg("This provider takes no new tasks."),
    msg(
        "{name} has shown no final status yet, so no task can be finished from here. Finish one"
        " task in {name}, or set {option}."
    ),
    msg("{name} does not count as done the status that {option} names. Set another one."),
    msg("Slack refuses the bot token ({code})"),
    msg("Slack refuses {method}: the app was installed without a scope"),
    msg("Slack refused {method}: {code}"),
    msg("Slack allows {method} again in {seconds} s"),
    msg("Slack did not answer {method}"),
    msg("nobody posts it"),
    msg("last good poll: never"),
    msg("last good poll: {time}"),
    msg("stopped"),
    msg("internal error"),
    msg("not posted"),
    msg("perhaps said"),
    msg("deleted in Slack"),
)
_WORDS = (
    msg("Comment"),
    msg("Completion comment"),
    msg("Effective"),
    msg("High"),
    msg("Low"),
    msg("Medium"),
    msg("New date and time"),
    msg("Not effective"),
    msg("Pending"),
    msg("Priority"),
    msg("Result status"),
    msg("Task type"),
)
"""Labels that the adapters give to what their providers name by codes alone."""


def echo(language: Language, text: str) -> str:
    """The text in that language, as far as it is ours."""
    if language.tag == "en" or not text:
        return text
    known = _known_again(language, text)
    if known is None:  # perhaps several sentences, one after the other
        parts = [_known_again(language, part) for part in re.split(r"(?<=[.!?]) ", text)]
        known = " ".join(part for part in parts if part) if all(parts) else text
    return known


def says_by_whom(text: str) -> bool:
    """Whether a refusal names the provider."""
    return re.fullmatch(_pattern(_REFUSED), text, re.DOTALL) is not None


def label(language: Language, text: str) -> str:
    """The same for a field's or a choice's label."""
    return language.say(text) if text in _WORDS else text


def _known_again(language: Language, text: str) -> str | None:
    for form, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            params = found.groupdict()
            told = params.get("told")
            return language.say(form, **params | ({"told": echo(language, told)} if told else {}))
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Each form with what recognises it, those that say most first."""
    forms = sorted(_FORMS, key=lambda form: -len(re.sub(r"\{.*?\}", "", form)))
    return tuple((form, re.compile(_pattern(form), re.DOTALL)) for form in forms)


_ANY = (r".+", r"[^:]{1,80}?")
"""What braces may hold: anything, and the name of a provider."""


def _pattern(form: str) -> str:
    seen: set[str] = set()
    pattern = ""
    for text, name, _, _ in Formatter().parse(form):
        pattern += re.escape(text)
        if name is not None:
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{_ANY[name == 'name']})"
            seen.add(name)
    return pattern
