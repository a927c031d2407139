"""What happens at the provider: the card follows by the next poll, its buttons gone."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.pages import Someone
from tests.scenarios.world import START, World

LUCIA = ("OP-077", "Lucía Gómez", "SALESMAN")
CARLOS = ("OP-042", "Carlos Pérez", "SALESMAN")


async def member(world: World, name: str = "Ben Okafor") -> Someone:
    """Somebody linked by their address at Close, on a connection that is being watched."""
    email = f"{name.partition(' ')[0].lower()}@example.com"
    someone = world.person(name, email=email, timezone="Europe/London")
    world.close.add_user(name, email)
    await world.poll()
    return someone


def user_id(world: World, someone: Someone) -> str:
    return next(
        str(u["id"]) for u in world.close.users.values() if u["email"] == someone.person.email
    )


async def test_finished_at_reten(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.clock.advance(timedelta(minutes=40))
    world.reten.complete_elsewhere(task["id"])
    await world.tick()
    card = ana.card("Botica Norte")
    assert "Completed in Reten as “Venta completada”, 10:40" in card.words
    assert "Completed in Reten" in card.text
    assert card.buttons == []
    world.assert_clean()


async def test_cancelled_and_removed_at_reten(world: World) -> None:
    ana = await world.carlos()
    cancelled = world.reten.add_task(commerce="Botica Norte")
    removed = world.reten.add_task(commerce="Botica Sur")
    await world.tick()
    world.reten.cancel(cancelled["id"])
    world.reten.remove(removed["id"])
    await world.tick()
    assert "Cancelled in Reten" in ana.card("Botica Norte").words
    assert "No longer in Reten" in ana.card("Botica Sur").words
    assert ana.card("Botica Norte").buttons + ana.card("Botica Sur").buttons == []
    assert len(ana.cards) == 2
    world.assert_clean()


async def test_moved_at_reten_and_back(world: World) -> None:
    ana, lucia = await world.carlos(), world.person("Lucía Gómez")
    await lucia.link("reten", "OP-077")
    task = world.reten.add_task(commerce="Botica Norte")
    await world.tick()
    world.reten.reassign(task["id"], LUCIA)
    await world.tick()
    assert f"Now with <@{lucia.id}>" in ana.card("Botica Norte").message.text
    assert ana.card("Botica Norte").buttons == []
    assert "Venta completada" in lucia.card("Botica Norte").buttons

    world.reten.reassign(task["id"], CARLOS)
    await world.tick()
    first, second = ana.card("Botica Norte").all
    assert first.buttons() == []
    assert "Newer card below" in first.plain()
    assert "Venta completada" in second.buttons()
    assert lucia.card("Botica Norte").buttons == []

    world.reten.reassign(task["id"], ("OP-099", "Mario Bravo", "SALESMAN"))
    await world.tick()
    assert "Now with Mario Bravo" in ana.card("Botica Norte").words
    world.reten.reassign(task["id"], None)
    await world.tick()
    assert "Now with Ruta Norte" in ana.card("Botica Norte").words
    world.assert_clean()


async def test_rescheduled_and_renamed_at_reten(world: World) -> None:
    ana = await world.carlos(timezone="Europe/Madrid")
    task = world.reten.add_task(commerce="Botica Norte", scheduled_at=START + timedelta(hours=6))
    await world.tick()
    changes = {"commerce": ("COM-001", "Botica Nueva"), "status": "IN_PROGRESS"}
    world.reten.edit(task["id"], scheduled_at=START + timedelta(days=1), **changes)
    await world.tick()
    (card,) = ana.cards
    assert "Botica Nueva" in card.plain()
    assert "Tomorrow 10:00" in card.plain()
    assert "En curso" in card.plain()
    assert "Venta completada" in card.buttons()
    world.assert_clean()


async def test_finished_by_a_colleague_at_close(world: World) -> None:
    ben, ada = await member(world), await member(world, "Ada Byron")
    mine = user_id(world, ben)
    task = world.close.add_task("Send the contract", assigned_to=mine, date="2026-04-20")
    await world.tick()
    world.clock.advance(timedelta(hours=1))
    world.close.complete_elsewhere(task["id"], by=user_id(world, ada))
    await world.tick()
    card = ben.card("Send the contract")
    assert "Completed in Close as “Complete” by Ada Byron, 10:00" in card.words
    assert card.buttons == []

    world.close.edit(task["id"], is_complete=False)
    await world.tick()
    assert "Complete" in ben.card("Send the contract").buttons
    assert len(ben.cards) == 1
    world.assert_clean()


async def test_deleted_moved_and_rescheduled_at_close(world: World) -> None:
    ben, ada = await member(world), await member(world, "Ada Byron")
    mine = user_id(world, ben)
    made = [world.close.add_task(f"Call {n}", assigned_to=mine, date="2026-04-20") for n in "ABC"]
    await world.tick()
    world.close.remove(made[0]["id"])
    world.close.reassign(made[1]["id"], user_id(world, ada))
    world.close.edit(made[2]["id"], date="2026-04-22")
    await world.tick()
    assert "No longer in Close" in ben.card("Call A").words
    assert "Now with" in ben.card("Call B").words
    assert "Wed 22 Apr" in ben.card("Call C").words
    assert "Complete" in ada.card("Call B").buttons
    assert ben.card("Call A").buttons + ben.card("Call B").buttons == []
    assert "Complete" in ben.card("Call C").buttons
    world.assert_clean()


async def test_a_large_account_at_close_is_followed_by_what_changed(world: World) -> None:
    """Only changes are listed, but now and then everything, to find what was deleted."""
    ben = world.person("Ben Okafor", email="ben@example.com")
    mine = world.close.add_user("Ben Okafor", "ben@example.com")["id"]
    for number in range(350):
        world.close.add_task(f"Old {number}")
    await world.poll()
    done = world.close.add_task("Done", assigned_to=mine)
    deleted = world.close.add_task("Deleted", assigned_to=mine)
    world.clock.advance(timedelta(minutes=1))
    await world.tick()
    assert len(ben.cards) == 2

    before = len(world.close.requests)
    world.clock.advance(timedelta(minutes=1))
    world.close.complete_elsewhere(done["id"])
    world.close.remove(deleted["id"])
    await world.tick()
    assert "Completed in Close" in ben.card("Done").words
    assert "Complete" in ben.card("Deleted").buttons
    assert len(world.close.requests) - before <= 4

    world.clock.advance(timedelta(minutes=15))
    await world.tick()
    assert "No longer in Close" in ben.card("Deleted").words
    world.assert_clean()
