"""The providers as somebody at their own screens sees and uses them."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from sandbox.faults import Fault, Trouble
from sandbox.providers.close import CloseSim
from sandbox.providers.close_records import full_name
from sandbox.providers.reten import RetenSim
from sandbox.providers.reten_records import OperatorRef
from sandbox.providers.service import ProviderSim, Record, Recorded
from sandbox.providers.shapes import day, instant

_REQUESTS_SHOWN = 30
_OUTAGE = b'{"message":"Service Unavailable"}'
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Unfit(ValueError):
    """A provider has no such thing; the words are for who asked."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A task to be added: its title, what it is about, who does it, and when."""

    title: str
    about: str
    operator: str | None
    due: date | datetime | None


class Board(ABC):
    """One provider on the page."""

    title: ClassVar[str]
    labels: ClassVar[dict[str, str]]
    """What this provider calls a task's title, its subject and its operator."""
    needs_time: ClassVar[bool]
    """Whether a due moment without an hour is impossible here."""

    fixed_subjects: ClassVar[bool]
    """Whether a task can only be about what is listed."""

    def __init__(self, sim: ProviderSim) -> None:
        self._sim = sim
        self.down = False

    def take_down(self, down: bool) -> None:
        """Answer every request with 503 until the provider is taken up again."""
        self.down = down
        self._sim.faults.clear()
        if down:
            headers = {"content-type": "application/json"}
            self._sim.faults.add(
                Fault(Trouble.STATUS, times=None, status=503, headers=headers, body=_OUTAGE)
            )

    def shown(self) -> Record:
        """The board as JSON, the newest request first."""
        first = max(0, len(self._sim.requests) - _REQUESTS_SHOWN)
        requests = list(enumerate(self._sim.requests))[first:]
        return {
            "title": self.title,
            "labels": self.labels,
            "needsTime": self.needs_time,
            "fixedSubjects": self.fixed_subjects,
            "down": self.down,
            "subjects": self.subjects(),
            "operators": [{"id": id_, "name": name} for id_, name in self.operators()],
            "tasks": self.tasks(),
            "requests": [_request(number, one) for number, one in reversed(requests)],
        }

    @abstractmethod
    def operators(self) -> list[tuple[str, str]]:
        """Who can have tasks here: id and name."""

    @abstractmethod
    def subjects(self) -> list[str]:
        """What a task can be about, as far as it is known."""

    @abstractmethod
    def tasks(self) -> list[Record]:
        """All tasks, open and closed."""

    @abstractmethod
    def add(self, draft: Draft) -> str:
        """Add a task; gives its id."""

    @abstractmethod
    def finish(self, task_id: str) -> None:
        """Finish a task as somebody at the provider would."""

    @abstractmethod
    def reassign(self, task_id: str, operator: str | None) -> None:
        """Give a task to somebody else, or to nobody."""

    @abstractmethod
    def remove(self, task_id: str) -> None:
        """Take a task away without a trace."""


class RetenBoard(Board):
    """Reten: visits to commerces, for reasons, by operators of its field force."""

    title = "Reten"
    labels: ClassVar = {"title": "Commerce", "about": "Reason", "operator": "Operator"}
    needs_time = True
    fixed_subjects = True

    def __init__(
        self,
        sim: RetenSim,
        operators: Sequence[OperatorRef],
        reasons: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(sim)
        self._reten = sim
        self._operators = {operator[0]: operator for operator in operators}
        self._reasons = {label: (code, label) for code, label in reasons}

    def operators(self) -> list[tuple[str, str]]:
        return [(id_, name) for id_, name, _ in self._operators.values()]

    def subjects(self) -> list[str]:
        return list(self._reasons)

    def tasks(self) -> list[Record]:
        return [self._shown(record) for record in self._reten.tasks()]

    def add(self, draft: Draft) -> str:
        if draft.due is not None and not isinstance(draft.due, datetime):
            raise Unfit("Reten needs a time with the date.")
        if draft.about and draft.about not in self._reasons:
            raise Unfit(f"Reten has no reason “{draft.about}”.")
        record = self._reten.add_task(
            draft.title,
            operator=self._operator(draft.operator),
            reason=self._reasons.get(draft.about),
            scheduled_at=draft.due,
        )
        return str(record["id"])

    def finish(self, task_id: str) -> None:
        self._reten.complete_elsewhere(task_id)

    def reassign(self, task_id: str, operator: str | None) -> None:
        self._reten.reassign(task_id, self._operator(operator))

    def remove(self, task_id: str) -> None:
        self._reten.remove(task_id)

    def _operator(self, operator_id: str | None) -> OperatorRef | None:
        if operator_id is None:
            return None
        if operator_id not in self._operators:
            raise Unfit(f"Reten has no operator {operator_id}.")
        return self._operators[operator_id]

    def _shown(self, record: Record) -> Record:
        operator = (record["activityDetails"] or {}).get("assignedOperator")
        result = (record["activityResult"] or {}).get("resultDetails") or {}
        labels = {kind["code"]: kind["label"] for kind in self._reten.result_types}
        code = result.get("result")
        return {
            "id": record["id"],
            "title": record["commerceName"],
            "about": (record["reason"] or {}).get("label", ""),
            "operator": operator and operator["externalId"],
            "operatorName": operator and operator["name"],
            "due": _due(record["scheduledAt"]),
            "status": record["lifecycleStatusLabel"] or "",
            "result": labels.get(code, code or ""),
            "comment": result.get("comment", ""),
            "open": record["status"] not in ("COMPLETED", "CANCELLED"),
        }


class CloseBoard(Board):
    """Close: tasks on leads, assigned to users."""

    title = "Close"
    labels: ClassVar = {"title": "Task", "about": "Lead", "operator": "User"}
    needs_time = False
    fixed_subjects = False

    def __init__(self, sim: CloseSim) -> None:
        super().__init__(sim)
        self._close = sim

    def operators(self) -> list[tuple[str, str]]:
        active = [user for user in self._close.users.values() if user["organizations"]]
        return [(user["id"], full_name(user) or user["email"]) for user in active]

    def subjects(self) -> list[str]:
        return [lead["name"] for lead in self._close.leads.values()]

    def tasks(self) -> list[Record]:
        return [self._shown(task) for task in self._close.tasks]

    def add(self, draft: Draft) -> str:
        lead = self._lead(draft.about) if draft.about else None
        moment = draft.due if isinstance(draft.due, datetime) else None
        date_only = draft.due.isoformat() if draft.due is not None else None
        task = self._close.add_task(
            draft.title, self._user(draft.operator), lead, moment or date_only
        )
        return str(task["id"])

    def finish(self, task_id: str) -> None:
        self._close.complete_elsewhere(task_id)

    def reassign(self, task_id: str, operator: str | None) -> None:
        self._close.reassign(task_id, self._user(operator))

    def remove(self, task_id: str) -> None:
        self._close.remove(task_id)

    def _lead(self, name: str) -> Record:
        """The lead of this name, a new one if there is none."""
        known = (lead for lead in self._close.leads.values() if lead["name"] == name)
        return next(known, None) or self._close.add_lead(name)

    def _user(self, user_id: str | None) -> str | None:
        if user_id is not None and user_id not in self._close.users:
            raise Unfit(f"Close has no user {user_id}.")
        return user_id

    def _shown(self, task: Record) -> Record:
        done = task["is_complete"]
        return {
            "id": task["id"],
            "title": task.get("text") or task["_type"],
            "about": task["lead_name"] or "",
            "operator": task["assigned_to"],
            "operatorName": task["assigned_to_name"],
            "due": None if task.get("is_dateless") else _due(task["date"]),
            "status": "Done" if done else "Open",
            "result": f"by {task['updated_by_name']}" if done else "",
            "comment": "",
            "open": not done,
        }


def _due(text: str | None) -> Record | None:
    """A due date as the page reads it: a day, or seconds since the epoch."""
    if text is None:
        return None
    if _DAY.fullmatch(text) and day(text):
        return {"day": text}
    moment = instant(text)
    return {"moment": moment.timestamp()} if moment else None


def _request(number: int, request: Recorded) -> dict[str, Any]:
    return {
        "number": number,
        "method": request.method,
        "path": request.path,
        "query": urlencode(request.query),
        "body": request.body,
        "status": request.status,
        "at": request.at.timestamp(),
    }
