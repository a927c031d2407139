"""Languages: sentences, plural forms, days and hours, and what happens to strange locales."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from adapters.contract import Due
from bot.domain.language import ENGLISH, TAGS, language
from bot.domain.phrases import Mention, Moment, joined
from bot.domain.wording.lists import near

AT = datetime(2026, 4, 9, 9, 5, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("es-MX", "es"),
        ("es-LA", "es"),
        ("pt_BR", "pt"),
        ("de-DE", "de"),
        ("DE", "de"),
        ("en-GB", "en"),
        ("fr-FR", "en"),
        ("est", "en"),
        ("", "en"),
    ],
)
def test_a_locale_has_its_language_or_english(locale: str, tag: str) -> None:
    assert language(locale).tag == tag


@pytest.mark.parametrize(
    ("tag", "hour", "weekday", "day", "later"),
    [
        ("en", "09:05", "Thu", "Thu 9 Apr", "Thu 9 Apr 2026, 09:05"),
        ("es", "9:05", "jue", "jue, 9 abr", "jue, 9 abr 2026, 9:05"),
        ("de", "09:05", "Do", "Do., 9. Apr.", "Do., 9. Apr. 2026, 09:05"),
        ("pt", "09:05", "qui.", "qui., 9 de abr.", "qui., 9 de abr. de 2026, 09:05"),
    ],
)
def test_days_and_hours_are_written_as_the_language_does(
    tag: str, hour: str, weekday: str, day: str, later: str
) -> None:
    spoken = language(tag)
    assert spoken.clock(AT, UTC_ZONE) == hour
    assert spoken.weekday(AT.date()) == weekday
    assert spoken.day(AT.date(), AT.date()) == day
    assert spoken.moment(AT, UTC_ZONE) == f"{day}, {hour}"
    assert spoken.due(Due(at=AT), date(2025, 12, 30), UTC_ZONE) == later
    assert spoken.due(Due(on=AT.date()), AT.date(), ZoneInfo("Pacific/Apia")) == day


def test_what_a_sentence_names_is_not_interpreted() -> None:
    assert ENGLISH.say("Now with {name}", name="{x} %s {0}") == "Now with {x} %s {0}"
    assert ENGLISH.count("{n} row of {of}", "{n} rows of {of}", 1, of="{n}") == "1 row of {n}"
    assert ENGLISH.count("{n} row of {of}", "{n} rows of {of}", 0, of="{n}") == "0 rows of {n}"


def test_a_phrase_keeps_people_and_moments() -> None:
    by = ENGLISH.phrase(" by {who}", who=Mention("U1"))
    told = ENGLISH.phrase("Done{by}, {at}.", by=by, at=Moment(AT))
    assert told == ("Done by ", Mention("U1"), ", ", Moment(AT), ".")
    assert ENGLISH.plain(told, UTC_ZONE, lambda user: f"@{user}") == "Done by @U1, 09:05."
    assert joined("", "a", ("b", ""), Mention("U1"), "") == ("ab", Mention("U1"))


def test_english_loads_nothing() -> None:
    code = (
        "import sys; from datetime import date; from bot.domain.language import language;"
        "language('en').say('{n}', n=1); language('en-GB').day(date(2026, 4, 9));"
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (Due(at=datetime(2026, 4, 9, 8, tzinfo=UTC)), "Thu 10:00"),
        (Due(on=date(2026, 4, 9)), "Thu"),
        (Due(on=date(2026, 4, 14)), "Tue 14 Apr"),
        (Due(at=datetime(2027, 4, 9, 8, tzinfo=UTC)), "Fri 9 Apr 2027, 10:00"),
    ],
)
def test_near_words_are_never_ambiguous(due: Due, words: str) -> None:
    assert near(ENGLISH, due, date(2026, 4, 7), ZoneInfo("Europe/Madrid")) == words


@pytest.mark.parametrize("tag", TAGS)
def test_the_ends_of_the_calendar_do_no_harm(tag: str) -> None:
    for end in (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)):
        for zone in ("UTC", "Pacific/Kiritimati", "America/St_Johns"):
            assert language(tag).moment(end, ZoneInfo(zone), date(2026, 4, 7))
