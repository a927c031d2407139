"""PlanD's listings: windows, order, filters, and pages that are broken on purpose.

Source: the vendor's OpenAPI ("list tasks"), corrected by what was seen on the live API.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.providers.damage import Damage, broken
from sandbox.providers.pland_answers import refuse
from sandbox.providers.pland_records import TASK_STATUSES, full_name
from sandbox.providers.service import Breakage, Record, Reply

_DAMAGE = Damage(
    wrong_types={"title": 42, "dueDate": {"$date": "soon"}, "taskStatus": 7, "assignee": "Ana"},
    unknown_words={"taskStatus": "hologram", "priority": "cosmic"},
    id_key="_id",
)

Given = Mapping[str, Sequence[str]]
Test = Callable[[Record], bool]

_MAX_LIMIT = 1000
_DOCUMENTED_SORT = re.compile(r"[\w.]+:-?1")
_RELATED = ("Contacts", "Users", "Objects", "Customers", "Assignments", "Invoices", "Equipments")

TASK_FILTERS = frozenset(
    {
        "customer",
        "userIds",
        "taskByTitleIdentifier",
        "taskAssignee",
        "taskStatus",
        "priority",
        "callId",
        "taskTabs",
        "taskType",
        "taskFromRecurringTemplate",
        "status",
        *(f"related{name}" for name in _RELATED),
    }
)
PAGED = frozenset({"limit", "offset", "sort"})
USER_FILTERS = frozenset({"name", "username", "status", "tags", "ids"})
TYPE_QUERY = frozenset({"page", "limit", "status", "name", "ids"})


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a listing that is asked for."""

    offset: int
    limit: int

    @property
    def page(self) -> int:
        """Its number, from 1, when the client pages evenly."""
        return self.offset // self.limit + 1

    def of(self, items: Sequence[Any]) -> Sequence[Any]:
        """The part of `items`; beyond the end it is empty."""
        return items[self.offset : self.offset + self.limit]


@dataclass(frozen=True, slots=True)
class Order:
    """A field, perhaps inside another, and a direction."""

    by: str
    descending: bool

    def key(self, record: Record) -> tuple[int, Any]:
        """Sorts null, numbers, texts and times apart, as MongoDB does."""
        value: Any = record
        for name in self.by.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        match value:
            case None:
                return (0, 0)
            case int() | float():
                return (1, value)
            case str():
                return (2, value)
            case datetime():
                return (3, value)
            case _:
                return (4, repr(value))


def window(given: Given, cap: int | None = None) -> Window:
    """The part by `limit` and `offset`; the server may silently cap the limit."""
    limit = _number(given, "limit", 100, 1, _MAX_LIMIT)
    return Window(_number(given, "offset", 0, 0), min(limit, cap or limit))


def numbered_window(given: Given) -> Window:
    """The part by `page`, which counts from 1 (a guess), and `limit`."""
    limit = _number(given, "limit", 100, 1, _MAX_LIMIT)
    return Window((_number(given, "page", 1, 1) - 1) * limit, limit)


def order(given: Given, refused: bool) -> Order | None:
    """The order asked for, as JSON; the documented `field:-1` is refused by the live API."""
    if "sort" not in given:
        return None
    text = given["sort"][-1]
    try:
        wish = json.loads(text)
    except ValueError:
        wish = None
    whole = isinstance(wish, dict) and wish.keys() == {"by", "direction"}
    if refused or not whole or wish["direction"] not in (1, -1) or not isinstance(wish["by"], str):
        blameless = refused or _DOCUMENTED_SORT.fullmatch(text) is not None
        raise refuse(400, "Sorting needs by and direction", blameless=blameless)
    return Order(wish["by"], wish["direction"] == -1)


def task_tests(given: Given) -> list[Test]:
    """What a task has to pass. `customer`, `userIds`, `taskTabs` and the related entities are
    accepted and ignored, as the live API does with some filters."""
    unknown = set(_values(given, "taskStatus")) - set(TASK_STATUSES)
    if unknown:
        raise refuse(400, f"Unknown taskStatus: {', '.join(sorted(unknown))}")
    tests = [_one_of(read, _values(given, name)) for name, read in _READ.items() if name in given]
    if "taskByTitleIdentifier" in given:
        text = given["taskByTitleIdentifier"][-1].lower()
        tests.append(lambda task: _is_called(task, text))
    if "taskFromRecurringTemplate" in given:
        wish = given["taskFromRecurringTemplate"][-1] == "true"
        tests.append(lambda task: bool((task["taskTemplate"] or {}).get("recurring")) is wish)
    return tests


def user_tests(given: Given) -> list[Test]:
    """What a user has to pass. The login of a user is the e-mail or the numeric id."""
    names = [text.lower() for text in given.get("name", ())]
    logins = _values(given, "username")
    tests: list[Test] = [
        lambda user: all(name in full_name(user).lower() for name in names),
        lambda user: not logins or bool({user["access"]["email"], str(user["id"])} & set(logins)),
    ]
    return tests + _entity_tests(given)


def type_tests(given: Given) -> list[Test]:
    """What a task type has to pass."""
    names = [text.lower() for text in given.get("name", ())]
    return [lambda kind: all(n in kind["name"].lower() for n in names), *_entity_tests(given)]


def page(items: Iterable[bytes], breakage: Breakage | None = None) -> Reply:
    """A bare array: no total, no cursor."""
    body = b"[" + b",".join(items) + b"]"
    return broken(body, breakage, _DAMAGE) if breakage else Reply(200, body)


def _number(given: Given, name: str, default: int, least: int, most: int | None = None) -> int:
    text = given[name][-1] if name in given else str(default)
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= (most or int(text)):
        raise refuse(400, f"{name} is out of range: {text}")
    return int(text)


def _values(given: Given, name: str) -> list[str]:
    """The values of a filter: repeated, or separated by commas."""
    return [value for text in given.get(name, ()) for value in text.split(",") if value]


def _one_of(read: Callable[[Record], Any], values: Sequence[str]) -> Test:
    return lambda record: read(record) in values


def _status(record: Record) -> str:
    return str(record["status"]["status"])


def _assignee(task: Record) -> Any:
    return (task["assignee"] or {}).get("entityId")


def _field(name: str) -> Callable[[Record], Any]:
    return lambda record: record[name]


_READ: Mapping[str, Callable[[Record], Any]] = {
    "taskStatus": _field("taskStatus"),
    "taskAssignee": _assignee,
    "taskType": _field("taskTypeId"),
    "priority": _field("priority"),
    "callId": _field("callId"),
    "status": _status,
}


def _entity_tests(given: Given) -> list[Test]:
    read = {"status": _status, "ids": _field("_id")}
    return [_one_of(how, _values(given, name)) for name, how in read.items() if name in given]


def _is_called(task: Record, text: str) -> bool:
    return text in (task["title"] or "").lower() or text == str(task["identifierNumber"])
