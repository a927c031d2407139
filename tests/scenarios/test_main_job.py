"""The main job, end to end: task, card, click, result, card."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.world import START, World


async def test_a_new_task_becomes_a_card_and_a_click_becomes_its_result(world: World) -> None:
    ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
    await ana.link("reten", "OP-042")
    await world.poll()
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=6))
    await world.tick()

    card = ana.card("Botica Norte")
    assert "Riesgo de fuga" in card.words
    assert "16:00" in card.words
    assert "Venta completada" in card.buttons

    await card.click("Venta completada")
    assert "about to be sent" in card.words
    assert world.reten.results == []

    await world.pass_time(seconds=6)
    (result,) = world.reten.results
    assert result["activity_id"] == task["id"]
    assert result["task_result"]["result"] == "SALE_COMPLETED"
    assert "Venta completada" in card.words
    assert "you" in card.words
    assert card.buttons == []
    world.assert_no_violations()


async def test_a_close_task_is_completed(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com", timezone="Europe/London")
    user = world.close.add_user("Ben Okafor", "ben@example.com")
    await world.poll()
    task = world.close.add_task("Send the contract", assigned_to=user["id"], date="2026-04-15")
    await world.tick()

    card = ben.card("Send the contract")
    assert "Wed 15 Apr" in card.words
    await card.click("Complete")
    assert world.close.tasks[task["id"]]["is_complete"] is True
    assert "Complete" in card.words
    assert card.buttons == ["Undo"]
    world.assert_no_violations()


async def test_a_new_colleague_gets_a_card_with_the_poll_that_first_names_them(
    world: World,
) -> None:
    await world.poll()
    zoe = world.person("Zoe Lind", email="zoe@example.com", timezone="Europe/London")
    user = world.close.add_user("Zoe Lind", "zoe@example.com")
    world.close.add_task("Call the new lead", assigned_to=user["id"], date="2026-04-15")
    await world.tick()
    assert "Complete" in zoe.card("Call the new lead").buttons
