"""Who is who in Slack: the request for a link, the question to the admins, and one's own links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.language import Language
from bot.domain.linking import Offered
from bot.domain.model import Person, Whisper
from bot.domain.wording import labels, linking as words, whispers
from bot.slack import actions
from bot.slack.blocks import (
    Block,
    Rendered,
    button,
    option,
    phrase_text,
    plain,
    plain_section,
    rendered,
    rich_line,
)
from bot.slack.desk import LinkForm, OwnLink, OwnLinks
from bot.slack.notices import notice

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]

_UNLINKED = ("unlinked", "unlinked_kept")
_TITLE, _LABEL, _PLACEHOLDER, _CONFIRM, _QUESTION = 24, 2_000, 150, 30, 300
_LINKS = 40
"""So many fit a message, which holds fifty blocks; the command line shows more."""


def link_modal(form: LinkForm, private: str) -> Block:
    """The form; `private` comes back with it."""
    spoken = form.reader.language
    search = {
        "type": "external_select",
        "action_id": actions.LINK_OPERATOR,
        "placeholder": plain(spoken.say(words.SEARCH), _PLACEHOLDER),
        "min_query_length": 0,
    }
    explained = words.explained(spoken, admin=form.admin)
    # The id tells the search where to look, and empties the field when that changes.
    who = _field(spoken, f"operator:{form.where}", words.OPERATOR, search)
    return _modal(spoken) | {
        "callback_id": actions.LINK_MODAL,
        "private_metadata": private,
        "submit": plain(spoken.say(labels.SEND), _TITLE),
        "blocks": [*_where(form), who, plain_section(explained)],
    }


def nowhere_modal(spoken: Language) -> Block:
    """What somebody sees where there is nothing to be linked to."""
    return _modal(spoken) | {"blocks": [plain_section(spoken.say(words.NOWHERE))]}


def _modal(spoken: Language) -> Block:
    return {
        "type": "modal",
        "title": plain(spoken.say(words.TITLE), _TITLE),
        "close": plain(spoken.say(labels.CANCEL), _TITLE),
    }


def _where(form: LinkForm) -> list[Block]:
    if len(form.places) == 1:
        return [plain_section(form.places[form.where])]
    options = {name: option(title, name) for name, title in form.places.items()}
    element: Block = {
        "type": "static_select",
        "action_id": actions.LINK_WHERE,
        "options": list(options.values()),
        "initial_option": options[form.where],
    }
    where = _field(form.reader.language, "where", words.WHERE, element)
    return [where | {"dispatch_action": True}]


def _field(spoken: Language, name: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(spoken.say(label), _LABEL),
        "element": element,
    }


def searched_at(block_id: str) -> str | None:
    """The connection whose operators are searched; None for another field."""
    kind, _, name = block_id.partition(":")
    return name if kind == "operator" and name else None


def operator_options(spoken: Language, found: Sequence[tuple[Offered, str | None]]) -> list[Block]:
    """Operators to choose from; those who are taken say so, and to admins by whom."""
    return [
        option(words.offered(spoken, one.name, taken=one.holder is not None, holder=who), one.id)
        for one, who in found
    ]


def chosen_where(values: Values) -> str | None:
    """The connection that is chosen in the form; None where there was no choice."""
    state = values.get("where", {}).get(actions.LINK_WHERE, {})
    return (state.get("selected_option") or {}).get("value")


def chosen_operator(values: Values) -> tuple[str, str] | None:
    """The connection and the operator that were asked for."""
    for block_id, state in values.items():
        where = searched_at(block_id)
        chosen = state.get(actions.LINK_OPERATOR, {}).get("selected_option")
        if where is not None and chosen:
            return where, str(chosen["value"])
    return None


def request_button(spoken: Language, where: str = "") -> Block:
    """Opens the form; `where`: at that connection."""
    element = button(spoken.say(words.REQUEST), actions.LINK, where or "-")
    return {"type": "actions", "elements": [element]}


def proposal_message(reader: Person, told: Whisper) -> Rendered:
    """What the admins are asked about a proposed link; once it is decided, how."""
    spoken, known = reader.language, told.params
    lines = words.proposed(spoken, known)
    blocks = [rich_line(line, reader) for line in lines]
    if known["state"] == "open":
        blocks.append({"type": "actions", "elements": _decisions(spoken, known)})
    return rendered(" ".join(phrase_text(line, reader) for line in lines), blocks)


def _decisions(spoken: Language, known: Mapping[str, str]) -> list[Block]:
    value = actions.decision_value(known["proposal"], known["holder"])
    link = button(spoken.say(words.LINK), actions.LINK_APPROVE, value, "primary")
    if known["holder"]:
        link |= _confirm(spoken, words.LINK, words.replaces(spoken))
    return [link, button(spoken.say(words.REFUSE), actions.LINK_REFUSE, value)]


def _confirm(spoken: Language, label: str, question: str) -> Block:
    return {
        "confirm": {
            "title": plain(spoken.say(labels.SURE), _CONFIRM),
            "text": plain(question, _QUESTION),
            "confirm": plain(spoken.say(label), _CONFIRM),
            "deny": plain(spoken.say(labels.CANCEL), _CONFIRM),
        }
    }


def own_links_message(own: OwnLinks) -> Rendered:
    """Somebody's links, each with a button that ends it."""
    spoken = own.reader.language
    head = words.own(spoken, any_links=bool(own.links))
    rows = [_row(spoken, link) for link in own.links[:_LINKS]]
    text = "\n".join([head, *(row["text"]["text"] for row in rows)])
    return Rendered(notice(text).text, [plain_section(head), *rows])


def _row(spoken: Language, link: OwnLink) -> Block:
    value = actions.operator_value(link.where, link.operator_id)
    end = button(spoken.say(words.UNLINK), actions.UNLINK, value)
    question = words.sure(spoken, link.connection, link.operator)
    row = plain_section(words.linked(spoken, link.connection, link.operator))
    return row | {"accessory": end | _confirm(spoken, words.UNLINK, question)}


def whoami_message(own: OwnLinks) -> Rendered:
    """Who somebody is, with the way to become somebody where they are nobody."""
    spoken = own.reader.language
    links = [(link.connection, link.operator) for link in own.links]
    text = words.whoami(spoken, links, own.missing.values(), own.reader.timezone)
    return asking(spoken, text, next(iter(own.missing))) if own.missing else notice(text)


def whisper_message(spoken: Language, told: Whisper) -> Rendered:
    """A private sentence to one person; with the way to be linked, where that is missing."""
    text = whispers.whisper(spoken, told)
    where = told.params.get("where", "")
    return asking(spoken, text, where) if told.code in _UNLINKED else notice(text)


def asking(spoken: Language, text: str, where: str = "") -> Rendered:
    """Words of ours with the button that requests a link."""
    said = notice(text)
    return Rendered(said.text, [*said.blocks, request_button(spoken, where)])
