"""Hands that point: on a page, an element is what was clicked, not what its label says."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.slack import Conversation, Delivery, Hands, Message, View
from sandbox.slack.blocks import all_blocks, elements_of
from sandbox.slack.model import Json
from sandbox.slack.screen import Target, options_of
from sandbox.slack.state import VALUE_KEYS

Where = Message | View


class Gone(LookupError):
    """What was pointed at is no longer there."""


class Pointer(Hands):
    """Acts as one member of the workspace, upon elements told by block_id and action_id."""

    def message(self, conversation: Conversation, ts: str) -> Message:
        """The message as it stands now."""
        for message in self.messages(conversation):
            if message.ts == ts:
                return message
        raise Gone("This message is gone.")

    def view(self, view_id: str) -> View:
        """The open modal on top, or the home tab, with this id."""
        for view in (self.modal, self.home):
            if view is not None and view.id == view_id:
                return view
        raise Gone("This is no longer open.")

    async def press(self, where: Where, block_id: str, action_id: str, value: Any) -> Delivery:
        """Press a button, or give a menu or picker that acts at once its value."""
        block, element = _find(where, block_id, action_id)
        if element["type"] in VALUE_KEYS:
            payload = self._changed(where, block, element, self._given(element, value))
        else:
            payload = self._pressed(where, _target(block, element, value))
        return await self._interact(payload)

    async def offers(self, where: Where, block_id: str, action_id: str, query: str) -> list[Json]:
        """The options that the app serves for what was typed into a menu."""
        _find(where, block_id, action_id)
        return await self._served(where, block_id, action_id, query)

    def keep(self, where: Where, values: dict[str, dict[str, Any]]) -> None:
        """Put what was typed into inputs; those that are gone are let go."""
        state = self._state(where)
        for block in all_blocks(where.blocks):
            for element in elements_of(block):
                typed = values.get(block["block_id"], {})
                if element["type"] in VALUE_KEYS and element["action_id"] in typed:
                    entry = self._given(element, typed[element["action_id"]])
                    state.setdefault(block["block_id"], {})[element["action_id"]] = entry

    def _given(self, element: Json, value: Any) -> Json:
        """The state entry of an element with this value; moments come in the person's zone."""
        key, _ = VALUE_KEYS[element["type"]]
        _check_offered(element, value if isinstance(value, list) else [value])
        if key == "selected_date_time" and isinstance(value, str) and value:
            value = self._instant(value)
        return {"type": element["type"], key: None if value == "" else value}

    def _instant(self, local: str) -> int:
        zone = ZoneInfo(self.person.timezone)
        return int(datetime.fromisoformat(local).replace(tzinfo=zone).timestamp())


def _find(where: Where, block_id: str, action_id: str) -> tuple[Json, Json]:
    for block in all_blocks(where.blocks):
        for element in elements_of(block):
            if block["block_id"] == block_id and element.get("action_id") == action_id:
                return block, element
    raise Gone("This has just changed; look again.")


def _check_offered(element: Json, chosen: list[Any]) -> None:
    """Only options that stand in an element can be chosen; the app's own are not known here."""
    offered = options_of(element)
    if any(isinstance(one, dict) and offered and one not in offered for one in chosen):
        raise Gone("This choice is no longer there.")


def _target(block: Json, element: Json, value: Any) -> Target:
    if element["type"] == "overflow":
        _check_offered(element, [value])
        return Target(value["text"]["text"], block, element, value)
    if element["type"] == "feedback_buttons":
        chosen = element[value]
        return Target(chosen["text"]["text"], block, element, chosen)
    return Target(element["text"]["text"], block, element)
