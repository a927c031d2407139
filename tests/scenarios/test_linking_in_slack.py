"""People ask in Slack to be linked, admins decide with a click, and nothing said before is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.domain.linking import KEPT
from bot.store import people, proposals
from sandbox.slack import Conversation, Message
from tests.scenarios.pages import Someone
from tests.scenarios.world import World

CARLOS = ("OP-042", "Carlos Pérez", "SALESMAN")
LUCIA = ("OP-077", "Lucía Gómez", "SALESMAN")
QUESTION = "asks to be linked to Lucía Gómez (OP-077) in Reten."


async def ask(someone: Someone, name: str, typed: str | None = None, **more: str) -> None:
    """Ask to be an operator, by the command."""
    assert await someone.hands.command("/tasks", "link") is None
    for label, value in more.items():
        await someone.hands.fill(label, value)
    await someone.hands.fill("Who you are there", name, typed)
    assert await someone.hands.submit() == {}
    await someone.world.settle()


def question(admin: Someone, where: Conversation | None = None) -> Message:
    """The newest message that asks an admin about a link."""
    return admin.hands.find("in Reten", where)


async def decide(admin: Someone, label: str, message: Message | None = None) -> None:
    await admin.hands.click(message or question(admin), label)
    await admin.world.settle()


async def holder(world: World, operator: str, connection: str = "reten") -> str | None:
    link = await world.bot.ground.db.read(lambda tx: people.link_of(tx, connection, operator))
    return link.slack_user if link else None


@asynccontextmanager
async def admins(world: World, **rules: object) -> AsyncIterator[tuple[Someone, Someone]]:
    """A bot with two admins, on a connection that knows two operators."""
    ada, bea = world.person("Ada Admin"), world.person("Bea Boss")
    async with world.running_bot(admins=(ada.id, bea.id), **rules):
        world.reten.add_task(commerce="Botica Norte", operator=CARLOS)
        world.reten.add_task(commerce="Botica Sur", operator=LUCIA)
        await world.poll()
        yield ada, bea


async def test_a_request_is_approved_by_one_click(world: World) -> None:
    ana = world.person("Ana Ruiz")
    async with admins(world) as (ada, bea):
        said = (await ana.tasks()).message
        assert "isn't linked to an operator yet" in said.plain()
        await ana.hands.click(said, "Request link")
        assert await ana.hands.options(ana.modal, "link.operator", "LUCIA") == ["Lucía Gómez"]
        await ana.hands.fill("Who you are there", "Lucía Gómez", "lu go")
        assert await ana.hands.submit() == {}
        await world.settle()
        assert "Your request to be Lucía Gómez in Reten is with the admins." in ana.whispers[-1]

        for admin in (ada, bea):
            assert QUESTION in question(admin).plain()
            assert f"<@{ana.id}> {QUESTION}" in question(admin).text
            assert question(admin).buttons() == ["Link", "Refuse"]
        seen = question(bea)
        await decide(ada, "Link")
        assert await holder(world, "OP-077") == ana.id
        for admin in (ada, bea):
            assert "✅ Linked by" in question(admin).plain()
            assert f"<@{ada.id}>" in question(admin).text
            assert question(admin).buttons() == []
        (linked,) = ana.notices
        assert "You are linked to Lucía Gómez in Reten: 1 open task" in linked
        await decide(bea, "Refuse", seen)
        assert "This has been decided already" in bea.whispers[-1]
        assert await holder(world, "OP-077") == ana.id
        world.assert_clean()


async def test_a_refusal_is_told_and_nobody_else_may_decide(world: World) -> None:
    ana, eve = world.person("Ana Ruiz"), world.person("Eve Stranger")
    members = [eve.person, ana.person]
    channel = world.slack.workspace.add_channel("alerts", members=members)
    async with admins(world, alert_channel=channel.id) as (ada, _):
        await ask(ana, "Lucía Gómez")
        assert ada.messages == []
        asked = question(eve, channel)
        await decide(eve, "Link", asked)
        assert "Only an admin can decide" in eve.whispers_in(channel)[-1]
        assert await holder(world, "OP-077") is None
        await decide(ada, "Refuse", asked)
        assert "🚫 Refused by" in eve.hands.again(asked).plain()
        (told,) = ana.notices
        assert "An admin has not linked you to Lucía Gómez in Reten." in told
        assert await holder(world, "OP-077") is None
        world.assert_clean()


async def test_the_first_who_is_linked_wins_and_the_next_takes_the_place(world: World) -> None:
    ana, mario = world.person("Ana Ruiz"), world.person("Mario Bravo")
    async with admins(world) as (ada, _):
        await ask(ana, "Lucía Gómez")
        await ask(mario, "Lucía Gómez")
        await decide(ada, "Link", ada.messages[0])
        assert "has been linked to somebody else" in mario.notices[-1]
        assert "Settled otherwise by" in ada.messages[1].plain()
        assert ada.messages[1].buttons() == []

        offered = await offers_to(mario)
        assert offered == ["Carlos Pérez", "Lucía Gómez (linked already)"]
        assert await offers_to(ada) == ["Carlos Pérez", "Lucía Gómez (linked to ana.ruiz)"]
        await ask(mario, "Lucía Gómez (linked already)", "lucia")
        asked = question(ada)
        assert f"Lucía Gómez (OP-077) is linked to <@{ana.id}> now." in asked.text
        await decide(ada, "Link", asked)
        assert await holder(world, "OP-077") == mario.id
        assert "to somebody else. Its tasks no longer come to you." in ana.notices[-1]
        assert "You are linked to Lucía Gómez in Reten: 1 open task" in mario.notices[-1]
        world.assert_clean()


async def offers_to(someone: Someone) -> list[str]:
    """The operators that the form offers somebody."""
    await someone.hands.command("/tasks", "link")
    return await someone.hands.options(someone.modal, "link.operator", "")


async def test_an_admin_is_linked_at_once(world: World) -> None:
    async with admins(world) as (ada, bea):
        await ask(ada, "Carlos Pérez")
        assert await holder(world, "OP-042") == ada.id
        assert "You are linked to Carlos Pérez in Reten" in ada.notices[-1]
        assert bea.messages == []
        whoami = await ada.tasks("whoami")
        assert "Reten: you are Carlos Pérez." in whoami.words
        assert "Close: you are not linked." in whoami.words
        assert "Your language is English." in whoami.words
        assert whoami.buttons == ["Request link"]
        world.assert_clean()


async def test_a_click_before_the_link_is_carried_out_after_it(world: World) -> None:
    ana = world.person("Ana Ruiz")
    channel = world.slack.workspace.add_channel("dispatch", members=[ana.person])
    async with admins(world, fallback_channel=channel.id) as (ada, _):
        mine = world.reten.add_task(commerce="Clínica Este", operator=LUCIA)
        other = world.reten.add_task(commerce="Clínica Oeste", operator=CARLOS)
        await world.tick()
        card = ana.card("Clínica Este", channel)
        await card.click("No interesado")
        await card.click("Venta completada")
        await ana.card("Clínica Oeste", channel).click("Venta completada")
        said = ana.whispers_in(channel)
        assert len(said) == 3
        assert "isn't linked to an operator in Reten yet. Nothing was sent; I keep" in said[0]
        await world.pass_time(seconds=6)
        assert world.reten.results == []

        await ana.hands.click(ana.hands.find("I keep your answer", channel), "Request link")
        await ana.fill(Who_you_are_there="Lucía Gómez")
        await decide(ada, "Link")
        await world.pass_time(seconds=6)
        result = world.result_of(mine["id"])["task_result"]
        assert result["result"] == "SALE_COMPLETED"
        assert result["operator_external_id"] == "OP-077"
        assert [one for one in world.reten.results if one["activity_id"] == other["id"]] == []
        told = "\n".join(ana.notices)
        assert "“Venta completada” for “Clínica Este” is on its way to Reten." in told
        assert "could not be carried out. “Clínica Oeste” isn't assigned to you." in told
        assert len(world.reten.results) == 1
        world.assert_clean()


async def test_a_click_is_kept_for_a_week(world: World) -> None:
    ana = world.person("Ana Ruiz")
    channel = world.slack.workspace.add_channel("dispatch", members=[ana.person])
    async with world.running_bot(fallback_channel=channel.id):
        await world.poll()
        world.reten.add_task(commerce="Clínica Este", operator=LUCIA)
        await world.tick()
        await ana.card("Clínica Este", channel).click("Venta completada")
        await ask(ana, "Lucía Gómez")
        assert "but no admin is named in my settings yet" in ana.whispers[-1]
        world.clock.advance(KEPT + timedelta(hours=1))
        await ana.link("reten", "OP-077")
        await world.settle()
        await world.pass_time(seconds=6)
        assert "You are linked to Lucía Gómez in Reten" in ana.notices[-1]
        assert world.reten.results == []


async def test_an_address_that_tells_it_needs_no_admin(world: World) -> None:
    """The directory was matched before Slack knew the person."""
    async with admins(world) as (ada, _):
        world.close.add_user("Ben Okafor", "ben@example.com")
        other = world.close.add_user("Cleo Vance", "cleo@example.com")
        world.clock.advance(timedelta(hours=2))
        await world.poll()
        ben = world.person("Ben Okafor", email="ben@example.com")
        await ask(ben, "Ben Okafor", Where="Close")
        assert "You are linked to Ben Okafor in Close" in ben.notices[-1]
        eve = world.person("Eve Stranger")
        await ask(eve, "Cleo Vance", Where="Close")
        assert await holder(world, str(other["id"]), "close") is None
        assert "Cleo Vance" in ada.messages[-1].plain()
        assert "is with the admins" in eve.whispers[-1]


async def test_a_proposal_by_address_is_put_before_the_admins(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    mine = str(world.close.add_user("Ben Okafor", "ben@example.com")["id"])
    async with admins(world, link_by_email="propose") as (ada, _):
        asked = ada.hands.find("They have the same e-mail address.")
        assert f"Is Ben Okafor ({mine}) in Close <@{ben.id}>?" in asked.text
        await decide(ada, "Refuse", asked)
        world.clock.advance(timedelta(hours=30))
        await world.tick()
        assert await world.bot.ground.db.read(proposals.waiting) == []
        assert len(ada.messages) == 1
        assert ben.messages == []


async def test_people_end_their_links_themselves(world: World) -> None:
    ben = world.person("Ben Okafor", email="ben@example.com")
    mine = str(world.close.add_user("Ben Okafor", "ben@example.com")["id"])
    async with admins(world) as (ada, _):
        world.close.add_task("Send the contract", assigned_to=mine)
        await world.tick()
        card = ben.card("Send the contract")
        listed = await ben.tasks("unlink")
        await listed.click("Unlink", near="Ben Okafor")
        assert await holder(world, mine, "close") is None
        assert "You are no longer linked to Ben Okafor in Close." in ben.whispers[-1]
        assert card.buttons == []
        await listed.click("Unlink", near="Ben Okafor")
        assert "You aren't linked to Ben Okafor in Close." in ben.whispers[-1]
        world.clock.advance(timedelta(hours=30))
        await world.tick()
        assert await holder(world, mine, "close") is None
        assert ada.messages == []
        assert "there is nothing to undo" in (await ben.tasks("unlink")).words
