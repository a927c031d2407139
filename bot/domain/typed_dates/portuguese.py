"""Portuguese, of both shores."""

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

_WEEK = ("segunda", "terca", "quarta", "quinta", "sexta")

WORDS = Words(
    relative={"hoje": 0, "amanha": 1, "depois de amanha": 2},
    weekdays={
        **{f"{name}-feira": number for number, name in enumerate(_WEEK)},
        **{f"{name} feira": number for number, name in enumerate(_WEEK)},
        "sabado": 5,
        "domingo": 6,
    },
    short_weekdays=numbered(
        "segunda seg", "terca ter", "quarta qua", "quinta qui", "sexta sex", "sab", "dom"
    ),
    months=counted(
        "janeiro jan",
        "fevereiro fev",
        "marco mar",
        "abril abr",
        "maio mai",
        "junho jun",
        "julho jul",
        "agosto ago",
        "setembro set",
        "outubro out",
        "novembro nov",
        "dezembro dez",
    ),
    units=units(
        minutes="minuto minutos min",
        hours="hora horas h hs hrs",
        days="dia dias",
        weeks="semana semanas",
    ),
    numbers=counted(
        *("uma", "duas dois", "tres", "quatro", "cinco", "seis"),
        *("sete", "oito", "nove", "dez", "onze", "doze"),
    ),
    articles=("um",),
    within=("em", "daqui a", "dentro de"),
    before_relative=("para", "ate"),
    before_day=(
        *("em", "na", "no"),
        *("para", "para a", "para o", "ate", "ate a", "ate o"),
    ),
    before_date=("dia", "no dia", "ate o dia"),
    before_number=("dia", "no dia", "ate o dia"),
    coming=("proxima", "proximo", "esta", "este", "nesta", "neste"),
    coming_after=("que vem",),
    before_clock=("as", "para as", "ate as"),
    before_marked=("a", "ate a", "para a"),
    marks=("h", "hs", "hrs", "hora", "horas"),
    parts={
        "da madrugada": hours(1, 6),
        "da manha": hours(1, 11),
        "da tarde": later_hours(1, 7),
        "da noite": later_hours(6, 11),
    },
    fractions={"e meia": 30},
    noons=("ao meio-dia", "ao meio dia"),
    of=("de", "do"),
    ordinals=("º", "o", "."),
    month_before_day=False,
    numeric_day_first=True,
    unfinished=several(
        "a o as os ao de do da dos das um uma e ou com sem por para em no na nos nas ate desde"
        " entre antes depois cada todo toda todos todas ultimo ultima passado passada que nao meia"
        " meio-dia meia-noite manha tarde noite madrugada"
    ),
    other_days=several("ontem semana mes ano"),
    tells_hours=("as",),
)
