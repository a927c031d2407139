"""Who should hear of a task as news, and who knows of it without a card."""

from __future__ import annotations

from datetime import datetime

from adapters.contract import Effect
from bot.domain.calendar import absence_at
from bot.domain.changes import due_as_text
from bot.domain.model import Card, Face, Reader, Situation, Standing
from bot.domain.preferences import AbsenceMode
from bot.domain.reminders import on_its_way


def news(situation: Situation, now: datetime) -> dict[str, bool]:
    """What should be stored as `Situation.news`: False for those who should hear of the task and
    have not yet, True for those who know of it without a card."""
    live = {card.reader: card for card in situation.cards if card.live}
    found = {
        user: True
        for user in situation.away_until
        if user in live or situation.news.get(user) is True
    }
    for reader in situation.readers:
        if _is_news(situation, reader, live.get(reader.id)):
            # Somebody who wants nothing of what comes while they are away knows all of it.
            found[reader.id] = _skips(reader, now)
        elif situation.news.get(reader.id) is True:
            found[reader.id] = True
    return found


def _is_news(situation: Situation, reader: Reader, live: Card | None) -> bool:
    """New to this reader, theirs again after it had moved, or due anew after it was finished;
    until it is told."""
    told = situation.news.get(reader.id)
    if situation.stored.standing is not Standing.OPEN:
        return False
    if told is False or _is_due_anew(situation, live):
        return True
    if told is True or reader.baseline or _takes_it(situation, reader):
        return False
    return live is None or live.view.face is Face.MOVED


def _is_due_anew(situation: Situation, live: Card | None) -> bool:
    if live is None or live.view.face not in (Face.DONE, Face.DONE_ELSEWHERE, Face.CANCELLED):
        return False
    return live.moment != due_as_text(situation.stored.task.due)


def _takes_it(situation: Situation, reader: Reader) -> bool:
    """Whether they are giving the task to themselves: what they do is no news to them."""
    newest = situation.submission
    if newest is None or not on_its_way(newest) or newest.effect is not Effect.REASSIGN:
        return False
    return newest.slack_user == reader.id


def _skips(reader: Reader, now: datetime) -> bool:
    absence = absence_at(now, reader.preferences)
    return absence is not None and absence.mode is AbsenceMode.SKIP
