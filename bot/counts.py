"""What this process has done since it began, counted for `/metrics`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """Something that is counted. No label tells of a person."""

    name: str
    about: str
    labels: tuple[str, ...]


POLLS = Count("polls", "Polls that ended", ("connection", "result"))
DELIVERIES = Count("deliveries", "Attempts to post, find or redraw a message", ("kind", "result"))
SUBMISSIONS = Count("submission_attempts", "Attempts to write an answer", ("connection", "result"))
SLACK_BUSY = Count("slack_rate_limited", "Calls that Slack answered with 429", ("method",))

ALL = (POLLS, DELIVERIES, SUBMISSIONS, SLACK_BUSY)


DONE = "done"
"""The result of what went well; otherwise it is `failure`."""


def failure(error: BaseException) -> str:
    """The kind of an error as a label, `rate_limited`: of a tree of errors the class below the
    root, whatever finer ones there are."""
    kinds = type(error).__mro__
    kind = kinds[max(kinds.index(Exception) - 2, 0)]
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


class Counts:
    """The counters of one process."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[Count, tuple[str, ...]]] = Counter()

    def add(self, count: Count, *labels: str) -> None:
        """One more of these."""
        self._counted[count, labels] += 1

    def all_of(self, count: Count) -> Mapping[tuple[str, ...], int]:
        """So far, by labels."""
        found: Iterable[tuple[tuple[str, ...], int]] = (
            (labels, number) for (one, labels), number in self._counted.items() if one is count
        )
        return dict(found)
