"""`/tasks` and what may stand behind it."""

from __future__ import annotations

from bot.domain.language import Language
from bot.domain.lists import Filter
from bot.domain.wording import commands as wording
from bot.slack.blocks import Rendered
from bot.slack.desk import Desk, Identity
from bot.slack.lists import list_message
from bot.slack.notices import notice
from bot.slack.stories import answer_message

_FILTERS = {
    "": Filter.DEFAULT,
    "today": Filter.TODAY,
    "overdue": Filter.OVERDUE,
    "week": Filter.WEEK,
    "all": Filter.ALL,
}


def asks_for_settings(typed: str) -> bool:
    """Whether the answer is not a message but the form of their settings."""
    return typed.strip().casefold() == "settings"


def wants_new(typed: str) -> str | None:
    """What the task is that somebody wants made; None where they want something else."""
    first, _, rest = typed.strip().partition(" ")
    return rest.strip() if first.casefold() == "new" else None


async def answer(desk: Desk, slack_user: str, typed: str) -> Rendered:
    """What to say to somebody who typed `/tasks` and `typed`; unknown words get help."""
    first, _, rest = typed.strip().partition(" ")
    if first.casefold() == "why":
        words = rest.strip()
        found = await desk.story(slack_user, words)
        return answer_message(await _language(desk, slack_user), words, found)
    word = typed.strip().casefold()
    if word in _FILTERS:
        return await _list(desk, slack_user, _FILTERS[word])
    if word == "help":
        return notice(wording.tasks_help(await _language(desk, slack_user)))
    if word == "whoami":
        return notice(_whoami(await desk.identity(slack_user)))
    language = await _language(desk, slack_user)
    return notice(wording.unknown_command(language, typed.strip()))


async def _list(desk: Desk, slack_user: str, chosen: Filter) -> Rendered:
    own = await desk.own_tasks(slack_user, chosen, page=1)
    if not own.linked:
        return notice(wording.unlinked(own.reader.language))
    return list_message(own.listing, own.reader)


def _whoami(identity: Identity) -> str:
    links = [(title, name) for title, names in identity.operators.items() for name in names]
    return wording.whoami(identity.reader.language, links, identity.reader.timezone)


async def _language(desk: Desk, slack_user: str) -> Language:
    return (await desk.reader(slack_user)).language
