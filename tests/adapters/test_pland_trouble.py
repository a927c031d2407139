"""Changes of tasks at PlanD that do not go as they should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from adapters import contract as c
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import Patching, PlandSim
from sandbox.serve import serving
from tests.adapters.pland_room import (
    Meanwhile,
    TimeOut,
    answer,
    first,
    provider,
    scripted,
    writes,
)

LATER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def patched(row: dict[str, Any], **body: object) -> tuple[str, Any]:
    return (f"PATCH {row['_id']}", body)


# What PATCH really does.


async def test_a_title_that_goes_with_the_change_is_put_back(pland: PlandSim) -> None:
    row = pland.add_task("Flur")
    pland.patching = Patching.WIPES_TITLE
    adapter = provider(pland)
    with pytest.raises(c.Rejected, match=r"replaces whole tasks .* The title is back"):
        await adapter.submit(await first(adapter), answer(pland, "start"), None)
    assert row["title"] == "Flur"
    done = [patched(row, taskStatus="in_progress"), patched(row, title="Flur")]
    assert writes(pland) == done
    with pytest.raises(c.Rejected, match="so this is not sent"):
        await adapter.submit(await first(adapter), answer(pland, "review"), None)
    assert writes(pland) == done
    task = await adapter.submit(await first(adapter), answer(pland, "complete"), None)
    assert task.state is c.TaskState.DONE


async def test_a_title_that_can_not_be_put_back_is_told(pland: PlandSim) -> None:
    row = pland.add_task("Flur")
    pland.patching = Patching.WIPES_TITLE

    def forbid() -> None:
        pland.read_only = True

    adapter = provider(pland, transport=Meanwhile(pland, forbid, "PATCH", at=2))
    with capture_logs() as logs, pytest.raises(c.Rejected, match="by hand") as caught:
        await adapter.submit(await first(adapter), answer(pland, "start"), None)
    assert row["title"] is None
    assert "Flur" not in f"{caught.value}{logs}"


@pytest.mark.parametrize("after", [True, False])
async def test_a_lost_answer_hides_no_lost_title(pland: PlandSim, after: bool) -> None:
    row = pland.add_task("Flur")
    pland.patching = Patching.WIPES_TITLE
    adapter = provider(pland, transport=TimeOut(pland, "PATCH", after=after))
    task = await first(adapter)
    with pytest.raises(c.Unavailable):
        await adapter.submit(task, answer(pland, "start"), None)
    with pytest.raises(c.Rejected, match="The title is back"):
        await adapter.submit(task, answer(pland, "start"), None, again=True)
    assert row["title"] == "Flur"
    assert len(writes(pland)) == 2


async def test_a_title_that_somebody_changes_is_theirs(pland: PlandSim) -> None:
    row = pland.add_task("Flur")
    rename = Meanwhile(pland, lambda: pland.edit(row["_id"], title="Keller"), "PATCH")
    adapter = provider(pland, transport=rename)
    task = await adapter.submit(await first(adapter), answer(pland, "start"), None)
    assert (task.title, task.status_label) == ("Keller", "In progress")
    assert len(writes(pland)) == 1


async def test_a_task_without_a_title_loses_none(pland: PlandSim) -> None:
    pland.add_task(None)
    pland.patching = Patching.WIPES_TITLE
    adapter = provider(pland)
    task = await adapter.submit(await first(adapter), answer(pland, "start"), None)
    assert task.status_label == "In progress"


async def test_a_change_that_is_taken_and_not_made(pland: PlandSim) -> None:
    ana = pland.add_user("Ana")["_id"]
    pland.add_task()
    pland.patching = Patching.IGNORED
    adapter, now = provider(pland), pland.clock.now()
    task = await first(adapter)
    for change in (
        answer(pland, "start"),
        c.Reassign(now, ana),
        c.Reschedule(now, c.Due(at=LATER)),
    ):
        with pytest.raises(c.Rejected, match="said yes to the change but did not make it"):
            await adapter.submit(task, change, None)


async def test_a_completion_that_is_taken_and_not_made(pland: PlandSim) -> None:
    row = pland.add_task()
    told = {"POST": {"completed": True}, "GET": {"_id": row["_id"], "taskStatus": "open"}}
    adapter = scripted(pland, lambda request: httpx2.Response(200, json=told[request.method]))
    with pytest.raises(c.Rejected, match="did not make it"):
        await adapter.submit(c.Task(row["_id"], ""), answer(pland, "complete"), None)


# Trouble.


@pytest.mark.parametrize("code", ["start", "complete"])
@pytest.mark.parametrize(("trouble", "landed"), [(Trouble.DROP, False), (Trouble.DROP_AFTER, True)])
async def test_a_cut_line_before_or_after_the_write(
    pland: PlandSim, code: str, trouble: Trouble, landed: bool
) -> None:
    row = pland.add_task()
    method = "POST" if code == "complete" else "PATCH"
    async with serving(pland.app) as origin:
        adapter = provider(pland, origin)
        task = await first(adapter)
        pland.faults.add(Fault(trouble, "/tasks/", method))
        with pytest.raises(c.Unavailable) as caught:
            await adapter.submit(task, answer(pland, code), None)
        assert caught.value.ambiguous
        assert (row["taskStatus"] != "new") is landed
        moved = await adapter.submit(task, answer(pland, code), None, again=True)
        assert moved.data != {"status": "new"}
        assert len(writes(pland)) == (1 if landed else 2)
        await adapter.close()


@pytest.mark.parametrize("code", ["review", "complete", "cancel"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_time_out_before_or_after_the_write(
    pland: PlandSim, code: str, after: bool
) -> None:
    row = pland.add_task()
    method = "POST" if code == "complete" else "PATCH"
    adapter = provider(pland, transport=TimeOut(pland, method, after=after))
    task = c.Task(row["_id"], "")
    with pytest.raises(c.Unavailable, match="time-out after 120 s") as caught:
        await adapter.submit(task, answer(pland, code), None)
    assert caught.value.ambiguous
    await adapter.submit(task, answer(pland, code), None, again=True)
    assert len(writes(pland)) == 1


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
@pytest.mark.parametrize("code", ["start", "complete"])
async def test_refused_writes_by_name(
    pland: PlandSim, code: str, status: int, kind: type[c.ProviderError]
) -> None:
    row = pland.add_task()
    method = "POST" if code == "complete" else "PATCH"
    pland.faults.add(Fault(Trouble.STATUS, row["_id"], method, status=status, body=b"TypeError"))
    with pytest.raises(kind) as caught:
        await provider(pland).submit(c.Task(row["_id"], ""), answer(pland, code), None)
    assert "TypeError" not in str(caught.value)
    assert status != 423 or "it is locked" in str(caught.value)
    assert isinstance(caught.value, c.Unavailable) == (status >= 500)
    assert row["taskStatus"] == "new"


async def test_a_key_that_may_only_read(pland: PlandSim) -> None:
    row = pland.add_task()
    pland.read_only = True
    with pytest.raises(c.Unauthorized, match="does not allow"):
        await provider(pland).submit(c.Task(row["_id"], ""), answer(pland, "start"), None)


@pytest.mark.parametrize("status", [401, 429, 500])
async def test_what_was_taken_and_can_not_be_read_back_is_in_doubt(
    pland: PlandSim, status: int
) -> None:
    row = pland.add_task()
    break_it = Fault(Trouble.STATUS, row["_id"], "GET", times=None, status=status)
    meanwhile = Meanwhile(pland, lambda: pland.faults.add(break_it), "PATCH")
    with pytest.raises(c.Unavailable, match="took the change") as caught:
        await provider(pland, transport=meanwhile).submit(
            c.Task(row["_id"], ""), answer(pland, "start"), None
        )
    assert caught.value.ambiguous


@pytest.mark.parametrize("confirmed", [True, False])
async def test_a_completion_that_is_confirmed_needs_no_reading(
    pland: PlandSim, confirmed: bool
) -> None:
    row = pland.add_task("Flur")
    answers = [
        httpx2.Response(200, json={"_id": row["_id"], "title": "Flur", "taskStatus": "new"}),
        httpx2.Response(200, json={"completed": True} if confirmed else []),
        httpx2.Response(500),
    ]
    adapter = scripted(pland, lambda _: answers.pop(0))
    task = c.Task(row["_id"], "Flur")
    if confirmed:
        done = await adapter.submit(task, answer(pland, "complete"), None)
        assert (done.state, done.title) == (c.TaskState.DONE, "Flur")
        assert done.result == c.Result("Completed")
    else:
        with pytest.raises(c.Unavailable) as caught:
            await adapter.submit(task, answer(pland, "complete"), None)
        assert caught.value.ambiguous


async def test_a_web_page_that_says_yes_is_in_doubt(pland: PlandSim) -> None:
    row = pland.add_task()
    fault = Fault(
        Trouble.STATUS, row["_id"], "PATCH", status=200, headers={"content-type": "text/html"}
    )
    pland.faults.add(fault)
    with pytest.raises(c.Unavailable, match="web page") as caught:
        await provider(pland).submit(c.Task(row["_id"], ""), answer(pland, "start"), None)
    assert caught.value.ambiguous


async def test_looking_changes_no_status(pland: PlandSim, clock: MovableClock) -> None:
    row = pland.add_task()
    adapter = provider(pland)
    task = await first(adapter)
    clock.advance(timedelta(hours=2))
    await adapter.lookup(task)
    await adapter.offer()
    await adapter.operators()
    assert (row["taskStatus"], row["firstStartedAt"]) == ("new", None)
    assert writes(pland) == []
