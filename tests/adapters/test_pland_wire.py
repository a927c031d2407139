"""What PlanD sends, read value by value: times in all their forms, rows with nulls."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, strategies as st

from adapters import contract as c
from adapters.pland_wire import (
    STATUS_OF,
    ZONE,
    TaskRow,
    TypeRow,
    UserRow,
    operator_of,
    read_due,
    read_instant,
    task_of,
    written_due,
)
from adapters.reading import salvage, validate

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ID = "507f1f77bcf86cd799439011"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

instants = st.integers(10**11, 7 * 10**12).map(lambda count: EPOCH + timedelta(milliseconds=count))
days = st.dates(date(1971, 1, 2), date(2199, 12, 30))


# Times.


def milliseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


@given(instants, st.integers(-14 * 60, 14 * 60))
def test_all_forms_tell_the_same_instant(moment: datetime, offset: int) -> None:
    count = milliseconds(moment)
    elsewhere = moment.astimezone(timezone(timedelta(minutes=offset)))
    forms = [
        count,
        float(count),
        str(count),
        f"{count}.0",
        moment.isoformat(),
        moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        elsewhere.isoformat(),
    ]
    assert {read_instant(form) for form in forms} == {moment}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22T12:00:00", NOON - timedelta(hours=1)),
        ("2026-07-22 12:00", datetime(2026, 7, 22, 10, tzinfo=UTC)),
        ("2026-10-25T02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-03-29T02:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_german(text: object, moment: datetime) -> None:
    assert read_instant(text) == moment


@pytest.mark.parametrize(
    "odd",
    [True, "", "soon", "12-11-2026", [], {"$date": 1}, float("nan"), float("inf"), 10**18,
     "9" * 18, "9" * 30, "1e3", "٣٣", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-14:00"],
)  # fmt: skip
def test_what_is_no_time_is_refused_as_a_value(odd: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic asks for this one
        read_instant(odd)


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20))
def test_the_reader_fails_in_one_way_only(value: object) -> None:
    try:
        moment = read_instant(value)
    except ValueError:
        return
    assert moment.tzinfo is UTC


@given(days)
def test_a_day_comes_back_as_the_day(day: date) -> None:
    sent = written_due(c.Due(on=day))
    assert sent.astimezone(ZONE).date() == day
    assert read_due(milliseconds(sent.astimezone(UTC))) == c.Due(on=day)
    assert read_due(sent.isoformat()) == c.Due(on=day)
    assert read_due(day.isoformat()) == c.Due(on=day)


@given(instants)
def test_an_instant_comes_back_as_the_instant_or_its_day(moment: datetime) -> None:
    due = read_due(written_due(c.Due(at=moment)).isoformat())
    assert due is not None
    assert written_due(due) == moment
    local = moment.astimezone(ZONE)
    assert (due.on is not None) == ((local.hour, local.minute, local.second) == (0, 0, 0)
                                    and not local.microsecond)  # fmt: skip


def test_the_last_hour_of_the_calendar_is_no_midnight() -> None:
    last = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert read_due(last.isoformat()) == c.Due(at=last)


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_due(nothing: object) -> None:
    assert read_due(nothing) is None


# Rows.

texts = st.none() | st.text(max_size=5)
times = st.none() | st.sampled_from([0, 1_795_348_800_000, "1795348800000", "2026-11-22T12:00:00Z"])
anything = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.none(), max_size=1)
lives = st.fixed_dictionaries(
    {},
    optional={
        "status": anything,
        "createdBy": anything,
        "lastModifiedAt": anything | times,
        "lastModifiedBy": anything,
    },
)
entities = st.fixed_dictionaries({}, optional={"entityId": texts, "_id": texts, "name": texts})
rows = st.fixed_dictionaries(
    {"_id": st.integers(0, 2**96 - 1).map(lambda number: f"{number:024x}")},
    optional={
        **dict.fromkeys(["title", "taskTypeId", "description", "priority"], texts),
        "taskStatus": texts | st.sampled_from(["new", "in_progress", "completed", "cancelled"]),
        "identifierNumber": st.none() | st.integers() | st.text(max_size=3),
        "assignee": st.none() | entities,
        "dueDate": times,
        "firstTerminatedAt": anything | times,
        "completionResponse": anything,
        "status": st.none() | lives,
        "related": anything,
        "taskType": anything,
        "chatId": anything,
    },
)


@given(st.lists(rows, max_size=4))
def test_nulls_and_what_nobody_knows_are_read(found: list[dict[str, Any]]) -> None:
    one_by_one = salvage(TaskRow, found, "PlanD")
    assert validate(list[TaskRow], json.dumps(found).encode(), "PlanD") == one_by_one
    kinds = {"": TypeRow.model_validate({"_id": "k", "name": "Art", "prefix": "A"})}
    for row, told in zip(one_by_one, found, strict=True):
        task = task_of(row, kinds, None)
        assert task.id == told["_id"]
        assert task.title
        assert all(task.details)
        assert all(code in STATUS_OF for code in task.without)
        assert (task.state is c.TaskState.DONE) == (told.get("taskStatus") == "completed")
        assert (task.result is None) == (task.state is c.TaskState.OPEN)
        assert (task.due is None) == (told.get("dueDate") is None)
        whom = told.get("assignee") or {}
        assert len(task.operators) == bool(whom.get("entityId") or whom.get("_id"))


@pytest.mark.parametrize("wrong", ["", "507F1F77BCF86CD799439011", f"{ID}0", None, 5])
def test_a_row_whose_id_is_none_is_kept_out(wrong: object) -> None:
    assert salvage(TaskRow, [{"_id": wrong}, {"title": "x"}, {"_id": ID}], "PlanD") == [
        TaskRow.model_validate({"_id": ID})
    ]


def test_an_id_tells_when_it_was_made() -> None:
    made = TaskRow.model_validate({"_id": ID}).made_at
    assert made == datetime(2012, 10, 17, 21, 13, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "active"), [("1", True), (1, True), (None, True), ("0", False), (2, False)]
)
def test_only_one_status_of_users_is_known_to_be_active(status: object, active: bool) -> None:
    row = UserRow.model_validate({"_id": ID, "status": {"status": status}})
    assert operator_of(row) == c.Operator(ID, active=active)


def test_a_user_row_holds_five_fields() -> None:
    found = {
        "_id": ID,
        "general": {"firstName": "Ana", "lastName": None, "birthDate": "1990-01-01"},
        "access": {"email": None, "token": "hidden", "passwordChangeToken": "hidden"},
        "contact": {"email": "ana@example.com", "mobile": "+49 151"},
        "devices": [{"token": "hidden"}],
    }
    row = UserRow.model_validate(found)
    assert operator_of(row) == c.Operator(ID, "Ana", "ana@example.com")
    assert not any(text in repr(row) for text in ("hidden", "1990", "+49"))
