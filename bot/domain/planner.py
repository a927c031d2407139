"""What each person should now see of a task: a pure function from stored state to cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from adapters.contract import Due
from bot.domain.changes import due_as_text
from bot.domain.faces import becomes_overdue, card_view
from bot.domain.model import (
    Card,
    CardView,
    Face,
    Reader,
    Reason,
    Situation,
    Standing,
    StoredTask,
    Submission,
)
from bot.domain.when import shifted

DUE_GRACE = timedelta(hours=1)
"""How late a due reminder may come; after a longer downtime it would only be noise."""


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card to post; it becomes the live one for its task and reader."""

    reader: str
    reason: Reason
    moment: str
    view: CardView


@dataclass(frozen=True, slots=True)
class Plan:
    """What must change so that everybody sees what they should: cards to post, views that stored
    cards should get, and when to look again (None: only when something changes)."""

    posts: tuple[NewCard, ...] = ()
    views: Mapping[str, CardView] = field(default_factory=dict)
    look_at: datetime | None = None


def plan(situation: Situation, lead: timedelta | None, now: datetime) -> Plan:
    """Decide posts and views. `lead`: how long before a timed due to remind of it; None: only when
    it is due."""
    posts = tuple(_posts(situation, lead, now))
    posted = {post.reader: post.reason for post in posts}
    views = dict(_views(situation, posted, now))
    return Plan(posts, views, _look_at(situation, lead, now))


def first_look(due: Due | None, lead: timedelta | None, now: datetime) -> datetime | None:
    """When a task that is not news must first be looked at: at its next reminder."""
    return min((m for m, _ in _reminders(due, lead) if m > now), default=None)


def _posts(situation: Situation, lead: timedelta | None, now: datetime) -> list[NewCard]:
    if situation.stored.standing is not Standing.OPEN:
        return []
    found = []
    for reader in situation.readers:
        reason = _reason_to_post(situation, reader, lead, now)
        if reason is not None:
            view = card_view(situation, reader.id, reader.timezone, reason, now)
            moment = due_as_text(situation.stored.task.due)
            found.append(NewCard(reader.id, reason, moment, view))
    return found


def _reason_to_post(
    situation: Situation, reader: Reader, lead: timedelta | None, now: datetime
) -> Reason | None:
    cards = [card for card in situation.cards if card.reader == reader.id]
    live = next((card for card in cards if card.live), None)
    if _is_news(situation, reader, live):
        return Reason.ASSIGNED
    phase = _current_reminder(situation.stored, lead, now)
    if phase is None or _on_its_way(situation.submission):
        return None
    began, reason = phase
    told = any(card.created_at >= began for card in cards)
    return None if told else reason


def _is_news(situation: Situation, reader: Reader, live: Card | None) -> bool:
    """New to this reader, theirs again after it had moved, or due anew after it was finished."""
    if live is None:
        return not reader.baseline
    if live.view.face is Face.MOVED:
        return True
    finished = live.view.face in (Face.DONE, Face.DONE_ELSEWHERE, Face.CANCELLED)
    return finished and live.moment != due_as_text(situation.stored.task.due)


def _reminders(due: Due | None, lead: timedelta | None) -> list[tuple[datetime, Reason]]:
    """The moments at which a timed task is brought up again, earliest first."""
    if due is None or due.at is None:
        return []
    soon = [] if lead is None else [(shifted(due.at, -lead), Reason.DUE_SOON)]
    return [*soon, (shifted(due.at, timedelta()), Reason.DUE)]


def _current_reminder(
    stored: StoredTask, lead: timedelta | None, now: datetime
) -> tuple[datetime, Reason] | None:
    """The reminder that is in force now. One whose moment had passed before we first saw the task
    is none: the person learns of such a task by its card or by the first summary."""
    due = stored.task.due
    if due is None or due.at is None or now - due.at >= DUE_GRACE:
        return None
    begun = [(m, r) for m, r in _reminders(due, lead) if stored.first_seen_at < m <= now]
    return begun[-1] if begun else None


def _on_its_way(submission: Submission | None) -> bool:
    return submission is not None and submission.state.active


def _views(
    situation: Situation, posted: Mapping[str, Reason], now: datetime
) -> list[tuple[str, CardView]]:
    # A card that is still on its way, or that Slack refused, leaves the one before it in its
    # place: nobody is left without a card, and none lies.
    newest = {card.reader: card.key for card in situation.cards if card.sent}
    latest = {card.reader: card.reason for card in situation.cards if card.live} | dict(posted)
    changes = []
    for card in situation.cards:
        wanted = card.live and card.reader not in posted
        stands = wanted or newest.get(card.reader) == card.key
        below = latest.get(card.reader, Reason.ASSIGNED)
        view = _view_of(situation, card, now) if stands else _folded(card.view, below)
        if view != card.view:
            changes.append((card.key, view))
    return changes


def _view_of(situation: Situation, card: Card, now: datetime) -> CardView:
    timezone = situation.timezones.get(card.reader, "UTC")
    # What reminded of a due that has changed since does not remind of the new one.
    current = card.moment == due_as_text(situation.stored.task.due)
    reason = card.reason if current else Reason.ASSIGNED
    return card_view(situation, card.reader, timezone, reason, now)


def _folded(view: CardView, below: Reason) -> CardView:
    """What is left of a card when another has come; it stays so, however many more come."""
    if view.face is Face.FOLDED:
        return view
    return replace(
        view, face=Face.FOLDED, reminder=None if below is Reason.ASSIGNED else below, outcomes=(),
        changes=(), refusal=None, answer=None, submission_id=None, until=None, moved_to=(),
        moved_to_names=(), overdue=False,
    )  # fmt: skip


def _look_at(situation: Situation, lead: timedelta | None, now: datetime) -> datetime | None:
    stored = situation.stored
    if stored.standing is not Standing.OPEN or not (situation.readers or situation.cards):
        return None
    due = stored.task.due
    moments = [moment for moment, _ in _reminders(due, lead)]
    if due is not None and situation.cards:
        zones = {reader.timezone for reader in situation.readers}
        moments += [becomes_overdue(due, zone) for zone in zones]
    return min((moment for moment in moments if moment > now), default=None)
