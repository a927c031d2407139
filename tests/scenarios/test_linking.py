"""Who is who: matched by address, proposed, or left alone; zones; and the end of a link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.preferences import QUIET
from bot.store import people, proposals
from tests.scenarios.pages import Someone
from tests.scenarios.world import World


def user(world: World, name: str, email: str, active: bool = True) -> str:
    return str(world.close.add_user(name, email, active=active)["id"])


async def proposed(world: World) -> list[tuple[str, str]]:
    found = await world.bot.ground.db.read(proposals.waiting)
    return [(one.operator_id, one.slack_user) for one in found]


async def linked(world: World, someone: Someone) -> bool:
    return bool(await world.bot.ground.db.read(lambda tx: people.links_of_user(tx, someone.id)))


async def test_an_address_links_whatever_its_case(world: World) -> None:
    ben = world.person("Ben Okafor", email="Ben@Example.com")
    mine = user(world, "Ben Okafor", " ben@example.COM ")
    await world.poll()
    world.close.add_task("Send the contract", assigned_to=mine)
    await world.tick()
    assert "Complete" in ben.card("Send the contract").buttons
    world.assert_clean()


async def test_whoever_an_address_links_is_first_spoken_to_by_their_own_clock_and_tongue(
    world: World,
) -> None:
    ben = world.person(
        "Ben", email="ben@example.com", timezone="America/Los_Angeles", locale="es-ES"
    )
    world.close.add_task("Send the contract", user(world, "Ben", "ben@example.com"))
    async with world.running_bot(quiet_hours=QUIET):
        await world.poll()  # 1:00 of theirs
        assert ben.messages == []
        await world.pass_time(hours=7)
        (said,) = ben.notices
        assert said.startswith("Close está conectado")
    world.assert_clean()


async def test_a_proposal_links_nobody(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    mine = user(world, "Ben Okafor", "ben@example.com")
    async with world.running_bot(link_by_email="propose"):
        await world.poll()
        world.close.add_task("Send the contract", assigned_to=mine)
        await world.tick()
        assert await proposed(world) == [(mine, ben.id)]
        assert ben.messages == []
        await ben.link("close", mine)
        await world.settle()
        assert "Complete" in ben.card("Send the contract").buttons
        assert await proposed(world) == []
        world.assert_clean()


async def test_off_asks_slack_for_nobody(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    user(world, "Ben Okafor", "ben@example.com")
    async with world.running_bot(link_by_email="off"):
        await world.poll()
        assert not await linked(world, ben)
        assert await proposed(world) == []
        assert world.slack.calls_of("users.lookupByEmail") == []


async def test_people_who_left_are_not_matched(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    ada = world.person("Ada Byron", email="ada@example.com")
    await world.slack.change_person(ada.person, deleted=True)
    user(world, "Ben Okafor", "ben@example.com", active=False)
    user(world, "Ada Byron", "ada@example.com")
    await world.poll()
    assert not await linked(world, ben)
    assert not await linked(world, ada)


async def test_an_address_that_slack_learns_later_is_matched_later(world: World) -> None:
    mine = user(world, "Ben Okafor", "ben@example.com")
    world.close.add_task("Send the contract", assigned_to=mine)
    await world.poll()
    asked = len(world.slack.calls_of("users.lookupByEmail"))
    await world.live_through(60, step=20)
    assert len(world.slack.calls_of("users.lookupByEmail")) == asked
    ben = world.person("Ben Okafor", email="ben@example.com")
    world.clock.advance(timedelta(hours=24))
    await world.tick()
    assert await linked(world, ben)
    (summary,) = ben.notices
    assert "You are linked to Ben Okafor in Close: 1 open task" in summary


async def test_a_missing_scope_for_addresses_stops_no_poll(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    mine = user(world, "Ben Okafor", "ben@example.com")
    world.slack.workspace.scopes.discard("users:read.email")
    assert await world.poll()
    world.close.add_task("Send the contract", assigned_to=mine)
    await world.tick()
    assert ben.messages == []
    world.slack.workspace.scopes.add("users:read.email")
    await world.live_through(2)
    assert "Complete" in ben.card("Send the contract").buttons


async def test_a_changed_zone_is_followed_by_the_cards(world: World) -> None:
    """Half past twelve in London is tomorrow in Auckland: what is due today is overdue there."""
    ben = world.person("Ben Okafor", email="ben@example.com", timezone="Europe/London")
    mine = user(world, "Ben Okafor", "ben@example.com")
    await world.poll()
    world.close.add_task("Send the contract", assigned_to=mine, date="2026-04-15")
    world.close.add_task("Call", assigned_to=mine, date=datetime(2026, 4, 15, 15, 0, tzinfo=UTC))
    world.clock.set(datetime(2026, 4, 15, 12, 30, tzinfo=UTC))
    await world.tick()
    assert "Overdue" not in ben.card("Send the contract").words
    assert "16:00" in ben.card("Call").text
    await world.slack.change_person(ben.person, timezone="Pacific/Auckland")
    await world.settle()
    assert "03:00" in ben.card("Call").text
    assert "Overdue since Wed 15 Apr" in ben.card("Send the contract").words
    assert "Pacific/Auckland" in (await ben.tasks("whoami")).words
    assert len(ben.cards) == 2
    world.assert_clean()


async def test_the_end_of_a_link_takes_the_buttons_away(world: World) -> None:
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    card = ana.card("Botica Norte")
    seen = card.message
    await ana.unlink("reten", "OP-042")
    await world.settle()
    assert card.buttons == []
    await card.click("Venta completada", seen)
    await world.pass_time(seconds=6)
    assert world.reten.results == []
    (said,) = ana.whispers
    assert "isn't linked to an operator in Reten yet. Nothing was sent" in said
    assert "isn't linked" in (await ana.tasks()).words

    mario = world.person("Mario Bravo")
    await mario.link("reten", "OP-042")
    await world.settle()
    assert "Venta completada" in mario.card("Botica Norte").buttons
    assert f"<@{mario.id}>" in card.text
    world.assert_clean()


async def test_a_link_that_ends_while_an_answer_is_held(world: World) -> None:
    """It was given while they were the operator, and goes out in that name."""
    ana = await world.carlos()
    world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    await ana.card("Botica Norte").click("Venta completada")
    await ana.unlink("reten", "OP-042")
    await world.pass_time(seconds=6)
    (result,) = world.reten.results
    assert result["task_result"]["operator_external_id"] == "OP-042"
    assert ana.card("Botica Norte").buttons == []
