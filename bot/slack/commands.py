"""`/tasks` and what may stand behind it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from bot.domain.language import Language
from bot.domain.lists import Filter, Look, searched
from bot.domain.wording import commands as wording
from bot.slack.admin import admin_message
from bot.slack.blocks import Rendered
from bot.slack.desk import Desk
from bot.slack.linking import asking, own_links_message, whoami_message
from bot.slack.lists import list_message
from bot.slack.notices import notice
from bot.slack.stories import answer_message
from bot.slack.team import team_message

_FILTERS = {
    "": Filter.DEFAULT,
    "today": Filter.TODAY,
    "overdue": Filter.OVERDUE,
    "week": Filter.WEEK,
    "all": Filter.ALL,
    "done": Filter.DONE,
}


_NAMED = re.compile(
    r"<(?:([@#])[^<>|]*\|([^<>]*)|mailto:[^<>|]*\|([^<>]*)|(https?://[^<>|]*)[^<>]*)>"
)
_CHARACTERS = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def as_typed(told: str) -> str:
    """What somebody typed behind the command: Slack tells people, channels and addresses in it by
    their ids (`should_escape`), and three characters by their names."""
    typed = _NAMED.sub(lambda found: "".join(part or "" for part in found.groups()), told)
    for name, character in _CHARACTERS:
        typed = typed.replace(name, character)
    return typed


def split(typed: str) -> tuple[str, str]:
    """The first word of what was typed, for whichever case, and the rest."""
    first, _, rest = typed.strip().partition(" ")
    return first.casefold(), rest.strip()


async def answer(desk: Desk, slack_user: str, typed: str) -> Rendered:
    """What to say to somebody who typed `/tasks` and `typed`; unknown words get help."""
    word, rest = split(typed)
    if word in _WITH_WORDS:
        return await _WITH_WORDS[word](desk, slack_user, rest)
    if not rest and word in _FILTERS:
        return await _list(desk, slack_user, Look(_FILTERS[word]))
    if not rest and word in _ALONE:
        return await _ALONE[word](desk, slack_user)
    rights = await desk.rights(slack_user)
    language = await _language(desk, slack_user)
    return notice(wording.unknown_command(language, typed.strip(), rights))


async def _list(desk: Desk, slack_user: str, look: Look) -> Rendered:
    own = await desk.listing(slack_user, look)
    if not own.linked:
        return asking(own.reader.language, wording.unlinked(own.reader.language))
    return list_message(own.listing, own.reader)


async def _find(desk: Desk, slack_user: str, words: str) -> Rendered:
    if not words:
        return notice(wording.find_what(await _language(desk, slack_user)))
    return await _list(desk, slack_user, searched(words))


async def _why(desk: Desk, slack_user: str, words: str) -> Rendered:
    found = await desk.story(slack_user, words)
    return answer_message(await _language(desk, slack_user), words, found)


async def _help(desk: Desk, slack_user: str) -> Rendered:
    rights = await desk.rights(slack_user)
    return notice(wording.tasks_help(await _language(desk, slack_user), rights))


async def _whoami(desk: Desk, slack_user: str) -> Rendered:
    return whoami_message(await desk.own_links(slack_user))


async def _unlink(desk: Desk, slack_user: str) -> Rendered:
    return own_links_message(await desk.own_links(slack_user))


async def _team(desk: Desk, slack_user: str) -> Rendered:
    team = await desk.team(slack_user)
    if team is None:
        return notice(wording.not_for_you(await _language(desk, slack_user), admins=False))
    return team_message(team)


async def _admin(desk: Desk, slack_user: str) -> Rendered:
    overview = await desk.admin(slack_user)
    if overview is None:
        return notice(wording.not_for_you(await _language(desk, slack_user), admins=True))
    return admin_message(overview)


_WITH_WORDS: Mapping[str, Callable[[Desk, str, str], Awaitable[Rendered]]] = {
    "find": _find,
    "why": _why,
}
_ALONE: Mapping[str, Callable[[Desk, str], Awaitable[Rendered]]] = {
    "help": _help,
    "whoami": _whoami,
    "unlink": _unlink,
    "team": _team,
    "admin": _admin,
}


async def _language(desk: Desk, slack_user: str) -> Language:
    return (await desk.reader(slack_user)).language
