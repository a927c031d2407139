"""A simulated Reten: the three endpoints of its integration API and an administrator's hand.

Source of every behaviour, unless said otherwise: the vendor's integration documentation ("List
Activities", "List Result Configurations", "Submit Result", "Errors"). Where it is silent the
choice is a public attribute or is said at the place.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sandbox.clock import Clock
from sandbox.providers import reten_listing, reten_results
from sandbox.providers.book import Book
from sandbox.providers.reten_answers import refuse, refuse_fields, too_many
from sandbox.providers.reten_records import (
    OperatorRef,
    RouteRef,
    apply_changes,
    new_result,
    new_task,
    set_state,
)
from sandbox.providers.service import Call, Record, Reply, ShownSim, as_json, encode
from sandbox.providers.shapes import instant

TASKS = "/api/integration/activities/tasks"
RESULT_TYPES = "/api/integration/task-result-type-configs"
RESULTS = "/api/integration/activity-results/tasks"

VIEW = "VIEW_ACTIVITIES"
SUBMIT = "SUBMIT_ACTIVITY_RESULT"

_ROUTES = {("GET", TASKS): VIEW, ("GET", RESULT_TYPES): VIEW, ("POST", RESULTS): SUBMIT}


class Rescheduling(StrEnum):
    """What a result with a future date does to its activity; the documents leave it open."""

    COMPLETES = "completes"
    """The activity is completed and nothing follows."""
    SUCCESSOR = "successor"
    """The activity is completed and a new one, with a new id, stands at the new time."""
    SAME_ID = "same_id"
    """The activity stays open under its id, at the new time, without a result."""


def documented_result_types() -> list[Record]:
    """The four sample types of "List Result Configurations"."""
    rows = (
        ("SALE_COMPLETED", "Venta completada", False),
        ("NOT_INTERESTED", "No interesado", False),
        ("RESCHEDULE", "Reprogramar visita", True),
        ("NO_CONTACT", "Sin contacto", False),
    )
    return [
        {"code": code, "label": label, "requiresFutureScheduledAt": future}
        for code, label, future in rows
    ]


class RetenSim(ShownSim):
    """One tenant of Reten behind one integration key."""

    title = "Reten"

    def __init__(self, clock: Clock, key: str = "rtn_sk_sandbox") -> None:
        super().__init__(clock, key)
        self.permissions = {VIEW, SUBMIT}
        self.result_types = documented_result_types()
        self.results: list[Record] = []
        """Bodies of the accepted submissions, in order."""
        self.rescheduling = Rescheduling.COMPLETES
        self.pending_result_blocks = True
        """Whether a PENDING result counts as the existing result that a 409 speaks of."""
        self.undated_in_window = False
        """Whether a task without scheduledAt passes a date filter."""
        self.known_operators: set[str] | None = None
        """When set, a result by any other operator is a 404."""
        self._tasks = Book()
        self._commerces: dict[str, str] = {}
        self._made = 0

    # What an administrator or the engine of Reten does.

    def add_task(
        self,
        commerce: str = "Farmacia Central",
        commerce_id: str | None = None,
        operator: OperatorRef | None = ("OP-042", "Carlos Pérez", "SALESMAN"),
        route: RouteRef | None = ("RUTA-NORTE-01", "Ruta Norte"),
        reason: tuple[str, str] | None = ("CHURN_RISK", "Riesgo de fuga"),
        scheduled_at: datetime | None = None,
        status: str | None = "PENDING",
        **overrides: Any,
    ) -> Record:
        """Create an activity and return its live record; change it through `edit` only.

        `overrides` are fields of the documented shape, by the vendor's names.
        """
        record = new_task(self._new_id("activity"), self.clock.now())
        changes = {
            "commerce": (commerce_id or self._commerce_id(commerce), commerce),
            "operator": operator,
            "route": route,
            "reason": reason,
            "scheduled_at": scheduled_at,
            "status": status,
        }
        apply_changes(record, changes | overrides)
        self._commerces[record["commerceName"]] = record["commerceExternalId"]
        self._tasks.add(record)
        return record

    def tasks(self) -> list[Record]:
        """The live records of all activities, in order of arrival."""
        return list(self._tasks)

    def task(self, task_id: str) -> Record:
        """The live record of an activity."""
        return self._tasks[task_id]

    def edit(self, task_id: str, **fields: Any) -> Record:
        """Change fields by the names of `add_task` or by the vendor's names."""
        record = self._tasks[task_id]
        apply_changes(record, fields)
        self._tasks.touch(task_id)
        return record

    def complete_elsewhere(
        self, task_id: str, result_status: str = "EFFECTIVE", code: str = "SALE_COMPLETED"
    ) -> Record:
        """Register a result as another channel of the tenant would."""
        record = self._tasks[task_id]
        now = self.clock.now()
        outcome = new_result(self._new_id("result"), now, result_status, record["channel"])
        outcome |= {"origin": "APP", "resultDetails": {"result": code}}
        self._finish(record, outcome)
        return record

    def cancel(self, task_id: str) -> Record:
        """Cancel an activity."""
        record = self._tasks[task_id]
        set_state(record, "CANCELLED")
        self._tasks.touch(task_id)
        return record

    def reassign(self, task_id: str, operator: OperatorRef | None) -> Record:
        """Give an activity to another operator, or to nobody."""
        return self.edit(task_id, operator=operator)

    def remove(self, task_id: str) -> None:
        """Let an activity vanish without a trace."""
        self._tasks.remove(task_id)

    def withdraw(self, permission: str) -> None:
        """Take a permission from the key."""
        self.permissions.remove(permission)

    def grant(self, permission: str) -> None:
        """Give the key a permission back."""
        self.permissions.add(permission)

    @property
    def revision(self) -> int:
        return self._tasks.revision

    # What the API answers.

    def too_many(self, retry_after: int) -> Reply:
        return too_many(retry_after)

    def answer(self, call: Call) -> Reply:
        permission = _ROUTES.get((call.method, call.path))
        if permission is None:
            self.note(call, "is no endpoint of the integration API")
            raise refuse(404, f"Cannot {call.method} {call.path}")
        self._admit(call, permission)
        if call.path == TASKS:
            return self._list(call)
        if call.path == RESULT_TYPES:
            self._expect_no_query(call)
            extra = {"displayOrder": 1, "icon": None}
            return Reply(200, encode([kind | extra for kind in self.result_types]))
        self._expect_no_query(call)
        return self._submit(call)

    def _admit(self, call: Call, permission: str) -> None:
        if "authorization" in call.headers:
            self.note(
                call, "sent an Authorization header, which the integration API has no use for"
            )
        if "x-api-key" not in call.headers:
            self.note(call, "came without an x-api-key header")
        if not self.key_is_good(call.headers.get("x-api-key", "")):
            raise refuse(401, "API key missing or invalid")
        if permission not in self.permissions:
            raise refuse(403, "Insufficient permissions")

    def _expect_no_query(self, call: Call) -> None:
        if call.query:
            self.note(call, "takes no query parameters")
            raise refuse_fields(f"property {name} should not exist" for name, _ in call.query)

    def _list(self, call: Call) -> Reply:
        question, problems = reten_listing.read(call.query)
        if problems:
            self.note(call, "has a bad query: " + "; ".join(problems))
            raise refuse_fields(problems)
        ids = self._tasks.select(
            (question.filters, self.undated_in_window),
            lambda record: question.accepts(record, self.undated_in_window),
        )
        return reten_listing.page(self._tasks, ids, question, self.breakage(question.page))

    def _submit(self, call: Call) -> Reply:
        body = self._body(call)
        problems = reten_results.problems(body)
        if problems:
            self.note(call, "has a bad body: " + "; ".join(problems))
            raise refuse_fields(problems)
        override = body.get("hard_override") is True
        if "hard_override" in body:
            self.note(call, "sent hard_override, which needs a human decision")
        record = self._activity(call, body)
        future = self._future(body["task_result"])
        if not override:
            self._expect_open(record)
        return self._accept(record, body, future)

    def _body(self, call: Call) -> Record:
        """The JSON object of a request; without the JSON content type Nest sees an empty body."""
        if not call.is_json:
            self.note(call, "came without Content-Type: application/json")
            raise refuse_fields(reten_results.problems({}))
        try:
            body = json.loads(call.raw)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            self.note(call, "has a body that is no JSON object")
            raise refuse(400, "Unexpected token in JSON")
        return body

    def _activity(self, call: Call, body: Record) -> Record:
        """The activity that a result is for. None here has a provider_activity_id."""
        record = self._tasks.get(body.get("activity_id", ""))
        if record is None:
            raise refuse(404, "Activity not found")
        commerce = body["commerce_external_id"]
        if commerce != record["commerceExternalId"]:
            self.note(call, "names a commerce that is not the activity's")
            if commerce not in self._commerces.values():
                raise refuse(404, "Commerce not found")
            raise refuse(400, "commerce_external_id does not match the activity")
        operator = body["task_result"].get("operator_external_id")
        known = self.known_operators
        if operator is not None and known is not None and operator not in known:
            raise refuse(404, "Operator not found")
        return record

    def _future(self, task_result: Record) -> datetime | None:
        """The new date of a result whose type demands one; it has to be in the future."""
        code = task_result["result"]
        kind = next((kind for kind in self.result_types if kind["code"] == code), None)
        if kind is None:
            raise refuse(400, f"task_result.result '{code}' is not a valid result code")
        text = task_result.get("future_scheduled_at")
        if not kind["requiresFutureScheduledAt"]:
            return None
        moment = instant(text) if text is not None else None
        if moment is None:
            raise refuse(400, f"task_result.future_scheduled_at is required for result '{code}'")
        if moment <= self.clock.now():
            raise refuse(400, "task_result.future_scheduled_at must be a future date")
        return moment

    def _expect_open(self, record: Record) -> None:
        """409 for an activity with a result; for a cancelled one too (our choice: it reads as a
        state transition that only an override would skip)."""
        result = record["activityResult"]
        pending = result is not None and result["resultStatus"] == "PENDING"
        if result is not None and (self.pending_result_blocks or not pending):
            raise refuse(409, "Activity already has a registered result")
        if record["status"] == "CANCELLED":
            raise refuse(409, "Activity is cancelled")

    def _accept(self, record: Record, body: Record, future: datetime | None) -> Reply:
        now = self.clock.now()
        outcome = new_result(self._new_id("result"), now, body["status"], record["channel"])
        outcome |= {
            "occurredAt": body["occurred_at"],
            "resultDetails": reten_results.details(body["task_result"]),
        }
        self.results.append(body)
        self._finish(record, outcome)
        if future is not None:
            self._reschedule(record, future)
        answer = {
            "id": outcome["id"],
            "activityId": record["id"],
            "resultStatus": outcome["resultStatus"],
            "createdAt": outcome["createdAt"],
            "traceId": self._new_id("trace"),
        }
        return as_json(201, answer)

    def _finish(self, record: Record, outcome: Record) -> None:
        """Hang a result on its activity; a PENDING one leaves the activity's status alone."""
        record["activityResult"] = outcome
        if outcome["resultStatus"] != "PENDING":
            record["occurredAt"] = outcome["occurredAt"]
            set_state(record, "COMPLETED")
        self._tasks.touch(record["id"])

    def _reschedule(self, record: Record, future: datetime) -> None:
        if self.rescheduling is Rescheduling.SAME_ID:
            fields = {"activityResult": None, "occurredAt": None, "scheduled_at": future}
            self.edit(record["id"], status="PENDING", **fields)
        elif self.rescheduling is Rescheduling.SUCCESSOR and record["status"] == "COMPLETED":
            successor = new_task(self._new_id("activity"), self.clock.now())
            carried = ("commerceAssignment", "activityDetails", "reason", "channel")
            names = (*carried, "commerceExternalId", "commerceName", "userStatus")
            apply_changes(successor, {name: record[name] for name in names})
            apply_changes(successor, {"status": "PENDING", "scheduled_at": future})
            self._tasks.add(successor)

    def _commerce_id(self, name: str) -> str:
        return self._commerces.get(name) or f"COM-{len(self._commerces) + 1:03}"

    def _new_id(self, what: str) -> str:
        """A UUID that is the same in every run and differs between tenants."""
        self._made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.key}/{what}/{self._made}"))
