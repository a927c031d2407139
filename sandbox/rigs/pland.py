"""PlanD under the suite's hands. Which fields may be null: OpenAPI, "list tasks"; nothing in it is
marked as required but what is named in the code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import FINISHED_STATUSES
from sandbox.rigs.account import SimulatedAccount, Spelling, clock


class PlandRig(SimulatedAccount):
    """One company."""

    listing = "/v2/tasks/"
    nullable: Sequence[str] = (
        "title",
        "identifierNumber",
        "chatId",
        "taskStatus",
        "taskType",
        "taskTypeId",
        "taskTemplate",
        "description",
        "contactPerson",
        "email",
        "telephone",
        "assignee",
        "dueDate",
        "firstStartedAt",
        "firstTerminatedAt",
        "complaintCreatedAt",
        "tags",
        "priority",
        "related",
        "documentIds",
        "callId",
        "completionResponse",
    )
    words: Sequence[str] = ("taskStatus", "priority")
    dues: Sequence[type[date]] = (datetime,)

    def __init__(self, **behaviour: object) -> None:
        time = clock()
        self._sim = PlandSim(time)
        super().__init__(self._sim, time, {}, behaviour)
        self._boss = self._sim.add_user("Bo Ss", "boss@example.com")["_id"]
        self._left = self._sim.add_user("Le Ft", None, active=False)["_id"]
        self.secrets = [self._sim.key, *self._sim.canaries]

    def add_operator(self, name: str, email: str) -> str:
        return str(self._sim.add_user(name, email)["_id"])

    def add_former(self, name: str, email: str) -> str:
        return str(self._sim.add_user(name, email, active=False)["_id"])

    def add(
        self, title: str, operator: str | None = None, due: date | datetime | None = None
    ) -> str:
        when = due if isinstance(due, datetime) else None
        return str(self._sim.add_task(title, operator, when)["_id"])

    def rename(self, task_id: str, title: str) -> None:
        self._sim.edit(task_id, title=title)

    def finish(self, task_id: str) -> None:
        self._sim.complete_elsewhere(task_id, self._boss)

    def remove(self, task_id: str) -> None:
        self._sim.remove(task_id)

    def is_open(self, task_id: str) -> bool:
        try:
            return self._sim.task(task_id)["taskStatus"] not in FINISHED_STATUSES
        except KeyError:
            return False

    def operators_of(self, task_id: str) -> Sequence[str]:
        assignee = self._sim.task(task_id)["assignee"]
        return [assignee["entityId"]] if assignee else []

    def due_of(self, task_id: str) -> date | datetime | None:
        due: datetime | None = self._sim.task(task_id)["dueDate"]
        return due

    def titled(self, title: str) -> Sequence[str]:
        return [task["_id"] for task in self._sim.tasks() if task["title"] == title]

    def spellings(self) -> Iterable[Spelling]:
        moment = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
        milliseconds = round(moment.timestamp() * 1000)
        yield "milliseconds", {"dueDate": milliseconds}, moment
        yield "milliseconds as text", {"dueDate": str(milliseconds)}, moment
        yield "milliseconds with a fraction", {"dueDate": float(milliseconds)}, moment
        yield "ISO 8601", {"dueDate": "2026-04-15T09:30:00.000Z"}, moment
        yield "ISO 8601 with an offset", {"dueDate": "2026-04-15T11:30:00+02:00"}, moment
        # PlanD's zone where none is told is Germany's.
        yield "ISO 8601 without one", {"dueDate": "2026-04-15T11:30:00"}, moment

    def deliveries(self, url: str) -> Sequence[tuple[Mapping[str, str], bytes]]:
        sent = self._sim.webhooks.take_deliveries()
        return [(one.headers, one.body) for one in sent if one.url == url]

    def push_troubles(self) -> Mapping[str, Callable[[], None]]:
        hooks = self._sim.webhooks.hooks

        def move() -> None:
            for hook in hooks.values():
                hook["url"] = "https://elsewhere.example.com/"

        return {"deleted": hooks.clear, "sent elsewhere": move}
