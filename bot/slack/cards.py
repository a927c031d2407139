"""A task's card: one pure function from what should be seen to what Slack is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from adapters.contract import Effect, Outcome
from bot.domain import when
from bot.domain.language import Language
from bot.domain.model import AnswerLine, CardView, Face, Person, Reason
from bot.domain.phrases import Phrase, joined
from bot.domain.wording import cards as wording, labels, snoozing
from bot.slack import actions
from bot.slack.blocks import (
    MENU_SIZE,
    Block,
    Rendered,
    asked_first,
    button,
    context,
    details_line,
    menu,
    mrkdwn,
    mrkdwn_section,
    named,
    option,
    outcome_option,
    overflow,
    phrase_text,
    rendered,
    rich_line,
    search,
    spoken,
    title,
    web_address,
)
from bot.slack.snoozing import snooze_menu, wake_button

_BUTTONS = 3
_ON_ITS_WAY = (Face.HELD, Face.SENDING, Face.WAITING)
_CAN_BE_UNDONE = (Face.HELD, Face.DONE, Face.CANCELLED)
_NO_ANSWER = AnswerLine(label=None)


def card_message(view: CardView, reader: Person, now: datetime) -> Rendered:
    """The card as `reader` sees it. Only the text depends on `now`: the blocks of an unchanged
    view never change."""
    return rendered(_text(view, reader, now), _blocks(view, reader))


def _blocks(view: CardView, reader: Person) -> list[Block]:
    if view.face is Face.OPEN:
        return _open(view, reader)
    told = rich_line((wording.MARKS.get(view.face, ""), *line(view, reader)), reader)
    if view.face in _ON_ITS_WAY:
        return [*_head(view, reader), told, *_undo(view, reader), _foot(view, reader)]
    closed = [
        title(reader.language, view.title),
        told,
        *_refusal(view, reader),
        *_undo(view, reader),
        *_wake(view, reader),
    ]
    return [*closed, context(view.connection_title)]


def _open(view: CardView, reader: Person) -> list[Block]:
    return [
        *_reminder(view, reader),
        *_head(view, reader),
        *_last_answer(view, reader),
        *_actions(view, reader),
        _foot(view, reader),
    ]


def _reminder(view: CardView, reader: Person) -> list[Block]:
    reason = _brought_up(view)
    return [mrkdwn_section(wording.reminder(reader.language, reason))] if reason else []


def _brought_up(view: CardView) -> Reason | None:
    """Why the card came, where it says so: once the task is overdue, its due line does."""
    return None if view.overdue and view.reminder is not Reason.RETURNED else view.reminder


def _head(view: CardView, reader: Person) -> list[Block]:
    """Who or what, why, and when."""
    blocks = [title(reader.language, view.title), *details_line(view.details, view.subject)]
    if view.due is not None:
        due = wording.due_line(reader.language, view.due, view.overdue)
        blocks.append(mrkdwn_section(mrkdwn(due, reader)))
    return blocks


def _last_answer(view: CardView, reader: Person) -> list[Block]:
    """What became of an answer after which the task is still open."""
    if view.refusal is not None or view.answer is None:
        return _refusal(view, reader)
    line = (
        wording.RECORDED_MARK,
        *wording.recorded(reader.language, view.answer, reader.id),
    )
    return [rich_line(line, reader)]


def _refusal(view: CardView, reader: Person) -> list[Block]:
    if view.refusal is None:
        return []
    refused = wording.refused(reader.language, view.connection_title, view.refusal)
    return [rich_line((wording.REFUSED_MARK, *refused), reader)]


def _actions(view: CardView, reader: Person) -> list[Block]:
    """The answers, and below them what else can be done."""
    lately = (view.refusal, view.answer) if view.refusal or view.answer else None
    block_id = actions.block_id(view.task_key, lately)
    rows = {
        block_id: answer_elements(reader.language, view.task_key, view.outcomes),
        f"{block_id}.more": _change_elements(view, reader.language),
    }
    return [
        {"type": "actions", "block_id": row, "elements": elements}
        for row, elements in rows.items()
        if elements
    ]


def _change_elements(view: CardView, language: Language) -> list[Block]:
    """What is wanted often stands open; the rest in a menu."""
    shown = [one for one in view.changes if one.effect is Effect.RESCHEDULE]
    rest = [one for one in view.changes if one.effect is not Effect.RESCHEDULE]
    url = web_address(view.url)
    elements = [snooze_menu(language, view.task_key)]
    elements += [
        button(
            labels.outcome(language, one),
            actions.CHANGE_BUTTON,
            actions.answer_value(view.task_key, one),
        )
        for one in shown
    ]
    options = [outcome_option(language, view.task_key, one) for one in rest]
    if url:
        options.append(option(language.say(labels.OPEN), actions.OPEN) | {"url": url})
    options.append(option(language.say(labels.WHY), actions.why_value(view.task_key)))
    return [*elements, overflow(actions.CHANGE_MENU, options)]


def answer_elements(language: Language, task_key: str, outcomes: Sequence[Outcome]) -> list[Block]:
    """The first three outcomes as buttons and the rest in a menu; where there are too many for
    one, a search over all of them. Always in the provider's order."""
    elements = [
        _answer_button(
            language, task_key, outcome, position, primary=outcome is _completing(outcomes)
        )
        for position, outcome in enumerate(outcomes[:_BUTTONS])
    ]
    rest = outcomes[_BUTTONS:]
    if rest:
        fits = len(outcomes) <= MENU_SIZE
        found = menu(language, task_key, rest, labels.MORE) if fits else None
        elements.append(found or search(language))
    return elements


def _answer_button(
    language: Language, task_key: str, outcome: Outcome, position: int, *, primary: bool
) -> Block:
    found = button(
        labels.outcome(language, outcome),
        actions.button_id(position),
        actions.answer_value(task_key, outcome),
        style="danger" if outcome.grave else "primary" if primary else None,
    )
    return found | asked_first(language, [outcome])


def _completing(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The outcome that finishes the task, if it is only one."""
    completing = [outcome for outcome in outcomes if outcome.completes]
    return completing[0] if len(completing) == 1 else None


def _undo(view: CardView, reader: Person) -> list[Block]:
    if not can_be_undone(view):
        return []
    undo = button(reader.language.say(labels.UNDO), actions.UNDO, view.submission_id or "")
    return [{"type": "actions", "block_id": actions.block_id(view.task_key), "elements": [undo]}]


def _wake(view: CardView, reader: Person) -> list[Block]:
    if view.face is not Face.SNOOZED:
        return []
    wake = wake_button(reader.language, view.task_key)
    return [{"type": "actions", "block_id": actions.block_id(view.task_key), "elements": [wake]}]


def can_be_undone(view: CardView) -> bool:
    """Whether what the card tells of can be taken back."""
    return view.submission_id is not None and view.face in _CAN_BE_UNDONE


def _foot(view: CardView, reader: Person) -> Block:
    priority = wording.priority(reader.language, view.priority) if view.priority else None
    return context(view.connection_title, view.status_label, priority)


def line(view: CardView, reader: Person) -> Phrase:
    """The one sentence of a card that is not open."""
    answer, language = view.answer or _NO_ANSWER, reader.language
    match view.face:
        case Face.HELD:
            return wording.held(language, answer)
        case Face.SENDING:
            return wording.sending(language, answer, view.connection_title)
        case Face.WAITING:
            return wording.waiting(language, view.connection_title, view.refusal, view.until)
        case Face.DONE:
            return wording.done(language, answer, reader.id)
        case _:
            return _closed_line(view, answer, reader)


def _closed_line(view: CardView, answer: AnswerLine, reader: Person) -> Phrase:
    """Of a card that was closed by something other than the reader's answer."""
    language = reader.language
    match view.face:
        case Face.DONE_ELSEWHERE:
            return wording.done_elsewhere(language, view.connection_title, answer, reader.id)
        case Face.CANCELLED:
            return wording.cancelled(language, view.connection_title, answer, reader.id)
        case Face.MOVED:
            return wording.moved(language, view.moved_to, view.moved_to_names)
        case Face.GONE:
            return wording.gone(language, view.connection_title)
        case Face.SNOOZED if view.until is not None:
            tz = when.zone(reader.timezone)
            return snoozing.snoozed(language, view.until, answer, reader.id, tz)
        case _:
            return wording.folded(language, view.reminder)


def _text(view: CardView, reader: Person, now: datetime) -> str:
    """The card in one sentence, for a lock screen."""
    name = spoken(named(reader.language, view.title))
    return f"{name}: {phrase_text(_told(view, reader, now), reader)}"


def _told(view: CardView, reader: Person, now: datetime) -> Phrase:
    if view.face is Face.OPEN:
        return _open_told(view, reader, now)
    if view.face is Face.DONE:
        return wording.done_text(reader.language, view.answer or _NO_ANSWER, reader.id)
    return line(view, reader)


def _open_told(view: CardView, reader: Person, now: datetime) -> Phrase:
    if view.refusal is None:
        return _due_told(view, reader, now)
    refused = wording.refused(reader.language, view.connection_title, view.refusal)
    if _brought_up(view) is None:
        return refused
    # It came for what is due: the refusal is an older matter.
    return joined(_due_told(view, reader, now), "; ", *refused)


def _due_told(view: CardView, reader: Person, now: datetime) -> Phrase:
    language, tz = reader.language, when.zone(reader.timezone)
    due = wording.due_text(language, view.due, view.overdue, now, tz)
    reason = _brought_up(view)
    if reason is not None:
        due = wording.reminder_text(language, reason, due)
    before: Phrase = ()
    if view.answer:
        before = (*wording.recorded(language, view.answer, reader.id), "; ")
    known = [*view.details, *([view.subject.label] if view.subject else [])]
    return joined(before, due, wording.details_text(known))
