"""How tasks are made at PlanD. What a creation answers is not documented, so what was made is read
back: by the id, if the answer has one, or else among the newest tasks."""

from __future__ import annotations

from contextlib import aclosing
from datetime import timedelta

from pydantic import Field

from adapters import contract as c
from adapters.http import Client
from adapters.pland_reads import TITLE, Reads
from adapters.pland_wire import ID_FORM, TaskRow, is_id, written_due
from adapters.reading import Row, validate

PRIORITIES = ("low", "medium", "high", "urgent")

_PRIORITY, _TYPE = "priority", "taskTypeId"
_CLOCKS_APART = timedelta(minutes=2)


class Drafts:
    """The creating call of one account."""

    def __init__(self, client: Client, reads: Reads) -> None:
        self._client = client
        self._reads = reads

    def fields(self) -> tuple[c.Field, ...]:
        """What a new task may have besides: a priority, and a kind where kinds are known."""
        words = tuple(c.Choice(word, word.capitalize()) for word in PRIORITIES)
        kinds = [c.Choice(row.id, row.name) for row in self._reads.types.values() if row.name]
        priority = c.Field(_PRIORITY, "Priority", c.FieldKind.CHOICE, False, words)
        kind = c.Field(_TYPE, "Task type", c.FieldKind.CHOICE, False, tuple(kinds))
        return (priority, kind) if kinds else (priority,)

    async def create(self, draft: c.Draft, *, again: bool) -> TaskRow:
        """The task that was made, now or (`again`) by an earlier try."""
        body = _body(draft)
        if again and (made := await self._find(draft)):
            return made
        raw = await self._client.post("tasks/", body)
        try:
            made = await self._made(raw, draft)
        except c.ProviderError as error:
            why = str(error)
        else:
            if made is None:
                raise c.Rejected(
                    "PlanD took the new task but does not show it: look there before trying again."
                )
            return made
        raise c.Unavailable(f"PlanD took the new task and can't be asked: {why}", ambiguous=True)

    async def _made(self, raw: bytes, draft: c.Draft) -> TaskRow | None:
        try:
            made_id = validate(_Made, raw, TITLE).id
        except c.Malformed:
            return await self._find(draft)
        return await self._reads.task(made_id)

    async def _find(self, draft: c.Draft) -> TaskRow | None:
        """The newest task that says the same and that the key's user made since the draft."""
        own, since = await self._reads.own_id(), draft.made_at - _CLOCKS_APART
        pages = self._reads.walk(TaskRow, "tasks/", newest_first=True)
        async with aclosing(pages):
            async for rows, _ in pages:
                for row in rows:
                    if row.made_at >= since and _is_of(row, draft, own):
                        return row
                past = any(row.made_at < since for row in rows)
                if past and not self._reads.is_shuffled("tasks/"):
                    return None
        return None


class _Made(Row):
    id: str = Field(alias="_id", pattern=ID_FORM)


def _is_of(row: TaskRow, draft: c.Draft, own: str) -> bool:
    by = row.status.created_by if row.status else None
    ours = by is None or not is_id(by) or by == own
    given = draft.operator is None or row.assignee_id == draft.operator
    return ours and given and (row.title or "").split() == draft.title.split()


def _body(draft: c.Draft) -> dict[str, object]:
    """What is said of the new task, and nothing empty. Rejected where PlanD can't have it."""
    priority, kind = draft.fields.get(_PRIORITY), draft.fields.get(_TYPE)
    wrong = dict[str, str]()
    if priority and priority not in PRIORITIES:
        wrong[_PRIORITY] = "This is no priority of PlanD."
    if kind and not is_id(kind):
        wrong[_TYPE] = "This is no task type of PlanD."
    if draft.operator is not None and not is_id(draft.operator):
        wrong["operator"] = "This is no person of PlanD."
    if wrong:
        raise c.Rejected(" ".join(wrong.values()), wrong)
    said = {
        "title": draft.title,
        "description": draft.note,
        "priority": priority,
        "taskTypeId": kind,
        "dueDate": written_due(draft.due).isoformat() if draft.due else None,
        "assigneeId": draft.operator,
    }
    return {name: value for name, value in said.items() if value}
