"""Close's search for leads: queries as trees, fields, order, cursors (vendor docs, "Advanced
Filtering").

Of the query language there is what asks for leads by their texts; the rest is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sandbox.providers.close_answers import (
    NO_CHOICE,
    REQUIRED,
    UNKNOWN_FIELD,
    WRONG_KIND,
    refuse_fields,
)
from sandbox.providers.service import Record

_BODY = {"query", "_fields", "_limit", "sort", "cursor"}
_MOST = 200
_TEXTS = ("name", "display_name")
_SORTABLE = (*_TEXTS, "date_created", "date_updated")


def search(leads: Sequence[Record], body: Record) -> Record:
    """One page of the leads that a query finds. Without `_fields` only their ids come."""
    wrong = {name: UNKNOWN_FIELD for name in body if name not in _BODY}
    if "query" not in body:
        wrong["query"] = REQUIRED
    limit, fields = body.get("_limit", 100), body.get("_fields", {})
    if not isinstance(limit, int) or not 1 <= limit <= _MOST:
        wrong["_limit"] = WRONG_KIND
    if not isinstance(fields, dict) or fields.keys() - {"lead"}:
        wrong["_fields"] = WRONG_KIND
    if wrong:
        raise refuse_fields(wrong)
    found = [lead for lead in leads if _passes(body["query"], lead)]
    for wish in reversed(body.get("sort", [])):
        name = _field(wish.get("field"), _SORTABLE)
        found.sort(key=lambda lead: lead[name], reverse=_descends(wish))
    start = _start(body.get("cursor"))
    end = start + limit
    shown = ["id", *fields.get("lead", [])]
    data = [{name: lead[name] for name in shown if name in lead} for lead in found[start:end]]
    return {
        "data": [{"__object_type": "lead", **one} for one in data],
        "cursor": f"from_{end}" if end < len(found) else None,
    }


def _start(cursor: str | None) -> int:
    told = re.fullmatch(r"from_(\d+)", cursor or "from_0")
    if told is None:
        raise refuse_fields({"cursor": "Invalid cursor."})
    return int(told[1])


def _passes(query: Any, lead: Record) -> bool:
    match query:
        case {"type": "and", "queries": list(queries)}:
            return all(_passes(one, lead) for one in queries)
        case {"type": "object_type", "object_type": "lead"}:
            return True
        case {"type": "field_condition", "field": field, "condition": condition}:
            return _has(lead[_field(field, _TEXTS)], condition)
        case _:
            raise refuse_fields({"query": WRONG_KIND})


def _has(text: str, condition: Any) -> bool:
    match condition:
        case {"type": "text", "mode": "full_words", "value": str(value)}:
            return set(_words(value)) <= set(_words(text))
        case {"type": "text", "mode": "phrase", "value": str(value)}:
            return f" {' '.join(_words(value))} " in f" {' '.join(_words(text))} "
        case {"type": "text", "mode": "beginning_of_words", "value": str(value)}:
            there = _words(text)
            return all(any(word.startswith(part) for word in there) for part in _words(value))
        case _:
            raise refuse_fields({"condition": WRONG_KIND})


def _words(text: str) -> list[str]:
    """What a full-text index knows of a text; signs between words are nothing to it."""
    return re.findall(r"\w+", text.casefold())


def _field(field: Any, known: Sequence[str]) -> str:
    match field:
        case {"type": "regular_field", "object_type": "lead", "field_name": str(name)}:
            if name in known:
                return name
    raise refuse_fields({"field": NO_CHOICE})


def _descends(wish: Record) -> bool:
    if wish.get("direction") not in {"asc", "desc"}:
        raise refuse_fields({"direction": NO_CHOICE})
    return bool(wish["direction"] == "desc")
