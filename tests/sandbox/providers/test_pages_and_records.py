"""What both simulators share: broken pages, recorded requests, trouble, speed."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx2
import pytest

from sandbox.faults import Fault, LineCut, Trouble
from sandbox.providers.close import CloseSim
from sandbox.providers.reten import RetenSim
from sandbox.providers.service import Breakage, ProviderSim

Served = tuple[ProviderSim, httpx2.AsyncClient, str, str]


@pytest.fixture(params=["reten", "close"])
def served(
    request: pytest.FixtureRequest,
    reten: RetenSim,
    close: CloseSim,
    reten_client: httpx2.AsyncClient,
    close_client: httpx2.AsyncClient,
) -> Served:
    """A simulator with three tasks, its client, and the addresses of its pages 1 and 2 of two."""
    if request.param == "reten":
        for _ in range(3):
            reten.add_task()
        path = "/activities/tasks?per_page=2"
        return reten, reten_client, f"{path}&page=1", f"{path}&page=2"
    for number in range(3):
        close.add_task(f"Task {number}")
    return close, close_client, "/task/?_limit=2", "/task/?_limit=2&_skip=2"


async def test_a_page_can_be_no_json(served: Served) -> None:
    sim, client, first, second = served
    for kind in (Breakage.HTML, Breakage.TRUNCATED):
        sim.break_page(kind, page=2)
        assert len((await client.get(first)).json()["data"]) == 2
        broken = await client.get(second)
        assert broken.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            broken.json()
    sim.mend_pages()
    assert len((await client.get(second)).json()["data"]) == 1


@pytest.mark.parametrize("kind", ["missing_id", "wrong_types", "unknown_enum"])
async def test_a_page_can_hold_one_bad_item(served: Served, kind: str) -> None:
    sim, client, first, _ = served
    whole = (await client.get(first)).json()["data"]
    sim.break_page(kind)
    bad, good = (await client.get(first)).json()["data"]
    assert good == whole[1]
    assert bad != whole[0]
    assert ("id" in bad) is (kind != "missing_id")
    sim.mend_pages()
    assert (await client.get(first)).json()["data"] == whole


async def test_requests_are_recorded_as_sent_even_when_they_fail(served: Served) -> None:
    sim, client, first, _ = served
    sim.faults.add(Fault(Trouble.STATUS, status=503))
    assert (await client.get(first)).status_code == 503
    sim.faults.add(Fault(Trouble.DROP))
    with pytest.raises(LineCut):
        await client.get(first)
    assert (await client.get(first)).status_code == 200
    assert [record.status for record in sim.requests] == [503, None, 200]
    record = sim.requests[-1]
    path = first.partition("?")[0]
    assert (record.method, record.body, record.at) == ("GET", None, sim.clock.now())
    assert record.path.endswith(path)
    assert "2" in dict(record.query).values()
    assert sim.key not in repr(sim.requests)


async def test_a_hanging_request_has_no_status_yet(served: Served) -> None:
    sim, client, first, _ = served
    sim.faults.add(Fault(Trouble.HANG))
    hanging = asyncio.create_task(client.get(first))
    for _ in range(20):
        await asyncio.sleep(0)
    assert sim.requests[0].status is None
    sim.faults.clear()
    assert (await hanging).status_code == 200
    assert sim.requests[0].status == 200


async def test_a_repeated_submission_is_done_twice_and_recorded_once(
    reten: RetenSim, reten_client: httpx2.AsyncClient
) -> None:
    task = reten.add_task()
    reten.faults.add(Fault(Trouble.TWICE, method="POST"))
    body: dict[str, Any] = {
        "activity_id": task["id"],
        "commerce_external_id": "COM-001",
        "occurred_at": "2026-11-22T12:00:00Z",
        "status": "EFFECTIVE",
        "task_result": {"result": "NO_CONTACT"},
    }
    answer = await reten_client.post("/activity-results/tasks", json=body)
    assert answer.status_code == 409, "the second try finds the result of the first"
    assert reten.results == [body]
    assert [record.body for record in reten.requests] == [body]


async def test_ten_thousand_tasks_are_paged_in_milliseconds(served: Served) -> None:
    """A hundred pages of a hundred; the bound is ten times what the work takes."""
    sim, client, _, _ = served
    assert isinstance(sim, RetenSim | CloseSim)
    for _ in range(10_000):
        sim.add_task()
    if isinstance(sim, RetenSim):
        pages = [f"/activities/tasks?status=PENDING&per_page=100&page={n}" for n in range(1, 101)]
    else:
        pages = [f"/task/?is_complete=false&_order_by=date&_skip={n}00" for n in range(100)]
    walks = []
    for _ in range(2):
        start = time.perf_counter()
        for page in pages:
            assert (await client.get(page)).status_code == 200
        walks.append(time.perf_counter() - start)
    assert min(walks) < 100 * 0.02
