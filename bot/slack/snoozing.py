"""Putting a task off: what stands on a card for it, and the form in which a moment is picked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain import when
from bot.domain.language import Language
from bot.domain.model import Person
from bot.domain.wording import forms, labels, snoozing as words
from bot.slack import actions
from bot.slack.blocks import Block, button, named, option, plain, plain_section
from bot.slack.modals import next_full_hour

_TITLE, _LABEL, _PLACEHOLDER = 24, 2_000, 150
_FIELD, _VALUE = "until", "value"


def snooze_menu(language: Language, task_key: str) -> Block:
    """All that can be chosen: what is over for today is refused, for a card does not age."""
    return {
        "type": "static_select",
        "action_id": actions.SNOOZE,
        "placeholder": plain(language.say(words.SNOOZE), _PLACEHOLDER),
        "options": snooze_options(language, task_key),
    }


def snooze_options(language: Language, task_key: str) -> list[Block]:
    """The choices as options, for a menu of any kind."""
    return [
        option(language.say(text), actions.snooze_value(task_key, choice))
        for choice, text in words.CHOICES.items()
    ]


def wake_button(language: Language, task_key: str) -> Block:
    """What brings a snoozed card back at once."""
    return button(language.say(words.WAKE), actions.WAKE, task_key)


def snooze_modal(title: str, private: str, reader: Person, now: datetime) -> Block:
    """The form in which the reader picks when the task of that title comes back."""
    language = reader.language
    picker = {
        "type": "datetimepicker",
        "action_id": _VALUE,
        "initial_date_time": int(next_full_hour(now, reader).timestamp()),
    }
    return {
        "type": "modal",
        "callback_id": actions.SNOOZE_MODAL,
        "private_metadata": private,
        "title": plain(language.say(words.SNOOZE), _TITLE),
        "submit": plain(language.say(words.SNOOZE), _TITLE),
        "close": plain(language.say(labels.CANCEL), _TITLE),
        "blocks": [
            plain_section(named(language, title)),
            {
                "type": "input",
                "block_id": _FIELD,
                "label": plain(language.say(words.BACK_AT), _LABEL),
                "hint": plain(language.say(words.UNCHANGED), _LABEL),
                "element": picker,
            },
        ],
    }


def read_snooze(
    values: Mapping[str, Mapping[str, Mapping[str, Any]]], reader: Person, now: datetime
) -> datetime | dict[str, str]:
    """The moment that was picked, or what is wrong at the field."""
    stamp = values.get(_FIELD, {}).get(_VALUE, {}).get("selected_date_time")
    if stamp is None:
        return {_FIELD: forms.missing_moment(reader.language)}
    at = datetime.fromtimestamp(stamp, UTC)
    if at <= now:
        return {_FIELD: forms.past(reader.language, at, when.zone(reader.timezone))}
    return at
