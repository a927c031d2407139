"""The statuses that a tenant of Vambe defines for its tasks (vendor docs, get tasks, "Status Config
Object")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.providers.book import Book
from sandbox.providers.service import Record

FINAL = ("master_done", "done")
"""The types that mean done; what tells them apart is not documented."""

_DEFAULTS = (
    ("Pendiente", "initial", "#60a5fa"),
    ("En Progreso", "in_progress", "#facc15"),
    ("Completado", "master_done", "#22c55e"),
)


class Statuses:
    """The tenant's statuses in their order; every change shows in its tasks at once."""

    def __init__(self, tasks: Book, new_id: Callable[[str], str]) -> None:
        self._tasks = tasks
        self._new_id = new_id
        self._records: list[Record] = []
        for default in _DEFAULTS:
            self.add(*default)

    def __iter__(self) -> Iterator[Record]:
        return iter(sorted(self._records, key=lambda status: status["order"]))

    def add(
        self,
        name: str,
        type: str = "done",  # noqa: A002 - the vendor's word
        color: str = "#a78bfa",
        order: int | None = None,
    ) -> Record:
        """Define a status, the last one unless `order` says otherwise."""
        if order is None:
            order = max((status["order"] for status in self._records), default=-1) + 1
        status = {
            "id": self._new_id("status"),
            "name": name,
            "color": color,
            "type": type,
            "order": order,
            # Not documented: fields may be added at any time, and a client has to ignore them.
            "is_archived": False,
        }
        self._records.append(status)
        return status

    def edit(self, name: str, /, **fields: Any) -> Record:
        """Change a status: its name, type, order or colour."""
        status = self[name]
        if unknown := fields.keys() - status.keys():
            raise KeyError(*unknown)
        status |= fields
        self._tasks_with(status)
        return status

    def remove(self, name: str) -> None:
        """Take a status away; its tasks are left with a null `status_config`."""
        status = self[name]
        self._records.remove(status)
        for task in self._tasks_with(status):
            task["status_config"] = None

    def get(self, name: str) -> Record | None:
        """The first status with exactly this name, case included (the documents don't say)."""
        return next((status for status in self if status["name"] == name), None)

    def __getitem__(self, name: str) -> Record:
        """The status that has to have this name."""
        status = self.get(name)
        if status is None:
            raise KeyError(name)
        return status

    def at(self, index: int) -> Record | None:
        """The status at a place in their order, from 0."""
        return dict(enumerate(self)).get(index)

    def first(self, *types: str) -> Record:
        """The first status of the first of these types that the tenant has."""
        for wanted in types:
            for status in self:
                if status["type"] == wanted:
                    return status
        raise KeyError(*types)

    def _tasks_with(self, status: Record) -> list[Record]:
        """The tasks in a status, which have changed with it."""
        found = [task for task in self._tasks if task["status_config"] is status]
        for task in found:
            self._tasks.touch(task["id"])
        return found
