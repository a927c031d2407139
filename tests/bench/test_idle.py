"""What a poll that finds nothing new asks of each provider, request by request: docs/bench.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bench.polls import UNAVOIDABLE
from sandbox.providers.service import ProviderSim
from tests.databases.kinds import SqliteFile
from tests.scenarios.world import START, World, make_world

DUE = START + timedelta(days=9)


async def idle_cycle(world: World, sim: ProviderSim, *shown: str) -> Sequence[tuple[str, ...]]:
    """The requests of one poll among several, of each its path and these parameters; first
    everything is read, and what is kept for minutes is kept."""
    await world.poll()
    await world.tick()
    cycles = []
    for _ in range(3):
        before = len(sim.requests)
        world.clock.advance(timedelta(seconds=20))
        await world.tick()
        asked = [(one.path, dict(one.query)) for one in sim.requests[before:]]
        cycles.append([(path, *(query.get(name, "") for name in shown)) for path, query in asked])
    assert cycles[0] == cycles[1] == cycles[2]
    world.assert_clean()
    return cycles[0]


async def test_reten_is_asked_for_each_page_of_each_open_status(tmp_path: Path) -> None:
    """No call takes two statuses, and none tells what has changed."""
    async with make_world(SqliteFile(tmp_path / "taskbell.db"), ("reten",)) as world:
        for number in range(240):
            status = "IN_PROGRESS" if number < 12 else "PENDING"
            world.reten.add_task(f"Botica {number}", scheduled_at=DUE, status=status)
        path = "/api/integration/activities/tasks"
        found = await idle_cycle(world, world.reten, "status", "page")
        pending = [(path, "PENDING", page) for page in ("1", "2", "3")]
        assert found == [*pending, (path, "IN_PROGRESS", "1")]
        assert len(found) == UNAVOIDABLE["reten"](240)


async def test_close_is_asked_for_what_has_changed(tmp_path: Path) -> None:
    async with make_world(SqliteFile(tmp_path / "taskbell.db"), ("close",)) as world:
        for number in range(301):
            world.close.add_task(f"Call {number}", date=DUE)
        await world.pass_time(minutes=10)  # what is changed lately is listed again
        found = await idle_cycle(world, world.close, "is_complete", "_skip")
        assert found == [("/api/v1/task/", "", "0")]
        assert "date_updated__gte" in dict(world.close.requests[-1].query)
        assert UNAVOIDABLE["close"](301) == 1


async def test_a_small_close_is_read_whole_besides(tmp_path: Path) -> None:
    """What was removed shows in no "changed since", and what was finished in no list of what is
    open."""
    async with make_world(SqliteFile(tmp_path / "taskbell.db"), ("close",)) as world:
        for number in range(120):
            world.close.add_task(f"Call {number}", date=DUE)
        await world.pass_time(minutes=10)
        changed, *pages = await idle_cycle(world, world.close, "is_complete", "_skip")
        assert changed == ("/api/v1/task/", "", "0")
        assert pages == [("/api/v1/task/", "false", "0"), ("/api/v1/task/", "false", "100")]
        assert 1 + len(pages) == UNAVOIDABLE["close"](120)


async def test_vambe_is_asked_once_for_each_fifty_people(tmp_path: Path) -> None:
    """It has no pages; what bounds a request is the length of its address."""
    async with make_world(SqliteFile(tmp_path / "taskbell.db"), ("vambe",)) as world:
        ana = world.person("Ana Ruiz")
        team = [world.vambe.add_member(f"M {n}", f"m{n}@example.org")["id"] for n in range(100)]
        for number, member in enumerate(team):
            await ana.link("vambe", member)
            status = "Completado" if number == 0 else None
            world.vambe.add_task(f"Llamar {number}", [member], DUE, status=status)
        found = await idle_cycle(world, world.vambe)
        assert found == [("/api/public/tasks",)] * 2
        assert len(found) == UNAVOIDABLE["vambe"](100)


async def test_vambe_is_not_asked_for_statuses_that_the_listing_shows(tmp_path: Path) -> None:
    """Not even by the first poll, which reads the tasks and the team, and nothing else."""
    async with make_world(SqliteFile(tmp_path / "taskbell.db"), ("vambe",)) as world:
        ana = world.person("Ana Ruiz")
        member = world.vambe.add_member("Ana Ruiz", "ana@example.org")["id"]
        await ana.link("vambe", member)
        world.vambe.add_task("Llamar", [member], DUE, status="Completado")
        await world.poll()
        asked = [one.path for one in world.vambe.requests]
        assert sorted(asked) == ["/api/public/tasks", "/api/public/team-members/all"]


async def test_pland_is_asked_until_a_page_is_empty(tmp_path: Path) -> None:
    """Some routes cap the limit, so that a short page says nothing."""
    async with make_world(SqliteFile(tmp_path / "taskbell.db"), ("pland",)) as world:
        for number in range(1030):
            world.pland.add_task(f"Treppenhaus {number}", due=DUE)
        found = await idle_cycle(world, world.pland, "offset")
        assert found == [("/v2/tasks/", offset) for offset in ("0", "1000", "1030")]
        assert len(found) == UNAVOIDABLE["pland"](1030)
