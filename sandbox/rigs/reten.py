"""Reten under the suite's hands. Which fields may be null: "List Activities"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from sandbox.providers.reten import TASKS, RetenSim
from sandbox.rigs.account import SimulatedAccount, Spelling, clock


class RetenRig(SimulatedAccount):
    """One tenant; a task's title is the name of its commerce."""

    listing = TASKS
    rows: Sequence[str] = ("data",)
    nullable: Sequence[str] = (
        "type",
        "status",
        "channel",
        "scheduledAt",
        "occurredAt",
        "createdAt",
        "lifecycleStatus",
        "lifecycleStatusLabel",
        "lifecycleStatusDetail",
        "reason",
        "reason.code",
        "reason.label",
        "userStatus",
        "commerceAssignment",
        "activityDetails",
        "activityDetails.assignedRouteCode",
        "activityDetails.assignedOperatorExternalId",
        "activityDetails.assignedRoute",
        "activityDetails.assignedOperator",
        "activityResult",
    )
    words: Sequence[str] = (
        "status",
        "channel",
        "lifecycleStatus",
        "activityDetails.assignedOperator.type",
    )
    dues: Sequence[type[date]] = (datetime,)

    def __init__(self, **behaviour: object) -> None:
        time = clock()
        self._sim = RetenSim(time)
        means = {
            "SALE_COMPLETED": "EFFECTIVE",
            "NOT_INTERESTED": "NOT_EFFECTIVE",
            "RESCHEDULE": "PENDING",
        }
        super().__init__(self._sim, time, {"result_status": means}, behaviour)
        self._people: dict[str, str] = {}

    def add_operator(self, name: str, email: str) -> str:  # noqa: ARG002 - Reten keeps no addresses
        operator = f"OP-{len(self._people) + 1:03}"
        self._people[operator] = name
        return operator

    def add(
        self, title: str, operator: str | None = None, due: date | datetime | None = None
    ) -> str:
        by = (operator, self._people[operator], "SALESMAN") if operator else None
        when = due if isinstance(due, datetime) else None
        return str(self._sim.add_task(title, operator=by, scheduled_at=when)["id"])

    def rename(self, task_id: str, title: str) -> None:
        self._sim.edit(task_id, commerceName=title)

    def finish(self, task_id: str) -> None:
        self._sim.complete_elsewhere(task_id)

    def remove(self, task_id: str) -> None:
        self._sim.remove(task_id)

    def is_open(self, task_id: str) -> bool:
        found = {task["id"]: task["status"] for task in self._sim.tasks()}
        return found.get(task_id) in {"PENDING", "IN_PROGRESS"}

    def spellings(self) -> Iterable[Spelling]:
        moment = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
        yield "milliseconds and Z", {"scheduledAt": "2026-04-15T09:30:00.000Z"}, moment
        yield "an offset", {"scheduledAt": "2026-04-15T06:30:00-03:00"}, moment
        yield "no offset", {"scheduledAt": "2026-04-15T09:30:00"}, moment
        yield "a day alone", {"scheduledAt": "2026-04-15"}, date(2026, 4, 15)
