"""A simulated PlanD: tasks, task types, users and webhooks of its API `v2`.

Source of every behaviour, unless said otherwise: the vendor's OpenAPI, and an open-source client
that notes where the live API differs from it. What neither of them settles is a public attribute.
What a person does in the app is in `PlandAccount`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from sandbox.clock import Clock
from sandbox.providers import pland_bodies as bodies, pland_listing as listing
from sandbox.providers.pland_account import PlandAccount
from sandbox.providers.pland_answers import FINISHED, bad_id, no_route, refuse, too_many
from sandbox.providers.pland_records import FINISHED_STATUSES, written
from sandbox.providers.service import Call, Record, Refusal, Reply, ShownSim, as_json, encode

Handler = Callable[["PlandSim", Call, str], Reply]

_BASE = "/v2"
_STEP = 7919  # a prime, so that the beginning comes round only after as many answers as rows


class Patching(StrEnum):
    """What a PATCH of one field does; the documents leave it open."""

    PARTIAL = "partial"
    """Only that field changes."""
    WIPES_TITLE = "wipes_title"
    """The whole task is replaced: a title that is not sent becomes null."""
    IGNORED = "ignored"
    """200, and nothing has changed."""


class Answering(StrEnum):
    """What a successful POST or PATCH of a task answers; it has no schema."""

    ID = "id"
    TASK = "task"
    NOTHING = "nothing"


class PlandSim(PlandAccount, ShownSim):
    """One company of PlanD behind one API key; its user is `key_owner`."""

    title = "PlanD"

    def __init__(
        self,
        clock: Clock,
        key: str = "12345678:abcdef1234567890abcdef1234567890",
        token: str = "sandbox.dashboard.token",
        limit_cap: int | None = None,
    ) -> None:
        ShownSim.__init__(self, clock, key)
        PlandAccount.__init__(self, clock, key)
        self.token = token
        """What a Bearer header carries after a login to the dashboard; it outlives the key."""
        self.limit_cap = limit_cap
        """The most rows that a page holds, whatever limit was asked for."""
        self.refuses_sort = False
        """Whether every `sort` gets a 400."""
        self.ignores_filters = False
        """Whether the filters of the task listing do nothing."""
        self.unstable_order = True
        """Whether unsorted listings begin at another row in each answer."""
        self.missing_status = 404
        """The status for an id that names nothing; the live API often says 400."""
        self.locks_finished = False
        """Whether finished tasks refuse every PATCH."""
        self.patching = Patching.PARTIAL
        self.answering = Answering.ID
        self.read_only = False
        """Whether the access group of the key's user forbids every change."""
        self.denied: set[str] = set()
        """Areas that the access group hides: "tasks", "taskTypes", "users", "integrations"."""
        self.emails: list[Record] = []
        """The bodies of completions that mailed somebody."""
        self._unsorted = 0

    def too_many(self, retry_after: int) -> Reply:
        return too_many(retry_after)

    def answer(self, call: Call) -> Reply:
        noted = len(self.violations)
        try:
            return self._route(call)
        except Refusal as refusal:
            reply = refusal.reply
            if reply.status == 400 and not refusal.blameless and len(self.violations) == noted:
                self.note(call, f"is refused: {reply.body.decode()}")
            return reply

    def _route(self, call: Call) -> Reply:
        self._authenticate(call)
        for pattern, methods in _ROUTES:
            match = pattern.fullmatch(call.path)
            if match is None:
                continue
            if call.method not in methods:
                raise refuse(400, f"Method not allowed. Must be one of: {', '.join(methods)}")
            self._admit(call)
            return methods[call.method](self, call, match.group(1) if match.groups() else "")
        raise no_route()

    def _authenticate(self, call: Call) -> None:
        """The key alone, or a token of the dashboard."""
        key = call.headers.get("x-api-key")
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        bearer = scheme.lower() == "bearer"
        if key is None and not bearer:
            self.note(call, "came without x-API-Key and without a Bearer token")
        if not (bearer and token == self.token) and not self.key_is_good(key or ""):
            raise refuse(401, "Unauthorized")

    def _admit(self, call: Call) -> None:
        area = call.path.removeprefix(_BASE).split("/")[1]
        if area in self.denied or (self.read_only and call.method != "GET"):
            raise refuse(403, "Forbidden")

    def query(self, call: Call, accepted: frozenset[str] = frozenset()) -> dict[str, list[str]]:
        """The parameters by name, `name[]` as `name`. Unknown ones are noted and ignored; of a
        repeated one without brackets the last counts, as PHP reads it."""
        given: dict[str, list[str]] = {}
        for sent, value in call.query:
            name = sent.removesuffix("[]")
            if name not in accepted:
                self.note(call, f"has an unknown query parameter: {sent}")
            elif name != sent:
                given.setdefault(name, []).append(value)
            else:
                if name in given:
                    self.note(call, f"repeats a query parameter: {sent}")
                given[name] = [value]
        return given

    # Tasks.

    def list_tasks(self, call: Call, _: str) -> Reply:
        """`GET /tasks/`."""
        given = self.query(call, listing.PAGED | listing.TASK_FILTERS)
        part = listing.window(given, self.limit_cap)
        order = listing.order(given, self.refuses_sort)
        tests = [] if self.ignores_filters else listing.task_tests(given)
        narrowing = {name: tuple(given[name]) for name in listing.TASK_FILTERS & given.keys()}
        ids = self._tasks.select(
            (tuple(sorted(narrowing.items())), self.ignores_filters, order),
            lambda task: all(test(task) for test in tests),
            order.key if order else None,
            order is not None and order.descending,
        )
        shown = part.of(ids if order else self._shifted(ids))
        return listing.page(map(self._tasks.encoded, shown), self.breakage(part.page))

    def _shifted(self, ids: Sequence[str]) -> Sequence[str]:
        """Another order in each answer: pages of one walk overlap and leave rows out."""
        self._unsorted += 1
        start = self._unsorted * _STEP % len(ids) if ids and self.unstable_order else 0
        return [*ids[start:], *ids[:start]]

    def create_task(self, call: Call, _: str) -> Reply:
        """`POST /tasks/`: 200, not 201."""
        self.query(call)
        fields = bodies.created(bodies.read(call, bodies.CREATE))
        self._expect_references(fields)
        return self._written(self.make_task(fields, self.key_owner))

    def get_task(self, call: Call, task_id: str) -> Reply:
        """`GET /tasks/{id}`."""
        self.query(call)
        task = self._task(task_id)
        return Reply(200, self._tasks.encoded(task["_id"]))

    def update_task(self, call: Call, task_id: str) -> Reply:
        """`PATCH /tasks/{id}`: one field at a time is all that we take to be safe."""
        self.query(call)
        body = bodies.read(call, bodies.PATCH)
        task = self._task(task_id)
        if len(body) != 1:
            self.note(call, f"patches {len(body)} fields, not one")
        fields = bodies.stored(body)
        self._expect_references(fields)
        if self.locks_finished and task["taskStatus"] in FINISHED_STATUSES:
            raise refuse(400, FINISHED, blameless=True)
        if self.patching is not Patching.IGNORED:
            wiped = {"title": None} if self.patching is Patching.WIPES_TITLE else {}
            self.change(task, wiped | fields, self.key_owner)
        return self._written(task)

    def complete_task(self, call: Call, task_id: str) -> Reply:
        """`POST /tasks/{id}/complete`: its mail goes to customers, so `sendEmail` must be said to
        be false, although that is the default."""
        self.query(call)
        body = bodies.read(call, bodies.COMPLETE) if call.raw else {}
        if body.get("sendEmail") is not False:
            self.note(call, "does not say that no e-mail shall be sent")
        task = self._task(task_id)
        if task["taskStatus"] in FINISHED_STATUSES:
            raise refuse(400, FINISHED, blameless=True)
        if body.get("sendEmail"):
            self.emails.append(body)
        self.change(task, {"taskStatus": "completed"}, self.key_owner)
        return as_json(200, {"completed": True})

    def _task(self, task_id: str) -> Record:
        return self._found(self._tasks.get(task_id), task_id)

    def _found(self, record: Record | None, record_id: str) -> Record:
        if not bodies.OBJECT_ID.fullmatch(record_id):
            raise bad_id(record_id)
        if record is None:
            raise refuse(self.missing_status, "Not found.", blameless=True)
        return record

    def _expect_references(self, fields: Record) -> None:
        """Ids that name nothing are a 400 (our choice) and no violation."""
        for name, there in (("assignee", self.users), ("taskTypeId", self.task_types)):
            if fields.get(name) is not None and fields[name] not in there:
                raise refuse(400, f"Not found: {name}", blameless=True)

    def _written(self, task: Record) -> Reply:
        if self.answering is Answering.NOTHING:
            return Reply(200)
        if self.answering is Answering.ID:
            return as_json(200, {"_id": task["_id"]})
        return Reply(200, self._tasks.encoded(task["_id"]))

    # Task types and users.

    def list_types(self, call: Call, _: str) -> Reply:
        """`GET /taskTypes/`: by page, not by offset."""
        given = self.query(call, listing.TYPE_QUERY)
        tests = listing.type_tests(given)
        return self._page(self.task_types, tests, listing.numbered_window(given))

    def get_type(self, call: Call, type_id: str) -> Reply:
        """`GET /taskTypes/{id}`."""
        self.query(call)
        kind = self._found(self.task_types.get(type_id), type_id)
        return as_json(200, written(kind, self.wire))

    def list_users(self, call: Call, _: str) -> Reply:
        """`GET /users/`, secrets included."""
        given = self.query(call, listing.PAGED | listing.USER_FILTERS)
        part = listing.window(given, self.limit_cap)
        order = listing.order(given, self.refuses_sort)
        return self._page(self.users, listing.user_tests(given), part, order)

    def get_user(self, call: Call, user_id: str) -> Reply:
        """`GET /users/{id}` and `GET /users/self`, the user that the key belongs to."""
        self.query(call)
        self_asked = user_id == "self"
        user = self.key_owner if self_asked else self._found(self.users.get(user_id), user_id)
        return as_json(200, written(user, self.wire))

    def _page(
        self,
        records: Mapping[str, Record],
        tests: Sequence[listing.Test],
        part: listing.Window,
        order: listing.Order | None = None,
    ) -> Reply:
        chosen = [record for record in records.values() if all(test(record) for test in tests)]
        if order:
            chosen.sort(key=order.key, reverse=order.descending)
        return listing.page(encode(written(record, self.wire)) for record in part.of(chosen))

    # Webhooks.

    def list_hooks(self, call: Call, _: str) -> Reply:
        """`GET /integrations/webhooks/`."""
        self.query(call)
        return as_json(200, list(self.webhooks.hooks.values()))

    def create_hook(self, call: Call, _: str) -> Reply:
        """`POST /integrations/webhooks/`: 201 and the id."""
        self.query(call)
        body = bodies.read(call, bodies.HOOK)
        if missing := [name for name in bodies.HOOK if name not in body]:
            names = ", ".join(missing)
            raise refuse(400, f"Missing parameters. Required parameters are: {names}")
        hook = {"_id": self.new_id(), **body}
        self.webhooks.hooks[hook["_id"]] = hook
        return as_json(201, {"_id": hook["_id"]})

    def update_hook(self, call: Call, hook_id: str) -> Reply:
        """`PATCH /integrations/webhooks/{id}`."""
        self.query(call)
        body = bodies.read(call, bodies.HOOK)
        hook = self._found(self.webhooks.hooks.get(hook_id), hook_id)
        hook |= body
        return as_json(200, {"_id": hook_id})

    def delete_hook(self, call: Call, hook_id: str) -> Reply:
        """`DELETE /integrations/webhooks/{id}`: 204 (the code is our choice)."""
        self.query(call)
        self._found(self.webhooks.hooks.get(hook_id), hook_id)
        del self.webhooks.hooks[hook_id]
        return Reply(204)


_ID = "([^/]+)"
_ADDRESSES: Mapping[str, Mapping[str, Handler]] = {
    "/tasks/": {"GET": PlandSim.list_tasks, "POST": PlandSim.create_task},
    f"/tasks/{_ID}": {"GET": PlandSim.get_task, "PATCH": PlandSim.update_task},
    f"/tasks/{_ID}/complete": {"POST": PlandSim.complete_task},
    "/taskTypes/": {"GET": PlandSim.list_types},
    f"/taskTypes/{_ID}": {"GET": PlandSim.get_type},
    "/users/": {"GET": PlandSim.list_users},
    f"/users/{_ID}": {"GET": PlandSim.get_user},
    "/integrations/webhooks/": {"GET": PlandSim.list_hooks, "POST": PlandSim.create_hook},
    f"/integrations/webhooks/{_ID}": {
        "PATCH": PlandSim.update_hook,
        "DELETE": PlandSim.delete_hook,
    },
}
_ROUTES = [(re.compile(_BASE + path), methods) for path, methods in _ADDRESSES.items()]
