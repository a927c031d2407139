"""Close's event log: its allowed questions and its cursors (vendor OpenAPI, "Event Log")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sandbox.providers.close_answers import refuse, refuse_fields
from sandbox.providers.close_query import Day, stamp_tests
from sandbox.providers.service import Record

_MAX_LIMIT = 50
_KEPT = timedelta(days=30)
_NARROWING = ("object_type", "object_id", "action", "lead_id", "user_id", "request_id")
_BOUNDS = tuple(f"date_updated__{bound}" for bound in ("gt", "gte", "lt", "lte"))

PARAMETERS = frozenset({*_NARROWING, *_BOUNDS, "_limit", "_cursor"})

_COMBINATIONS = frozenset(
    frozenset(names.split())
    for names in (
        "",
        "object_type object_id",
        "object_type action",
        "object_id action",
        "lead_id",
        "lead_id object_type",
        "lead_id object_type action",
        "lead_id user_id",
        "lead_id user_id object_type",
        "lead_id user_id object_type action",
        "user_id object_id",
        "user_id object_id action",
        "user_id object_type",
        "user_id object_type action",
        "user_id",
        "request_id",
    )
)


def allowed(given: dict[str, str]) -> bool:
    """Whether the filters form one of the documented combinations."""
    return frozenset(given) & frozenset(_NARROWING) in _COMBINATIONS


def page(events: Sequence[Record], given: dict[str, str], here: Day) -> Record:
    """One page, newest first; the cursors lead to older and to newer events."""
    limit = _limit(given.get("_limit", str(_MAX_LIMIT)))
    chosen = _chosen(events, given, here)
    start = _start(chosen, given.get("_cursor"), limit)
    shown = chosen[start : start + limit]
    older = bool(shown) and start + limit < len(chosen)
    return {
        "data": shown,
        "cursor_next": f"older_{shown[-1]['id']}" if older else None,
        "cursor_previous": f"newer_{shown[0]['id']}" if shown and start > 0 else None,
    }


def _limit(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= _MAX_LIMIT:
        raise refuse(400, f"Invalid _limit; max_limit = {_MAX_LIMIT}")
    return int(text)


def _chosen(events: Sequence[Record], given: dict[str, str], here: Day) -> list[Record]:
    oldest = (here.now - _KEPT).replace(tzinfo=None)
    wanted = {name: given[name] for name in _NARROWING if name in given}
    tests = stamp_tests("date_updated", given, here)
    return [
        event
        for event in reversed(events)
        if all(event[name] == value for name, value in wanted.items())
        and datetime.fromisoformat(event["date_updated"]) >= oldest
        and all(test({"date_updated": event["date_updated"] + "+00:00"}) for test in tests)
    ]


def _start(chosen: Sequence[Record], cursor: str | None, limit: int) -> int:
    if cursor is None:
        return 0
    direction, _, event_id = cursor.partition("_")
    places = [place for place, event in enumerate(chosen) if event["id"] == event_id]
    if direction not in {"older", "newer"} or not places:
        raise refuse_fields({"_cursor": "Invalid cursor."})
    return places[0] + 1 if direction == "older" else max(places[0] - limit, 0)
