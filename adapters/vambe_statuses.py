"""The statuses of a Vambe organization. No call lists them: they are learnt from the tasks that are
in them (vendor docs, "get tasks", "Status Config Object")."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.contract import Outcome
from adapters.vambe_wire import StatusRow, TaskRow

_OPTION = "done_status (VAMBE_DONE_STATUS)"
_NONE_SEEN = (
    "Vambe has shown no final status yet, so no task can be finished from here."
    f" Finish one task in Vambe, or set {_OPTION}."
)
_NOT_FINAL = f"Vambe does not count as done the status that {_OPTION} names. Set another one."


class Statuses:
    """What is known of the statuses by now. `done`: the name of one that finishes a task, for as
    long as none has been seen. A name stands for one status, the first in Vambe's order."""

    def __init__(self, done: str | None) -> None:
        self._done = done
        self._seen: dict[str, StatusRow] = {}

    def learn(self, rows: Iterable[TaskRow]) -> None:
        """Take note of the statuses of these tasks; a later word counts more."""
        for row in rows:
            status = row.status_config
            if status is not None and status.name:
                self._seen[status.id or status.name] = status

    def forget(self, name: str) -> None:
        """Vambe takes this name no longer."""
        self._seen = {key: one for key, one in self._seen.items() if one.name != name}

    @property
    def any_seen(self) -> bool:
        return bool(self._seen)

    def named(self, name: str) -> StatusRow | None:
        """The status of this name, if it is offered; if none is, the one that differs in case only:
        a configured name gives way to Vambe's own way of writing it as soon as that is seen."""
        known = self._known()
        folded = {one.casefold(): status for one, status in known.items()}
        return known.get(name) or folded.get(name.casefold())

    def way_back(self, name: str | None) -> StatusRow | None:
        """Where a task goes that is opened again: to the status of this name, which it had before,
        unless that is final; or else to an initial one, or any that is not final."""
        if name:
            was = self.named(name) or StatusRow(name=name, type="initial")
            if not was.is_final:
                return was
        found = [one for one in self._known().values() if not one.is_final]
        return min(found, key=lambda one: one.type != "initial", default=None)

    def outcomes(self) -> tuple[Outcome, ...]:
        """A click for each, in Vambe's order."""
        return tuple(
            [
                Outcome(name, name, completes=one.is_final, reversible=True)
                for name, one in self._known().items()
            ]
        )

    @property
    def gap(self) -> str | None:
        """What keeps tasks from being finished, in a sentence for admins."""
        if any(one.is_final for one in self._known().values()):
            return None
        return _NOT_FINAL if self._done else _NONE_SEEN

    def _known(self) -> dict[str, StatusRow]:
        """Those that have been seen, and last the configured one if it is not among them."""
        found = dict[str, StatusRow]()
        for one in sorted(self._seen.values(), key=_rank):
            found.setdefault(one.name or "", one)
        if self._done and self._done.casefold() not in map(str.casefold, found):
            found[self._done] = StatusRow(name=self._done, type="done")
        return found


def _rank(status: StatusRow) -> tuple[float, str]:
    order = float("inf") if status.order is None else status.order
    return order, status.name or ""
