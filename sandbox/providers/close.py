"""A simulated Close: tasks, people, notes, completions, events and webhooks of `api/v1`.

Source of every behaviour, unless said otherwise: the vendor's docs and OpenAPI description, and
answers captured from the service. What a person does in the app is in `CloseAccount`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from sandbox.clock import Clock
from sandbox.providers import (
    close_answers as answers,
    close_bodies as bodies,
    close_events,
    close_listing,
    close_query,
)
from sandbox.providers.close_account import CloseAccount
from sandbox.providers.close_listing import fields_of, pick
from sandbox.providers.close_rate import RateLimit
from sandbox.providers.close_records import full_name, new_note, stamp
from sandbox.providers.close_webhooks import Webhooks
from sandbox.providers.service import Call, ProviderSim, Record, Refusal, Reply, as_json
from sandbox.providers.shapes import Rule

Handler = Callable[["CloseSim", Call, str], Reply]

_BASE = "/api/v1"
_WRITES = ("POST", "PUT")


class CloseSim(CloseAccount, ProviderSim):
    """One organization of Close behind one API key; its owner is `key_owner`."""

    def __init__(
        self,
        clock: Clock,
        key: str = "api_sandbox.sandbox",
        access_token: str = "sandbox-token",
        max_limit: int = 100,
        max_skip: int = 250_000,
    ) -> None:
        ProviderSim.__init__(self, clock, key)
        CloseAccount.__init__(self, clock, key)
        self.access_token = access_token
        self.max_limit = max_limit
        self.max_skip = max_skip
        """The vendor has such bounds and doesn't publish them."""
        self.read_only = False
        """Whether the role of the key's owner forbids every change: 403 in plain text."""
        self.rate_limit = RateLimit()
        self.webhooks = Webhooks(self)

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
            if self.read_only and call.method != "GET":
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

    def query(self, call: Call, accepted: frozenset[str]) -> dict[str, str]:
        """The query parameters, each known and given once."""
        given = dict(call.query)
        wrong = {name: "Unknown parameter." for name in given if name not in accepted}
        if len(given) < len(call.query):
            wrong["_params"] = "Repeated parameter."
        if wrong:
            self.note(call, f"has unknown or repeated query parameters: {', '.join(wrong)}")
            raise answers.refuse_fields(wrong)
        if any(name.startswith("due_date") for name in given):
            self.note(call, "filters by the deprecated due_date")
        return given

    def day(self, call: Call) -> close_query.Day:
        """The caller's day."""
        return close_query.caller_day(call.headers, self.clock.now())

    def _checked(self, call: Call, body: Record, rules: Mapping[str, Rule]) -> None:
        """Refuse a body outside its schema; ids that name nothing are no violation."""
        wrong = bodies.shape_errors(body, rules)
        if wrong:
            self.note(call, f"has a body outside the schema: {', '.join(sorted(wrong))}")
        elif "due_date" in body:
            self.note(call, "writes the deprecated due_date")
        missing = bodies.reference_errors(body, self)
        if wrong or missing:
            raise answers.refuse_fields(missing | wrong, blameless=not wrong)

    # Tasks.

    def list_tasks(self, call: Call, _: str) -> Reply:
        """`GET /task/`."""
        given = self.query(call, close_query.LISTING)
        window = close_listing.window(given, self.max_limit, self.max_skip)
        breakage = self.breakage(window.page)
        return close_listing.tasks(self.tasks, given, window, self.day(call), breakage)

    def create_task(self, call: Call, _: str) -> Reply:
        """`POST /task/`: 200, not 201. `_type` may be left out, then it is a lead task."""
        given = self.query(call, _FIELDS)
        body = bodies.read_object(call)
        kind = body.get("_type", "lead")
        if kind not in {"lead", "outgoing_call"}:
            self.note(call, "creates a type of task that can't be created")
            raise answers.refuse_fields({"_type": answers.NO_CHOICE})
        lead_task = kind == "lead"
        self._checked(call, body, bodies.CREATE_LEAD_TASK if lead_task else bodies.CREATE_CALL_TASK)
        owner = self.key_owner["id"]
        fields = {"assigned_to": owner, "created_by": owner, **body}
        day = self.day(call)
        task = self.make_task(kind, fields, day.today.isoformat())
        return self._one(task, given, day)

    def update_tasks(self, call: Call, _: str) -> Reply:
        """`PUT /task/`: every task that the filters match, all of them without any."""
        body = bodies.read_object(call)
        listed = [*call.query, *bodies.take_params(body)]
        given = self.query(replace(call, query=listed), close_query.FILTERS | _FIELDS)
        if not any(given.get(name) for name in close_query.FILTERS):
            self.note(call, "updates every task of the organization")
        self._checked(call, body, bodies.UPDATE_MANY)
        tests = close_query.tests(given, self.day(call))
        for task in [task for task in self.tasks if all(test(task) for test in tests)]:
            self._update(task, body)
        return as_json(200, {"ok": True})

    def get_task(self, call: Call, task_id: str) -> Reply:
        """`GET /task/{id}/`."""
        given = self.query(call, _FIELDS)
        return self._one(self._task(task_id), given, self.day(call))

    def update_task(self, call: Call, task_id: str) -> Reply:
        """`PUT /task/{id}/`: as a PATCH, only what is sent changes."""
        given = self.query(call, _FIELDS)
        body = bodies.read_object(call) if call.raw else {}
        task = self._task(task_id)
        self._checked(call, body, bodies.UPDATE_ONE)
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
        given = self.query(call, _FIELDS)
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
        given = self.query(call, _PAGED | {"_order_by"})
        names = given.get("_order_by", "last_name,first_name").split(",")
        if sorted(names) != ["first_name", "last_name"]:
            raise answers.refuse_fields({"_order_by": answers.NO_CHOICE})
        users = sorted(self.users.values(), key=lambda user: [user[name] for name in names])
        return self._page(users, given)

    def get_user(self, call: Call, user_id: str) -> Reply:
        """`GET /user/{id}/`."""
        given = self.query(call, _FIELDS)
        if user_id not in self.users:
            raise answers.no_object("User")
        return as_json(200, pick(self.users[user_id], fields_of(given)))

    def get_organization(self, call: Call, organization_id: str) -> Reply:
        """`GET /organization/{id}/`: memberships, those of former members apart."""
        given = self.query(call, _FIELDS | {"_expand"})
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

    # Activities and events.

    def create_note(self, call: Call, _: str) -> Reply:
        """`POST /activity/note/`: by the key's owner unless a user is named."""
        given = self.query(call, _FIELDS)
        body = bodies.read_object(call)
        self._checked(call, body, bodies.CREATE_NOTE)
        if "note" not in body and "note_html" not in body:
            self.note(call, "makes a note without text")
            raise answers.refuse_fields({"note": answers.REQUIRED})
        author = self.users[body.get("user_id") or self.key_owner["id"]]
        lead = self.leads[body["lead_id"]]
        made = new_note(self.new_id("acti"), author, body, lead, stamp(self.tick()))
        if "created_by_id" in body:
            creator = self.users[body["created_by_id"]]
            made |= {"created_by": creator["id"], "created_by_name": full_name(creator)}
        self.notes.append(made)
        return as_json(200, pick(made, fields_of(given)))

    def list_completions(self, call: Call, _: str) -> Reply:
        """`GET /activity/task_completed/`, newest first."""
        given = self.query(call, close_listing.COMPLETION_FILTERS | _PAGED)
        tests = close_listing.completion_tests(given, self.day(call))
        newest = reversed(self.completions.values())
        return self._page([one for one in newest if all(test(one) for test in tests)], given)

    def get_completion(self, call: Call, activity_id: str) -> Reply:
        """`GET /activity/task_completed/{id}/`."""
        given = self.query(call, _FIELDS)
        if activity_id not in self.completions:
            raise answers.no_object("TaskCompleted")
        return as_json(200, pick(self.completions[activity_id], fields_of(given)))

    def delete_completion(self, call: Call, activity_id: str) -> Reply:
        """`DELETE /activity/task_completed/{id}/`."""
        self.get_completion(call, activity_id)
        self.remove_completion(activity_id)
        return as_json(200, {})

    def list_events(self, call: Call, _: str) -> Reply:
        """`GET /event/`: only listed combinations of filters."""
        given = self.query(call, close_events.PARAMETERS)
        if not close_events.allowed(given):
            self.note(call, "combines event filters in a way that is not listed")
            raise answers.refuse(400, "This combination of filters is not supported.")
        return as_json(200, close_events.page(self.events, given, self.day(call)))

    def get_event(self, call: Call, event_id: str) -> Reply:
        """`GET /event/{id}/`."""
        self.query(call, frozenset())
        for event in self.events:
            if event["id"] == event_id:
                return as_json(200, event)
        raise answers.no_object("Event")

    def list_webhooks(self, call: Call, _: str) -> Reply:
        """`GET /webhook/`."""
        given = self.query(call, _PAGED)
        return self._page(list(self.webhooks.subscriptions.values()), given)

    def create_webhook(self, call: Call, _: str) -> Reply:
        """`POST /webhook/`: 201 here."""
        self.query(call, frozenset())
        return as_json(201, self.webhooks.create(bodies.read_object(call)))

    def get_webhook(self, call: Call, webhook_id: str) -> Reply:
        """`GET /webhook/{id}/`."""
        self.query(call, frozenset())
        return as_json(200, self.webhooks.get(webhook_id))

    def update_webhook(self, call: Call, webhook_id: str) -> Reply:
        """`PUT /webhook/{id}/`."""
        self.query(call, frozenset())
        return as_json(200, self.webhooks.update(webhook_id, bodies.read_object(call)))

    def delete_webhook(self, call: Call, webhook_id: str) -> Reply:
        """`DELETE /webhook/{id}/`."""
        self.query(call, frozenset())
        self.webhooks.delete(webhook_id)
        return as_json(200, {})

    def _page(self, records: list[Record], given: Mapping[str, str]) -> Reply:
        window = close_listing.window(given, self.max_limit, self.max_skip)
        return close_listing.plain(records, given, window)


_FIELDS = frozenset({"_fields"})
_PAGED = _FIELDS | {"_limit", "_skip"}

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
    "/activity/note/": {"POST": CloseSim.create_note},
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
