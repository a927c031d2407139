"""What Slack refuses in how an element behaves, and why."""

from __future__ import annotations

import pytest

from sandbox.slack import SlackError
from sandbox.slack.views import checked_view
from sandbox.slack.workspace import Workspace

from .builders import Json, menu, modal, option, text_input


def dispatched(*on: str) -> Json:
    return text_input(element={"dispatch_action_config": {"trigger_actions_on": [*on]}})


def several(**more: object) -> Json:
    return text_input() | {"element": menu("multi_static_select", options=[option()], **more)}


def number(**more: object) -> Json:
    return text_input(element={"type": "number_input", "is_decimal_allowed": True, **more})


REFUSED: dict[str, tuple[Json, str]] = {
    "focus": (text_input(element={"focus_on_load": "yes"}), "must be true or false"),
    "most chosen": (several(max_selected_items=0), "must be a whole number, at least 1"),
    "no trigger": (dispatched(), "must be some of: on_enter_pressed, on_character_entered"),
    "trigger": (dispatched("on_enter_pressed", "on_blur"), "must be some of: on_enter_pressed"),
    "first number": (number(initial_value="one"), "invalid initial_value"),
    "lowest number": (number(min_value=1), "invalid min_value"),
    "highest number": (number(max_value="1,5"), "invalid max_value"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(workspace: Workspace, name: str) -> None:
    block, why = REFUSED[name]
    with pytest.raises(SlackError, match="invalid_arguments") as refused:
        checked_view(workspace, modal(block), "modal")
    assert why in refused.value.messages[0]


@pytest.mark.parametrize(
    "block",
    [
        dispatched("on_character_entered"),
        several(max_selected_items=1),
        number(min_value="-1", max_value="1.5", initial_value="0"),
    ],
)
def test_taken(workspace: Workspace, block: Json) -> None:
    assert checked_view(workspace, modal(block), "modal")
