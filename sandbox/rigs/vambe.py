"""Vambe under the suite's hands. Which fields may be null: vendor docs, "get tasks"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from sandbox.providers.vambe import TASKS, VambeSim
from sandbox.providers.vambe_due import due_instant
from sandbox.providers.vambe_records import responsible_ids
from sandbox.providers.vambe_statuses import FINAL
from sandbox.rigs.account import SimulatedAccount, Spelling, clock


class VambeRig(SimulatedAccount):
    """One organization with a task that is done, so that its statuses can be learnt."""

    listing = TASKS
    nullable: Sequence[str] = (
        "due_timezone",
        "due_at",
        "ai_contact_id",
        "ai_customer_id",
        "status_config",
        "description",
    )
    words: Sequence[str] = ("priority", "status_config.type")

    def __init__(self, **behaviour: object) -> None:
        time = clock()
        self._sim = VambeSim(time)
        super().__init__(self._sim, time, {"done_status": "Completado"}, behaviour)

    def add_operator(self, name: str, email: str) -> str:
        return str(self._sim.add_member(name, email)["id"])

    def add_former(self, name: str, email: str) -> str:
        member = self.add_operator(name, email)
        self._sim.remove_member(member)
        return member

    def add(
        self, title: str, operator: str | None = None, due: date | datetime | None = None
    ) -> str:
        people = [operator] if operator else []
        return str(self._sim.add_task(title, people, due)["id"])

    def rename(self, task_id: str, title: str) -> None:
        self._sim.edit(task_id, title=title)

    def finish(self, task_id: str) -> None:
        self._sim.complete_elsewhere(task_id)

    def remove(self, task_id: str) -> None:
        self._sim.remove(task_id)

    def is_open(self, task_id: str) -> bool:
        if task_id in self._sim.deleted:
            return False
        return self._sim.task(task_id)["status_config"]["type"] not in FINAL

    def operators_of(self, task_id: str) -> Sequence[str]:
        return responsible_ids(self._sim.task(task_id))

    def due_of(self, task_id: str) -> date | datetime | None:
        """A day stands as its midnight in UTC (`AllDay`)."""
        task = self._sim.task(task_id)
        moment = due_instant(task)
        return moment.date() if moment and task["is_all_day"] else moment

    def titled(self, title: str) -> Sequence[str]:
        return [task["id"] for task in self._sim.tasks() if task["title"] == title]

    def spellings(self) -> Iterable[Spelling]:
        moment = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
        timed = {"is_all_day": False, "due_timezone": "America/Santiago"}
        yield "an instant", timed | {"due_at": "2026-04-15T09:30:00.000Z"}, moment
        yield "an offset", timed | {"due_at": "2026-04-15T05:30:00-04:00"}, moment
        zoneless = {"is_all_day": False, "due_timezone": None}
        yield "no zone", zoneless | {"due_at": "2026-04-15T09:30:00.000Z"}, moment
        whole_day = {"is_all_day": True, "due_timezone": "America/Santiago"}
        on = date(2026, 4, 15)
        yield "a day as midnight in UTC", whole_day | {"due_at": "2026-04-15T00:00:00.000Z"}, on
        local = {"due_at": "2026-04-15T04:00:00.000Z"}
        yield "a day as midnight in its zone", whole_day | local, on
