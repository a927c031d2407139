"""What boards say: the digest, lists of new tasks, and what is told to those who oversee."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.boards import BoardKind, BoardView, Part
from bot.domain.language import Language, msg
from bot.domain.phrases import Mention, Phrase

GOT_IT = msg("Got it")

_PARTS = {Part.OVERDUE: msg("Overdue"), Part.TODAY: msg("Today"), Part.NEW: msg("New")}


def heading(language: Language, view: BoardView) -> str:
    """`Wed 15 Apr`, or what the board lists."""
    n = len(view.rows) + len(view.hidden)
    match view.kind:
        case BoardKind.DIGEST:
            return language.day(view.day)
        case BoardKind.BURST:
            return language.count("{n} new task", "{n} new tasks", n)
        case BoardKind.RELEASE:
            return language.count(
                "Held back until now: {n} new task", "Held back until now: {n} new tasks", n
            )
        case BoardKind.ESCALATION:
            return language.count(
                "{n} overdue task without a reaction", "{n} overdue tasks without a reaction", n
            )


def part_line(language: Language, part: Part, total: int) -> str:
    return f"*{language.say(_PARTS[part])} · {total}*"


def counts(language: Language, view: BoardView) -> str:
    """`2 overdue, 3 today, 1 new`, of what is still to be done."""
    return ", ".join(_counted(language, part, n) for part in Part if (n := view.total(part)))


def _counted(language: Language, part: Part, n: int) -> str:
    match part:
        case Part.OVERDUE:
            return language.count("{n} overdue", "{n} overdue", n)
        case Part.TODAY:
            return language.count("{n} today", "{n} today", n)
        case Part.NEW:
            return language.count("{n} new", "{n} new", n)


def text(language: Language, view: BoardView) -> str:
    """The first line on a lock screen."""
    title = heading(language, view)
    if view.kind is not BoardKind.DIGEST:
        return title
    told = counts(language, view) or language.say("all done")
    return language.say("{day}: {counts}", day=title, counts=told)


def more(language: Language, n: int) -> str:
    return language.count("and {n} more", "and {n} more", n)


def seen_to(language: Language, slack_user: str, reader: str) -> Phrase:
    """Somebody has acknowledged a task that was told to those who oversee."""
    if slack_user == reader:
        return language.phrase("You will see to it")
    return language.phrase("{who} will see to it", who=Mention(slack_user))


def whose(language: Language, names: Iterable[str]) -> str:
    """Who has a task that is told to others."""
    return ", ".join(names) or language.say("nobody's")
