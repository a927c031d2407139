"""What Close accepts in a request body: the vendor's OpenAPI schemas, unknown fields refused."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import replace

from sandbox.providers import close_answers as answers
from sandbox.providers.close_account import CloseAccount
from sandbox.providers.service import Call, Record
from sandbox.providers.shapes import Flaw, Kind, Problem, Rule, check

_TEXT = Rule()
_NULLABLE = Rule(nullable=True)
_FLAG = Rule(Kind.FLAG)
_DATE = Rule(Kind.DAY_OR_INSTANT)
_NEEDED = Rule(required=True)
_PRIORITY = Rule(choices=("high", "medium"))
_RESOLUTION = Rule(nullable=True, choices=("abandoned", "skipped"))

CREATE_LEAD_TASK = {
    "lead_id": _NEEDED,
    "text": _NEEDED,
    "_type": _TEXT,
    "assigned_to": _NULLABLE,
    "contact_id": _NULLABLE,
    "created_by": _TEXT,
    "date": _DATE,
    "date_created": Rule(Kind.INSTANT),
    "disable_notification": _FLAG,
    "due_date": _DATE,
    "is_complete": _FLAG,
    "is_dateless": _FLAG,
    "organization_id": _TEXT,
    "priority": _PRIORITY,
}
CREATE_CALL_TASK = {
    "lead_id": _NEEDED,
    "contact_id": _NEEDED,
    "_type": _TEXT,
    "agent_config_id": _NULLABLE,
    "assigned_to": _NULLABLE,
    "created_by": _TEXT,
    "date": _DATE,
    "is_complete": _FLAG,
    "organization_id": _TEXT,
    "text": _NULLABLE,
}
UPDATE_MANY = {
    "assigned_to": _NULLABLE,
    "date": _DATE,
    "is_complete": _FLAG,
    "organization_id": _TEXT,
    "priority": _PRIORITY,
    "resolution": _RESOLUTION,
    "text": _TEXT,
}
UPDATE_ONE = UPDATE_MANY | {
    "agent_config_id": _NULLABLE,
    "contact_id": _NULLABLE,
    "created_by": _NULLABLE,
    "due_date": _DATE,
    "is_dateless": _FLAG,
    "lead_id": _TEXT,
}
CREATE_NOTE = {
    "lead_id": _NEEDED,
    "_type": _TEXT,
    "contact_id": _NULLABLE,
    "created_by_id": _TEXT,
    "note": _TEXT,
    "note_html": _TEXT,
    "organization_id": _TEXT,
    "user_id": _TEXT,
}

_SENTENCES = {
    Flaw.UNKNOWN: answers.UNKNOWN_FIELD,
    Flaw.MISSING: answers.REQUIRED,
    Flaw.KIND: answers.WRONG_KIND,
    Flaw.CHOICE: answers.NO_CHOICE,
}
# The errors name the object, not its id field: `lead`, not `lead_id` (captured).
_ERROR_KEYS = {"lead_id": "lead", "contact_id": "contact"}


def read_object(call: Call) -> Record:
    """The JSON object of a request."""
    try:
        body = json.loads(call.raw)
    except ValueError:
        raise answers.refuse(400, "The request body is not valid JSON.") from None
    if not isinstance(body, dict):
        raise answers.refuse(400, "The request body must be a JSON object.")
    return body


def take_params(body: Record) -> list[tuple[str, str]]:
    """The filters that a body carries under `_params` (vendor docs, long filters); taken out."""
    params = body.pop("_params", {})
    if not isinstance(params, dict):
        raise answers.refuse_fields({"_params": answers.WRONG_KIND})
    return [(name, v if isinstance(v, str) else json.dumps(v)) for name, v in params.items()]


def overridden(call: Call) -> Call:
    """A POST that asks to be a GET becomes one, its query taken from the body."""
    if call.method != "POST" or call.headers.get("x-http-method-override") != "GET":
        return call
    listed = [*call.query, *take_params(read_object(call))]
    return replace(call, method="GET", query=listed, raw=b"")


def shape_errors(body: Record, rules: Mapping[str, Rule]) -> dict[str, str]:
    """Errors by field of a body against a schema."""
    return dict(_error(problem) for problem in check(body, rules))


def reference_errors(body: Record, account: CloseAccount) -> dict[str, str]:
    """Errors for ids that name nothing in the organization."""
    users, organizations = account.users, {account.organization_id}
    known: Mapping[str, Container[str]] = {
        "lead_id": account.leads,
        "contact_id": account.contacts,
        "assigned_to": users,
        "created_by": users,
        "created_by_id": users,
        "user_id": users,
        "organization_id": organizations,
    }
    return {
        _ERROR_KEYS.get(name, name): answers.NO_OBJECT
        for name, there in known.items()
        if body.get(name) is not None and body[name] not in there
    }


def _error(problem: Problem) -> tuple[str, str]:
    return _ERROR_KEYS.get(problem.field, problem.field), _SENTENCES[problem.flaw]
