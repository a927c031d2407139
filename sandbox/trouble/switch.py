"""A switch of the panel: one thing that can befall one service."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.faults import Fault, Faults

Report = Callable[[str], None]
"""Takes what a service did, as "answered 503 to GET …/tasks"."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people are told of a trouble."""

    name: str
    """As in addresses."""
    title: str
    now: str
    """What is so while it is on, after the service's name: "is down"."""
    happens: str
    """What it does."""
    watch: str
    """What an honest app does then."""
    lasts: bool = True
    """Whether it is on until it is switched off; else it ends by striking once."""


class Switch(ABC):
    """One trouble of one service. `strikes` counts how often it struck, ever."""

    def __init__(self, words: Words, report: Report) -> None:
        self.words = words
        self.strikes = 0
        self._report = report

    @property
    @abstractmethod
    def on(self) -> bool:
        """Whether it may strike now."""

    @abstractmethod
    def begin(self) -> None:
        """Switch it on, which it is not."""

    @abstractmethod
    def end(self) -> None:
        """Switch it off, which it is not; what waits goes on."""

    def struck(self, what: str) -> None:
        """Count that it struck; `what` the service did."""
        self.strikes += 1
        self._report(what)


class FaultSwitch(Switch):
    """A fault in a layer of its own, so that it composes with all others."""

    def __init__(
        self,
        words: Words,
        report: Report,
        faults: Faults,
        fault: Callable[[], Fault],
        told: Callable[[str, str], str],
    ) -> None:
        """`faults`: those of the service; `fault` makes a new one; `told`: what the service did
        to a request of this method and path."""
        super().__init__(words, report)
        self._layer = faults.layer(lambda method, path: self.struck(told(method, path)))
        self._fault = fault

    @property
    def on(self) -> bool:
        return self._layer.active

    def begin(self) -> None:
        self._layer.add(self._fault())

    def end(self) -> None:
        self._layer.clear()
