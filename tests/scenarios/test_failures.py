"""Answers that do not arrive: the admins hear of them, see them, and decide."""

from __future__ import annotations

from typing import Any

import pytest

from bot import failures
from bot.domain.model import Submission
from bot.failures import CannotDo
from bot.store import history, outages, submissions
from sandbox.faults import Trouble
from tests.scenarios.pages import CardPage, Someone
from tests.scenarios.world import World


async def waiting(world: World) -> list[Submission]:
    return await world.bot.ground.db.read(submissions.waiting)


async def settle(world: World, what: Any, submission_id: str) -> None:
    ground = world.bot.ground
    await ground.db.write(lambda tx: what(tx, ground, submission_id, "cli"))
    await world.settle()


async def answered(world: World) -> tuple[Someone, CardPage]:
    """Somebody whose answer to Botica Norte is about to be sent."""
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    card = ana.card("Botica Norte")
    await card.click("Venta completada")
    return ana, card


async def test_an_answer_that_waits_for_long_is_told_once_and_its_end_too(world: World) -> None:
    """The provider lists its tasks, and takes no result."""
    ada = world.person("Ada Admin")
    async with world.running_bot(admins=(ada.id,)):
        ana, card = await answered(world)
        world.reten.add_task(commerce="Botica Sur")
        await world.tick()
        world.fault_at_results(Trouble.STATUS, status=503, times=None)
        await ana.card("Botica Sur").click("Venta completada")
        await world.live_through(55, step=5)
        assert ada.notices == []
        await world.live_through(60, step=5)
        (began,) = ada.notices
        assert began.startswith("An answer to Reten has waited for an hour: ")
        first, second = await waiting(world)
        assert first.failing_since is not None
        assert second.failing_since is not None
        world.reten.faults.clear()
        await world.live_through(10, step=5)
        assert ada.notices[1:] == ["Reten takes answers again. What waited is being sent now."]
        assert "Venta completada · you" in card.words
        assert await waiting(world) == []


async def test_an_answer_can_be_sent_at_once(world: World) -> None:
    _, card = await answered(world)
    world.fault_at_results(Trouble.STATUS, status=503, times=4)
    await world.pass_time(seconds=6)
    await world.live_through(1)
    (one,) = await waiting(world)
    world.reten.faults.clear()
    await settle(world, failures.retry, one.id)
    assert "Venta completada · you" in card.words
    assert len(world.reten.results) == 1
    with pytest.raises(CannotDo, match="It is done already"):
        await settle(world, failures.retry, one.id)
    with pytest.raises(CannotDo, match="It is done already"):
        await settle(world, failures.give_up, one.id)


async def test_an_answer_that_is_given_up_leaves_an_honest_card(world: World) -> None:
    ana, card = await answered(world)
    world.fault_at_results(Trouble.STATUS, status=503, times=None)
    await world.pass_time(seconds=6)
    (one,) = await waiting(world)
    await settle(world, failures.give_up, one.id)
    assert "An admin gave it up; it may have arrived all the same, so look there." in card.words
    assert "Nothing was sent" not in card.words
    assert "Venta completada" in card.buttons
    world.reten.faults.clear()
    await world.live_through(10)
    assert world.reten.results == []
    (refused,) = await waiting(world)
    assert refused.state == "refused"
    rows = await world.bot.ground.db.read(lambda tx: history.page(tx, None, None, 100))
    (given_up,) = [row for row in rows if row.action == "given up"]
    assert (given_up.actor, given_up.detail["label"]) == ("cli", "Venta completada")
    assert (
        "An admin at the command line gave “Venta completada” up."
        in (await ana.tasks("why botica")).words
    )


async def test_what_was_given_up_can_be_sent_after_all(world: World) -> None:
    """It is read first whether it had arrived."""
    _, card = await answered(world)
    world.fault_at_results(Trouble.DROP_AFTER)
    await world.pass_time(seconds=6)
    (one,) = await waiting(world)
    await settle(world, failures.give_up, one.id)
    await settle(world, failures.retry, one.id)
    assert "Venta completada · you" in card.words
    assert len(world.reten.results) == 1


async def test_a_held_answer_that_is_given_up_was_not_sent(world: World) -> None:
    _, card = await answered(world)
    (one,) = await waiting(world)
    with pytest.raises(CannotDo, match="about to be sent"):
        await settle(world, failures.retry, one.id)
    await settle(world, failures.give_up, one.id)
    assert "An admin gave it up; it was not sent." in card.words
    await world.pass_time(seconds=60)
    assert world.reten.results == []


async def test_an_old_answer_never_overrules_a_newer_one(world: World) -> None:
    _, card = await answered(world)
    (one,) = await waiting(world)
    await settle(world, failures.give_up, one.id)
    await card.click("No interesado")
    assert [answer.label for answer in await waiting(world)] == ["No interesado"]
    with pytest.raises(CannotDo, match="The task has a newer answer"):
        await settle(world, failures.retry, one.id)
    await world.pass_time(seconds=6)
    with pytest.raises(CannotDo, match="no longer open"):
        await settle(world, failures.retry, one.id)
    with pytest.raises(CannotDo, match="There is no submission nothing"):
        await settle(world, failures.retry, "nothing")
    assert len(world.reten.results) == 1


async def test_an_answer_to_a_connection_that_is_not_set_can_be_given_up(world: World) -> None:
    _, card = await answered(world)
    rest = tuple(one for one in world.settings.connections if one.name != "reten")
    async with world.running_bot(connections=rest):
        await world.live_through(10, step=5)
        (one,) = await waiting(world)
        with pytest.raises(CannotDo, match="not in the settings"):
            await settle(world, failures.retry, one.id)
        await settle(world, failures.give_up, one.id)
        assert "An admin gave it up; it was not sent." in card.words


async def test_giving_up_the_last_that_waits_ends_the_trouble(world: World) -> None:
    ada = world.person("Ada Admin")
    async with world.running_bot(admins=(ada.id,)):
        await answered(world)
        world.fault_at_results(Trouble.STATUS, status=503, times=None)
        await world.live_through(70, step=5)
        assert len(await world.bot.ground.db.read(outages.all_of_them)) == 1
        (one,) = await waiting(world)
        await settle(world, failures.give_up, one.id)
        assert await world.bot.ground.db.read(outages.all_of_them) == []
        assert len(ada.notices) == 1


async def test_slack_that_refuses_the_token_is_told_in_the_log_and_afterwards(world: World) -> None:
    ada = world.person("Ada Admin")
    workspace = world.slack.workspace
    async with world.running_bot(admins=(ada.id,)):
        await world.carlos()
        token = workspace.bot_token
        workspace.bot_token = "xoxb-another"
        world.reten.add_task(commerce="Botica Norte")
        for _ in range(3):
            await world.bot.slack_watch.tick()
            await world.live_through(10, step=5)
        workspace.bot_token = token
        await world.bot.slack_watch.tick()
        await world.bot.slack_watch.tick()
        await world.live_through(10, step=5)
        assert ada.notices == [
            "Slack is back after 30 minutes: Slack refuses the bot token (invalid_auth). What "
            "waited is being posted now."
        ]
    lost = [one for one in world.logs if one["event"].startswith("slack revoked")]
    assert [one["log_level"] for one in lost] == ["error"]


async def test_slack_that_is_away_for_a_moment_is_nobodys_business(world: World) -> None:
    ada = world.person("Ada Admin")
    async with world.running_bot(admins=(ada.id,)):
        await world.carlos()
        world.fault_at_slack(Trouble.STATUS, "auth.test", status=503, times=3)
        for _ in range(4):
            await world.bot.slack_watch.tick()
            await world.live_through(1)
        assert ada.notices == []
        world.fault_at_slack(Trouble.STATUS, "auth.test", status=503, times=8)
        for _ in range(10):
            await world.bot.slack_watch.tick()
            await world.live_through(1)
        (back,) = ada.notices
        assert back.startswith("Slack is back after 3 minutes: Slack did not answer auth.test.")
