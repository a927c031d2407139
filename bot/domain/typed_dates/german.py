"""German; umlauts may be written as two letters."""

from __future__ import annotations

from bot.domain.typed_dates.words import (
    Words,
    counted,
    hours,
    later_hours,
    numbered,
    several,
    units,
)

WORDS = Words(
    relative={"heute": 0, "morgen": 1, "ubermorgen": 2, "uebermorgen": 2},
    weekdays=numbered(
        "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend", "sonntag"
    ),
    short_weekdays=numbered("mo.", "di.", "mi.", "do.", "fr.", "sa.", "so."),
    months=counted(
        "januar janner jaenner jan",
        "februar feb",
        "marz maerz mrz",
        "april apr",
        "mai",
        "juni jun",
        "juli jul",
        "august aug",
        "september sept sep",
        "oktober okt",
        "november nov",
        "dezember dez",
    ),
    units=units(
        minutes="minute minuten min",
        hours="stunde stunden std h",
        days="tag tage tagen",
        weeks="woche wochen",
    ),
    numbers=counted(
        *("ein eins", "zwei", "drei", "vier", "funf fuenf", "sechs"),
        *("sieben", "acht", "neun", "zehn", "elf", "zwolf zwoelf"),
    ),
    articles=("eine", "einem", "einen", "einer"),
    within=("in",),
    before_relative=("bis", "fur", "fuer"),
    before_day=("am", "bis", "bis zum", "fur", "fuer", "den", "zum"),
    before_date=(),
    before_number=(),
    coming=(
        *("nachsten", "naechsten", "nachster", "naechster"),
        *("kommenden", "kommender", "diesen", "dieser"),
    ),
    coming_after=(),
    before_clock=("um", "bis um"),
    before_marked=("bis",),
    marks=("uhr", "h"),
    parts={
        "fruh": hours(1, 11),
        "frueh": hours(1, 11),
        "morgens": hours(1, 11),
        "vormittags": hours(1, 11),
        "mittags": {12: 12},
        "nachmittags": later_hours(1, 6),
        "abends": later_hours(5, 11),
    },
    fractions={},
    noons=(),
    of=(),
    ordinals=(".",),
    month_before_day=False,
    numeric_day_first=True,
    unfinished=several(
        "der die das den dem des ein eine einen einem zu zum zur mit von vom fur fuer und oder bis"
        " am im um ab seit vor nach zwischen jeden jede jeder letzten vergangenen guten gestern"
        " nicht uhr halb viertel mittag mittags mitternacht vormittag nachmittag abend nacht nachts"
        " fruh frueh morgens abends"
    ),
    other_days=several("gestern woche wochenende monat jahr"),
    tells_hours=("halb", "nach", "vor", "viertel", "dreiviertel", "gegen", "ab", "bis"),
)
