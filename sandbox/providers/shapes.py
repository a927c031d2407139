"""A small strict checker for request bodies: which fields may come, and of which kind."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a field may hold."""

    TEXT = "text"
    UUID = "uuid"
    INSTANT = "instant"
    DAY_OR_INSTANT = "day_or_instant"
    FLAG = "flag"
    OBJECT = "object"


class Flaw(StrEnum):
    """What is wrong with a field."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    KIND = "kind"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field must be."""

    kind: Kind = Kind.TEXT
    required: bool = False
    nullable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `rule` is None for a field that nobody knows."""

    field: str
    flaw: Flaw
    rule: Rule | None = None


def check(body: Mapping[str, Any], rules: Mapping[str, Rule]) -> list[Problem]:
    """All problems of a body, unknown fields first."""
    problems = [Problem(name, Flaw.UNKNOWN) for name in body if name not in rules]
    for name, rule in rules.items():
        flaw = _flaw(body, name, rule)
        if flaw is not None:
            problems.append(Problem(name, flaw, rule))
    return problems


def _flaw(body: Mapping[str, Any], name: str, rule: Rule) -> Flaw | None:
    value = body.get(name)
    if value is None:
        if rule.required:
            return Flaw.MISSING
        return None if name not in body or rule.nullable else Flaw.KIND
    if not _is(rule.kind, value) or (value == "" and rule.required):
        return Flaw.KIND
    if rule.choices and value not in rule.choices:
        return Flaw.CHOICE
    return None


def _is(kind: Kind, value: Any) -> bool:
    match kind:
        case Kind.FLAG:
            return isinstance(value, bool)
        case Kind.OBJECT:
            return isinstance(value, dict)
        case _ if not isinstance(value, str):
            return False
        case Kind.UUID:
            return _is_uuid(value)
        case Kind.INSTANT:
            return instant(value) is not None
        case Kind.DAY_OR_INSTANT:
            return day(value) is not None or instant(value) is not None
        case _:
            return True


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def instant(text: str) -> datetime | None:
    """The instant that an ISO 8601 date-time with an offset names, else None."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (
        moment.astimezone(UTC)
        if moment.tzinfo is not None and len(text) > len("0000-00-00")
        else None
    )


def day(text: str) -> date | None:
    """The day that `YYYY-MM-DD` names, else None."""
    if len(text) != len("0000-00-00"):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
