"""What Slack refuses in blocks, and what it takes."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.slack import SlackError
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.views import checked_view
from sandbox.slack.workspace import Workspace

from .builders import (
    Json,
    actions,
    button,
    home,
    menu,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    rich,
    section,
    text_input,
)

HTTP = "https://example.com/"


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def data_table(*rows: list[Json]) -> Json:
    return {"type": "data_table", "caption": "T", "rows": [*rows]}


REFUSED: dict[str, tuple[list[Any], str]] = {
    "not an object": (["x"], "must be an object [json-pointer:/blocks/0]"),
    "no type": ([{}], "missing required field: type [json-pointer:/blocks/0]"),
    "unknown block": ([{"type": "banner"}], "unsupported type: banner"),
    "alert in a message": ([{"type": "alert", "text": plain("x")}], "unsupported type: alert"),
    "mrkdwn header": (
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "empty text": ([section("")], "must be more than 0 characters"),
    "text as a string": ([{"type": "section", "text": "x"}], "must be an object"),
    "text of a number": ([section() | {"text": {"type": "mrkdwn", "text": 7}}], "must be a string"),
    "section of nothing": ([{"type": "section"}], "missing required field: text or fields"),
    "actions of nothing": ([actions()], "must have at least 1 items"),
    "actions without elements": ([{"type": "actions"}], "missing required field: elements"),
    "elements no list": ([{"type": "actions", "elements": {}}], "must be an array"),
    "text input in actions": (
        [actions({"type": "plain_text_input"})],
        "unsupported type: plain_text_input",
    ),
    "text input beside a section": (
        [section(accessory={"type": "plain_text_input"})],
        "unsupported type: plain_text_input",
    ),
    "button in an input": (
        [{"type": "input", "label": plain("x"), "element": button()}],
        "unsupported type: button",
    ),
    "input without element": (
        [{"type": "input", "label": plain("x")}],
        "missing required field: element",
    ),
    "button in a context": ([{"type": "context", "elements": [button()]}], "unsupported type"),
    "button without text": ([actions({"type": "button"})], "missing required field: text"),
    "mrkdwn button": ([actions(button() | {"text": mrkdwn("x")})], "unsupported type: mrkdwn"),
    "style of a button": ([actions(button(style="loud"))], "must be one of: danger, primary"),
    "javascript url": ([actions(button(url="javascript:alert(1)"))], "invalid url"),
    "relative url": ([actions(button(url="/tasks/7"))], "invalid url"),
    "url of a broken host": ([actions(button(url="http://[x/"))], "invalid url"),
    "same block_id": (
        [section(block_id="a"), section(block_id="a")],
        "`block_id` already exists: a [json-pointer:/blocks/1/block_id]",
    ),
    "same action_id": (
        [actions(button(action_id="a"), button(action_id="a"))],
        "`action_id` already exists for other elements: a",
    ),
    "select of nothing": ([actions(menu())], "exactly one of options and option_groups"),
    "option without value": (
        [actions(menu(options=[{"text": plain("x")}]))],
        "missing required field: value",
    ),
    "option no object": ([actions(menu(options=["x"]))], "must be an object"),
    "initial option of none": (
        [actions(menu(options=options(2), initial_option=option("Else", "9")))],
        "invalid initial_option",
    ),
    "confirm of half": (
        [actions(button(confirm={"title": plain("x"), "text": plain("x")}))],
        "missing required field: confirm",
    ),
    "no date": ([actions(menu("datepicker", initial_date="14.7."))], "invalid initial_date"),
    "no time": ([actions(menu("timepicker", initial_time="24:00"))], "invalid initial_time"),
    "no moment": (
        [actions(menu("datetimepicker", initial_date_time=7))],
        "invalid initial_date_time",
    ),
    "min_query_length": (
        [actions(menu("external_select", min_query_length=-1))],
        "must be a positive integer",
    ),
    "max_length": ([text_input(element={"max_length": 3001})], "must be between 1 and 3000"),
    "image without words": (
        [{"type": "image", "image_url": HTTP}],
        "missing required field: alt_text",
    ),
    "image from nowhere": ([{"type": "image", "alt_text": "x"}], "exactly one of image_url"),
    "rich text of nothing": ([{"type": "rich_text"}], "missing required field: elements"),
    "rich text of blocks": (
        [{"type": "rich_text", "elements": [section()]}],
        "unsupported type: section",
    ),
    "empty rich text": ([rich({"type": "text", "text": ""})], "must be more than 0 characters"),
    "rich link to a file": ([rich({"type": "link", "url": "file:///etc"})], "invalid url"),
    "rich date": ([rich({"type": "date", "timestamp": "7", "format": "{date}"})], "timestamp"),
    "rich style": (
        [rich({"type": "text", "text": "x", "style": {"blink": True}})],
        "invalid style",
    ),
    "rich broadcast": ([rich({"type": "broadcast", "range": "all"})], "must be one of"),
    "rich list without style": (
        [rich(rich()["elements"][0], kind="rich_text_list")],
        "must be one of: bullet, ordered",
    ),
    "table without rows": ([{"type": "table"}], "missing required field: rows"),
    "data table without caption": (
        [{"type": "data_table", "rows": [[{"type": "raw_text", "text": "x"}]]}],
        "missing required field: caption",
    ),
    "data table of unequal rows": (
        [data_table([raw("A")], [raw("1"), raw("2")])],
        "all rows must have the same number of cells [json-pointer:/blocks/0/rows]",
    ),
    "data table with a rich header": (
        [data_table([rich({"type": "text", "text": "A"})], [raw("1")])],
        "a header must not have rich_text [json-pointer:/blocks/0/rows/0]",
    ),
    "container in a container": (
        [{"type": "container", "title": plain("x"), "child_blocks": [{"type": "container"}]}],
        "unsupported type: container",
    ),
    "card of nothing": ([{"type": "card"}], "missing required field: hero_image"),
    "level of an icon": (
        [{"type": "context_actions", "elements": [button()]}],
        "unsupported type: button",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_a_message(workspace: Workspace, name: str) -> None:
    blocks, why = REFUSED[name]
    with pytest.raises(SlackError, match="invalid_blocks") as refused:
        check_message_blocks(blocks, workspace.new_name)
    assert why in " ".join(refused.value.messages)
    answer = refused.value.answer()
    assert answer["response_metadata"]["messages"] == refused.value.messages


def feedback() -> Json:
    sides = {
        side: {"text": plain(side), "value": side}
        for side in ("positive_button", "negative_button")
    }
    return {"type": "feedback_buttons", "action_id": "feedback", **sides}


TAKEN: dict[str, Json] = {
    "moment beside a section": section(accessory=menu("datetimepicker", initial_date_time=10**9)),
    "all menus": actions(
        menu("static_select", options=options(2), initial_option=options(2)[1]),
        menu("multi_static_select", option_groups=[{"label": plain("G"), "options": options(1)}]),
        menu("external_select", min_query_length=0, initial_option=option()),
        menu("users_select", placeholder=plain("Who")),
        menu("conversations_select"),
        menu("channels_select"),
        menu("datepicker", initial_date="2026-07-14"),
        menu("timepicker", initial_time="23:59"),
        menu("radio_buttons", options=[{"text": mrkdwn("*x*"), "value": "x"}]),
        menu("checkboxes", options=options(2), initial_options=options(1)),
        menu("overflow", options=[option(url=HTTP)]),
    ),
    "input in a message": text_input(),
    "number": {
        "type": "input",
        "label": plain("n"),
        "element": {"type": "number_input", "is_decimal_allowed": False},
    },
    "icons": {
        "type": "context_actions",
        "elements": [feedback(), {"type": "icon_button", "icon": "trash", "text": plain("x")}],
    },
    "context": {
        "type": "context",
        "elements": [mrkdwn("x"), {"type": "image", "image_url": HTTP, "alt_text": "x"}],
    },
    "rich text": rich(
        {"type": "text", "text": "x", "style": {"bold": True}},
        {"type": "link", "url": HTTP, "text": "there"},
        {"type": "emoji", "name": "tada"},
        {"type": "user", "user_id": "U1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "date", "timestamp": 1, "format": "{date}"},
        {"type": "broadcast", "range": "here"},
    ),
    "list": rich(
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]},
        kind="rich_text_list",
        style="bullet",
    ),
    "table": {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": "x"}, rich({"type": "text", "text": "y"})]],
    },
    "container": {
        "type": "container",
        "rich_text_title": rich({"type": "text", "text": "x"}),
        "child_blocks": [actions(button())],
    },
    "card": {
        "type": "card",
        "title": plain("x"),
        "icon": {"type": "image", "image_url": HTTP, "alt_text": "x"},
        "actions": [button()],
    },
}


@pytest.mark.parametrize("name", TAKEN)
def test_taken_in_a_message(workspace: Workspace, name: str) -> None:
    (block,) = check_message_blocks([TAKEN[name]], workspace.new_name)
    assert block["type"] == TAKEN[name]["type"]
    assert block["block_id"]


def test_what_has_no_name_gets_one(workspace: Workspace) -> None:
    blocks = [actions(button(), button(action_id="mine")), section(block_id="ours")]
    stored = check_message_blocks(blocks, workspace.new_name)
    first, second = stored[0]["elements"]
    assert first["action_id"]
    assert second["action_id"] == "mine"
    assert stored[0]["block_id"] not in ("", "ours")
    assert stored[1]["block_id"] == "ours"
    assert "block_id" not in blocks[0], "the app's own blocks are left alone"


@pytest.mark.parametrize(
    ("view", "kind", "why"),
    [
        (modal(text_input()) | {"submit": None}, "modal", "must be an object"),
        ({"type": "modal", "blocks": [section()]}, "modal", "missing required field: title"),
        (
            {"type": "modal", "title": plain("x"), "blocks": [text_input()]},
            "modal",
            "missing required field: submit",
        ),
        (modal(title=mrkdwn("x")), "modal", "unsupported type: mrkdwn"),
        (modal() | {"blocks": []}, "modal", "must have at least 1 items"),
        (modal({"type": "table", "rows": []}), "modal", "unsupported type: table"),
        (home({"type": "alert", "text": plain("x")}), "home", "unsupported type: alert"),
        (modal(), "home", "unsupported type: modal"),
        ("modal", "modal", "must be an object"),
    ],
)
def test_refused_as_a_view(workspace: Workspace, view: Any, kind: str, why: str) -> None:
    with pytest.raises(SlackError, match="invalid_arguments") as refused:
        checked_view(workspace, view, kind)
    assert why in " ".join(refused.value.messages)
