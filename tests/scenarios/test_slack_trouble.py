"""Slack in trouble: every card stands once, and answers go out all the same."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from sandbox.faults import Trouble
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, until


async def test_a_post_whose_reply_was_lost_stands_once(world: World) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.DROP_AFTER, "chat.postMessage")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await world.live_through(3)
    assert len(ana.cards) == 1
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    assert "Venta completada · you" in ana.card("Botica Norte").words
    assert len(world.slack.calls_of("chat.postMessage")) == 1


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.TRUNCATE, Trouble.STATUS])
async def test_a_post_that_failed_comes_later_and_once(world: World, trouble: Trouble) -> None:
    ana = await world.carlos()
    world.fault_at_slack(trouble, "chat.postMessage", status=503)
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await world.live_through(3)
    assert len(ana.cards) == 1
    assert "Venta completada" in ana.card("Botica Norte").buttons


async def test_a_lost_reply_and_a_history_that_fails(world: World) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.DROP_AFTER, "chat.postMessage")
    world.fault_at_slack(Trouble.STATUS, "conversations.history", times=2, status=500)
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await world.live_through(5)
    assert len(ana.cards) == 1


async def test_a_task_finished_while_its_card_was_in_doubt(world: World) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.DROP_AFTER, "chat.postMessage")
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.reten.complete_elsewhere(task["id"])
    await world.tick()
    await world.live_through(3)
    assert "Completed in Reten" in ana.card("Botica Norte").words
    assert ana.card("Botica Norte").buttons == []


async def test_slacks_pace_is_kept(world: World) -> None:
    ana = await world.carlos()
    world.slack.rate_limit("chat.postMessage", retry_after=30)
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await world.pass_time(seconds=29)
    assert len(world.slack.calls_of("chat.postMessage")) == 1
    assert ana.cards == []
    await world.pass_time(seconds=2)
    assert len(ana.cards) == 1


async def test_many_cards_keep_to_slacks_own_budgets(world: World) -> None:
    ana = await world.carlos()
    world.slack.enforce_rate_limits()
    for number in range(12):
        world.reten.add_task(commerce=f"Botica {number:02}")
        if number % 4 == 3:  # more at once would be one list
            await world.live_through(1)
    for _ in range(30):
        await world.pass_time(seconds=2)
    assert len({card.text for card in ana.cards}) == 12
    assert len(ana.cards) == 12


async def test_a_redraw_that_fails_is_made_later(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    for trouble in (Trouble.DROP, Trouble.DROP_AFTER, Trouble.STATUS):
        world.fault_at_slack(trouble, "chat.update", status=502)
    world.reten.complete_elsewhere(task["id"])
    await world.tick()
    await world.live_through(3)
    assert "Completed in Reten" in ana.card("Botica Norte").words
    assert len(ana.cards) == 1


async def test_a_card_that_was_deleted_is_posted_anew(world: World) -> None:
    ana = await world.carlos()
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.slack.workspace.direct(ana.person).posts[-1].deleted = True
    assert ana.cards == []
    world.reten.edit(task["id"], status="IN_PROGRESS")
    await world.tick()
    (card,) = ana.cards
    assert "En curso" in card.plain()
    assert "Venta completada" in card.buttons()
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    assert len(world.reten.results) == 1


async def test_somebody_who_was_deactivated_stops_nobody(world: World) -> None:
    ana, mario = await world.carlos(), world.person("Mario Bravo")
    await mario.link("reten", "OP-099")
    await world.slack.change_person(ana.person, deleted=True)
    world.reten.add_task(commerce="Botica Norte")
    world.reten.add_task(commerce="Botica Sur", operator=("OP-099", "Mario Bravo", "SALESMAN"))
    await world.tick()
    await world.live_through(10, step=5)
    assert "Venta completada" in mario.card("Botica Sur").buttons
    posts = [c for c in world.slack.calls_of("chat.postMessage") if not c.ok]
    opened = [c for c in world.slack.calls_of("conversations.open") if not c.ok]
    assert len(posts) + len(opened) <= 2


async def test_a_missing_scope_loses_nothing(world: World) -> None:
    ana = await world.carlos()
    world.slack.workspace.scopes.discard("chat:write")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    assert ana.cards == []
    world.slack.workspace.scopes.add("chat:write")
    await world.live_through(15, step=5)
    assert len(ana.cards) == 1


async def test_a_revoked_token_loses_nothing(world: World) -> None:
    ana = await world.carlos()
    await world.slack.revoke_tokens()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await world.live_through(10, step=5)
    assert ana.cards == []
    world.slack.workspace.token_error = None
    await world.live_through(15, step=5)
    assert len(ana.cards) == 1


async def test_answers_go_out_while_slack_hangs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot's own loops run here: the one that redraws waits for Slack, the others don't."""
    monkeypatch.setattr("bot.slack.client.TIMEOUT_SECONDS", 3)
    async with world.running_bot(undo_seconds=0) as bot:
        ana = await world.carlos()
        world.reten.add_task(commerce="Botica Norte")
        await world.tick()
        world.fault_at_slack(Trouble.HANG, "chat.update", times=None)
        async with bot.working():
            await ana.card("Botica Norte").press("Venta completada")
            await until(lambda: len(world.reten.results) == 1)
            assert "Venta completada" in ana.card("Botica Norte").buttons
            world.slack.faults.clear()
            await until(lambda: "Venta completada · you" in ana.card("Botica Norte").words, 10)
        assert len(world.reten.results) == 1


async def test_a_crash_while_an_answer_is_sent_loses_and_doubles_nothing(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await ana.card("Botica Norte").click("Venta completada")
    world.fault_at_results(Trouble.HANG)
    world.clock.advance(timedelta(seconds=6))
    first = asyncio.create_task(world.settle())
    await until(lambda: any(r.method == "POST" for r in world.reten.requests))
    async with world.running_bot():
        await world.tick()
        assert ana.card("Botica Norte").buttons == []
        await world.pass_time(seconds=91)
        assert len(world.reten.results) == 1
        assert "Venta completada · you" in ana.card("Botica Norte").words
        # The first one wakes up after all, and its request arrives.
        world.reten.faults.clear()
        await first
        await world.tick()
        assert len(world.reten.results) == 1
        assert "Venta completada · you" in ana.card("Botica Norte").words
        assert ana.whispers == []
    world.assert_no_violations()


async def test_stopping_while_an_answer_is_sent_hands_it_over(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await ana.card("Botica Norte").click("Venta completada")
    world.fault_at_results(Trouble.HANG)
    world.clock.advance(timedelta(seconds=6))
    first = asyncio.create_task(world.settle())
    await until(lambda: any(r.method == "POST" for r in world.reten.requests))
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    async with world.running_bot():
        await world.pass_time(seconds=3)
        assert len(world.reten.results) == 1
        assert "Venta completada · you" in ana.card("Botica Norte").words


async def test_stopping_while_a_card_is_posted_posts_it_once(world: World) -> None:
    ana = await world.carlos()
    hang = world.fault_at_slack(Trouble.HANG, "chat.postMessage")
    world.reten.add_task(commerce="Botica Norte")
    first = asyncio.create_task(world.tick())
    await until(lambda: hang.times == 0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    async with world.running_bot():
        await world.live_through(3)
        assert len(ana.cards) == 1


async def test_a_restart_between_click_and_answer(world: World) -> None:
    ana: Someone = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await ana.card("Botica Norte").press("Venta completada")
    async with world.running_bot():
        await world.settle()
        assert ana.card("Botica Norte").buttons == ["Undo"]
        await world.pass_time(seconds=6)
        assert len(world.reten.results) == 1
        await world.tick()
        assert len(ana.cards) == 1
    world.assert_clean()


async def test_a_conversation_that_was_closed_to_us_gets_its_card_once_it_is_open(
    world: World,
) -> None:
    ana = world.person("Ana Ruiz", timezone="Europe/Madrid")
    await ana.link("reten", "OP-042")
    await world.poll()
    world.slack.workspace.messages_tab = False
    world.reten.add_task("Botica Norte")
    await world.tick()
    assert ana.cards == []

    world.slack.workspace.messages_tab = True
    await world.pass_time(hours=1, seconds=1)
    assert "Venta completada" in ana.card("Botica Norte").buttons
    assert len(ana.cards) == 1
