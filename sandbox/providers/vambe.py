"""A simulated Vambe: the public task API of one organisation, and what its people do in the app.

Source of every behaviour, unless said otherwise: the vendor's docs (get tasks, create task, update
task, delete task, get all team members). Where they are silent the choice is a public attribute or
is said at the place.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.clock import Clock
from sandbox.providers import vambe_bodies, vambe_listing
from sandbox.providers.book import Book
from sandbox.providers.service import Call, Record, Reply, ShownSim, as_json
from sandbox.providers.vambe_answers import TOO_LONG, refuse, too_many
from sandbox.providers.vambe_due import AllDay
from sandbox.providers.vambe_records import (
    apply_changes,
    new_member,
    new_task,
    set_status,
)
from sandbox.providers.vambe_statuses import FINAL, Statuses

TASKS = "/api/public/tasks"
MEMBERS = "/api/public/team-members/all"

Handler = Callable[["VambeSim", Call, str], Reply]


class VambeSim(ShownSim):
    """One organisation of Vambe behind one key, which acts for `key_owner`."""

    title = "Vambe"

    def __init__(
        self,
        clock: Clock,
        key: str = "vambe_sandbox_key",
        server_timezone: str = "UTC",
        max_url_length: int = 8192,
    ) -> None:
        super().__init__(clock, key)
        self.server_zone = ZoneInfo(server_timezone)
        """Where the dates of a listing begin and end; the documents don't say which zone it is."""
        self.max_url_length = max_url_length
        """Longest path and query in bytes; the vendor publishes no bound, web servers have one."""
        self.all_day = AllDay.UTC_MIDNIGHT
        self.position_base = 0
        """The `newStatusPosition` of the first status (the documents don't say)."""
        self.created_status = 201
        """The status of a creation (the documents don't say)."""
        self.members: dict[str, Record] = {}
        """The team by id."""
        self.deleted: dict[str, Record] = {}
        """Tasks that were deleted; nothing lists them."""
        self._tasks = Book()
        self._made = 0
        self.statuses = Statuses(self._tasks, self._new_id)
        self.key_owner = self.add_member("Key Owner", "owner@example.com")

    # What people do in the app.

    def add_member(self, name: str, email: str, phone: str = "+56912345678") -> Record:
        """A new member of the team."""
        member = new_member(self._new_id("member"), name, email, phone)
        self.members[member["id"]] = member
        return member

    def remove_member(self, member_id: str) -> None:
        """Take somebody out of the team; the tasks keep the id (not documented, our choice)."""
        del self.members[member_id]

    def add_task(
        self,
        title: str = "Llamar cliente",
        responsibles: Iterable[str] = (),
        due_at: date | datetime | None = None,
        timezone: str | None = "America/Santiago",
        status: str | None = None,
        priority: str = "medium",
        **overrides: Any,
    ) -> Record:
        """Create a task and return its live record; change it through `edit` only.

        A `date` makes it an all-day task. `status` is a name, the tenant's initial status when
        None. `overrides` are fields of the documented shape and win over everything.
        """
        shown = self.statuses[status] if status else self.statuses.first("initial")
        owner = self.key_owner["id"]
        task = new_task(self._new_id("task"), title, owner, shown, self.clock.now())
        due = {"due_at": due_at, "timezone": timezone}
        fields = {"responsibles": responsibles, "priority": priority, **due}
        apply_changes(task, fields, self.all_day)
        apply_changes(task, overrides, self.all_day)
        self._tasks.add(task)
        return task

    def tasks(self) -> list[Record]:
        """The live records of all tasks that are not deleted, in order of arrival."""
        return list(self._tasks)

    def task(self, task_id: str) -> Record:
        """The live record of a task that is not deleted."""
        return self._tasks[task_id]

    def edit(self, task_id: str, **fields: Any) -> Record:
        """Change a task by the names of `add_task` or by fields of the documented shape."""
        task = self._tasks[task_id]
        if "status" in fields:
            set_status(task, self.statuses[fields.pop("status")])
        apply_changes(task, fields, self.all_day)
        self._tasks.touch(task_id)
        return task

    def complete_elsewhere(self, task_id: str, status: str | None = None) -> Record:
        """Put a task into a status, the tenant's final one (`master_done`, else `done`) when
        None."""
        return self.edit(task_id, status=status or self.statuses.first(*FINAL)["name"])

    def reassign(self, task_id: str, responsibles: Iterable[str]) -> Record:
        """Give a task to these members instead, or to nobody."""
        return self.edit(task_id, responsibles=responsibles)

    def remove(self, task_id: str) -> None:
        """Delete a task, softly as the API does."""
        self.deleted[task_id] = self._tasks.remove(task_id)

    @property
    def revision(self) -> int:
        return self._tasks.revision

    # What the API answers.

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let no address pass that is too long for the web server in front."""
        if len(scope["path"]) + len("?") + len(scope["query_string"]) > self.max_url_length:
            too_long = Response(TOO_LONG, 414, media_type="text/html")
            await too_long(scope, receive, send)
            return
        await super()._serve(scope, receive, send)

    def too_many(self, retry_after: int) -> Reply:
        return too_many(retry_after)

    def answer(self, call: Call) -> Reply:
        route, task_id = _address(call.path)
        handler = _ROUTES.get((call.method, route))
        if handler is None:
            self.note(call, "is no endpoint of the public task API")
            raise refuse(404, f"Cannot {call.method} {call.path}")
        self._admit(call)
        if call.query and handler is not VambeSim.list_tasks:
            self.note(call, "takes no query parameters")
            raise refuse(400, [f"property {name} should not exist" for name, _ in call.query])
        return handler(self, call, task_id)

    def list_tasks(self, call: Call, _: str) -> Reply:
        """`GET /tasks`: everything that matches in one array, completed tasks too."""
        problems = vambe_listing.problems(call.query)
        if problems:
            self.note(call, "has a bad query: " + "; ".join(problems))
            raise refuse(400, problems)
        if vambe_listing.asks_for_everybody(call.query):
            self.note(call, "sends an empty array, and how that is written is not documented")
        question = vambe_listing.read(call.query, self.server_zone)
        return vambe_listing.listing(self._tasks, question, self.breakage(1))

    def create_task(self, call: Call, _: str) -> Reply:
        """`POST /tasks`: by the key's owner, in the tenant's initial status."""
        body = self._body(call)
        self._refuse_bad(call, vambe_bodies.create_problems(body))
        vambe_bodies.expect_members(body, self.members.keys())
        task = self.add_task(body["title"])
        vambe_bodies.write(task, body, self.all_day)
        return as_json(self.created_status, task)

    def update_task(self, call: Call, task_id: str) -> Reply:
        """`PUT /tasks/{id}`: "Only the fields provided in the request body will be updated"."""
        task = self._task(call, task_id)
        body = self._body(call)
        self._refuse_bad(call, vambe_bodies.update_problems(body, task))
        vambe_bodies.expect_members(body, self.members.keys())
        status = self._wanted_status(body)
        vambe_bodies.write(task, body, self.all_day)
        if status is not None:
            set_status(task, status)
        self._tasks.touch(task_id)
        return as_json(200, task)

    def delete_task(self, call: Call, task_id: str) -> Reply:
        """`DELETE /tasks/{id}`: a soft delete."""
        self._task(call, task_id)
        self.remove(task_id)
        return as_json(200, {"status": "success"})

    def list_members(self, _: Call, __: str) -> Reply:
        """`GET /team-members/all`: a bare array."""
        return as_json(200, list(self.members.values()))

    def _admit(self, call: Call) -> None:
        if "authorization" in call.headers:
            self.note(call, "sent an Authorization header, which the public API has no use for")
        if "x-api-key" not in call.headers:
            self.note(call, "came without an x-api-key header")
        if not self.key_is_good(call.headers.get("x-api-key", "")):
            raise refuse(401, "Invalid or missing API key")

    def _task(self, call: Call, task_id: str) -> Record:
        """The task of an address. That an unknown or deleted one is a 404 is our choice."""
        if not vambe_listing.is_uuid(task_id):
            self.note(call, "names a task by something that is no UUID")
            raise refuse(400, "Validation failed (uuid is expected)")
        task = self._tasks.get(task_id)
        if task is None:
            raise refuse(404, "Task not found")
        return task

    def _body(self, call: Call) -> Record:
        """The JSON object of a request."""
        body = vambe_bodies.read_object(call) if call.is_json else None
        if body is None:
            self.note(call, "has a body that is no JSON object, or isn't said to be JSON")
            raise refuse(400, "The request body must be a JSON object")
        return body

    def _refuse_bad(self, call: Call, problems: list[str]) -> None:
        if problems:
            self.note(call, "has a bad body: " + "; ".join(problems))
            raise refuse(400, problems)

    def _wanted_status(self, body: Record) -> Record | None:
        """The status that an update asks for; one that the tenant doesn't have is a 400 (not
        documented, our choice), and no fault of the client: the tenant may have renamed it."""
        if "newStatusName" in body:
            wanted = self.statuses.get(body["newStatusName"])
        elif "newStatusPosition" in body:
            wanted = self.statuses.at(body["newStatusPosition"] - self.position_base)
        else:
            return None
        if wanted is None:
            raise refuse(400, "The status does not exist in the status configuration")
        return wanted

    def _new_id(self, what: str) -> str:
        """A UUID that is the same in every run and differs between tenants."""
        self._made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.key}/{what}/{self._made}"))


_ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", TASKS): VambeSim.list_tasks,
    ("POST", TASKS): VambeSim.create_task,
    ("PUT", f"{TASKS}/{{id}}"): VambeSim.update_task,
    ("DELETE", f"{TASKS}/{{id}}"): VambeSim.delete_task,
    ("GET", MEMBERS): VambeSim.list_members,
}


def _address(path: str) -> tuple[str, str]:
    """The route of a path, and the id of the task in it."""
    task_id = path.removeprefix(f"{TASKS}/")
    if task_id in {path, ""} or "/" in task_id:
        return path, ""
    return f"{TASKS}/{{id}}", task_id
