"""What the form of a person's settings says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.language import Language, msg
from bot.domain.places import country_name, zone_name
from bot.domain.preferences import AbsenceMode

TITLE = msg("Settings")
SAVE = msg("Save")
RESET = msg("Back to the defaults")
WERE_RESET = msg("Your settings are the defaults again.")

LANGUAGE = msg("Language")
ZONE = msg("Time zone")
SEARCH_ZONE = msg("Search a city or a country")
WORKING_DAYS = msg("Working days")
QUIET_FROM = msg("Quiet from")
QUIET_UNTIL = msg("Quiet until")
QUIET_HINT = msg("What happens meanwhile comes afterwards, as one list.")
NEVER_QUIET = msg("Never quiet")
DIGEST = msg("Daily list")
NO_DIGEST = msg("No daily list")
DUE_SOON = msg("Reminder")
NO_REMINDER = msg("No reminder")
HOLIDAYS = msg("Public holidays")
SEARCH_COUNTRY = msg("Search a country")
NO_HOLIDAYS = msg("No public holidays")
URGENT = msg("Urgent tasks")
URGENT_PASSES = msg("May come in quiet time and on free days")
STATUS = msg("Slack status")
FOLLOWS_STATUS = msg("I am away while it says that I am on vacation or out sick")
ABSENCE = msg("Away")
NOT_AWAY = msg("I am not away")
UNTIL = msg("Last day away")
UNTIL_HINT = msg("Leave it empty to be away until you say otherwise.")
DELEGATE = msg("Who gets my tasks meanwhile")

MODES: Mapping[AbsenceMode, str] = {
    AbsenceMode.HOLD: msg("Away: tell me afterwards"),
    AbsenceMode.SKIP: msg("Away: don't tell me"),
    AbsenceMode.DELEGATE: msg("Away: somebody else gets my tasks"),
}

SAME_TIME = msg("Quiet hours must end at another time than they start.")
NO_DAY = msg("Choose at least one day.")
NO_DELEGATE = msg("Choose who gets your tasks meanwhile.")
YOURSELF = msg("That is you. Choose somebody else.")
UNKNOWN_ZONE = msg("I don't know this time zone. Search it by its city or country.")

_OWN_NAMES = {"en": "English", "es": "Español", "de": "Deutsch", "pt": "Português"}
"""Each in itself, for those who read no other."""


def own_name(tag: str) -> str:
    """A language's name in itself."""
    return _OWN_NAMES[tag]


def as_in_slack(language: Language, name: str) -> str:
    return language.say("As in Slack ({name})", name=name)


def zone(language: Language, name: str, now: datetime) -> str:
    """A zone, and what its clocks show."""
    return f"{zone_name(name)}, {language.clock(now, ZoneInfo(name))}"


def country(language: Language, code: str | None) -> str:
    return country_name(code, language) if code else language.say(NO_HOLIDAYS)


def hour(language: Language, clock: time) -> str:
    """`08:30`, as clocks show it there."""
    return language.clock(datetime.combine(date(2026, 1, 1), clock, UTC), ZoneInfo("UTC"))


def lead(language: Language, before: timedelta) -> str:
    """How long before a task is due."""
    minutes = int(before.total_seconds()) // 60
    if minutes % 60 == 0:
        return language.count("{n} hour before", "{n} hours before", minutes // 60)
    return language.count("{n} minute before", "{n} minutes before", minutes)


def weekday(language: Language, number: int) -> str:
    """The whole name of a day; 0 is Monday."""
    from babel.dates import get_day_names

    name: str = get_day_names("wide", "stand-alone", locale=language.tag)[number]
    return name[:1].upper() + name[1:]


def week(locale: str) -> list[int]:
    """The days of a week in the order in which people of that locale count them."""
    from babel import Locale, UnknownLocaleError

    try:
        first = Locale.parse(locale.replace("-", "_")).first_week_day
    except (UnknownLocaleError, ValueError):
        first = 0
    return [(first + later) % 7 for later in range(7)]
