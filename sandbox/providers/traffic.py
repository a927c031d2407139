"""What passed between the app and a provider, kept for people to look at: each write by itself,
and what only reads folded together."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ANSWER_KEPT = 8192
"""Bytes that are kept of an answer."""
WRITES_KEPT = 40
READS_KEPT = 20


@dataclass(slots=True, eq=False)
class Recorded:
    """A request that reached the service, and how it was answered.

    `status` is None while it is under way and for ever when the line was cut. `answer` is the
    beginning of the body that went back, of `answer_size` bytes, as long as `Traffic` shows it.
    """

    method: str
    path: str
    query: list[tuple[str, str]]
    body: Any
    at: datetime
    status: int | None = None
    answer: bytes = b""
    answer_size: int = 0


@dataclass(slots=True)
class Line:
    """A write, or equal reads between two writes. `changes` tells how many of them got another
    answer than the one before."""

    number: int
    question: Hashable
    """What a read asks for; None for a write."""
    last: Recorded
    digest: int
    times: int = 1
    changes: int = 0


class Traffic:
    """The newest lines; whatever is older is forgotten, and its answers with it."""

    def __init__(self) -> None:
        self.under_way: list[Recorded] = []
        self._made = 0
        self._writes: deque[Line] = deque()
        self._reads: deque[Line] = deque()
        self._folding: dict[Hashable, Line] = {}
        """The lines that further reads of the same question join."""

    def lines(self) -> list[Line]:
        """What has been answered, the newest first."""
        return sorted([*self._writes, *self._reads], key=lambda line: line.number, reverse=True)

    def line(self, number: int) -> Line:
        """The line of that number; KeyError once it is forgotten."""
        return {line.number: line for line in self.lines()}[number]

    def begin(self, request: Recorded) -> None:
        """A request has come."""
        self.under_way.append(request)

    def end(self, request: Recorded, answer: bytes, *, wrote: bool) -> None:
        """A request is over; `answer` is all of the body that went back."""
        self.under_way.remove(request)
        request.answer, request.answer_size = answer[:ANSWER_KEPT], len(answer)
        if wrote:
            self._folding.clear()
            self._keep(self._writes, WRITES_KEPT, self._line(None, request, 0))
        else:
            self._read(request, hash(answer))

    def _read(self, request: Recorded, digest: int) -> None:
        question = _question(request)
        line = self._folding.get(question)
        if line is None or line.last.status != request.status:
            line = self._folding[question] = self._line(question, request, digest)
            self._keep(self._reads, READS_KEPT, line)
            return
        line.last.answer = b""
        line.last = request
        line.times += 1
        line.changes += line.digest != digest
        line.digest = digest

    def _line(self, question: Hashable, request: Recorded, digest: int) -> Line:
        self._made += 1
        return Line(self._made, question, request, digest)

    def _keep(self, lines: deque[Line], most: int, line: Line) -> None:
        lines.append(line)
        if len(lines) > most:
            oldest = lines.popleft()
            oldest.last.answer = b""
            if self._folding.get(oldest.question) is oldest:
                del self._folding[oldest.question]


def _question(request: Recorded) -> Hashable:
    """What a read asks for. Moments (2026-04-15T09:30…) do not count: one that asks for what has
    changed since names another each time."""
    asked = ((name, "" if value[10:11] == "T" else value) for name, value in request.query)
    return request.method, request.path, tuple(asked), repr(request.body)
