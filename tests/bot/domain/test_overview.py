"""Who has how much to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from adapters.contract import Due
from bot.domain.overview import Member, burdened

NOW = datetime(2026, 4, 9, 22, 30, tzinfo=UTC)  # in Madrid the 10th has begun
TODAY = date(2026, 4, 9)


def test_whoever_has_most_overdue_comes_first_then_whoever_has_most() -> None:
    late, soon = Due(at=NOW - timedelta(minutes=1)), Due(at=NOW + timedelta(minutes=1))
    dues = {
        "U1": [],
        "U2": [soon, None, None],
        "U3": [late],
        "U4": [late, late, soon, Due(on=TODAY + timedelta(days=9))],
        "U5": [None],
    }
    assert burdened(dues, dict.fromkeys(dues, "UTC"), NOW) == (
        Member("U4", 4, 2, 1),
        Member("U3", 1, 1, 0),
        Member("U2", 3, 0, 1),
        Member("U5", 1, 0, 0),
        Member("U1", 0, 0, 0),
    )


def test_a_day_is_over_where_the_person_is() -> None:
    dues = {"U1": [Due(on=TODAY)], "U2": [Due(on=TODAY)]}
    zones = {"U1": "Europe/Madrid", "U2": "UTC"}
    assert burdened(dues, zones, NOW) == (Member("U1", 1, 1, 0), Member("U2", 1, 0, 1))
