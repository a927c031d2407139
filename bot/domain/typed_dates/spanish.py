"""Spanish."""

from __future__ import annotations

from bot.domain.typed_dates.words import (
    AM,
    PM,
    Words,
    counted,
    hours,
    later_hours,
    numbered,
    several,
    units,
)

WORDS = Words(
    relative={"hoy": 0, "manana": 1, "pasado manana": 2},
    weekdays=numbered("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    short_weekdays=numbered("lun", "mar", "mie", "jue", "vie", "sab", "dom"),
    months=counted(
        "enero ene",
        "febrero feb",
        "marzo mar",
        "abril abr",
        "mayo may",
        "junio jun",
        "julio jul",
        "agosto ago",
        "septiembre setiembre sept sep",
        "octubre oct",
        "noviembre nov",
        "diciembre dic",
    ),
    units=units(
        minutes="minuto minutos min",
        hours="hora horas h hs hrs",
        days="dia dias",
        weeks="semana semanas",
    ),
    numbers=counted(
        *("una", "dos", "tres", "cuatro", "cinco", "seis"),
        *("siete", "ocho", "nueve", "diez", "once", "doce"),
    ),
    articles=("un",),
    within=("en", "dentro de"),
    before_relative=("para", "hasta"),
    before_day=("el", "para", "para el", "hasta el"),
    before_date=("el dia", "para el dia"),
    before_number=("el", "para el", "hasta el", "el dia", "para el dia"),
    coming=("proximo", "este"),
    coming_after=("que viene", "proximo"),
    before_clock=("a las", "a la", "para las", "hasta las"),
    before_marked=(),
    marks=("h", "h.", "hs", "hs.", "hrs", "hora", "horas"),
    parts={
        "de la madrugada": hours(1, 6),
        "de la manana": hours(1, 11),
        "de la tarde": later_hours(1, 8),
        "de la noche": later_hours(7, 11),
        "am": AM,
        "a.m.": AM,
        "a. m.": AM,
        "pm": PM,
        "p.m.": PM,
        "p. m.": PM,
    },
    fractions={"y cuarto": 15, "y media": 30},
    noons=("al mediodia", "a mediodia"),
    of=("de", "del"),
    ordinals=("º", "o", "."),
    month_before_day=False,
    numeric_day_first=True,
    unfinished=several(
        "a al de del la las el los un una y o u con sin por para en desde entre antes despues cada"
        " todo todos hasta ultimo pasado que no media cuarto menos mediodia medianoche tarde noche"
        " madrugada am pm"
    ),
    other_days=several("ayer anteayer semana finde mes ano"),
    tells_hours=("las", "la"),
)
