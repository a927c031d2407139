"""What `/tasks` says beside lists."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.language import Language, msg

_HELP = (
    ("", msg("overdue, today, and the next 7 days")),
    ("today", msg("what is due today")),
    ("overdue", msg("what is overdue")),
    ("week", msg("today and the next 7 days")),
    ("all", msg("every open task, those without a date too")),
    ("why TASK", msg("what happened to a task: words of its title, or connection:id")),
    ("settings", msg("when and how I tell you of tasks, your language and time zone")),
    ("whoami", msg("who you are at each connection, and your time zone")),
    ("help", msg("this text")),
)


def unlinked(language: Language, connection: str | None = None) -> str:
    if connection:
        return language.say(
            "Your Slack user isn't linked to an operator in {connection} yet, so there are no tasks"
            " to show. Ask an admin to link you.",
            connection=connection,
        )
    return language.say(
        "Your Slack user isn't linked to an operator yet, so there are no tasks to show. Ask an"
        " admin to link you."
    )


def tasks_help(language: Language) -> str:
    return "\n".join(f"{f'/tasks {word}'.strip()} — {language.say(what)}" for word, what in _HELP)


def unknown_command(language: Language, typed: str) -> str:
    opening = language.say("I don't know “{typed}”. This is what I understand:", typed=typed)
    return f"{opening}\n{tasks_help(language)}"


def whoami(language: Language, links: Iterable[tuple[str, str]], timezone: str) -> str:
    """Who somebody is: `links` are the titles of connections and the operators' names there."""
    lines = [
        language.say("{connection}: you are {operator}.", connection=connection, operator=operator)
        for connection, operator in links
    ]
    zone = language.say("Your time zone is {zone}.", zone=timezone)
    return "\n".join([*(lines or [unlinked(language)]), zone])
