"""What Slack refuses in tables and in what is laid out, and why."""

from __future__ import annotations

import pytest

from sandbox.slack import SlackError
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.workspace import Workspace

from .builders import Json, button, plain, rich, section

CELL = {"type": "raw_text", "text": "x"}


def table(*cells: Json, **more: object) -> Json:
    return {"type": "table", "rows": [[*cells] or [CELL]], **more}


def data_table(*cells: Json, **more: object) -> Json:
    row = [*cells] or [CELL]
    return {"type": "data_table", "caption": "T", "rows": [[CELL] * len(row), row], **more}


def container(**more: object) -> Json:
    return {"type": "container", "title": plain("T"), "child_blocks": [section()], **more}


def listed(**more: object) -> Json:
    line = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    return rich(line, kind="rich_text_list", **{"style": "bullet", **more})


REFUSED: dict[str, tuple[Json, str]] = {
    "align": (table(column_settings=[{"align": "top"}]), "must be one of: center, left, right"),
    "wrapped": (table(column_settings=[{"is_wrapped": "no"}]), "must be true or false"),
    "settings": (table(column_settings=["right"]), "must be an object"),
    "button in a table": (table({"type": "action", "element": button()}), "unsupported type"),
    "number without value": (
        table({"type": "raw_number", "text": "1"}),
        "missing required field: value",
    ),
    "number without words": (
        table({"type": "raw_number", "value": 1}),
        "missing required field: text",
    ),
    "caption": (data_table(caption={"text": "T"}), "missing required field: caption"),
    "no rows on a page": (data_table(page_size=0), "must be a whole number, at least 1"),
    "many rows on a page": (data_table(page_size=101), "must be at most 100"),
    "row header": (data_table(row_header_column_index=-1), "must be a whole number, at least 0"),
    "action of a menu": (
        data_table({"type": "action", "element": {"type": "overflow", "options": []}}),
        "unsupported type: overflow",
    ),
    "fallback": (
        data_table({"type": "action", "element": button(), "fallback": rich()}),
        "unsupported type: rich_text",
    ),
    "action in a header": (
        {
            "type": "data_table",
            "caption": "T",
            "rows": [[{"type": "action", "element": button()}], [CELL]],
        },
        "a header must not have action",
    ),
    "collapsed alone": (container(default_collapsed=True), "requires is_collapsible"),
    "collapsible": (container(is_collapsible=1), "must be true or false"),
    "icon": (container(icon=button()), "unsupported type: button"),
    "indent": (listed(indent=9), "must be at most 8"),
    "offset": (listed(offset="1"), "must be a whole number"),
    "border": (listed(border=2), "must be at most 1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(workspace: Workspace, name: str) -> None:
    block, why = REFUSED[name]
    with pytest.raises(SlackError, match="invalid_blocks") as refused:
        check_message_blocks([block], workspace.new_name)
    assert why in refused.value.messages[0]


def test_a_button_in_a_cell_is_named_like_any_other(workspace: Workspace) -> None:
    action = {"type": "action", "element": button("Open"), "fallback": CELL}
    (block,) = check_message_blocks([data_table(action)], workspace.new_name)
    assert block["rows"][1][0]["element"]["action_id"]


def test_a_column_without_settings(workspace: Workspace) -> None:
    blocks = [table(CELL, CELL, column_settings=[None, {"align": "right"}])]
    assert check_message_blocks(blocks, workspace.new_name)
