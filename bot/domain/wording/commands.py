"""What `/tasks` says beside lists."""

from __future__ import annotations

from bot.domain.language import Language, msg
from bot.domain.overview import Rights

_HELP = (
    ("", msg("overdue, today, and the next 7 days")),
    ("today", msg("what is due today")),
    ("overdue", msg("what is overdue")),
    ("week", msg("today and the next 7 days")),
    ("all", msg("every open task, those without a date too")),
    ("done", msg("what was finished in the last 7 days, and by whom")),
    ("find TEXT", msg("open tasks with these words in their title, details or customer")),
    ("new TEXT", msg("create a task; a date in the text is understood")),
    ("why TASK", msg("what happened to a task: words of its title, or connection:id")),
    ("settings", msg("when and how I tell you of tasks, your language and time zone")),
    ("whoami", msg("who you are at each connection, your language and time zone")),
    ("link", msg("ask to be linked to an operator, whose tasks then come to you")),
    ("unlink", msg("end such a link")),
    ("team", msg("who has how much to do, whoever has most overdue first")),
    ("admin", msg("how each connection is, who is linked, and what waits or failed")),
    ("help", msg("this text")),
)


def _may(word: str, rights: Rights) -> bool:
    """Whether somebody is told of a command."""
    match word.partition(" ")[0]:
        case "new":
            return rights.creates
        case "team":
            return rights.oversees
        case "admin":
            return rights.admin
        case _:
            return True


def unlinked(language: Language) -> str:
    return language.say(
        "Your Slack user isn't linked to an operator yet, so there are no tasks to show. Ask an"
        " admin, or send the request."
    )


def tasks_help(language: Language, rights: Rights) -> str:
    """The commands that somebody may use."""
    told = [(word, what) for word, what in _HELP if _may(word, rights)]
    return "\n".join(f"{f'/tasks {word}'.strip()} — {language.say(what)}" for word, what in told)


def unknown_command(language: Language, typed: str, rights: Rights) -> str:
    opening = language.say("I don't know “{typed}”. This is what I understand:", typed=typed)
    return f"{opening}\n{tasks_help(language, rights)}"


def find_what(language: Language) -> str:
    return language.say("Tell me what to look for: /tasks find followed by words of a task.")


def not_for_you(language: Language, *, admins: bool) -> str:
    """To somebody who asked for what others may see."""
    if admins:
        return language.say(
            "Only admins can see how the connections are. /tasks help tells what you can ask for."
        )
    return language.say(
        "Only managers and admins can see the tasks of a team. /tasks help tells what you can ask"
        " for."
    )
