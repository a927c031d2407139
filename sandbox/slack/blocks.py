"""What Slack accepts as blocks: checks them, and names what the app left unnamed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from sandbox.slack.checking import Checker, Json
from sandbox.slack.elements import (
    IN_ACTIONS,
    IN_CARD,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    WITHOUT_ACTION,
    check_element,
    check_image,
)
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import LIMITS, SURFACES
from sandbox.slack.richtext import check_rich_text
from sandbox.slack.tables import actions_in, check_data_table, check_table
from sandbox.slack.words import words_of


def check_message_blocks(blocks: object, new_name: Callable[[], str]) -> list[Json]:
    """The blocks of a message as Slack stores them, or `invalid_blocks`."""
    check = Checker("message")
    check_blocks(check, {"blocks": blocks}, "")
    if check.problems:
        raise SlackError("invalid_blocks", check.problems)
    assert isinstance(blocks, list)  # noqa: S101 - `check_blocks` has just made sure of it
    if len(words_of(blocks)) > LIMITS["message.blocks_text"]:
        raise SlackError("msg_blocks_too_long")
    return named(blocks, new_name)


def check_blocks(check: Checker, holder: Json, at: str) -> None:
    """Check the list of blocks under `blocks`; problems go to `check`."""
    taken: set[str] = set()
    least = 0 if check.surface == "message" else 1
    limit = f"{check.surface}.blocks"
    for value, place in check.items(holder, "blocks", at, limit, least=least):
        _block(check, value, place, _CHECKS, taken)


def named(blocks: list[Json], new_name: Callable[[], str]) -> list[Json]:
    """A copy in which every block has a block_id and every element that acts an action_id."""
    result: list[Json] = json.loads(json.dumps(blocks))  # far quicker than copy.deepcopy
    for block in all_blocks(result):
        block.setdefault("block_id", new_name())
        for element in elements_of(block):
            if element.get("type") not in WITHOUT_ACTION:
                element.setdefault("action_id", new_name())
    return result


def all_blocks(blocks: list[Json]) -> Iterator[Json]:
    """The blocks in reading order, those inside containers and carousels too."""
    for block in blocks:
        yield block
        if block["type"] == "container":
            yield from all_blocks(block["child_blocks"])
        elif block["type"] == "carousel":
            yield from all_blocks(block["elements"])


def elements_of(block: Json) -> list[Json]:
    """The elements of one block, its pictures too."""
    match block["type"]:
        case "section":
            return [block["accessory"]] if "accessory" in block else []
        case "actions" | "context_actions":
            return list(block["elements"])
        case "input":
            return [block["element"]]
        case "card":
            return list(block.get("actions", ()))
        case "data_table":
            return list(actions_in(block))
        case _:
            return []


_Checks = dict[str, Callable[[Checker, Json, str], None]]


def _block(check: Checker, value: object, at: str, known: _Checks, taken: set[str]) -> None:
    block = check.mapping(value, at)
    if block is None:
        return
    kind = check.kind(block, at, known)
    if kind is None:
        return
    if check.surface not in SURFACES.get(kind, {check.surface}):
        check.fail(f"{at}/type", f"unsupported type: {kind}")
        return
    check.string(block, "block_id", at, "block_id", least=0)
    name = block.get("block_id")
    if isinstance(name, str) and name:
        if name in taken:
            check.fail(f"{at}/block_id", f"`block_id` already exists: {name}")
        taken.add(name)
    known[kind](check, block, at)


def _unique_actions(check: Checker, elements: list[Json | None], at: str) -> None:
    taken: set[str] = set()
    for element in elements:
        name = element.get("action_id") if element else None
        if name is None:
            continue
        if name in taken:
            check.fail(at, f"`action_id` already exists for other elements: {name}")
        taken.add(name)


def _section(check: Checker, block: Json, at: str) -> None:
    if "text" not in block and "fields" not in block:
        check.fail(at, "missing required field: text or fields")
    check.text(block, "text", at, "section.text", required=False)
    for field, place in check.items(block, "fields", at, "section.fields", required=False):
        check.text_object(field, place, "section.field")
    if "accessory" in block:
        check_element(check, block["accessory"], f"{at}/accessory", IN_SECTION)


def _header(check: Checker, block: Json, at: str) -> None:
    check.text(block, "text", at, "header.text", plain=True)


def _context(check: Checker, block: Json, at: str) -> None:
    for value, place in check.items(block, "elements", at, "context.elements"):
        element = check.mapping(value, place)
        if element is None:
            continue
        kind = check.kind(element, place, ("plain_text", "mrkdwn", "image"))
        if kind == "image":
            check_image(check, element, place)
        elif kind is not None:
            check.text_object(element, place, "context.text")


def _actions(check: Checker, block: Json, at: str) -> None:
    items = check.items(block, "elements", at, "actions.elements")
    elements = [check_element(check, value, place, IN_ACTIONS) for value, place in items]
    _unique_actions(check, elements, f"{at}/elements")


def _context_actions(check: Checker, block: Json, at: str) -> None:
    items = check.items(block, "elements", at, "context_actions.elements")
    elements = [check_element(check, value, place, IN_CONTEXT_ACTIONS) for value, place in items]
    _unique_actions(check, elements, f"{at}/elements")


def _divider(check: Checker, block: Json, at: str) -> None:
    """A line has nothing that could be wrong."""


def _image(check: Checker, block: Json, at: str) -> None:
    check_image(check, block, at)
    check.text(block, "title", at, "image.title", plain=True, required=False)


def _input(check: Checker, block: Json, at: str) -> None:
    check.text(block, "label", at, "input.label", plain=True)
    check.text(block, "hint", at, "input.hint", plain=True, required=False)
    if "element" not in block:
        check.fail(at, "missing required field: element")
        return
    check_element(check, block["element"], f"{at}/element", IN_INPUT)


def _markdown(check: Checker, block: Json, at: str) -> None:
    check.string(block, "text", at, "markdown.text", required=True)


_RICH: _Checks = {"rich_text": check_rich_text}


def _card(check: Checker, block: Json, at: str) -> None:
    if not block.keys() & {"hero_image", "title", "actions", "body"}:
        check.fail(at, "missing required field: hero_image, title, actions or body")
    for key in ("title", "subtitle", "body"):
        check.text(block, key, at, f"card.{key}", required=False)
    for key in ("hero_image", "icon"):
        if key in block:
            check_element(check, block[key], f"{at}/{key}", WITHOUT_ACTION)
    items = check.items(block, "actions", at, "card.actions", required=False)
    elements = [check_element(check, value, place, IN_CARD) for value, place in items]
    _unique_actions(check, elements, f"{at}/actions")


def _container(check: Checker, block: Json, at: str) -> None:
    if "rich_text_title" in block:
        _block(check, block["rich_text_title"], f"{at}/rich_text_title", _RICH, set())
    else:
        check.text(block, "title", at, "container.title", plain=True)
    check.text(block, "subtitle", at, "container.subtitle", required=False)
    check.choice(block, "width", at, ("narrow", "standard", "wide", "full"))
    for key in ("is_collapsible", "default_collapsed", "has_header_divider"):
        check.flag(block, key, at)
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        check.fail(f"{at}/default_collapsed", "requires is_collapsible")
    if "icon" in block:
        check_element(check, block["icon"], f"{at}/icon", WITHOUT_ACTION)
    taken: set[str] = set()
    for value, place in check.items(block, "child_blocks", at, "container.child_blocks"):
        _block(check, value, place, _IN_CONTAINER, taken)


def _carousel(check: Checker, block: Json, at: str) -> None:
    taken: set[str] = set()
    for value, place in check.items(block, "elements", at, "carousel.elements"):
        _block(check, value, place, {"card": _card}, taken)


def _alert(check: Checker, block: Json, at: str) -> None:
    check.text(block, "text", at, "alert.text")
    check.choice(block, "level", at, ("default", "info", "warning", "error", "success"))


_IN_CONTAINER: _Checks = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "divider": _divider,
    "image": _image,
    "input": _input,
    "rich_text": check_rich_text,
    "markdown": _markdown,
    "table": check_table,
    "data_table": check_data_table,
    "card": _card,
    "carousel": _carousel,
    "alert": _alert,
}
_CHECKS: _Checks = {**_IN_CONTAINER, "container": _container}

BLOCKS = frozenset(_CHECKS)
"""The types of blocks that are known."""
