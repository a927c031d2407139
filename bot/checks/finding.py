"""What an examination found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    """Something to know or to improve; the bot can work."""
    WRONG = "wrong"
    """Something that the bot needs is missing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what an admin should do where it is not well. The texts
    hold no secret."""

    check: str
    state: State
    said: str
    remedy: str | None = None


def well(check: str, said: str) -> Finding:
    return Finding(check, State.OK, said)


def warning(check: str, said: str, remedy: str) -> Finding:
    return Finding(check, State.WARNING, said, remedy)


def wrong(check: str, said: str, remedy: str) -> Finding:
    return Finding(check, State.WRONG, said, remedy)


def long(span: timedelta) -> str:
    """A span in words: `40 s`, `12 min`, `3 h`, `2 days`."""
    seconds = max(span.total_seconds(), 0.0)
    for unit, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds // unit:.0f} {name}"
    return f"{seconds:.0f} s"
