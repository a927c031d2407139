"""Reten on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sandbox.page.boards.board import Board, Draft, Operator, Row, due_of
from sandbox.providers.reten import RetenSim
from sandbox.providers.reten_records import OperatorRef
from sandbox.providers.service import Record


class RetenBoard(Board):
    """Reten: visits to commerces, for reasons, by operators of its field force."""

    title = "Reten"
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
            operators=[Operator(operator["externalId"], operator["name"])] if operator else [],
            due=due_of(record["scheduledAt"]),
            status=record["lifecycleStatusLabel"] or "",
            open=record["status"] not in ("COMPLETED", "CANCELLED"),
            result=labels.get(code, code or ""),
            comment=result.get("comment", ""),
        )
