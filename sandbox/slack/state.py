"""What people have put into inputs: `state.values` as Slack keeps and tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.slack.blocks import all_blocks, elements_of

Json = dict[str, Any]

# Where the value of each kind of element stands in the state, and where its first one comes from.
VALUE_KEYS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


def initial_state(blocks: list[Json]) -> Json:
    """The state before anybody touched anything: block_id → action_id → value."""
    state: Json = {}
    for block in all_blocks(blocks):
        for element in elements_of(block):
            if element["type"] in VALUE_KEYS:
                of_block = state.setdefault(block["block_id"], {})
                of_block[element["action_id"]] = _first(element)
    return state


def _first(element: Json) -> Json:
    key, initial = VALUE_KEYS[element["type"]]
    empty: object = [] if key.endswith("s") else None
    return {"type": element["type"], key: element.get(initial, empty)}


def kept_state(state: Json, old: list[Json], new: list[Json]) -> Json:
    """The state after blocks were replaced: what has the same ids and type keeps its value."""
    fresh = initial_state(new)
    known = set(places(old))
    for place in known & set(places(new)):
        block_id, action_id, _ = place
        fresh[block_id][action_id] = state[block_id][action_id]
    return fresh


def places(blocks: Iterable[Json]) -> list[tuple[str, str, str]]:
    """block_id, action_id and type of each element that holds a value."""
    return [
        (block["block_id"], element["action_id"], element["type"])
        for block in all_blocks(list(blocks))
        for element in elements_of(block)
        if element["type"] in VALUE_KEYS
    ]
