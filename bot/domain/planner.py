"""What each person should now see of a task: a pure function from stored state to cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.changes import due_as_text
from bot.domain.faces import becomes_overdue, card_view
from bot.domain.model import Card, CardView, Face, Reader, Reason, Situation, Standing
from bot.domain.news import news
from bot.domain.reminders import held_until, reminders, snooze_of, to_bring_up


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
    cards should get, what should be stored as `Situation.news`, the readers whose snooze is over,
    and when to look again (None: only when something changes)."""

    posts: tuple[NewCard, ...] = ()
    views: Mapping[str, CardView] = field(default_factory=dict)
    news: Mapping[str, bool] = field(default_factory=dict)
    awake: frozenset[str] = frozenset()
    look_at: datetime | None = None


def plan(situation: Situation, now: datetime) -> Plan:
    """Decide posts and views, and who should hear of the task."""
    posts = tuple(_posts(situation, now))
    posted = {post.reader: post.reason for post in posts}
    return Plan(
        posts,
        dict(_views(situation, posted, now)),
        {user: told for user, told in news(situation, now).items() if user not in posted},
        frozenset(user for user in situation.snoozed if _is_awake(situation, user, posted)),
        min(_moments(situation, now), default=None),
    )


def new_card(situation: Situation, reader: Reader, reason: Reason, now: datetime) -> NewCard:
    """The card that brings the task to a reader."""
    view = card_view(situation, reader.id, reader.timezone, reason, now)
    return NewCard(reader.id, reason, due_as_text(situation.stored.task.due), view)


def _posts(situation: Situation, now: datetime) -> Iterator[NewCard]:
    if situation.stored.standing is not Standing.OPEN:
        return
    for reader in situation.readers:
        reason = to_bring_up(situation, reader, now)
        if reason is not None:
            yield new_card(situation, reader, reason, now)


def _is_awake(situation: Situation, user: str, posted: Mapping[str, Reason]) -> bool:
    """Whether a snooze has ended: it is over, or the task is finished or somebody else's."""
    theirs = any(reader.id == user for reader in situation.readers)
    stands = situation.stored.standing is Standing.OPEN and theirs
    return not stands or user in posted or snooze_of(situation, user) is None


def _views(
    situation: Situation, posted: Mapping[str, Reason], now: datetime
) -> Iterator[tuple[str, CardView]]:
    # A card that is still on its way, or that Slack refused, leaves the one before it in its
    # place: nobody is left without a card, and none lies.
    newest = {card.reader: card.key for card in situation.cards if card.sent}
    latest = {card.reader: card.reason for card in situation.cards if card.live} | dict(posted)
    for card in situation.cards:
        wanted = card.live and card.reader not in posted
        stands = wanted or newest.get(card.reader) == card.key
        below = latest.get(card.reader, Reason.ASSIGNED)
        view = _view_of(situation, card, now) if stands else _folded(card.view, below)
        if view != card.view:
            yield card.key, view


def _view_of(situation: Situation, card: Card, now: datetime) -> CardView:
    timezone = situation.timezones.get(card.reader, "UTC")
    return card_view(situation, card.reader, timezone, _reason_now(situation, card, now), now)


def _reason_now(situation: Situation, card: Card, now: datetime) -> Reason:
    """Why the card stands there, as time goes on: what reminded of a due says when it has come,
    and nothing once the due is another."""
    due = situation.stored.task.due
    if card.reason is Reason.ASSIGNED or card.moment != due_as_text(due):
        return Reason.ASSIGNED
    came = due is not None and due.at is not None and card.created_at < due.at <= now
    return Reason.DUE if came else card.reason


def _folded(view: CardView, below: Reason) -> CardView:
    """What is left of a card when another has come; it stays so, however many more come."""
    if view.face is Face.FOLDED:
        return view
    return replace(
        view, face=Face.FOLDED, reminder=None if below is Reason.ASSIGNED else below, outcomes=(),
        changes=(), refusal=None, answer=None, submission_id=None, until=None, moved_to=(),
        moved_to_names=(), overdue=False,
    )  # fmt: skip


def _moments(situation: Situation, now: datetime) -> Iterator[datetime]:
    """When time alone will change what somebody should see, or hear."""
    stored = situation.stored
    if stored.standing is not Standing.OPEN or not (situation.readers or situation.cards):
        return
    due = stored.task.due
    found = [*situation.away_until.values(), *(one.until for one in situation.snoozed.values())]
    for reader in situation.readers:
        found += [moment for moment, _ in reminders(due, reader.preferences.due_soon)]
        found.append(held_until(situation, reader, now))
        if due is not None and situation.cards:
            found.append(becomes_overdue(due, reader.timezone))
    yield from (moment for moment in found if moment is not None and moment > now)
