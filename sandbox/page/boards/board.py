"""What the boards of all providers share."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, ClassVar

from sandbox.page.boards.rows import Change, Draft, Operator, Row, Unfit
from sandbox.providers.service import Record, ShownSim
from sandbox.providers.traffic import Line, Recorded

_QUERY_SHOWN = 80
_LOOKED_BACK = 500
"""Violations among which those to show are counted."""


class Board(ABC):
    """One provider on the page."""

    title: ClassVar[str]
    labels: ClassVar[dict[str, str]]
    """What this provider calls a task's title, its subject and its operator, and a comment where
    that is another thing."""
    needs_time: ClassVar[bool]
    """Whether a due moment without an hour is impossible here."""
    fixed_subjects: ClassVar[bool]
    """Whether a task can only be about what is listed."""
    several_operators: ClassVar[bool] = False
    """Whether a task can have more than one operator."""
    priorities: ClassVar[tuple[str, ...]] = ()
    """How urgent a task can be, from the least; none where providers do not say."""
    reopens: ClassVar[bool] = False
    """Whether a task that is closed can be opened again."""

    def __init__(self, sim: ShownSim) -> None:
        self._sim = sim
        self._born = secrets.token_hex(4)
        self._told = ("", list[Record]())

    @property
    def revision(self) -> str:
        """Another one whenever a task has changed, or the sandbox was started anew."""
        return f"{self._born}-{self._sim.revision}"

    def shown(self, known: str = "") -> Record:
        """The board as JSON, the newest request first; `tasks` is None for who knows this
        revision of them."""
        tasks, revision = self._tasks(), self.revision
        open_ones = sum(task["open"] for task in tasks)
        return {
            "title": self.title,
            "labels": self.labels,
            "needsTime": self.needs_time,
            "fixedSubjects": self.fixed_subjects,
            "severalOperators": self.several_operators,
            "priorities": self.priorities,
            "reopens": self.reopens,
            "statuses": self.statuses(),
            "subjects": self.subjects(),
            "operators": [asdict(one) for one in self.operators()],
            "open": open_ones,
            "closed": len(tasks) - open_ones,
            "revision": revision,
            "tasks": None if known == revision else tasks,
            "requests": [_line(line) for line in self._sim.traffic.lines()],
            "underWay": [_head(request) for request in self._sim.traffic.under_way],
            "violations": self._violations(),
        }

    def request(self, number: int) -> Record:
        """What is told of one line of requests when it is opened. KeyError when it is forgotten."""
        request = self._sim.traffic.line(number).last
        return {
            "query": request.query,
            "body": request.body,
            "answer": request.answer.decode("utf-8", "replace"),
            "answerSize": request.answer_size,
        }

    def add(self, draft: Draft) -> str:
        """Add a task; gives its id. `Unfit` for what this provider has no place for."""
        self._expect_due(draft.due)
        self._expect_subject(draft.about)
        if self.priorities:
            self._expect_priority(draft.priority)
        self._expect_operators(draft.operators)
        return self._add(draft)

    def edit(self, task_id: str, change: Change) -> None:
        """Change a task. `Unfit` for what this provider has no place for."""
        self._expect_due(change.due)
        self._expect_subject(change.about or "")
        if change.priority is not None:
            self._expect_priority(change.priority)
        if change.status is not None and change.status not in self.statuses():
            raise Unfit(f"{self.title} has no status “{change.status}” that people could set.")
        self._edit(task_id, change)

    def reassign(self, task_id: str, operators: Sequence[str]) -> None:
        """Give a task to these operators instead, or to nobody."""
        self._expect_operators(operators)
        self._reassign(task_id, operators)

    def reopen(self, task_id: str) -> None:
        """Open a closed task again. `Unfit` where the provider can't."""
        raise Unfit(f"{self.title} opens no closed task again: {task_id} stays as it is.")

    def _tasks(self) -> list[Record]:
        """The tasks as JSON, made anew only when one has changed."""
        revision = self.revision
        if self._told[0] != revision:
            self._told = (revision, [task.as_json() for task in self.tasks()])
        return self._told[1]

    def _violations(self) -> list[Record]:
        """The newest sentences first, each once."""
        counted = Counter(reversed(self._sim.violations[-_LOOKED_BACK:]))
        return [{"words": words, "times": times} for words, times in counted.items()]

    def _expect_due(self, due: date | datetime | None) -> None:
        if self.needs_time and due is not None and not isinstance(due, datetime):
            raise Unfit(f"{self.title} needs a time with the date.")

    def _expect_subject(self, about: str) -> None:
        if self.fixed_subjects and about and about not in self.subjects():
            raise Unfit(f"{self.title} has no {self._called('about')} “{about}”.")

    def _expect_priority(self, priority: str) -> None:
        if priority not in self.priorities:
            raise Unfit(f"{self.title} has no priority “{priority}”.")

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
    def statuses(self) -> list[str]:
        """The statuses that people here can give to a task, as rows call them."""

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
    def _edit(self, task_id: str, change: Change) -> None:
        """Make a change that has been found to fit."""

    @abstractmethod
    def _reassign(self, task_id: str, operators: Sequence[str]) -> None:
        """Give a task to operators who are known."""


def _line(line: Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "wrote": line.question is None,
        "times": line.times,
        "changes": line.changes,
        **_head(line.last),
    }


def _head(request: Recorded) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "query": _shortened("&".join(f"{name}={value}" for name, value in request.query)),
        "status": request.status,
        "at": request.at.timestamp(),
    }


def _shortened(text: str) -> str:
    return text if len(text) <= _QUERY_SHOWN else text[:_QUERY_SHOWN] + "…"
