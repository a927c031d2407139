"""Proof: whoever asks why a task came, or did not, hears what happened to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot import telling
from bot.domain import when
from bot.domain.language import ENGLISH
from bot.store import history, tasks
from bot.store.database import Tx
from bot.telling import Account
from sandbox.faults import Trouble
from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World

MADRID = "Europe/Madrid"


async def account(world: World, task: Any, *asked: Someone) -> Account:
    ground = world.bot.ground

    def read(tx: Tx) -> Account:
        stored = tasks.find(tx, "reten", str(task["id"]))
        assert stored is not None
        return telling.account(tx, ground, stored, [one.id for one in asked])

    return await ground.db.read(read)


def told(found: Account) -> list[str]:
    """What happened, in words."""
    return [ENGLISH.plain(line.words, when.zone("UTC"), str) for line in found.lines]


def verdict(found: Account, someone: Someone) -> str:
    (words,) = [one.words for one in found.verdicts if one.reader == someone.id]
    return ENGLISH.plain(words, when.zone("UTC"), str)


def now(found: Account) -> str:
    phrases = (*found.now, found.next)
    return " ".join(ENGLISH.plain(one, when.zone("UTC"), str) for one in phrases)


async def test_the_whole_story_of_an_answered_task(world: World) -> None:
    ana = await world.carlos(timezone=MADRID)
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=6))
    await world.tick()
    found = await account(world, task)
    assert "A reminder comes Wed 15 Apr, 13:45." in now(found)
    world.fault_at_results(Trouble.STATUS, status=500)
    card = ana.card("Botica Norte")
    seen = card.message
    await card.click("Venta completada")
    await card.click("Undo")
    await card.click("No interesado")
    await card.press("Venta completada", seen)
    await world.live_through(3)
    who = ana.id
    assert told(await account(world, task)) == [
        f"{who} was linked to Carlos Pérez (OP-042) by test.",
        "Seen for the first time, in a full listing of Reten: open, due Wed 15 Apr, 14:00, "
        "assigned to Carlos Pérez (OP-042).",
        f"A card was posted to {who} in {seen.channel}, because it was new to them.",
        f"{who} answered “Venta completada”.",
        f"{who} took the answer back before it was sent.",
        f"{who} answered “No interesado”.",
        f"{who} clicked, and heard: “No interesado” is already on its way for this task. The card "
        "will tell how it went; your click was not sent.",
        "“No interesado”, try 1: Reten is out of order (status 500). It may have arrived all the "
        "same, so I read the task before I write again.",
        "Reten took “No interesado” at try 2, after reading the task back: done, Completada, "
        "No interesado.",
    ]
    found = await account(world, task)
    assert f"It is done in Reten: “No interesado” by {who}." in now(found)
    assert f"The card of {who} shows: done, redrawn" in now(found)
    assert now(found).endswith("Nothing more to do, unless it is opened again.")


async def test_what_changes_elsewhere_is_told(world: World) -> None:
    await world.carlos(timezone=MADRID)
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=6))
    await world.tick()
    world.reten.edit(task["id"], scheduled_at=START + timedelta(hours=30))
    await world.live_through(1)
    world.reten.remove(task["id"])
    await world.live_through(16)
    lines = told(await account(world, task))
    assert "due Thu 16 Apr, 14:00 instead of Wed 15 Apr, 14:00" in lines[-2]
    assert lines[-1] == "No longer in Reten (deleted or not visible to me)."


async def test_an_answer_that_comes_too_late_is_told(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await ana.card("Botica Norte").click("No interesado")
    world.reten.complete_elsewhere(task["id"])
    await world.pass_time(seconds=6)
    *_, refused, changed = told(await account(world, task))
    assert refused.startswith("“No interesado”, try 1: ")
    assert changed.startswith("Changed in Reten, by what came back for an answer: done instead of")


async def test_a_quiet_poll_leaves_nothing_on_record(world: World) -> None:
    await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    before = await world.bot.ground.db.read(lambda tx: history.page(tx, None, None, 100))
    await world.live_through(3)
    assert await world.bot.ground.db.read(lambda tx: history.page(tx, None, None, 100)) == before


async def test_a_first_listing_is_one_record(world: World) -> None:
    ana = world.person("Carlos Ruiz")
    await ana.link("reten", "OP-042")
    task = world.reten.add_task(commerce="Botica Norte")
    world.reten.add_task(commerce="Botica Sur")
    await world.poll()
    records = await world.bot.ground.db.read(lambda tx: history.page(tx, None, None, 100))
    (first,) = [r for r in records if (r.action, r.connection) == ("first listing", "reten")]
    assert first.detail == {"tasks": 2}
    assert [r for r in records if r.action == "seen"] == []
    found = await account(world, task)
    assert "Already there in the first listing of Reten" in told(found)[1]
    assert "such tasks are summed up once" in verdict(found, ana)


async def test_who_was_not_told_and_why(world: World) -> None:
    ana, ben = await world.carlos(), world.person("Ben Okafor")
    lea, zoe = world.person("Lea Lind"), world.person("Zoe Lind")
    await ben.link("reten", "OP-007")
    hers = world.reten.add_task(commerce="Botica Norte")
    theirs = world.reten.add_task(commerce="Botica Sur", operator=("OP-077", "Lucía Gómez", "S"))
    await world.tick()
    found = await account(world, hers, ben, zoe)
    assert "is OP-007 in Reten, and it is assigned to Carlos Pérez (OP-042)." in verdict(found, ben)
    assert verdict(found, zoe) == f"{zoe.id} is linked to no operator in Reten."
    found = await account(world, theirs, ana)
    assert found.unheard is not None
    assert "".join(map(str, found.unheard)) == (
        "Linked to nobody in Slack, and so not told: Lucía Gómez (OP-077)."
    )
    await lea.link("reten", "OP-077")
    await world.settle()
    assert "as the task was new to" in verdict(await account(world, theirs), lea)


async def test_what_slack_refused_is_told(world: World) -> None:
    ana = await world.carlos()
    ana.person.deleted = True
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    found = await account(world, task)
    assert "A card was wanted and not posted: Slack refused" in verdict(found, ana)
    assert "was not posted: Slack refused" in told(found)[-1]


@pytest.mark.parametrize("words", ["why botica", "why  Botica norte", "WHY reten:{id}"])
async def test_people_ask_in_slack(world: World, words: str) -> None:
    ana = await world.carlos(timezone=MADRID)
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=6))
    await world.tick()
    answer = await ana.tasks(words.format(id=task["id"]))
    assert answer.words.startswith("Botica Norte\nIt is assigned to Carlos Pérez in Reten")
    assert "A card was posted to" in answer.words
    assert "A reminder comes Today 15:45" in answer.words
    assert "It is due" in answer.message.text


async def test_nobody_hears_of_tasks_that_are_not_theirs(world: World) -> None:
    ana, zoe, ada = await world.carlos(), world.person("Zoe Lind"), world.person("Ada Admin")
    task = world.reten.add_task(commerce="Botica Norte")
    world.reten.add_task(commerce="Botica Sur")
    await world.tick()
    for words in ("why botica norte", f"why reten:{task['id']}", "why x"):
        assert (await zoe.tasks(words)).words.startswith("I know no task of yours like")
    several = (await ana.tasks("why botica")).words
    assert several.startswith("“botica” fits several tasks. Which one?")
    assert f"reten:{task['id']} — Botica Norte" in several
    assert (await ana.tasks("why")).words.startswith("Which task?")
    async with world.running_bot(admins=(ada.id,)):
        told = (await ada.tasks("why botica norte")).words
    assert "A card was posted to" in told
    assert "assigned to Carlos Pérez (OP-042)" in told  # an admin can look for that


async def test_a_task_that_moved_on_can_still_be_asked_about(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.reten.reassign(task["id"], ("OP-077", "Lucía Gómez", "SALESMAN"))
    await world.live_through(1)
    words = (await ana.tasks("why botica")).words
    assert "assigned to Lucía Gómez instead of Carlos Pérez" in words


async def test_a_card_says_why_it_came(world: World) -> None:
    ana = await world.carlos(timezone=MADRID)
    world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=6))
    await world.tick()
    delivery = await ana.card("Botica Norte").press("Why did I get this?")
    assert (await ana.hands.click_again(delivery)).ok
    await world.settle()
    (whisper,) = ana.whispers
    assert whisper.startswith("It is assigned to Carlos Pérez in Reten; you are linked to")
    assert whisper.endswith("as the task was new to you. It is due Wed 15 Apr, 16:00.")


async def test_a_connection_that_is_no_longer_set(world: World) -> None:
    """Its tasks are neither listed nor reminded of, and the story says why."""
    ana = await world.carlos(timezone=MADRID)
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=1))
    await world.tick()
    rest = tuple(one for one in world.settings.connections if one.name != "reten")
    async with world.running_bot(connections=rest):
        await world.live_through(50, step=5)
        assert "Botica Norte" not in (await ana.tasks("all")).words
        assert len(ana.card("Botica Norte").all) == 1
        found = await account(world, task)
        assert "is no longer in the settings" in now(found)
        assert now(found).endswith("Nothing, until the connection is in the settings again.")
    await world.live_through(8)
    assert len(ana.card("Botica Norte").all) == 2
