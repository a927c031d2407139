"""Tasks of a route: Reten gives some to no operator, and people can look after a route."""

from __future__ import annotations

from tests.scenarios.world import World

ROUTE = "route:RUTA-NORTE-01"


async def test_a_task_of_nobody_goes_to_whoever_looks_after_its_route(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await ana.link("reten", ROUTE)
    await world.poll()
    task = world.reten.add_task("Botica Norte", operator=None)
    world.reten.add_task("Farmacia Sol")
    await world.tick()
    assert [card.plain().splitlines()[0] for card in ana.cards] == ["Botica Norte"]
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    result = world.result_of(task["id"])
    assert "operator_external_id" not in result["task_result"]
    assert "✅ Venta completada · you" in ana.card("Botica Norte").words
    world.assert_clean()


async def test_who_is_an_operator_too_answers_in_their_own_name(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await ana.link("reten", ROUTE)
    await ana.link("reten", "OP-042")
    await world.poll()
    task = world.reten.add_task("Botica Norte", operator=None)
    await world.tick()
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    assert world.result_of(task["id"])["task_result"]["operator_external_id"] == "OP-042"


async def test_an_operator_goes_before_the_route(world: World) -> None:
    ana, carlos = world.person("Ana Ruiz"), world.person("Carlos Ruiz")
    await ana.link("reten", ROUTE)
    await carlos.link("reten", "OP-042")
    await world.poll()
    task = world.reten.add_task("Botica Norte", operator=None)
    await world.tick()
    world.reten.reassign(task["id"], ("OP-042", "Carlos Ruiz", "SALESMAN"))
    await world.tick()
    assert "Now with" in ana.card("Botica Norte").words
    assert "Venta completada" in carlos.card("Botica Norte").buttons
    world.assert_clean()


async def test_a_task_at_another_hour_is_the_same_task_and_is_brought_up_again(
    world: World,
) -> None:
    """What was posted is this task at this hour: finished, and then due anew, it is news."""
    carlos = await world.carlos()
    task = world.reten.add_task("Botica Norte", scheduled_at=world.clock.now())
    await world.tick()
    world.reten.complete_elsewhere(task["id"])
    await world.tick()
    assert "Completed in Reten" in carlos.card("Botica Norte").words
    world.reten.edit(
        task["id"], status="PENDING", activityResult=None, scheduledAt="2026-04-20T09:00:00.000Z"
    )
    await world.tick()
    assert len(carlos.card("Botica Norte").all) == 2
    assert "Venta completada" in carlos.card("Botica Norte").buttons
    world.assert_clean()
