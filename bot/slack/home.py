"""The list of somebody's tasks in a view: as their App Home, and as a modal."""

from __future__ import annotations

from bot.domain import when
from bot.domain.model import Whisper
from bot.domain.overview import Stand
from bot.domain.wording import commands, home as wording, whispers
from bot.slack import actions
from bot.slack.blocks import Block, button, context, plain, plain_section
from bot.slack.desk import Home, OwnTasks
from bot.slack.linking import request_button
from bot.slack.lists import AS_OF, filter_buttons, list_blocks

_TITLE = 24
_CONNECTIONS = 20
"""So many are told of; `/tasks admin` tells of all."""


def home_view(home: Home, said: Whisper | None = None) -> Block:
    """Somebody's App Home. `said`: what became of what they did there last, if that needs words."""
    blocks = [*_tasks(home.own, said), *_buttons(home), *_health(home.health, home.own)]
    return {"type": "home", "blocks": blocks}


def tasks_modal(own: OwnTasks, said: Whisper | None = None) -> Block:
    """The same as a modal."""
    language = own.reader.language
    return {
        "type": "modal",
        "callback_id": actions.LIST_MODAL,
        "title": plain(language.say(wording.MY_TASKS), _TITLE),
        "blocks": _tasks(own, said),
    }


def _tasks(own: OwnTasks, said: Whisper | None) -> list[Block]:
    told = [plain_section(whispers.whisper(own.reader.language, said))] if said else []
    if not own.linked:
        language = own.reader.language
        return [*told, plain_section(commands.unlinked(language)), request_button(language)]
    listing, reader = own.listing, own.reader
    return [filter_buttons(listing, reader), *told, *list_blocks(listing, reader)]


def _buttons(home: Home) -> list[Block]:
    language = home.own.reader.language
    elements = []
    if home.creates:
        elements.append(button(language.say(wording.NEW_TASK), actions.NEW_TASK, "new"))
    elements.append(button(language.say(wording.SETTINGS), actions.SETTINGS, "settings"))
    return [{"type": "actions", "block_id": "home", "elements": elements}]


def _health(stands: tuple[Stand, ...], own: OwnTasks) -> list[Block]:
    """How each connection is, for those who are asked when one is not well."""
    if not stands:
        return []
    language, tz, now = own.reader.language, when.zone(own.reader.timezone), own.listing.as_of
    # What is not well first: the rest may be left out.
    ordered = sorted(stands, key=lambda one: one.trouble is None)
    lines = []
    for number, one in enumerate(ordered[:_CONNECTIONS]):
        line = context(wording.health(language, one, now, tz))
        # Of those that are well, only the moment of the last poll changes.
        lines.append(line if one.trouble else line | {"block_id": f"{AS_OF}.{number}"})
    return [{"type": "divider"}, *lines]
