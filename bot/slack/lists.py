"""A list of tasks, each of which can be answered in its row."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.contract import Due, Effect
from bot.domain import when
from bot.domain.changes import answers
from bot.domain.language import Language
from bot.domain.lists import Listing, Look, Row, RowState, Section
from bot.domain.model import Person, Submission, SubmissionState
from bot.domain.wording import echoes, labels, lists as wording, snoozing
from bot.slack import actions
from bot.slack.blocks import (
    MENU_SIZE,
    MENU_TEXT,
    Block,
    Rendered,
    button,
    context,
    cut,
    menu,
    mrkdwn_section,
    named,
    plain,
    plain_section,
    rendered,
    search,
    spoken,
)
from bot.slack.snoozing import snooze_options

AS_OF = "as_of"
"""The id of the block that tells when the list was drawn; others like it begin so, too."""

_ANSWERABLE = (RowState.OPEN, RowState.REFUSED)
_TITLE, _DETAILS, _LABEL, _GROUP, _ROW_SPOKEN = 300, 150, 100, 75, 200
# What all rows and menus of a message may hold together, of Slack's 13,000 characters.
_ROOM = 12_000


def list_message(listing: Listing, reader: Person) -> Rendered:
    """One page of the list, as it was at `listing.as_of`; its text tells the rows, too, to those
    who hear it read."""
    language, tz = reader.language, when.zone(reader.timezone)
    blocks = list_blocks(listing, reader)
    if not listing.totals:
        return rendered(spoken(wording.nothing(language, listing, tz)), blocks)
    rows = [spoken(cut(_line(row, listing, reader), _ROW_SPOKEN)) for row in listing.rows]
    return rendered("\n".join([spoken(wording.list_text(language, listing)), *rows]), blocks)


def list_blocks(listing: Listing, reader: Person) -> list[Block]:
    """The page, for a message or a view: at most 30 blocks."""
    return [*_head(listing, reader), *_body(listing, reader), *_foot(listing, reader)]


def _head(listing: Listing, reader: Person) -> list[Block]:
    """Which list it is, where that isn't the reader's own by due."""
    heading = wording.heading(reader.language, listing)
    return [plain_section(heading)] if heading else []


def _body(listing: Listing, reader: Person) -> list[Block]:
    if not listing.totals:
        tz = when.zone(reader.timezone)
        return [plain_section(wording.nothing(reader.language, listing, tz))]
    room = _menu_room(listing)
    return list(_sections(listing, reader, room))


def _sections(listing: Listing, reader: Person, room: int) -> Iterator[Block]:
    language = reader.language
    for part in listing.parts:
        yield mrkdwn_section(wording.section_line(language, part.section, part.total))
        for row in part.rows:
            yield _row(row, listing, reader, room)
    for later in listing.later:
        action_id = f"{actions.LIST_LATER}{later.section.value}"
        value = actions.look_value(listing.look.at(later.page))
        show = button(language.say(labels.SHOW), action_id, value)
        line = mrkdwn_section(wording.section_line(language, later.section, later.total))
        yield line | {"accessory": show}


def _menu_room(listing: Listing) -> int:
    """How many characters the menu of one row may hold beside what the rows say."""
    rows = listing.rows
    answerable = sum(row.state in _ANSWERABLE for row in rows)
    used = sum(len(row.listed.stored.task.title[:_TITLE]) + _DETAILS for row in rows)
    return min((_ROOM - used) // max(answerable, 1), MENU_TEXT)


def _row(row: Row, listing: Listing, reader: Person, room: int) -> Block:
    stored, submission = row.listed.stored, row.listed.submission
    shown = submission.id if submission is not None else None
    block = plain_section(_line(row, listing, reader))
    block["block_id"] = actions.block_id(stored.key, shown, listing.look)
    outcomes, language = answers(row.listed.connection, stored.task), reader.language
    if submission is not None and _can_be_undone(row, submission, reader):
        block["accessory"] = button(language.say(labels.UNDO), actions.UNDO, submission.id)
    elif row.state in _ANSWERABLE and outcomes:
        found = menu(language, stored.key, outcomes, labels.ANSWER, room)
        own = not (listing.look.whose or row.listed.whose)
        if found is not None and own:
            found = _with_snoozes(found, language, stored.key, room)
        block["accessory"] = found or search(language)
    return block


def _can_be_undone(row: Row, submission: Submission, reader: Person) -> bool:
    """Whether it is the reader's own answer, and either held or such as the provider takes back."""
    if submission.slack_user != reader.id or submission.effect is not Effect.ANSWER:
        return False
    if row.state is RowState.ANSWERED:
        reversible = row.listed.connection.can_take_back(submission.outcome)
        return reversible and _finished_it(row)
    return submission.state is SubmissionState.HELD


def _with_snoozes(answering: Block, language: Language, task_key: str, room: int) -> Block:
    """The menu of answers with the ways to put the task off below them, where they fit, and where
    it asks nothing: Slack would ask before a snooze, too."""
    snoozes = snooze_options(language, task_key)
    options = [*answering["options"], *snoozes]
    used = sum(len(option["text"]["text"]) for option in options)
    if "confirm" in answering or len(options) > MENU_SIZE or used > room:
        return answering
    groups = ((labels.ANSWER, answering["options"]), (snoozing.SNOOZE, snoozes))
    rest = {key: value for key, value in answering.items() if key != "options"}
    return rest | {
        "option_groups": [
            {"label": plain(language.say(label), _GROUP), "options": found}
            for label, found in groups
        ]
    }


def _line(row: Row, listing: Listing, reader: Person) -> str:
    """The row in words: its state's mark, the title, and what matters in that state."""
    language = reader.language
    title = cut(named(language, row.listed.stored.task.title), _TITLE)
    match row.state:
        case RowState.ON_ITS_WAY:
            return f"⏳ {title} — {labels.quoted(language, _label(row, language))}…"
        case RowState.ANSWERED:
            return f"✅ {title} — {_ended(row, listing, reader)}"
        case RowState.REFUSED:
            return f"⚠️ {title} — {_refusal(row, language)}"
        case RowState.OPEN:
            return _open_line(row, title, listing, reader)


def _ended(row: Row, listing: Listing, reader: Person) -> str:
    """How a task was finished; in the list of what is finished also by whom and when."""
    language, tz = reader.language, when.zone(reader.timezone)
    label = _label(row, language)
    told = labels.quoted(language, label) if label else language.say(labels.FINISHED)
    ending = row.listed.ending
    if ending is None:
        return told
    at = language.moment(ending.at, tz, when.local_day(listing.as_of, tz))
    who = cut(ending.by_name or "", _LABEL)
    return wording.ended(language, told, at, who, own=ending.by_user == reader.id)


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
    task, today = row.listed.stored.task, when.local_day(listing.as_of, tz)
    if row.listed.snoozed is not None:
        back = language.moment(row.listed.snoozed, tz, today)
        return _dashed(f"💤 {title}", wording.back_at(language, back))
    details = _details(row)
    if task.due is None:
        return _dashed(f"• {title}", details)
    if row.section is Section.OVERDUE:
        return _dashed(f"🔴 {title}", details, _overdue_for(row, task.due, reader))
    if row.section is Section.TODAY:
        time = f"{language.clock(task.due.at, tz)}  " if task.due.at else ""
        return _dashed(f"🕓 {time}{title}", details)
    return _dashed(f"🕓 {title}", details, language.due(task.due, today, tz))


def _details(row: Row) -> str:
    task = row.listed.stored.task
    known = [*task.details, task.subject.label if task.subject else "", *row.listed.whose]
    return cut(", ".join(word.strip() for word in known if word.strip()), _DETAILS)


def _overdue_for(row: Row, due: Due, reader: Person) -> str:
    language, tz = reader.language, when.zone(reader.timezone)
    hour = language.clock(due.at, tz) if due.at else None
    return wording.overdue_for(language, row.overdue_days, hour)


def _dashed(*texts: str) -> str:
    return " — ".join(text for text in texts if text)


def _foot(listing: Listing, reader: Person) -> list[Block]:
    language, tz = reader.language, when.zone(reader.timezone)
    look, page, pages = listing.look, listing.page, listing.pages
    buttons = []
    if page > 1:
        buttons.append(_turn(language, labels.PREVIOUS, actions.LIST_PREVIOUS, look.at(page - 1)))
    if page < pages:
        buttons.append(_turn(language, labels.NEXT, actions.LIST_NEXT, look.at(page + 1)))
    buttons.append(_turn(language, labels.REFRESH, actions.LIST_REFRESH, look))
    told = context(wording.page_line(language, page, pages, listing.as_of, tz))
    return [
        told | {"block_id": AS_OF},
        {"type": "actions", "block_id": "list", "elements": buttons},
    ]


def _turn(language: Language, label: str, action_id: str, look: Look) -> Block:
    return button(language.say(label), action_id, actions.look_value(look))


def filter_buttons(listing: Listing, reader: Person) -> Block:
    """The lists that there are, the one that is shown among them standing out."""
    language, elements = reader.language, []
    for chosen, label in wording.FILTERS.items():
        action_id = f"{actions.LIST_FILTER}{chosen.value}"
        style = "primary" if chosen is listing.chosen else None
        value = actions.look_value(Look(chosen))
        elements.append(button(language.say(label), action_id, value, style))
    return {"type": "actions", "block_id": "filters", "elements": elements}
