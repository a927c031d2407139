"""Reten's task listing: its query, its filters, its pages ("List Activities")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sandbox.providers.book import Book
from sandbox.providers.damage import Damage, broken
from sandbox.providers.service import Breakage, Record, Reply, encode
from sandbox.providers.shapes import day, instant

_DAMAGE = Damage(
    wrong_types={"commerceName": 42, "scheduledAt": 1776243600, "activityDetails": "TASK"},
    unknown_words={"status": "ESCALATED", "channel": "HOLOGRAM", "type": "QUEST"},
    envelope="data",
)

_STATUSES = ("PENDING", "IN_PROGRESS", "COMPLETED", "CANCELLED")
_RESULT_STATUSES = ("EFFECTIVE", "NOT_EFFECTIVE", "PENDING")
_CHOICES = {"status": _STATUSES, "result_status": _RESULT_STATUSES}
_TEXTS = ("channel", "external_commerce_id", "external_operator_id")
_DATES = ("scheduled_from", "scheduled_to")
_MAX_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """The narrowing part of a query; None leaves a field free. Both bounds are inclusive (the
    documents don't say)."""

    status: str | None = None
    result_status: str | None = None
    channel: str | None = None
    external_commerce_id: str | None = None
    external_operator_id: str | None = None
    scheduled_from: datetime | None = None
    scheduled_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A listing request that has been understood."""

    filters: Filters
    page: int = 1
    per_page: int = 20

    def accepts(self, record: Record, undated_pass: bool) -> bool:
        """Whether a record belongs to the listing."""
        wanted = self.filters
        operator = _inner(record["activityDetails"], "assignedOperatorExternalId")
        pairs = (
            (wanted.status, record["status"]),
            (wanted.channel, record["channel"]),
            (wanted.external_commerce_id, record["commerceExternalId"]),
            (wanted.external_operator_id, operator),
            (wanted.result_status, _inner(record["activityResult"], "resultStatus")),
        )
        same = all(wish is None or wish == value for wish, value in pairs)
        return same and self._in_window(record["scheduledAt"], undated_pass)

    def _in_window(self, scheduled: Any, undated_pass: bool) -> bool:
        start, end = self.filters.scheduled_from, self.filters.scheduled_to
        if start is None and end is None:
            return True
        moment = instant(scheduled) if isinstance(scheduled, str) else None
        if moment is None:
            return undated_pass
        return (start is None or moment >= start) and (end is None or moment <= end)


def read(query: Sequence[tuple[str, str]]) -> tuple[Question, list[str]]:
    """The question that a query asks, and what is wrong with it (then the question is void)."""
    given = dict(query)
    problems = [f"{name} must not be repeated" for name in given if _count(query, name) > 1]
    problems += [
        f"property {name} should not exist"
        for name in given
        if name not in {"page", "per_page", *_CHOICES, *_TEXTS, *_DATES}
    ]
    problems += _value_problems(given)
    if problems:
        return Question(Filters()), problems
    filters = Filters(
        given.get("status"),
        given.get("result_status"),
        given.get("channel"),
        given.get("external_commerce_id"),
        given.get("external_operator_id"),
        _bound(given.get("scheduled_from", "")),
        _bound(given.get("scheduled_to", "")),
    )
    return Question(filters, int(given.get("page", 1)), int(given.get("per_page", 20))), []


def page(book: Book, ids: list[str], question: Question, breakage: Breakage | None) -> Reply:
    """One page in the documented envelope; a page past the end is empty."""
    per_page = question.per_page
    start = (question.page - 1) * per_page
    shown = ids[start : start + per_page]
    meta = {
        "page": question.page,
        "per_page": per_page,
        "total": len(ids),
        "totalPages": -(-len(ids) // per_page),
        "generatedBy": "activities",
    }
    body = b'{"data":[' + b",".join(map(book.encoded, shown)) + b'],"meta":' + encode(meta) + b"}"
    return broken(body, breakage, _DAMAGE) if breakage else Reply(200, body)


def _inner(value: Any, name: str) -> Any:
    """A field of an object that a test may have replaced by null or nonsense."""
    return value.get(name) if isinstance(value, dict) else None


def _count(query: Sequence[tuple[str, str]], name: str) -> int:
    return sum(1 for other, _ in query if other == name)


def _value_problems(given: dict[str, str]) -> list[str]:
    problems = []
    for name in ("page", "per_page"):
        problems += _number_problems(name, given.get(name, "1"))
    for name, choices in _CHOICES.items():
        if name in given and given[name] not in choices:
            listed = ", ".join(choices)
            problems.append(f"{name} must be one of the following values: {listed}")
    problems += [f"{name} should not be empty" for name in _TEXTS if given.get(name) == ""]
    problems += [
        f"{name} must be a valid ISO 8601 date string"
        for name in _DATES
        if name in given and _bound(given[name]) is None
    ]
    return problems


def _number_problems(name: str, text: str) -> list[str]:
    if not (text.isascii() and text.isdigit()):
        return [f"{name} must be an integer number"]
    if int(text) < 1:
        return [f"{name} must not be less than 1"]
    if name == "per_page" and int(text) > _MAX_PER_PAGE:
        return [f"{name} must not be greater than {_MAX_PER_PAGE}"]
    return []


def _bound(text: str) -> datetime | None:
    """A bound of the window; a bare date means its midnight in UTC (the documents don't say)."""
    only_day = day(text)
    return datetime.combine(only_day, time(), UTC) if only_day else instant(text)
