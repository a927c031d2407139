"""What the boards of all providers share."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from sandbox.faults import Fault, Trouble
from sandbox.providers.service import ProviderSim, Record, Recorded
from sandbox.providers.shapes import day, instant

_READS_SHOWN = 10
_WRITES_SHOWN = 20
_LOOKED_BACK = 2000
"""Requests among which those to show are looked for."""
_OUTAGE = b'{"message":"Service Unavailable"}'
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Unfit(ValueError):
    """A provider has no such thing; the words are for who asked."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who can have tasks."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A task to be added: its title, what it is about, who does it, when, and how urgent it is.
    `zone` is the IANA name of the place where it was written down."""

    title: str
    about: str
    operators: Sequence[str]
    due: date | datetime | None
    zone: str
    priority: str = "medium"

    @property
    def moment(self) -> datetime | None:
        """When it is due, unless it is due on a day."""
        return self.due if isinstance(self.due, datetime) else None


@dataclass(frozen=True, slots=True)
class Row:
    """A task as the page shows it. `due` is `{"day": …}`, `{"moment": seconds since the epoch}`
    or None; what a provider does not have is empty."""

    id: str
    title: str
    about: str
    operators: list[Operator]
    due: Record | None
    status: str
    open: bool
    priority: str = ""
    result: str = ""
    comment: str = ""


class Board(ABC):
    """One provider on the page."""

    title: ClassVar[str]
    labels: ClassVar[dict[str, str]]
    """What this provider calls a task's title, its subject and its operator."""
    needs_time: ClassVar[bool]
    """Whether a due moment without an hour is impossible here."""
    fixed_subjects: ClassVar[bool]
    """Whether a task can only be about what is listed."""
    several_operators: ClassVar[bool] = False
    """Whether a task can have more than one operator."""
    priorities: ClassVar[tuple[str, ...]] = ()
    """How urgent a task can be, from the least; none where providers do not say."""

    def __init__(self, sim: ProviderSim) -> None:
        self._sim = sim
        self.down = False

    def take_down(self, down: bool) -> None:
        """Answer every request with 503 until the provider is taken up again."""
        self.down = down
        self._sim.faults.clear()
        if down:
            headers = {"content-type": "application/json"}
            self._sim.faults.add(
                Fault(Trouble.STATUS, times=None, status=503, headers=headers, body=_OUTAGE)
            )

    def shown(self) -> Record:
        """The board as JSON, the newest request first."""
        return {
            "title": self.title,
            "labels": self.labels,
            "needsTime": self.needs_time,
            "fixedSubjects": self.fixed_subjects,
            "severalOperators": self.several_operators,
            "priorities": self.priorities,
            "down": self.down,
            "subjects": self.subjects(),
            "operators": [asdict(one) for one in self.operators()],
            "tasks": [asdict(task) for task in self.tasks()],
            "requests": [_request(number, one) for number, one in self._requests()],
        }

    def add(self, draft: Draft) -> str:
        """Add a task; gives its id. `Unfit` for what this provider has no place for."""
        if self.needs_time and draft.due is not None and draft.moment is None:
            raise Unfit(f"{self.title} needs a time with the date.")
        if self.fixed_subjects and draft.about and draft.about not in self.subjects():
            raise Unfit(f"{self.title} has no {self._called('about')} “{draft.about}”.")
        if self.priorities and draft.priority not in self.priorities:
            raise Unfit(f"{self.title} has no priority “{draft.priority}”.")
        self._expect_operators(draft.operators)
        return self._add(draft)

    def reassign(self, task_id: str, operators: Sequence[str]) -> None:
        """Give a task to these operators instead, or to nobody."""
        self._expect_operators(operators)
        self._reassign(task_id, operators)

    def _requests(self) -> list[tuple[int, Recorded]]:
        """The newest requests and their numbers: few of those that read, of which each poll sends
        some, so that those that write stay in sight."""
        last = len(self._sim.requests)
        shown, room = [], {True: _READS_SHOWN, False: _WRITES_SHOWN}
        for number in range(last - 1, max(0, last - _LOOKED_BACK) - 1, -1):
            request = self._sim.requests[number]
            room[request.method == "GET"] -= 1
            if room[request.method == "GET"] >= 0:
                shown.append((number, request))
        return shown

    def _expect_operators(self, operators: Sequence[str]) -> None:
        if len(operators) > 1 and not self.several_operators:
            raise Unfit(f"A task of {self.title} has one {self._called('operator')}.")
        unknown = set(operators) - {operator.id for operator in self.operators()}
        if unknown:
            raise Unfit(f"{self.title} has no {self._called('operator')} {min(unknown)}.")

    def _called(self, what: str) -> str:
        return self.labels[what].lower()

    @abstractmethod
    def operators(self) -> list[Operator]:
        """Who can have tasks here."""

    @abstractmethod
    def subjects(self) -> list[str]:
        """What a task can be about, as far as it is known."""

    @abstractmethod
    def tasks(self) -> list[Row]:
        """All tasks, open and closed."""

    @abstractmethod
    def finish(self, task_id: str) -> None:
        """Finish a task as somebody at the provider would."""

    @abstractmethod
    def remove(self, task_id: str) -> None:
        """Take a task away without a trace."""

    @abstractmethod
    def _add(self, draft: Draft) -> str:
        """Add what has been found to fit."""

    @abstractmethod
    def _reassign(self, task_id: str, operators: Sequence[str]) -> None:
        """Give a task to operators who are known."""


def due_of(text: str | None) -> Record | None:
    """A written due date as `Row.due`."""
    if text is None:
        return None
    if _DAY.fullmatch(text) and day(text):
        return {"day": text}
    return due_at(instant(text))


def due_at(moment: datetime | None) -> Record | None:
    """An instant as `Row.due`."""
    return {"moment": moment.timestamp()} if moment else None


def _request(number: int, request: Recorded) -> dict[str, Any]:
    return {
        "number": number,
        "method": request.method,
        "path": request.path,
        "query": urlencode(request.query),
        "body": request.body,
        "status": request.status,
        "at": request.at.timestamp(),
    }
