"""The state of a simulated PlanD company, and what its people do in the app.

Every change of a task goes through `change`, whoever makes it: it moves the entity status, keeps
the two first-time stamps, and tells the webhooks.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.providers.pland_records import (
    TaskBook,
    Wire,
    canaries_of,
    entity_status,
    new_task,
    new_task_type,
    new_user,
    object_id,
    related_type,
    related_user,
    written_task,
)
from sandbox.providers.pland_webhooks import Webhooks
from sandbox.providers.service import Record

_ALIASES = {"task_status": "taskStatus", "due": "dueDate"}
_DETAILS = {
    "description": "<p>Bitte <b>Flur</b> &amp; Keller reinigen.</p><ul><li>Fenster</li></ul>",
    "contactPerson": "Erika Musterfrau",
    "email": "erika.musterfrau@kunde.example",
    "telephone": "+49 30 5550100",
}


class PlandAccount:
    """One company: its users, task types, tasks and webhooks."""

    def __init__(self, clock: Clock, key: str) -> None:
        self.clock = clock
        self._machine = hashlib.sha256(key.encode()).hexdigest()[:10]
        self._made = 0
        self._tasks = TaskBook()
        self._tasks_made = 0
        self._identifiers: dict[str | None, int] = {}
        self.company_id = self.new_id()
        self.users: dict[str, Record] = {}
        self.task_types: dict[str, Record] = {}
        self.webhooks = Webhooks()
        self.key_owner = self.add_user("Integration Taskbell", "integration@example.com")
        self.default_type = self.add_task_type("Allgemein", "ALG", default=True)
        """The type of tasks that name none."""

    @property
    def revision(self) -> int:
        """Another one whenever a task has changed."""
        return self._tasks.revision

    def new_id(self) -> str:
        """An id of the vendor's form, the same in every run and different between companies."""
        self._made += 1
        return object_id(self.clock.now(), self._machine, self._made)

    @property
    def wire(self) -> Wire:
        """How objects are written: times, `status.status`, the assignee's id."""
        return self._tasks.wire

    @wire.setter
    def wire(self, wire: Wire) -> None:
        self._tasks.wire = wire

    @property
    def canaries(self) -> list[str]:
        """Texts of the user objects that no log, error or database may ever hold."""
        return [text for user in self.users.values() for text in canaries_of(user)]

    # People and kinds of task.

    def add_user(self, name: str, email: str | None = None, active: bool = True) -> Record:
        """A user; one without e-mail logs in by number, as many cleaners do."""
        user_id = self.new_id()
        status = entity_status(self.clock.now(), None, active)
        user = new_user(user_id, status, self.company_id, len(self.users) + 1)
        first, _, last = name.partition(" ")
        user["general"] |= {"firstName": first, "lastName": last}
        user["access"]["email"] = user["contact"]["email"] = email
        self.users[user_id] = user
        return user

    def deactivate(self, user_id: str) -> None:
        """End a user's access; the object stays."""
        self.users[user_id]["status"]["status"] = 0

    def add_task_type(self, name: str, prefix: str, default: bool = False) -> Record:
        """A kind of task."""
        status = entity_status(self.clock.now(), self.key_owner["_id"])
        kind = new_task_type(self.new_id(), status, name, prefix, default)
        self.task_types[kind["_id"]] = kind
        return kind

    # Tasks.

    def add_task(
        self,
        title: str | None = "Treppenhaus reinigen",
        assignee: str | None = None,
        due: datetime | None = None,
        task_status: str | None = "new",
        priority: str | None = "medium",
        **overrides: Any,
    ) -> Record:
        """Create a task and return its live record; change it through `edit` only.

        `assignee` is the id of a user. `overrides` are fields by the vendor's names.
        """
        fields = {
            "title": title,
            "assignee": assignee,
            "due": due,
            "taskStatus": task_status,
            "priority": priority,
        }
        return self.make_task(_DETAILS | fields | overrides, self.key_owner)

    def make_task(self, fields: Record, by: Record) -> Record:
        """Create a task from vendor fields, as the given user."""
        now = self.clock.now()
        status = entity_status(now, by["_id"])
        self._tasks_made += 1
        task = new_task(self.new_id(), status, self.company_id, self._tasks_made)
        type_id = fields.get("taskTypeId", self.default_type["_id"])
        task["identifierNumber"] = self._identifiers[type_id] = (
            self._identifiers.get(type_id, 0) + 1
        )
        self._apply(task, {"taskTypeId": type_id} | fields)
        self._tasks.add(task)
        self._tell("CREATE", task)
        return task

    def tasks(self) -> list[Record]:
        """The live records of all tasks, in order of arrival."""
        return list(self._tasks)

    def task(self, task_id: str) -> Record:
        """The live record of a task."""
        return self._tasks[task_id]

    def edit(self, task_id: str, by: str | None = None, **fields: Any) -> Record:
        """Change a task in the app, as the given user (the key's owner when None), by the names
        of `add_task` or by the vendor's names."""
        task = self._tasks[task_id]
        self.change(task, fields, self.users[by] if by else self.key_owner)
        return task

    def complete_elsewhere(
        self, task_id: str, by: str | None = None, response: str | None = None
    ) -> Record:
        """Complete a task in the app."""
        fields = {"taskStatus": "completed"} | (
            {"completionResponse": response} if response else {}
        )
        return self.edit(task_id, by, **fields)

    def cancel(self, task_id: str, by: str | None = None) -> Record:
        """Cancel a task in the app."""
        return self.edit(task_id, by, taskStatus="cancelled")

    def reassign(self, task_id: str, user_id: str | None) -> Record:
        """Give a task to another user, or to nobody."""
        return self.edit(task_id, assignee=user_id)

    def remove(self, task_id: str) -> None:
        """Delete a task for good."""
        self._tell("DELETE", self._tasks.remove(task_id))

    def change(self, task: Record, fields: Record, by: Record) -> None:
        """Apply vendor fields to a task, as the given user."""
        modified = {"lastModifiedAt": self.clock.now(), "lastModifiedBy": by["_id"]}
        task["status"] = {**task["status"], **modified}
        self._apply(task, fields)
        self._tasks.touch(task["_id"])
        self._tell("UPDATE", task)

    def _apply(self, task: Record, fields: Record) -> None:
        """Set fields; a name that no task has is a mistake of the caller."""
        for given, value in fields.items():
            name = _ALIASES.get(given, given)
            if name not in task:
                raise KeyError(name)
            if name == "taskStatus":
                self._mark_firsts(task, value)
            if name == "taskTypeId":
                task["taskType"] = value and related_type(self.task_types[value])
            known = name == "assignee" and isinstance(value, str)
            task[name] = related_user(self.users[value]) if known else value

    def _mark_firsts(self, task: Record, status: str | None) -> None:
        """Note when a task first leaves "new" and when it is first completed (vendor OpenAPI)."""
        if status != "new" and task["firstStartedAt"] is None:
            task["firstStartedAt"] = self.clock.now()
        if status == "completed" and task["firstTerminatedAt"] is None:
            task["firstTerminatedAt"] = self.clock.now()

    def _tell(self, kind: str, task: Record) -> None:
        gone = kind == "DELETE"
        self.webhooks.tell(
            kind, lambda: {"_id": task["_id"]} if gone else written_task(task, self.wire)
        )
