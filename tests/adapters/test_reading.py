"""From bytes to rows: nothing is echoed, a bad row harms no other, no walk is endless."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st
from structlog.testing import capture_logs

from adapters.contract import Due, Malformed
from adapters.reading import CamelRow, PagingGuard, Row, read_due, read_moment, salvage, validate


class Thing(CamelRow):
    id: str
    some_size: int | None = None


offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.one_of(st.just(UTC), offsets),
)


@given(moments)
def test_an_instant_is_the_same_whatever_its_offset(moment: datetime) -> None:
    due = read_due(moment.isoformat())
    assert due.at == moment
    assert due.at is not None
    assert due.at.tzinfo is UTC


@given(st.dates())
def test_ten_characters_are_a_day(day: date) -> None:
    assert read_due(day.isoformat()) == Due(on=day)


def test_no_offset_means_utc_on_the_days_when_clocks_change() -> None:
    for text in ("2026-03-29T02:30:00", "2026-10-25T02:30:00.000", "2026-03-08T02:30:00Z"):
        assert read_moment(text).utcoffset() == timedelta(0)
        assert read_moment(text).strftime("%H:%M") == "02:30"


@given(st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text())))
def test_what_is_no_date_is_a_value_error_or_a_due(value: object) -> None:
    try:
        assert isinstance(read_due(value), Due)
    except ValueError:
        return


def test_an_instant_beyond_the_calendar_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="calendar"):
        read_moment("0001-01-01T00:00:00+14:00")


@given(st.binary())
def test_bytes_are_things_or_malformed(raw: bytes) -> None:
    try:
        assert validate(list[Thing], raw, "Acme") is not None
    except Malformed:
        return


def test_what_was_sent_is_echoed_nowhere() -> None:
    raw = json.dumps({"id": ["secret"], "someSize": "private"}).encode()
    with pytest.raises(Malformed, match=r"\(id, someSize\)") as caught:
        validate(Thing, raw, "Acme")
    assert caught.value.__context__ is None
    with capture_logs() as logs:
        assert salvage(Thing, [{"id": "1"}, {"someSize": "private"}], "Acme") == [Thing(id="1")]
    assert logs == [
        {
            "event": "provider_rows_kept_out",
            "log_level": "warning",
            "provider": "Acme",
            "rows": 2,
            "kept_out": 1,
            "fields": ["id", "someSize"],
        }
    ]


class Item(Row):
    id: str


def items(*ids: str) -> list[Item]:
    return [Item(id=one) for one in ids]


def test_a_walk_drops_what_it_has_seen() -> None:
    guard = PagingGuard("Acme")
    assert guard.fresh(items("a", "b", "b"), 3) == items("a", "b")
    assert guard.fresh(items("b", "c"), 2) == items("c")
    assert guard.fresh([], 1) == []  # a page of unreadable rows is progress


def test_a_walk_that_gets_nowhere_ends() -> None:
    for rows, received in ((items("a"), 1), ([], 0)):
        guard = PagingGuard("Acme")
        guard.fresh(items("a"), 1)
        with pytest.raises(Malformed, match="does not come to an end"):
            guard.fresh(rows, received)
    guard = PagingGuard("Acme", cap=2)
    guard.fresh(items("a"), 1)
    guard.fresh(items("b"), 1)
    with pytest.raises(Malformed):
        guard.fresh(items("c"), 1)
