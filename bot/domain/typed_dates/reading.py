"""Reads a typed date: all of the text, or nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.contract import Due
from bot.domain import when
from bot.domain.typed_dates.grammar import (
    day_within,
    fold,
    hour_at_end,
    hour_within,
    patterns,
    words_of,
)
from bot.domain.typed_dates.words import Words

_LONGEST = 12
"""Words of the longest phrase that is looked for at the end of a sentence."""
_LEAP_YEARS = 9
"""Years within which every day of the calendar comes again."""
_LONGEST_WAIT = 62
"""Days within which every day of the month comes again."""
_MINUTE = timedelta(minutes=1)


def read_when(text: str, now: datetime, tz: ZoneInfo, language_tag: str) -> Due | None:
    """The day or moment that the whole of the text tells in that language (en, es, de, pt; others
    count as en) on that zone's wall clock; None where anything in it is not understood.

    Hours are those of 24 unless the text says otherwise. A weekday is the next one after today, a
    date without a year the next one from today on. 3/4 is refused in English. A moment that a clock
    change skips is the first after the gap, one that comes twice the first of both. A time alone is
    that of today, and None once it is past; other moments of the past are given as they are.
    """
    found = _read(fold(text), now, tz, language_tag)
    return found[1] if found else None


def split_when(text: str, now: datetime, tz: ZoneInfo, language_tag: str) -> tuple[str, Due | None]:
    """A sentence without the date at its end, and that date, as `read_when` reads it.

    None, with the sentence as it is, where there is none, where it could be part of the sentence
    (`Enjoy the sun`, `Send it every Monday`), or where the rest tells another date or hour that
    this one may go with. The rest is empty where the whole text is a date.
    """
    split = _split(text, now, tz, language_tag)
    if split is None:
        return text, None
    title, found, due = split
    if _is_cut(title, found, language_tag) or _split(title, now, tz, language_tag):
        return text, None
    return title, due


def _split(
    text: str, now: datetime, tz: ZoneInfo, language_tag: str
) -> tuple[str, re.Match[str], Due] | None:
    """Around the start of the longest phrase at the end that is surely a date."""
    starts = [word.start() for word in re.finditer(r"\S+", text)]
    for start in starts[-_LONGEST:]:
        found = _read(fold(text[start:]), now, tz, language_tag)
        if found is not None and not _is_doubtful(found[0], words_of(language_tag)):
            return text[:start].rstrip(" \t\n,;:-–—"), *found
    return None


def _is_doubtful(found: re.Match[str], words: Words) -> bool:
    """Whether the phrase may be anything else in a sentence: `sun`, `24/7`, `3.11`, `14 h`."""
    has_clock = _has_clock(found)
    if found["weekday"]:
        bare = not (has_clock or found["coming"] or found["coming_after"] or found["before_day"])
        return bare and found["weekday"] in words.short_weekdays
    if found["first"]:
        sure = ("short_year", "dot", "before_day", "before_date", "weekday_of")
        return not (has_clock or any(found[name] for name in sure))
    told = found["minute"] or found["minute_after"] or found["part"]
    starts = found.start("hour") == 0
    return starts and bool(found["gap"]) and found["mark"] in words.units and not told


def _is_cut(title: str, found: re.Match[str], language_tag: str) -> bool:
    """Whether the date belongs to the word before it, or leaves its hour or its day behind."""
    folded = fold(title).rstrip(".,'\"")
    if folded.rsplit(" ", 1)[-1] in words_of(language_tag).unfinished:
        return True
    left = [hour_at_end(language_tag)]
    if not _has_clock(found):
        left.append(hour_within(language_tag))
    elif not _has_day(found):
        left.append(day_within(language_tag))
    return any(pattern.search(folded) for pattern in left)


def _read(
    folded: str, now: datetime, tz: ZoneInfo, language_tag: str
) -> tuple[re.Match[str], Due] | None:
    for pattern in patterns(language_tag):
        found = pattern.fullmatch(folded)
        if found is None:
            continue
        try:
            due = _due(found, now, tz, words_of(language_tag))
        except (ValueError, OverflowError):  # no such day or hour
            continue
        if due is not None:
            return found, due
    return None


def _due(found: re.Match[str], now: datetime, tz: ZoneInfo, words: Words) -> Due | None:
    """ValueError where there is no such day or hour."""
    clock = _clock(found, words)
    span = _span(found, words)
    if span is not None and span % timedelta(days=1):
        return None if clock else Due(at=_whole_minute(now.astimezone(UTC) + span))
    today = when.local_day(now, tz)
    if clock is not None and not _has_day(found):
        at = when.moment(today, clock, tz)
        return Due(at=at) if at > now else None
    day = today + span if span is not None else _day(found, today, words)
    return Due(on=day) if clock is None else Due(at=when.moment(day, clock, tz))


def _has_clock(found: re.Match[str]) -> bool:
    return any(found[kind] for kind in ("hour", "hour_word", "noon"))


def _has_day(found: re.Match[str]) -> bool:
    kinds = ("unit", "relative", "weekday", "iso", "first", "month", "month_2", "of_month")
    return any(found.groupdict().get(kind) for kind in kinds)


def _span(found: re.Match[str], words: Words) -> timedelta | None:
    if found["unit"] is None:
        return None
    count = int(found["digits"]) if found["digits"] else words.numbers.get(found["number"], 1)
    return timedelta(**{words.units[found["unit"]]: count})


def _whole_minute(at: datetime) -> datetime:
    """The next one: nobody types seconds."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + _MINUTE


def _day(found: re.Match[str], today: date, words: Words) -> date:
    if found["relative"]:
        return today + timedelta(days=words.relative[found["relative"]])
    if found["weekday"]:
        if found["before_date"]:
            raise ValueError("an article before a weekday")
        ahead = (_weekday(found["weekday"], words) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead)
    if found["of_month"]:
        return _of_month(int("".join(filter(str.isdecimal, found["of_month"]))), today)
    day = _calendar_day(found, today, words)
    if found["weekday_of"] and _weekday(found["weekday_of"], words) != day.weekday():
        raise ValueError("it is another weekday")
    return day


def _weekday(name: str, words: Words) -> int:
    return {**words.weekdays, **words.short_weekdays}[name]


def _calendar_day(found: re.Match[str], today: date, words: Words) -> date:
    if found["iso"]:
        return date.fromisoformat(found["iso"])
    if found["first"]:
        day, month = _numeric(found, words)
        year = found["short_year"]
        return _dated(day, month, int(year) + 2000 * (len(year) == 2) if year else None, today)
    group = found.groupdict()
    name = group["month"] or group["month_2"]
    number = re.match(r"\d+", group["day"] or group["day_2"])
    typed_year = group["year"] or group.get("year_2")
    return _dated(
        int(number[0]) if number else 0,
        words.months[name],
        int(typed_year) if typed_year else None,
        today,
    )


def _numeric(found: re.Match[str], words: Words) -> tuple[int, int]:
    """Day and month."""
    first, second = int(found["first"]), int(found["second"])
    dotted = found["mark_of_day"] == "."
    if (found["dot"] and not dotted) or (found["mark_of_day"] == "-" and not found["short_year"]):
        raise ValueError("no way to write a date")
    if words.numeric_day_first or first > 12 or first == second:
        return first, second
    if second > 12 and not dotted:
        return second, first
    raise ValueError("either may be the day")


def _dated(day: int, month: int, year: int | None, today: date) -> date:
    """In that year, or the next such day from today on."""
    if year is not None:
        return date(year, month, day)
    for later in range(today.year, today.year + _LEAP_YEARS):
        try:
            coming = date(later, month, day)
        except ValueError:
            continue
        if coming >= today:
            return coming
    raise ValueError("no such day in any year")


def _of_month(day: int, today: date) -> date:
    """The next such day from today on."""
    for ahead in range(_LONGEST_WAIT):
        coming = today + timedelta(days=ahead)
        if coming.day == day:
            return coming
    raise ValueError("no such day in any month")


def _clock(found: re.Match[str], words: Words) -> time | None:
    """None where no hour is typed; ValueError for what is none."""
    if found["noon"]:
        return time(12)
    if not _has_clock(found):
        return None
    marked = found["mark"] or found["part"] or found["before_clock"]
    if not (marked or found["colon"] == ":"):
        raise ValueError("no sign that it is an hour")
    if found["hour_word"] and not found["before_clock"]:
        raise ValueError("hours in letters need more of a sign")
    hour = int(found["hour"]) if found["hour"] else words.numbers[found["hour_word"]]
    if found["part"]:
        hour = words.parts[found["part"]].get(hour, 24)
    return time(hour, _minute(found, words))


def _minute(found: re.Match[str], words: Words) -> int:
    if found["minute_after"] and (found["minute"] or found["fraction"]):
        raise ValueError("minutes twice")
    if found["fraction"]:
        return words.fractions[found["fraction"]]
    return int(found["minute"] or found["minute_after"] or 0)
