"""The tables in `docs/sandbox.md` are those that the sandbox reads."""

from __future__ import annotations

from sandbox.slack.limits import LIMITS, UNDOCUMENTED
from tests.house.sandbox_tables import GUIDE, written


def test_the_guide_shows_the_tables_as_they_are() -> None:
    """`python -m tests.house.sandbox_tables` brings it up to date."""
    guide = GUIDE.read_text()
    assert guide == written(guide)


def test_notes_are_on_limits_that_there_are() -> None:
    assert UNDOCUMENTED.keys() <= LIMITS.keys()
