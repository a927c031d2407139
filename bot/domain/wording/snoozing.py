"""What is said of snoozes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import when
from bot.domain.language import Language, msg
from bot.domain.model import AnswerLine
from bot.domain.phrases import Mention, Moment, Part, Phrase
from bot.domain.snoozing import Snooze

SNOOZE = msg("Snooze")
WAKE = msg("Wake now")
PUT_OFF = msg("{who} put it off for {reader}, until {until}.")
WOKEN = msg("{who} brought it back for {reader}.")
CHOICES: Mapping[Snooze, str] = {
    Snooze.QUARTER: msg("15 minutes"),
    Snooze.HOUR: msg("1 hour"),
    Snooze.AFTERNOON: msg("This afternoon"),
    Snooze.TOMORROW: msg("Tomorrow morning"),
    Snooze.WORKING_DAY: msg("Next working day"),
    Snooze.PICK: msg("Pick a time…"),
}
BACK_AT = msg("Back at")
"""Above the moment that somebody picks."""
UNCHANGED = msg("I stay quiet about this task until then. Its date does not change.")


def snoozed(
    language: Language, until: datetime, given: AnswerLine, reader: str, tz: ZoneInfo
) -> Phrase:
    """When the card comes back; and who has put it off, where that was somebody else."""
    day = given.at is None or when.local_day(until, tz) != when.local_day(given.at, tz)
    at = Moment(until, day=day)
    back = language.phrase("Back {moment}", moment=at)
    if not day:
        back = language.phrase("Back at {time}", time=at)
    if given.by_user is None or given.by_user == reader:
        return back
    return language.phrase("{sentence} · {who}", sentence=back, who=Mention(given.by_user))


def stands(
    language: Language, reader: str | Mention, who: str | Mention, until: datetime
) -> Phrase:
    """That a reader's task is put off."""
    return language.phrase(PUT_OFF, who=who, reader=reader, until=Moment(until, day=True))


def told(
    language: Language, sentence: str, reader: str | Mention, who: str | Mention, until: str
) -> Phrase:
    """PUT_OFF or WOKEN, as it is on record; `until` in ISO 8601, where there is one."""
    at: Part = Moment(datetime.fromisoformat(until), day=True) if until else ""
    return language.phrase(sentence, who=who, reader=reader, until=at)
