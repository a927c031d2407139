"""App Home and `My tasks`: the list in a view, answered in place, and true while it is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.store import screens
from sandbox.faults import Fault, Trouble
from sandbox.slack import View
from tests.scenarios.pages import Someone
from tests.scenarios.test_lists import DAY, with_tasks
from tests.scenarios.world import START, World

PUBLISH, UPDATE = "views.publish", "views.update"


@dataclass
class Tasks:
    """The list in somebody's App Home, or in the modal on top."""

    world: World
    person: Someone
    home: bool = True

    @property
    def view(self) -> View:
        found = self.person.hands.home if self.home else self.person.modal
        assert found is not None, "nothing is shown"
        return found

    @property
    def words(self) -> str:
        return self.view.plain()

    @property
    def rows(self) -> list[str]:
        """The words of the rows, from top to bottom."""
        blocks = [b for b in self.view.blocks if str(b.get("block_id", "")).startswith("task:")]
        return [str(block["text"]["text"]) for block in blocks]

    def row(self, title: str) -> str:
        (found,) = [row for row in self.rows if title in row]
        return found

    async def click(self, label: str, near: str | None = None) -> None:
        delivery = await self.person.hands.click(self.view, label, near=near)
        assert delivery.ok, delivery
        await self.world.settle()


async def home_of(person: Someone) -> Tasks:
    """Somebody looks at App Home."""
    assert (await person.hands.open_home()).ok
    await person.world.settle()
    return Tasks(person.world, person)


async def my_tasks(person: Someone) -> Tasks:
    """Somebody chooses the shortcut."""
    assert (await person.hands.shortcut("my_tasks")).ok
    await person.world.settle()
    return Tasks(person.world, person, home=False)


def published(world: World) -> int:
    return len(world.slack.calls_of(PUBLISH))


async def test_the_inbox(world: World) -> None:
    ana = await with_tasks(world, 25)
    home = await home_of(ana)
    assert [row.partition("Botica ")[2][:3] for row in home.rows] == [f"00{n}" for n in range(9)]
    assert "*Overdue · 1*" in home.words
    await home.click("All")
    await home.click("Next ›")
    assert "‹ 2 of 3 ›" in home.words
    assert "Botica 012" in home.words
    await home.click("Overdue")
    assert len(home.rows) == 1
    await home.click("Done")
    assert home.rows == []
    assert "Nothing finished in the last 7 days." in home.words
    world.assert_clean()


@pytest.mark.parametrize("where", [home_of, my_tasks])
async def test_a_row_is_answered_in_place(world: World, where: type[Tasks]) -> None:
    ana = await with_tasks(world, 25)
    shown = await where(ana)
    await shown.click("All")
    await shown.click("Next ›")
    before = shown.rows
    await shown.click("Venta completada", near="Botica 012")
    assert shown.row("Botica 012") == "⏳ Botica 012 — “Venta completada”…"
    await world.pass_time(seconds=6)
    await world.pass_time(seconds=2)
    assert shown.row("Botica 012") == "✅ Botica 012 — “Venta completada”"
    assert [r for r in shown.rows if "012" not in r] == [r for r in before if "012" not in r]
    await shown.click("Tomorrow morning", near="Botica 013")
    assert shown.row("Botica 013") == "💤 Botica 013 — back at Thu 16 Apr, 09:00"
    await shown.click("Refresh")
    assert not any("012" in row for row in shown.rows)
    assert len(shown.rows) == 10
    assert len(world.reten.results) == 1
    world.assert_clean()


@pytest.mark.parametrize("where", [home_of, my_tasks])
async def test_an_answer_is_taken_back_in_place(world: World, where: type[Tasks]) -> None:
    ana = await with_tasks(world, 2)
    shown = await where(ana)
    before = shown.row("Botica 001")
    await shown.click("Venta completada", near="Botica 001")
    await shown.click("Undo", near="Botica 001")
    assert shown.row("Botica 001") == before
    await world.pass_time(seconds=10)
    assert world.reten.results == []
    world.assert_clean()


@pytest.mark.parametrize("where", [home_of, my_tasks])
async def test_an_answer_that_asks_opens_its_form(world: World, where: type[Tasks]) -> None:
    ana = await with_tasks(world, 3)
    shown = await where(ana)
    await shown.click("Reprogramar visita", near="Botica 001")
    assert "Botica 001" in ana.modal.plain()
    assert len(world.slack.workspace.modals[ana.id]) == (1 if shown.home else 2)
    assert await ana.fill(New_date_and_time=START + 3 * DAY) == {}
    assert shown.row("Botica 001") == "⏳ Botica 001 — “Reprogramar visita”…"
    world.assert_clean()


async def test_home_follows_its_tasks_while_it_is_open(world: World) -> None:
    ana = await with_tasks(world, 2)
    home = await home_of(ana)
    calls = published(world)
    await world.poll()
    await world.pass_time(minutes=2)
    assert published(world) == calls
    world.reten.add_task(commerce="Botica Nueva", scheduled_at=START + timedelta(hours=4))
    await world.poll()
    await world.pass_time(seconds=2)
    assert "Botica Nueva" in home.words
    assert published(world) == calls + 1
    await ana.card("Botica Nueva").click("Venta completada")
    await world.pass_time(seconds=2)
    assert home.row("Botica Nueva").startswith("⏳")
    await world.pass_time(seconds=6)
    await world.pass_time(seconds=2)
    assert "Botica Nueva" not in home.words
    world.assert_clean()


async def test_home_rests_half_an_hour_after_it_was_used(world: World) -> None:
    ana = await with_tasks(world, 1)
    home = await home_of(ana)
    await world.pass_time(minutes=31)
    calls = published(world)
    world.reten.add_task(commerce="Botica Nueva", scheduled_at=START + timedelta(hours=4))
    await world.poll()
    await world.pass_time(seconds=2)
    assert published(world) == calls
    home = await home_of(ana)
    assert "Botica Nueva" in home.words
    world.assert_clean()


async def test_home_waits_for_slack(world: World) -> None:
    ana = await with_tasks(world, 1)
    world.slack.rate_limit(PUBLISH, retry_after=20)
    await ana.hands.open_home()
    await world.settle()
    assert ana.hands.home is None
    world.fault_at_slack(Trouble.STATUS, PUBLISH, status=500, times=1)
    await world.pass_time(seconds=21)
    assert ana.hands.home is None
    await world.pass_time(seconds=11)
    assert "Botica 000" in Tasks(world, ana).words


async def test_a_home_that_was_being_drawn_by_a_process_that_died_is_drawn(world: World) -> None:
    ana = await with_tasks(world, 1)
    await ana.hands.open_home()
    ground = world.bot.ground
    now = ground.clock.now()
    await world.bot._intents.work()  # noqa: SLF001 - no more than this of what settles
    lost = await ground.db.write(
        lambda tx: screens.take(tx, screens.Kind.HOME, ground.clock.now(), timedelta(seconds=30))
    )
    assert lost is not None
    await world.settle()
    assert ana.hands.home is None
    await world.pass_time(seconds=31)
    assert "Botica 000" in Tasks(world, ana).words
    assert now < ground.clock.now()


async def test_a_modal_that_is_closed_is_left_alone(world: World) -> None:
    ana = await with_tasks(world, 1)
    shown = await my_tasks(ana)
    await ana.hands.click(shown.view, "Venta completada", near="Botica 000")
    await ana.hands.close_modal()
    await world.settle()
    calls = len(world.slack.calls_of(UPDATE))
    await world.pass_time(seconds=6)
    await world.pass_time(seconds=2)
    assert len(world.slack.calls_of(UPDATE)) == calls
    assert len(world.reten.results) == 1


async def test_what_did_not_work_is_said_in_the_view(world: World) -> None:
    ana = await with_tasks(world, 2)
    home = await home_of(ana)
    stale = replace(home.view)
    await home.click("Venta completada", near="Botica 000")
    await world.pass_time(seconds=6)
    await ana.hands.click(stale, "No interesado", near="Botica 000")
    await world.settle()
    assert "Your click was not sent." in home.words
    assert ana.whispers == []
    await home.click("Refresh")
    assert "Your click was not sent." not in home.words


async def test_five_hundred_tasks_with_long_titles_fit(world: World) -> None:
    world.reten.result_types = [
        {"code": f"CODE_{n}", "label": f"Résultat {n}", "requiresFutureScheduledAt": False}
        for n in range(90)
    ]
    ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
    await ana.link("reten", "OP-042")
    for number in range(500):
        title = f"{number:03} {'Ñandú ' * 300}"
        world.reten.add_task(commerce=title, scheduled_at=START + DAY * (number % 40 - 5))
    await world.poll()
    home = await home_of(ana)
    await home.click("All")
    for _ in range(2):
        await home.click("Next ›")
    assert "‹ 3 of 50 ›" in home.words
    modal = await my_tasks(ana)
    assert len(modal.rows) == 10
    world.assert_clean()


async def test_who_is_not_linked_is_told_what_to_do(world: World) -> None:
    eve = world.person("Eve Stranger")
    home = await home_of(eve)
    assert "isn't linked to an operator" in home.words
    await home.click("Settings")
    assert "Settings" in eve.modal.plain() or eve.modal.body["title"]["text"] == "Settings"
    world.assert_clean()


async def test_home_speaks_the_language_that_is_chosen(world: World) -> None:
    eve = world.person("Eve Stranger")
    home = await home_of(eve)
    await home.click("Settings")
    assert await eve.fill(Language="Español") == {}
    await world.pass_time(seconds=2)
    assert "isn't linked" not in home.words
    world.assert_clean()


async def test_a_new_task_and_the_settings_are_one_click_away(world: World) -> None:
    ana = world.person("Ana Ruiz", email="ana@example.org")
    user = world.close.add_user("Ana Ruiz", "ana@example.org")
    await ana.link("close", user["id"])
    await world.poll()
    home = await home_of(ana)
    await home.click("New task")
    assert ana.modal.body["callback_id"] == "create.form"
    await ana.hands.close_modal()
    await home.click("Settings")
    assert ana.modal.body["callback_id"] == "settings.form"


async def test_an_admin_sees_how_the_connections_are(world: World) -> None:
    ana, boss = await with_tasks(world, 1), world.person("Berta Boss", timezone="UTC")
    async with world.running_bot(admins=(boss.id,)):
        home = await home_of(boss)
        assert "✅ Reten: last read Wed 15 Apr, 08:00, every 60 seconds" in home.words
        world.reten.faults.add(Fault(Trouble.STATUS, status=401, times=None))
        await world.poll()
        await world.pass_time(seconds=2)
        assert "🔴 Reten refuses the key since" in home.words
        calls = published(world)
        await world.poll()
        await world.pass_time(seconds=2)
        assert published(world) == calls
        world.reten.faults.clear()
        await world.poll()
        await world.pass_time(seconds=2)
        assert "✅ Reten" in home.words
        assert "Reten" not in (await home_of(ana)).words
