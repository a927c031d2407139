"""The words a person reads in blocks: what they would see on the screen, without the layout."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from html import unescape
from typing import Any

Json = dict[str, Any]

_ENTITY = re.compile(r"<([^<>]+)>")
_TOKEN = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: dates are shown in this zone, "today" is the day of `now`."""

    zone: tzinfo = UTC
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))


def words_of(blocks: Iterable[Json], reader: Reader | None = None) -> str:
    """All visible words, one line for each text on the screen."""
    reader = reader or Reader()
    return "\n".join(line for block in blocks for line in _lines(block, reader) if line)


def labels_of_inputs(blocks: Iterable[Json]) -> list[str]:
    """The labels of the input blocks, from top to bottom."""
    return [block["label"]["text"] for block in blocks if block["type"] == "input"]


def read_text(text: Json, reader: Reader | None = None) -> str:
    """A text object as it is shown: mrkdwn's entities resolved, plain text as it is."""
    if text["type"] == "mrkdwn":
        return read_mrkdwn(text["text"], reader or Reader())
    return str(text["text"])


def read_mrkdwn(source: str, reader: Reader) -> str:
    """Links as their labels, mentions as @ID and #ID, dates in the reader's zone."""
    return unescape(_ENTITY.sub(lambda match: _entity(match[1], reader), source))


def _entity(inner: str, reader: Reader) -> str:
    if inner.startswith("!date^"):
        stamp, form, *_ = inner.removeprefix("!date^").split("|")[0].split("^")
        return date_words(int(stamp), form, reader)
    target, _, label = inner.partition("|")
    return label or target.removeprefix("!")


def _lines(node: Json, reader: Reader) -> Iterator[str]:
    kind = node.get("type", "")
    if kind in ("plain_text", "mrkdwn"):
        yield read_text(node, reader)
    elif kind in _RICH_LINES:
        yield "".join(_rich(part, reader) for part in node.get("elements", ()))
    elif kind == "raw_text":
        yield str(node.get("text", ""))
    elif kind == "raw_number":
        yield str(node.get("text", node.get("value", "")))
    elif kind == "markdown":
        yield str(node.get("text", ""))
    else:
        yield from _parts(node, reader)


_RICH_LINES = {"rich_text_section", "rich_text_preformatted", "rich_text_quote"}

# Where words stand in blocks and elements, in the order they are read; what a menu or a confirm
# dialog holds is not on the screen until it is opened.
_READ = (
    *("rich_text_title", "title", "label", "text", "subtitle", "body", "fields", "hint", "caption"),
    *("rows", "elements", "element", "accessory", "placeholder", "actions", "child_blocks"),
    *("alt_text", "initial_value", "positive_button", "negative_button"),
)
_OPEN_CHOICES = {"radio_buttons", "checkboxes"}


def _parts(node: Json, reader: Reader) -> Iterator[str]:
    for key in _READ:
        if key in node:
            yield from _nested(node[key], reader)
    yield from _nested(node.get("initial_option", {}).get("text"), reader)
    if node.get("type") in _OPEN_CHOICES:
        for option in node["options"]:
            yield from _nested(option["text"], reader)
            yield from _nested(option.get("description"), reader)


def _nested(value: object, reader: Reader) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _lines(value, reader)
    elif isinstance(value, list):
        for item in value:
            yield from _nested(item, reader)


def _rich(part: Json, reader: Reader) -> str:
    match part["type"]:
        case "text":
            return str(part["text"])
        case "link":
            return str(part.get("text") or part["url"])
        case "user":
            return f"@{part['user_id']}"
        case "channel":
            return f"#{part['channel_id']}"
        case "usergroup":
            return f"@{part['usergroup_id']}"
        case "emoji":
            return _emoji(part)
        case "date":
            return date_words(int(part["timestamp"]), part["format"], reader)
        case "broadcast":
            return f"@{part['range']}"
        case _:
            return ""


def _emoji(part: Json) -> str:
    """The character, where the unicode is told, or its name between colons."""
    if "unicode" in part:
        return "".join(chr(int(code, 16)) for code in part["unicode"].split("-"))
    return f":{part['name']}:"


def date_words(stamp: int, form: str, reader: Reader) -> str:
    """A date in the reader's zone, as an English client shows Slack's format tokens."""
    moment = datetime.fromtimestamp(stamp, UTC).astimezone(reader.zone)
    today = reader.now().astimezone(reader.zone)
    return _TOKEN.sub(lambda token: _date_token(token[1], moment, today), form)


def _date_token(token: str, moment: datetime, today: datetime) -> str:
    if token.endswith("_pretty"):
        near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}
        distance = (moment.date() - today.date()).days
        if distance in near:
            return near[distance]
        token = token.removesuffix("_pretty")
    month, day, year = moment.strftime("%B"), moment.day, moment.year
    shown = {
        "date_num": f"{moment:%Y-%m-%d}",
        "date_slash": f"{moment:%m/%d/%Y}",
        "date": f"{month} {day}, {year}",
        "date_short": f"{month[:3]} {day}, {year}",
        "date_long": f"{moment:%A}, {month} {day}, {year}",
        "day_divider": f"{moment:%A}, {month} {day}",
        "time": f"{moment:%H:%M}",
        "time_secs": f"{moment:%H:%M:%S}",
        "ago": _ago(moment - today),
    }
    return shown.get(token, "{" + token + "}")


def _ago(distance: timedelta) -> str:
    minutes = round(distance.total_seconds() / 60)
    size = abs(minutes)
    if size < 60:
        amount = f"{size} minutes"
    elif size < 60 * 24:
        amount = f"{size // 60} hours"
    else:
        amount = f"{size // (60 * 24)} days"
    return f"in {amount}" if minutes >= 0 else f"{amount} ago"
