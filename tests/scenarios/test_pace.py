"""Slack's pace: what one person, many people and those who click see of it."""

from __future__ import annotations

from itertools import pairwise

from bench.pace import REDRAWN_SECONDS, burst
from tests.scenarios.world import World


async def test_a_crowd_gets_a_card_each_at_slacks_own_limits() -> None:
    found = await burst(500)
    assert set(found.cards.values()) == {1}
    assert len(found.cards) == 500
    assert found.refused < 0.01
    assert found.rate_share >= 0.95
    assert len(found.redrawn_after) >= 8
    assert all(after is not None and after <= REDRAWN_SECONDS for after in found.redrawn_after), (
        found.redrawn_after
    )


async def test_one_person_gets_a_message_a_second(world: World) -> None:
    ana = await world.carlos()
    world.slack.calls.clear()
    for number in range(5):
        world.reten.add_task(commerce=f"Botica {number}")
    await world.tick()
    posts = [call.at for call in world.slack.calls_of("chat.postMessage")]
    assert len(posts) == len(ana.cards) == 5
    gaps = [(b - a).total_seconds() for a, b in pairwise(posts)]
    assert min(gaps) >= 1
    assert max(gaps) < 1.5
    world.assert_clean()


async def test_a_pause_for_redraws_stops_nothing_else(world: World) -> None:
    ana = await world.carlos()
    changed = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.slack.rate_limit("chat.update", retry_after=30)
    world.reten.edit(changed["id"], status="IN_PROGRESS")
    await world.tick()
    refused = len(world.slack.calls_of("chat.update"))
    # While redraws wait, new cards come; and what changes meanwhile costs no call of its own.
    world.reten.add_task(commerce="Botica Sur")
    for status in ("PENDING", "IN_PROGRESS", "PENDING"):
        world.reten.edit(changed["id"], status=status)
        await world.tick()
    world.reten.complete_elsewhere(changed["id"])
    await world.tick()
    assert "Venta completada" in ana.card("Botica Sur").buttons
    assert "Completed in Reten" not in ana.card("Botica Norte").words
    assert len(world.slack.calls_of("chat.update")) == refused == 1

    await world.pass_time(seconds=30)
    assert "Completed in Reten" in ana.card("Botica Norte").words
    assert len(world.slack.calls_of("chat.update")) == 2


async def test_a_new_person_costs_no_call_but_the_message(world: World) -> None:
    """Conversations are opened by the first message: for a crowd of new people, opening each would
    take longer than the messages."""
    await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    assert world.slack.calls_of("conversations.open") == []
    assert len(world.slack.calls_of("chat.postMessage")) == 1
    world.assert_clean()
