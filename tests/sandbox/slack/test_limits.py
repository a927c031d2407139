"""Every length and count of the table: Slack takes the limit itself, and refuses one more."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import sandbox.slack
from sandbox.slack import LIMITS, Person, SlackError, SlackSandbox
from sandbox.slack.blocks import BLOCKS, check_blocks, check_message_blocks
from sandbox.slack.checking import Checker
from sandbox.slack.limits import SURFACES
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
from .conftest import Api

Build = Callable[[int], Json]


def on(*elements: Json) -> Json:
    return actions(*elements)


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def image(size: int = 0, **more: Any) -> Json:
    url = "https://a.test/".ljust(size, "x")
    return {"type": "image", "image_url": url, "alt_text": "A picture", **more}


def confirm(**more: Json) -> Json:
    words = {"title": plain("Sure?"), "text": plain("Really."), "confirm": plain("Yes")}
    return on(button(confirm={**words, "deny": plain("No"), **more}))


def cells(rows: int, columns: int = 1) -> list[list[Json]]:
    return [[{"type": "raw_text", "text": "x"}] * columns] * rows


def data_table(rows: list[list[Json]]) -> Json:
    return {"type": "data_table", "caption": "Table", "rows": rows}


def container(**more: Any) -> Json:
    return {"type": "container", "title": plain("Title"), "child_blocks": [section()], **more}


def icons(count: int) -> list[Json]:
    return [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}] * count


def choices(kind: str) -> Build:
    return lambda size: on(menu(kind, options=options(size)))


def groups(size: int) -> list[Json]:
    return [{"label": plain("Group"), "options": [option()]}] * size


IN_MESSAGE: dict[str, Build] = {
    "block_id": lambda size: section(block_id="x" * size),
    "section.text": lambda size: section("x" * size),
    "section.fields": lambda size: {"type": "section", "fields": [mrkdwn("x")] * size},
    "section.field": lambda size: {"type": "section", "fields": [mrkdwn("x" * size)]},
    "header.text": lambda size: {"type": "header", "text": plain("x" * size)},
    "actions.elements": lambda size: on(*[button()] * size),
    "context.elements": lambda size: context(*[plain("x")] * size),
    "context.text": lambda size: context(mrkdwn("x" * size)),
    "context_actions.elements": lambda size: {
        "type": "context_actions",
        "elements": icons(size),
    },
    "image.url": lambda size: image(size),
    "image.alt_text": lambda size: image(alt_text="x" * size),
    "image.title": lambda size: image(title=plain("x" * size)),
    "input.label": lambda size: text_input("x" * size),
    "input.hint": lambda size: text_input(hint=plain("x" * size)),
    "markdown.text": lambda size: {"type": "markdown", "text": "x" * size},
    "table.rows": lambda size: {"type": "table", "rows": cells(size)},
    "table.columns": lambda size: {"type": "table", "rows": cells(1, size)},
    "data_table.rows": lambda size: data_table(cells(size)),
    "data_table.columns": lambda size: data_table(cells(2, size)),
    "card.title": lambda size: {"type": "card", "title": mrkdwn("x" * size)},
    "card.subtitle": lambda size: {
        "type": "card",
        "title": plain("T"),
        "subtitle": mrkdwn("x" * size),
    },
    "card.body": lambda size: {"type": "card", "body": mrkdwn("x" * size)},
    "card.actions": lambda size: {"type": "card", "actions": [button()] * size},
    "carousel.elements": lambda size: {
        "type": "carousel",
        "elements": [{"type": "card", "title": plain("T")}] * size,
    },
    "container.child_blocks": lambda size: container(child_blocks=[section()] * size),
    "container.title": lambda size: container(title=plain("x" * size)),
    "container.subtitle": lambda size: container(subtitle=plain("x" * size)),
    "action_id": lambda size: on(button(action_id="x" * size)),
    "button.text": lambda size: on(button("x" * size)),
    "button.value": lambda size: on(button(value="x" * size)),
    "button.url": lambda size: on(button(url="https://a.test/".ljust(size, "x"))),
    "button.accessibility_label": lambda size: on(button(accessibility_label="x" * size)),
    "select.options": choices("static_select"),
    "select.option_groups": lambda size: on(menu(option_groups=groups(size))),
    "overflow.options": choices("overflow"),
    "radio_buttons.options": choices("radio_buttons"),
    "checkboxes.options": choices("checkboxes"),
    "option.text": lambda size: on(menu(options=[option("x" * size)])),
    "option.value": lambda size: on(menu(options=[option(value="x" * size)])),
    "option.description": lambda size: on(
        menu(options=[option(description=plain("x" * size))]),
    ),
    "option.url": lambda size: on(
        menu("overflow", options=[option(url="https://a.test/".ljust(size, "x"))])
    ),
    "option_group.label": lambda size: on(
        menu(option_groups=[{"label": plain("x" * size), "options": [option()]}])
    ),
    "placeholder": lambda size: on(menu("users_select", placeholder=plain("x" * size))),
    "input_text.length": lambda size: text_input(element={"initial_value": "x" * size}),
    "confirm.title": lambda size: confirm(title=plain("x" * size)),
    "confirm.text": lambda size: confirm(text=mrkdwn("x" * size)),
    "confirm.confirm": lambda size: confirm(confirm=plain("x" * size)),
    "confirm.deny": lambda size: confirm(deny=plain("x" * size)),
}

IN_VIEW: dict[str, Build] = {
    "modal.blocks": lambda size: modal(*[section()] * size),
    "home.blocks": lambda size: home(*[section()] * size),
    "modal.title": lambda size: modal(title=plain("x" * size)),
    "modal.submit": lambda size: modal(submit=plain("x" * size)),
    "modal.close": lambda size: modal(close=plain("x" * size)),
    "view.private_metadata": lambda size: modal(private_metadata="x" * size),
    "view.callback_id": lambda size: modal(callback_id="x" * size),
    "view.external_id": lambda size: modal(external_id="x" * size),
    "alert.text": lambda size: modal({"type": "alert", "text": mrkdwn("x" * size)}),
}

ELSEWHERE = {
    *("message.blocks", "message.blocks_text", "overflow.options.least", "view.bytes"),
    *("message.text", "message.text.update", "metadata.bytes", "modal.stack"),
    *("message.attachments", "data_table.rows.least"),
    *("page.items", "socket.connections", "answer.seconds"),
    *("trigger.seconds", "response_url.uses", "response_url.seconds"),
}
"""Proved by tests of their own, here or beside what they limit, as those of manifests are."""


def test_every_limit_of_the_table_is_proved() -> None:
    of_manifests = {name for name in LIMITS if name.startswith("manifest.")}
    assert IN_MESSAGE.keys() | IN_VIEW.keys() | ELSEWHERE | of_manifests == LIMITS.keys()


def test_every_limit_of_the_table_is_read_by_the_code() -> None:
    """By its name, or by one that is put together, such as `card.{key}`."""
    names = named_in_sources()
    unread = [limit for limit in LIMITS if not any(name.fullmatch(limit) for name in names)]
    assert unread == []


def named_in_sources() -> list[re.Pattern[str]]:
    """The strings in the sources that could name a limit."""
    found = []
    for file in Path(sandbox.slack.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())) if file.stem != "limits" else ():
            if isinstance(node, ast.JoinedStr):
                literals = [one.value for one in node.values if isinstance(one, ast.Constant)]
                if re.search(r"[a-z]\.|\.[a-z]", " ".join(map(str, literals))):
                    found.append(_pattern(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(re.compile(re.escape(node.value)))
    return found


def _pattern(words: ast.JoinedStr) -> re.Pattern[str]:
    """What an f-string may come to: anything where something is put in."""
    parts = [one.value if isinstance(one, ast.Constant) else None for one in words.values]
    return re.compile("".join(".+" if part is None else re.escape(str(part)) for part in parts))


@pytest.mark.parametrize("name", IN_MESSAGE)
def test_a_limit_in_messages(workspace: Workspace, name: str) -> None:
    build, limit = IN_MESSAGE[name], LIMITS[name]
    check_message_blocks([build(limit)], workspace.new_name)
    with pytest.raises(SlackError, match="invalid_blocks") as refused:
        check_message_blocks([build(limit + 1)], workspace.new_name)
    assert all("json-pointer:/blocks/0" in message for message in refused.value.messages)
    assert str(limit) in refused.value.messages[0] or str(limit + 1) in refused.value.messages[0]


@pytest.mark.parametrize("name", IN_VIEW)
def test_a_limit_in_views(workspace: Workspace, name: str) -> None:
    build, limit = IN_VIEW[name], LIMITS[name]
    kind = "home" if name == "home.blocks" else "modal"
    checked_view(workspace, build(limit), kind)
    with pytest.raises(SlackError, match="invalid_arguments"):
        checked_view(workspace, build(limit + 1), kind)


def test_the_number_of_blocks_in_a_message(workspace: Workspace) -> None:
    check_message_blocks([{"type": "divider"}] * 50, workspace.new_name)
    with pytest.raises(SlackError, match="no more than 50 items"):
        check_message_blocks([{"type": "divider"}] * 51, workspace.new_name)


def test_the_words_of_all_blocks_together(workspace: Workspace) -> None:
    long = [section("x" * 2999)] * 4  # with the line ends between them, 12,000
    check_message_blocks([*long, section("x" * 1000)], workspace.new_name)
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message_blocks([*long, section("x" * 1001)], workspace.new_name)


def test_an_overflow_menu_needs_an_option(workspace: Workspace) -> None:
    with pytest.raises(SlackError, match="at least 1 items"):
        check_message_blocks([on(menu("overflow", options=[]))], workspace.new_name)


def test_a_data_table_needs_a_row_beside_its_header(workspace: Workspace) -> None:
    least = LIMITS["data_table.rows.least"]
    check_message_blocks([data_table(cells(least))], workspace.new_name)
    with pytest.raises(SlackError, match=f"at least {least} items"):
        check_message_blocks([data_table(cells(least - 1))], workspace.new_name)


async def test_the_attachments_of_a_message(api: Api, ana: Person) -> None:
    most = LIMITS["message.attachments"]
    for count, error in ((most, None), (most + 1, "too_many_attachments")):
        attachments = [{"text": "x"}] * count
        answer = await api("chat.postMessage", channel=ana.id, attachments=attachments)
        assert answer.get("error") == error


async def test_the_items_of_a_page(api: Api) -> None:
    most = LIMITS["page.items"]
    for count, error in ((most, None), (most + 1, "invalid_limit")):
        assert (await api("users.list", limit=count)).get("error") == error


async def test_slack_waits_for_an_answer_and_no_longer(slack: SlackSandbox) -> None:
    assert slack.dispatcher.answer_within == LIMITS["answer.seconds"]


def test_a_view_may_not_be_too_big(workspace: Workspace) -> None:
    fits, grows = [section("x" * 3000)] * 80, [section("x" * 3000)] * 85
    checked_view(workspace, home(*fits), "home")
    with pytest.raises(SlackError, match="view_too_large"):
        checked_view(workspace, home(*grows), "home")


def test_rich_text_has_no_limit_of_its_own_but_the_message_has(workspace: Workspace) -> None:
    check_message_blocks([rich({"type": "text", "text": "x" * 13_000})], workspace.new_name)
    with pytest.raises(SlackError, match="msg_blocks_too_long"):
        check_message_blocks([rich({"type": "text", "text": "x" * 13_001})], workspace.new_name)


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
@pytest.mark.parametrize("kind", sorted(BLOCKS))
def test_blocks_stand_where_the_table_lets_them(kind: str, surface: str) -> None:
    check = Checker(surface)
    check_blocks(check, {"blocks": [{"type": kind}]}, "")
    refused = any(f"unsupported type: {kind} " in problem for problem in check.problems)
    assert refused == (surface not in SURFACES.get(kind, {surface}))
