"""The state of a simulated Close organization, and what its people do in the app.

Every change goes through `change`, whoever makes it: it keeps the invariants of a task
(completion, dates, names), moves `date_updated`, and writes the event log.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.providers.book import Book
from sandbox.providers.close_records import (
    date_text,
    full_name,
    make_id,
    membership,
    naive_stamp,
    new_task,
    new_user,
    stamp,
    task_completed,
)
from sandbox.providers.service import Record

_NAMED = {
    "assigned_to": "assigned_to_name",
    "created_by": "created_by_name",
    "updated_by": "updated_by_name",
    "lead_id": "lead_name",
    "contact_id": "contact_name",
}
_BY_PEOPLE = ("lead", "outgoing_call")


class CloseAccount:
    """One organization: its users, leads, tasks, activities and events."""

    def __init__(self, clock: Clock, key: str) -> None:
        self.clock = clock
        self._seed = key
        self._made = 0
        self._last = datetime.min.replace(tzinfo=UTC)
        self.organization_id = self.new_id("orga")
        self.users: dict[str, Record] = {}
        self.leads: dict[str, Record] = {}
        self.contacts: dict[str, Record] = {}
        self.completions: dict[str, Record] = {}
        """TaskCompleted activities by id."""
        self.notes: list[Record] = []
        self.events: list[Record] = []
        """The event log, oldest first."""
        self.tasks = Book()
        self.request_meta: Record = {}
        """The API request under way, for the events that it causes."""
        self.key_owner = self.add_user("Key Owner", "owner@example.com")

    @property
    def revision(self) -> int:
        """Another one whenever a task or the notes on a lead have changed."""
        return self.tasks.revision + len(self.notes)

    def new_id(self, prefix: str) -> str:
        """An id of the vendor's form, the same in every run."""
        self._made += 1
        return make_id(prefix, f"{self._seed}/{self._made}")

    def tick(self) -> datetime:
        """Now, but later than any instant given before: no two changes share a time stamp."""
        self._last = max(self.clock.now(), self._last + timedelta(microseconds=1))
        return self._last

    # People, leads, contacts.

    def add_user(self, name: str, email: str, active: bool = True) -> Record:
        """A member of the organization, or (inactive) a former one."""
        now = stamp(self.tick())
        user = new_user(self.new_id("user"), name, email, self.organization_id, now)
        self.users[user["id"]] = user
        if not active:
            self.deactivate(user["id"])
        return user

    def deactivate(self, user_id: str) -> None:
        """Make a user a former member: no organizations, an inactive membership."""
        self.users[user_id]["organizations"] = []

    def add_lead(self, name: str) -> Record:
        """A lead without contacts."""
        lead_id = self.new_id("lead")
        now = stamp(self.tick())
        lead = {
            "id": lead_id,
            "display_name": name,
            "name": name,
            "organization_id": self.organization_id,
            "html_url": f"https://app.close.com/lead/{lead_id}/",
            "date_created": now,
            "date_updated": now,
        }
        self.leads[lead_id] = lead
        return lead

    def add_contact(self, lead: Record, name: str) -> Record:
        """A contact of a lead."""
        contact = {"id": self.new_id("cont"), "lead_id": lead["id"], "name": name}
        self.contacts[contact["id"]] = contact
        return contact

    def rename(self, record_id: str, name: str) -> None:
        """Rename a user, lead or contact; tasks show the new name, their `date_updated` stays."""
        if record_id in self.users:
            first, _, last = name.partition(" ")
            self.users[record_id] |= {"first_name": first, "last_name": last}
        elif record_id in self.leads:
            now = stamp(self.tick())
            self.leads[record_id] |= {"name": name, "display_name": name, "date_updated": now}
        else:
            self.contacts[record_id]["name"] = name
        for task in self.tasks:
            for key, shown in _NAMED.items():
                if task[key] == record_id:
                    task[shown] = name
                    self.tasks.touch(task["id"])

    def memberships(self, active: bool) -> list[Record]:
        """The members, or the former ones."""
        chosen = [user for user in self.users.values() if bool(user["organizations"]) is active]
        return [membership(user, self.organization_id) for user in chosen]

    # Tasks.

    def add_task(
        self,
        text: str | None = "Connect with the account manager",
        assigned_to: str | None = None,
        lead: Record | None = None,
        date: str | datetime | None = None,
        type: str = "lead",  # noqa: A002 - the vendor's word
        **overrides: Any,
    ) -> Record:
        """Create a task and return its live record; change it through `edit` only.

        A `str` date is a day, a `datetime` an instant, None is dateless. Tasks of the types that
        people make are by the key's owner, the others by nobody. `overrides` are fields by the
        vendor's names and win over everything, names of people and leads included.
        """
        fields: Record = {
            "text": text,
            "assigned_to": assigned_to,
            "lead_id": lead and lead["id"],
            "created_by": self.key_owner["id"] if type in _BY_PEOPLE else None,
            "is_complete": overrides.pop("is_complete", False),
        }
        if date is not None:
            fields["date"] = date_text(date)
        return self.make_task(type, fields, self.clock.now().date().isoformat(), overrides)

    def make_task(
        self, kind: str, fields: Record, today: str, overrides: Record | None = None
    ) -> Record:
        """Create a task from vendor fields. Without a date it is dateless and stands today."""
        prefix = "task" if kind in _BY_PEOPLE else "noti"
        task = new_task(self.new_id(prefix), kind, self.organization_id, stamp(self.tick()))
        done = fields.get("is_complete") is True
        task |= {name: value for name, value in fields.items() if name in task}
        task["is_complete"] = False
        dateless = fields.get("date") is None or fields.get("is_dateless") is True
        self._set_date(task, today if dateless else fields["date"], dateless)
        task["updated_by"] = task["created_by"]
        task |= self._names(task)
        self._override(task, overrides or {})
        self.tasks.add(task)
        self._log("created", task, {})
        if done:
            self.change(task, {"is_complete": True}, self.key_owner)
        return task

    def edit(self, task_id: str, by: str | None = None, **fields: Any) -> Record:
        """Change a task in the app, as the given user (the key's owner when None)."""
        task = self.tasks[task_id]
        if unknown := fields.keys() - task.keys():
            raise KeyError(*unknown)
        if isinstance(fields.get("date"), datetime):
            fields["date"] = date_text(fields["date"])
        self.change(task, fields, self.users[by] if by else self.key_owner)
        return task

    def complete_elsewhere(self, task_id: str, by: str | None = None) -> Record:
        """Complete a task in the app, as the given user (its assignee or the owner when None)."""
        return self.edit(task_id, by or self.tasks[task_id]["assigned_to"], is_complete=True)

    def reassign(self, task_id: str, user_id: str | None) -> Record:
        """Give a task to another user, or to nobody."""
        return self.edit(task_id, assigned_to=user_id)

    def remove(self, task_id: str) -> None:
        """Delete a task for good."""
        task = self.tasks.remove(task_id)
        self._log("deleted", task, dict(task))

    def change(self, task: Record, fields: Record, by: Record) -> None:
        """Apply vendor fields to a task. What changes nothing leaves `date_updated` alone."""
        wanted = self._implied(task, fields)
        before = {name: task.get(name) for name, value in wanted.items() if task.get(name) != value}
        if not before:
            return
        task |= {name: wanted[name] for name in before}
        if before.keys() & {"date", "is_dateless"}:
            before |= {"due_date": task.get("due_date")}
            self._set_date(task, task["date"], bool(task.get("is_dateless")))
        if "is_complete" in before:
            before |= {name: task[name] for name in ("object_type", "object_id")}
            self._mark_completion(task, by)
        before |= {name: task[name] for name in ("updated_by", "updated_by_name")}
        task |= {"updated_by": by["id"], "updated_by_name": full_name(by)}
        task["date_updated"] = stamp(self.tick())
        self.tasks.touch(task["id"])
        changed = {name: old for name, old in before.items() if task.get(name) != old}
        self._log("updated", task, changed)

    def remove_completion(self, activity_id: str) -> None:
        """Delete a TaskCompleted activity."""
        activity = self.completions.pop(activity_id)
        self._log("deleted", activity, dict(activity))

    def _override(self, task: Record, overrides: Record) -> None:
        """Put in what a test wants to see; a name that no such task has is a mistake of it."""
        unknown = overrides.keys() - task.keys() - {"view"}
        if unknown:
            raise KeyError(*unknown)
        task |= self._names(overrides) | overrides

    def _implied(self, task: Record, fields: Record) -> Record:
        """The fields with what follows from them: names, today's date for a task made dateless,
        no longer dateless for one that is given a date."""
        wanted = fields | self._names(fields)
        if fields.get("is_dateless") is True:
            wanted["date"] = self.clock.now().date().isoformat()
        elif "date" in fields and "is_dateless" in task:
            wanted["is_dateless"] = False
        return wanted

    def _names(self, fields: Record) -> Record:
        """The names that belong to the ids among the fields."""
        return {shown: self._name(fields[key]) for key, shown in _NAMED.items() if key in fields}

    def _name(self, record_id: str | None) -> str | None:
        if record_id is None:
            return None
        if record_id in self.users:
            return full_name(self.users[record_id])
        found = self.leads.get(record_id) or self.contacts.get(record_id)
        return found["name"] if found else None

    def _set_date(self, task: Record, text: str, dateless: bool) -> None:
        """Set the date and its shadows: the deprecated `due_date` repeats it, or is null."""
        task["date"] = text
        if "is_dateless" in task:
            task["is_dateless"] = dateless
        if "due_date" in task:
            task["due_date"] = None if dateless else text

    def _mark_completion(self, task: Record, by: Record) -> None:
        """Completing a lead task leaves a TaskCompleted activity, which the task then points to;
        reopening takes both away (not documented, our choice)."""
        if task["_type"] != "lead":
            return
        if task["is_complete"]:
            activity = task_completed(self.new_id("acti"), task, by, stamp(self.tick()))
            self.completions[activity["id"]] = activity
            task |= {"object_type": "taskcompleted", "object_id": activity["id"]}
            self._log("created", activity, {})
            return
        if task["object_id"] in self.completions:
            self.remove_completion(task["object_id"])
        task |= {"object_type": None, "object_id": None}

    def _log(self, action: str, subject: Record, previous: Record) -> None:
        """Write an event; its times are UTC without an offset, and `view` is null in it."""
        is_task = subject["_type"] != "TaskCompleted"
        moment = naive_stamp(self.tick())
        via_api = bool(self.request_meta)
        event = {
            "id": self.new_id("ev"),
            "date_created": moment,
            "date_updated": moment,
            "organization_id": self.organization_id,
            "user_id": subject["updated_by"],
            "request_id": self.new_id("req") if via_api else None,
            "api_key_id": self._seed.partition(".")[0] if via_api else None,
            "oauth_client_id": None,
            "oauth_scope": None,
            "object_type": f"task.{subject['_type']}" if is_task else "activity.task_completed",
            "object_id": subject["id"],
            "lead_id": subject["lead_id"],
            "action": action,
            "changed_fields": sorted(previous) if action == "updated" else [],
            "meta": dict(self.request_meta),
            "data": {} if action == "deleted" else {**subject, "view": None},
            "previous_data": previous,
        }
        self.events.append(event)
