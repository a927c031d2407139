"""What Slack accepts as an interactive element, and where each may stand."""

from __future__ import annotations

import re
from collections.abc import Callable

from sandbox.slack.checking import Checker, Json
from sandbox.slack.limits import LIMITS

SELECTS = frozenset(
    {
        "static_select",
        "external_select",
        "users_select",
        "conversations_select",
        "channels_select",
    }
)
MULTI_SELECTS = frozenset(f"multi_{kind}" for kind in SELECTS)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"radio_buttons", "checkboxes"})
TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})

_ANYWHERE = SELECTS | MULTI_SELECTS | PICKERS | CHOICES
IN_SECTION = _ANYWHERE | {"button", "overflow", "image", "workflow_button"}
IN_ACTIONS = _ANYWHERE | {"button", "overflow", "workflow_button"}
IN_INPUT = _ANYWHERE | TEXT_INPUTS | {"rich_text_input", "file_input"}
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})
IN_CARD = frozenset({"button", "icon_button"})
IN_CELL = frozenset({"button"})
ELEMENTS = IN_SECTION | IN_ACTIONS | IN_INPUT | IN_CONTEXT_ACTIONS | IN_CARD | IN_CELL
"""The types of elements that are known."""

WITHOUT_ACTION = frozenset({"image"})
"""Elements that nobody can act on, so that they have no action_id."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def check_element(check: Checker, value: object, at: str, allowed: frozenset[str]) -> Json | None:
    """Check one element that may be of the `allowed` types; gives it back if its type is right."""
    element = check.mapping(value, at)
    if element is None:
        return None
    kind = check.kind(element, at, allowed)
    if kind is None:
        return None
    if kind not in WITHOUT_ACTION:
        check.string(element, "action_id", at, "action_id")
    check_confirm(check, element, at)
    check.flag(element, "focus_on_load", at)
    if kind in MULTI_SELECTS and "max_selected_items" in element:
        check.number(element, "max_selected_items", at, least=1)
    _dispatch(check, element, at)
    _CHECKS.get(kind, _nothing_more)(check, element, at)
    return element


_TRIGGERS = ("on_enter_pressed", "on_character_entered")


def _dispatch(check: Checker, element: Json, at: str) -> None:
    """When the app hears of what is typed."""
    config = check.child(element, "dispatch_action_config", at, required=False)
    on = _TRIGGERS if config is None else config.get("trigger_actions_on")
    if not isinstance(on, list | tuple) or not on or any(one not in _TRIGGERS for one in on):
        words = ", ".join(_TRIGGERS)
        place = f"{at}/dispatch_action_config/trigger_actions_on"
        check.fail(place, f"must be some of: {words}")


def check_confirm(check: Checker, element: Json, at: str) -> None:
    """The confirmation dialog of an element, if it has one."""
    confirm = check.child(element, "confirm", at, required=False)
    if confirm is None:
        return
    place = f"{at}/confirm"
    check.text(confirm, "title", place, "confirm.title", plain=True)
    check.text(confirm, "text", place, "confirm.text")
    check.text(confirm, "confirm", place, "confirm.confirm", plain=True)
    check.text(confirm, "deny", place, "confirm.deny", plain=True)
    check.choice(confirm, "style", place, ("primary", "danger"))


def check_option(check: Checker, value: object, at: str, *, plain: bool) -> None:
    """One option of a menu (`plain`: no mrkdwn) or of a group of choices."""
    option = check.mapping(value, at)
    if option is None:
        return
    check.text(option, "text", at, "option.text", plain=plain)
    check.string(option, "value", at, "option.value", required=True)
    check.text(option, "description", at, "option.description", plain=plain, required=False)
    check.url(option, "url", at, "option.url")


def check_options(check: Checker, holder: Json, at: str) -> None:
    """`options` or `option_groups`, exactly one of them."""
    if ("options" in holder) == ("option_groups" in holder):
        check.fail(at, "exactly one of options and option_groups is required")
        return
    if "options" in holder:
        for option, place in check.items(holder, "options", at, "select.options"):
            check_option(check, option, place, plain=True)
        return
    for value, place in check.items(holder, "option_groups", at, "select.option_groups"):
        group = check.mapping(value, place)
        if group is None:
            continue
        check.text(group, "label", place, "option_group.label", plain=True)
        for option, inner in check.items(group, "options", place, "select.options"):
            check_option(check, option, inner, plain=True)


def _nothing_more(check: Checker, element: Json, at: str) -> None:
    """For elements that are let through leniently."""


def _button(check: Checker, element: Json, at: str) -> None:
    check.text(element, "text", at, "button.text", plain=True)
    check.string(element, "value", at, "button.value", least=0)
    check.url(element, "url", at, "button.url")
    check.choice(element, "style", at, ("primary", "danger"))
    check.string(element, "accessibility_label", at, "button.accessibility_label")


def _placeholder(check: Checker, element: Json, at: str) -> None:
    check.text(element, "placeholder", at, "placeholder", plain=True, required=False)


def _static_select(check: Checker, element: Json, at: str) -> None:
    _placeholder(check, element, at)
    check_options(check, element, at)
    _initial(check, element, at, "initial_option")


def _initial(check: Checker, element: Json, at: str, key: str) -> None:
    """What is chosen at first must be one of the options, letter for letter."""
    if key not in element or check.problems:
        return
    groups = element.get("option_groups", [element])
    options = [option for group in groups for option in group.get("options", ())]
    chosen = element[key] if isinstance(element[key], list) else [element[key]]
    if any(option not in options for option in chosen):
        check.fail(f"{at}/{key}", f"invalid {key}: not one of the options")


def _external_select(check: Checker, element: Json, at: str) -> None:
    _placeholder(check, element, at)
    initial = element.get("initial_option")
    if initial is not None:
        check_option(check, initial, f"{at}/initial_option", plain=True)
    least = element.get("min_query_length", 0)
    if not isinstance(least, int) or least < 0:
        check.fail(f"{at}/min_query_length", "must be a positive integer")


def _overflow(check: Checker, element: Json, at: str) -> None:
    least = LIMITS["overflow.options.least"]
    for option, place in check.items(element, "options", at, "overflow.options", least=least):
        check_option(check, option, place, plain=True)


def _choices(check: Checker, element: Json, at: str) -> None:
    limit = f"{element['type']}.options"
    for option, place in check.items(element, "options", at, limit):
        check_option(check, option, place, plain=False)
    _initial(check, element, at, "initial_option")
    _initial(check, element, at, "initial_options")


def _datepicker(check: Checker, element: Json, at: str) -> None:
    _placeholder(check, element, at)
    _shape(check, element, at, "initial_date", _DATE)


def _timepicker(check: Checker, element: Json, at: str) -> None:
    _placeholder(check, element, at)
    _shape(check, element, at, "initial_time", _TIME)


def _shape(check: Checker, element: Json, at: str, key: str, shape: re.Pattern[str]) -> None:
    value = element.get(key)
    if value is not None and not (isinstance(value, str) and shape.fullmatch(value)):
        check.fail(f"{at}/{key}", f"invalid {key}")


def _datetimepicker(check: Checker, element: Json, at: str) -> None:
    value = element.get("initial_date_time")
    # A UNIX time of exactly ten digits, as the vendor documents it.
    if value is not None and not (isinstance(value, int) and 10**9 <= value < 10**10):
        check.fail(f"{at}/initial_date_time", "invalid initial_date_time")


def _text_input(check: Checker, element: Json, at: str) -> None:
    _placeholder(check, element, at)
    check.string(element, "initial_value", at, "input_text.length", least=0)
    most = LIMITS["input_text.length"]
    for key, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(key, least)
        if not isinstance(value, int) or not least <= value <= most:
            check.fail(f"{at}/{key}", f"must be between {least} and {most}")


def _number_input(check: Checker, element: Json, at: str) -> None:
    _placeholder(check, element, at)
    if not isinstance(element.get("is_decimal_allowed"), bool):
        check.fail(at, "missing required field: is_decimal_allowed")
    for key in ("initial_value", "min_value", "max_value"):
        _shape(check, element, at, key, NUMBER)


def check_image(check: Checker, element: Json, at: str) -> None:
    """An image, be it an element or a block: a source and words for who can't see it."""
    if ("image_url" in element) == ("slack_file" in element):
        check.fail(at, "exactly one of image_url and slack_file is required")
    check.url(element, "image_url", at, "image.url")
    check.string(element, "alt_text", at, "image.alt_text", required=True)


def _icon_button(check: Checker, element: Json, at: str) -> None:
    check.string(element, "icon", at, "button.text", required=True)
    check.text(element, "text", at, "button.text", plain=True)
    check.string(element, "value", at, "button.value", least=0)


def _feedback_buttons(check: Checker, element: Json, at: str) -> None:
    for key in ("positive_button", "negative_button"):
        button = check.child(element, key, at)
        if button is not None:
            check.text(button, "text", f"{at}/{key}", "button.text", plain=True)
            check.string(button, "value", f"{at}/{key}", "button.value", required=True)


_CHECKS: dict[str, Callable[[Checker, Json, str], None]] = {
    "button": _button,
    "static_select": _static_select,
    "multi_static_select": _static_select,
    "external_select": _external_select,
    "multi_external_select": _external_select,
    "overflow": _overflow,
    "radio_buttons": _choices,
    "checkboxes": _choices,
    "datepicker": _datepicker,
    "timepicker": _timepicker,
    "datetimepicker": _datetimepicker,
    "plain_text_input": _text_input,
    "number_input": _number_input,
    "image": check_image,
    "icon_button": _icon_button,
    "feedback_buttons": _feedback_buttons,
    **dict.fromkeys(
        (
            "users_select",
            "multi_users_select",
            "conversations_select",
            "multi_conversations_select",
            "channels_select",
            "multi_channels_select",
            "email_text_input",
            "url_text_input",
        ),
        _placeholder,
    ),
}
