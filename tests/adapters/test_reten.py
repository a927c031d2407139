"""Reten against its simulator: listing, reading, answering, and what goes wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from structlog.testing import capture_logs

from adapters import contract as c
from adapters.reading import salvage, validate
from adapters.reten import Reten, RetenOptions
from adapters.reten_answers import is_ours, result_body
from adapters.reten_wire import Activity, Listing, task_of
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.reten import RESULTS, TASKS, Rescheduling, RetenSim
from sandbox.providers.service import Breakage
from sandbox.serve import serving

KEY = "rtn_sk_sandbox"
STATUS = "SALE_COMPLETED=EFFECTIVE, NO_CONTACT=NOT_EFFECTIVE,NOT_INTERESTED=PENDING"
SALE = "SALE_COMPLETED"


def provider(sim: RetenSim, url: str | None = None, **options: Any) -> Reten:
    chosen = {"api_key": KEY, "result_status": STATUS, **options}
    if url:
        chosen["base_url"] = url
    transport = None if url else httpx2.ASGITransport(sim.app)
    return Reten(RetenOptions.model_validate(chosen), sim.clock, transport)


def scripted(sim: RetenSim, answer: Callable[[httpx2.Request], httpx2.Response]) -> Reten:
    options = RetenOptions.model_validate({"api_key": KEY})
    return Reten(options, sim.clock, httpx2.MockTransport(answer))


class LostAnswer(httpx2.AsyncBaseTransport):
    """Delivers the first write and then times out."""

    def __init__(self, sim: RetenSim) -> None:
        self._inner = httpx2.ASGITransport(sim.app)
        self._lost = False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        if request.method != "GET" and not self._lost:
            self._lost = True
            raise httpx2.ReadTimeout("too late", request=request)
        return response


async def listed(reten: Reten) -> tuple[list[c.Task], bool]:
    pages = [page async for page in reten.tasks()]
    return [task for page in pages for task in page.tasks], all(page.whole for page in pages)


async def first(reten: Reten) -> c.Task:
    tasks, _ = await listed(reten)
    return tasks[0]


def answer(sim: RetenSim, code: str = SALE, **fields: str) -> c.Answer:
    return c.Answer(code, sim.clock.now(), fields)


# Options.


@pytest.mark.parametrize("base", ["https://r.test", "https://r.test/", "https://r.test/api/"])
def test_the_base_may_end_in_api(base: str) -> None:
    assert RetenOptions.model_validate({"api_key": "k", "base_url": base}).base_url == (
        "https://r.test"
    )


def test_result_statuses_are_a_table_or_a_line() -> None:
    line = RetenOptions.model_validate(
        {"api_key": "k", "result_status": "A=EFFECTIVE, B = PENDING,"}
    )
    assert line.result_status == {"A": "EFFECTIVE", "B": "PENDING"}
    table = {"api_key": "k", "result_status": {"A": "NOT_EFFECTIVE"}}
    assert RetenOptions.model_validate(table).result_status == {"A": "NOT_EFFECTIVE"}


@pytest.mark.parametrize("wrong", [{"result_status": "A"}, {"result_status": "A=DONE"}, {"b": 1}])
def test_options_that_say_nothing_are_refused_without_an_echo(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        RetenOptions.model_validate({"api_key": KEY, **wrong})
    assert KEY not in str(caught.value)


# Listing.


@pytest.mark.parametrize("count", [0, 1, 100, 250])
async def test_every_open_task_is_listed_once(reten: RetenSim, count: int) -> None:
    for number in range(count):
        reten.add_task(status="IN_PROGRESS" if number % 3 == 0 else "PENDING")
    reten.add_task(status="COMPLETED")
    reten.add_task(activityOrigin="STANDALONE")
    tasks, whole = await listed(provider(reten))
    assert whole
    assert len({task.id for task in tasks}) == len(tasks) == count
    assert reten.violations == []


async def test_a_task_reads_as_reten_tells_it(reten: RetenSim, clock: MovableClock) -> None:
    reten.add_task(scheduled_at=clock.now())
    task = await first(provider(reten))
    assert task == c.Task(
        id=task.id,
        title="Farmacia Central",
        due=c.Due(at=clock.now()),
        operators=(c.Operator("OP-042", "Carlos Pérez", kind="SALESMAN"),),
        details=("Riesgo de fuga", "SALESMAN", "Ruta Norte"),
        status_label="Programada",
        data={"commerce_external_id": "COM-001"},
    )


async def test_rows_that_move_between_pages_are_not_repeated(reten: RetenSim) -> None:
    for _ in range(150):
        reten.add_task()
    adapter, ids = provider(reten), list[str]()
    async for page in adapter.tasks():
        if not ids:
            reten.edit(page.tasks[0].id, status="IN_PROGRESS")
        ids += [task.id for task in page.tasks]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("broken", [Breakage.HTML, Breakage.TRUNCATED])
async def test_an_unreadable_page_is_kept_out(reten: RetenSim, broken: Breakage) -> None:
    for _ in range(250):
        reten.add_task()
    reten.break_page(broken, page=2)
    tasks, whole = await listed(provider(reten))
    assert (len(tasks), whole) == (150, False)
    reten.break_page(broken, page=1)
    with pytest.raises(c.Malformed):
        await listed(provider(reten))


@pytest.mark.parametrize(
    ("broken", "kept"),
    [(Breakage.MISSING_ID, 2), (Breakage.WRONG_TYPES, 2), (Breakage.UNKNOWN_ENUM, 3)],
)
async def test_one_bad_row_harms_no_other(reten: RetenSim, broken: Breakage, kept: int) -> None:
    for _ in range(3):
        reten.add_task(commerce="Botica Privada")
    reten.break_page(broken)
    with capture_logs() as logs:
        tasks, whole = await listed(provider(reten))
    assert (len(tasks), whole) == (kept, kept == 3)
    assert "Privada" not in str(logs)
    assert [log["kept_out"] for log in logs] == ([] if whole else [1])


async def test_a_page_number_that_is_ignored_does_not_loop(reten: RetenSim) -> None:
    row = reten.add_task()
    page = {"data": [row], "meta": {"page": 1, "totalPages": 9}}
    with pytest.raises(c.Malformed, match="come to an end"):
        await listed(scripted(reten, lambda _: httpx2.Response(200, json=page)))


async def test_without_page_counts_an_empty_page_is_the_end(reten: RetenSim) -> None:
    row = reten.add_task()

    def pages(request: httpx2.Request) -> httpx2.Response:
        number = request.url.params["page"]
        if number == "3":
            return httpx2.Response(200, html="<p>")
        rows = [{**row, "id": number}] if request.url.params["status"] == "PENDING" else []
        return httpx2.Response(200, json={"data": rows, "meta": None})

    tasks, whole = await listed(scripted(reten, pages))
    assert ([task.id for task in tasks], whole) == (["1", "2"], False)


# Rows.

texts = st.none() | st.text(max_size=5)
times = st.none() | st.sampled_from(
    ["2026-04-15T09:00:00.000Z", "2026-04-15", "2026-04-15T09:00:00-04:00", "2026-04-15T09:00:00"]
)


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with some of the fields and one that nobody documents, or null."""
    return st.none() | st.fixed_dictionaries({"new": st.integers()}, optional=fields)


rows = st.fixed_dictionaries(
    {"id": st.text(min_size=1), "commerceExternalId": st.text(), "commerceName": st.text()},
    optional={
        "activityOrigin": st.text(),
        "type": texts,
        "status": texts | st.sampled_from(["COMPLETED", "CANCELED", "CANCELLED", "PENDING"]),
        "channel": texts,
        "scheduledAt": times,
        "lifecycleStatusLabel": texts,
        "userStatus": objects(code=texts),
        "commerceAssignment": objects(),
        "reason": objects(code=texts, label=texts),
        "activityDetails": objects(
            type=texts,
            assignedRouteCode=texts,
            assignedOperatorExternalId=texts,
            assignedRoute=objects(code=texts, name=texts),
            assignedOperator=objects(externalId=texts, name=texts, type=texts),
        ),
        "activityResult": objects(
            resultStatus=texts,
            occurredAt=times,
            resultDetails=objects(result=texts | st.lists(texts)),
        ),
        "unknown": st.integers(),
    },
)


@given(st.lists(rows, max_size=4))
def test_nulls_and_unknown_words_are_read(found: list[dict[str, Any]]) -> None:
    raw = json.dumps({"data": found, "meta": {"totalPages": 1}}).encode()
    one_by_one = salvage(Activity, found, "Reten")
    assert validate(Listing[Activity], raw, "Reten").data == one_by_one
    for row, told in zip(one_by_one, found, strict=True):
        task = task_of(row, {"A": "Label"})
        assert task.id == told["id"]
        assert all(task.details)
        assert all(operator.id for operator in task.operators)
        due = told.get("scheduledAt")
        assert (task.due is None) == (due is None)
        if task.due and due == "2026-04-15":
            assert task.due.on == date(2026, 4, 15)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (None, c.TaskState.OPEN),
        ("NEW_WORD", c.TaskState.OPEN),
        ("COMPLETED", c.TaskState.DONE),
        ("CANCELLED", c.TaskState.CANCELLED),
        ("CANCELED", c.TaskState.CANCELLED),
    ],
)
def test_a_status_means_a_state(status: str | None, state: c.TaskState) -> None:
    row = {"id": "1", "commerceExternalId": "C", "commerceName": "", "status": status}
    task = task_of(Activity.model_validate(row), {})
    assert (task.state, task.title) == (state, "C")


def test_a_result_is_told_by_the_label_of_a_known_code() -> None:
    result = {"resultStatus": "EFFECTIVE", "resultDetails": {"n": 1, "some": "A", "x": ["A"]}}
    row = {"id": "1", "commerceExternalId": "C", "commerceName": "N", "activityResult": result}
    for labels, label in (({"A": "Sold"}, "Sold"), ({}, "EFFECTIVE")):
        assert task_of(Activity.model_validate(row), labels).result == c.Result(label)


# Outcomes.


async def test_outcomes_are_the_result_types(reten: RetenSim, clock: MovableClock) -> None:
    adapter = provider(reten)
    sale, interest, later, contact = await adapter.outcomes()
    assert (sale.code, sale.label, sale.completes) == (SALE, "Venta completada", True)
    assert (contact.completes, interest.completes, later.completes) == (True, False, False)
    assert not any(outcome.reversible for outcome in (sale, interest, later, contact))
    assert [field.key for field in later.fields if field.required] == [
        "future_scheduled_at",
        "status",
    ]
    assert not sale.asks
    await adapter.outcomes()
    assert len(reten.requests) == 1
    clock.advance(timedelta(minutes=5))
    await adapter.outcomes()
    assert len(reten.requests) == 2


async def test_any_list_of_result_types_works(reten: RetenSim) -> None:
    kind = reten.result_types[0]
    reten.result_types = []
    assert await provider(reten).outcomes() == ()
    reten.result_types = [{**kind, "code": f"C{n % 120}", "label": None} for n in range(240)]
    found = await provider(reten).outcomes()
    assert [outcome.code for outcome in found] == [f"C{n}" for n in range(120)]
    assert found[0].label == "C0"
    reten.result_types = [kind, {"code": 5}]
    assert len(await provider(reten).outcomes()) == 1


# Answering.


async def test_an_answer_is_written_and_read_back(reten: RetenSim, clock: MovableClock) -> None:
    reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    done = await adapter.submit(task, answer(reten, comment="Two boxes"), c.Operator("OP-7"))
    assert done.state is c.TaskState.DONE
    assert done.result == c.Result("Venta completada", at=clock.now())
    assert reten.results == [
        {
            "activity_id": task.id,
            "commerce_external_id": "COM-001",
            "occurred_at": "2026-04-11T10:00:00.000Z",
            "status": "EFFECTIVE",
            "task_result": {
                "result": SALE,
                "comment": "Two boxes",
                "operator_external_id": "OP-7",
            },
        }
    ]
    assert reten.violations == []


@pytest.mark.parametrize("way", list(Rescheduling))
async def test_a_new_date_is_sent_and_the_truth_comes_back(
    reten: RetenSim, clock: MovableClock, way: Rescheduling
) -> None:
    reten.rescheduling = way
    reten.add_task(scheduled_at=clock.now())
    adapter = provider(reten)
    then = clock.now() + timedelta(days=1)
    reply = answer(reten, "RESCHEDULE", status="EFFECTIVE", future_scheduled_at=then.isoformat())
    now = await adapter.submit(await first(adapter), reply, None)
    sent = reten.results[0]["task_result"]
    assert sent == {"result": "RESCHEDULE", "future_scheduled_at": "2026-04-12T10:00:00.000Z"}
    stays = way is Rescheduling.SAME_ID
    assert now.state is (c.TaskState.OPEN if stays else c.TaskState.DONE)
    if stays:
        assert now.due == c.Due(at=then)
        assert await adapter.submit(now, reply, None, again=True) == now
        assert len(reten.results) == 1


@pytest.mark.parametrize(
    ("code", "fields", "wrong"),
    [
        ("RESCHEDULE", {"status": "EFFECTIVE"}, "future_scheduled_at"),
        ("RESCHEDULE", {"status": "PENDING", "future_scheduled_at": "soon"}, "future_scheduled_at"),
        (SALE, {"future_scheduled_at": "2026-04-11T10:00:00Z"}, "future_scheduled_at"),
        ("RESCHEDULE", {"future_scheduled_at": "2026-05-01T10:00:00Z"}, "status"),
        ("RESCHEDULE", {"future_scheduled_at": "2026-05-01", "status": "DONE"}, "status"),
    ],
)
async def test_an_incomplete_answer_is_not_sent(
    reten: RetenSim, code: str, fields: dict[str, str], wrong: str
) -> None:
    reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    with pytest.raises(c.Rejected) as caught:
        await adapter.submit(task, answer(reten, code, **fields), None)
    assert set(caught.value.fields) == {wrong}
    assert reten.results == []


async def test_a_code_is_checked_when_it_is_sent(reten: RetenSim, clock: MovableClock) -> None:
    reten.add_task()
    adapter = provider(reten, result_status="NEW=EFFECTIVE")
    task = await first(adapter)
    await adapter.outcomes()
    reten.result_types = [{"code": "NEW", "label": "New", "requiresFutureScheduledAt": False}]
    clock.advance(timedelta(minutes=5))
    with pytest.raises(c.Rejected, match="“Venta completada” is no longer offered by Reten"):
        await adapter.submit(task, answer(reten, SALE), None)
    assert (await adapter.submit(task, answer(reten, "NEW"), None)).state is c.TaskState.DONE


async def test_a_refused_answer_refreshes_the_codes(reten: RetenSim) -> None:
    reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    assert len(await adapter.outcomes()) == 4
    del reten.result_types[0]
    with pytest.raises(c.Rejected, match="Reten refused it: "):
        await adapter.submit(task, answer(reten, SALE), None)
    assert len(await adapter.outcomes()) == 3


async def test_somebody_elses_result_is_never_overwritten(
    reten: RetenSim, clock: MovableClock
) -> None:
    row = reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    reten.complete_elsewhere(row["id"], "NOT_EFFECTIVE", "NO_CONTACT")
    clock.advance(timedelta(seconds=5))
    for again in (False, True):
        with pytest.raises(c.Conflict) as caught:
            await adapter.submit(task, answer(reten), None, again=again)
        assert caught.value.task is not None
        assert caught.value.task.state is c.TaskState.DONE
    assert reten.results == []
    assert not any("hard_override" in str(request.body) for request in reten.requests)


async def test_the_same_instant_with_another_code_is_not_ours(reten: RetenSim) -> None:
    row = reten.add_task()
    adapter = provider(reten, result_status={SALE: "EFFECTIVE", "NO_CONTACT": "EFFECTIVE"})
    task = await first(adapter)
    await adapter.outcomes()
    reten.complete_elsewhere(row["id"], "EFFECTIVE", "NO_CONTACT")
    with pytest.raises(c.Conflict):
        await adapter.submit(task, answer(reten), None)


async def test_a_task_that_is_gone_is_not_found(reten: RetenSim) -> None:
    row = reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    reten.remove(row["id"])
    assert await adapter.lookup(task) is None
    for again in (False, True):
        with pytest.raises(c.NotFound):
            await adapter.submit(task, answer(reten), None, again=again)


async def test_an_unknown_operator_does_not_make_the_task_gone(reten: RetenSim) -> None:
    reten.add_task()
    reten.known_operators = {"OP-042"}
    adapter = provider(reten)
    with pytest.raises(c.Rejected, match="does not know the person"):
        await adapter.submit(await first(adapter), answer(reten), c.Operator("OP-9"))


async def test_a_lookup_finds_whatever_the_status(reten: RetenSim) -> None:
    for _ in range(120):
        reten.add_task()
    row = reten.add_task()
    adapter = provider(reten)
    tasks, _ = await listed(adapter)
    reten.cancel(row["id"])
    found = await adapter.lookup(next(task for task in tasks if task.id == row["id"]))
    assert found is not None
    assert found.state is c.TaskState.CANCELLED
    assert reten.violations == []


async def test_a_lookup_that_may_have_missed_it_does_not_say_gone(reten: RetenSim) -> None:
    row = reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    reten.break_page(Breakage.MISSING_ID)
    with pytest.raises(c.Malformed):
        await adapter.lookup(task)
    assert row["id"] == task.id


async def test_a_pending_result_leaves_the_task_open(reten: RetenSim) -> None:
    reten.add_task()
    reten.pending_result_blocks = False
    adapter = provider(reten)
    task = await first(adapter)
    still = await adapter.submit(task, answer(reten, "NOT_INTERESTED"), None)
    assert still.state is c.TaskState.OPEN
    assert still.result is not None
    done = await adapter.submit(still, answer(reten), None, again=True)
    assert done.state is c.TaskState.DONE


@pytest.mark.parametrize(
    ("code", "state"), [(SALE, c.TaskState.DONE), ("NOT_INTERESTED", c.TaskState.OPEN)]
)
async def test_without_a_read_back_the_accepted_answer_counts(
    reten: RetenSim, clock: MovableClock, code: str, state: c.TaskState
) -> None:
    reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    reten.faults.add(Fault(Trouble.STATUS, TASKS, "GET", times=None))
    reten.faults.add(Fault(Trouble.TRUNCATE, RESULTS))
    now = await adapter.submit(task, answer(reten, code), None)
    assert now.state is state
    assert now.result is not None
    assert now.result.at == clock.now()
    assert len(reten.results) == 1


# Trouble.


async def test_a_write_that_landed_before_the_time_out_counts_once(reten: RetenSim) -> None:
    reten.add_task()
    options = RetenOptions.model_validate({"api_key": KEY, "result_status": STATUS})
    adapter = Reten(options, reten.clock, LostAnswer(reten))
    task = await first(adapter)
    with pytest.raises(c.Unavailable, match="Reten is not answering") as caught:
        await adapter.submit(task, answer(reten), None)
    assert caught.value.ambiguous
    for again in (True, False):
        done = await adapter.submit(task, answer(reten), None, again=again)
        assert done.state is c.TaskState.DONE
    assert len(reten.results) == 1


@pytest.mark.parametrize(("trouble", "landed"), [(Trouble.DROP, 0), (Trouble.DROP_AFTER, 1)])
async def test_a_cut_line_before_or_after_the_write(
    reten: RetenSim, trouble: Trouble, landed: int
) -> None:
    reten.add_task()
    async with serving(reten.app) as url:
        adapter, restarted = provider(reten, url), provider(reten, url)
        task = await first(adapter)
        reten.faults.add(Fault(trouble, RESULTS))
        with pytest.raises(c.Unavailable) as caught:
            await adapter.submit(task, answer(reten), None)
        assert caught.value.ambiguous
        assert len(reten.results) == landed
        settled = await restarted.submit(task, answer(reten), None, again=True)
        assert settled.result == c.Result("Venta completada", at=reten.clock.now())
        assert len(reten.results) == 1
        await adapter.close()
        await restarted.close()


async def test_a_request_that_a_proxy_repeats_is_ours(reten: RetenSim) -> None:
    reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    reten.faults.add(Fault(Trouble.TWICE, RESULTS))
    assert (await adapter.submit(task, answer(reten), None)).state is c.TaskState.DONE
    assert len(reten.results) == 1


async def test_a_wrong_or_weak_key_is_unauthorized(reten: RetenSim) -> None:
    with pytest.raises(c.Unauthorized) as caught:
        await provider(reten, api_key="rtn_sk_wrong").check()
    assert "rtn_sk" not in str(caught.value)
    reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    reten.withdraw("SUBMIT_ACTIVITY_RESULT")
    with pytest.raises(c.Unauthorized):
        await adapter.submit(task, answer(reten), None)


@pytest.mark.parametrize(
    "headers", [{"Retry-After": "7"}, {"RateLimit": "limit=9, remaining=0, reset=6.2"}]
)
async def test_a_429_tells_how_long(reten: RetenSim, headers: dict[str, str]) -> None:
    reten.faults.add(Fault(Trouble.STATUS, status=429, headers=headers))
    with pytest.raises(c.RateLimited) as caught:
        await provider(reten).check()
    assert 7 <= caught.value.retry_after <= 7.25


async def test_check_and_the_missing_directory(reten: RetenSim) -> None:
    adapter = provider(reten)
    assert await adapter.check() == c.Account("Reten")
    assert not adapter.capabilities.directory
    with pytest.raises(c.Unsupported):
        await adapter.operators()
    await adapter.close()


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - a zone follows
def test_our_own_moment_is_known_again_in_milliseconds(moment: datetime) -> None:
    reply = c.Answer(SALE, moment.replace(tzinfo=UTC))
    task = c.Task("1", "N", data={"commerce_external_id": "C"})
    sent = result_body(task, reply, None, "EFFECTIVE", None)
    row = Activity.model_validate(
        {
            "id": "1",
            "commerceExternalId": "C",
            "commerceName": "N",
            "activityResult": {"resultStatus": "EFFECTIVE", "occurredAt": sent["occurred_at"]},
        }
    )
    assert is_ours(row, reply, "EFFECTIVE", {})
    assert not is_ours(row, reply, "NOT_EFFECTIVE", {})
