"""PlanD from end to end: its workflow as buttons, people without an address, nobody's tasks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.faults import Fault, Trouble
from tests.databases.kinds import AnyDatabase
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, make_world


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database, ("pland",)) as made:
        yield made


async def watched(world: World) -> tuple[Someone, str]:
    """Dora, linked by her address, on a connection that is being watched; and her id there."""
    dora = world.person("Dora Klein", email="dora@example.com", timezone="Europe/Berlin")
    user = world.pland.add_user("Dora Klein", "dora@example.com")
    await world.poll()
    return dora, user["_id"]


def status(world: World, task: dict[str, Any]) -> str | None:
    found = world.pland.task(task["_id"])["taskStatus"]
    return None if found is None else str(found)


def writes(world: World) -> list[tuple[str, Any]]:
    return [(r.method, r.body) for r in world.pland.requests if r.method != "GET"]


async def test_a_task_goes_through_its_workflow(world: World) -> None:
    dora, user = await watched(world)
    due = world.clock.now() + timedelta(hours=5)
    task = world.pland.add_task(
        "Fenster putzen",
        user,
        due,
        description="<p>Achtung:&nbsp;<b>Leiter</b></p><script>x</script>",
    )
    await world.tick()
    card = dora.card("Fenster putzen")
    assert card.buttons[:4] == ["Start", "In review", "Complete", "Cancel task"]
    assert "Achtung: Leiter" in card.words
    assert "script" not in card.words
    assert writes(world) == []

    await card.click("Start")
    assert status(world, task) == "in_progress"
    assert card.buttons[:3] == ["In review", "Complete", "Cancel task"]
    await card.click("In review")
    assert status(world, task) == "in_review"
    await card.click("Complete")
    assert status(world, task) == "completed"
    assert "Complete · you" in card.words
    assert card.buttons == ["Undo"]
    assert writes(world) == [
        ("PATCH", {"taskStatus": "in_progress"}),
        ("PATCH", {"taskStatus": "in_review"}),
        ("POST", {"sendEmail": False}),
    ]
    assert world.pland.emails == []
    await card.click("Undo")
    assert status(world, task) == "in_review"
    assert "Taken back · you" in card.words
    world.assert_clean()


async def test_cancelling_asks_first_and_waits_a_moment(world: World) -> None:
    dora, user = await watched(world)
    task = world.pland.add_task("Fenster putzen", user)
    await world.tick()
    card = dora.card("Fenster putzen")
    await card.click("Cancel task")
    assert status(world, task) == "new"
    assert card.buttons == ["Undo"]
    await world.pass_time(seconds=6)
    assert status(world, task) == "cancelled"
    assert "Cancelled in PlanD as “Cancel task” by you" in card.words


async def test_posting_never_changes_a_status(world: World) -> None:
    dora, user = await watched(world)
    task = world.pland.add_task("Fenster putzen", user, world.clock.now() + timedelta(minutes=20))
    await world.live_through(30)
    await dora.tasks("all")
    assert len(dora.card("Fenster putzen").all) > 1
    assert status(world, task) == "new"
    assert writes(world) == []


async def test_somebody_without_an_address_is_linked_by_an_admin(world: World) -> None:
    emil = world.person("Emil Ohne")
    user = world.pland.add_user("Emil Ohne")
    await world.poll()
    await emil.link("pland", user["_id"])
    world.pland.add_task("Flur wischen", user["_id"])
    await world.tick()
    assert "Complete" in emil.card("Flur wischen").buttons
    world.assert_clean()


async def test_a_finished_task_that_is_locked_says_so(world: World) -> None:
    dora, user = await watched(world)
    task = world.pland.add_task("Fenster putzen", user)
    await world.tick()
    await dora.card("Fenster putzen").click("Complete")
    world.pland.locks_finished = True
    await dora.card("Fenster putzen").click("Undo")
    words = dora.card("Fenster putzen").words
    assert "✅ Complete · you" in words
    assert "⚠️ PlanD refused it" in words
    assert status(world, task) == "completed"


async def test_first_come_first_served(world: World) -> None:
    dora, user = await watched(world)
    task = world.pland.add_task("Fenster putzen", user)
    await world.tick()
    world.pland.complete_elsewhere(task["_id"])
    await dora.card("Fenster putzen").click("Complete")
    assert writes(world) == []
    assert "Completed in PlanD" in dora.card("Fenster putzen").words
    assert "already finished" in dora.whispers[-1]


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.DROP_AFTER])
async def test_a_completion_in_doubt_is_read_before_it_is_sent_again(
    world: World, trouble: Trouble
) -> None:
    dora, user = await watched(world)
    task = world.pland.add_task("Fenster putzen", user)
    await world.tick()
    world.pland.faults.add(Fault(trouble, "/complete", "POST"))
    await dora.card("Fenster putzen").click("Complete")
    await world.pass_time(minutes=2)
    assert status(world, task) == "completed"
    assert "Complete · you" in dora.card("Fenster putzen").words
    assert len(writes(world)) == (2 if trouble is Trouble.DROP else 1)


async def test_a_task_moves_in_time_and_between_people(world: World) -> None:
    dora, user = await watched(world)
    emil = world.person("Emil Kurz", email="emil@example.com")
    other = world.pland.add_user("Emil Kurz", "emil@example.com")
    world.clock.advance(timedelta(hours=1))
    task = world.pland.add_task("Fenster putzen", user, world.clock.now() + timedelta(days=1))
    await world.tick()
    await dora.card("Fenster putzen").click("Reschedule")
    wanted = datetime(2026, 4, 20, 9, tzinfo=UTC)
    assert await dora.fill(New_date_and_time=wanted) == {}
    assert "Moved from Tomorrow 11:00" in dora.card("Fenster putzen").words
    await dora.card("Fenster putzen").click("Reassign")
    assert await dora.fill(Give_it_to="Emil Kurz") == {}
    assert world.pland.task(task["_id"])["assignee"]["entityId"] == other["_id"]
    assert "Now with" in dora.card("Fenster putzen").words
    assert "Complete" in emil.card("Fenster putzen").buttons
    assert world.pland.task(task["_id"])["title"] == "Fenster putzen"
    world.assert_clean()


async def test_a_task_without_an_assignee_goes_to_the_fallback_channel(world: World) -> None:
    channel = world.slack.workspace.add_channel("tasks")
    async with world.running_bot(fallback_channel=channel.id):
        await world.poll()
        world.pland.add_task("Niemandes Aufgabe")
        await world.tick()
        assert any("Niemandes Aufgabe" in words for words in world.channel_words(channel))
    world.assert_clean()
