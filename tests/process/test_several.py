"""`taskbell web` and `taskbell worker`: several of each over one PostgreSQL, and some that die."""

from __future__ import annotations

import asyncio
import itertools
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandbox.faults import Fault, Trouble
from sandbox.slack import Message
from tests.databases.kinds import Databases, SqliteFile
from tests.process.forked import Nursery
from tests.process.place import RESULTS, Place, Running, free_port, make_place, until

TITLES = [f"Botica {letter}" for letter in "ABCDE"]
"""As many as come as cards at once: one more would be a list."""

WATCHING = "SELECT holder FROM lease"


@pytest.fixture
async def place(tmp_path: Path, postgres: Databases, nursery: Nursery) -> AsyncIterator[Place]:
    database = postgres.new()
    async with make_place(tmp_path, database, nursery) as made:
        yield made
    postgres.drop(database)


async def start_webs(place: Place, count: int) -> list[Running]:
    """So many webs that are well; the worker has polled."""
    webs = []
    for _ in range(count):
        port = free_port()
        web = await place.start("web", PORT=str(port))
        web.port = port
        webs.append(web)
    for web in webs:
        await web.ready()
    aim(place, webs[0])
    return webs


def aim(place: Place, web: Running) -> None:
    """Let Slack's requests go to this one."""
    place.slack.deliver_to(f"http://127.0.0.1:{web.port}/slack/events")


async def stop(*running: Running) -> None:
    for ended in await asyncio.gather(*(one.end(signal.SIGTERM) for one in running)):
        assert ended.status == 0


def assert_each_once(place: Place, titles: list[str]) -> None:
    """One card for each task, which says what became of it; one result each."""
    messages = place.slack.as_person(place.ana).messages()
    cards = [m for m in messages if "Botica" in m.plain() and not m.ephemeral]
    assert Counter(title for card in cards for title in titles if title in card.plain()) == Counter(
        titles
    )
    assert all(card.buttons() == [] for card in cards)
    assert len(place.reten.results) == len(titles)
    assert len({result["activity_id"] for result in place.reten.results}) == len(titles)
    assert place.rows("SELECT count(*) FROM message WHERE kind = 'card'") == [(len(titles),)]
    assert place.reten.violations == []


@pytest.mark.parametrize("command", ["web", "worker"])
async def test_sqlite_is_for_one_process(tmp_path: Path, command: str) -> None:
    async with make_place(tmp_path, SqliteFile(tmp_path / "taskbell.db")) as place:
        ended = await place.taskbell(command)
    assert ended.status == 2
    assert ended.complaint.startswith("DATABASE_URL: ")
    assert "PostgreSQL" in ended.complaint
    assert "`taskbell run`" in ended.complaint
    assert not (tmp_path / "taskbell.db").exists()


async def test_two_webs_and_two_workers_share_the_work(place: Place) -> None:
    await place.link()
    workers = [await place.start("worker", SLACK_SIGNING_SECRET="") for _ in range(2)]
    webs = await start_webs(place, 2)
    for title in TITLES:
        place.reten.add_task(commerce=title)
    cards = await asyncio.gather(*(place.carded(title, "") for title in TITLES))
    await until(lambda: polls_of(place) > 3, "more polls")
    assert len(place.rows(WATCHING)) == 1
    for card, web in zip(cards, itertools.cycle(webs), strict=False):
        aim(place, web)
        await place.click(card, "Venta completada")
    for title in TITLES:
        await place.carded(title, "you")
    await stop(*workers, *webs)
    assert_each_once(place, TITLES)
    assert place.rows(WATCHING) == []


async def test_a_worker_tells_how_it_is_on_a_port_of_its_own(place: Place) -> None:
    port = free_port()
    worker = await place.start("worker", "--port", str(port))
    worker.port = port
    await worker.ready()
    address = f"http://127.0.0.1:{port}"
    scraped = await place.http.get(f"{address}/metrics")
    assert 'taskbell_polls_total{connection="reten",result="done"}' in scraped.text
    for path in ("/slack/events", "/webhooks/reten"):
        assert (await place.http.post(f"{address}{path}")).status_code == 404
    await stop(worker)


def run_out(place: Place) -> None:
    """Let the time pass after which nobody waits for a process that died."""
    place.change("UPDATE submission SET due_at = 0 WHERE state = 'sending'")
    place.change("UPDATE message SET due_at = 0 WHERE due_at = busy_until")
    place.change("UPDATE lease SET until_at = 0")


def polls_of(place: Place) -> int:
    return sum(RESULTS not in one.path for one in place.reten.requests)


async def test_a_click_on_two_webs_at_once_counts_once(place: Place) -> None:
    await place.link()
    workers = [await place.start("worker") for _ in range(2)]
    webs = await start_webs(place, 2)
    place.reten.add_task(commerce="Botica Norte")
    card = await place.carded("Botica Norte")
    await press_on(place, webs, card)
    await place.carded("Botica Norte", "you")
    handled = "SELECT count(*) FROM intent WHERE handled_at IS NULL"
    await until(lambda: place.rows(handled) == [(0,)], "all clicks handled")
    await stop(*workers, *webs)
    assert_each_once(place, ["Botica Norte"])


async def press_on(place: Place, webs: list[Running], card: Message) -> None:
    """Click twice on each web, in as many ways: no two are the same click."""
    for web in webs:
        aim(place, web)
        for label in ("Venta completada", "No interesado"):
            await place.click(card, label)


async def test_what_a_killed_worker_was_sending_goes_on_in_another(place: Place) -> None:
    await place.link()
    doomed = await place.start("worker")
    webs = await start_webs(place, 2)
    place.reten.add_task(commerce="Botica Norte")
    card = await place.carded("Botica Norte")
    place.reten.faults.add(Fault(Trouble.HANG, RESULTS))
    await place.click(card, "Venta completada")
    await until(place.submissions, "the answer is on its way")
    ((before,),) = place.rows(WATCHING)
    await doomed.end(signal.SIGKILL)
    place.reten.faults.clear()

    heir = await place.start("worker")
    await until(lambda: place.rows(WATCHING) not in ([], [(before,)]), "another one polls")
    place.reten.add_task(commerce="Botica Sur")
    aim(place, webs[1])
    await place.click(await place.carded("Botica Sur"), "No interesado")
    await place.carded("Botica Sur", "you")
    await place.carded("Botica Norte", "you")
    await stop(heir, *webs)
    assert_each_once(place, ["Botica Norte", "Botica Sur"])


async def test_a_worker_that_is_killed_among_many_clicks_loses_and_doubles_nothing(
    place: Place,
) -> None:
    await place.link()
    workers = [await place.start("worker") for _ in range(2)]
    webs = await start_webs(place, 2)
    for title in TITLES:
        place.reten.add_task(commerce=title)
    cards = [await place.carded(title) for title in TITLES]
    place.reten.faults.add(Fault(Trouble.SLOW, RESULTS, times=None, seconds=0.1))
    place.slack.faults.add(Fault(Trouble.SLOW, "/api/chat.update", times=None, seconds=0.1))
    for number, (card, web) in enumerate(zip(cards, itertools.cycle(webs), strict=False)):
        aim(place, web)
        await place.click(card, "Venta completada")
        if number == len(cards) // 2:
            await until(place.submissions, "answers are on their way")
            await workers[0].end(signal.SIGKILL)
    done = "SELECT count(*) FROM submission WHERE state IN ('done', 'sending')"
    await until(lambda: place.rows(done) == [(len(TITLES),)], "the living one has done the rest")
    place.reten.faults.clear()
    place.slack.faults.clear()
    run_out(place)
    for title in TITLES:
        await place.carded(title, "you")
    await stop(workers[1], *webs)
    assert_each_once(place, TITLES)


async def test_a_worker_that_was_only_stopped_does_no_harm_when_it_goes_on(place: Place) -> None:
    await place.link()
    sleeper = await place.start("worker")
    webs = await start_webs(place, 1)
    place.reten.add_task(commerce="Botica Norte")
    card = await place.carded("Botica Norte")
    place.reten.faults.add(Fault(Trouble.SLOW, RESULTS, seconds=1.0))
    await place.click(card, "Venta completada")
    await until(place.submissions, "the answer is on its way")
    sleeper.process.send_signal(signal.SIGSTOP)
    await until(lambda: len(place.reten.results) == 1, "the provider has taken it")
    run_out(place)
    heir = await place.start("worker")
    await place.carded("Botica Norte", "you")
    sleeper.process.send_signal(signal.SIGCONT)
    place.reten.add_task(commerce="Botica Sur")
    await place.click(await place.carded("Botica Sur"), "No interesado")
    await place.carded("Botica Sur", "you")
    await stop(sleeper, heir, *webs)
    assert_each_once(place, ["Botica Norte", "Botica Sur"])


async def test_a_poll_that_takes_long_is_nobody_elses_turn(place: Place) -> None:
    place.env |= {"CLOSE_API_KEY": place.close.key, "CLOSE_BASE_URL": place.close_url}
    await place.link()
    workers = [await place.start("worker") for _ in range(3)]
    await until(lambda: polls_of(place) > 2, "polls")
    place.reten.faults.add(Fault(Trouble.HANG, times=None))
    await until(lambda: hanging(place) == 1, "a poll that hangs")
    polls = len(place.close.requests)
    await until(lambda: len(place.close.requests) > polls + 8, "polls of another provider")
    assert hanging(place) == 1
    place.reten.faults.clear()
    await stop(*workers)
    assert place.rows(WATCHING) == []


def hanging(place: Place) -> int:
    return sum(one.status is None for one in place.reten.requests)


async def test_a_push_on_a_web_makes_the_worker_poll_that_watches(place: Place) -> None:
    owner = place.close.key_owner["id"]
    place.env |= {
        "CLOSE_API_KEY": place.close.key,
        "CLOSE_BASE_URL": place.close_url,
        "TASKBELL_POLL_INTERVAL": "3600",
        "TASKBELL_PUBLIC_URL": "https://bell.example.com",
    }
    await place.link(owner, "close")
    workers = [await place.start("worker") for _ in range(2)]
    webs = await start_webs(place, 2)
    held = "SELECT secret FROM subscription WHERE id IS NOT NULL"
    await until(lambda: place.rows(held), "the subscription")
    titles = ["Send the contract", "Call them back"]
    for web, title in zip(webs, titles, strict=True):
        place.close.add_task(title, assigned_to=owner)
        for one in place.close.webhooks.take_deliveries():
            address = f"http://127.0.0.1:{web.port}{urlsplit(one.url).path}"
            answer = await place.http.post(address, content=one.body, headers=dict(one.headers))
            assert answer.status_code == 200
        await place.carded(title)
    await stop(*workers, *webs)
    assert len(place.close.webhooks.subscriptions) == 1
    assert place.close.violations == []


async def test_a_stop_while_the_server_is_away(place: Place, postgres: Databases) -> None:
    await place.link()
    worker = await place.start("worker")
    (web,) = await start_webs(place, 1)
    postgres.server.stop()
    try:
        ended = await asyncio.gather(*(one.end(signal.SIGTERM, within=9) for one in (worker, web)))
    finally:
        postgres.server.start()
    assert [one.status for one in ended] == [0, 0]


async def test_any_number_may_run_as_a_whole(place: Place) -> None:
    await place.link()
    first = await place.run()
    second = await place.run()
    place.reten.add_task(commerce="Botica Norte")
    card = await place.carded("Botica Norte")
    await first.end(signal.SIGTERM)
    await place.click(card, "Venta completada")
    await place.carded("Botica Norte", "you")
    await stop(second)
    assert_each_once(place, ["Botica Norte"])
