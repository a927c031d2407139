"""From the click to the provider: held, sent, refused, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.faults import Fault, Trouble
from tests.scenarios.pages import CardPage
from tests.scenarios.world import World

ADA = ("OP-001", "Ada", "SALESMAN")


async def open_card(world: World, name: str = "Botica Norte") -> CardPage:
    ana = await world.carlos(timezone="Europe/Madrid")
    world.reten.add_task(commerce=name)
    await world.tick()
    return ana.card(name)


async def test_undo_takes_a_held_answer_back(world: World) -> None:
    card = await open_card(world)
    await card.click("Venta completada")
    assert card.buttons == ["Undo"]
    await world.pass_time(seconds=4)
    await card.click("Undo")
    await world.pass_time(minutes=2)
    assert world.reten.results == []
    assert "Venta completada" in card.buttons
    assert card.person.whispers == []

    await card.click("No interesado")
    await world.pass_time(seconds=6)
    (result,) = world.reten.results
    assert result["task_result"]["result"] == "NOT_INTERESTED"
    assert result["status"] == "NOT_EFFECTIVE"
    world.assert_clean()


async def test_undo_too_late_is_told(world: World) -> None:
    card = await open_card(world)
    await card.click("Venta completada")
    held = card.message
    await world.pass_time(seconds=6)
    await card.click("Undo", held)
    assert len(world.reten.results) == 1
    (said,) = card.person.whispers
    assert "so I can't take it back" in said
    assert said.endswith("correct it in Reten.")
    world.assert_clean()


async def test_a_second_undo_does_not_claim_that_something_was_sent(world: World) -> None:
    card = await open_card(world)
    await card.click("Venta completada")
    held = card.message
    await card.press("Undo", held)
    await card.click("Undo", held)
    await world.pass_time(minutes=1)
    assert world.reten.results == []
    assert card.person.whispers == ["“Venta completada” was taken back. Nothing was sent."]


async def test_undo_of_a_refused_answer_does_not_claim_that_it_was_sent(world: World) -> None:
    card = await open_card(world)
    await card.click("Venta completada")
    held = card.message
    world.reten.result_types.pop(0)
    await world.pass_time(minutes=6)
    await card.click("Undo", held)
    assert world.reten.results == []
    assert not any("already sent" in said for said in card.person.whispers)


async def test_a_manager_may_undo_and_a_colleague_may_not(world: World) -> None:
    card = await open_card(world)
    boss, mario = world.person("Bea Boss"), world.person("Mario Bravo")
    await mario.link("reten", "OP-099")
    async with world.running_bot(managers=(boss.id,)):
        await card.click("Venta completada")
        await mario.hands.click(card.message, "Undo")
        await world.settle()
        assert card.buttons == ["Undo"]
        (said,) = mario.whispers
        assert "isn't assigned to you" in said
        await boss.hands.click(card.message, "Undo")
        await world.settle()
        assert "Venta completada" in card.buttons


async def test_without_a_hold_it_is_sent_at_once(world: World) -> None:
    async with world.running_bot(undo_seconds=0):
        card = await open_card(world)
        await card.click("Venta completada")
        assert len(world.reten.results) == 1
        assert "Venta completada · you, 10:00" in card.words
        assert card.buttons == []
        world.assert_clean()


async def test_a_provider_that_is_away_gets_the_answer_later(world: World) -> None:
    card = await open_card(world)
    world.fault_at_results(Trouble.STATUS, times=None, status=503)
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    assert "I keep trying since 10:00; nothing is lost" in card.words
    assert card.buttons == []
    await world.live_through(20, step=5)
    world.reten.faults.clear()
    await world.live_through(10, step=5)
    assert "Venta completada · you, 10:00" in card.words
    (result,) = world.reten.results
    assert result["occurred_at"].startswith("2026-04-15T08:00:00")
    world.assert_no_violations()


@pytest.mark.parametrize("trouble", [Trouble.DROP_AFTER, Trouble.TRUNCATE, Trouble.DROP])
async def test_a_reply_that_is_lost_makes_no_second_result(world: World, trouble: Trouble) -> None:
    card = await open_card(world)
    world.fault_at_results(trouble)
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    await world.pass_time(seconds=3)
    assert len(world.reten.results) == 1
    assert "Venta completada · you" in card.words
    assert card.buttons == []
    assert card.person.whispers == []
    world.assert_no_violations()


@pytest.mark.parametrize("trouble", [Trouble.DROP_AFTER, Trouble.TRUNCATE])
async def test_a_lost_reply_and_a_poll_before_the_retry(world: World, trouble: Trouble) -> None:
    """The poll sees the task finished before we know that it was our answer."""
    card = await open_card(world)
    world.fault_at_results(trouble)
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    await world.tick()
    await world.pass_time(seconds=3)
    assert len(world.reten.results) == 1
    assert "Venta completada · you" in card.words
    assert card.person.whispers == []


@pytest.mark.parametrize("trouble", [Trouble.DROP_AFTER, Trouble.TRUNCATE, Trouble.DROP])
async def test_a_reply_that_is_lost_at_close(world: World, trouble: Trouble) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com", timezone="Europe/London")
    user = world.close.add_user("Ben Okafor", "ben@example.com")
    await world.poll()
    world.close.add_task("Send the contract", assigned_to=user["id"])
    await world.tick()
    card = ben.card("Send the contract")
    world.close.faults.add(Fault(trouble, "/task/", "PUT"))
    await card.click("Complete")
    await world.pass_time(seconds=3)
    await world.tick()
    assert "Complete · you, 09:00" in card.words
    assert len(world.close.completions) == 1
    assert ben.whispers == []


async def test_a_provider_that_hangs_is_given_up_and_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.submission.ATTEMPT_SECONDS", 0.2)
    card = await open_card(world)
    world.fault_at_results(Trouble.HANG)
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    assert "Reten is not answering" in card.words
    await world.pass_time(seconds=3)
    assert len(world.reten.results) == 1
    assert "Venta completada · you" in card.words


async def test_a_rate_limit_is_obeyed(world: World) -> None:
    card = await open_card(world)
    world.fault_at_results(Trouble.STATUS, status=429, headers={"Retry-After": "30"})
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    tried = [r for r in world.reten.requests if r.method == "POST"]
    await world.pass_time(seconds=29)
    assert [r for r in world.reten.requests if r.method == "POST"] == tried
    assert card.buttons == []
    await world.pass_time(seconds=3)
    assert len(world.reten.results) == 1
    assert "Venta completada · you" in card.words


async def test_a_withdrawn_result_type_is_refused_in_words(world: World) -> None:
    card = await open_card(world)
    await card.click("Venta completada")
    world.reten.result_types.pop(0)
    await world.pass_time(seconds=6)
    assert "Reten refused it" in card.words
    assert "Nothing was sent." in card.words
    assert "No interesado" in card.buttons
    await world.pass_time(minutes=6)
    await world.tick()
    assert "Venta completada" not in card.buttons
    await card.click("No interesado")
    await world.pass_time(seconds=6)
    assert "No interesado · you" in card.words
    assert len(world.reten.results) == 1


async def test_a_business_refusal_stands_on_the_card_with_the_buttons(world: World) -> None:
    card = await open_card(world)
    body = b'{"statusCode":400,"message":"The commerce is blocked","error":"Bad Request"}'
    world.fault_at_results(Trouble.STATUS, status=400, body=body)
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    assert "The commerce is blocked" in card.words
    assert card.words.count("Reten refused it") == 1
    assert "The commerce is blocked" in card.text
    assert "Venta completada" in card.buttons
    await card.click("Venta completada")
    await world.pass_time(seconds=6)
    assert "Venta completada · you" in card.words
    assert "refused" not in card.words
    assert len(world.reten.results) == 1


async def test_somebody_was_first(world: World) -> None:
    card = await open_card(world)
    await card.click("Venta completada")
    world.reten.complete_elsewhere(world.reten.tasks()[0]["id"], "NOT_EFFECTIVE", "NO_CONTACT")
    await world.pass_time(seconds=6)
    assert "Completed in Reten as “Sin contacto”" in card.words
    assert card.buttons == []
    (said,) = card.person.whispers
    assert "“Botica Norte” is already finished" in said
    assert "Your click was not sent" in said
    assert world.reten.results == []
    world.assert_no_violations()


async def test_somebody_was_first_and_the_poll_saw_it(world: World) -> None:
    """An answer is held when the poll finds the task finished: it is not sent, and that is told."""
    card = await open_card(world)
    await card.click("Venta completada")
    world.reten.complete_elsewhere(world.reten.tasks()[0]["id"], "NOT_EFFECTIVE", "NO_CONTACT")
    await world.tick()
    await world.pass_time(seconds=6)
    assert "Completed in Reten as “Sin contacto”" in card.words
    assert world.reten.results == []
    (said,) = card.person.whispers
    assert "already finished" in said


async def test_the_task_is_gone(world: World) -> None:
    card = await open_card(world)
    await card.click("Venta completada")
    world.reten.remove(world.reten.tasks()[0]["id"])
    await world.pass_time(seconds=6)
    assert "No longer in Reten" in card.words
    (said,) = card.person.whispers
    assert "“Botica Norte” is no longer in Reten" in said
    assert world.reten.results == []


async def test_a_task_that_moved_while_the_answer_was_held(world: World) -> None:
    """Reten takes the answer of whoever clicked: they clicked while the task was theirs."""
    card = await open_card(world)
    await card.click("Venta completada")
    world.reten.reassign(world.reten.tasks()[0]["id"], ADA)
    await world.tick()
    await world.pass_time(seconds=6)
    (result,) = world.reten.results
    assert result["task_result"]["operator_external_id"] == "OP-042"
    assert card.buttons == []


async def test_a_result_that_leaves_the_task_open(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    card = ana.card("Botica Norte")
    await card.click("Sin contacto")
    assert await ana.fill(Result_status="Pending") == {}
    await world.pass_time(seconds=6)
    await world.tick()
    assert "“Sin contacto” recorded · you, 10:00" in card.words
    assert "Venta completada" in card.buttons
    world.clock.advance(timedelta(minutes=1))
    world.assert_clean()
