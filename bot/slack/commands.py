"""`/tasks` and what may stand behind it."""

from __future__ import annotations

from bot.domain import wording
from bot.domain.lists import Filter
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


async def answer(desk: Desk, slack_user: str, typed: str) -> Rendered:
    """What to say to somebody who typed `/tasks` and `typed`; unknown words get help."""
    first, _, rest = typed.strip().partition(" ")
    if first.casefold() == "why":
        words = rest.strip()
        return answer_message(words, await desk.story(slack_user, words))
    word = typed.strip().casefold()
    if word in _FILTERS:
        return await _list(desk, slack_user, _FILTERS[word])
    if word == "help":
        return notice(wording.tasks_help())
    if word == "whoami":
        return notice(_whoami(await desk.identity(slack_user)))
    return notice(wording.unknown_command(typed.strip()))


async def _list(desk: Desk, slack_user: str, chosen: Filter) -> Rendered:
    own = await desk.own_tasks(slack_user, chosen, page=1)
    if not own.linked:
        return notice(wording.unlinked())
    return list_message(own.listing, own.reader)


def _whoami(identity: Identity) -> str:
    links = [(title, name) for title, names in identity.operators.items() for name in names]
    return wording.whoami(links, identity.reader.timezone)
