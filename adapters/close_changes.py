"""What people change in Close: completions, dates, assignees, notes, new tasks (vendor docs and
OpenAPI, "Tasks", "Notes").

A PUT changes the fields that it names and may be repeated; a POST may not, so before a second one
the first is looked for. One task is changed at a time: Close's bulk update is never used.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from adapters import contract as c
from adapters.close_pages import walk, walk_tasks
from adapters.close_wire import COMPLETE, MeRow, NoteRow, TaskRow, line, task_of
from adapters.http import Client
from adapters.reading import validate

_CLOCKS_DIFFER = timedelta(minutes=1)
"""By how much Close's clock may be behind ours where we look for what we have just made."""

_DRAFT_FIELDS = {"lead": "subject", "text": "title", "assigned_to": "operator", "date": "due"}
"""A `Draft`'s fields by their names in Close's refusals: `lead` for `lead_id` (captured)."""


class Changes:
    """The writes to one organization. All but notes carry the name of the key's user: Close
    offers no other way."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._own_id = ""

    async def read(self, task_id: str) -> TaskRow:
        """One task. NotFound also where the key's user may not see it."""
        return validate(TaskRow, await self._client.get(_path(task_id)), self._client.name)

    async def submit(
        self, task: c.Task, change: c.Change, actor: c.Operator | None, *, again: bool
    ) -> c.Task:
        """As in the contract. Read first: a completion by somebody else must not look like ours,
        and Close takes a second one without a word (captured)."""
        row = await self.read(task.id)
        match change:
            case c.Answer():
                return await self._complete(row, change, again=again)
            case c.Reopen():
                return await self._reopen(row, change, again=again)
            case c.Reschedule():
                return await self._reschedule(row, change)
            case c.Reassign():
                return await self._reassign(row, change)
            case c.Comment():
                await self._comment(row, change, actor, again=again)
                return task_of(row)

    async def create(self, draft: c.Draft, actor: c.Operator | None, *, again: bool) -> c.Task:
        """A task on a lead, for the draft's operator or else for who made it."""
        if not draft.subject:
            message = "A task in Close belongs to a lead."
            raise c.Rejected(message, {"subject": "Choose a lead."})
        body = _new_task(draft, actor)
        made = await self._find_made(body, draft.made_at) if again else None
        if made is None:
            made = await self._make(body, draft.made_at)
        return task_of(made)

    async def _complete(self, row: TaskRow, answer: c.Answer, *, again: bool) -> c.Task:
        if answer.outcome != COMPLETE.code:
            raise c.Rejected(f"“{answer.outcome}” is no longer offered by Close.")
        if row.is_complete:
            if again and row.updated_by == await self._own():
                return task_of(row)
            raise _complete_already(row)
        done = {"is_complete": True, "updated_by_name": None, "date_updated": answer.occurred_at}
        return await self._put(row, {"is_complete": True}, done)

    async def _reopen(self, row: TaskRow, change: c.Reopen, *, again: bool) -> c.Task:
        """A task that is open already is as it should be, whoever opened it."""
        if not row.is_complete:
            return task_of(row)
        later = row.date_updated is not None and row.date_updated > change.occurred_at
        if again and later and row.updated_by != await self._own():
            raise c.Conflict("Somebody has completed this task again in Close.", task_of(row))
        return await self._put(row, {"is_complete": False}, {"is_complete": False})

    async def _reschedule(self, row: TaskRow, change: c.Reschedule) -> c.Task:
        now = _still_open(row)
        if now.due == change.due:
            return now
        dated = {"date": change.due, "is_dateless": False}
        return await self._put(row, {"date": _date_text(change.due)}, dated)

    async def _reassign(self, row: TaskRow, change: c.Reassign) -> c.Task:
        now = _still_open(row)
        if row.assigned_to == change.operator:
            return now
        owned = {"assigned_to": change.operator, "assigned_to_name": None}
        return await self._put(row, {"assigned_to": change.operator}, owned)

    async def _put(
        self, row: TaskRow, fields: Mapping[str, object], implied: Mapping[str, Any]
    ) -> c.Task:
        """Change the task. After a 2xx whose body can't be read: what Close shows, or else what it
        said yes to."""
        raw = await self._client.put(_path(row.id), fields)
        try:
            return task_of(validate(TaskRow, raw, self._client.name))
        except c.Malformed:
            pass
        try:
            return task_of(await self.read(row.id))
        except c.ProviderError:
            return task_of(row.model_copy(update=implied))

    async def _comment(
        self, row: TaskRow, comment: c.Comment, actor: c.Operator | None, *, again: bool
    ) -> None:
        """Leave a note on the task's lead, in the name of who wrote it."""
        if not row.lead_id:
            raise c.Rejected("This task has no lead, and Close keeps comments with leads.")
        body = {"lead_id": row.lead_id, "note": comment.text}
        if actor:
            body["user_id"] = actor.id
        if not again or not await self._has_note(body, comment.occurred_at):
            await self._client.post("activity/note/", body)

    async def _has_note(self, body: Mapping[str, str], made_at: datetime) -> bool:
        """Whether an earlier try has left this note. Malformed when that can't be told."""
        author = body.get("user_id") or await self._own()
        params = {"lead_id": body["lead_id"], "date_created__gte": _since(made_at)}
        whole = True
        async with aclosing(walk(self._client, NoteRow, "activity/note/", params)) as pages:
            async for rows, readable in pages:
                whole = whole and readable
                for row in rows:
                    if row.user_id == author and line(row.note) == line(body["note"]):
                        return True
        if not whole:
            raise c.Malformed("Close's list of notes can't be read in full.")
        return False

    async def _make(self, body: Mapping[str, str], made_at: datetime) -> TaskRow:
        try:
            raw = await self._client.post("task/", body)
        except c.Rejected as error:
            fields = {_DRAFT_FIELDS.get(name, name): text for name, text in error.fields.items()}
            raise c.Rejected(str(error), fields) from None
        try:
            return validate(TaskRow, raw, self._client.name)
        except c.Malformed:
            made = await self._find_made(body, made_at)
        if made is None:
            raise c.Unavailable("Close took the new task and does not show it.", ambiguous=True)
        return made

    async def _find_made(self, body: Mapping[str, str], made_at: datetime) -> TaskRow | None:
        """The task that an earlier try has made. Malformed when that can't be told."""
        params = {
            "_type__in": "lead",
            "lead_id": body["lead_id"],
            "date_created__gte": _since(made_at),
        }
        owner, whole = body.get("assigned_to"), True
        async with aclosing(walk_tasks(self._client, params)) as pages:
            async for rows, readable in pages:
                whole = whole and readable
                for row in rows:
                    same = line(row.text) == line(body["text"])
                    if same and owner in (None, row.assigned_to):
                        return row
        if not whole:
            raise c.Malformed("Close's list of tasks can't be read in full.")
        return None

    async def _own(self) -> str:
        """The id of the key's user."""
        if not self._own_id:
            me = validate(MeRow, await self._client.get("me/"), self._client.name)
            self._own_id = me.id
        return self._own_id


def _complete_already(row: TaskRow) -> c.Conflict:
    return c.Conflict("This task is already complete in Close.", task_of(row))


def _still_open(row: TaskRow) -> c.Task:
    if row.is_complete:
        raise _complete_already(row)
    return task_of(row)


def _date_text(due: c.Due) -> str:
    """A due as Close writes a task's `date`: a day alone, or an instant with its offset."""
    return due.at.astimezone(UTC).isoformat() if due.at else str(due.on)


def _new_task(draft: c.Draft, actor: c.Operator | None) -> dict[str, str]:
    """The body of a new task; without a `date` it is dateless (captured). Close has one text for
    it, so that the note follows the title there."""
    owner = draft.operator or (actor.id if actor else None)
    fields = {
        "_type": "lead",
        "lead_id": draft.subject,
        "text": f"{draft.title}\n{draft.note}" if draft.note else draft.title,
        "assigned_to": owner,
        "date": _date_text(draft.due) if draft.due else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _since(made_at: datetime) -> str:
    return (made_at - _CLOCKS_DIFFER).astimezone(UTC).isoformat()


def _path(task_id: str) -> str:
    """Every path of Close ends in a slash."""
    return f"task/{quote(task_id, safe='')}/"
