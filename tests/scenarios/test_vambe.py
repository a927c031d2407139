"""Vambe from end to end: tasks of those who are asked for, the tenant's own statuses, several
people on one task."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.faults import Fault, Trouble
from tests.databases.kinds import AnyDatabase
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, make_world

ADMIN = "U0ADMIN"


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database, ("vambe",)) as made:
        yield made


def member(world: World, name: str, *, in_slack: bool = True) -> tuple[Someone, str]:
    """Somebody in the team, known in Slack by the same address; and their id at Vambe."""
    address = f"{name.split()[0].lower()}@example.com"
    joined = world.vambe.add_member(name, address)
    slack = {"email": address} if in_slack else {}
    return world.person(name, timezone="America/Santiago", **slack), joined["id"]


async def watched(world: World, *names: str) -> list[tuple[Someone, str]]:
    """Members on a connection that is being watched, whose tasks have shown every status."""
    found = [member(world, name) for name in names]
    for status in ("Pendiente", "En Progreso", "Completado"):
        world.vambe.add_task(f"Antes {status}", [found[0][1]], status=status)
    await world.poll()
    return found


def listings(world: World) -> list[list[str]]:
    """Of whom each listing asked."""
    asked = [r.query for r in world.vambe.requests if r.method == "GET" and "tasks" in r.path]
    return [[value for key, value in query if key == "responsibleIds[]"] for query in asked]


async def test_a_task_is_answered_with_the_tenants_statuses(world: World) -> None:
    ((ana, at_vambe),) = await watched(world, "Ana Ruiz")
    due = world.clock.now() + timedelta(hours=5)
    task = world.vambe.add_task("Llamar a Farmacia Central", [at_vambe], due, priority="high")
    await world.tick()
    card = ana.card("Llamar a Farmacia Central")
    assert card.buttons[:2] == ["En Progreso", "Completado"]
    assert "Pendiente" not in card.buttons
    assert "Priority: high" in card.words

    await card.click("En Progreso")
    assert world.vambe.task(task["id"])["status_config"]["name"] == "En Progreso"
    assert "“En Progreso” recorded · you" in card.words
    assert card.buttons[:2] == ["Pendiente", "Completado"]

    await card.click("Completado")
    assert world.vambe.task(task["id"])["status_config"]["type"] == "master_done"
    assert "Completado · you" in card.words
    assert card.buttons == ["Undo"]
    bodies = [r.body for r in world.vambe.requests if r.method == "PUT"]
    assert bodies == [{"newStatusName": "En Progreso"}, {"newStatusName": "Completado"}]

    await card.click("Undo")
    assert world.vambe.task(task["id"])["status_config"]["name"] == "En Progreso"
    assert "Taken back · you" in card.words
    world.assert_clean()


async def test_one_completion_settles_every_card(world: World) -> None:
    (ana, at_ana), (ben, at_ben) = await watched(world, "Ana Ruiz", "Ben Okafor")
    task = world.vambe.add_task("Visita", [at_ana, at_ben])
    await world.tick()
    assert "Completado" in ana.card("Visita").buttons
    await ben.card("Visita").click("Completado")
    assert "Completado · you" in ben.card("Visita").words
    assert ben.id in ana.card("Visita").message.text
    assert "En Progreso" not in ana.card("Visita").buttons
    assert len(ana.card("Visita").all) == len(ben.card("Visita").all) == 1
    assert world.vambe.task(task["id"])["status_config"]["name"] == "Completado"
    world.assert_clean()


async def test_only_the_people_who_are_linked_are_asked_for(world: World) -> None:
    ana, at_ana = member(world, "Ana Ruiz")
    member(world, "Ben Okafor", in_slack=False)
    await world.poll()
    world.vambe.requests.clear()
    await world.tick()
    assert listings(world) == [[at_ana]]
    await ana.unlink("vambe", at_ana)
    world.vambe.requests.clear()
    await world.tick()
    assert listings(world) == []


async def test_what_somebody_had_before_they_were_linked_is_summed_up(world: World) -> None:
    await watched(world, "Ana Ruiz")
    ben, at_ben = member(world, "Ben Okafor", in_slack=False)
    for number in range(3):
        world.vambe.add_task(f"Tarea {number}", [at_ben], date(2026, 4, 15))
    await world.tick()
    await ben.link("vambe", at_ben)
    await world.tick()
    assert ben.cards == []
    (told,) = ben.notices
    assert told.startswith("You are linked to Ben Okafor in Vambe: 3 open tasks, 3 due today.")
    assert "Tarea 2" in (await ben.tasks()).words
    world.vambe.add_task("Nueva", [at_ben])
    await world.tick()
    assert [card.plain().splitlines()[0] for card in ben.cards] == ["Nueva"]
    assert len(ben.notices) == 1
    world.assert_clean()


async def test_what_the_first_poll_finds_is_no_news_to_anybody(world: World) -> None:
    ana, at_ana = member(world, "Ana Ruiz")
    world.vambe.add_task("Vieja", [at_ana], date(2026, 3, 1))
    await world.poll()
    assert ana.cards == []
    (told,) = ana.notices
    assert told.startswith("Vambe is connected: 1 open task, 1 overdue.")
    await world.tick()
    assert ana.cards == []


async def test_unlinked_tasks_go_to_the_fallback_channel(world: World) -> None:
    channel = world.slack.workspace.add_channel("tasks")
    _, at_ben = member(world, "Ben Okafor", in_slack=False)
    async with world.running_bot(fallback_channel=channel.id):
        await world.poll()
        world.vambe.add_task("Visita", [at_ben])
        await world.tick()
        assert any("Visita" in words for words in world.channel_words(channel))
    world.assert_clean()


async def test_a_task_follows_its_people(world: World) -> None:
    (ana, at_ana), (ben, at_ben) = await watched(world, "Ana Ruiz", "Ben Okafor")
    task = world.vambe.add_task("Visita", [at_ana])
    await world.tick()
    world.vambe.reassign(task["id"], [at_ben])
    await world.tick()
    assert f"Now with <@{ben.id}>" in ana.card("Visita").message.text
    assert "Completado" in ben.card("Visita").buttons
    stranger = world.vambe.add_member("Eva Nadie", "eva@example.com")
    world.clock.advance(timedelta(minutes=2))
    world.vambe.reassign(task["id"], [stranger["id"]])
    await world.tick()
    assert "Now with Eva Nadie" in ben.card("Visita").words
    world.vambe.remove(task["id"])
    await world.tick()
    assert ben.card("Visita").buttons == []
    world.assert_clean()


async def test_an_all_day_task_is_a_day_everywhere(world: World) -> None:
    ((ana, at_ana),) = await watched(world, "Ana Ruiz")
    world.vambe.add_task("Inventario", [at_ana], date(2026, 4, 15))
    await world.tick()
    assert "Due Wed 15 Apr" in ana.card("Inventario").words
    assert "due today" in ana.card("Inventario").text
    await ana.card("Inventario").click("Reschedule")
    assert await ana.fill(New_date=date(2026, 4, 20)) == {}
    assert "Due Mon 20 Apr" in ana.card("Inventario").words
    assert "Moved from Wed 15 Apr · you" in ana.card("Inventario").words
    (body,) = [r.body for r in world.vambe.requests if r.method == "PUT"]
    assert body["dueDate"].startswith("2026-04-20")
    assert "dueTime" not in body
    world.assert_clean()


async def test_admins_hear_that_no_final_status_is_known(world: World) -> None:
    carla = world.person("Carla Nunes")
    ana, at_ana = member(world, "Ana Ruiz")
    world.vambe.add_task("Primera", [at_ana])
    async with world.running_bot(admins=(carla.id,)):
        await world.poll()
        await world.tick()
        (told,) = carla.notices
        assert told.startswith("Vambe: ")
        assert "VAMBE_DONE_STATUS" in told
        assert "can't be finished from here" in told
        task = world.vambe.add_task("Segunda", [at_ana])
        await world.tick()
        assert "Completado" not in ana.card("Segunda").buttons
        world.vambe.complete_elsewhere(task["id"])
        await world.tick()
        await world.tick()
        assert carla.notices[1:] == [
            "Vambe: nothing is missing any more, its tasks can be finished from here."
        ]
        world.vambe.add_task("Tercera", [at_ana])
        await world.tick()
        assert "Completado" in ana.card("Tercera").buttons


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.DROP_AFTER])
async def test_an_answer_in_doubt_is_read_before_it_is_sent_again(
    world: World, trouble: Trouble
) -> None:
    ((ana, at_ana),) = await watched(world, "Ana Ruiz")
    task = world.vambe.add_task("Visita", [at_ana])
    await world.tick()
    world.vambe.faults.add(Fault(trouble, "/api/public/tasks/", "PUT"))
    await ana.card("Visita").click("Completado")
    await world.pass_time(minutes=2)
    assert world.vambe.task(task["id"])["status_config"]["name"] == "Completado"
    assert "Completado · you" in ana.card("Visita").words
    writes = [r for r in world.vambe.requests if r.method == "PUT"]
    assert len(writes) == (2 if trouble is Trouble.DROP else 1)


async def test_five_hundred_tasks_of_a_hundred_people(world: World) -> None:
    people: list[tuple[Any, str]] = [member(world, f"P{n:03} Last") for n in range(100)]
    await world.live_through(3)  # so long takes it to look up their addresses at Slack's pace
    world.vambe.requests.clear()
    for number in range(500):
        world.vambe.add_task(f"Tarea {number}", [people[number % 100][1]])
    await world.tick()
    assert sum(map(len, listings(world))) == 100
    assert len(listings(world)) == 2
    ana, _ = people[7]
    assert len(ana.cards) == 5
    assert len((await ana.tasks("all")).rows) == 5
    world.assert_no_violations()
