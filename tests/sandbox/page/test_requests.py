"""What boards tell of the requests of the app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from sandbox.faults import Fault, Trouble
from sandbox.providers.service import ProviderSim
from sandbox.providers.traffic import ANSWER_KEPT, READS_KEPT, WRITES_KEPT
from sandbox.world import World

from .conftest import Json, Page

TASKS = "/api/public/tasks"
MEMBERS = "/api/public/team-members/all"


@pytest.fixture
async def app(page: Page, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """The app at Vambe."""
    env = world.environment()
    headers = {"x-api-key": env["VAMBE_API_KEY"]}
    async with httpx2.AsyncClient(
        base_url=env["VAMBE_BASE_URL"], trust_env=False, headers=headers
    ) as client:
        yield client


async def requests(page: Page) -> list[Json]:
    found: list[Json] = (await page.boards())["vambe"]["requests"]
    return found


async def opened(page: Page, line: Json, expect: int = 200) -> Json:
    answer = await page.client.get(f"/api/boards/vambe/requests/{line['number']}")
    assert answer.status_code == expect
    found: Json = answer.json()
    return found


async def test_a_write_is_shown_with_what_was_answered(
    page: Page, world: World, app: httpx2.AsyncClient
) -> None:
    mine = world.vambe.tasks()[0]
    body = {"newStatusName": "Completado"}
    answered = await app.put(f"{TASKS}/{mine['id']}", json=body)
    (line,) = await requests(page)
    told = {"wrote": True, "method": "PUT", "path": f"{TASKS}/{mine['id']}", "status": 200}
    assert line == line | told
    assert await opened(page, line) == {
        "query": [],
        "body": body,
        "answer": answered.text,
        "answerSize": len(answered.content),
    }


async def test_a_refusal_is_shown_with_its_words(page: Page, app: httpx2.AsyncClient) -> None:
    await app.post(TASKS, content=b"{", headers={"content-type": "application/json"})
    (line,) = await requests(page)
    told = await opened(page, line)
    assert (line["status"], told["body"]) == (400, "{")
    assert "must be a JSON object" in told["answer"]


async def test_reads_are_folded_between_two_writes(page: Page, app: httpx2.AsyncClient) -> None:
    days = {"responsibleIds[]": "", "fromDate": "2026-01-01", "toDate": "2026-12-31"}
    for _ in range(2):
        for _ in range(3):
            await app.get(MEMBERS)
            await app.get(TASKS, params=days)
        await app.delete(f"{TASKS}/unknown")
    lines = await requests(page)
    shown = [(line["method"], line["path"], line["times"], line["changes"]) for line in lines]
    reads = [("GET", TASKS, 3, 0), ("GET", MEMBERS, 3, 0)]
    assert shown == 2 * [("DELETE", f"{TASKS}/unknown", 1, 0), *reads]
    assert (await opened(page, lines[1]))["query"] == [list(pair) for pair in days.items()]


async def test_folded_reads_tell_when_the_answer_changed(
    page: Page, world: World, app: httpx2.AsyncClient
) -> None:
    for name in ("", "Dora", "", "Emil"):
        if name:
            world.vambe.add_member(name, f"{name}@example.com")
        answered = await app.get(MEMBERS)
    (line,) = await requests(page)
    assert (line["times"], line["changes"]) == (4, 2)
    assert (await opened(page, line))["answer"] == answered.text


async def test_reads_that_fail_are_lines_of_their_own(
    page: Page, world: World, app: httpx2.AsyncClient
) -> None:
    for status in (200, 503, 503, 200):
        if status != 200:
            world.vambe.faults.add(Fault(Trouble.STATUS, status=status))
        await app.get(MEMBERS)
    lines = await requests(page)
    assert [(line["status"], line["times"]) for line in lines] == [(200, 1), (503, 2), (200, 1)]


async def test_moments_in_a_query_are_not_what_is_asked_for(page: Page, world: World) -> None:
    env = world.environment()
    close = env["CLOSE_BASE_URL"] + "/task/"
    async with httpx2.AsyncClient(trust_env=False, auth=(env["CLOSE_API_KEY"], "")) as app:
        for second in range(3):
            moment = f"2026-11-22T14:00:0{second}+00:00"
            await app.get(close, params={"date_updated__gte": moment})
        await app.get(close, params={"_limit": 1})
        search = {"query": {"type": "match_all"}}
        await app.post(env["CLOSE_BASE_URL"] + "/data/search/", json=search)
    lines = (await page.boards())["close"]["requests"]
    assert [(line["method"], line["times"], line["wrote"]) for line in lines] == [
        ("POST", 1, False),
        ("GET", 1, False),
        ("GET", 3, False),
    ]


async def test_a_cut_line_is_shown_without_a_status(
    page: Page, world: World, app: httpx2.AsyncClient
) -> None:
    world.vambe.faults.add(Fault(Trouble.DROP_AFTER))
    with pytest.raises(httpx2.TransportError):
        await app.delete(f"{TASKS}/{world.vambe.tasks()[0]['id']}")
    (line,) = await requests(page)
    assert line["status"] is None
    assert (await opened(page, line))["answer"] == ""
    assert (await page.boards())["vambe"]["underWay"] == []


async def test_memory_is_bounded(page: Page, world: World, app: httpx2.AsyncClient) -> None:
    people: list[Callable[[], object]] = [
        lambda: world.vambe.add_member("x" * ANSWER_KEPT, "x@example.com")
    ]
    people[0]()
    first = await app.get(MEMBERS)
    (line,) = await requests(page)
    told = await opened(page, line)
    assert told["answerSize"] == len(first.content)
    assert len(told["answer"]) == ANSWER_KEPT
    for number in range(WRITES_KEPT + READS_KEPT):
        await app.delete(f"{TASKS}/{number}")
        await app.get(MEMBERS)
    assert kept(world.vambe) == WRITES_KEPT + READS_KEPT
    assert len(await requests(page)) == WRITES_KEPT + READS_KEPT
    await opened(page, line, expect=404)


def kept(sim: ProviderSim) -> int:
    """How many answers are in memory."""
    return sum(bool(request.answer) for request in sim.requests)


async def test_what_leaves_the_documents_is_told_once_with_a_count(
    page: Page, app: httpx2.AsyncClient
) -> None:
    for path in ("/nowhere", "/elsewhere", "/nowhere"):
        await app.get(path)
    told = (await page.boards())["vambe"]["violations"]
    sentence = "GET {} is no endpoint of the public task API."
    assert told == [
        {"words": sentence.format("/nowhere"), "times": 2},
        {"words": sentence.format("/elsewhere"), "times": 1},
    ]
