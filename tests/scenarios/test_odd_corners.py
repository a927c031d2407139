"""Corners where two things happen at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.providers.reten import Rescheduling
from tests.scenarios.world import START, World

LUCIA = ("OP-077", "Lucía Gómez", "SALESMAN")


async def test_a_reminder_that_slack_refuses_leaves_no_card_that_lies(world: World) -> None:
    """The older card had stepped back for one that never came: it must still follow the task."""
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=1))
    await world.tick()
    direct = world.slack.workspace.direct(ana.person)
    direct.restricted = "restricted_action"
    await world.pass_time(minutes=46)
    direct.restricted = ""
    assert len(ana.cards) == 1
    world.reten.complete_elsewhere(task["id"])
    await world.live_through(10, step=5)
    assert ana.card("Botica Norte").buttons == []
    assert all(card.buttons() == [] for card in ana.cards)


async def test_a_redraw_that_slack_refuses_is_no_end(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    direct = world.slack.workspace.direct(ana.person)
    direct.restricted = "restricted_action"
    world.reten.edit(task["id"], status="IN_PROGRESS")
    await world.tick()
    direct.restricted = ""
    world.reten.complete_elsewhere(task["id"])
    await world.live_through(10, step=5)
    assert all(card.buttons() == [] for card in ana.cards)


@pytest.mark.parametrize("what", list(Rescheduling))
async def test_a_new_date_by_an_answer_of_ours(world: World, what: Rescheduling) -> None:
    """Whatever Reten makes of it, one card at most can be answered, and nothing is asked twice."""
    world.reten.rescheduling = what
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=3))
    await world.tick()
    await ana.card("Botica Norte").click("Reprogramar visita")
    assert await ana.fill(New_date_and_time=START + timedelta(days=1)) == {}
    await world.pass_time(seconds=6)
    await world.tick()
    answerable = [card for card in ana.cards if "Venta completada" in card.buttons()]
    assert len(answerable) == (0 if what is Rescheduling.COMPLETES else 1)
    assert all("Tomorrow" in card.plain() for card in answerable)
    await world.live_through(120, step=30)
    assert len(world.reten.results) == 1
    assert len(ana.cards) == (2 if what is Rescheduling.SUCCESSOR else 1)
    world.assert_clean()


async def test_a_task_reopened_after_our_answer_can_be_answered_again(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    user = world.close.add_user("Ben Okafor", "ben@example.com")
    await world.poll()
    task = world.close.add_task("Send the contract", assigned_to=user["id"])
    await world.tick()
    card = ben.card("Send the contract")
    await card.click("Complete")
    assert card.buttons == ["Undo"]
    world.clock.advance(timedelta(minutes=5))
    world.close.edit(task["id"], is_complete=False)
    await world.tick()
    assert "Complete" in card.buttons
    await card.click("Complete")
    assert world.close.tasks[task["id"]]["is_complete"] is True
    assert "Complete · you" in card.words
    assert card.buttons == ["Undo"]
    world.assert_clean()


async def test_two_people_have_one_task(world: World) -> None:
    """Two Slack users of one operator there cannot be; two accounts of one company there can."""
    ana, lucia = await world.carlos(), world.person("Lucía Gómez")
    await lucia.link("reten", "OP-077")
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await ana.card("Botica Norte").click("Venta completada")
    world.reten.reassign(task["id"], LUCIA)
    await world.tick()
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1
    assert ana.card("Botica Norte").buttons == []
    titles = [card.plain() for card in lucia.cards]
    assert all("Venta completada" in words for words in titles)
    assert all(card.buttons() == [] for card in lucia.cards)


async def test_a_connection_that_was_taken_out_of_the_settings(world: World) -> None:
    """Nobody could bring the answer to its provider: it is not taken."""
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    only_close = tuple(c for c in world.settings.connections if c.name == "close")
    async with world.running_bot(connections=only_close):
        await ana.card("Botica Norte").click("Venta completada")
        await world.pass_time(minutes=1)
        (said,) = ana.whispers
        assert "Nothing was sent." in said
        assert "Sending" not in ana.card("Botica Norte").words
    await world.settle()
    assert world.reten.results == []
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1


async def test_what_others_wrote_is_shown_as_it_is(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    user = world.close.add_user("Ben Okafor", "ben@example.com")
    await world.poll()
    text = "<!channel> *bold* _x_ `y` <https://evil.example|click> & <@U0SB0000001>"
    lead = world.close.add_lead("<!here> & Sons")
    world.close.add_task(text, assigned_to=user["id"], lead=lead)
    await world.tick()
    card = ben.card(text)
    assert "<!channel>" not in card.text
    assert "&lt;!channel&gt;" in card.text
    assert "<!here> & Sons" in card.words
    assert text in (await ben.tasks("all")).words
    await card.click("Complete")
    assert card.buttons == ["Undo"]
    assert text in card.words
    world.assert_clean()


async def test_a_very_long_title_and_many_details(world: World) -> None:
    ana = await world.carlos()
    long = "Farmacia " + "muy larga " * 400
    world.reten.add_task(commerce=long, reason=("R", "Razón " * 300), route=("X", "Ruta " * 300))
    world.reten.add_task(commerce="", reason=None, route=None)
    await world.tick()
    assert len(ana.cards) == 2
    assert all("Venta completada" in card.buttons() for card in ana.cards)
    assert len((await ana.tasks("all")).rows) == 2
    world.assert_clean()
