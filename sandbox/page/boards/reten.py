"""Reten on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from sandbox.page.boards.board import Board
from sandbox.page.boards.rows import Change, Draft, Operator, Row, Unfit, due_of
from sandbox.providers.reten import RetenSim
from sandbox.providers.reten_records import LIFECYCLE, OperatorRef
from sandbox.providers.service import Record

_SETTABLE = {LIFECYCLE[code][1]: code for code in ("PENDING", "IN_PROGRESS", "CANCELLED")}
"""By label; an activity is completed by a result alone."""


class RetenBoard(Board):
    """Reten: visits to commerces, for reasons, by operators of its field force."""

    title = RetenSim.title
    labels: ClassVar = {"title": "Commerce", "about": "Reason", "operator": "Operator"}
    needs_time = True
    fixed_subjects = True

    def __init__(
        self,
        sim: RetenSim,
        operators: Sequence[OperatorRef],
        reasons: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(sim)
        self._reten = sim
        self._operators = {operator[0]: operator for operator in operators}
        self._reasons = {label: (code, label) for code, label in reasons}

    def operators(self) -> list[Operator]:
        return [Operator(id_, name) for id_, name, _ in self._operators.values()]

    def subjects(self) -> list[str]:
        return list(self._reasons)

    def statuses(self) -> list[str]:
        return list(_SETTABLE)

    def tasks(self) -> list[Row]:
        return [self._row(record) for record in self._reten.tasks()]

    def finish(self, task_id: str) -> None:
        self._reten.complete_elsewhere(task_id)

    def remove(self, task_id: str) -> None:
        self._reten.remove(task_id)

    def _add(self, draft: Draft) -> str:
        record = self._reten.add_task(
            draft.title,
            operator=self._first(draft.operators),
            reason=self._reasons.get(draft.about),
            scheduled_at=draft.moment,
        )
        return str(record["id"])

    def _edit(self, task_id: str, change: Change) -> None:
        record = self._reten.task(task_id)
        fields: dict[str, Any] = {}
        if change.about is not None:
            fields["reason"] = self._reasons.get(change.about)
        if change.redated:
            fields["scheduled_at"] = change.due
        if change.status is not None:
            if not _is_open(record):
                raise Unfit("What is closed at Reten stays closed.")
            fields["status"] = _SETTABLE[change.status]
        if change.title is not None:
            self._rename(record["commerceExternalId"], change.title)
        self._reten.edit(task_id, **fields)

    def _rename(self, commerce_id: str, name: str) -> None:
        """A commerce has one name, in all of its activities."""
        for record in self._reten.tasks():
            if record["commerceExternalId"] == commerce_id:
                self._reten.edit(record["id"], commerce=(commerce_id, name))

    def _reassign(self, task_id: str, operators: Sequence[str]) -> None:
        self._reten.reassign(task_id, self._first(operators))

    def _first(self, operators: Sequence[str]) -> OperatorRef | None:
        return self._operators[operators[0]] if operators else None

    def _row(self, record: Record) -> Row:
        operator = (record["activityDetails"] or {}).get("assignedOperator")
        result = (record["activityResult"] or {}).get("resultDetails") or {}
        labels = {kind["code"]: kind["label"] for kind in self._reten.result_types}
        code = result.get("result")
        return Row(
            id=record["id"],
            title=record["commerceName"],
            about=(record["reason"] or {}).get("label", ""),
            subject=(record["reason"] or {}).get("label", ""),
            operators=[Operator(operator["externalId"], operator["name"])] if operator else [],
            due=due_of(record["scheduledAt"]),
            status=record["lifecycleStatusLabel"] or "",
            open=_is_open(record),
            result=labels.get(code, code or ""),
            comment=result.get("comment", ""),
        )


def _is_open(record: Record) -> bool:
    return record["status"] not in ("COMPLETED", "CANCELLED")
