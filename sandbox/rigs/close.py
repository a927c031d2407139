"""Close under the suite's hands. Which fields may be null: OpenAPI, "Tasks", and captures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from sandbox.providers.close import CloseSim
from sandbox.providers.shapes import day, instant
from sandbox.rigs.account import SimulatedAccount, Spelling, clock

LEAD = "Wayne Enterprises"


class CloseRig(SimulatedAccount):
    """One organization with one lead, on which all tasks are."""

    listing = "/api/v1/task/"
    rows: Sequence[str] = ("data",)
    nullable: Sequence[str] = (
        "text",
        "assigned_to",
        "assigned_to_name",
        "contact_id",
        "contact_name",
        "created_by",
        "created_by_name",
        "updated_by",
        "updated_by_name",
        "due_date",
        "lead_id",
        "lead_name",
        "object_type",
        "object_id",
        "priority",
        "sequence_id",
        "view",
    )
    words: Sequence[str] = ("_type", "view", "priority", "object_type")
    searches: Sequence[str] = ("/api/v1/data/search/",)

    def __init__(self, **behaviour: object) -> None:
        time = clock()
        self._sim = CloseSim(time)
        super().__init__(self._sim, time, {}, behaviour)
        self._lead = self._sim.add_lead(LEAD)
        self._colleague = self._sim.add_user("Col League", "colleague@example.com")["id"]

    def add_operator(self, name: str, email: str) -> str:
        return str(self._sim.add_user(name, email)["id"])

    def add_former(self, name: str, email: str) -> str:
        return str(self._sim.add_user(name, email, active=False)["id"])

    def add(
        self, title: str, operator: str | None = None, due: date | datetime | None = None
    ) -> str:
        when = due if isinstance(due, datetime) or due is None else due.isoformat()
        return str(self._sim.add_task(title, operator, self._lead, when)["id"])

    def rename(self, task_id: str, title: str) -> None:
        self._sim.edit(task_id, text=title)

    def finish(self, task_id: str) -> None:
        self._sim.complete_elsewhere(task_id, self._colleague)

    def remove(self, task_id: str) -> None:
        self._sim.remove(task_id)

    def is_open(self, task_id: str) -> bool:
        task = self._sim.tasks.get(task_id)
        return task is not None and not task["is_complete"]

    def operators_of(self, task_id: str) -> Sequence[str]:
        owner = self._sim.tasks[task_id]["assigned_to"]
        return [owner] if owner else []

    def due_of(self, task_id: str) -> date | datetime | None:
        task = self._sim.tasks[task_id]
        return None if task["is_dateless"] else day(task["date"]) or instant(task["date"])

    def comments_of(self, task_id: str) -> Sequence[str]:
        lead = self._sim.tasks[task_id]["lead_id"]
        return [note["note"] for note in self._sim.notes if note["lead_id"] == lead]

    def titled(self, title: str) -> Sequence[str]:
        return [task["id"] for task in self._sim.tasks if task["text"] == title]

    def subject(self) -> str:
        return LEAD

    def spellings(self) -> Iterable[Spelling]:
        moment = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
        timed = {"is_dateless": False}
        yield "an instant", timed | {"date": "2026-04-15T09:30:00+00:00"}, moment
        yield "microseconds", timed | {"date": "2026-04-15T09:30:00.000000+00:00"}, moment
        yield "an offset", timed | {"date": "2026-04-15T03:30:00-06:00"}, moment
        yield "no offset", timed | {"date": "2026-04-15T09:30:00"}, moment
        yield "a day alone", timed | {"date": "2026-04-15"}, date(2026, 4, 15)
        yield "dateless", {"is_dateless": True, "date": "2026-04-11"}, None

    def deliveries(self, url: str) -> Sequence[tuple[Mapping[str, str], bytes]]:
        sent = self._sim.webhooks.take_deliveries()
        return [(one.headers, one.body) for one in sent if one.url == url]

    def push_troubles(self) -> Mapping[str, Callable[[], None]]:
        hooks = self._sim.webhooks.subscriptions

        def pause() -> None:
            for hook in hooks.values():
                hook["status"] = "paused"

        def narrow() -> None:
            for hook in hooks.values():
                hook["events"] = [{"object_type": "lead", "action": "created"}]

        return {"paused": pause, "for other events": narrow, "deleted": hooks.clear}
