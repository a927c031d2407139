"""Boards: lists of tasks that stand as messages, each row as true as its card."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import when
from bot.domain.boards import BoardKind, BoardRow, BoardView, Part
from bot.domain.lists import Filter, Look
from bot.domain.model import CardView, Face, Person, is_user
from bot.domain.phrases import Mention, Phrase
from bot.domain.wording import boards as wording, cards, labels, lists
from bot.slack import actions
from bot.slack.blocks import (
    MENU_TEXT,
    Block,
    Rendered,
    button,
    cut,
    escape,
    menu,
    mrkdwn_section,
    named,
    phrase_text,
    plain_section,
    rendered,
    rich_line,
    search,
    title,
)
from bot.slack.cards import can_be_undone, line

_TITLE, _DETAILS, _WORDS = 150, 100, 200
# What all rows and menus of a message may hold together, of Slack's 13,000 characters.
_ROOM = 12_000
_DASH = " — "


def board_message(view: BoardView, reader: Person) -> Rendered:
    """The board as `reader` sees it; an unchanged view always looks the same."""
    blocks = [title(reader.language, wording.heading(reader.language, view))]
    for part in Part:
        blocks += _part(view, part, reader)
    return rendered(_text(view, reader), [*blocks, *_foot(view, reader)])


def _part(view: BoardView, part: Part, reader: Person) -> Iterator[Block]:
    rows = [row for row in view.rows if row.part is part]
    if not rows:
        return
    if view.kind is not BoardKind.ESCALATION:
        yield mrkdwn_section(wording.part_line(reader.language, part, view.total(part)))
    for row in rows:
        yield _row(row, view, reader)


def _row(row: BoardRow, view: BoardView, reader: Person) -> Block:
    """One line, with what can be done about its task beside it."""
    said = _said(row, view, reader)
    beside = None if view.closed else _beside(row, view, reader)
    if beside is None:
        return rich_line(said, reader)
    lately = (row.view.face, row.view.refusal, row.view.answer)
    block = plain_section(_plain(said, reader))
    return block | {"block_id": actions.block_id(row.view.task_key, lately), "accessory": beside}


def _beside(row: BoardRow, view: BoardView, reader: Person) -> Block | None:
    """The menu of answers, an Undo, or what those who oversee can do. A line that names people
    has no place for any, as only they can be named beside nothing else."""
    task, language = row.view, reader.language
    if view.kind is BoardKind.ESCALATION:
        if not row.open or row.seen_by is not None:
            return None
        return button(language.say(wording.GOT_IT), actions.SEEN_TO, task.task_key)
    if any(isinstance(part, Mention) for part in _said(row, view, reader)):
        return None
    if can_be_undone(task):
        return button(language.say(labels.UNDO), actions.UNDO, task.submission_id or "")
    if task.face is not Face.OPEN or not task.outcomes:
        return None
    room = min((_ROOM - len(view.rows) * (_TITLE + _DETAILS)) // len(view.rows), MENU_TEXT)
    found = menu(language, task.task_key, task.outcomes, labels.ANSWER, room)
    return found or search(language)


def _said(row: BoardRow, view: BoardView, reader: Person) -> Phrase:
    """The row in words: its mark, the title, and what matters as the task stands."""
    task, language = row.view, reader.language
    name = cut(named(language, task.title), _TITLE)
    if row.seen_by is not None and row.open:
        return (f"👀 {name}{_DASH}", *wording.seen_to(language, row.seen_by, reader.id))
    if task.face is not Face.OPEN:
        return (f"{cards.MARKS.get(task.face, '• ')}{name}{_DASH}", *line(task, reader))
    if task.refusal is not None:
        refused = cards.refused(language, task.connection_title, task.refusal)
        return (f"{cards.REFUSED_MARK}{name}{_DASH}", *refused)
    return (_open_line(row, name, view, reader),)


def _open_line(row: BoardRow, name: str, view: BoardView, reader: Person) -> str:
    """`🔴 Farmacia Central — Riesgo de fuga — 2 days`, by the board's own day."""
    task, language, tz = row.view, reader.language, when.zone(reader.timezone)
    words = [name, _details(task)]
    if view.kind is BoardKind.ESCALATION:
        words.append(cut(wording.whose(language, row.whose), _DETAILS))
    if task.due is None:
        return f"• {_dashed(words)}"
    day, time = when.due_day(task.due, tz), language.clock(task.due.at, tz) if task.due.at else ""
    if row.part is Part.OVERDUE:
        late = lists.overdue_for(language, (view.day - day).days, time or None)
        return f"🔴 {_dashed([*words, late])}"
    if day == view.day:
        return f"🕓 {time}  {_dashed(words)}" if time else f"🕓 {_dashed(words)}"
    return f"🕓 {_dashed([*words, language.due(task.due, view.day, tz)])}"


def _details(task: CardView) -> str:
    known = [*task.details, task.subject.label if task.subject else ""]
    return cut(", ".join(word.strip() for word in known if word.strip()), _DETAILS)


def _dashed(words: list[str]) -> str:
    return _DASH.join(word for word in words if word)


def _plain(phrase: Phrase, reader: Person) -> str:
    """A phrase that names nobody, in plain words."""
    tz = when.zone(reader.timezone)
    words = reader.language.plain(phrase, tz, lambda user: user)
    return cut(words, _TITLE + _DETAILS + _WORDS)


def _foot(view: BoardView, reader: Person) -> list[Block]:
    """What is beyond the rows, for the reader's own tasks with a way to them."""
    if not view.hidden:
        return []
    block = plain_section(wording.more(reader.language, len(view.hidden)))
    if view.closed or view.kind is BoardKind.ESCALATION or not is_user(reader.id):
        return [block]
    chosen = Filter.ALL if Part.NEW in view.hidden else Filter.DEFAULT
    show = button(
        reader.language.say(labels.SHOW), actions.LIST_SHOW, actions.look_value(Look(chosen))
    )
    return [block | {"accessory": show}]


def _text(view: BoardView, reader: Person) -> str:
    """The whole board in plain lines, what matters most on the first."""
    ordered = [row for part in Part for row in view.rows if row.part is part]
    lines = [phrase_text(_said(row, view, reader), reader) for row in ordered]
    if view.hidden:
        lines.append(escape(wording.more(reader.language, len(view.hidden))))
    return "\n".join([escape(wording.text(reader.language, view)), *lines])
