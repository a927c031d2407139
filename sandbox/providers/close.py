"""A simulated Close: tasks, people, leads, notes, completions, events, webhooks of `api/v1`.

Source of every behaviour, unless said otherwise: the vendor's docs and OpenAPI description, and
answers captured from the service. What a person does in the app is in `CloseAccount`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.providers import (
    close_answers as answers,
    close_bodies as bodies,
    close_listing,
    close_query,
)
from sandbox.providers.close_activities import ActivityCalls
from sandbox.providers.close_listing import fields_of, pick
from sandbox.providers.close_surface import FIELDS, PAGED
from sandbox.providers.service import Call, Record, Refusal, Reply, as_json

Handler = Callable[["CloseSim", Call, str], Reply]

_BASE = "/api/v1"
_SEARCH = "/data/search/"
_WRITES = ("POST", "PUT")


class CloseSim(ActivityCalls):
    """One organization of Close behind one API key; its owner is `key_owner`."""

    title = "Close"
    posted_reads = frozenset({_BASE + _SEARCH})

    def too_many(self, retry_after: int) -> Reply:
        told = f"limit={self.rate_limit.limit}, remaining=0, reset={retry_after}"
        return answers.rate_limited({"RateLimit": told, "Retry-After": str(retry_after)})

    def answer(self, call: Call) -> Reply:
        group = f"{call.method in _WRITES} {call.path.removeprefix(_BASE).split('/')[1:2]}"
        now = self.clock.now()
        if not self.rate_limit.take(group, now):
            return answers.rate_limited(self.rate_limit.refusal_headers(group, now))
        noted = len(self.violations)
        try:
            reply = self._route(bodies.overridden(call))
        except Refusal as refusal:
            reply = refusal.reply
            if reply.status == 400 and not refusal.blameless and len(self.violations) == noted:
                self.note(call, f"is malformed: {reply.body.decode()}")
        finally:
            self.request_meta = {}
        headers = {**reply.headers, **self.rate_limit.headers(group, now)}
        return Reply(reply.status, reply.body, headers, reply.media_type)

    def _route(self, call: Call) -> Reply:
        self._authenticate(call)
        for pattern, methods in _ROUTES:
            match = pattern.fullmatch(call.path)
            if match is None:
                continue
            if call.method not in methods:
                self.note(call, "uses a method that the address doesn't know")
                raise answers.refuse(405, "The method is not allowed for the requested URL.")
            if call.method in _WRITES and call.raw and not call.is_json:
                self.note(call, "came without Content-Type: application/json")
                raise answers.refuse(415, "Content-Type must be application/json.")
            if self.read_only and call.method != "GET" and call.path != _BASE + _SEARCH:
                raise answers.forbidden()
            self.request_meta = {"request_path": call.path, "request_method": call.method}
            return methods[call.method](self, call, match.group(1) if match.groups() else "")
        self.note(call, "is no address of the API (each ends in a slash)")
        raise answers.no_url()

    def _authenticate(self, call: Call) -> None:
        """Basic with the key as user and an empty password, or Bearer with an OAuth token."""
        scheme, _, credentials = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            if credentials == self.access_token and self.key_is_good(self.key):
                return
            raise answers.unauthorized()
        user, password = _basic(credentials) if scheme.lower() == "basic" else (None, "")
        if user is None:
            self.note(call, "came without usable credentials")
        if password:
            self.note(call, "sent a password; the key goes alone")
        if user is None or password or not self.key_is_good(user):
            raise answers.unauthorized()

    # Tasks.

    def list_tasks(self, call: Call, _: str) -> Reply:
        """`GET /task/`."""
        given = self.query(call, close_query.LISTING)
        window = close_listing.window(given, self.max_limit, self.max_skip)
        breakage = self.breakage(window.page)
        return close_listing.tasks(self.tasks, given, window, self.day(call), breakage)

    def create_task(self, call: Call, _: str) -> Reply:
        """`POST /task/`: 200, not 201. `_type` may be left out, then it is a lead task."""
        given = self.query(call, FIELDS)
        body = bodies.read_object(call)
        kind = body.get("_type", "lead")
        if kind not in {"lead", "outgoing_call"}:
            self.note(call, "creates a type of task that can't be created")
            raise answers.refuse_fields({"_type": answers.NO_CHOICE})
        lead_task = kind == "lead"
        self.checked(call, body, bodies.CREATE_LEAD_TASK if lead_task else bodies.CREATE_CALL_TASK)
        owner = self.key_owner["id"]
        fields = {"assigned_to": owner, "created_by": owner, **body}
        day = self.day(call)
        task = self.make_task(kind, fields, day.today.isoformat())
        return self._one(task, given, day)

    def update_tasks(self, call: Call, _: str) -> Reply:
        """`PUT /task/`: every task that the filters match, all of them without any."""
        body = bodies.read_object(call)
        listed = [*call.query, *bodies.take_params(body)]
        given = self.query(replace(call, query=listed), close_query.FILTERS | FIELDS)
        if not any(given.get(name) for name in close_query.FILTERS):
            self.note(call, "updates every task of the organization")
        self.checked(call, body, bodies.UPDATE_MANY)
        tests = close_query.tests(given, self.day(call))
        for task in [task for task in self.tasks if all(test(task) for test in tests)]:
            self._update(task, body)
        return as_json(200, {"ok": True})

    def get_task(self, call: Call, task_id: str) -> Reply:
        """`GET /task/{id}/`."""
        given = self.query(call, FIELDS)
        return self._one(self._task(task_id), given, self.day(call))

    def update_task(self, call: Call, task_id: str) -> Reply:
        """`PUT /task/{id}/`: as a PATCH, only what is sent changes."""
        given = self.query(call, FIELDS)
        body = bodies.read_object(call) if call.raw else {}
        task = self._task(task_id)
        self.checked(call, body, bodies.UPDATE_ONE)
        self._update(task, body)
        return self._one(task, given, self.day(call))

    def delete_task(self, call: Call, task_id: str) -> Reply:
        """`DELETE /task/{id}/`."""
        self.query(call, frozenset())
        self._task(task_id)
        self.remove(task_id)
        return as_json(200, {})

    def _task(self, task_id: str) -> Record:
        task = self.tasks.get(task_id)
        if task is None:
            raise answers.no_object("Task")
        return task

    def _update(self, task: Record, body: Record) -> None:
        """Whatever comes through the key is by the key's owner. `text` of the tasks that Close
        makes by itself can't be changed."""
        if "text" in body and task["_type"] not in {"lead", "outgoing_call"}:
            raise answers.refuse_fields({"text": "Only the text of lead tasks can be changed."})
        fields = dict(body)
        due = fields.pop("due_date", None)
        if due is not None:
            fields.setdefault("date", due)
        self.change(task, fields, self.key_owner)

    def _one(self, task: Record, given: Mapping[str, str], day: close_query.Day) -> Reply:
        whole = {**task, "view": task.get("view", day.view(task))}
        return as_json(200, pick(whole, fields_of(given)))

    # People.

    def me(self, call: Call, _: str) -> Reply:
        """`GET /me/`: the key's owner; the organizations are objects here."""
        given = self.query(call, FIELDS)
        members = [m for m in self.memberships(True) if m["user_id"] == self.key_owner["id"]]
        organization = {
            "id": self.organization_id,
            "name": "Sandbox Inc.",
            "lead_statuses": [],
            "pipelines": [],
        }
        whole = {
            **self.key_owner,
            "last_used_timezone": "America/Denver",
            "organizations": [organization],
            "memberships": members,
            "email_accounts": [],
            "phone_numbers": [],
        }
        return as_json(200, pick(whole, fields_of(given)))

    def list_users(self, call: Call, _: str) -> Reply:
        """`GET /user/`: former members have no organizations."""
        given = self.query(call, PAGED | {"_order_by"})
        names = given.get("_order_by", "last_name,first_name").split(",")
        if sorted(names) != ["first_name", "last_name"]:
            raise answers.refuse_fields({"_order_by": answers.NO_CHOICE})
        users = sorted(self.users.values(), key=lambda user: [user[name] for name in names])
        return self.page(users, given)

    def get_user(self, call: Call, user_id: str) -> Reply:
        """`GET /user/{id}/`."""
        given = self.query(call, FIELDS)
        if user_id not in self.users:
            raise answers.no_object("User")
        return as_json(200, pick(self.users[user_id], fields_of(given)))

    def get_organization(self, call: Call, organization_id: str) -> Reply:
        """`GET /organization/{id}/`: memberships, those of former members apart."""
        given = self.query(call, FIELDS | {"_expand"})
        if organization_id != self.organization_id:
            raise answers.no_object("Organization")
        lists = {
            "memberships": self.memberships(True),
            "inactive_memberships": self.memberships(False),
        }
        for expanded in given.get("_expand", "").split(","):
            for member in lists.get(expanded.removesuffix("__user"), []):
                member["user"] = self.users[member["user_id"]]
        whole = {"id": organization_id, "name": "Sandbox Inc.", "currency": "USD", **lists}
        return as_json(200, pick(whole, fields_of(given)))


_ID = "([^/]+)/"
_ADDRESSES: Mapping[str, Mapping[str, Handler]] = {
    "/task/": {
        "GET": CloseSim.list_tasks,
        "POST": CloseSim.create_task,
        "PUT": CloseSim.update_tasks,
    },
    f"/task/{_ID}": {
        "GET": CloseSim.get_task,
        "PUT": CloseSim.update_task,
        "DELETE": CloseSim.delete_task,
    },
    "/me/": {"GET": CloseSim.me},
    "/user/": {"GET": CloseSim.list_users},
    f"/user/{_ID}": {"GET": CloseSim.get_user},
    f"/organization/{_ID}": {"GET": CloseSim.get_organization},
    _SEARCH: {"POST": CloseSim.search},
    "/activity/note/": {"GET": CloseSim.list_notes, "POST": CloseSim.create_note},
    "/activity/task_completed/": {"GET": CloseSim.list_completions},
    f"/activity/task_completed/{_ID}": {
        "GET": CloseSim.get_completion,
        "DELETE": CloseSim.delete_completion,
    },
    "/webhook/": {"GET": CloseSim.list_webhooks, "POST": CloseSim.create_webhook},
    f"/webhook/{_ID}": {
        "GET": CloseSim.get_webhook,
        "PUT": CloseSim.update_webhook,
        "DELETE": CloseSim.delete_webhook,
    },
    "/event/": {"GET": CloseSim.list_events},
    f"/event/{_ID}": {"GET": CloseSim.get_event},
}
_ROUTES = [(re.compile(_BASE + path), methods) for path, methods in _ADDRESSES.items()]


def _basic(credentials: str) -> tuple[str | None, str]:
    """User and password of a Basic header; no user when it can't be read."""
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except ValueError:
        return None, ""
    user, _, password = text.partition(":")
    return user, password
