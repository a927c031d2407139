"""Reten against its simulator: answering, and what goes wrong on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from adapters import contract as c
from adapters.reten_answers import is_ours, result_body
from adapters.reten_wire import Activity
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.reten import RESULTS, TASKS, Rescheduling, RetenSim
from sandbox.providers.service import Breakage
from sandbox.serve import serving
from tests.adapters.reten_room import SALE, answer, first, listed, provider

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
    await adapter.offer()
    reten.result_types = [{"code": "NEW", "label": "New", "requiresFutureScheduledAt": False}]
    clock.advance(timedelta(minutes=5))
    with pytest.raises(c.Rejected, match="“Venta completada” is no longer offered by Reten"):
        await adapter.submit(task, answer(reten, SALE), None)
    assert (await adapter.submit(task, answer(reten, "NEW"), None)).state is c.TaskState.DONE


async def test_a_refused_answer_refreshes_the_codes(reten: RetenSim) -> None:
    reten.add_task()
    adapter = provider(reten)
    task = await first(adapter)
    assert len((await adapter.offer()).outcomes) == 4
    del reten.result_types[0]
    with pytest.raises(c.Rejected, match="Reten refused it: "):
        await adapter.submit(task, answer(reten, SALE), None)
    assert len((await adapter.offer()).outcomes) == 3


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
    await adapter.offer()
    reten.complete_elsewhere(row["id"], "EFFECTIVE", "NO_CONTACT")
    with pytest.raises(c.Conflict):
        await adapter.submit(task, answer(reten), None)


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


async def test_reten_tells_no_name_of_the_account(reten: RetenSim) -> None:
    assert await provider(reten).check() == c.Account("Reten")


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
