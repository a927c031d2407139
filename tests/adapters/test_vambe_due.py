"""When Vambe's tasks are due, read and written, in any zone and wherever Vambe puts midnight."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from adapters import contract as c
from adapters.vambe_due import due_of, zone_of
from adapters.vambe_statuses import Statuses
from adapters.vambe_wire import TaskRow, read_listing, task_of
from sandbox.clock import MovableClock
from sandbox.providers.vambe import VambeSim
from sandbox.providers.vambe_due import AllDay
from tests.adapters.vambe_room import NOW, first, provider, writes

ZONES = [
    "UTC",
    "America/Santiago",
    "America/St_Johns",
    "Europe/London",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]
SKIPPED = date(2026, 9, 6)
"""The day in Santiago that begins at 01:00."""

all_days = pytest.mark.parametrize("all_day", AllDay)


async def moved(vambe: VambeSim, person: str, due: c.Due) -> c.Task:
    adapter = provider(vambe)
    return await adapter.submit(await first(adapter, person), c.Reschedule(NOW, due), None)


# Reading.


@all_days
@pytest.mark.parametrize("zone", [*ZONES, None])
@pytest.mark.parametrize("day", [date(2026, 4, 20), date(2026, 10, 25), SKIPPED])
async def test_a_day_is_a_day(
    vambe: VambeSim, maria: str, all_day: AllDay, zone: str | None, day: date
) -> None:
    vambe.all_day = all_day
    vambe.add_task(responsibles=[maria], due_at=day, timezone=zone)
    assert (await first(provider(vambe), maria)).due == c.Due(on=day)


async def test_without_a_zone_the_configured_one_tells_the_day(vambe: VambeSim, maria: str) -> None:
    told = {"due_at": "2026-04-20T04:00:00.000Z", "is_all_day": True}
    for zone in (None, "America/Nowhere", ""):
        vambe.add_task(responsibles=[maria], due_timezone=zone, **told)
    for place, day in (("America/Santiago", 20), ("America/Los_Angeles", 19)):
        adapter = provider(vambe, timezone=place)
        async for page in adapter.tasks([maria]):
            assert {task.due for task in page.tasks} == {c.Due(on=date(2026, 4, day))}


@pytest.mark.parametrize(
    ("told", "all_day", "due"),
    [
        (None, True, None),
        ("2026-04-20T04:00:00Z", False, c.Due(at=datetime(2026, 4, 20, 4, tzinfo=UTC))),
        ("2026-04-20T04:00:00", None, c.Due(at=datetime(2026, 4, 20, 4, tzinfo=UTC))),
        ("2026-04-20T01:00:00-03:00", False, c.Due(at=datetime(2026, 4, 20, 4, tzinfo=UTC))),
        ("2026-04-20", False, c.Due(on=date(2026, 4, 20))),
        ("2026-04-20", True, c.Due(on=date(2026, 4, 20))),
    ],
)
async def test_forms_of_a_due(
    vambe: VambeSim, maria: str, told: str | None, all_day: bool | None, due: c.Due | None
) -> None:
    vambe.add_task(responsibles=[maria], due_at=told, is_all_day=all_day)
    assert (await first(provider(vambe), maria)).due == due


def test_the_first_day_of_the_calendar() -> None:
    told = c.Due(at=datetime(1, 1, 1, 3, tzinfo=UTC))
    assert due_of(told, True, "America/Santiago", ZoneInfo("UTC")) == c.Due(on=date(1, 1, 1))


@pytest.mark.parametrize("name", ["America/Nowhere", "../UTC", "", None, "a" * 300, "America"])
def test_a_zone_that_nobody_knows(name: str | None) -> None:
    assert zone_of(name, ZoneInfo("Asia/Tokyo")).key == "Asia/Tokyo"


# Writing.


async def test_a_time_is_written_in_the_tasks_own_zone(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria], due_at=NOW, timezone="Asia/Kathmandu")
    task = await moved(vambe, maria, c.Due(at=datetime(2026, 4, 14, 20, 30, 59, 5, tzinfo=UTC)))
    assert task.due == c.Due(at=datetime(2026, 4, 14, 20, 30, tzinfo=UTC))
    assert writes(vambe) == [
        {"dueDate": "2026-04-15", "dueTime": "02:15", "timezone": "Asia/Kathmandu"}
    ]


@pytest.mark.parametrize("zone", [None, "America/Nowhere"])
async def test_or_else_in_the_configured_one(vambe: VambeSim, maria: str, zone: str | None) -> None:
    vambe.add_task(responsibles=[maria], due_at=None, due_timezone=zone)
    adapter = provider(vambe, timezone="America/Lima")
    task = await first(adapter, maria)
    due = c.Due(at=datetime(2026, 4, 14, 20, 30, tzinfo=UTC))
    assert (await adapter.submit(task, c.Reschedule(NOW, due), None)).due == due
    assert writes(vambe)[0]["timezone"] == "America/Lima"


@all_days
@pytest.mark.parametrize("zone", ZONES)
async def test_a_day_stays_a_day(vambe: VambeSim, maria: str, all_day: AllDay, zone: str) -> None:
    vambe.all_day = all_day
    vambe.add_task(responsibles=[maria], due_at=date(2026, 4, 12), timezone=zone)
    task = await moved(vambe, maria, c.Due(on=SKIPPED))
    assert task.due == c.Due(on=SKIPPED)
    assert writes(vambe) == [{"dueDate": "2026-09-06"}]


@all_days
async def test_a_task_changes_its_form_when_told_to(
    vambe: VambeSim, maria: str, all_day: AllDay
) -> None:
    vambe.all_day = all_day
    vambe.add_task(responsibles=[maria], due_at=NOW)
    day, time = c.Due(on=date(2026, 4, 20)), c.Due(at=datetime(2026, 4, 20, 2, tzinfo=UTC))
    assert (await moved(vambe, maria, day)).due == day
    assert (await moved(vambe, maria, time)).due == time


@pytest.mark.parametrize("hour", [2, 3, 4])
async def test_an_hour_that_comes_twice_is_written_without_doubt(
    vambe: VambeSim, maria: str, hour: int
) -> None:
    """In Santiago the clocks go back from 24:00 to 23:00, so that 02:30Z and 03:30Z look alike."""
    vambe.add_task(responsibles=[maria], due_at=NOW)
    due = c.Due(at=datetime(2027, 4, 4, hour, 30, tzinfo=UTC))
    assert (await moved(vambe, maria, due)).due == due
    zones = {2: "UTC", 3: "UTC", 4: "America/Santiago"}
    assert writes(vambe)[0]["timezone"] == zones[hour]


async def test_a_due_that_stands_there_is_not_written(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria], due_at=NOW)
    assert (await moved(vambe, maria, c.Due(at=NOW.replace(second=5)))).due == c.Due(at=NOW)
    assert writes(vambe) == []


# Any due.

moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - made aware
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
zones = st.sampled_from(ZONES)
dues = st.builds(lambda at: c.Due(at=at), moments) | st.builds(lambda on: c.Due(on=on), days)


@given(
    due=dues,
    then=dues,
    zone=zones,
    fallback=zones,
    all_day=st.sampled_from(AllDay),
    own=st.booleans(),
)
def test_what_is_written_is_read(
    due: c.Due, then: c.Due, zone: str, fallback: str, all_day: AllDay, own: bool
) -> None:
    """A new task and a moved one are due when they should be, to the minute."""

    async def check() -> None:
        sim = VambeSim(MovableClock(NOW))
        sim.all_day = all_day
        adapter = provider(sim, timezone=fallback)
        owner = c.Operator(sim.key_owner["id"])
        task = await adapter.create(c.Draft("Any", NOW, due=due), owner)
        assert task.due == minutes(due)
        if own:
            sim.edit(task.id, due_timezone=zone, due_at=due.at or due.on)
        told = await adapter.submit(task, c.Reschedule(NOW, then), None)
        assert told.due == minutes(then)
        assert await adapter.lookup(told) == told
        assert sim.violations == []

    asyncio.run(check())


def minutes(due: c.Due) -> c.Due:
    return c.Due(at=due.at.replace(second=0, microsecond=0)) if due.at else due


# Rows.

texts = st.none() | st.text(max_size=5)
rows = st.fixed_dictionaries(
    {"id": st.uuids().map(str)},
    optional={
        "title": texts,
        "description": texts,
        "due_at": st.none() | moments.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S.000Z}"),
        "due_timezone": texts | zones,
        "is_all_day": st.none() | st.booleans(),
        "created_at": st.none() | moments.map(datetime.isoformat),
        "ai_contact_id": texts,
        "priority": texts | st.sampled_from(["low", "2"]) | st.integers(),
        "task_responsibles": st.none()
        | st.lists(st.fixed_dictionaries({"responsible_id": st.text()})),
        "status_config": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "id": texts,
                "name": texts,
                "type": texts | st.sampled_from(["initial", "in_progress", "done", "master_done"]),
                "order": st.none() | st.integers() | st.floats(allow_nan=False),
            },
        ),
    },
)


@given(st.lists(rows, max_size=4, unique_by=lambda row: row["id"]))
def test_nulls_and_unknown_words_are_read(found: list[dict[str, Any]]) -> None:
    listing = read_listing(TaskRow, json.dumps(found).encode())
    assert (len(listing.rows), listing.lost) == (len(found), frozenset())
    statuses = Statuses(None)
    statuses.learn(listing.rows)
    known = {outcome.code: outcome for outcome in statuses.outcomes()}
    assert (statuses.gap is None) == any(one.completes for one in known.values())
    for row, told in zip(listing.rows, found, strict=True):
        task = task_of(row, ZoneInfo("UTC"), "https://example.com/{contact_id}")
        status = told.get("status_config") or {}
        assert task.title
        assert (task.due is None) == (told.get("due_at") is None)
        assert (task.state is c.TaskState.DONE) == (status.get("type") in {"done", "master_done"})
        assert bool(task.url) == bool(told.get("ai_contact_id"))
        assert task.without == ((status["name"],) if status.get("name") else ())
        assert set(task.without) <= known.keys()
        assert len({one.id for one in task.operators}) == len(task.operators)
