"""PlanD's listing against its simulator, and what goes wrong on the way."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from adapters import contract as c
from adapters.pland import PlandOptions
from adapters.pland_wire import OPEN_STATUSES
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import PlandSim
from sandbox.providers.service import Breakage
from tests.adapters.pland_room import (
    NOBODY,
    Meanwhile,
    asked,
    first,
    listed,
    provider,
    scripted,
)

STATUSES = ("new", "open", "in_progress", "in_review", "completed", "cancelled", None)


# Options.


@pytest.mark.parametrize(
    "wrong",
    [{"link_template": "https://app.example/"}, {"link_template": "{id}"}, {"types": "x"}],
)
def test_options_that_say_nothing_are_refused_without_an_echo(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        PlandOptions.model_validate({"api_key": "12:secret", **wrong})
    assert "secret" not in str(caught.value)


# Listing.


@pytest.mark.parametrize("count", [0, 1, 1000, 1001])
async def test_every_open_task_is_listed_once(pland: PlandSim, count: int) -> None:
    for number in range(count):
        pland.add_task(task_status=OPEN_STATUSES[number % 4])
    pland.add_task(task_status="completed")
    pland.add_task(task_status="cancelled")
    tasks, whole = await listed(provider(pland))
    assert whole
    assert len({task.id for task in tasks}) == len(tasks) == count
    assert all(task.state is c.TaskState.OPEN for task in tasks)
    first_page = {"limit": "1000", "offset": "0", "sort": '{"by":"_id","direction":1}'}
    assert asked(pland, "/tasks/")[0] == first_page | {"taskStatus": ",".join(OPEN_STATUSES)}
    assert [query["offset"] for query in asked(pland, "/tasks/")] == sorted(
        {"0", str(min(count, 1000)), str(count)}, key=int
    )


async def test_ten_thousand_tasks_with_a_cap_that_nobody_told(pland: PlandSim) -> None:
    for _ in range(10_000):
        pland.add_task()
    pland.limit_cap = 750
    tasks, whole = await listed(provider(pland))
    assert whole
    assert len({task.id for task in tasks}) == len(tasks) == 10_000


async def test_filters_that_do_nothing_are_applied_here(pland: PlandSim) -> None:
    for status in STATUSES:
        pland.add_task(str(status), task_status=status)
    pland.ignores_filters = True
    tasks, whole = await listed(provider(pland))
    assert whole
    assert [task.title for task in tasks] == [*OPEN_STATUSES, "None"]


async def test_where_sorting_is_refused_the_listing_is_read_until_it_is_whole(
    pland: PlandSim,
) -> None:
    pland.refuses_sort = True
    for _ in range(60):
        pland.add_task()
    pland.limit_cap = 40
    adapter = provider(pland)
    with capture_logs() as logs:
        tasks, whole = await listed(adapter)
    assert whole
    assert len({task.id for task in tasks}) == len(tasks) == 60
    assert [entry["event"] for entry in logs] == ["provider_does_not_sort"]
    before = len(asked(pland, "/tasks/"))
    await listed(adapter)
    assert not any("sort" in query for query in asked(pland, "/tasks/")[before:])


async def test_a_shuffled_listing_that_stays_short_says_so(pland: PlandSim) -> None:
    pages = [
        httpx2.Response(200, json=[{"_id": f"{start + n:024x}"} for n in range(2)])
        for start in (0, 1)
    ]

    def answer(request: httpx2.Request) -> httpx2.Response:
        if "taskTypes" in request.url.path:
            return httpx2.Response(403)
        if "sort" in request.url.params:
            return httpx2.Response(400, json={"message": "Sorting needs by and direction"})
        offset = int(request.url.params["offset"])
        return pages[offset // 2] if offset < 4 else httpx2.Response(200, json=[])

    tasks, whole = await listed(scripted(pland, answer))
    assert (len(tasks), whole) == (3, False)


async def test_a_shuffled_listing_in_one_answer_is_whole(pland: PlandSim) -> None:
    pland.refuses_sort = True
    for _ in range(900):
        pland.add_task()
    tasks, whole = await listed(provider(pland))
    assert (len(tasks), whole) == (900, True)
    assert len(asked(pland, "/tasks/")) == 3


async def test_a_400_that_is_not_about_sorting_is_told_and_teaches_nothing(
    pland: PlandSim,
) -> None:
    pland.add_task()
    adapter = provider(pland)
    body = b'{"message":"There was an error","errors":[{"message":"No such tab"}]}'
    pland.faults.add(Fault(Trouble.STATUS, "/tasks/", times=2, status=400, body=body))
    with pytest.raises(c.Rejected, match="No such tab"):
        await listed(adapter)
    await listed(adapter)
    assert "sort" in asked(pland, "/tasks/")[-1]


async def test_tasks_that_come_and_go_between_pages(pland: PlandSim) -> None:
    made = [pland.add_task()["_id"] for _ in range(1500)]

    def move() -> None:
        pland.complete_elsewhere(made[3])
        pland.add_task("Neu")

    adapter = provider(pland, transport=Meanwhile(pland, move, "GET", at=4))
    tasks, whole = await listed(adapter)
    ids = [task.id for task in tasks]
    assert whole
    assert len(set(ids)) == len(ids) == 1500
    assert tasks[-1].title == "Neu"
    # What moved from the second page to the first is missing: the look-up finds it.
    assert set(made) - set(ids) == {made[1000]}
    found = await adapter.lookup(c.Task(made[1000], ""))
    assert found is not None
    assert found.state is c.TaskState.OPEN


@pytest.mark.parametrize("broken", [Breakage.HTML, Breakage.TRUNCATED])
async def test_an_unreadable_page_ends_the_listing(pland: PlandSim, broken: Breakage) -> None:
    for _ in range(1100):
        pland.add_task()
    pland.break_page(broken, page=2)
    tasks, whole = await listed(provider(pland))
    assert (len(tasks), whole) == (1000, False)
    pland.break_page(broken, page=1)
    with pytest.raises(c.Malformed):
        await listed(provider(pland))


@pytest.mark.parametrize(
    ("broken", "kept"),
    [(Breakage.MISSING_ID, 19), (Breakage.WRONG_TYPES, 19), (Breakage.UNKNOWN_ENUM, 20)],
)
async def test_one_bad_row_harms_no_other(pland: PlandSim, broken: Breakage, kept: int) -> None:
    for _ in range(20):
        pland.add_task("Private matter")
    pland.break_page(broken)
    with capture_logs() as logs:
        tasks, whole = await listed(provider(pland))
    assert (len(tasks), whole) == (kept, kept == 20)
    assert "Private" not in str(logs)
    assert "Erika" not in str(logs)


async def test_an_unknown_status_is_shown_in_its_words(pland: PlandSim) -> None:
    pland.add_task()
    pland.break_page(Breakage.UNKNOWN_ENUM)
    task = await first(provider(pland))
    assert (task.state, task.status_label) == (c.TaskState.OPEN, "Hologram")
    assert task.priority == "cosmic"


async def test_a_listing_that_ignores_the_offset_is_malformed(pland: PlandSim) -> None:
    adapter = scripted(pland, lambda _: httpx2.Response(200, json=[{"_id": NOBODY}]))
    with pytest.raises(c.Malformed, match="come to an end"):
        await listed(adapter)
