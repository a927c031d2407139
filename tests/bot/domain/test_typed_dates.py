"""Dates as people type them: all that is said is kept, or nothing is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from adapters.contract import Due
from bot.domain import when
from bot.domain.typed_dates import read_when

MADRID = ZoneInfo("Europe/Madrid")
TAGS = ["en", "es", "de", "pt"]


def at(text: str, zone: str = "Europe/Madrid") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


NOW = at("2026-04-09T10:00")
"""A Thursday."""


def due(text: str | None) -> Due | None:
    """A day, or a moment on Madrid's clock."""
    if text is None:
        return None
    return Due(at=at(text)) if "T" in text else Due(on=date.fromisoformat(text))


def read(text: str, tag: str) -> Due | None:
    return read_when(text, NOW, MADRID, tag)


ENGLISH = {
    "today": "2026-04-09",
    "Tomorrow": "2026-04-10",
    "  TOMORROW.  ": "2026-04-10",
    "day after tomorrow": "2026-04-11",
    "the day after tomorrow at 9": "2026-04-11T09:00",
    "by tomorrow": "2026-04-10",
    "friday": "2026-04-10",
    "Thursday": "2026-04-16",  # never today
    "next monday": "2026-04-13",
    "on Monday at 9": "2026-04-13T09:00",
    "mon 9am": "2026-04-13T09:00",
    "Tue. 15:00": "2026-04-14T15:00",
    "this coming Sunday": "2026-04-12",
    "in 2 hours": "2026-04-09T12:00",
    "in 2h": "2026-04-09T12:00",
    "in an hour": "2026-04-09T11:00",
    "in 90 minutes": "2026-04-09T11:30",
    "in 3 days": "2026-04-12",
    "in three days at 9": "2026-04-12T09:00",
    "in 1 week": "2026-04-16",
    "in a week, 9:30": "2026-04-16T09:30",
    "at 11": "2026-04-09T11:00",
    "at 9": None,  # past
    "at 10": None,  # now
    "9:30": None,
    "9:30pm": "2026-04-09T21:30",
    "9 p.m.": "2026-04-09T21:00",
    "12 pm": "2026-04-09T12:00",
    "12am tomorrow": "2026-04-10T00:00",
    "tomorrow at noon": "2026-04-10T12:00",
    "at 9.30 tomorrow": "2026-04-10T09:30",
    "tomorrow 9.30am": "2026-04-10T09:30",
    "14 h": "2026-04-09T14:00",
    "tomorrow at 9 o'clock": "2026-04-10T09:00",
    "tomorrow at 5 in the afternoon": "2026-04-10T17:00",
    "today at 8": "2026-04-09T08:00",  # past, and said to be of today
    "tomorrow at 9": "2026-04-10T09:00",
    "tomorrow, 09:00": "2026-04-10T09:00",
    "tomorrow at nine": "2026-04-10T09:00",
    "tomorrow nine": None,
    "in twelve hours": "2026-04-09T22:00",
    "on the 24th": "2026-04-24",
    "the 9th at 11": "2026-04-09T11:00",
    "by the 8th": "2026-05-08",
    "the 31st": "2026-05-31",
    "24th": None,
    "the 24": None,
    "the 32nd": None,
    "at 9 on monday": "2026-04-13T09:00",
    "9am tomorrow": "2026-04-10T09:00",
    "2026-12-24": "2026-12-24",
    "2026-12-24 14:00": "2026-12-24T14:00",
    "2026-12-24T14:00": "2026-12-24T14:00",
    "2020-01-01": "2020-01-01",
    "24/12/2026": "2026-12-24",
    "12/24/2026": "2026-12-24",
    "12/24/26 at 9": "2026-12-24T09:00",
    "12/24": "2026-12-24",
    "5/5": "2026-05-05",
    "3/4": None,
    "3/4/2026": None,
    "24 december": "2026-12-24",
    "24th of December, 2027": "2027-12-24",
    "the 1st of may": "2026-05-01",
    "December 24 at 9": "2026-12-24T09:00",
    "dec. 24th, 2027": "2027-12-24",
    "Thursday, 24 December": "2026-12-24",
    "Friday, 24 December": None,
    "9 april": "2026-04-09",
    "8 april": "2027-04-08",
    "29 february": "2028-02-29",
    "29 february 2027": None,
    "30 february": None,
    "31/04/2026": None,
}
SPANISH = {
    "hoy": "2026-04-09",
    "mañana": "2026-04-10",
    "MANANA": "2026-04-10",
    "pasado mañana": "2026-04-11",
    "mañana a las 9": "2026-04-10T09:00",
    "mañana a las nueve y media": "2026-04-10T09:30",
    "mañana a la una de la tarde": "2026-04-10T13:00",
    "el 24": "2026-04-24",
    "el día 8 a las 9": "2026-05-08T09:00",
    "24": None,
    "mañana a las 9 de la mañana": "2026-04-10T09:00",
    "a las 9 de mañana": None,
    "mañana a las 5 de la tarde": "2026-04-10T17:00",
    "mañana a las 17 de la tarde": "2026-04-10T17:00",
    "mañana a las 8 de la noche": "2026-04-10T20:00",
    "mañana a las 2 de la noche": None,
    "mañana a las 9 y media": "2026-04-10T09:30",
    "mañana a las 9 y cuarto de la mañana": "2026-04-10T09:15",
    "mañana a la 1": "2026-04-10T01:00",
    "a las 11": "2026-04-09T11:00",
    "a las 9.30": None,  # past
    "al mediodía": "2026-04-09T12:00",
    "14 h": "2026-04-09T14:00",
    "14:30 h": "2026-04-09T14:30",
    "mañana 9h": "2026-04-10T09:00",
    "a las 9 el lunes": "2026-04-13T09:00",
    "el lunes": "2026-04-13",
    "miércoles": "2026-04-15",
    "sabado a las 10": "2026-04-11T10:00",
    "el próximo jueves": "2026-04-16",
    "el viernes que viene": "2026-04-10",
    "lun 9:00": "2026-04-13T09:00",
    "en 2 horas": "2026-04-09T12:00",
    "en una hora": "2026-04-09T11:00",
    "dentro de tres días": "2026-04-12",
    "en 1 semana": "2026-04-16",
    "24/12/2026": "2026-12-24",
    "3/4": "2027-04-03",
    "3/5/26": "2026-05-03",
    "24.12.": "2026-12-24",
    "24-12-2026": "2026-12-24",
    "24-12": None,
    "12/24": None,
    "24 de diciembre": "2026-12-24",
    "el 24 de diciembre de 2027 a las 9": "2027-12-24T09:00",
    "1º de mayo": "2026-05-01",
    "24 dic": "2026-12-24",
    "jueves 24 de diciembre": "2026-12-24",
    "2026-12-24": "2026-12-24",
    "tomorrow": None,
}
GERMAN = {
    "heute": "2026-04-09",
    "morgen": "2026-04-10",
    "morgen um 9 Uhr": "2026-04-10T09:00",
    "morgen, 9 Uhr 30": "2026-04-10T09:30",
    "morgen 9.30 Uhr": "2026-04-10T09:30",
    "morgen um 9": "2026-04-10T09:00",
    "morgen um neun Uhr": "2026-04-10T09:00",
    "am 24.": "2026-04-24",
    "am 24": None,
    "morgen 9": None,
    "morgen um halb 9": None,
    "übermorgen": "2026-04-11",
    "Uebermorgen um 14:15 Uhr": "2026-04-11T14:15",
    "um 9 Uhr morgen": "2026-04-10T09:00",
    "morgen um 8 Uhr abends": "2026-04-10T20:00",
    "morgen um 20 Uhr abends": "2026-04-10T20:00",
    "morgen um 9 Uhr früh": "2026-04-10T09:00",
    "am morgen": None,
    "um 11": "2026-04-09T11:00",
    "14 h": "2026-04-09T14:00",
    "bis 14 Uhr": "2026-04-09T14:00",
    "am Montag": "2026-04-13",
    "Mo. 9 Uhr": "2026-04-13T09:00",
    "nächsten Donnerstag": "2026-04-16",
    "am kommenden Samstag um 10": "2026-04-11T10:00",
    "Sonnabend": "2026-04-11",
    "in 2 Stunden": "2026-04-09T12:00",
    "in einer Stunde": "2026-04-09T11:00",
    "in fünf Tagen": "2026-04-14",
    "in 1 Woche": "2026-04-16",
    "24.12.": "2026-12-24",
    "24.12": "2026-12-24",
    "am 24.12.2026 um 9 Uhr": "2026-12-24T09:00",
    "24.12. 9:00": "2026-12-24T09:00",
    "Do., 24.12.": "2026-12-24",
    "24/12/2026": "2026-12-24",
    "24. Dezember": "2026-12-24",
    "3. März 2027": "2027-03-03",
    "3. Maerz 2027": "2027-03-03",
    "1. Jänner": "2027-01-01",
    "Donnerstag, 24. Dezember": "2026-12-24",
}
PORTUGUESE = {
    "hoje": "2026-04-09",
    "amanhã": "2026-04-10",
    "amanha às 9": "2026-04-10T09:00",
    "amanhã às nove": "2026-04-10T09:00",
    "amanhã às duas da tarde": "2026-04-10T14:00",
    "dia 24": "2026-04-24",
    "no 24": None,
    "depois de amanhã": "2026-04-11",
    "às 9 amanhã": "2026-04-10T09:00",
    "amanhã às 9 da manhã": "2026-04-10T09:00",
    "amanhã às 3 da tarde": "2026-04-10T15:00",
    "amanhã às 9 e meia": "2026-04-10T09:30",
    "amanhã às 9h30": "2026-04-10T09:30",
    "amanhã à 1h": "2026-04-10T01:00",
    "amanhã ao meio-dia": "2026-04-10T12:00",
    "14h": "2026-04-09T14:00",
    "14 h": "2026-04-09T14:00",
    "às 14 horas": "2026-04-09T14:00",
    "segunda-feira": "2026-04-13",
    "na segunda": "2026-04-13",
    "terça feira às 10": "2026-04-14T10:00",
    "próxima quinta-feira": "2026-04-16",
    "sábado que vem": "2026-04-11",
    "seg 9:00": "2026-04-13T09:00",
    "em 2 horas": "2026-04-09T12:00",
    "daqui a uma hora": "2026-04-09T11:00",
    "em três dias": "2026-04-12",
    "em 1 semana": "2026-04-16",
    "24/12": "2026-12-24",
    "no dia 24/12/2026 às 9": "2026-12-24T09:00",
    "3/4": "2027-04-03",
    "24 de dezembro": "2026-12-24",
    "24 de dezembro de 2027": "2027-12-24",
    "1º de maio": "2026-05-01",
    "24 dez": "2026-12-24",
}


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        (tag, text, expected)
        for tag, table in zip(TAGS, (ENGLISH, SPANISH, GERMAN, PORTUGUESE), strict=True)
        for text, expected in table.items()
    ],
)
def test_what_is_typed(tag: str, text: str, expected: str | None) -> None:
    assert read(text, tag) == due(expected)


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "Ana", "9", "2026", "in", "at", "tomorrow at", "²/³", "24.12/2026"),
        *("24:00", "25:00", "9:60", "9:5", "13am", "0 pm", "2026-12-24T14:00Z", "9:30 9:30"),
        *("tomorrow at 25", "morgen um 25 Uhr", "mañana a las 25", "amanhã às 25", "morgen 9"),
        *("2026-13-01", "2026-02-29", "2026-04-31", "0.0.", "32.1.", "1.13.", "00/01/2026"),
        *("tomorrow tomorrow", "tomorrow at 9 or 10", "in 0.5 hours", "in 2 hours at 9", "the sun"),
        *("tomorrow at 9 sharp", "call tomorrow", "tomorrow morning", "mañana por la tarde"),
        *("heute abend", "amanhã de manhã", "next tomorrow", "on the tomorrow"),
    ],
)  # fmt: skip
def test_what_is_not_wholly_understood_is_not_read(tag: str, text: str) -> None:
    assert read(text, tag) is None


@pytest.mark.parametrize(
    ("tag", "text", "day"),
    [
        ("es-MX", "mañana", "2026-04-10"),
        ("pt_BR", "amanhã", "2026-04-10"),
        ("DE-at", "morgen", "2026-04-10"),
        ("en-GB", "tomorrow", "2026-04-10"),
        ("ja-JP", "tomorrow", "2026-04-10"),
        ("", "tomorrow", "2026-04-10"),
    ],
)
def test_a_tag_tells_the_language(tag: str, text: str, day: str) -> None:
    assert read(text, tag) == due(day)


@pytest.mark.parametrize(
    ("zone", "now", "text", "expected"),
    [
        # 02:00 goes to 03:00, and 03:00 back to 02:00.
        ("Europe/Madrid", "2026-03-28T12:00", "tomorrow at 2:30", "2026-03-29T03:00"),
        ("Europe/Madrid", "2026-03-29T01:30", "in 2 hours", "2026-03-29T04:30"),
        ("Europe/Madrid", "2026-03-28T12:00", "in 1 day at 9", "2026-03-29T09:00"),
        ("Europe/Madrid", "2026-10-24T12:00", "tomorrow at 2:30", "2026-10-25T02:30"),
        ("Europe/Madrid", "2026-10-25T01:30", "in 2 hours", "2026-10-25T02:30+01:00"),
        ("Australia/Lord_Howe", "2026-10-03T12:00", "tomorrow at 2:15", "2026-10-04T02:30"),
        ("Asia/Kolkata", "2026-04-09T23:00", "tomorrow at 9", "2026-04-10T09:00"),
        ("Asia/Kathmandu", "2026-04-09T00:10", "at 9", "2026-04-09T09:00"),
        ("Pacific/Chatham", "2026-04-09T23:59", "in 10 minutes", "2026-04-10T00:09"),
        ("America/Santiago", "2028-02-28T22:00", "tomorrow at 9", "2028-02-29T09:00"),
        ("Europe/Madrid", "2026-04-09T10:00:01", "in 2 hours", "2026-04-09T12:01"),
    ],
)
def test_on_the_wall_clock_there(zone: str, now: str, text: str, expected: str) -> None:
    tz = ZoneInfo(zone)
    moment = datetime.fromisoformat(expected)
    wanted = moment.astimezone(UTC) if moment.tzinfo else at(expected, zone)
    assert read_when(text, at(now, zone), tz, "en") == Due(at=wanted)


@pytest.mark.parametrize("text", ["0001-01-01 00:00", "9999-12-31 23:59", "in 3 days"])
def test_beyond_the_calendar_there_is_nothing(text: str) -> None:
    for zone in ("Pacific/Auckland", "Pacific/Honolulu"):
        found = read_when(text, when.LAST, ZoneInfo(zone), "en")
        assert found is None or found.at is not None


@given(st.datetimes(datetime(2026, 4, 10), datetime(2035, 1, 1)), st.sampled_from(TAGS))  # noqa: DTZ001
def test_every_day_and_minute_can_be_typed(wall: datetime, tag: str) -> None:
    expected = Due(
        at=when.moment(wall.date(), wall.time().replace(second=0, microsecond=0), MADRID)
    )
    assert read(f"{wall:%Y-%m-%d %H:%M}", tag) == expected
    if tag != "en":
        assert read(f"{wall:%d/%m/%Y %H:%M}", tag) == expected


@given(st.integers(1, 400))
def test_a_date_without_a_year_is_the_next_one(ahead: int) -> None:
    day = NOW.date() + timedelta(days=ahead)
    found = read(f"{day:%d.%m.}", "de")
    assert found is not None
    assert found.on is not None
    assert (found.on.day, found.on.month) == (day.day, day.month)
    assert NOW.date() <= found.on <= day
