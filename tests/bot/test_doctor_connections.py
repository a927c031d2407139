"""`taskbell doctor`: what it finds amiss with connections."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.checks.finding import State
from sandbox.faults import Fault, Trouble
from sandbox.providers.vambe_statuses import FINAL
from tests.bot.examining import doctor
from tests.databases.kinds import AnyDatabase
from tests.scenarios.world import World, make_world


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database) as made:
        yield made


async def test_a_revoked_key_is_told_beside_what_is_well(world: World) -> None:
    await world.poll()
    world.reten.revoke_key()
    found = await doctor(world)
    assert found.wrong() == {"reten key"}
    assert "settings of reten" in str(found["reten key"].remedy)
    assert "reten tasks" not in found
    assert found["close key"].state is State.OK


async def test_a_provider_that_is_down(world: World) -> None:
    world.reten.faults.add(Fault(Trouble.STATUS, status=404, times=None))
    found = await doctor(world, budget=1.0)
    assert "reten key" in found.wrong()
    assert {"close key", "close tasks", "close answers"} <= {*found} - found.wrong()


async def test_a_provider_that_hangs_keeps_no_other_waiting(world: World) -> None:
    world.reten.faults.add(Fault(Trouble.HANG, times=None))
    found = await doctor(world, budget=0.5)
    assert found["reten key"].said == "No answer within 0.5 s."
    assert found.wrong() == {"reten key"}
    assert {"close key", "slack token"} <= {*found}


async def test_a_key_that_may_not_list_tasks(world: World) -> None:
    world.reten.faults.add(Fault(Trouble.STATUS, "activities/tasks", status=403, times=None))
    found = await doctor(world)
    assert found.wrong() == {"reten tasks"}
    assert "right to read" in str(found["reten tasks"].remedy)
    assert found["reten answers"].state is State.OK


async def test_how_polls_fare(world: World) -> None:
    assert (await doctor(world))["reten polls"].said == "There was none yet."
    await world.poll()
    assert (await doctor(world))["reten polls"].state is State.OK
    world.clock.advance(timedelta(hours=3))
    found = await doctor(world)
    assert found["reten polls"].state is State.WARNING
    assert found["reten polls"].said == "The last good one was 3 h ago."
    world.reten.revoke_key()
    await world.poll()
    world.reten.restore_key()
    found = await doctor(world)
    assert found.wrong() == {"reten polls"}
    assert "unauthorized" in found["reten polls"].said
    assert "restart the bot" in str(found["reten polls"].remedy)


async def test_answers_that_have_been_under_way_for_long(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.poll()
    world.fault_at_results(Trouble.STATUS, status=503, times=None)
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=30)
    assert "reten answers under way" not in await doctor(world)
    await world.pass_time(minutes=20)
    found = await doctor(world)
    assert found["reten answers under way"].state is State.WARNING
    assert found["reten answers under way"].said.startswith(
        "1 are on their way, the oldest for 20 min"
    )


async def test_push(world: World) -> None:
    assert "TASKBELL_PUBLIC_URL is not set" in (await doctor(world))["close push"].said
    rules: dict[str, Any] = {"public_url": "https://taskbell.example.com"}
    assert (await doctor(world, **rules))["close push"].state is State.WARNING
    async with world.running_bot(**rules):
        await world.tick()
    found = await doctor(world, **rules)
    assert found["close push"].state is State.OK
    assert "reten push" not in found


async def test_what_is_missing_for_tasks_to_be_finished(database: AnyDatabase) -> None:
    async with make_world(database, ("vambe",)) as world:
        found = await doctor(world)
        assert found.wrong() == {"vambe answers"}
        assert "VAMBE_DONE_STATUS" in str(found["vambe answers"].remedy)
        ana = world.person("Ana Ruiz")
        member = next(iter(world.vambe.members))
        await ana.link("vambe", member)
        done = world.vambe.statuses.first(*FINAL)["name"]
        world.vambe.add_task("Call back", [member], status=done)
        await world.poll()
        assert (await doctor(world)).wrong() == set()


async def test_no_connection_at_all(world: World) -> None:
    found = await doctor(world, connections=())
    assert found["settings"].state is State.WARNING
