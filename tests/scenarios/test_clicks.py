"""Clicks that come twice, late, from strangers, or not at all: none does harm."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World

CARLOS = ("OP-042", "Carlos Pérez", "SALESMAN")
LUCIA = ("OP-077", "Lucía Gómez", "SALESMAN")


async def a_card(world: World) -> Someone:
    ana = await world.carlos(timezone="Europe/Madrid")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    return ana


async def test_the_same_envelope_twice_is_one_click(world: World) -> None:
    ana = await a_card(world)
    delivery = await ana.card("Botica Norte").press("Venta completada")
    assert (await ana.hands.click_again(delivery)).ok
    await world.settle()
    assert (await ana.hands.click_again(delivery)).ok
    await world.pass_time(seconds=6)
    assert (await ana.hands.click_again(delivery)).ok
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1
    assert ana.whispers == []
    world.assert_clean()


async def test_a_second_click_is_told_that_the_first_is_on_its_way(world: World) -> None:
    ana = await a_card(world)
    card = ana.card("Botica Norte")
    seen = card.message
    await card.press("Venta completada", seen)
    await card.click("No interesado", seen)
    await world.pass_time(seconds=6)
    assert world.reten.results[0]["task_result"]["result"] == "SALE_COMPLETED"
    assert len(world.reten.results) == 1
    assert ana.whispers == [
        "“Venta completada” is already on its way for this task. The card will tell how it "
        "went; your click was not sent."
    ]
    world.assert_clean()


async def test_a_stale_card_is_told_what_became_of_the_task(world: World) -> None:
    ana = await a_card(world)
    card = ana.card("Botica Norte")
    seen = card.message
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    await card.click("No interesado", seen)
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1
    (said,) = ana.whispers
    assert "“Botica Norte” is already finished: “Venta completada”" in said
    assert "Your click was not sent." in said
    world.assert_clean()


async def test_a_stale_card_of_a_task_that_moved_or_went(world: World) -> None:
    ana = await a_card(world)
    gone = world.reten.add_task(commerce="Botica Sur")
    await world.tick()
    moved, removed = ana.card("Botica Norte"), ana.card("Botica Sur")
    seen_moved, seen_removed = moved.message, removed.message
    world.reten.reassign(world.reten.tasks()[0]["id"], LUCIA)
    world.reten.remove(gone["id"])
    await world.tick()
    await moved.click("Venta completada", seen_moved)
    await removed.click("Venta completada", seen_removed)
    await world.pass_time(seconds=6)
    assert world.reten.results == []
    first, second = ana.whispers
    assert "“Botica Norte” isn't assigned to you" in first
    assert "“Botica Sur” is no longer in Reten" in second
    world.assert_clean()


async def test_two_people_answer_the_same_task_in_the_channel(world: World) -> None:
    """A stranger gets a sentence, a manager's click goes out in the manager's own name."""
    stranger, boss = world.person("Eve Stranger"), world.person("Bea Boss")
    mario = world.person("Mario Bravo")
    await boss.link("reten", "OP-001")
    await mario.link("reten", "OP-099")
    members = [stranger.person, boss.person, mario.person]
    channel = world.slack.workspace.add_channel("dispatch", members=members)
    async with world.running_bot(fallback_channel=channel.id, managers=(boss.id,)):
        await world.poll()
        task = world.reten.add_task(commerce="Botica Norte")
        await world.tick()

        await stranger.card("Botica Norte", channel).click("Venta completada")
        await mario.card("Botica Norte", channel).click("Venta completada")
        await world.pass_time(seconds=6)
        assert world.reten.results == []
        (to_stranger,) = stranger.whispers_in(channel)
        assert "isn't linked to an operator in Reten yet. Nothing was sent" in to_stranger
        (to_mario,) = mario.whispers_in(channel)
        assert "“Botica Norte” isn't assigned to you" in to_mario
        assert boss.whispers_in(channel) == []

        await boss.card("Botica Norte", channel).click("Venta completada")
        await world.pass_time(seconds=6)
        result = world.result_of(task["id"])
        assert result["task_result"]["operator_external_id"] == "OP-001"
        card = boss.card("Botica Norte", channel)
        assert card.buttons == []
        assert f"<@{boss.id}>" in card.text
        world.assert_clean()


async def test_an_admin_without_an_operator_answers_in_nobodys_name(world: World) -> None:
    ana, ada = await a_card(world), world.person("Ada Admin")
    async with world.running_bot(admins=(ada.id,)):
        await ada.hands.click(ana.card("Botica Norte").message, "Venta completada")
        await world.pass_time(seconds=6)
        (result,) = world.reten.results
        assert "operator_external_id" not in result["task_result"]
        assert f"<@{ada.id}>" in ana.card("Botica Norte").text
        world.assert_clean()


async def test_somebody_with_two_operators_answers_as_the_one_who_has_the_task(
    world: World,
) -> None:
    ana = world.person("Ana Ruiz")
    await ana.link("reten", "OP-042")
    await ana.link("reten", "OP-077")
    await world.poll()
    mine = world.reten.add_task(commerce="Botica Norte", operator=CARLOS)
    other = world.reten.add_task(commerce="Botica Sur", operator=LUCIA)
    await world.tick()
    for title in ("Botica Norte", "Botica Sur"):
        await ana.card(title).click("Venta completada")
    await world.pass_time(seconds=6)
    for task, operator in ((mine, "OP-042"), (other, "OP-077")):
        result = world.result_of(task["id"])
        assert result["task_result"]["operator_external_id"] == operator
    world.assert_clean()


async def test_a_click_that_was_lost_can_be_made_again(world: World) -> None:
    ana = await a_card(world)
    card = ana.card("Botica Norte")
    world.slack.lose_next_click()
    lost = await ana.hands.click(card.message, "Venta completada")
    assert not lost.ok
    await world.pass_time(minutes=1)
    assert world.reten.results == []
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1
    world.assert_clean()


async def test_an_older_card_that_folded_can_still_be_clicked(world: World) -> None:
    """Somebody looks at the card from before the reminder and presses what stood there."""
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=1))
    await world.tick()
    card = ana.card("Botica Norte")
    seen = card.message
    await world.pass_time(minutes=46)
    await card.click("Venta completada", seen)
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1
    assert "Venta completada · you" in card.words
    assert all(message.buttons() == [] for message in ana.cards)
    world.assert_clean()


async def test_a_sentence_reaches_the_person_where_the_bot_is_no_member(world: World) -> None:
    ana = await a_card(world)
    members = [ana.person]
    elsewhere = world.slack.workspace.add_channel("general", members=members, with_bot=False)
    listed = await ana.tasks("all", elsewhere)
    world.reten.complete_elsewhere(world.reten.tasks()[0]["id"])
    await world.tick()
    await listed.click("Venta completada", near="Botica Norte")
    (said,) = ana.whispers
    assert "“Botica Norte” is already finished" in said
    assert world.reten.results == []
