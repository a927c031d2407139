"""Lists of tasks: which rows belong to one, in which order, and on which page."""

from __future__ import annotations

from enum import StrEnum


class Filter(StrEnum):
    """What a person asked to see."""

    DEFAULT = "default"
    """Overdue, today, and the next 7 days."""
    TODAY = "today"
    OVERDUE = "overdue"
    WEEK = "week"
    ALL = "all"
