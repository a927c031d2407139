"""Each reader in their own language, whatever the others speak."""

from __future__ import annotations

from sandbox.faults import Fault, Trouble
from tests.scenarios.world import World


async def test_a_card_speaks_its_readers_language_and_changes_with_it(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid", locale="es-MX")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    card = ana.card("Botica Norte")
    assert "sin fecha de vencimiento" in card.text
    assert {"Venta completada", "¿Por qué recibí esto?"} <= set(card.buttons)
    assert "Responder" in (await ana.tasks("all")).words

    await world.slack.change_person(ana.person, locale="de-DE")
    await world.tick()
    assert {"Venta completada", "Warum habe ich das bekommen?"} <= set(card.buttons)
    assert len(card.all) == 1

    await card.click("Venta completada")
    held = card.message
    assert "„Venta completada“ wird gleich gesendet" in card.words
    await world.pass_time(seconds=6)
    await card.click("Rückgängig", held)
    assert ana.whispers[-1].startswith("„Venta completada“ ist schon gesendet")
    world.assert_clean()


async def test_a_refusal_of_ours_is_translated_and_the_providers_words_are_not(
    world: World,
) -> None:
    ana = await world.carlos(locale="pt-BR")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.fault_at_results(Trouble.STATUS, status=400, body=b'{"message": "No such visit"}')
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    refused = "Reten recusou: No such visit. Nada foi enviado."
    assert refused in ana.card("Botica Norte").words
    assert ana.card("Botica Norte").text == f"Botica Norte: {refused}"


async def test_whoever_comes_for_the_first_time_is_answered_in_their_language_and_zone(
    world: World,
) -> None:
    uwe = world.person("Uwe", locale="de-DE", timezone="Europe/Berlin")
    await uwe.hands.open_home()
    await world.settle()
    assert uwe.hands.home is not None
    assert "Verknüpfung anfragen" in uwe.hands.home.plain()
    assert "Deine Zeitzone ist Europe/Berlin" in (await uwe.tasks("whoami")).words
    zoe = world.person("Zoe", locale="es-ES", timezone="America/Lima")
    assert "Tu zona horaria es America/Lima" in (await zoe.tasks("whoami")).words
    assert len(world.slack.calls_of("users.info")) == 2


async def test_a_slack_that_is_away_costs_the_first_comer_no_answer(world: World) -> None:
    zoe = world.person("Zoe", locale="es-ES", timezone="America/Lima")
    world.slack.faults.add(Fault(Trouble.STATUS, path="users.info", status=503))
    assert "Your time zone is UTC" in (await zoe.tasks("whoami")).words
    assert "Tu zona horaria es America/Lima" in (await zoe.tasks("whoami")).words


async def test_a_channel_speaks_what_is_set(world: World) -> None:
    ana = world.person("Ana Ruiz")
    channel = world.slack.workspace.add_channel("dispatch", members=[ana.person])
    async with world.running_bot(fallback_channel=channel.id, locale="es"):
        await world.poll()
        world.reten.add_task(commerce="Botica Norte", operator=None)
        await world.tick()
        assert "sin fecha de vencimiento" in ana.card("Botica Norte", channel).text
