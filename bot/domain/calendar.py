"""The right moment: when a person may be spoken to, and when their digest comes.

A person's wall clock, working week, public holidays and absence decide; instants are aware UTC.
Quiet hours begin and end when the wall clock first shows their time, so that an hour which comes
twice is not quiet twice. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.domain import when
from bot.domain.preferences import Absence, Preferences

_DAY = timedelta(days=1)
_COUNTED = timedelta(days=366)
_LOOKED_BACK = 31


def is_working_day(day: date, preferences: Preferences) -> bool:
    """Whether it is one of the person's working days, and no public holiday of their country."""
    if day.weekday() not in preferences.working_days:
        return False
    return day not in _holidays(preferences.country, day.year)


def next_working_day(day: date, preferences: Preferences) -> date:
    """The first working day after `day`."""
    return next(later for later in _after(day) if is_working_day(later, preferences))


def working_days_between(first: date, last: date, preferences: Preferences) -> int:
    """How many working days there are after `first`, through `last`; from Friday to Monday it is
    one. 0 where `last` is not the later one. Not more than a year is counted."""
    days = (min(last - first, _COUNTED)).days
    return sum(is_working_day(last - _DAY * back, preferences) for back in range(days))


def absence_at(now: datetime, preferences: Preferences) -> Absence | None:
    """The absence that the person is in, by the day that it is for them."""
    absence = preferences.absence
    day = when.local_day(now, when.zone(preferences.timezone))
    return absence if absence is not None and absence.covers(day) else None


def quiet_until(
    now: datetime, preferences: Preferences, *, urgent: bool = False, timed: bool = False
) -> datetime | None:
    """None: the person may be told something now. Else the first moment at which they may be: the
    end of their quiet hours, the next working day, or the end of their absence, whatever is last;
    `when.LAST` for an absence without end. Whoever has no quiet hours keeps no days free either.

    `urgent` passes quiet hours and free days where the person allows it, but no absence. `timed`
    passes free days: what is planned for an hour of one is work for just then.
    """
    passes = urgent and preferences.urgent_passes
    at = now
    while (later := _held_until(at, preferences, passes, timed)) is not None:
        if later == when.LAST:
            return later
        at = later
    return None if at == now else at


def told_at(day: date, clock: time, preferences: Preferences) -> datetime:
    """When the person's clock first shows that time on that day; where quiet hours hold it, their
    end, if that is on the same day. Working days and absences play no part."""
    tz = when.zone(preferences.timezone)
    at = when.moment(day, clock, tz)
    end = _quiet_end(at, preferences)
    return at if end is None or when.local_day(end, tz) != day else end


def next_digest(after: datetime, preferences: Preferences) -> datetime | None:
    """The first digest later than that; None: there is none, or the person is away for good.

    It comes on working days, at the person's hour or at the end of the quiet hours that hold it.
    An evening's digest, whose quiet hours end on the next day only, comes in them.
    """
    clock, absence = preferences.digest_at, preferences.absence
    first = when.local_day(after, when.zone(preferences.timezone))
    if absence is not None and absence.covers(first):
        back = _day_back(absence)
        if back is None:
            return None
        first = back
    if clock is None:
        return None
    return next(
        at
        for day in _after(first - _DAY)
        if is_working_day(day, preferences) and (at := told_at(day, clock, preferences)) > after
    )


def digest_day(now: datetime, preferences: Preferences) -> date | None:
    """The day whose digest is the newest that has come by now, after however long a silence: older
    ones are not sent any more. None: there is none within a month, as in an absence."""
    clock = preferences.digest_at
    if clock is None:
        return None
    today = when.local_day(now, when.zone(preferences.timezone))
    for back in range(_LOOKED_BACK):
        day = today - _DAY * back
        if preferences.absence is not None and preferences.absence.covers(day):
            return None
        if is_working_day(day, preferences) and told_at(day, clock, preferences) <= now:
            return day
    return None


def _held_until(
    at: datetime, preferences: Preferences, passes: bool, timed: bool
) -> datetime | None:
    """The end of the first thing that forbids to speak at that moment; None where nothing does."""
    tz = when.zone(preferences.timezone)
    absence = absence_at(at, preferences)
    if absence is not None:
        back = _day_back(absence)
        return when.LAST if back is None else when.day_starts(back, tz)
    if passes or preferences.quiet is None:
        return None
    day = when.local_day(at, tz)
    if not timed and not is_working_day(day, preferences):
        return when.day_starts(next_working_day(day, preferences), tz)
    return _quiet_end(at, preferences)


def _quiet_end(at: datetime, preferences: Preferences) -> datetime | None:
    """The end of the quiet hours that hold that moment; None where none do."""
    quiet, tz = preferences.quiet, when.zone(preferences.timezone)
    if quiet is None:
        return None
    today = when.local_day(at, tz)
    for day in (today - _DAY, today):
        end_day = day + _DAY if quiet.over_midnight else day
        end = when.moment(end_day, quiet.end, tz)
        if when.moment(day, quiet.start, tz) <= at < end:
            return end
    return None


def _day_back(absence: Absence) -> date | None:
    """The first day after it; None where it has no end."""
    until = absence.until
    return None if until is None or until >= when.LAST.date() - _DAY else until + _DAY


def _after(day: date) -> Iterator[date]:
    while True:
        day += _DAY
        yield day


@lru_cache(maxsize=512)
def _holidays(country: str | None, year: int) -> frozenset[date]:
    """The public holidays of that country, or part of one (`DE-BY`), in that year; none are known
    of a country that the library has not."""
    if country is None:
        return frozenset()
    import holidays  # takes a fifth of a second, and most people name no country

    code, _, subdivision = country.upper().partition("-")
    try:
        return frozenset(holidays.country_holidays(code, subdiv=subdivision or None, years=year))
    except NotImplementedError:
        return frozenset()
