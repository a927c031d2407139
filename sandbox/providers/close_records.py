"""Close's task, user, lead and activity objects, in the shapes of the vendor's OpenAPI examples."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from sandbox.providers.service import Record

_CALL = {
    "phone": "+16503334444",
    "phone_formatted": "+1 650-333-4444",
    "phone_number_description": "California",
    "local_phone": "+19193332031",
}
_THREAD = {"subject": "December 2014 Metrics", "body_preview": "Hi, here are the numbers"}

OWN_FIELDS: dict[str, Record] = {
    "lead": {
        "text": "",
        "is_dateless": False,
        "due_date": None,
        "sequence_id": None,
        "sequence_subscription_id": None,
    },
    "outgoing_call": {
        "text": None,
        "is_dateless": False,
        "agent_config_id": None,
        "resolution": None,
        "step_id": None,
        "sequence_id": None,
        "sequence_subscription_id": None,
        "deduplication_key": None,
        "is_primary_lead_notification": True,
    },
    "incoming_email": {**_THREAD, "emails": ["acti_email1"]},
    "email_followup": {**_THREAD, "email_id": "acti_email1"},
    "missed_call": _CALL,
    "answered_detached_call": {**_CALL, "recording_url": "https://api.close.com/recording.mp3"},
    "voicemail": {
        **_CALL,
        "voicemail_duration": 21,
        "voicemail_url": "https://api.close.com/voicemail.mp3",
    },
    "opportunity_due": {
        "opportunity_note": "tqm cvr",
        "opportunity_value": 130000,
        "opportunity_value_currency": "USD",
        "opportunity_value_formatted": "$1,300",
        "opportunity_value_period": "one_time",
    },
    "incoming_sms": {
        "text": "",
        "remote_phone": "+18189347000",
        "remote_phone_formatted": "+1 818-934-7000",
        "remote_phone_description": "California",
        "local_phone": "+19193332031",
        "attachments": [],
    },
}
"""The nine task types of the vendor's docs, each with the fields that only it has."""

_OBJECTS = {
    "incoming_email": "emailthread",
    "email_followup": "emailthread",
    "missed_call": "call",
    "answered_detached_call": "call",
    "voicemail": "call",
    "opportunity_due": "opportunity",
    "incoming_sms": "sms",
}


def make_id(prefix: str, seed: str) -> str:
    """An id of the vendor's form, the same for the same seed."""
    digest = hashlib.sha256(f"{prefix}/{seed}".encode()).digest()
    return f"{prefix}_{base64.b64encode(digest, altchars=b'xX').decode()[:43]}"


def stamp(moment: datetime) -> str:
    """An instant as Close writes it in tasks: microseconds and `+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def naive_stamp(moment: datetime) -> str:
    """An instant as Close writes it in events: UTC without saying so."""
    return stamp(moment).removesuffix("+00:00")


def date_text(value: str | datetime) -> str:
    """A task's `date`: date-only as given, a date-time with its offset in UTC."""
    return value if isinstance(value, str) else value.astimezone(UTC).isoformat()


def new_user(user_id: str, name: str, email: str, organization_id: str, now: str) -> Record:
    """A user as `GET /user/` shows one; the organizations there are ids."""
    first, _, last = name.partition(" ")
    return {
        "id": user_id,
        "email": email,
        "first_name": first,
        "last_name": last,
        "image": f"https://secure.gravatar.com/avatar/{user_id[-8:]}",
        "date_created": now,
        "date_updated": now,
        "organizations": [organization_id],
        "google_profile_image_url": None,
    }


def full_name(user: Record | None) -> str | None:
    """A user's name as tasks carry it."""
    return f"{user['first_name']} {user['last_name']}".strip() if user else None


def new_task(task_id: str, kind: str, organization_id: str, now: str) -> Record:
    """A task that still wants its lead, assignee and date."""
    object_type = _OBJECTS.get(kind)
    object_prefix = "oppo" if object_type == "opportunity" else "acti"
    return {
        "_type": kind,
        "id": task_id,
        "organization_id": organization_id,
        "assigned_to": None,
        "assigned_to_name": None,
        "contact_id": None,
        "contact_name": None,
        "created_by": None,
        "created_by_name": None,
        "updated_by": None,
        "updated_by_name": None,
        "date": None,
        "date_created": now,
        "date_updated": now,
        "is_complete": False,
        "lead_id": None,
        "lead_name": None,
        "object_type": object_type,
        "object_id": make_id(object_prefix, task_id) if object_type else None,
        "priority": None,
        **OWN_FIELDS[kind],
        # Not documented: "undocumented fields may appear or vanish without warning".
        "is_new": True,
        "_internal": {"shard": 7, "labels": ["a", "b"]},
    }


def task_completed(activity_id: str, task: Record, user: Record, now: str) -> Record:
    """The activity on the lead's timeline that a completion leaves."""
    name = full_name(user)
    return {
        "_type": "TaskCompleted",
        "id": activity_id,
        "activity_at": now,
        "created_by": user["id"],
        "created_by_name": name,
        "date_created": now,
        "date_updated": now,
        "contact_id": task["contact_id"],
        "lead_id": task["lead_id"],
        "organization_id": task["organization_id"],
        "task_assigned_to": task["assigned_to"],
        "task_assigned_to_name": task["assigned_to_name"],
        "task_id": task["id"],
        "task_text": task.get("text"),
        "updated_by": user["id"],
        "updated_by_name": name,
        "user_id": user["id"],
        "user_name": name,
        "users": [],
    }


def membership(user: Record, organization_id: str) -> Record:
    """A user's place in the organization, as `GET /organization/{id}/` lists it."""
    return {
        "id": make_id("memb", user["id"]),
        "organization_id": organization_id,
        "user_id": user["id"],
        "user_email": user["email"],
        "user_first_name": user["first_name"],
        "user_last_name": user["last_name"],
        "user_full_name": full_name(user),
        "user_phone": None,
        "role_id": "admin",
        "permissions_granted": [],
    }


def new_note(
    note_id: str, author: Record, fields: dict[str, Any], lead: Record, now: str
) -> Record:
    """A note on a lead's timeline."""
    name = full_name(author)
    text = fields.get("note")
    return {
        "_type": "Note",
        "id": note_id,
        "lead_id": lead["id"],
        "contact_id": fields.get("contact_id"),
        "organization_id": lead["organization_id"],
        "note": text,
        "note_html": fields.get("note_html") or f"<p>{text}</p>",
        "user_id": author["id"],
        "user_name": name,
        "created_by": author["id"],
        "created_by_name": name,
        "updated_by": author["id"],
        "updated_by_name": name,
        "date_created": now,
        "date_updated": now,
        "activity_at": now,
        "users": [],
        "pinned": False,
    }
