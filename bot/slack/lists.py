"""A list of tasks, each of which can be answered in its row."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.contract import Due
from bot.domain import when
from bot.domain.changes import answers
from bot.domain.language import Language
from bot.domain.lists import Listing, Row, RowState, Section
from bot.domain.model import Person
from bot.domain.wording import echoes, labels, lists as wording
from bot.slack import actions
from bot.slack.blocks import (
    MENU_TEXT,
    Block,
    Rendered,
    button,
    context,
    cut,
    menu,
    mrkdwn_section,
    named,
    plain_section,
    rendered,
    search,
    spoken,
)

_ANSWERABLE = (RowState.OPEN, RowState.REFUSED)
_TITLE, _DETAILS, _LABEL = 300, 150, 100
# What all rows and menus of a message may hold together, of Slack's 13,000 characters.
_ROOM = 12_000


def list_message(listing: Listing, reader: Person) -> Rendered:
    """One page of the list, as it was at `listing.as_of`."""
    language, tz = reader.language, when.zone(reader.timezone)
    blocks = [*_body(listing, reader), *_foot(listing, reader)]
    if not listing.totals:
        return rendered(spoken(wording.nothing(language, listing, tz)), blocks)
    return rendered(wording.list_text(language, listing), blocks)


def _body(listing: Listing, reader: Person) -> list[Block]:
    if not listing.totals:
        tz = when.zone(reader.timezone)
        return [plain_section(wording.nothing(reader.language, listing, tz))]
    room = _menu_room(listing)
    return list(_sections(listing, reader, room))


def _sections(listing: Listing, reader: Person, room: int) -> Iterator[Block]:
    for part in listing.parts:
        yield mrkdwn_section(wording.section_line(reader.language, part.section, part.total))
        for row in part.rows:
            yield _row(row, listing, reader, room)


def _menu_room(listing: Listing) -> int:
    """How many characters the menu of one row may hold beside what the rows say."""
    rows = [row for part in listing.parts for row in part.rows]
    answerable = sum(row.state in _ANSWERABLE for row in rows)
    used = sum(len(row.listed.stored.task.title[:_TITLE]) + _DETAILS for row in rows)
    return min((_ROOM - used) // max(answerable, 1), MENU_TEXT)


def _row(row: Row, listing: Listing, reader: Person, room: int) -> Block:
    stored, submission = row.listed.stored, row.listed.submission
    shown = submission.id if submission is not None else None
    block = plain_section(_line(row, listing, reader))
    place = (listing.chosen, listing.page)
    block["block_id"] = actions.block_id(stored.key, shown, place)
    outcomes = answers(row.listed.connection, stored.task)
    if row.state in _ANSWERABLE and outcomes:
        language = reader.language
        found = menu(language, stored.key, outcomes, labels.ANSWER, room)
        block["accessory"] = found or search(language)
    return block


def _line(row: Row, listing: Listing, reader: Person) -> str:
    """The row in words: its state's mark, the title, and what matters in that state."""
    language = reader.language
    title = cut(named(language, row.listed.stored.task.title), _TITLE)
    match row.state:
        case RowState.ON_ITS_WAY:
            return f"⏳ {title} — {labels.quoted(language, _label(row, language))}…"
        case RowState.ANSWERED:
            label = _label(row, language)
            told = labels.quoted(language, label) if label else language.say(labels.FINISHED)
            return f"✅ {title} — {told}"
        case RowState.REFUSED:
            return f"⚠️ {title} — {_refusal(row, language)}"
        case RowState.OPEN:
            return _open_line(row, title, listing, reader)


def _label(row: Row, language: Language) -> str | None:
    """The answer that the row tells of: ours, or the one that the provider knows."""
    submission, task = row.listed.submission, row.listed.stored.task
    if submission is not None and (submission.state.active or _finished_it(row)):
        label = labels.given(language, submission.label, submission.effect)
        return cut(label or "", _LABEL)
    label = task.result.label if task.result else None
    return cut(label, _LABEL) if label else None


def _finished_it(row: Row) -> bool:
    submission = row.listed.submission
    return submission is not None and submission.id == row.listed.stored.submission_id


def _refusal(row: Row, language: Language) -> str:
    submission = row.listed.submission
    error = submission.error if submission else None
    return cut(echoes.echo(language, error or "") or language.say(labels.REFUSED), _DETAILS)


def _open_line(row: Row, title: str, listing: Listing, reader: Person) -> str:
    language, tz = reader.language, when.zone(reader.timezone)
    task = row.listed.stored.task
    known = [*task.details, task.subject.label if task.subject else ""]
    details = cut(", ".join(word.strip() for word in known if word.strip()), _DETAILS)
    if task.due is None:
        return _dashed(f"• {title}", details)
    if row.section is Section.OVERDUE:
        return _dashed(f"🔴 {title}", details, _overdue_for(row, task.due, reader))
    if row.section is Section.TODAY:
        time = f"{language.clock(task.due.at, tz)}  " if task.due.at else ""
        return _dashed(f"🕓 {time}{title}", details)
    today = when.local_day(listing.as_of, tz)
    return _dashed(f"🕓 {title}", details, language.due(task.due, today, tz))


def _overdue_for(row: Row, due: Due, reader: Person) -> str:
    language, tz = reader.language, when.zone(reader.timezone)
    hour = language.clock(due.at, tz) if due.at else None
    return wording.overdue_for(language, row.overdue_days, hour)


def _dashed(*texts: str) -> str:
    return " — ".join(text for text in texts if text)


def _foot(listing: Listing, reader: Person) -> list[Block]:
    language, tz = reader.language, when.zone(reader.timezone)
    page, pages = listing.page, listing.pages
    buttons = []
    if page > 1:
        value = actions.page_value(listing.chosen, page - 1)
        buttons.append(button(language.say(labels.PREVIOUS), actions.LIST_PREVIOUS, value))
    if page < pages:
        value = actions.page_value(listing.chosen, page + 1)
        buttons.append(button(language.say(labels.NEXT), actions.LIST_NEXT, value))
    value = actions.page_value(listing.chosen, page)
    buttons.append(button(language.say(labels.REFRESH), actions.LIST_REFRESH, value))
    return [
        context(wording.page_line(language, page, pages, listing.as_of, tz)),
        {"type": "actions", "block_id": "list", "elements": buttons},
    ]
