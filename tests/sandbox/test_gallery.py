"""The gallery shows all that the simulated Slack takes, and the page draws no less."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import sandbox.page
from sandbox.gallery import hang, home, messages, modal
from sandbox.slack.blocks import BLOCKS, check_message_blocks
from sandbox.slack.elements import ELEMENTS
from sandbox.slack.richtext import INLINES, PARTS
from sandbox.slack.tables import CELLS
from sandbox.slack.views import checked_view
from sandbox.world import World

STATIC = Path(sandbox.page.__file__).with_name("static")
ORIGIN = "http://sandbox.test"


def types_in(value: object) -> Iterator[str]:
    """Every `type` in blocks, however deep."""
    if isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value["type"]
        for one in value.values():
            yield from types_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from types_in(one)


def drawn(module: str, table: str) -> set[str]:
    """The keys of a table that a module of the page exports."""
    source = (STATIC / module).read_text()
    body = source.split(f"export const {table} = {{\n")[1].split("\n};")[0]
    return set(re.findall(r"^  (\w+)(?=[:,])", body, re.MULTILINE))


def test_the_page_draws_what_slack_takes() -> None:
    assert drawn("blocks.js", "BLOCKS") == BLOCKS
    assert drawn("elements.js", "ELEMENTS") | drawn("controls.js", "CONTROLS") == ELEMENTS
    assert drawn("rich.js", "PARTS") == set(PARTS)
    assert drawn("rich.js", "INLINES") == INLINES.keys()
    assert drawn("tables.js", "CELLS") == set(CELLS)


def test_the_gallery_has_one_of_each() -> None:
    shown = {*types_in(messages(ORIGIN, "U1", "C1")), *types_in(modal())}
    assert {*BLOCKS, *ELEMENTS, *PARTS, *INLINES, *CELLS} - shown == set()


def test_slack_takes_the_gallery() -> None:
    workspace = World().slack.workspace
    for _, blocks in messages(ORIGIN, "U1", "C1"):
        check_message_blocks(blocks, workspace.new_name)
    checked_view(workspace, modal(), "modal")
    checked_view(workspace, home(ORIGIN), "home")


def test_the_gallery_hangs_where_everybody_sees_it() -> None:
    slack = World().slack
    hang(slack, ORIGIN)
    workspace = slack.workspace
    people = {one.id for one in workspace.people.values() if not one.is_bot}
    (channel,) = (one for one in workspace.conversations.values() if one.name == "gallery")
    assert people <= channel.members
    assert [post.text for post in channel.posts] == [
        text for text, _ in messages(ORIGIN, "U1", "C1")
    ]
    assert workspace.homes.keys() == people
    assert [len(stack) for stack in workspace.modals.values()] == [1]
