"""What Slack accepts inside a rich_text block."""

from __future__ import annotations

from sandbox.slack.checking import Checker, Json, is_web_address

PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")

# The fields each inline element can't do without, and their types.
INLINES: dict[str, dict[str, type]] = {
    "text": {"text": str},
    "link": {"url": str},
    "emoji": {"name": str},
    "user": {"user_id": str},
    "channel": {"channel_id": str},
    "usergroup": {"usergroup_id": str},
    "team": {"team_id": str},
    "date": {"timestamp": int, "format": str},
    "broadcast": {"range": str},
    "color": {"value": str},
}
_STYLES = {
    *("bold", "italic", "strike", "code", "underline"),
    *("highlight", "client_highlight", "unlink"),
}


def check_rich_text(check: Checker, block: Json, at: str) -> None:
    """Sections, lists, quotes and preformatted pieces, and what stands in them."""
    for value, place in _elements(check, block, at):
        container = check.mapping(value, place)
        if container is None or check.kind(container, place, PARTS) is None:
            continue
        if container["type"] != "rich_text_section":
            check.number(container, "border", place, most=1)
        if container["type"] == "rich_text_list":
            _list(check, container, place)
        else:
            _inlines(check, container, place)


def _elements(check: Checker, holder: Json, at: str) -> list[tuple[object, str]]:
    value = holder.get("elements")
    if not isinstance(value, list):
        check.fail(at, "missing required field: elements")
        return []
    return [(item, f"{at}/elements/{number}") for number, item in enumerate(value)]


def _list(check: Checker, container: Json, at: str) -> None:
    if container.get("style") not in ("bullet", "ordered"):
        check.fail(f"{at}/style", "must be one of: bullet, ordered")
    check.number(container, "indent", at, most=8)
    check.number(container, "offset", at)
    for value, place in _elements(check, container, at):
        item = check.mapping(value, place)
        if item is not None and check.kind(item, place, ("rich_text_section",)):
            _inlines(check, item, place)


def _inlines(check: Checker, container: Json, at: str) -> None:
    for value, place in _elements(check, container, at):
        inline = check.mapping(value, place)
        if inline is not None and check.kind(inline, place, INLINES):
            _inline(check, inline, place)


def _inline(check: Checker, inline: Json, at: str) -> None:
    for key, kind in INLINES[inline["type"]].items():
        value = inline.get(key)
        if not isinstance(value, kind):
            check.fail(at, f"missing required field: {key}")
        elif value == "":
            check.fail(f"{at}/{key}", "must be more than 0 characters")
    if inline["type"] == "link" and not is_web_address(str(inline.get("url", ""))):
        check.fail(f"{at}/url", "invalid url")
    if inline["type"] == "broadcast":
        check.choice(inline, "range", at, ("here", "channel", "everyone"))
    style = inline.get("style", {})
    if not isinstance(style, dict) or not set(style) <= _STYLES:
        check.fail(f"{at}/style", "invalid style")
