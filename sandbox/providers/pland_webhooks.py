"""PlanD's webhooks (vendor OpenAPI): one pair of type and entity for each, nothing signed.

The simulator sends nothing by itself: `Webhooks.take_deliveries` hands out what is due. The
payload is not documented; ours names the pair and holds the task, of a deleted one the id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.providers.service import Record, encode


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST that PlanD would send."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Webhooks:
    """The webhooks of one company; only changes of tasks are told."""

    def __init__(self) -> None:
        self.hooks: dict[str, Record] = {}
        """By id, in the order of their making."""
        self._due: list[Delivery] = []

    def tell(self, kind: str, data: Callable[[], Record]) -> None:
        """Queue a delivery to each hook for this kind of change of a task."""
        for hook in self.hooks.values():
            if (hook["type"], hook["entity"]) == (kind, "task"):
                body = encode({"type": kind, "entity": "task", "data": data()})
                headers = {"content-type": "application/json"}
                self._due.append(Delivery(hook["url"], headers, body))

    def take_deliveries(self) -> list[Delivery]:
        """What the changes since the last call cause, in their order."""
        due, self._due = self._due, []
        return due
