"""Time zones and countries, as people search for them: by name in their language, or by code."""

from __future__ import annotations

import importlib.resources
from functools import cache

from bot.domain.language import Language
from bot.domain.searching import FOUND, begins, by_name, matching, split

_AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia"),
    *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
)
"""The other names of zones are old ones, and such in which nobody lives."""


def known_zone(name: str) -> bool:
    """Whether it is a zone that is offered."""
    return name in _zones()


def find_zones(query: str, language: Language) -> list[str]:
    """The zones whose place, or whose country in that language, has words that begin so."""
    from babel.core import get_global

    countries, named = get_global("zone_territories"), _territories(language.tag)
    words = {name: f"{name} {named.get(countries.get(name, ''), '')}" for name in _zones()}
    return matching(query, words)


def zone_name(name: str) -> str:
    """`America/New York`."""
    return name.replace("_", " ")


def known_country(code: str) -> bool:
    """Whether the public holidays of that country, or part of one (`DE-BY`), are known."""
    country, _, part = code.partition("-")
    return country in _countries() and (not part or code in _parts(country))


def country_name(code: str, language: Language) -> str:
    """`Alemania`, `Alemania · Bayern`; the parts in their own language."""
    country, _, part = code.partition("-")
    name = _territories(language.tag).get(country, country)
    return f"{name} · {_parts(country).get(code, part)}" if part else name


def find_countries(query: str, language: Language, zone: str) -> list[str]:
    """The codes of the countries whose names have words that begin so, their parts behind them;
    without a query first the one in which that zone lies."""
    from babel.core import get_global

    names = {code: country_name(code, language) for code in _countries()}
    if not query.strip():
        own = get_global("zone_territories").get(zone)
        first = [own, *_parts(own)] if own in names else []
        return [*first, *(code for code in by_name(names) if code != own)][:FOUND]
    words = {code: f"{name} {code}" for code, name in names.items()}
    found = matching(query, words)
    near = [code for code in names if begins(split(query)[:1], words[code])]
    parts = {
        part: f"{words[code]} {country_name(part, language)} {part}"
        for code in near
        for part in _parts(code)
    }
    return [*found, *matching(query, parts)][:FOUND]


@cache
def _zones() -> tuple[str, ...]:
    listed = importlib.resources.files("tzdata").joinpath("zones").read_text().split()
    return (*sorted(name for name in listed if name.split("/")[0] in _AREAS), "UTC")


@cache
def _countries() -> frozenset[str]:
    from holidays.registry import EntityLoader  # the package itself loads every country's module

    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


@cache
def _parts(country: str) -> dict[str, str]:
    """Code to name of the parts of a country that have holidays of their own."""
    import holidays

    calendar = holidays.country_holidays(country)
    names = {code: name for name, code in reversed(calendar.subdivisions_aliases.items())}
    parts = (part for part in calendar.subdivisions if part == part.upper())
    return {f"{country}-{part}": names.get(part, part) for part in parts}


@cache
def _territories(tag: str) -> dict[str, str]:
    from babel import Locale

    return dict(Locale.parse(tag).territories)
