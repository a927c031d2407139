"""A storm: people click, tasks change, lines break, and the bot is killed over and over.

What happens is drawn from one seed; when it happens depends on the machine, so that the same seed
gives the same kind of day rather than the same day.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from sandbox.faults import Fault, Faults, Trouble
from sandbox.slack.person import Hands
from sandbox.slack.screen import Message, Target, targets_in
from tests.torture.accounts import Account, Item
from tests.torture.arena import Arena, Role
from tests.torture.points import read_report
from tests.torture.zygote import Doom

MOST_OPEN = 12
"""Open tasks of one account at once; new ones wait for these to be answered."""
LONGEST_LIFE = 5.0
"""Seconds after which a process that has not come to its crash point is killed anyhow."""
SHORTEST, LONGEST = 10, 400
"""How many crash points a process passes at most before it dies: progress does not hang on how
busy the machine is."""

HEART = ("desk.", "answer to", "chat.postMessage", "chat.update")
"""Parts of the names of points at which promises are made and kept: there they die more often."""
MOST_WAITING = 2
"""So much trouble waits for the same calls at most."""
UNDO = "Undo"
LOOKED_AT = 200
"""So many of their newest messages people look at."""

SLACK_METHODS = (
    "chat.postMessage",
    "chat.update",
    "chat.postEphemeral",
    "chat.delete",
    "conversations.history",
    "conversations.open",
    "users.info",
)


@dataclass
class Figures:
    """What a storm consisted of, and what it came to."""

    seed: int
    kills: int = 0
    at_points: Counter[str] = field(default_factory=Counter)
    points: set[str] = field(default_factory=set)
    clicks: int = 0
    acked: int = 0
    lost: int = 0
    doubled: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    tasks: int = 0
    answers: int = 0
    cards: int = 0
    removed: int = 0
    violations: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Clicked:
    """That somebody pressed a button on the card of a task, and when: seconds since 1970, until it
    was answered or given up. `acked`: the bot said that it had it."""

    item: Item
    person: int
    label: str
    acked: bool
    ts: str
    began: float
    ended: float

    @property
    def answers(self) -> bool:
        return self.label != UNDO


class Storm:
    """One storm over an arena."""

    def __init__(self, arena: Arena, seed: int) -> None:
        self.arena = arena
        self.figures = Figures(seed)
        self.clicks: list[Clicked] = []
        self._seed = seed
        self._over = asyncio.Event()
        self._tried = Counter[str]()
        self._waiting: list[Fault] = []

    async def rage(self, kills: int) -> None:
        """Go on until processes were killed so often."""
        hearing = [role for role in self.arena.roles if role.port]
        async with asyncio.TaskGroup() as group:
            for number, role in enumerate(self.arena.roles):
                group.create_task(
                    self._kill_over_and_over(role, self._dice(f"kill {number}"), kills)
                )
            for number in range(len(self.arena.people)):
                group.create_task(self._be_person(number, self._dice(f"person {number}"), hearing))
            for account in self.arena.accounts:
                group.create_task(self._be_account(account, self._dice(account.name)))
            group.create_task(self._break_things(self._dice("faults")))
        self.arena.quieten()
        self.figures.points, died = read_report(self.arena.zygote.report)
        self.figures.at_points = Counter(died)

    def _dice(self, name: str) -> random.Random:
        return random.Random(f"{self._seed} {name}")  # noqa: S311 - no secret

    # The killer

    async def _kill_over_and_over(self, role: Role, dice: random.Random, kills: int) -> None:
        while not self._over.is_set():
            doom = self._doom(dice)
            life = await self.arena.start(role, doom)
            self.figures.kills += 1
            if self.figures.kills >= kills:
                self._over.set()
            if not await life.over(LONGEST_LIFE if doom else dice.uniform(0.05, 0.9)):
                life.kill()
            code = await life.ended
            if code != -9:
                self.figures.violations.append(f"a process ended with {code} by itself")

    def _doom(self, dice: random.Random) -> Doom | None:
        """Where the next process dies, rather where few were to die; None: some time."""
        if dice.random() < 0.15:
            return None
        points, _ = read_report(self.arena.zygote.report)
        latest = dice.randrange(SHORTEST, LONGEST)
        if dice.random() < 0.3:
            return Doom(latest)
        slow = dice.random() < 0.5
        heart = sorted(point for point in points if any(part in point for part in HEART))
        if heart and dice.random() < 0.3:
            return Doom(latest, dice.choice(heart), dice.choice((1, 1, 2)), slow)
        fewest = sorted(points, key=lambda point: (self._tried[point], point))
        point = dice.choice(fewest[: max(len(fewest) // 4, 1)])
        self._tried[point] += 1
        return Doom(latest, point, dice.choice((1, 1, 1, 2, 4)), slow)

    # People

    async def _be_person(self, number: int, dice: random.Random, hearing: list[Role]) -> None:
        hands = self.arena.slack.as_person(self.arena.people[number])
        while not self._over.is_set():
            await asyncio.sleep(dice.uniform(0.02, 0.2))
            seen = hands.messages()[-LOOKED_AT:]
            undo = dice.random() < 0.15
            pressable = [
                (m, found) for m in seen if (found := undo_on(m) if undo else answers_on(m))
            ]
            if not pressable:
                continue
            card, found = dice.choice(pressable)
            self.arena.aim(dice.choice(hearing))
            if dice.random() < 0.06:
                self.arena.slack.lose_next_click()
            await self._click(hands, card, number, dice.choice(found).label, dice)

    async def _click(
        self, hands: Hands, card: Message, person: int, label: str, dice: random.Random
    ) -> None:
        item = next(item for item in self.arena.items if item.title in card.plain())
        began = time.time()
        deliveries = [await hands.click(card, label)]
        if dice.random() < 0.1:
            self.figures.doubled += 1
            deliveries.append(await hands.click_again(deliveries[0]))
        acked = any(delivery.ok for delivery in deliveries)
        self.clicks.append(Clicked(item, person, label, acked, card.ts, began, time.time()))
        self.figures.clicks += 1
        self.figures.acked += acked
        self.figures.lost += deliveries[0].via == "lost"

    # What happens at a provider

    async def _be_account(self, account: Account, dice: random.Random) -> None:
        while not self._over.is_set():
            standing = [item for item in account.items.values() if account.is_open(item)]
            if len(standing) < MOST_OPEN and dice.random() < 0.6:
                account.add(dice.randrange(2))
            elif standing:
                self._change(account, dice.choice(standing), dice)
            await asyncio.sleep(dice.uniform(0.1, 0.5))

    def _change(self, account: Account, item: Item, dice: random.Random) -> None:
        what = dice.random()
        if what < 0.5:
            account.rename(item)
        elif what < 0.75:
            account.reassign(item, 1 - item.owner)
        elif what < 0.92:
            account.finish(item)
        else:
            account.remove(item)

    # Trouble

    async def _break_things(self, dice: random.Random) -> None:
        while not self._over.is_set():
            await asyncio.sleep(dice.uniform(0.02, 0.25))
            if dice.random() < 0.6:
                self._add(self.arena.slack.faults, _slack_fault(dice))
            else:
                account = dice.choice(self.arena.accounts)
                self._add(account.sim.faults, _provider_fault(account, dice))

    def _add(self, faults: Faults, fault: Fault) -> None:
        """Unless as much trouble waits for the same calls already: on a busy machine, on which they
        are few, all of them would fail."""
        self._waiting = [one for one in self._waiting if one.times]
        same = [
            one for one in self._waiting if (one.path, one.method) == (fault.path, fault.method)
        ]
        if len(same) >= MOST_WAITING:
            return
        faults.add(fault)
        self._waiting.append(fault)
        self.figures.faults[f"{fault.trouble}"] += 1


def answers_on(message: Message) -> list[Target]:
    """The buttons of a message that answer at once, and finish the task."""
    found = [target for target in targets_in(message.blocks) if _answers(target)]
    primary = [target for target in found if target.element.get("style") == "primary"]
    return primary or found


def undo_on(message: Message) -> list[Target]:
    """The button that takes an answer back."""
    return [one for one in targets_in(message.blocks) if one.element.get("action_id") == "undo"]


def _answers(target: Target) -> bool:
    action, value = str(target.element.get("action_id", "")), str(target.element.get("value", ""))
    return action.startswith("answer.button") and value.endswith(":s")


def _slack_fault(dice: random.Random) -> Fault:
    method = dice.choice(SLACK_METHODS)
    weights = {
        Trouble.DROP: 2,
        Trouble.DROP_AFTER: 4,
        Trouble.TWICE: 3,
        Trouble.TRUNCATE: 1,
        Trouble.SLOW: 3,
        Trouble.STATUS: 3,
    }
    return _fault(f"/api/{method}", None, weights, dice)


def _provider_fault(account: Account, dice: random.Random) -> Fault:
    # Whoever repeats a write between us and a provider is beyond what we can promise.
    weights = {
        Trouble.DROP: 2,
        Trouble.DROP_AFTER: 4,
        Trouble.TRUNCATE: 2,
        Trouble.SLOW: 3,
        Trouble.STATUS: 3,
    }
    if dice.random() < 0.6:
        method = dice.choice(("POST", "PUT", "PATCH"))
        return _fault(account.writes, method, weights, dice)
    return _fault("", "GET", weights, dice)


def _fault(
    path: str, method: str | None, weights: dict[Trouble, int], dice: random.Random
) -> Fault:
    trouble = dice.choices([*weights], [*weights.values()])[0]
    status = dice.choice((429, 500, 502, 503))
    return Fault(
        trouble,
        path,
        method,
        times=dice.choice((1, 1, 2)),
        status=status,
        headers={"retry-after": "1"} if status == 429 else {},
        body=b"<html>down</html>" if status == 502 else b"",
        seconds=dice.uniform(0.02, 0.3),
    )
