"""Vambe against its simulator: options, listing, reading, people and keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from adapters import contract as c
from adapters.vambe import VambeOptions
from adapters.vambe_wire import TaskRow, read_listing
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.service import Breakage
from sandbox.providers.vambe import VambeSim
from tests.adapters.vambe_room import (
    DONE,
    KEY,
    asked_for,
    first,
    listed,
    listings,
    meddled,
    over_a_line,
    provider,
)

TODAY = date(2026, 4, 11)

# Options.


@pytest.mark.parametrize(
    "wrong",
    [
        {"done_status": " "},
        {"timezone": "Santiago"},
        {"timezone": "../etc/passwd"},
        {"past_days": 0},
        {"future_days": "soon"},
        {"link_template": "app.example.com/{contact_id}"},
        {"link_template": "https://app.example.com/{contact}"},
        {"done": "Listo"},
    ],
)
def test_options_that_make_no_sense_are_refused_without_an_echo(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        VambeOptions.model_validate({"api_key": KEY, **wrong})
    assert KEY not in str(caught.value)


# Listing.


@pytest.mark.parametrize("count", [0, 1, 10_000])
async def test_every_task_is_listed_once(vambe: VambeSim, maria: str, count: int) -> None:
    for number in range(count):
        vambe.add_task(f"Task {number}", [maria])
    vambe.add_task("of nobody")
    vambe.add_task("of somebody else", [vambe.key_owner["id"]])
    tasks, whole = await listed(provider(vambe), [maria])
    assert whole
    assert len({task.id for task in tasks}) == len(tasks) == count
    assert len(vambe.requests) == 1


@pytest.mark.parametrize("people", [[], ["maria"], [""]])
async def test_nobody_to_ask_about_costs_no_request(vambe: VambeSim, people: list[str]) -> None:
    vambe.add_task()
    assert [page async for page in provider(vambe).tasks(people)] == []
    assert vambe.requests == []


async def test_somebody_who_cannot_be_one_of_vambes_spoils_nothing(
    vambe: VambeSim, maria: str
) -> None:
    vambe.add_task(responsibles=[maria])
    tasks, whole = await listed(provider(vambe), ["maria", maria, "", maria])
    assert (len(tasks), whole) == (1, True)
    assert asked_for(vambe.requests[0]) == [maria]


async def test_many_people_come_in_batches_and_a_shared_task_once(vambe: VambeSim) -> None:
    people = [vambe.add_member(f"M {n}", f"m{n}@example.com")["id"] for n in range(120)]
    shared = vambe.add_task("shared", people)
    own = [vambe.add_task("own", [person])["id"] for person in people]
    vambe.max_url_length = 4000
    pages = [page async for page in provider(vambe).tasks(people)]
    ids = [task.id for page in pages for task in page.tasks]
    assert sorted(ids) == sorted([shared["id"], *own])
    assert [len(asked_for(request)) for request in vambe.requests] == [50, 50, 20]
    (task,) = [task for task in pages[0].tasks if task.title == "shared"]
    assert [person.id for person in task.operators] == people


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
async def test_the_window_reaches_whole_days_wherever_the_server_is(
    clock: MovableClock, zone: str
) -> None:
    sim = VambeSim(clock, server_timezone=zone)
    maria = sim.add_member("Maria", "maria@example.com")["id"]
    for title, days in (("old", -180), ("late", 365)):
        for hour in (0, 23):
            due = datetime(2026, 4, 11, hour, 59, tzinfo=UTC) + timedelta(days=days)
            sim.add_task(title, [maria], due)
        sim.add_task(title, [maria], TODAY + timedelta(days=days), zone)
    sim.add_task("undated", [maria])
    sim.add_task("too old", [maria], datetime(2025, 10, 1, tzinfo=UTC))
    sim.add_task("too late", [maria], datetime(2027, 4, 20, tzinfo=UTC))
    tasks, _ = await listed(provider(sim), [maria])
    assert sorted(task.title for task in tasks) == ["late"] * 3 + ["old"] * 3 + ["undated"]
    assert sim.violations == []


async def test_the_window_can_be_set(vambe: VambeSim, maria: str) -> None:
    for days in (-40, -5, 5, 40):
        vambe.add_task(f"{days}", [maria], TODAY + timedelta(days=days))
    tasks, _ = await listed(provider(vambe, past_days="10", future_days=10), [maria])
    assert sorted(task.title for task in tasks) == ["-5", "5"]


@pytest.mark.parametrize("broken", [Breakage.HTML, Breakage.TRUNCATED])
async def test_an_unreadable_list_is_malformed(
    vambe: VambeSim, maria: str, broken: Breakage
) -> None:
    vambe.add_task(responsibles=[maria])
    vambe.break_page(broken)
    with pytest.raises(c.Malformed):
        await listed(provider(vambe), [maria])


@pytest.mark.parametrize("answer", [{"data": []}, None, "none", 7])
async def test_anything_but_a_list_is_malformed(vambe: VambeSim, maria: str, answer: Any) -> None:
    adapter = meddled(vambe, lambda _: httpx2.Response(200, json=answer))
    with pytest.raises(c.Malformed):
        await listed(adapter, [maria])


@pytest.mark.parametrize(
    ("broken", "kept"),
    [(Breakage.MISSING_ID, 2), (Breakage.WRONG_TYPES, 2), (Breakage.UNKNOWN_ENUM, 3)],
)
async def test_one_bad_row_harms_no_other(
    vambe: VambeSim, maria: str, broken: Breakage, kept: int
) -> None:
    for _ in range(3):
        vambe.add_task("Private matter", [maria])
    vambe.break_page(broken)
    with capture_logs() as logs:
        tasks, whole = await listed(provider(vambe), [maria])
    assert (len(tasks), whole) == (kept, kept == 3)
    assert all(task.state is c.TaskState.OPEN for task in tasks)
    assert "Private" not in str(logs)


def test_what_is_lost_is_known_by_its_id() -> None:
    raw = b'[{"id": "a"}, {"id": "b", "title": 7}, {"id": 8}, {}, null]'
    listing = read_listing(TaskRow, raw)
    assert [row.id for row in listing.rows] == ["a"]
    assert listing.lost == {"b", None}
    assert listing.ids == {"a", "b"}


# Rows.


async def test_a_task_reads_as_vambe_tells_it(vambe: VambeSim, maria: str) -> None:
    other = vambe.key_owner["id"]
    due = datetime(2026, 4, 12, 17, 30, tzinfo=UTC)
    row = vambe.add_task("Llamar\n cliente", [maria, other], due, priority="high")
    assert await first(provider(vambe), maria) == c.Task(
        id=row["id"],
        title="Llamar cliente",
        due=c.Due(at=due),
        operators=(c.Operator(maria), c.Operator(other)),
        status_label="Pendiente",
        priority="high",
        urgent=True,
        without=("Pendiente",),
        data={"status": "Pendiente"},
    )


@pytest.mark.parametrize("kind", ["done", "master_done"])
async def test_finished_tasks_are_told_as_such(vambe: VambeSim, maria: str, kind: str) -> None:
    vambe.statuses.add("Listo", kind)
    vambe.add_task(responsibles=[maria], status="Listo")
    task = await first(provider(vambe), maria)
    assert task.state is c.TaskState.DONE
    assert task.result == c.Result(label="Listo")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("low", "low"),
        ("0", "low"),
        ("1", "medium"),
        (2, "high"),
        ("cosmic", "cosmic"),
        (None, None),
    ],
)
async def test_priorities_are_read_in_both_forms(
    vambe: VambeSim, maria: str, written: Any, read: str | None
) -> None:
    vambe.add_task(responsibles=[maria], priority=written)
    task = await first(provider(vambe), maria)
    assert (task.priority, task.urgent) == (read, read == "high")


async def test_nulls_wherever_something_may_be_missing(vambe: VambeSim, maria: str) -> None:
    row = vambe.add_task(responsibles=[maria])
    bare = {"id": row["id"]}
    nulls = {**dict.fromkeys(row), **bare}
    for answer in (bare, nulls):
        adapter = meddled(vambe, lambda _, answer=answer: httpx2.Response(200, json=[answer]))
        assert await listed(adapter, [maria]) == ([c.Task(row["id"], "Task")], True)
    vambe.edit(row["id"], status_config=None)
    task = await first(provider(vambe), maria)
    assert (task.state, task.without, task.data) == (c.TaskState.OPEN, (), {})


@pytest.mark.parametrize(
    ("written", "shown"),
    [("Piso 3,\n timbre", ("Piso 3, timbre",)), (" ", ()), ("a" * 300, ("a" * 199 + "…",))],
)
async def test_a_description_is_a_detail(
    vambe: VambeSim, maria: str, written: str, shown: tuple[str, ...]
) -> None:
    vambe.add_task(responsibles=[maria], description=written)
    assert (await first(provider(vambe), maria)).details == shown


async def test_the_page_of_a_task(vambe: VambeSim, maria: str) -> None:
    row = vambe.add_task(responsibles=[maria], ai_contact_id="a/b")
    vambe.add_task(responsibles=[maria])
    link = "https://app.example.com/pipeline?id=7&chat={contact_id}"
    tasks, _ = await listed(provider(vambe, link_template=link), [maria])
    assert {task.id == row["id"]: task.url for task in tasks} == {
        True: "https://app.example.com/pipeline?id=7&chat=a%2Fb",
        False: None,
    }
    own = provider(vambe, link_template="https://app.example.com/{task_id}")
    assert all(
        task.url == f"https://app.example.com/{task.id}" for task in (await listed(own, [maria]))[0]
    )
    assert (await first(provider(vambe), maria)).url is None


# People and keys.


async def test_the_directory_holds_no_telephone_number(vambe: VambeSim, maria: str) -> None:
    people = await provider(vambe).operators()
    assert people[1] == c.Operator(maria, "Maria Rodriguez", "maria@example.com")
    assert "+569" not in repr(people)


async def test_a_member_who_cannot_be_read_is_left_out(vambe: VambeSim, maria: str) -> None:
    members = [{"name": "Nobody"}, {"id": maria, "email": None}, 7]
    with capture_logs() as logs:
        people = await meddled(vambe, lambda _: httpx2.Response(200, json=members)).operators()
    assert people == [c.Operator(maria)]
    assert "Nobody" not in str(logs)


async def test_check_proves_the_key(vambe: VambeSim) -> None:
    assert await provider(vambe).check() == c.Account("Vambe")
    assert len(vambe.requests) == 1


async def test_a_wrong_key_is_unauthorized_and_never_told(vambe: VambeSim) -> None:
    vambe.revoke_key()
    with capture_logs() as logs, pytest.raises(c.Unauthorized) as caught:
        await provider(vambe).check()
    assert KEY not in f"{caught.value}{logs}"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, c.Rejected),
        (401, c.Unauthorized),
        (403, c.Unauthorized),
        (404, c.NotFound),
        (414, c.Rejected),
        (429, c.RateLimited),
        (500, c.Unavailable),
        (503, c.Unavailable),
    ],
)
async def test_refusals_by_name(
    vambe: VambeSim, maria: str, clock: MovableClock, status: int, error: type[c.ProviderError]
) -> None:
    vambe.add_task(responsibles=[maria])
    adapter = provider(vambe)
    task = await first(adapter, maria)
    for call in (
        lambda: listed(adapter, [maria]),
        lambda: adapter.lookup(task),
        adapter.check,
        adapter.operators,
    ):
        vambe.faults.add(Fault(Trouble.STATUS, times=None, status=status))
        with pytest.raises(error) as caught:
            await call()
        vambe.faults.clear()
        clock.advance(timedelta(minutes=2))
        assert maria not in str(caught.value)


async def test_a_cut_line_is_tried_again(vambe: VambeSim, maria: str) -> None:
    vambe.add_task(responsibles=[maria])
    async with over_a_line(vambe) as adapter:
        vambe.faults.add(Fault(Trouble.DROP, "tasks", times=2))
        tasks, whole = await listed(adapter, [maria])
        assert (len(tasks), whole) == (1, True)


async def test_what_changes_between_two_listings_shows(vambe: VambeSim, maria: str) -> None:
    one, two = (vambe.add_task(title, [maria]) for title in ("one", "two"))
    adapter = provider(vambe)
    await listed(adapter, [maria])
    vambe.complete_elsewhere(one["id"])
    vambe.reassign(two["id"], [vambe.key_owner["id"]])
    vambe.add_task("three", [maria])
    tasks, _ = await listed(adapter, [maria])
    assert {task.title: task.status_label for task in tasks} == {"one": DONE, "three": "Pendiente"}
    assert len(listings(vambe)) == 2
