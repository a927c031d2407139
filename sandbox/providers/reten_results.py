"""The body of Reten's "Submit Result": its field table, and what is kept of it."""

from __future__ import annotations

from sandbox.providers.service import Record
from sandbox.providers.shapes import Flaw, Kind, Problem, Rule, check

_BODY = {
    "activity_id": Rule(Kind.UUID),
    "provider_activity_id": Rule(),
    "commerce_external_id": Rule(required=True),
    "occurred_at": Rule(Kind.INSTANT, required=True),
    "status": Rule(required=True, choices=("EFFECTIVE", "NOT_EFFECTIVE", "PENDING")),
    "external_status": Rule(),
    "hard_override": Rule(Kind.FLAG),
    "raw_payload": Rule(Kind.OBJECT),
    "task_result": Rule(Kind.OBJECT, required=True),
}
_TASK_RESULT = {
    "result": Rule(required=True),
    "comment": Rule(),
    "contact_type": Rule(choices=("INBOUND", "OUTBOUND")),
    "operator_external_id": Rule(),
    "future_scheduled_at": Rule(Kind.INSTANT),
    "payload": Rule(Kind.OBJECT),
}
_KINDS = {
    Kind.TEXT: "must be a string",
    Kind.UUID: "must be a UUID",
    Kind.INSTANT: "must be a valid ISO 8601 date string",
    Kind.FLAG: "must be a boolean value",
    Kind.OBJECT: "must be an object",
}
_KEPT = {
    "result": "result",
    "comment": "comment",
    "contact_type": "contactType",
    "operator_external_id": "operatorExternalId",
    "future_scheduled_at": "futureScheduledAt",
    "payload": "payload",
}


def problems(body: Record) -> list[str]:
    """What is wrong with a submission, in the words of NestJS's validation."""
    found = [_sentence("", problem) for problem in check(body, _BODY)]
    if "activity_id" not in body and "provider_activity_id" not in body:
        found.append("activity_id or provider_activity_id is required")
    inner = body.get("task_result")
    if isinstance(inner, dict):
        found += [_sentence("task_result.", problem) for problem in check(inner, _TASK_RESULT)]
    return found


def details(task_result: Record) -> Record:
    """`resultDetails` as later listings show it (its inside is not documented)."""
    return {shown: task_result[sent] for sent, shown in _KEPT.items() if sent in task_result}


def _sentence(prefix: str, problem: Problem) -> str:
    name = prefix + problem.field
    if problem.flaw is Flaw.UNKNOWN or problem.rule is None:
        return f"property {name} should not exist"
    if problem.flaw is Flaw.MISSING:
        return f"{name} should not be empty"
    if problem.flaw is Flaw.CHOICE:
        return f"{name} must be one of the following values: {', '.join(problem.rule.choices)}"
    return f"{name} {_KINDS[problem.rule.kind]}"
