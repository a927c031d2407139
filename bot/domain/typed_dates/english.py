"""English."""

from __future__ import annotations

from bot.domain.typed_dates.words import (
    AM,
    PM,
    Words,
    counted,
    numbered,
    several,
    units,
)

WORDS = Words(
    relative={
        "today": 0,
        "tomorrow": 1,
        "day after tomorrow": 2,
        "the day after tomorrow": 2,
    },
    weekdays=numbered("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    short_weekdays=numbered("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun"),
    months=counted(
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sept sep",
        "october oct",
        "november nov",
        "december dec",
    ),
    units=units(
        minutes="minute minutes min mins",
        hours="hour hours hr hrs h",
        days="day days",
        weeks="week weeks",
    ),
    numbers=counted(
        *("one", "two", "three", "four", "five", "six"),
        *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    ),
    articles=("a", "an"),
    within=("in",),
    before_relative=("by", "for", "due", "due by", "until"),
    before_day=("on", "by", "for", "due", "due on", "due by", "until"),
    before_date=("the", "on the", "by the"),
    before_number=(),
    coming=("next", "this", "coming", "this coming"),
    coming_after=(),
    before_clock=("at",),
    before_marked=("by", "until"),
    marks=("h", "o'clock", "o’clock"),
    parts={
        "am": AM,
        "a.m.": AM,
        "in the morning": {hour: hour for hour in range(1, 12)},
        "pm": PM,
        "p.m.": PM,
        "in the afternoon": {hour: hour + 12 for hour in range(1, 7)},
        "in the evening": {hour: hour + 12 for hour in range(4, 12)},
    },
    fractions={},
    noons=("at noon",),
    of=("of",),
    ordinals=("st", "nd", "rd", "th"),
    month_before_day=True,
    numeric_day_first=False,
    unfinished=several(
        "a an the of to with and or from about till before after since between than not every each"
        " last past next black good noon midnight morning afternoon evening night tonight"
        " oclock o'clock am pm"
    ),
    other_days=several("yesterday week weekend month year"),
    tells_hours=("past", "to", "half", "before", "after", "around", "about"),
)
