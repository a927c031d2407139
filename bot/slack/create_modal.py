"""The form of a new task: where, what, for whom and when; and what that provider asks besides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from adapters.contract import Due
from bot.domain import when
from bot.domain.changes import due_as_text
from bot.domain.creating import DUE, NOTE, SUBJECT, TITLE, Place, asked
from bot.domain.model import Person
from bot.domain.wording import creating as words, forms, labels
from bot.slack import actions
from bot.slack.blocks import Block, cut, option, plain, plain_section
from bot.slack.desk import CreateForm
from bot.slack.modals import inputs, read_form

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]

_TITLE, _LABEL, _PLACEHOLDER, _LONGEST, _NOTE = 24, 2_000, 150, 250, 3_000
_DAY, _HOUR, _VALUE = "day", "hour", "value"


def create_modal(form: CreateForm, private: str) -> Block:
    """The form; `private` comes back with it."""
    spoken = form.reader.language
    return {
        "type": "modal",
        "callback_id": actions.CREATE_MODAL,
        "private_metadata": private,
        "title": plain(spoken.say(labels.CREATE_TASK), _TITLE),
        "submit": plain(spoken.say(words.CREATE), _TITLE),
        "close": plain(spoken.say(labels.CANCEL), _TITLE),
        "blocks": [*_where(form), *_what(form), *_when(form), *_besides(form)],
    }


def nowhere_modal(reader: Person) -> Block:
    """What somebody sees who may make tasks nowhere."""
    spoken = reader.language
    return {
        "type": "modal",
        "title": plain(spoken.say(labels.CREATE_TASK), _TITLE),
        "close": plain(spoken.say(labels.CANCEL), _TITLE),
        "blocks": [plain_section(spoken.say(words.NOWHERE))],
    }


def _where(form: CreateForm) -> list[Block]:
    """Which connection: asked where there is a choice; another one asks for other things."""
    if len(form.places) == 1:
        return [plain_section(form.place.connection.title)]
    options = [option(p.connection.title, p.connection.name) for p in form.places]
    (initial,) = (one for one in options if one["value"] == form.place.connection.name)
    element = {"type": "static_select", "options": options, "initial_option": initial}
    field = _field(form, "where", words.WHERE, element | {"action_id": actions.CREATE_WHERE})
    return [field | {"dispatch_action": True}]


def _what(form: CreateForm) -> list[Block]:
    spoken = form.reader.language
    title: Block = {"type": "plain_text_input", "max_length": _LONGEST}
    if form.title:
        title["initial_value"] = cut(form.title, _LONGEST)
    blocks = [_field(form, TITLE, words.TITLE, title)]
    if form.place.connection.capabilities.subjects:
        search = {
            "type": "external_select",
            "action_id": actions.CREATE_SUBJECT,
            "placeholder": plain(spoken.say(words.SEARCH_SUBJECT), _PLACEHOLDER),
            "min_query_length": 1,
        }
        # The id tells the search at which provider to look.
        blocks.append(_field(form, _subject_id(form.place), words.SUBJECT, search))
    return blocks


def _subject_id(place: Place) -> str:
    return f"{SUBJECT}:{place.connection.name}"


def read_subject_id(block_id: str) -> str | None:
    """The connection whose subjects are searched; None for another field."""
    kind, _, name = block_id.partition(":")
    return name if kind == SUBJECT and name else None


def _when(form: CreateForm) -> list[Block]:
    """A day, and an hour of it where that matters."""
    day: Block = {"type": "datepicker"}
    hour: Block = {"type": "timepicker"}
    if form.due is not None:
        zone = when.zone(form.reader.timezone)
        day["initial_date"] = when.due_day(form.due, zone).isoformat()
        if form.due.at is not None:
            hour["initial_time"] = f"{when.local(form.due.at, zone):%H:%M}"
    return [
        _field(form, _DAY, words.DAY, day, optional=True),
        _field(form, _HOUR, words.HOUR, hour, optional=True),
    ]


def _besides(form: CreateForm) -> list[Block]:
    blocks = inputs(asked(form.place), form.reader, form.now)
    for block in blocks:
        if block["block_id"] == NOTE and form.note:
            block["element"]["initial_value"] = cut(form.note, _NOTE)
    return blocks


def _field(
    form: CreateForm, name: str, label: str, element: Block, *, optional: bool = False
) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(form.reader.language.say(label), _LABEL),
        "optional": optional,
        "element": {"action_id": _VALUE} | element,
    }


def chosen_place(values: Values) -> str | None:
    """The connection that is chosen in the form; None where there was no choice."""
    state = values.get("where", {}).get(actions.CREATE_WHERE, {})
    return (state.get("selected_option") or {}).get("value")


def said_title(values: Values) -> str:
    """The task in the person's words."""
    return (values.get(TITLE, {}).get(_VALUE, {}).get("value") or "").strip()


def read_create(values: Values, form: CreateForm) -> tuple[dict[str, str], dict[str, str]]:
    """What was filled in, as the fields of a draft, and what is wrong by block id."""
    fields, errors = read_form(values, asked(form.place), form.now, form.reader)
    title = said_title(values)
    if not title:
        errors[TITLE] = form.reader.language.say(words.NO_TITLE)
    subject = values.get(_subject_id(form.place), {}).get(actions.CREATE_SUBJECT, {})
    if chosen := (subject.get("selected_option") or {}).get("value"):
        fields[SUBJECT] = chosen
    due, wrong = _read_due(values, form.reader, form.now)
    return {**fields, TITLE: title, DUE: due_as_text(due)}, errors | wrong


def _read_due(values: Values, reader: Person, now: datetime) -> tuple[Due | None, dict[str, str]]:
    spoken, zone = reader.language, when.zone(reader.timezone)
    day = values.get(_DAY, {}).get(_VALUE, {}).get("selected_date")
    hour = values.get(_HOUR, {}).get(_VALUE, {}).get("selected_time")
    if not day:
        return None, {_DAY: spoken.say(words.NO_DAY)} if hour else {}
    on = date.fromisoformat(day)
    if on < when.local_day(now, zone):
        return None, {_DAY: forms.past_day(spoken, on)}
    if not hour:
        return Due(on=on), {}
    at = when.moment(on, time.fromisoformat(hour), zone)
    if at <= now:
        return None, {_HOUR: forms.past(spoken, at, zone)}
    return Due(at=at), {}
