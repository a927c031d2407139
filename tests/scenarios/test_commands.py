"""`/tasks` with what may stand behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.scenarios.pages import ListPage, Someone
from tests.scenarios.test_lists import with_tasks
from tests.scenarios.world import START, World

BEN = ("OP-007", "Ben Okafor", "SALESMAN")


async def a_team(world: World) -> tuple[Someone, Someone, Someone, Someone]:
    """Ana, who has one overdue task and two others; Ben, who has one; a manager, and an admin."""
    ana = await with_tasks(world, 3)
    ben = world.person("Ben Okafor", timezone="UTC")
    world.reten.add_task(commerce="Café Óscar", operator=BEN, scheduled_at=START + timedelta(1))
    await ben.link("reten", BEN[0])
    nobody = ("OP-099", "Nora Nadie", "SALESMAN")
    world.reten.add_task(commerce="Sin nadie", operator=nobody, scheduled_at=START)
    await world.poll()
    return ana, ben, world.person("Mia Manager"), world.person("Ada Admin")


async def shown_below(person: Someone) -> ListPage:
    """The list that came below another message."""
    return ListPage(person.world, person, [m for m in person.messages if m.ephemeral][-1])


async def test_what_was_finished(world: World) -> None:
    ana = await with_tasks(world, 3)
    await (await ana.tasks("all")).click("Venta completada", near="Botica 000")
    await world.pass_time(seconds=6)
    await world.pass_time(hours=2)
    elsewhere = next(t for t in world.reten.tasks() if t["commerceName"] == "Botica 001")
    world.reten.complete_elsewhere(elsewhere["id"])
    await world.poll()
    rows = (await ana.tasks("done")).rows
    assert [row.partition(" — ")[0] for row in rows] == ["✅ Botica 001", "✅ Botica 000"]
    assert rows[1] == "✅ Botica 000 — “Venta completada” by you, Wed 15 Apr, 10:00"
    await world.pass_time(days=8)
    assert (await ana.tasks("done")).rows == []
    world.assert_no_violations()


@pytest.mark.parametrize("words", ["cafe oscar", "ÓSCAR  caf", "riesgo oscar"])
async def test_words_are_found_whatever_their_case_and_accents(world: World, words: str) -> None:
    ana, ben, boss, admin = await a_team(world)
    async with world.running_bot(managers=(boss.id,), admins=(admin.id,)):
        assert len((await ben.tasks(f"find {words}")).rows) == 1
        assert (await ana.tasks(f"find {words}")).rows == []
        for overseer in (boss, admin):
            found = await overseer.tasks(f"find {words}")
            assert found.row("Café Óscar").endswith("Ben Okafor — Thu 16 Apr, 08:00")
            assert await overseer.tasks("find") is not None
        assert "Tell me what to look for" in (await boss.tasks("find")).words


async def test_what_was_found_is_answered_in_place_and_paged(world: World) -> None:
    ana = await with_tasks(world, 12)
    found = await ana.tasks("find BOTICA")
    assert len(found.rows) == 10
    await found.click("Next ›")
    assert len(found.rows) == 2
    await found.click("Venta completada", near="Botica 011")
    assert found.row("Botica 011").startswith("⏳")
    assert len(found.rows) == 2
    world.assert_clean()


async def test_a_team(world: World) -> None:
    ana, ben, boss, admin = await a_team(world)
    async with world.running_bot(managers=(boss.id,), admins=(admin.id,)):
        for person in (ana, ben):
            assert "Only managers and admins" in (await person.tasks("team")).words
        for overseer in (boss, admin):
            team = await overseer.tasks("team")
            lines = team.words.splitlines()
            assert lines[0] == "Your team: 2 people, 1 overdue task."
            assert lines[1] == "🔴 ana.ruiz — 1 overdue  ·  1 today  ·  3 open"
            assert lines[3] == "• ben.okafor — 1 open"
            assert "1 open task belongs to nobody who is linked." in team.words
        await team.click("Tasks", near="ben.okafor")
        bens = await shown_below(admin)
        assert "Tasks of ben.okafor" in bens.words
        assert len(bens.rows) == 1
        await bens.click("Venta completada", near="Café Óscar")
        assert bens.row("Café Óscar").startswith("⏳")
        await world.pass_time(seconds=6)
    (result,) = world.reten.results
    assert result["status"] == "EFFECTIVE"
    world.assert_no_violations()


async def test_nobody_sees_another_s_list_by_a_forged_button(world: World) -> None:
    _, _, boss, _ = await a_team(world)
    async with world.running_bot(managers=(boss.id,)):
        team = await boss.tasks("team")
    await boss.hands.click(team.message, "Tasks", near="ben.okafor")
    await world.settle()
    bens = await shown_below(boss)
    assert "Café Óscar" not in bens.words
    world.assert_clean()


async def test_an_admin_s_overview(world: World) -> None:
    ana, _, boss, admin = await a_team(world)
    async with world.running_bot(managers=(boss.id,), admins=(admin.id,)):
        for person in (ana, boss):
            assert "Only admins" in (await person.tasks("admin")).words
        words = (await admin.tasks("admin")).words
        assert words.splitlines()[0] == "2 connections, all well."
        assert "✅ Reten: last read Wed 15 Apr, 08:00, every 60 seconds" in words
        assert "Next: Wed 15 Apr, 08:01" in words
        assert "5 open tasks  ·  2 operators linked" in words
        assert "Not linked, with open tasks: Nora Nadie (1)" in words
        assert "Nothing waits, and nothing has failed" in words
        world.reten.revoke_key()
        await world.poll()
        words = (await admin.tasks("admin")).words
        assert words.splitlines()[0] == "2 connections, 1 with trouble."
        assert "🔴 Reten refuses the key since Wed 15 Apr" in words


async def test_help_tells_what_one_may_do(world: World) -> None:
    ana, _, boss, admin = await a_team(world)
    async with world.running_bot(managers=(boss.id,), admins=(admin.id,)):
        told = {p.id: (await p.tasks("help")).words for p in (ana, boss, admin)}
        assert [("/tasks team" in words, "/tasks admin" in words) for words in told.values()] == [
            (False, False),
            (True, False),
            (True, True),
        ]
        assert "/tasks new" not in told[ana.id]  # Reten takes none
        assert "/tasks done" in (await ana.tasks("done please")).words
    world.assert_clean()
