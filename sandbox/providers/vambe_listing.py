"""Vambe's task listing: its query, its filters, its order (vendor docs, get tasks)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from typing import Any

from sandbox.providers.book import Book
from sandbox.providers.damage import Damage, broken
from sandbox.providers.service import Breakage, Record, Reply
from sandbox.providers.shapes import Kind, Rule, check, day
from sandbox.providers.vambe_due import due_instant
from sandbox.providers.vambe_records import responsible_ids

_DAMAGE = Damage(
    wrong_types={"title": 42, "due_at": 1776243600, "task_responsibles": "nobody"},
    unknown_words={
        "priority": "cosmic",
        "status_config": {"id": "limbo", "name": "Limbo", "type": "limbo", "order": 9},
    },
)

PEOPLE = "responsibleIds[]"
_DATES = ("fromDate", "toDate")
_UNDATED = "includeTasksWithoutDates"
_FLAGS = {"true": True, "false": False}
_RANKS = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Question:
    """A listing request that has been understood; nobody in `people` means everybody."""

    people: frozenset[str]
    start: datetime
    end: datetime
    undated: bool

    def accepts(self, task: Record) -> bool:
        """Whether a task belongs to the listing; its status doesn't matter."""
        if self.people and self.people.isdisjoint(responsible_ids(task)):
            return False
        moment = due_instant(task)
        return self.undated if moment is None else self.start <= moment <= self.end


def asks_for_everybody(query: Sequence[tuple[str, str]]) -> bool:
    """Whether the array of people is empty; how to send that is not documented."""
    return [value for name, value in query if name == PEOPLE] == [""]


def problems(query: Sequence[tuple[str, str]]) -> list[str]:
    """What is wrong with a query."""
    given = dict(query)
    names = [name for name, _ in query if name != PEOPLE]
    found = [f"{name} must not be repeated" for name in sorted(set(names)) if names.count(name) > 1]
    found += [
        f"property {name} should not exist"
        for name in given
        if name not in {PEOPLE, _UNDATED, *_DATES}
    ]
    if PEOPLE not in given:
        found.append("responsibleIds is required")
    elif not asks_for_everybody(query) and not all(is_uuid(v) for n, v in query if n == PEOPLE):
        found.append("each value in responsibleIds must be a UUID")
    if given.get(_UNDATED, "true") not in _FLAGS:
        found.append(f"{_UNDATED} must be a boolean value")
    return found + _range_problems(given)


def read(query: Sequence[tuple[str, str]], zone: tzinfo) -> Question:
    """The question of a query without problems: "fromDate starts at 00:00:00 and toDate ends at
    23:59:59 in the server timezone"."""
    given = dict(query)
    first, last = (datetime.fromisoformat(given[name]).date() for name in _DATES)
    return Question(
        frozenset(value for name, value in query if name == PEOPLE and value),
        datetime.combine(first, time(), zone),
        datetime.combine(last, time(23, 59, 59), zone),
        _FLAGS[given.get(_UNDATED, "true")],
    )


def listing(book: Book, question: Question, breakage: Breakage | None) -> Reply:
    """The bare array: priority from high to low, then id. Unknown priorities come last."""
    ids = book.select(question, question.accepts, lambda task: (_rank(task), task["id"]))
    body = b"[" + b",".join(map(book.encoded, ids)) + b"]"
    return broken(body, breakage, _DAMAGE) if breakage else Reply(200, body)


def is_uuid(value: Any) -> bool:
    """Whether a value is the text of a UUID."""
    return check({"id": value}, {"id": Rule(Kind.UUID, required=True)}) == []


def _rank(task: Record) -> int:
    priority = task["priority"]
    return _RANKS.get(priority, len(_RANKS)) if isinstance(priority, str) else len(_RANKS)


def _range_problems(given: Mapping[str, str]) -> list[str]:
    """What is wrong with the dates; that they come in order is our choice."""
    found = [
        f"{name} must be a valid date in the format YYYY-MM-DD"
        for name in _DATES
        if day(given.get(name, "")) is None
    ]
    if not found and given["fromDate"] > given["toDate"]:
        found.append("fromDate must not be after toDate")
    return found
