"""The four simulated providers under the hands of their own people, and what they really hold."""

from __future__ import annotations

import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.providers.close import CloseSim
from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import FINISHED_STATUSES
from sandbox.providers.reten import RESULTS, RetenSim
from sandbox.providers.service import Call, ProviderSim, Reply
from sandbox.providers.vambe import VambeSim
from sandbox.providers.vambe_statuses import FINAL


@dataclass
class Item:
    """A task as its provider has it. `owner`: who has it, by the number of the person; `by_us`:
    how often the provider accepted an answer to it that came through its interface."""

    account: Account
    id: str
    title: str
    owner: int
    by_us: int = 0
    touched: bool = False
    """Whether its people finished or removed it themselves."""
    moved: bool = False
    """Whether it ever went from one person to the other."""
    reopened: int = 0
    """How often the provider opened it again because we asked for it."""

    def __str__(self) -> str:
        return f"{self.account.name}:{self.title}"


class Account(ABC):
    """One provider: what its own people do, and what it holds."""

    name: str
    writes: str
    """What the paths of its writes contain."""

    def __init__(self, sim: ProviderSim, people: Sequence[str]) -> None:
        """`people`: their ids there, by number."""
        self.sim = sim
        self.people = people
        self.items: dict[str, Item] = {}
        self._numbers = itertools.count(1)
        answer = sim.answer

        def noted(call: Call) -> Reply:
            item = next(
                (self.items[one] for one in call.path.split("/") if one in self.items), None
            )
            closed = item is not None and call.method != "GET" and not self.is_open(item)
            reply = answer(call)
            if item is not None and closed and self.is_open(item):
                item.reopened += 1
            elif reply.status < 300 and (answered := self.items.get(self._answered(call) or "")):
                answered.by_us += 1
            return reply

        sim.answer = noted  # type: ignore[method-assign]

    def add(self, owner: int) -> Item:
        """A new task; its title is like no other."""
        title = f"{self.name} job {next(self._numbers):04}"
        item = Item(self, self._add(title, owner), title, owner)
        self.items[item.id] = item
        return item

    def rename(self, item: Item) -> None:
        """Give a task another title, in which it can still be recognised."""
        self._rename(item, f"{item.title}, changed {next(self._numbers)}")

    def finish(self, item: Item) -> None:
        item.touched = True
        self._finish(item)

    def remove(self, item: Item) -> None:
        item.touched = True
        self.sim.remove(item.id)  # type: ignore[attr-defined]  # all four have it

    def reassign(self, item: Item, owner: int) -> None:
        item.owner, item.moved = owner, True
        self._reassign(item, owner)

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """What connects the bot to it, but for the address."""

    @abstractmethod
    def title(self, item: Item) -> str: ...

    @abstractmethod
    def is_open(self, item: Item) -> bool: ...

    @abstractmethod
    def _answered(self, call: Call) -> str | None:
        """The task that a request finishes."""

    @abstractmethod
    def _add(self, title: str, owner: int) -> str: ...

    @abstractmethod
    def _rename(self, item: Item, title: str) -> None: ...

    @abstractmethod
    def _finish(self, item: Item) -> None: ...

    @abstractmethod
    def _reassign(self, item: Item, owner: int) -> None: ...


class Reten(Account):
    """Has no directory: who is who is told by the command line. Its tasks are due soon."""

    name, writes = "reten", RESULTS

    def __init__(self, clock: Clock) -> None:
        self._clock, self._sim = clock, RetenSim(clock)
        self._seconds = itertools.cycle((2, 4, 8, 3600))
        super().__init__(self._sim, ("OP-0", "OP-1"))

    @property
    def environment(self) -> dict[str, str]:
        means = "SALE_COMPLETED=EFFECTIVE,NOT_INTERESTED=NOT_EFFECTIVE,NO_CONTACT=NOT_EFFECTIVE"
        return {"RETEN_API_KEY": self._sim.key, "RETEN_RESULT_STATUS": means}

    def _operator(self, owner: int) -> tuple[str, str, str]:
        return (self.people[owner], f"Operator {owner}", "SALESMAN")

    def title(self, item: Item) -> str:
        return str(self._sim.task(item.id)["commerceName"])

    def is_open(self, item: Item) -> bool:
        found = {task["id"]: task["status"] for task in self._sim.tasks()}
        return found.get(item.id) in {"PENDING", "IN_PROGRESS"}

    def _answered(self, call: Call) -> str | None:
        if call.method != "POST" or call.path != RESULTS:
            return None
        body: Any = json.loads(call.raw)
        return str(body["activity_id"])

    def _add(self, title: str, owner: int) -> str:
        due = self._clock.now() + timedelta(seconds=next(self._seconds))
        task = self._sim.add_task(title, operator=self._operator(owner), scheduled_at=due)
        return str(task["id"])

    def _rename(self, item: Item, title: str) -> None:
        self._sim.edit(item.id, commerceName=title)

    def _finish(self, item: Item) -> None:
        self._sim.complete_elsewhere(item.id)

    def _reassign(self, item: Item, owner: int) -> None:
        self._sim.reassign(item.id, self._operator(owner))


class Close(Account):
    """Matches people by their addresses."""

    name, writes = "close", "/api/v1/task/"

    def __init__(self, clock: Clock, emails: Sequence[str]) -> None:
        self._sim = CloseSim(clock)
        users = [self._sim.add_user(f"User {n}", email) for n, email in enumerate(emails)]
        super().__init__(self._sim, [str(user["id"]) for user in users])
        self._other = str(self._sim.add_user("Somebody Else", "else@example.com")["id"])
        self._lead = self._sim.add_lead("Wayne Enterprises")

    @property
    def environment(self) -> dict[str, str]:
        return {"CLOSE_API_KEY": self._sim.key}

    def title(self, item: Item) -> str:
        return str(self._sim.tasks[item.id]["text"])

    def is_open(self, item: Item) -> bool:
        task = self._sim.tasks.get(item.id)
        return task is not None and not task["is_complete"]

    def _answered(self, call: Call) -> str | None:
        done = call.method == "PUT" and b'"is_complete":true' in call.raw.replace(b" ", b"")
        return call.path.rstrip("/").rpartition("/")[2] if done else None

    def _add(self, title: str, owner: int) -> str:
        return str(self._sim.add_task(title, self.people[owner], self._lead)["id"])

    def _rename(self, item: Item, title: str) -> None:
        self._sim.edit(item.id, text=title)

    def _finish(self, item: Item) -> None:
        self._sim.complete_elsewhere(item.id, self._other)

    def _reassign(self, item: Item, owner: int) -> None:
        self._sim.reassign(item.id, self.people[owner])


class Vambe(Account):
    """Lists only what the linked people have, in one piece."""

    name, writes = "vambe", "/tasks/"

    def __init__(self, clock: Clock, emails: Sequence[str]) -> None:
        self._sim = VambeSim(clock)
        members = [self._sim.add_member(f"Member {n}", e) for n, e in enumerate(emails)]
        super().__init__(self._sim, [str(member["id"]) for member in members])

    @property
    def environment(self) -> dict[str, str]:
        return {"VAMBE_API_KEY": self._sim.key, "VAMBE_DONE_STATUS": "Completado"}

    def title(self, item: Item) -> str:
        return str(self._sim.task(item.id)["title"])

    def is_open(self, item: Item) -> bool:
        if item.id in self._sim.deleted:
            return False
        return self._sim.task(item.id)["status_config"]["type"] not in FINAL

    def _answered(self, call: Call) -> str | None:
        done = call.method == "PUT" and b"newStatusName" in call.raw
        return call.path.rpartition("/")[2] if done else None

    def _add(self, title: str, owner: int) -> str:
        return str(self._sim.add_task(title, [self.people[owner]])["id"])

    def _rename(self, item: Item, title: str) -> None:
        self._sim.edit(item.id, title=title)

    def _finish(self, item: Item) -> None:
        self._sim.complete_elsewhere(item.id)

    def _reassign(self, item: Item, owner: int) -> None:
        self._sim.reassign(item.id, [self.people[owner]])


class Pland(Account):
    """Lists everything each time."""

    name, writes = "pland", "/v2/tasks/"

    def __init__(self, clock: Clock, emails: Sequence[str]) -> None:
        self._sim = PlandSim(clock)
        users = [self._sim.add_user(f"U {n}", email) for n, email in enumerate(emails)]
        super().__init__(self._sim, [str(user["_id"]) for user in users])
        self._other = str(self._sim.add_user("Somebody Else", "else@example.com")["_id"])

    @property
    def environment(self) -> dict[str, str]:
        return {"PLAND_API_KEY": self._sim.key}

    def title(self, item: Item) -> str:
        return str(self._sim.task(item.id)["title"])

    def is_open(self, item: Item) -> bool:
        try:
            return self._sim.task(item.id)["taskStatus"] not in FINISHED_STATUSES
        except KeyError:
            return False

    def _answered(self, call: Call) -> str | None:
        done = call.method == "POST" and call.path.endswith("/complete")
        return call.path.split("/")[-2] if done else None

    def _add(self, title: str, owner: int) -> str:
        return str(self._sim.add_task(title, self.people[owner])["_id"])

    def _rename(self, item: Item, title: str) -> None:
        self._sim.edit(item.id, title=title)

    def _finish(self, item: Item) -> None:
        self._sim.complete_elsewhere(item.id, self._other)

    def _reassign(self, item: Item, owner: int) -> None:
        self._sim.reassign(item.id, self.people[owner])


def accounts(clock: Clock, emails: Sequence[str]) -> list[Account]:
    """One at each provider, with people of these addresses."""
    return [Reten(clock), Close(clock, emails), Vambe(clock, emails), Pland(clock, emails)]
