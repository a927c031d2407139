"""How much waits for whom: what `/tasks team` shows to those who oversee others."""

from __future__ import annotations

from bot.domain.language import Language
from bot.domain.lists import Filter, Look
from bot.domain.overview import Member, Team
from bot.domain.wording import team as wording
from bot.slack import actions
from bot.slack.blocks import Block, Rendered, button, cut, plain_section, rendered, spoken

SHOWN = 40
"""So many people fit into a message, each with a button."""

_NAME = 100


def team_message(team: Team) -> Rendered:
    """Whoever has most that is overdue comes first, each with a way to their list."""
    language = team.reader.language
    overdue = sum(one.overdue for one in team.members)
    text = wording.team_text(language, len(team.members), overdue)
    blocks = [plain_section(text)]
    blocks += [_member(language, team, one) for one in team.members[:SHOWN]]
    if not team.members:
        blocks.append(plain_section(language.say(wording.NOBODY)))
    if len(team.members) > SHOWN:
        blocks.append(plain_section(wording.more_people(language, len(team.members) - SHOWN)))
    if team.unclaimed:
        blocks.append(plain_section(wording.unclaimed(language, team.unclaimed)))
    return rendered(spoken(text), blocks)


def _member(language: Language, team: Team, one: Member) -> Block:
    name = cut(team.names.get(one.slack_user, one.slack_user), _NAME)
    block = plain_section(wording.member(language, name, one))
    value = actions.look_value(Look(Filter.ALL, whose=one.slack_user))
    return block | {"accessory": button(language.say(wording.TASKS), actions.LIST_SHOW, value)}
