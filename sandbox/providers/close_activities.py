"""The simulated Close's calls around tasks: leads, notes, completions, events, webhooks."""

from __future__ import annotations

from sandbox.providers import (
    close_answers as answers,
    close_bodies as bodies,
    close_events,
    close_listing,
    close_search,
)
from sandbox.providers.close_listing import fields_of, pick
from sandbox.providers.close_records import full_name, new_note, stamp
from sandbox.providers.close_surface import FIELDS, PAGED, CloseSurface
from sandbox.providers.service import Call, Reply, as_json


class ActivityCalls(CloseSurface):
    """What is asked of an organization beside its tasks and people."""

    def search(self, call: Call, _: str) -> Reply:
        """`POST /data/search/`: changes nothing."""
        self.query(call, frozenset())
        leads = list(self.leads.values())
        return as_json(200, close_search.search(leads, bodies.read_object(call)))

    def list_notes(self, call: Call, _: str) -> Reply:
        """`GET /activity/note/`, newest first."""
        given = self.query(call, close_listing.ACTIVITY_FILTERS | PAGED)
        tests = close_listing.activity_tests(given, self.day(call))
        newest = reversed(self.notes)
        return self.page([one for one in newest if all(test(one) for test in tests)], given)

    def create_note(self, call: Call, _: str) -> Reply:
        """`POST /activity/note/`: by the key's owner unless a user is named."""
        given = self.query(call, FIELDS)
        body = bodies.read_object(call)
        self.checked(call, body, bodies.CREATE_NOTE)
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
        given = self.query(call, close_listing.ACTIVITY_FILTERS | PAGED)
        tests = close_listing.activity_tests(given, self.day(call))
        newest = reversed(self.completions.values())
        return self.page([one for one in newest if all(test(one) for test in tests)], given)

    def get_completion(self, call: Call, activity_id: str) -> Reply:
        """`GET /activity/task_completed/{id}/`."""
        given = self.query(call, FIELDS)
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
        given = self.query(call, PAGED)
        return self.page([self.webhooks.shown(one) for one in self.webhooks.listed()], given)

    def create_webhook(self, call: Call, _: str) -> Reply:
        """`POST /webhook/`: 201 here."""
        self.query(call, frozenset())
        return as_json(201, self.webhooks.create(bodies.read_object(call)))

    def get_webhook(self, call: Call, webhook_id: str) -> Reply:
        """`GET /webhook/{id}/`."""
        self.query(call, frozenset())
        return as_json(200, self.webhooks.shown(self.webhooks.get(webhook_id)))

    def update_webhook(self, call: Call, webhook_id: str) -> Reply:
        """`PUT /webhook/{id}/`."""
        self.query(call, frozenset())
        changed = self.webhooks.update(webhook_id, bodies.read_object(call))
        return as_json(200, self.webhooks.shown(changed))

    def delete_webhook(self, call: Call, webhook_id: str) -> Reply:
        """`DELETE /webhook/{id}/`."""
        self.query(call, frozenset())
        self.webhooks.delete(webhook_id)
        return as_json(200, {})
