"""One's trouble is nobody else's: not a provider's, not a connection's, not a method's of Slack."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.faults import Fault, Trouble
from sandbox.providers.reten import TASKS
from tests.scenarios.pages import Someone
from tests.scenarios.world import World, until

NOW = 8.0
"""Seconds within which what must not wait comes to pass: far less than any time-out."""
SOON = timedelta(hours=2)


async def at_both(world: World) -> Someone:
    """Somebody with tasks at both providers."""
    ana = world.person("Ana Ruiz", email="ana@example.com")
    world.close.add_user("Ana Ruiz", "ana@example.com")
    await ana.link("reten", "OP-042")
    await world.poll()
    return ana


def add_at_close(world: World, title: str) -> None:
    mine = next(u["id"] for u in world.close.users.values() if u["email"] == "ana@example.com")
    due = (world.clock.now() + SOON).replace(microsecond=0)
    world.close.add_task(title, assigned_to=str(mine), date=due)


def shows(someone: Someone, title: str, words: str) -> bool:
    return any(title in m.plain() and words in m.plain() for m in someone.cards)


def has_card(someone: Someone, title: str) -> bool:
    return any(title in m.plain() for m in someone.cards)


async def test_a_provider_that_hangs_delays_nothing_of_another(world: World) -> None:
    """Its poll and an answer to it hang; at the other cards come, clicks are written and shown,
    and reminders come in time."""
    async with world.running_bot(undo_seconds=0, poll_interval=1) as bot:
        ana = await at_both(world)
        world.reten.add_task(commerce="Botica Norte")
        add_at_close(world, "Call the clinic")
        await world.tick()
        world.reten.faults.add(Fault(Trouble.HANG, times=None))
        async with world.time_flows(), bot.working():
            await ana.card("Botica Norte").press("Venta completada")
            add_at_close(world, "Send the contract")
            await until(lambda: has_card(ana, "Send the contract"), NOW)
            await ana.card("Send the contract").press("Complete")
            await until(lambda: shows(ana, "Send the contract", "Complete · you"), NOW)
            world.clock.advance(SOON - timedelta(minutes=14))
            await until(lambda: shows(ana, "Call the clinic", "Due soon"), NOW)
            assert world.reten.results == []
            assert "Sending" in ana.card("Botica Norte").words
            world.reten.faults.clear()
            await until(lambda: shows(ana, "Botica Norte", "Venta completada · you"), NOW)
        assert len(world.reten.results) == 1


@pytest.mark.parametrize("hanging", ["chat.update", "users.info", "conversations.history"])
async def test_a_method_of_slack_that_hangs_delays_no_other(world: World, hanging: str) -> None:
    async with world.running_bot(undo_seconds=0, poll_interval=1) as bot:
        ana = await world.carlos()
        task = world.reten.add_task(commerce="Botica Norte")
        await world.tick()
        if hanging == "conversations.history":
            world.fault_at_slack(Trouble.DROP_AFTER, "chat.postMessage")
        world.fault_at_slack(Trouble.HANG, hanging, times=None)
        async with world.time_flows(), bot.working():
            world.reten.edit(task["id"], status="IN_PROGRESS")
            world.reten.add_task(commerce="Botica Sur")
            world.reten.add_task(commerce="Botica Este")
            await until(lambda: has_card(ana, "Botica Este"), NOW)
            await ana.card("Botica Este").press("Venta completada")
            await until(lambda: len(world.reten.results) == 1, NOW)
            world.reten.add_task(commerce="Botica Oeste")
            await until(lambda: has_card(ana, "Botica Oeste"), NOW)
            world.slack.faults.clear()
            await until(lambda: shows(ana, "Botica Este", "Venta completada · you"), NOW)


async def test_addresses_that_cannot_be_looked_up_delay_no_poll_for_long(world: World) -> None:
    """Slack hangs for e-mail addresses while a provider has many new people."""
    async with world.running_bot(poll_interval=1) as bot:
        ana = await at_both(world)
        for number in range(20):
            world.close.add_user(f"Person {number}", f"person{number}@example.com")
        world.clock.advance(timedelta(hours=2))  # the directory is read again
        world.fault_at_slack(Trouble.HANG, "users.lookupByEmail", times=None)
        async with world.time_flows(), bot.working():
            world.reten.add_task(commerce="Botica Norte")
            await until(lambda: has_card(ana, "Botica Norte"), NOW)
            add_at_close(world, "Send the contract")
            await until(lambda: has_card(ana, "Send the contract"), 3 * NOW)
            world.slack.faults.clear()


async def test_one_message_that_hangs_delays_no_other(world: World) -> None:
    async with world.running_bot(poll_interval=1) as bot:
        ana, mario = await world.carlos(), world.person("Mario Bravo")
        await mario.link("reten", "OP-099")
        await world.settle()
        world.fault_at_slack(Trouble.HANG, "chat.postMessage")
        async with world.time_flows(), bot.working():
            world.reten.add_task(commerce="Botica Norte")
            at_mario = ("OP-099", "Mario Bravo", "SALESMAN")
            world.reten.add_task(commerce="Botica Sur", operator=at_mario)
            await until(lambda: len(ana.cards) + len(mario.cards) == 1, NOW)
            world.slack.faults.clear()
            await until(lambda: len(ana.cards) + len(mario.cards) == 2, NOW)


async def test_a_slow_answer_delays_no_later_one_at_the_same_provider(world: World) -> None:
    async with world.running_bot(undo_seconds=0) as bot:
        ana = await world.carlos()
        for name in ("Botica Norte", "Botica Sur"):
            world.reten.add_task(commerce=name)
        await world.tick()
        hang = world.fault_at_results(Trouble.HANG)
        async with world.time_flows(), bot.working():
            await ana.card("Botica Norte").press("Venta completada")
            await until(lambda: hang.times == 0, NOW)
            await ana.card("Botica Sur").press("No interesado")
            await until(lambda: shows(ana, "Botica Sur", "No interesado · you"), NOW)
            world.reten.faults.clear()
            await until(lambda: shows(ana, "Botica Norte", "Venta completada · you"), NOW)


class Outage:
    """A provider that answers nothing but 500, counting how often it was asked."""

    MANY = 100_000

    def __init__(self, world: World, path: str = "") -> None:
        self._fault = Fault(Trouble.STATUS, path, times=self.MANY, status=500)
        world.reten.faults.add(self._fault)

    @property
    def asked(self) -> int:
        assert self._fault.times is not None
        return self.MANY - self._fault.times


async def test_a_provider_that_is_away_is_asked_by_one_probe_now_and_then(world: World) -> None:
    """Twenty answers wait. Once it has failed a few times only one request in two minutes reaches
    it, whatever waits; when it is back all go at once."""
    async with world.running_bot(undo_seconds=0):
        ana = await world.carlos()
        names = [f"Botica {number:02}" for number in range(20)]
        for start in range(0, len(names), 5):  # more at once would be a list
            for name in names[start : start + 5]:
                world.reten.add_task(commerce=name)
            await world.tick()
            world.clock.advance(timedelta(seconds=61))
        outage = Outage(world)
        for name in names:
            await ana.card(name).click("Venta completada")
        for _ in range(60):
            await world.pass_time(seconds=10)
        asked = outage.asked
        assert asked < 30
        await world.live_through(20)
        assert outage.asked - asked <= 12
        for name in names:
            assert "I keep trying since 08:0" in ana.card(name).words
            assert ana.card(name).buttons == []

        world.reten.faults.clear()
        await world.live_through(3)
        assert len(world.reten.results) == 20
        for name in names:
            assert "Venta completada · you" in ana.card(name).words


async def test_an_answer_given_in_an_outage_says_so_without_being_tried(world: World) -> None:
    async with world.running_bot(undo_seconds=0):
        ana = await world.carlos()
        world.reten.add_task(commerce="Botica Norte")
        await world.tick()
        outage = Outage(world)
        await world.live_through(12)
        asked = outage.asked
        card = ana.card("Botica Norte")
        await card.click("Venta completada")
        assert outage.asked == asked
        assert "Reten is not answering" in card.words
        assert "nothing is lost" in card.words
        assert card.buttons == []
        # What comes next, a poll or the answer itself, is the probe that finds it well again.
        world.reten.faults.clear()
        await world.live_through(3)
        assert "Venta completada · you" in card.words
        assert len(world.reten.results) == 1


async def test_a_pause_that_a_provider_asks_for_holds_for_all_who_ask_it(world: World) -> None:
    """Another process of the bot, too, leaves it alone until then."""
    async with world.running_bot(undo_seconds=0):
        ana = await world.carlos()
        world.reten.add_task(commerce="Botica Norte")
        await world.tick()
        world.reten.faults.add(
            Fault(Trouble.STATUS, TASKS, status=429, headers={"Retry-After": "40"})
        )
        await world.tick()
    async with world.running_bot(undo_seconds=0):
        asked = len(world.reten.requests)
        card = ana.card("Botica Norte")
        await card.click("Venta completada")
        await world.tick()
        assert len(world.reten.requests) == asked
        assert "Reten asks for a pause" in card.words
        await world.pass_time(seconds=41)
        assert "Venta completada · you" in card.words
        assert len(world.reten.results) == 1
