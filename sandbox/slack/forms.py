"""Filling in elements as a client does: from what a person means to what the payload says."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sandbox.slack.blocks import all_blocks, elements_of
from sandbox.slack.checking import is_web_address
from sandbox.slack.elements import NUMBER
from sandbox.slack.limits import LIMITS
from sandbox.slack.model import Json, Person
from sandbox.slack.screen import options_of
from sandbox.slack.state import VALUE_KEYS

REQUIRED = "Please complete this required field."


def find_field(blocks: list[Json], name: str) -> tuple[Json, Json]:
    """The block and element with this label, placeholder or action_id."""
    names = []
    for block in all_blocks(blocks):
        for element in elements_of(block):
            if element["type"] not in VALUE_KEYS:
                continue
            called = _called(block, element)
            if name in called:
                return block, element
            names.append(called[0])
    raise LookupError(f"no field {name!r}; there are: {', '.join(names) or 'none'}")


def _called(block: Json, element: Json) -> list[str]:
    texts = [block.get("label"), element.get("placeholder")]
    return [text["text"] for text in texts if text] + [element["action_id"]]


def entry_for(element: Json, value: Any, options: list[Json] | None = None) -> Json:
    """The state entry of an element after a person gave it `value`: text, a moment, a date, a
    time, a person, or the label of an option (a list of them where several can be chosen).
    `options` are those of a menu that asks the app."""
    key, _ = VALUE_KEYS[element["type"]]
    offered = options_of(element) if options is None else options
    return {"type": element["type"], key: _value(key, value, offered)}


def _value(key: str, value: Any, offered: list[Json]) -> Any:
    if value is None:
        return None
    match key:
        case "selected_option":
            return _option(value, offered)
        case "selected_options":
            return [_option(label, offered) for label in value]
        case "selected_date_time":
            return int(value.timestamp()) if isinstance(value, datetime) else int(value)
        case "selected_date":
            return (date.fromisoformat(value) if isinstance(value, str) else value).isoformat()
        case "selected_time":
            return (time.fromisoformat(value) if isinstance(value, str) else value).strftime(
                "%H:%M"
            )
        case "selected_user":
            return value.id if isinstance(value, Person) else value
        case "selected_users":
            return [person.id if isinstance(person, Person) else person for person in value]
        case _:
            return value


def _option(label: object, offered: list[Json]) -> Json:
    for option in offered:
        if option["text"]["text"] == label:
            return option
    labels = ", ".join(option["text"]["text"] for option in offered)
    raise LookupError(f"no option {label!r}; there are: {labels or 'none'}")


def missing(blocks: list[Json], state: Json) -> dict[str, str]:
    """What a client says before it lets a modal be submitted, by label."""
    errors = {}
    for block in all_blocks(blocks):
        if block["type"] != "input" or block["element"]["type"] not in VALUE_KEYS:
            continue
        element = block["element"]
        entry = state[block["block_id"]][element["action_id"]]
        complaint = _complaint(block, element, entry[VALUE_KEYS[element["type"]][0]])
        if complaint:
            errors[block["label"]["text"]] = complaint
    return errors


def _complaint(block: Json, element: Json, value: Any) -> str:
    if value in (None, "", []):
        return "" if block.get("optional") else REQUIRED
    if isinstance(value, str):
        least = element.get("min_length", 0)
        most = element.get("max_length", LIMITS["input_text.length"])
        if len(value) < least:
            return f"Please use at least {least} characters."
        if len(value) > most:
            return f"Please use at most {most} characters."
        return _misshapen(element, value)
    return ""


def _misshapen(element: Json, value: str) -> str:
    match element["type"]:
        case "number_input":
            return _no_number(element, value)
        case "email_text_input" if not _MAIL.fullmatch(value):
            return "Please enter an email address."
        case "url_text_input" if not is_web_address(value):
            return "Please enter a URL that begins with http:// or https://."
        case _:
            return ""


_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _no_number(element: Json, value: str) -> str:
    """What is wrong with a number; its bounds are told as the app wrote them."""
    if not NUMBER.fullmatch(value):
        return "Please enter a number."
    number = Decimal(value)
    if number % 1 and not element["is_decimal_allowed"]:
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return ""
