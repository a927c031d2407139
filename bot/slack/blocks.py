"""The pieces of Block Kit that everything is built from, held inside Slack's limits.

Whatever a provider or a person wrote stands in `plain_text` or in `rich_text`, which Slack never
parses; mrkdwn holds our own words only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from adapters.contract import Outcome, Subject
from bot.domain import when
from bot.domain.language import Language
from bot.domain.model import Person
from bot.domain.phrases import Mention, Moment, Phrase
from bot.domain.wording import cards, labels
from bot.slack import actions

Block = dict[str, Any]

MENU_SIZE = 100
_HEADER, _SECTION, _BUTTON, _OPTION = 150, 3_000, 75, 75
_PLACEHOLDER, _URL, _CONFIRM = 150, 3_000, 30
_BLANK = "—"
# A message holds about 13,000 characters, of which a menu may take 6,000 and a title 3,000: the
# rest is cut to what fits beside them.
MENU_TEXT = 6_000
_PART, _CONTEXT, _DETAIL, _DETAILS = 600, 300, 200, 5
# Phones show less than this of each piece of a text; an update may have 4,000 in all.
_SPOKEN, _TEXT = 300, 3_900
# What Slack's date tokens can surely show: from 1970 to the year 3000.
_STAMPS = range(32_503_680_000)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: its blocks, and the text that a phone shows, complete without them."""

    text: str
    blocks: list[Block]


def cut(text: str, limit: int) -> str:
    """The text, ended with an ellipsis where it is too long."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def escape(text: str) -> str:
    """Text for a field that Slack parses: no mention, link or broadcast survives in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rendered(text: str, blocks: list[Block]) -> Rendered:
    """The message, with a text as short as Slack wants it."""
    return Rendered(cut(text, _TEXT), blocks)


def spoken(text: str) -> str:
    """A piece of a message's `text`, from words that anybody may have written."""
    return escape(cut(text, _SPOKEN))


def plain(text: str, limit: int) -> Block:
    """Text shown exactly as it is. Slack refuses an empty one, so a blank becomes a dash."""
    return {
        "type": "plain_text",
        "text": cut(text if text.strip() else _BLANK, limit),
        "emoji": False,
    }


def named(language: Language, title: str) -> str:
    """A task's title; words that say so where it has none."""
    return title if title.strip() else language.say(labels.NAMELESS)


def title(language: Language, text: str) -> Block:
    """A task's title, exactly as it is and in one element: a header where it fits one."""
    text = named(language, text)
    if len(text) <= _HEADER and "\n" not in text:
        return {"type": "header", "text": plain(text, _HEADER)}
    return plain_section(text)


def plain_section(text: str) -> Block:
    return {"type": "section", "text": plain(text, _SECTION)}


def mrkdwn_section(text: str) -> Block:
    """For our own words, and `mrkdwn` of phrases that hold nothing else."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def context(*texts: str | None) -> Block:
    """The small line: what is there of these, shown as it is."""
    line = labels.DOT.join(text for text in texts if text)
    return {"type": "context", "elements": [plain(line, _CONTEXT)]}


def button(text: str, action_id: str, value: str, style: str | None = None) -> Block:
    block: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(text, _BUTTON),
        "value": value,
    }
    return block | {"style": style} if style else block


def option(text: str, value: str) -> Block:
    return {"text": plain(text, _OPTION), "value": value}


def outcome_option(language: Language, task_key: str, outcome: Outcome) -> Block:
    return option(labels.outcome(language, outcome), actions.answer_value(task_key, outcome))


def menu(
    language: Language,
    task_key: str,
    outcomes: Sequence[Outcome],
    placeholder: str,
    room: int = MENU_TEXT,
) -> Block | None:
    """A menu of outcomes; None where there are more than a menu holds, in number or in `room`."""
    options = [outcome_option(language, task_key, outcome) for outcome in outcomes]
    if len(options) > MENU_SIZE or sum(len(o["text"]["text"]) for o in options) > room:
        return None
    return {
        "type": "static_select",
        "action_id": actions.ANSWER_MENU,
        "placeholder": plain(language.say(placeholder), _PLACEHOLDER),
        "options": options,
    } | asked_first(language, outcomes)


def overflow(action_id: str, options: list[Block]) -> Block:
    """The menu behind three dots: up to five options."""
    return {"type": "overflow", "action_id": action_id, "options": options}


def asked_first(language: Language, outcomes: Iterable[Outcome]) -> Block:
    """The question before a grave outcome. Slack asks it for an element as a whole, so a menu of
    many outcomes, of which most are harmless, asks nothing."""
    found = list(outcomes)
    if not found or not all(outcome.grave for outcome in found):
        return {}
    names = ", ".join(labels.outcome(language, outcome) for outcome in found)
    return {
        "confirm": {
            "title": plain(language.say(labels.SURE), _CONFIRM),
            "text": plain(cards.grave(language, cut(names, _CONFIRM)), _PART),
            "confirm": plain(language.say(labels.YES), _CONFIRM),
            "deny": plain(language.say(labels.NO), _CONFIRM),
        }
    }


def search(language: Language) -> Block:
    """A select that asks us for its options, for more than a menu can hold."""
    return {
        "type": "external_select",
        "action_id": actions.ANSWER_SEARCH,
        "placeholder": plain(language.say(labels.SEARCH), _PLACEHOLDER),
        "min_query_length": 0,
    }


def found_options(
    language: Language, task_key: str, outcomes: Sequence[Outcome], typed: str
) -> list[Block]:
    """What a search select offers for what was typed: up to a hundred outcomes whose label holds
    it, in the provider's order."""
    wanted = typed.strip().casefold()
    found = [one for one in outcomes if wanted in labels.outcome(language, one).casefold()]
    return [outcome_option(language, task_key, outcome) for outcome in found[:MENU_SIZE]]


def web_address(url: str | None) -> str | None:
    """The address, where Slack takes it for a link."""
    if not url or len(url) > _URL or any(char.isspace() for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def details_line(details: Iterable[str], subject: Subject | None) -> list[Block]:
    """Details and subject between middle dots, the subject as a link where it has a page; no
    block where there is nothing to say."""
    words = [_text(detail, _DETAIL) for detail in details if detail.strip()][:_DETAILS]
    if subject is not None:
        words += _subject(subject)
    elements = [part for word in words for part in (_text(labels.DOT), word)][1:]
    return [_rich(elements)] if elements else []


def _subject(subject: Subject) -> list[Block]:
    url = web_address(subject.url)
    if url:
        return [{"type": "link", "url": url, "text": cut(subject.label.strip() or url, _DETAIL)}]
    return [_text(subject.label, _DETAIL)] if subject.label.strip() else []


def rich_line(phrase: Phrase, reader: Person) -> Block:
    """A sentence of ours that names what others wrote."""
    elements: list[Block] = []
    for part in (_rich_part(part, reader) for part in phrase if part):
        if part["type"] == "text" and elements and elements[-1]["type"] == "text":
            elements[-1]["text"] += part["text"]
        else:
            elements.append(part)
    return _rich(elements)


def _rich(elements: list[Block]) -> Block:
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": elements}],
    }


def _text(text: str, limit: int = _PART) -> Block:
    return {"type": "text", "text": cut(text, limit)}


def _rich_part(part: str | Mention | Moment, reader: Person) -> Block:
    match part:
        case Mention(user):
            return {"type": "user", "user_id": user}
        case Moment():
            return _date(part, reader)
        case _:
            return _text(part)


def _date(moment: Moment, reader: Person) -> Block:
    """The moment in the zone of whoever looks; in the reader's own where Slack can't, or would
    show another."""
    words = reader.language.said(moment, when.zone(reader.timezone))
    stamp = int(moment.at.timestamp())
    if stamp not in _STAMPS or not reader.like_slack:
        return _text(words)
    return {"type": "date", "timestamp": stamp, "format": _form(moment), "fallback": words}


def _form(moment: Moment) -> str:
    return "{date_short_pretty} {time}" if moment.day else "{time}"


def mrkdwn(phrase: Phrase, reader: Person) -> str:
    """The phrase as mrkdwn; only for phrases of our own words."""
    return "".join(_mrkdwn_part(part, reader) for part in phrase)


def _mrkdwn_part(part: str | Mention | Moment, reader: Person) -> str:
    if isinstance(part, Moment):
        date = _date(part, reader)
        if date["type"] == "date":
            return f"<!date^{date['timestamp']}^{date['format']}|{date['fallback']}>"
    return phrase_text((part,), reader)


def phrase_text(phrase: Phrase, reader: Person) -> str:
    """The phrase in plain words for a message's `text`: moments in the reader's zone."""
    tz = when.zone(reader.timezone)
    return "".join(
        f"<@{part.user}>" if isinstance(part, Mention) else spoken(reader.language.said(part, tz))
        for part in phrase
    )
