"""People choose how they are told, and it shows."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain import places
from bot.domain.language import ENGLISH
from bot.domain.preferences import Absence, AbsenceMode, Preferences
from sandbox.faults import Trouble
from sandbox.slack import Status
from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World

SOON = datetime(2026, 4, 15, 14, 0, tzinfo=UTC)
DELEGATED = "Away: somebody else gets my tasks"


@pytest.fixture(autouse=True)
def _loaded() -> None:
    """What is known of the world takes long to load on a busy machine, and Slack waits 3 s."""
    places.find_countries("spain mad", ENGLISH, "UTC")


async def settings(ana: Someone) -> None:
    """Open the form."""
    assert await ana.hands.command("/tasks", "settings") is None
    assert ana.modal.title == "Settings"


async def preferences(world: World, slack_user: str) -> Preferences:
    ground = world.bot.ground
    return await ground.db.read(lambda tx: ground.preferences(tx, slack_user))


async def told(world: World) -> list[dict[str, Any]]:
    """What the audit tells of settings."""
    rows = await world.bot.ground.db.read(
        lambda tx: tx.rows("SELECT actor, detail FROM audit WHERE action = 'settings' ORDER BY id")
    )
    return [dict(row) for row in rows]


async def test_language_and_zone_show_on_the_next_card_and_on_those_that_stand(
    world: World,
) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    world.reten.add_task(commerce="Farmacia Central", scheduled_at=SOON)
    await world.tick()
    assert "16:00" in ana.card("Farmacia Central").words
    await settings(ana)
    await ana.hands.fill("Time zone", "America/Lima, 03:00", typed="perú")
    assert await ana.fill(Language="Español", Reminder="30 minutes before") == {}
    assert ana.hands.modal is None
    assert "mié, 15 abr, 9:00" in ana.card("Farmacia Central").words
    world.reten.add_task(commerce="Botica Norte", scheduled_at=SOON)
    await world.tick()
    assert "mié, 15 abr, 9:00" in ana.card("Botica Norte").words
    (row,) = await told(world)
    assert row["actor"] == ana.id
    assert json.loads(row["detail"]) == {"changed": ["due_soon", "locale", "timezone"]}
    world.assert_clean()


async def test_the_reminder_comes_as_long_before_as_was_chosen(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Farmacia Central", scheduled_at=SOON)
    await world.tick()
    await settings(ana)
    await ana.fill(Reminder="1 hour before")
    world.clock.set(SOON - timedelta(minutes=61))
    await world.settle()
    assert len(ana.cards) == 1
    await world.pass_time(minutes=2)
    assert len(ana.cards) == 2
    assert "due soon" in ana.card("Farmacia Central").text
    world.assert_clean()


async def test_somebody_else_gets_the_tasks_of_who_is_away(world: World) -> None:
    ana, ben = await world.carlos(), world.person("Ben Okafor")
    await settings(ana)
    errors = await ana.fill(Away=DELEGATED, Last_day_away="2026-04-14")
    assert "in the past" in errors["Last day away"]
    errors = await ana.fill(Last_day_away="2026-04-16", Who_gets_my_tasks_meanwhile=ana.person)
    assert errors == {"Who gets my tasks meanwhile": "That is you. Choose somebody else."}
    assert await ana.fill(Who_gets_my_tasks_meanwhile=ben.person) == {}
    absence = Absence(AbsenceMode.DELEGATE, date(2026, 4, 16), ben.id)
    assert (await preferences(world, ana.id)).absence == absence
    world.reten.add_task(commerce="Farmacia Central")
    await world.tick()
    assert (len(ana.cards), len(ben.cards)) == (0, 1)
    world.clock.set(START + timedelta(days=2))
    await world.tick()
    assert (await preferences(world, ana.id)).absence is None
    await settings(ana)
    assert await ana.fill(Reminder="No reminder") == {}, "what is over is not asked about again"
    world.assert_clean()


async def test_who_stands_in_may_be_away_too(world: World) -> None:
    ana, ben, eva = await world.carlos(), world.person("Ben Okafor"), world.person("Eva Sanz")
    await settings(ana)
    await ana.fill(Away=DELEGATED, Who_gets_my_tasks_meanwhile=ben.person)
    world.reten.add_task(commerce="Farmacia Central")
    await world.tick()
    assert (len(ana.cards), len(ben.cards), len(eva.cards)) == (0, 1, 0)
    await settings(ben)
    await ben.fill(Away=DELEGATED, Who_gets_my_tasks_meanwhile=eva.person)
    assert len(eva.cards) == 1
    assert ben.card("Farmacia Central").buttons == []
    assert "Venta completada" in eva.card("Farmacia Central").buttons
    world.assert_clean()


async def test_all_that_was_chosen_is_taken_back_with_one_click(world: World) -> None:
    ana = await world.carlos()
    before = await preferences(world, ana.id)
    await settings(ana)
    await ana.hands.fill("Public holidays", "Spain · Madrid", typed="spain mad")
    await ana.fill(Language="Deutsch", Working_days=["Monday", "Tuesday"], Daily_list="07:30")
    chosen = await preferences(world, ana.id)
    assert (chosen.locale, chosen.country) == ("de", "ES-MD")
    assert (chosen.working_days, chosen.digest_at) == ({0, 1}, time(7, 30))
    assert await ana.hands.command("/tasks", "settings") is None
    reset = await ana.hands.click(ana.modal, actions_of(ana)[-1])
    await world.settle()
    assert await preferences(world, ana.id) == before
    assert (await ana.hands.click_again(reset)).ok
    assert ana.modal.fields() == []
    assert ana.modal.plain() != ""
    await world.settle()
    assert len(await told(world)) == 2


def actions_of(ana: Someone) -> list[str]:
    """The labels of the buttons in the open form."""
    rows = [block for block in ana.modal.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row["elements"]]


async def test_a_form_that_came_too_late_is_told(world: World) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.DROP, "views.open")
    assert await ana.hands.command("/tasks", "settings") is None
    assert ana.hands.modal is None
    await world.settle()
    (said,) = ana.whispers
    assert "could not be opened" in said


async def test_the_slack_status_makes_an_absence_for_as_long_as_it_lasts(world: World) -> None:
    ana = await world.carlos()
    ended = START + timedelta(hours=3)
    ill = Status(":face_with_thermometer:", "Out sick", ended)
    await world.slack.change_person(ana.person, status=ill)
    await world.settle()
    hold = Absence(AbsenceMode.HOLD, ended.date())
    assert (await preferences(world, ana.id)).absence == hold
    await world.pass_time(hours=4)
    assert (await preferences(world, ana.id)).absence is None
    await world.slack.change_person(ana.person, status=Status(":palm_tree:", "Vacationing"))
    await world.settle()
    assert (await preferences(world, ana.id)).absence == Absence(AbsenceMode.HOLD)
    await settings(ana)
    await ana.fill(Slack_status=[])
    assert (await preferences(world, ana.id)).absence is None
    await settings(ana)
    await ana.fill(Slack_status=["I am away while it says that I am on vacation or out sick"])
    await world.slack.change_person(ana.person, status=Status(":coffee:", "Back in five"))
    await world.settle()
    assert (await preferences(world, ana.id)).absence is None
    world.assert_clean()


async def test_quiet_hours_hold_the_next_card(world: World) -> None:
    ana = await world.carlos()
    await settings(ana)
    assert await ana.fill(Quiet_from="07:30", Quiet_until="07:30") != {}
    assert await ana.fill(Quiet_until="09:30") == {}
    world.reten.add_task(commerce="Farmacia Central")
    await world.tick()
    assert ana.messages == []
    await world.pass_time(minutes=90)
    assert len(ana.cards) == 1
    await settings(ana)
    await ana.fill(Quiet_from="Never quiet")
    world.clock.set(START + timedelta(days=1))
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    assert len(ana.cards) == 2
    world.assert_clean()


async def test_what_was_held_comes_when_the_status_ends(world: World) -> None:
    ana = await world.carlos()
    ended = START + timedelta(hours=3)
    status = Status(":palm_tree:", "Vacationing", ended)
    await world.slack.change_person(ana.person, status=status)
    await world.settle()
    world.reten.add_task(commerce="Farmacia Central")
    await world.tick()
    assert ana.messages == []
    world.clock.set(ended)
    await world.settle()
    assert len(ana.cards) == 1
    world.assert_clean()
