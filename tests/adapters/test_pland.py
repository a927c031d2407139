"""PlanD against its simulator: what is read, and what goes wrong on the way."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from adapters import contract as c
from adapters.pland import PlandOptions
from adapters.pland_wire import OPEN_STATUSES
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import Times, Wire
from sandbox.providers.service import Breakage
from sandbox.serve import serving
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


# One task.


async def test_a_task_reads_as_pland_tells_it(pland: PlandSim, clock: MovableClock) -> None:
    ana = pland.add_user("Ana Maria Silva", "ana@example.com")
    kind = pland.add_task_type("Reklamation", "REC")
    row = pland.add_task(
        "Fenster\nputzen",
        ana["_id"],
        clock.now() + timedelta(hours=1, minutes=30),
        "in_review",
        "urgent",
        taskTypeId=kind["_id"],
    )
    adapter = provider(pland, link_template="https://app.example.com/#/tasks/{id}")
    assert await first(adapter) == c.Task(
        id=row["_id"],
        title="Fenster putzen",
        due=c.Due(at=clock.now() + timedelta(hours=1, minutes=30)),
        operators=(c.Operator(ana["_id"], "Ana Maria Silva"),),
        details=("Reklamation", "REC-1", "Bitte Flur & Keller reinigen. Fenster"),
        status_label="In review",
        priority="urgent",
        url=f"https://app.example.com/#/tasks/{row['_id']}",
        without=("review",),
        data={"status": "in_review"},
    )


async def test_what_is_personal_of_customers_is_not_read(pland: PlandSim) -> None:
    pland.add_task()
    told = repr(await first(provider(pland)))
    for text in ("Erika", "kunde.example", "5550100"):
        assert text not in told


async def test_a_task_of_which_little_is_told(pland: PlandSim) -> None:
    row = pland.add_task(None, None, None, None, None, taskTypeId=None, description=None)
    pland.ignores_filters = True
    task = await first(provider(pland))
    assert task == c.Task(row["_id"], "Task")


@pytest.mark.parametrize("times", Times)
@pytest.mark.parametrize("key", ["entityId", "_id"])
async def test_all_forms_of_times_and_assignees(
    pland: PlandSim, clock: MovableClock, times: Times, key: Any
) -> None:
    ana = pland.add_user("Ana")["_id"]
    pland.add_task(due=clock.now(), assignee=ana)
    pland.wire = Wire(times, assignee_key=key)
    task = await first(provider(pland))
    assert task.due == c.Due(at=clock.now())
    assert task.operators == (c.Operator(ana, "Ana"),)


@pytest.mark.parametrize(
    ("due", "read"),
    [
        (datetime(2026, 4, 14, 22, tzinfo=UTC), c.Due(on=date(2026, 4, 15))),
        (datetime(2026, 12, 14, 23, tzinfo=UTC), c.Due(on=date(2026, 12, 15))),
        (
            datetime(2026, 12, 14, 22, tzinfo=UTC),
            c.Due(at=datetime(2026, 12, 14, 22, tzinfo=UTC)),
        ),
        (
            datetime(2026, 4, 14, 22, 0, 1, tzinfo=UTC),
            c.Due(at=datetime(2026, 4, 14, 22, 0, 1, tzinfo=UTC)),
        ),
    ],
)
async def test_midnight_in_germany_is_the_day(pland: PlandSim, due: datetime, read: c.Due) -> None:
    pland.add_task(due=due)
    assert (await first(provider(pland))).due == read


@pytest.mark.parametrize("status", [404, 400])
async def test_a_task_that_is_gone(pland: PlandSim, status: int) -> None:
    pland.missing_status = status
    row = pland.add_task()
    adapter = provider(pland)
    task = await first(adapter)
    assert await adapter.lookup(task) == task
    pland.remove(row["_id"])
    assert await adapter.lookup(task) is None


@pytest.mark.parametrize("said", ["Failed to parse Id: x", "Error parsing ObjectId string"])
async def test_a_400_about_the_id_means_that_there_is_none(pland: PlandSim, said: str) -> None:
    body = json.dumps({"message": "There was an error", "errors": [{"message": said}]}).encode()
    pland.faults.add(Fault(Trouble.STATUS, NOBODY, status=400, body=body))
    assert await provider(pland).lookup(c.Task(NOBODY, "")) is None


async def test_any_other_400_says_nothing_of_the_task(pland: PlandSim) -> None:
    row = pland.add_task()
    pland.faults.add(Fault(Trouble.STATUS, row["_id"], status=400, body=b'{"message":"Bad"}'))
    with pytest.raises(c.Rejected, match="Bad"):
        await provider(pland).lookup(c.Task(row["_id"], ""))


@pytest.mark.parametrize(
    "odd", ["", "..", "self", "../users/self", "A" * 24, NOBODY + "\n", "٣" * 24]
)
async def test_no_other_id_gets_into_a_path(pland: PlandSim, odd: str) -> None:
    adapter = provider(pland)
    task = c.Task(odd, "")
    assert await adapter.lookup(task) is None
    with pytest.raises(c.NotFound):
        await adapter.submit(task, c.Answer("start", pland.clock.now()), None)
    assert not any("/tasks/" in request.path for request in pland.requests)


async def test_how_a_task_ended(pland: PlandSim, clock: MovableClock) -> None:
    ana, bo = pland.add_user("Ana")["_id"], pland.add_user("Bo")["_id"]
    ids = [pland.add_task(assignee=ana)["_id"] for _ in range(4)]
    ended = clock.advance(timedelta(hours=1))
    pland.complete_elsewhere(ids[0], ana)
    pland.complete_elsewhere(ids[1], bo)
    pland.complete_elsewhere(ids[2], ana)
    pland.cancel(ids[3], ana)
    clock.advance(timedelta(hours=1))
    pland.edit(ids[2], ana, title="Anders")
    adapter = provider(pland)
    found = [await adapter.lookup(c.Task(task_id, "")) for task_id in ids]
    assert [task.result if task else None for task in found] == [
        c.Result("Completed", "Ana", ended),
        c.Result("Completed", None, ended),
        c.Result("Completed"),
        c.Result("Cancelled"),
    ]
    done, cancelled = c.TaskState.DONE, c.TaskState.CANCELLED
    assert [task.state if task else None for task in found] == [done, done, done, cancelled]


# Kinds of tasks.


async def test_kinds_are_asked_for_once_an_hour(pland: PlandSim, clock: MovableClock) -> None:
    pland.add_task()
    adapter = provider(pland)
    for _ in range(3):
        await listed(adapter)
    await adapter.offer()
    assert asked(pland, "/taskTypes/") == [{"limit": "1000"}, {"limit": "1000", "page": "2"}]
    pland.default_type["name"] = "Sonstiges"
    clock.advance(timedelta(hours=1))
    assert (await first(adapter)).details[0] == "Sonstiges"


async def test_without_the_kinds_the_listing_goes_on(pland: PlandSim, clock: MovableClock) -> None:
    pland.add_task(description="Nur das")
    pland.denied.add("taskTypes")
    adapter = provider(pland)
    assert (await first(adapter)).details == ("Nur das",)
    await first(adapter)
    assert len(asked(pland, "/taskTypes/")) == 1
    pland.denied.clear()
    clock.advance(timedelta(minutes=5))
    assert (await first(adapter)).details == ("Allgemein", "ALG-1", "Nur das")
    clock.advance(timedelta(hours=1))
    pland.denied.add("taskTypes")
    assert (await first(adapter)).details == ("Allgemein", "ALG-1", "Nur das")


# People and keys.


async def test_the_directory_names_people_and_nothing_more(pland: PlandSim) -> None:
    ana = pland.add_user("Ana Maria Silva", "ana@example.com")
    bo = pland.add_user("Bo")
    pland.add_user("Cem", "cem@example.com", active=False)
    dana = pland.add_user("Dana")
    dana["access"]["email"], dana["contact"]["email"] = "10042", "dana@example.com"
    with capture_logs() as logs:
        people = {person.name: person for person in await provider(pland).operators()}
    assert people["Ana Maria Silva"] == c.Operator(ana["_id"], "Ana Maria Silva", "ana@example.com")
    assert people["Bo"] == c.Operator(bo["_id"], "Bo")
    assert not people["Cem"].active
    assert people["Dana"].email == "dana@example.com"
    assert len(people) == 5
    assert [text for text in pland.canaries if text in f"{people}{logs}"] == []


@pytest.mark.parametrize("as_text", [True, False])
async def test_a_user_who_has_left(pland: PlandSim, as_text: bool) -> None:
    pland.wire = Wire(status_as_text=as_text)
    gone = pland.add_user("Ana")["_id"]
    pland.deactivate(gone)
    people = await provider(pland).operators()
    assert {person.id: person.active for person in people} == {
        gone: False,
        pland.key_owner["_id"]: True,
    }


async def test_many_users(pland: PlandSim) -> None:
    for number in range(1200):
        pland.add_user(f"User {number}")
    pland.limit_cap = 500
    assert len({person.id for person in await provider(pland).operators()}) == 1201


async def test_no_secret_of_a_user_gets_into_an_error(pland: PlandSim) -> None:
    pland.add_user("Ana")["general"]["firstName"] = 42
    pland.key_owner["general"] = {"firstName": ["CANARY"]}
    adapter = provider(pland)
    with capture_logs() as logs:
        people = await adapter.operators()
        with pytest.raises(c.Malformed) as caught:
            await adapter.check()
    assert people == []
    told = f"{people}{logs}{caught.value!r}{caught.value.__cause__}{caught.value.__context__}"
    assert [text for text in (*pland_canaries(pland), "CANARY") if text in told] == []


def pland_canaries(sim: PlandSim) -> list[str]:
    return [user["access"]["token"] for user in sim.users.values()]


async def test_check_tells_whose_key_it_is(pland: PlandSim) -> None:
    assert await provider(pland).check() == c.Account("Integration Taskbell")
    assert [request.path for request in pland.requests] == ["/v2/users/self"]


async def test_a_wrong_key_is_unauthorized_and_never_told(pland: PlandSim) -> None:
    with capture_logs() as logs, pytest.raises(c.Unauthorized) as caught:
        await provider(pland, api_key="12:mistaken").check()
    assert "mistaken" not in f"{caught.value}{logs}"


async def test_a_denied_area_is_unauthorized(pland: PlandSim) -> None:
    pland.denied = {"tasks", "users"}
    adapter = provider(pland)
    with pytest.raises(c.Unauthorized, match="does not allow"):
        await listed(adapter)
    with pytest.raises(c.Unauthorized, match="does not allow"):
        await adapter.operators()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, c.Unauthorized),
        (403, c.Unauthorized),
        (409, c.Conflict),
        (423, c.Rejected),
        (429, c.RateLimited),
        (500, c.Unavailable),
        (503, c.Unavailable),
    ],
)
async def test_refusals_by_name(pland: PlandSim, status: int, kind: type[c.ProviderError]) -> None:
    row = pland.add_task()
    body = b"Fatal error: Uncaught TypeError: secret() in /var/www/Task.php:12"
    pland.faults.add(Fault(Trouble.STATUS, "/tasks/", times=None, status=status, body=body))
    adapter = provider(pland)
    for call in (listed(adapter), adapter.lookup(c.Task(row["_id"], ""))):
        with pytest.raises(kind) as caught:
            await call
        assert "php" not in str(caught.value)


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.DROP_AFTER])
async def test_a_read_whose_line_is_cut_is_tried_again(pland: PlandSim, trouble: Trouble) -> None:
    pland.add_task()
    async with serving(pland.app) as origin:
        adapter = provider(pland, origin)
        pland.faults.add(Fault(trouble, "/tasks/"))
        assert len((await listed(adapter))[0]) == 1
        await adapter.close()
