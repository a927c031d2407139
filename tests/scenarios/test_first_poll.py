"""What comes when: the first poll is a baseline, everything new after it is a card."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.world import START, World

ANOTHER = ("OP-077", "Lucía Gómez", "SALESMAN")


async def test_the_first_poll_brings_one_summary_and_no_cards(world: World) -> None:
    ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
    await ana.link("reten", "OP-042")
    world.reten.add_task(commerce="Botica Vieja", scheduled_at=START - timedelta(days=2))
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=6))
    world.reten.add_task(commerce="Botica Sur", scheduled_at=START + timedelta(days=9))
    await world.poll()

    assert ana.cards == []
    (summary,) = ana.notices
    assert "Reten is connected: 3 open tasks, 1 overdue, 1 due today" in summary
    await world.tick()
    assert len(ana.notices) == 1
    world.assert_clean()


async def test_somebody_without_tasks_gets_no_summary(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await ana.link("reten", "OP-042")
    await world.poll()
    assert ana.messages == []


async def test_a_first_poll_that_breaks_off_leaves_the_next_one_the_baseline(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await ana.link("reten", "OP-042")
    for number in range(130):
        world.reten.add_task(commerce=f"Farmacia {number}")
    world.reten.break_page("html", page=2)
    world.reten.break_page("html", page=1)
    assert not await world.poll()
    world.reten.mend_pages()
    assert await world.poll()
    assert ana.cards == []
    assert len(ana.notices) == 1


async def test_a_task_assigned_later_gets_a_card(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte", operator=ANOTHER)
    await world.tick()
    assert ana.cards == []
    world.reten.reassign(task["id"], ("OP-042", "Carlos Pérez", "SALESMAN"))
    await world.tick()
    assert "Venta completada" in ana.card("Botica Norte").buttons
    await world.tick()
    assert len(ana.cards) == 1
    world.assert_clean()


async def test_a_baseline_task_assigned_anew_gets_a_card(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await ana.link("reten", "OP-042")
    task = world.reten.add_task(commerce="Botica Norte", operator=ANOTHER)
    await world.poll()
    world.reten.reassign(task["id"], ("OP-042", "Carlos Pérez", "SALESMAN"))
    await world.tick()
    assert len(ana.cards) == 1


async def test_tasks_of_somebody_unlinked_wait_and_come_with_the_link(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await world.poll()
    for number in range(5):
        world.reten.add_task(commerce=f"Botica {number}")
    await world.tick()
    assert ana.messages == []
    await ana.link("reten", "OP-042")
    await world.settle()
    assert len(ana.cards) == 5
    assert ana.notices == []
    world.assert_clean()


async def test_many_waiting_tasks_come_as_one_summary(world: World) -> None:
    ana = world.person("Ana Ruiz")
    await world.poll()
    for number in range(6):
        world.reten.add_task(commerce=f"Botica {number}")
    await world.tick()
    await ana.link("reten", "OP-042")
    await world.settle()
    assert ana.cards == []
    (summary,) = ana.notices
    assert "You are linked to Carlos Pérez in Reten: 6 open tasks" in summary
    assert len((await ana.tasks("all")).rows) == 6
    world.assert_clean()


async def test_unlinked_tasks_go_to_the_fallback_channel(world: World) -> None:
    ana = world.person("Ana Ruiz")
    channel = world.slack.workspace.add_channel("dispatch", members=[ana.person])
    async with world.running_bot(fallback_channel=channel.id):
        old = world.reten.add_task(commerce="Botica Vieja")
        await world.poll()
        world.reten.edit(old["id"], status="IN_PROGRESS")
        await world.tick()
        assert world.channel_words(channel) == []
        world.reten.add_task(commerce="Botica Norte", operator=None)
        world.reten.add_task(commerce="Botica Sur")
        await world.tick()
        assert len(world.channel_words(channel)) == 2
        assert "Venta completada" in ana.card("Botica Norte", channel).buttons

        await ana.link("reten", "OP-042")
        await world.settle()
        card = ana.card("Botica Sur", channel)
        assert card.buttons == []
        assert "Now with" in card.words
        assert "Venta completada" in ana.card("Botica Sur").buttons
        assert len(ana.card("Botica Norte", channel).buttons) > 0
        world.assert_clean()
