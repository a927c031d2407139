"""Close's task filters, ordering and time rules (vendor docs, "List or filter tasks").

Times: a date-only value stands for its midnight in the caller's zone (`x-tz-offset`), and a
date-only task comes before the date-times of that midnight. The docs say so for ordering; here
the same rule serves the `date` filters and the bounds of `view`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from operator import ge, gt, le, lt
from typing import Any

from sandbox.providers.close_answers import refuse, refuse_fields
from sandbox.providers.close_records import OWN_FIELDS
from sandbox.providers.service import Record
from sandbox.providers.shapes import day, instant

_BOUNDS = {"lt": lt, "lte": le, "gt": gt, "gte": ge}
_TEXTS = ("assigned_to", "id", "lead_id", "organization_id")
_STAMPS = ("date_created", "date_updated")
_VIEWS = ("inbox", "future", "archive")
_ORDERS = ("date", "date_created", "-date", "-date_created")
_FLAGS = {"true": True, "True": True, "false": False, "False": False}

FILTERS = frozenset(
    {*_TEXTS, "id__in", "is_complete", "_type", "_type__in", "view", "format", "date", "due_date"}
    | {f"{name}__{bound}" for name in (*_STAMPS, "date", "due_date") for bound in _BOUNDS}
)
"""The parameters that narrow a listing or a bulk update."""
LISTING = FILTERS | {"_limit", "_skip", "_fields", "_order_by"}
"""All parameters of the listing."""


@dataclass(frozen=True, slots=True)
class Day:
    """The caller's day: his offset from UTC and the moment."""

    zone: tzinfo
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def midnight(self, of: date) -> datetime:
        """When a day begins for the caller."""
        return datetime.combine(of, time(), self.zone).astimezone(UTC)

    @property
    def tomorrow(self) -> datetime:
        """When the caller's next day begins."""
        return self.midnight(self.today + timedelta(days=1))

    def moment(self, text: Any) -> datetime | None:
        """The instant that a task's date or a bound stands for; None if it is no date."""
        if not isinstance(text, str):
            return None
        only_day = day(text)
        return self.midnight(only_day) if only_day else instant(text)

    def view(self, task: Record) -> str:
        """Which view of the app shows a task."""
        if task["is_complete"]:
            return "archive"
        moment = self.moment(task["date"])
        return "future" if moment is not None and moment >= self.tomorrow else "inbox"


def caller_day(headers: Mapping[str, str], now: datetime) -> Day:
    """The caller's day by `x-tz-offset`, hours as a decimal number; UTC without it."""
    text = headers.get("x-tz-offset", "0")
    try:
        return Day(timezone(timedelta(hours=float(text))), now)
    except (ValueError, OverflowError):
        raise refuse(400, f"Invalid x-tz-offset: {text}") from None


Test = Callable[[Record], bool]


def tests(given: Mapping[str, str], here: Day) -> list[Test]:
    """What a task has to pass for the given filters."""
    asked = _without_overridden(given)
    found = [_types(asked)]
    found += [_equals(name, asked[name]) for name in _TEXTS if name in asked]
    if "id__in" in asked:
        found.append(_one_of("id", asked["id__in"].split(",")))
    if "is_complete" in asked:
        found.append(_equals("is_complete", _flag("is_complete", asked["is_complete"])))
    if "view" in asked:
        found.append(_view(asked["view"], here))
    for name in ("date", "due_date"):
        found += _date_tests(name, asked, here)
    for name in _STAMPS:
        found += stamp_tests(name, asked, here)
    return found


def order(wish: str | None, here: Day) -> tuple[Callable[[Record], Any] | None, bool]:
    """The key of an ordering and whether it descends; newest first by default (not documented)."""
    if wish is not None and wish not in _ORDERS:
        raise refuse_fields({"_order_by": "Not a valid choice."})
    if wish is None or wish.endswith("date_created"):
        return (lambda task: task["date_created"]), wish is None or wish.startswith("-")
    return (lambda task: _date_key(task, here)), wish.startswith("-")


def _date_key(task: Record, here: Day) -> tuple[datetime, bool]:
    moment = here.moment(task["date"]) or datetime.max.replace(tzinfo=UTC)
    return moment, day(str(task["date"])) is None


def _without_overridden(given: Mapping[str, str]) -> dict[str, str]:
    """`view=inbox` and `view=future` replace `date__lt` and `date__gte` in the same request."""
    replaced = {"inbox": "date__lt", "future": "date__gte"}.get(given.get("view", ""))
    return {name: value for name, value in given.items() if name != replaced}


def _types(asked: Mapping[str, str]) -> Test:
    """Only lead tasks by default; `_type=all` for every type; `_type__in` for several."""
    if "_type__in" in asked:
        wanted = asked["_type__in"].split(",")
    elif asked.get("_type") == "all":
        return lambda _: True
    else:
        wanted = [asked.get("_type", "lead")]
    if not set(wanted) <= OWN_FIELDS.keys():
        raise refuse_fields({"_type": "Not a valid choice."})
    return _one_of("_type", wanted)


def _equals(name: str, value: Any) -> Test:
    return lambda task: bool(task[name] == value)


def _one_of(name: str, values: Sequence[str]) -> Test:
    accepted = frozenset(values)
    return lambda task: task[name] in accepted


def _flag(name: str, text: str) -> bool:
    if text not in _FLAGS:
        raise refuse_fields({name: "Not a valid boolean."})
    return _FLAGS[text]


def _view(name: str, here: Day) -> Test:
    if name not in _VIEWS:
        raise refuse_fields({"view": "Not a valid choice."})
    return lambda task: here.view(task) == name


def _date_tests(name: str, asked: Mapping[str, str], here: Day) -> list[Test]:
    found: list[Test] = []
    if name in asked:
        wanted = _moment(name, asked[name], here)
        found.append(lambda task: here.moment(task["date"]) == wanted)
    for bound, compare in _BOUNDS.items():
        key = f"{name}__{bound}"
        if key in asked:
            found.append(_compares(compare, _moment(key, asked[key], here), "date", here))
    return found


def stamp_tests(name: str, asked: Mapping[str, str], here: Day) -> list[Test]:
    """Time stamps compare as instants; a bare date in a bound is its midnight in UTC."""
    utc = Day(UTC, here.now)
    found: list[Test] = []
    for bound, compare in _BOUNDS.items():
        key = f"{name}__{bound}"
        if key in asked:
            found.append(_compares(compare, _moment(key, asked[key], utc), name, utc))
    return found


def _compares(compare: Callable[[Any, Any], bool], wanted: datetime, name: str, here: Day) -> Test:
    def test(task: Record) -> bool:
        moment = here.moment(task[name])
        return moment is not None and compare(moment, wanted)

    return test


def _moment(name: str, text: str, here: Day) -> datetime:
    moment = here.moment(text)
    if moment is None:
        raise refuse_fields({name: "Not a valid date."})
    return moment
