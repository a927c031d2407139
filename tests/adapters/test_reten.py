"""Reten against its simulator: listing, reading rows, outcomes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given, strategies as st
from pydantic import ValidationError

from adapters import contract as c
from adapters.reading import salvage, validate
from adapters.reten import RetenOptions
from adapters.reten_wire import Activity, Listing, task_of
from sandbox.clock import MovableClock
from sandbox.providers.reten import RetenSim
from sandbox.providers.service import Breakage
from tests.adapters.reten_room import KEY, SALE, first, listed, provider, scripted

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


async def test_what_is_open_is_listed_and_results_without_a_task_are_not(reten: RetenSim) -> None:
    for number in range(3):
        reten.add_task(status="IN_PROGRESS" if number == 0 else "PENDING")
    reten.add_task(status="COMPLETED")
    reten.add_task(activityOrigin="STANDALONE")
    tasks, whole = await listed(provider(reten))
    assert whole
    assert len({task.id for task in tasks}) == len(tasks) == 3
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
    async for page in adapter.tasks(()):
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


async def test_results_have_their_labels_whatever_was_asked_before(reten: RetenSim) -> None:
    task = reten.add_task()
    reten.complete_elsewhere(task["id"], "PENDING", "SALE_COMPLETED")
    (found,), _ = await listed(provider(reten))
    assert found.result is not None
    assert found.result.label == "Venta completada"


async def test_without_page_counts_an_empty_page_is_the_end(reten: RetenSim) -> None:
    row = reten.add_task()

    def pages(request: httpx2.Request) -> httpx2.Response:
        if "page" not in request.url.params:
            return httpx2.Response(200, json=[])  # the result types
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
    sale, interest, later, contact = (await adapter.offer()).outcomes
    assert (sale.code, sale.label, sale.completes) == (SALE, "Venta completada", True)
    assert (contact.completes, interest.completes, later.completes) == (True, False, False)
    assert not any(outcome.reversible for outcome in (sale, interest, later, contact))
    assert [field.key for field in later.fields if field.required] == [
        "future_scheduled_at",
        "status",
    ]
    assert not sale.asks
    await adapter.offer()
    assert len(reten.requests) == 1
    clock.advance(timedelta(minutes=5))
    await adapter.offer()
    assert len(reten.requests) == 2


async def test_any_list_of_result_types_works(reten: RetenSim) -> None:
    kind = reten.result_types[0]
    reten.result_types = []
    assert (await provider(reten).offer()).outcomes == ()
    reten.result_types = [{**kind, "code": f"C{n % 120}", "label": None} for n in range(240)]
    found = (await provider(reten).offer()).outcomes
    assert [outcome.code for outcome in found] == [f"C{n}" for n in range(120)]
    assert found[0].label == "C0"
    reten.result_types = [kind, {"code": 5}]
    assert len((await provider(reten).offer()).outcomes) == 1
