"""Outcomes that ask for something: the form, its errors, and what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.faults import Trouble
from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World

MADRID = ZoneInfo("Europe/Madrid")


async def a_card(world: World) -> Someone:
    ana = await world.carlos(timezone="Europe/Madrid")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    return ana


async def test_a_future_moment_is_asked_for_and_sent_as_utc(world: World) -> None:
    ana = await a_card(world)
    await ana.card("Botica Norte").click("Reprogramar visita")
    assert ana.modal.title == "Reprogramar visita"
    assert "Botica Norte" in ana.modal.plain()
    assert ana.modal.fields() == ["New date and time", "Comment"]
    assert world.reten.results == []
    assert "Venta completada" in ana.card("Botica Norte").buttons

    wanted = datetime(2026, 4, 17, 9, 30, tzinfo=MADRID)
    assert await ana.fill(New_date_and_time=wanted) == {}
    assert ana.hands.modal is None
    assert ana.card("Botica Norte").buttons == ["Undo"]
    await world.pass_time(seconds=6)
    (result,) = world.reten.results
    assert result["task_result"]["future_scheduled_at"].startswith("2026-04-17T07:30:00")
    assert result["task_result"]["future_scheduled_at"].endswith(("Z", "+00:00"))
    assert "Reprogramar visita · you" in ana.card("Botica Norte").words
    world.assert_clean()


async def test_a_past_moment_is_an_error_at_the_field(world: World) -> None:
    ana = await a_card(world)
    await ana.card("Botica Norte").click("Reprogramar visita")
    errors = await ana.fill(New_date_and_time=START - timedelta(hours=1))
    assert errors == {
        "New date and time": "That is in the past (Wed 15 Apr, 09:00 in Europe/Madrid)."
        " Pick a later moment."
    }
    assert ana.hands.modal is not None
    assert await ana.fill(New_date_and_time=START + timedelta(days=1)) == {}
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1
    world.assert_clean()


async def test_a_code_without_a_status_asks_for_it(world: World) -> None:
    ana = await a_card(world)
    await ana.card("Botica Norte").click("Sin contacto")
    assert ana.modal.fields() == ["Result status", "Comment"]
    assert await ana.hands.submit() != {}
    assert await ana.fill(Result_status="Not effective") == {}
    await world.pass_time(seconds=6)
    (result,) = world.reten.results
    assert result["status"] == "NOT_EFFECTIVE"
    assert result["task_result"]["result"] == "NO_CONTACT"
    assert "future_scheduled_at" not in result["task_result"]
    world.assert_clean()


async def test_a_form_sent_twice_is_one_answer(world: World) -> None:
    ana = await a_card(world)
    card = ana.card("Botica Norte")
    seen = card.message
    await card.press("Sin contacto", seen)
    assert await ana.fill(Result_status="Effective") == {}
    await card.click("Sin contacto", seen)
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1
    assert ana.hands.modal is None
    (said,) = ana.whispers
    assert "already on its way" in said


async def test_a_trigger_that_ran_out_loses_nothing(world: World) -> None:
    ana = await a_card(world)
    card = ana.card("Botica Norte")
    old = await card.press("Reprogramar visita")
    await ana.hands.close_modal()
    # The same press once more, as if it had been long under way: its trigger is spent.
    await ana.hands.click_again(old)
    await world.settle()
    assert ana.hands.modal is None
    (said,) = ana.whispers
    assert "could not be opened in time. Nothing was sent; press the button again." in said
    await card.click("Reprogramar visita")
    assert await ana.fill(New_date_and_time=START + timedelta(days=1)) == {}
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1


async def test_a_form_for_a_task_that_was_finished_meanwhile(world: World) -> None:
    ana = await a_card(world)
    card = ana.card("Botica Norte")
    seen = card.message
    await card.click("Sin contacto")
    world.reten.complete_elsewhere(world.reten.tasks()[0]["id"])
    await world.tick()
    assert await ana.fill(Result_status="Effective") == {}
    await world.pass_time(seconds=6)
    assert world.reten.results == []
    (said,) = ana.whispers
    assert "“Botica Norte” is already finished" in said
    await card.click("Sin contacto", seen)
    assert ana.hands.modal is None
    assert len(ana.whispers) == 2
    world.assert_clean()


async def test_a_moment_that_passes_while_the_provider_is_away(world: World) -> None:
    """The provider would refuse it; the person is told, and the buttons come back."""
    ana = await a_card(world)
    await ana.card("Botica Norte").click("Reprogramar visita")
    assert await ana.fill(New_date_and_time=START + timedelta(minutes=10)) == {}
    world.fault_at_results(Trouble.STATUS, times=None, status=503)
    await world.pass_time(seconds=6)
    world.reten.faults.clear()
    await world.pass_time(minutes=30)
    assert world.reten.results == []
    assert "must be in the future" in ana.card("Botica Norte").words
    assert "Venta completada" in ana.card("Botica Norte").buttons


async def test_a_form_from_a_row_of_a_list(world: World) -> None:
    ana = await a_card(world)
    listed = await ana.tasks("all")
    await listed.click("Sin contacto", near="Botica Norte")
    assert await ana.fill(Result_status="Effective") == {}
    assert "⏳ Botica Norte — “Sin contacto”…" in listed.rows
    await world.pass_time(seconds=6)
    assert "✅ Botica Norte — “Sin contacto”" in listed.rows
    assert len(world.reten.results) == 1
    world.assert_clean()
