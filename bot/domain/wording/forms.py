"""What forms say is wrong, at the field."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from adapters.contract import FieldKind
from bot.domain.language import Language, msg

UNKNOWN_CHOICE = msg("This is no longer offered. Choose another one.")


def missing(language: Language, kind: FieldKind) -> str:
    """What is wrong with a field that was left empty."""
    match kind:
        case FieldKind.FUTURE_MOMENT:
            return missing_moment(language)
        case FieldKind.DAY:
            return language.say("Pick a date.")
        case FieldKind.TEXT:
            return language.say("Write a few words.")
        case FieldKind.CHOICE:
            return language.say("Choose one.")


def missing_moment(language: Language) -> str:
    return language.say("Pick a date and a time.")


def past(language: Language, at: datetime, tz: ZoneInfo) -> str:
    return language.say(
        "That is in the past ({moment} in {zone}). Pick a later moment.",
        moment=language.moment(at, tz),
        zone=tz.key,
    )


def past_day(language: Language, day: date) -> str:
    return language.say(
        "That is in the past ({day}). Pick today or a later day.", day=language.day(day)
    )
