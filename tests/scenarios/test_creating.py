"""A task is made in Slack, at whichever provider takes new ones, and its maker hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.slack import actions
from sandbox.faults import Fault, Trouble
from tests.databases.kinds import AnyDatabase
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, make_world


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database, ("reten", "close", "vambe", "pland")) as made:
        yield made


async def colleagues(world: World) -> tuple[Someone, Someone, str]:
    """Ana, who has a colleague Ben at Close, and the id of a lead there."""
    ana_there = world.close.add_user("Ana Ruiz", "ana@example.com")["id"]
    ben_there = world.close.add_user("Ben Okafor", "ben@example.com")["id"]
    lead = world.close.add_lead("Wayne Enterprises")["id"]
    ana, ben = world.person("Ana Ruiz", timezone="Europe/Madrid"), world.person("Ben Okafor")
    await world.poll()
    await ana.link("close", ana_there)
    await ben.link("close", ben_there)
    await world.poll()
    return ana, ben, lead


async def new(someone: Someone, words: str) -> None:
    assert await someone.hands.command("/tasks", f"new {words}") is None


async def test_a_task_is_made_for_oneself_and_is_no_news(world: World) -> None:
    ana, _, _ = await colleagues(world)
    await new(ana, "Call about the quote tomorrow at 9")
    assert "Close" in ana.modal.plain()
    await ana.hands.fill("Concerns", "Wayne Enterprises", typed="Wayne")
    assert await ana.fill() == {}
    (made,) = [t for t in world.close.tasks if "quote" in t["text"]]
    assert made["text"] == "Call about the quote"
    assert datetime.fromisoformat(made["date"]) == datetime(2026, 4, 16, 7, tzinfo=UTC)
    assert ana.whispers[-1] == "“Call about the quote” is now in Close."
    assert "Call about the quote" in (await ana.tasks()).words
    await world.poll()
    assert not ana.cards


async def test_a_task_for_somebody_else_is_news_to_them(world: World) -> None:
    ana, ben, _ = await colleagues(world)
    await new(ana, "Send @ana.ruiz https://a.test/?q=1 first")
    await ana.hands.fill("Concerns", "Wayne Enterprises", typed="Way")
    assert await ana.fill(Assigned_to="Ben Okafor", Note="In two copies") == {}
    assert ben.card("Send @ana.ruiz https://a.test/?q=1 first").buttons[0] == "Complete"
    assert not ana.cards


async def test_a_lost_reply_makes_no_second_task(world: World) -> None:
    ana, _, _ = await colleagues(world)
    lost = Fault(Trouble.DROP_AFTER, "/api/v1/task/", "POST", times=1)
    world.close.faults.add(lost)
    await new(ana, "Send the contract")
    await ana.hands.fill("Concerns", "Wayne Enterprises", typed="Wayne")
    await ana.fill()
    assert "I keep trying" in ana.whispers[-1]
    await world.pass_time(minutes=2)
    assert len([t for t in world.close.tasks if "contract" in t["text"]]) == 1
    assert ana.whispers[-1] == "“Send the contract” is now in Close."


async def test_what_was_filled_in_is_checked_at_its_fields(world: World) -> None:
    ana, _, _ = await colleagues(world)
    await new(ana, "")
    await ana.hands.fill("Task", "Visit them")
    await ana.hands.fill("Concerns", "Wayne Enterprises", typed="Wayne")
    await ana.hands.fill("At", "09:00")
    assert await ana.fill() == {"Due on": "Pick the day, too."}
    await ana.hands.fill("Due on", "2026-04-15")
    assert "in the past" in (await ana.fill())["At"]
    assert await ana.fill(At="18:00") == {}
    assert "Visit them" in (await ana.tasks("today")).words


async def test_where_nothing_can_be_made_that_is_said(world: World) -> None:
    carlos = await world.carlos()
    await new(carlos, "Anything")
    assert "takes new tasks" in carlos.modal.plain()


async def test_a_message_becomes_a_task_at_the_chosen_provider(world: World) -> None:
    ana, _, _ = await colleagues(world)
    at_pland = world.pland.add_user("Ana Ruiz", "ana@example.com")["_id"]
    await ana.link("pland", at_pland)
    await world.poll()
    said = ana.hands.say("Mop the hall\nbefore the guests come")
    assert (await ana.hands.message_shortcut(said, actions.CREATE_SHORTCUT)).ok
    await ana.hands.fill("Where", "PlanD")
    assert await ana.fill(Priority="High") == {}
    (made,) = [t for t in world.pland.tasks() if t["title"] == "Mop the hall"]
    assert made["priority"] == "high"
    assert "before the guests come" in made["description"]


async def test_a_refusal_is_told_in_the_providers_words(world: World) -> None:
    ana, _, lead = await colleagues(world)
    await new(ana, "Send the contract")
    await ana.hands.fill("Concerns", "Wayne Enterprises", typed="Wayne")
    del world.close.leads[lead]
    await ana.fill()
    assert ana.whispers[-1].startswith("Close refused “Send the contract”: ")
    assert "It was not created." in ana.whispers[-1]


@pytest.mark.parametrize("words", ["Llamar mañana a las 9", "Llamar tomorrow at 9"])
async def test_a_date_is_understood_in_ones_own_language_and_in_english(
    world: World, words: str
) -> None:
    at_pland = world.pland.add_user("Eva Gil", "eva@example.com")["_id"]
    eva = world.person("Eva Gil", timezone="Europe/Madrid", locale="es-ES")
    await world.poll()
    await eva.link("pland", at_pland)
    await world.poll()
    await new(eva, words)
    assert await eva.fill() == {}
    (made,) = world.pland.tasks()
    assert made["title"] == "Llamar"
    assert made["dueDate"] == datetime(2026, 4, 16, 7, tzinfo=UTC)
