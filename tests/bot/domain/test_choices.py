"""What people have chosen, over the defaults."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.choices import Away, as_texts, changed, differing, preferred, with_status
from bot.domain.preferences import Absence, AbsenceMode, Preferences, QuietHours

DEFAULTS = Preferences(timezone="Europe/Madrid", locale="es-ES")
HOLD, SKIP, DELEGATE = AbsenceMode.HOLD, AbsenceMode.SKIP, AbsenceMode.DELEGATE
MAY = date(2026, 5, 4)

CHOSEN = [
    ("locale", "de", "de"),
    ("timezone", "Asia/Kathmandu", "Asia/Kathmandu"),
    ("working_days", frozenset({6, 0, 1, 2, 3}), "sun-thu"),
    ("quiet", None, "off"),
    ("quiet", QuietHours(time(22), time(6, 30)), "22:00-06:30"),
    ("digest_at", None, "off"),
    ("digest_at", time(7, 15), "07:15"),
    ("due_soon", None, "none"),
    ("due_soon", timedelta(hours=1), "60"),
    ("country", "ES-MD", "ES-MD"),
    ("urgent_passes", True, "on"),
    ("follows_status", False, "off"),
    ("absence", Absence(HOLD), "hold"),
    ("absence", Absence(SKIP, MAY), "skip 2026-05-04"),
    ("absence", Absence(DELEGATE, None, "U1"), "delegate U1"),
    ("absence", Absence(DELEGATE, MAY, "U1"), "delegate U1 2026-05-04"),
]


@pytest.mark.parametrize(("name", "value", "text"), CHOSEN)
def test_only_what_is_not_the_default_is_chosen(name: str, value: object, text: str) -> None:
    wanted = preferred(DEFAULTS, {name: text})
    assert getattr(wanted, name) == value
    assert differing(wanted, DEFAULTS) == {name: text}
    assert changed(DEFAULTS, wanted) == [name]


def test_who_chose_nothing_has_the_defaults() -> None:
    assert preferred(DEFAULTS, {}) == DEFAULTS
    assert differing(DEFAULTS, DEFAULTS) == {}


def test_all_of_it_is_read_back() -> None:
    texts = {name: text for name, _, text in CHOSEN}
    wanted = preferred(DEFAULTS, texts)
    assert preferred(Preferences(), as_texts(wanted)) == wanted


def test_a_choice_that_this_version_does_not_know_is_left_alone() -> None:
    assert preferred(DEFAULTS, {"colour": "red"}) == DEFAULTS


NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
"""12:00 in Madrid."""
MIDNIGHT = datetime(2026, 5, 4, 22, 0, tzinfo=UTC)
OWN, OVER = Absence(SKIP, MAY), Absence(SKIP, date(2026, 5, 3))

ABSENT = [
    ("nothing", None, None, True, None),
    ("set", OWN, None, True, OWN),
    ("over", OVER, None, True, None),
    ("status without an end", None, Away(), True, Absence(HOLD)),
    ("status until later that day", None, Away(NOON + timedelta(hours=3)), True,
     Absence(HOLD, MAY)),
    ("status until midnight there", None, Away(MIDNIGHT), True, Absence(HOLD, MAY)),
    ("status beyond midnight", None, Away(MIDNIGHT + timedelta(hours=9)), True,
     Absence(HOLD, date(2026, 5, 5))),
    ("status that ends now", None, Away(NOON), True, None),
    ("status that is not followed", None, Away(), False, None),
    ("set, and a status", OWN, Away(), True, OWN),
    ("over, and a status", OVER, Away(), True, Absence(HOLD)),
]  # fmt: skip


@pytest.mark.parametrize(("_name", "own", "status", "follows", "counts"), ABSENT)
def test_absence(
    _name: str, own: Absence | None, status: Away | None, follows: bool, counts: Absence | None
) -> None:
    wanted = Preferences(timezone="Europe/Madrid", absence=own, follows_status=follows)
    assert with_status(wanted, status, NOON).absence == counts
