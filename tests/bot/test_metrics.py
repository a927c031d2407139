"""`/metrics`: what Prometheus reads, and that none of it tells of a person."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import COUNT_AGAIN
from sandbox.faults import Trouble
from tests.databases.kinds import AnyDatabase
from tests.scenarios.world import World, make_world

Found = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database) as made:
        yield made


class Scraper:
    """Prometheus, as far as it matters here."""

    def __init__(self, world: World) -> None:
        self._app = world.bot.asgi(takes_slack=True)
        self.text = ""
        self._found: Found = {}

    async def scrape(self) -> None:
        transport = httpx2.ASGITransport(app=self._app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://bot.test") as http:
            answer = await http.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        self.text = answer.text
        self._found = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    def __call__(self, name: str, **labels: str) -> float | None:
        """The value of a metric; None where there is none."""
        return self._found.get((f"taskbell_{name}", frozenset(labels.items())))


async def test_how_things_stand(world: World) -> None:
    scraper = Scraper(world)
    await scraper.scrape()
    assert scraper("database_up") == 1
    assert scraper("last_good_poll_age_seconds", connection="reten") is None
    assert scraper("oldest_pending_deliveries_age_seconds") == 0
    assert scraper("deliveries_pending") == 0
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    world.reten.add_task(commerce="Botica Sur", operator=("OP-001", "Bea", "Diaz"))
    await world.poll()
    world.fault_at_results(Trouble.STATUS, status=503, times=None)
    world.fault_at_slack(Trouble.STATUS, "chat.", status=503, times=None)
    await ana.card("Botica Norte").click("Venta completada")
    world.reten.add_task(commerce="Botica Oeste")
    await world.poll()
    world.close.revoke_key()
    await world.pass_time(minutes=3)
    await world.poll()
    await scraper.scrape()
    assert 150 < (scraper("last_good_poll_age_seconds", connection="close") or 0) < 240
    assert (scraper("last_good_poll_age_seconds", connection="reten") or 0) < 30
    for trouble in ("unauthorized", "unavailable", "malformed"):
        at_close = scraper("connection_trouble", connection="close", trouble=trouble)
        assert at_close == (trouble == "unauthorized")
        assert scraper("connection_trouble", connection="reten", trouble=trouble) == 0
    assert 150 < (scraper("oldest_pending_deliveries_age_seconds") or 0) < 240
    assert scraper("submissions_pending", connection="reten") == 1
    answers = scraper("oldest_pending_submissions_age_seconds", connection="reten")
    assert 150 < (answers or 0) < 240
    assert scraper("oldest_pending_submissions_age_seconds", connection="close") == 0
    assert scraper("tasks", connection="reten", standing="open") == 3
    assert scraper("unlinked_operators", connection="reten") == 1
    assert scraper("stuck") == 0


async def test_what_was_done(world: World) -> None:
    ana = await world.carlos()
    scraper = Scraper(world)
    world.reten.add_task(commerce="Botica Norte")
    world.slack.rate_limit("chat.postMessage", retry_after=5)
    await world.poll()
    await world.pass_time(seconds=30)
    world.fault_at_results(Trouble.STATUS, status=503)
    await ana.card("Botica Norte").click("Venta completada")
    await world.live_through(10)
    world.close.revoke_key()
    await world.poll()
    await scraper.scrape()
    assert scraper("slack_rate_limited_total", method="chat.postMessage") == 1
    assert scraper("deliveries_total", kind="card", result="slack_busy") == 1
    assert (scraper("deliveries_total", kind="card", result="done") or 0) >= 2
    assert scraper("polls_total", connection="close", result="unauthorized") == 1
    assert scraper("polls_total", connection="close", result="done") == 12
    assert scraper("submission_attempts_total", connection="reten", result="unavailable") == 1
    assert scraper("submission_attempts_total", connection="reten", result="done") == 1
    assert scraper("submissions", connection="reten", state="done") == 1
    assert scraper("messages", kind="card", state="sent") == 1


async def test_everything_is_counted_once_a_minute_however_often_it_is_asked(
    world: World,
) -> None:
    scraper = Scraper(world)
    await world.carlos()
    await scraper.scrape()
    assert scraper("tasks", connection="reten", standing="open") is None
    world.reten.add_task(commerce="Botica Norte")
    await world.poll()
    await scraper.scrape()
    assert scraper("tasks", connection="reten", standing="open") is None
    await world.pass_time(seconds=COUNT_AGAIN.total_seconds())
    await scraper.scrape()
    assert scraper("tasks", connection="reten", standing="open") == 1


async def test_nothing_tells_of_a_person(world: World) -> None:
    ana = world.person("Ana Ruiz", email="ana@example.com")
    mine = world.close.add_user("Ana Ruiz", "ana@example.com")["id"]
    await ana.link("reten", "OP-042")
    await world.poll()
    task = world.reten.add_task(commerce="Botica Norte")
    world.close.add_task("Send the contract", assigned_to=mine, date="2026-04-15")
    await world.poll()
    await ana.card("Botica Norte").click("Venta completada")
    scraper = Scraper(world)
    await scraper.scrape()
    workspace = world.slack.workspace
    private = [ana.id, mine, "OP-042", "Ana", "Ruiz", "example.com", "Botica", "contract"]
    private += [str(task["id"]), workspace.bot_token, world.reten.key, world.close.key]
    assert scraper("tasks", connection="close", standing="open") == 1
    assert [word for word in private if word in scraper.text] == []


async def test_without_the_database_the_counters_are_still_told(
    world: World, database: AnyDatabase
) -> None:
    await world.poll()
    scraper = Scraper(world)
    database.change("ALTER TABLE message RENAME TO elsewhere")
    await scraper.scrape()
    assert scraper("database_up") == 0
    assert scraper("polls_total", connection="reten", result="done") == 1
    assert scraper("deliveries_pending") is None
    database.change("ALTER TABLE elsewhere RENAME TO message")
    await scraper.scrape()
    assert scraper("database_up") == 1
    assert scraper("deliveries_pending") == 0
