"""Zones and countries are found by what people call them."""

from __future__ import annotations

import pytest

from bot.domain.language import Language
from bot.domain.places import (
    FOUND,
    country_name,
    find_countries,
    find_zones,
    known_country,
    known_zone,
    zone_name,
)

ZONES = [
    ("en", "madrid", "Europe/Madrid"),
    ("en", "new york", "America/New_York"),
    ("en", "york", "America/New_York"),
    ("en", "Kathm", "Asia/Kathmandu"),
    ("es", "alemania", "Europe/Berlin"),
    ("de", "spanien", "Atlantic/Canary"),
    ("pt", "sao paulo", "America/Sao_Paulo"),
    ("es", "mexico", "America/Tijuana"),
    ("en", "utc", "UTC"),
]


@pytest.mark.parametrize(("tag", "query", "name"), ZONES)
def test_zones_are_found(tag: str, query: str, name: str) -> None:
    found = find_zones(query, Language(tag))
    assert name in found
    assert all(map(known_zone, found))


def test_no_more_than_fit_are_found() -> None:
    assert find_zones("zzz", Language("en")) == []
    assert len(find_zones("a", Language("en"))) == FOUND


@pytest.mark.parametrize("name", ["Etc/GMT+3", "US/Pacific", "posixrules", "", "../etc/passwd"])
def test_zones_that_no_one_lives_in_are_not_offered(name: str) -> None:
    assert not known_zone(name)


def test_a_zone_is_named_without_underscores() -> None:
    assert zone_name("America/New_York") == "America/New York"


COUNTRIES = [
    ("es", "alemania", "DE", "Alemania"),
    ("de", "spanien", "ES", "Spanien"),
    ("pt", "mexico", "MX", "México"),
    ("en", "united k", "GB", "United Kingdom"),
    ("en", "mx", "MX", "Mexico"),
]


@pytest.mark.parametrize(("tag", "query", "code", "name"), COUNTRIES)
def test_countries_are_found_by_their_name_first(
    tag: str, query: str, code: str, name: str
) -> None:
    assert find_countries(query, Language(tag), "UTC")[0] == code
    assert country_name(code, Language(tag)) == name


PARTS = [
    ("es", "alemania bay", "DE-BY", "Alemania · Bayern"),
    ("en", "spain", "ES-MD", "Spain · Madrid"),
    ("en", "spain", "ES-CT", "Spain · Cataluña"),
    ("en", "US-CA", "US-CA", "United States · California"),
]


@pytest.mark.parametrize(("tag", "query", "code", "name"), PARTS)
def test_parts_of_a_country_follow_it(tag: str, query: str, code: str, name: str) -> None:
    assert code in find_countries(query, Language(tag), "UTC")
    assert country_name(code, Language(tag)) == name
    assert known_country(code)


def test_without_a_query_the_country_of_the_zone_comes_first() -> None:
    found = find_countries("", Language("de"), "Europe/Berlin")
    assert found[0] == "DE"
    assert "DE-BY" in found[:20]
    assert len(found) == FOUND
    assert find_countries(" ", Language("en"), "UTC")[0] == "AF"


@pytest.mark.parametrize("code", ["XX", "", "none", "DE-XX", "DE-by", "de", "ES-BARCELONA"])
def test_what_has_no_holidays_is_not_known(code: str) -> None:
    assert not known_country(code)
