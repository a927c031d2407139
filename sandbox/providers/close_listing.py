"""Pages of Close's listings: `_skip`, `_limit`, `_fields`, and pages that are broken on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox.providers import close_query
from sandbox.providers.book import Book
from sandbox.providers.close_answers import refuse, refuse_fields
from sandbox.providers.close_query import Day, Test
from sandbox.providers.damage import Damage, broken
from sandbox.providers.service import Breakage, Record, Reply, as_json, encode

_DAMAGE = Damage(
    wrong_types={"text": 42, "date": 1776243600, "is_complete": "maybe", "assigned_to": []},
    unknown_words={"_type": "hologram", "view": "limbo", "object_type": "portal"},
    envelope="data",
)

_ACTIVITY_TEXTS = ("lead_id", "contact_id", "user_id", "organization_id", "_type")
_ACTIVITY_STAMPS = ("date_created", "activity_at")

ACTIVITY_FILTERS = frozenset({"id__in", *_ACTIVITY_TEXTS}) | {
    f"{name}__{bound}" for name in _ACTIVITY_STAMPS for bound in ("lt", "lte", "gt", "gte")
}


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a listing that is asked for."""

    skip: int
    limit: int

    @property
    def page(self) -> int:
        """Its number, from 1, when the client pages evenly."""
        return self.skip // self.limit + 1


def window(given: Mapping[str, str], max_limit: int, max_skip: int) -> Window:
    """The asked part; beyond the vendor's bounds it is a 400."""
    limit, skip = given.get("_limit", "100"), given.get("_skip", "0")
    for name, text in (("_limit", limit), ("_skip", skip)):
        if not (text.isascii() and text.isdigit()):
            raise refuse_fields({name: "Not a valid integer."})
    if int(skip) > max_skip:
        raise refuse(400, f"The skip you set is too large (max_skip = {max_skip})", blameless=True)
    if not 1 <= int(limit) <= max_limit:
        raise refuse(
            400, f"The limit you set is not allowed (max_limit = {max_limit})", blameless=True
        )
    return Window(int(skip), int(limit))


def fields_of(given: Mapping[str, str]) -> tuple[str, ...]:
    """The fields that are asked for; empty means all."""
    return tuple(name for name in given.get("_fields", "").split(",") if name)


def pick(record: Record, fields: Sequence[str]) -> Record:
    """The record with only the fields asked for."""
    return {name: record[name] for name in fields if name in record} if fields else record


def plain(records: Sequence[Record], given: Mapping[str, str], part: Window) -> Reply:
    """A page of a short listing."""
    shown = records[part.skip : part.skip + part.limit]
    more = part.skip + part.limit < len(records)
    fields = fields_of(given)
    data = [pick(record, fields) for record in shown]
    return as_json(200, {"data": data, "has_more": more, "took_ms": 3})


def tasks(
    book: Book, given: Mapping[str, str], part: Window, here: Day, breakage: Breakage | None
) -> Reply:
    """A page of tasks; `view` depends on the caller's day and is added to the kept JSON."""
    tests = close_query.tests(given, here)
    order, descending = close_query.order(given.get("_order_by"), here)
    narrowing = tuple(sorted((k, v) for k, v in given.items() if k not in _NOT_NARROWING))
    ids = book.select(
        (narrowing, here.zone, here.today),
        lambda task: all(test(task) for test in tests),
        order,
        descending,
    )
    shown = ids[part.skip : part.skip + part.limit]
    fields = fields_of(given)
    items = [_item(book, task_id, fields, here) for task_id in shown]
    more = b"true" if part.skip + part.limit < len(ids) else b"false"
    body = b'{"data":[' + b",".join(items) + b'],"has_more":' + more + b',"took_ms":3}'
    return broken(body, breakage, _DAMAGE) if breakage else Reply(200, body)


_NOT_NARROWING = ("_limit", "_skip", "_fields")


def _item(book: Book, task_id: str, fields: Sequence[str], here: Day) -> bytes:
    task = book[task_id]
    if fields:
        return encode(pick({**task, "view": task.get("view", here.view(task))}, fields))
    kept = book.encoded(task_id)
    return kept if "view" in task else kept[:-1] + f',"view":"{here.view(task)}"}}'.encode()


def activity_tests(given: Mapping[str, str], here: Day) -> list[Test]:
    """What an activity has to pass. Of ids there may be several, with commas."""
    wanted = {name: given[name].split(",") for name in _ACTIVITY_TEXTS if name in given}
    ids = given["id__in"].split(",") if "id__in" in given else None
    found: list[Test] = [
        lambda one: all(one[name] in values for name, values in wanted.items()),
        lambda one: ids is None or one["id"] in ids,
    ]
    for name in _ACTIVITY_STAMPS:
        found += close_query.stamp_tests(name, given, here)
    return found
