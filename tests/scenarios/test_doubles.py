"""Messages that stand twice: the first one stays, whatever brought the second."""

from __future__ import annotations

from sandbox.faults import Trouble
from sandbox.slack.model import Post
from tests.scenarios.pages import Someone
from tests.scenarios.world import World


def posts(world: World, ana: Someone) -> list[Post]:
    return world.slack.workspace.direct(ana.person).posts


def repeat(world: World, ana: Someone, post: Post) -> None:
    """Let an attempt of ours arrive (once more), however late."""
    world.slack.workspace.add_post(
        world.slack.workspace.direct(ana.person),
        post.user,
        post.text,
        blocks=post.blocks,
        metadata=post.metadata,
    )


async def test_a_post_that_was_repeated_on_its_way_leaves_one_live_card(world: World) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.TWICE, "chat.postMessage")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    first, second = ana.cards
    await world.pass_time(seconds=31)
    (kept,) = ana.cards
    assert kept.ts == first.ts
    assert [call.arguments["ts"] for call in world.slack.calls_of("chat.delete")] == [second.ts]
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=6)
    (done,) = ana.cards
    assert "Venta completada · you" in done.plain()
    assert len(world.reten.results) == 1
    world.assert_clean()


async def test_an_answer_on_the_second_card_is_an_answer(world: World) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.TWICE, "chat.postMessage")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await ana.card("Botica Norte").click("Venta completada")
    await world.pass_time(seconds=31)
    (done,) = ana.cards
    assert "Venta completada · you" in done.plain()
    assert len(world.reten.results) == 1


async def test_a_post_that_arrives_after_it_was_given_up_leaves_one_live_card(
    world: World,
) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.DROP, "chat.postMessage")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await world.pass_time(seconds=3)
    (posted,) = posts(world, ana)
    repeat(world, ana, posted)
    await world.pass_time(seconds=31)
    (kept,) = ana.cards
    assert kept.ts == posted.ts


async def test_a_repeated_post_with_a_lost_reply_and_a_history_that_fails(world: World) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.DROP_AFTER, "chat.postMessage")
    world.fault_at_slack(Trouble.STATUS, "conversations.history", times=3, status=503)
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    repeat(world, ana, posts(world, ana)[0])
    first = posts(world, ana)[0].ts
    await world.live_through(5)
    (kept,) = ana.cards
    assert kept.ts == first
    assert len(world.slack.calls_of("chat.postMessage")) == 1


async def test_what_is_removed_may_be_gone_already(world: World) -> None:
    ana = await world.carlos()
    world.fault_at_slack(Trouble.TWICE, "chat.postMessage")
    world.fault_at_slack(Trouble.DROP_AFTER, "chat.delete")
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await world.live_through(3)
    assert len(ana.cards) == 1


async def test_messages_of_strangers_stay(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    (card,) = posts(world, ana)
    unknown = {"event_type": "taskbell_card", "event_payload": {"key": "of another database"}}
    conversation = world.slack.workspace.direct(ana.person)
    for metadata in (unknown, unknown, None):
        world.slack.workspace.add_post(conversation, card.user, "Hello", metadata=metadata)
    await world.pass_time(seconds=31)
    assert world.slack.calls_of("chat.delete") == []


async def test_one_look_serves_all_posts_of_a_while(world: World) -> None:
    await world.carlos()
    for number in range(5):
        world.reten.add_task(commerce=f"Botica {number}")
    await world.tick()
    await world.live_through(10)
    looks = world.slack.calls_of("conversations.history")
    assert 1 <= len(looks) <= 2
