"""The form of an outcome that asks for something: built from its fields, and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from adapters.contract import Choice, Field, FieldKind, Outcome
from bot.domain import when
from bot.domain.language import Language
from bot.domain.model import Connection, Person, outcome_token
from bot.domain.wording import echoes, forms, labels
from bot.slack import actions
from bot.slack.blocks import (
    MENU_SIZE,
    Block,
    context,
    named,
    option,
    plain,
    plain_section,
)

_TITLE, _LABEL, _TEXT, _RADIOS, _PLACEHOLDER, _GROUP = 24, 2_000, 3_000, 10, 150, 75
# Two blocks stand above the fields; a view weighs at most 250 kB.
_FIELDS, _CHOICES = 98, 1_000
_FIELD_ACTION = "field"


class _NotValid(Exception):
    """What was filled in cannot be sent; the text tells why."""


def answer_modal(
    title: str,
    connection: Connection,
    outcome: Outcome,
    private: str,
    reader: Person,
    now: datetime,
) -> Block:
    """The form of `outcome` on the task of that title; `private` comes back with it."""
    language = reader.language
    head = [plain_section(named(language, title)), context(connection.title)]
    return {
        "type": "modal",
        "callback_id": actions.ANSWER_MODAL,
        "private_metadata": private,
        "title": plain(labels.outcome(language, outcome), _TITLE),
        "submit": plain(language.say(labels.SEND), _TITLE),
        "close": plain(language.say(labels.CANCEL), _TITLE),
        "blocks": [*head, *inputs(outcome, reader, now)],
    }


def inputs(outcome: Outcome, reader: Person, now: datetime) -> list[Block]:
    """The fields of `outcome`, to be read back by `read_form`."""
    return [_input(outcome, field, reader, now) for field in _asked(outcome)]


def _asked(outcome: Outcome) -> list[Field]:
    """The fields that a form can hold: a choice without choices has nothing to choose."""
    fields = [f for f in outcome.fields if f.choices or f.kind is not FieldKind.CHOICE]
    return fields[:_FIELDS]


def _input(outcome: Outcome, field: Field, reader: Person, now: datetime) -> Block:
    return {
        "type": "input",
        "block_id": field.key,
        "label": plain(labels.field(reader.language, outcome, field), _LABEL),
        "optional": not field.required,
        "element": _element(field, reader, now) | {"action_id": _FIELD_ACTION},
    }


def _element(field: Field, reader: Person, now: datetime) -> Block:
    match field.kind:
        case FieldKind.FUTURE_MOMENT:
            return _moment_picker(field, reader, now)
        case FieldKind.DAY:
            return _day_picker(field, reader, now)
        case FieldKind.TEXT:
            return {"type": "plain_text_input", "multiline": True, "max_length": _TEXT}
        case FieldKind.CHOICE:
            return _choice(field, reader.language)


def _moment_picker(field: Field, reader: Person, now: datetime) -> Block:
    """One that must be filled starts at a likely moment; an optional one starts empty, or it
    would be sent without having been chosen."""
    picker: Block = {"type": "datetimepicker"}
    if field.required:
        picker["initial_date_time"] = int(next_full_hour(now, reader).timestamp())
    return picker


def _day_picker(field: Field, reader: Person, now: datetime) -> Block:
    """As with moments: one that must be filled starts at a likely day."""
    picker: Block = {"type": "datepicker"}
    if field.required:
        tomorrow = when.local_day(now, when.zone(reader.timezone)) + timedelta(days=1)
        picker["initial_date"] = tomorrow.isoformat()
    return picker


def next_full_hour(now: datetime, reader: Person) -> datetime:
    """The first full hour of the reader's clock that is at least an hour ahead."""
    ahead = now + timedelta(hours=1)
    shown = when.local(ahead, when.zone(reader.timezone))
    past = timedelta(minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond)
    return ahead + (timedelta(hours=1) - past if past else timedelta())


def _choice(field: Field, language: Language) -> Block:
    options = [_choice_option(choice, language) for choice in field.choices[:_CHOICES]]
    if len(options) <= _RADIOS and field.required:
        return {"type": "radio_buttons", "options": options}
    placeholder = plain(language.say(labels.CHOOSE), _PLACEHOLDER)
    select: Block = {"type": "static_select", "placeholder": placeholder}
    if len(options) <= MENU_SIZE:
        return select | {"options": options}
    return select | {"option_groups": _groups(options)}


def _choice_option(choice: Choice, language: Language) -> Block:
    """The value is a token: the provider's own may be longer than Slack allows."""
    label = echoes.label(language, choice.label) if choice.label.strip() else choice.value
    return option(label, outcome_token(choice.value))


def _groups(options: list[Block]) -> list[Block]:
    """A select holds a hundred options, or a hundred groups of them."""
    starts = range(0, len(options), MENU_SIZE)
    parts = [(start, options[start : start + MENU_SIZE]) for start in starts]
    return [
        {"label": plain(f"{start + 1}–{start + len(part)}", _GROUP), "options": part}
        for start, part in parts
    ]


def read_form(
    values: Mapping[str, Mapping[str, Mapping[str, Any]]],
    outcome: Outcome,
    now: datetime,
    reader: Person,
) -> tuple[dict[str, str], dict[str, str]]:
    """`view.state.values` as fields of an `Answer`, and what is wrong by block id. Optional
    fields that were left empty are in neither."""
    fields: dict[str, str] = {}
    errors: dict[str, str] = {}
    for field in _asked(outcome):
        state = values.get(field.key, {}).get(_FIELD_ACTION, {})
        try:
            value = _READ[field.kind](state, field, now, reader)
        except _NotValid as wrong:
            errors[field.key] = str(wrong)
            continue
        if value is not None:
            fields[field.key] = value
        elif field.required:
            errors[field.key] = forms.missing(reader.language, field.kind)
    return fields, errors


def _read_moment(
    state: Mapping[str, Any], _field: Field, now: datetime, reader: Person
) -> str | None:
    stamp = state.get("selected_date_time")
    if stamp is None:
        return None
    at = datetime.fromtimestamp(stamp, UTC)
    if at <= now:
        raise _NotValid(forms.past(reader.language, at, when.zone(reader.timezone)))
    return at.isoformat()


def _read_day(state: Mapping[str, Any], _field: Field, now: datetime, reader: Person) -> str | None:
    day = state.get("selected_date")
    if not day:
        return None
    if date.fromisoformat(day) < when.local_day(now, when.zone(reader.timezone)):
        raise _NotValid(forms.past_day(reader.language, date.fromisoformat(day)))
    return str(day)


def _read_text(
    state: Mapping[str, Any], _field: Field, _now: datetime, _reader: Person
) -> str | None:
    return (state.get("value") or "").strip() or None


def _read_choice(
    state: Mapping[str, Any], field: Field, _now: datetime, reader: Person
) -> str | None:
    selected = state.get("selected_option")
    if selected is None:
        return None
    known = {outcome_token(choice.value): choice.value for choice in field.choices}
    if selected.get("value") not in known:
        raise _NotValid(reader.language.say(forms.UNKNOWN_CHOICE))
    return known[selected["value"]]


_READ: Mapping[FieldKind, Callable[[Mapping[str, Any], Field, datetime, Person], str | None]] = {
    FieldKind.FUTURE_MOMENT: _read_moment,
    FieldKind.DAY: _read_day,
    FieldKind.TEXT: _read_text,
    FieldKind.CHOICE: _read_choice,
}
