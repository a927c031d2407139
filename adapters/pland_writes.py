"""How PlanD is written to: one field at a time, and each write looked at afterwards.

That a PATCH of one field leaves the others alone is documented for other entities and a guess for
tasks. So every PATCH names one field, and the task is read back: whether the change is there, and
whether the title still is. A write carries the name of the key's user, whoever clicked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters import contract as c
from adapters.http import Client
from adapters.pland_reads import TITLE, Reads
from adapters.pland_wire import (
    CANCEL,
    COMPLETE,
    OPEN_STATUSES,
    STATUS_OF,
    TaskRow,
    is_id,
    written_due,
)
from adapters.reading import Row, validate

COMMENT = "comment"
"""The key of the field for `completionResponse`."""

_REOPENED = "open"
_NEAR = timedelta(seconds=1)
_REPLACES = "PlanD replaces whole tasks where one field is sent"
_UNDONE = "PlanD said yes to the change but did not make it."
_REFUSALS = (c.Rejected, c.NotFound, c.Conflict)


@dataclass(frozen=True, slots=True)
class _Wish:
    """One field of a task, and how to see that it has the value."""

    field: str
    value: object
    met: Callable[[TaskRow], bool]


class Writes:
    """The writing calls of one account for tasks that exist."""

    def __init__(self, client: Client, reads: Reads) -> None:
        self._client = client
        self._reads = reads
        self._replaces = False
        self._unproven = dict[str, str]()
        """The titles of tasks that were patched and not yet read back."""

    async def submit(self, task_id: str, change: c.Change, *, again: bool) -> TaskRow:
        """The task after the change. Read first: a task that somebody finished is a Conflict, and
        what is as wished already is not written."""
        wish = None if _completes(change) else _wish_of(change)
        row = await self._reads.task(task_id)
        await self._expect_title(row, self._unproven.pop(row.id, None))
        if row.is_open == isinstance(change, c.Reopen):
            return await self._settled(row, change, again=again)
        if wish is None:
            assert isinstance(change, c.Answer)  # noqa: S101 - `_completes` has looked
            return await self._complete(row, change)
        return row if wish.met(row) else await self._patch(row, wish, change)

    async def _settled(self, row: TaskRow, change: c.Change, *, again: bool) -> TaskRow:
        """A task that is already finished, or already open again, if that is as wished."""
        if isinstance(change, c.Reopen):
            return row
        wished = COMPLETE.code if row.state is c.TaskState.DONE else CANCEL.code
        asked = isinstance(change, c.Answer) and change.outcome == wished
        if asked and await self._is_ours(row, again=again):
            return row
        raise self._finished(row)

    async def _is_ours(self, row: TaskRow, *, again: bool) -> bool:
        """Whether the last change of a task may have been ours; PlanD may not tell whose it was."""
        by = row.status.last_modified_by if row.status else None
        return again and (by is None or not is_id(by) or by == await self._reads.own_id())

    async def _complete(self, row: TaskRow, change: c.Answer) -> TaskRow:
        """`sendEmail` is false by default; said all the same, for the mail goes to customers."""
        text = change.fields.get(COMMENT, "").strip()
        if text and row.completion_response != text:
            wish = _Wish("completionResponse", text, lambda now: now.completion_response == text)
            row = await self._patch(row, wish, change)
            if not row.is_open:
                return row
        try:
            raw = await self._client.post(f"tasks/{row.id}/complete", {"sendEmail": False})
        except _REFUSALS as refused:
            return await self._refused(row, change, refused)
        try:
            now = await self._read_back(row)
        except c.Unavailable:
            if not _says_complete(raw):
                raise
            return row.model_copy(update={"task_status": "completed"})
        if now.state is not c.TaskState.DONE:
            raise self._not_done(now)
        return now

    async def _patch(self, row: TaskRow, wish: _Wish, change: c.Change) -> TaskRow:
        if self._replaces:
            raise c.Rejected(f"{_REPLACES}, so this is not sent.")
        if row.title:
            self._unproven[row.id] = row.title
        try:
            await self._client.patch(f"tasks/{row.id}", {wish.field: wish.value})
        except _REFUSALS as refused:
            self._unproven.pop(row.id, None)
            return await self._refused(row, change, refused)
        now = await self._read_back(row)
        await self._expect_title(now, self._unproven.pop(row.id, None))
        if not wish.met(now):
            raise self._not_done(now) if row.is_open else c.Rejected(_UNDONE)
        return now

    async def _refused(self, row: TaskRow, change: c.Change, refused: c.ProviderError) -> TaskRow:
        """What a refused write means: perhaps the task was finished since it was read, by somebody
        else or by a repetition of our own request."""
        now = await self._reads.task(row.id)
        if row.is_open and not now.is_open:
            return await self._settled(now, change, again=True)
        if isinstance(refused, c.NotFound):
            raise c.Rejected("PlanD does not know what this change names.") from None
        raise refused

    async def _read_back(self, row: TaskRow) -> TaskRow:
        try:
            return await self._reads.task(row.id)
        except c.NotFound:
            raise
        except c.ProviderError as error:
            # Whatever it is: the write may have landed.
            why = str(error)
        raise c.Unavailable(f"PlanD took the change and can't be asked: {why}", ambiguous=True)

    async def _expect_title(self, now: TaskRow, title: str | None) -> None:
        """Where our PATCH has wiped the title, write it once more, and nothing else from now on."""
        if not title or now.title:
            return
        self._replaces = True
        try:
            await self._client.patch(f"tasks/{now.id}", {"title": title})
            restored = (await self._reads.task(now.id)).title == title
        except c.ProviderError:
            restored = False
        told = "The title is back; look at the others" if restored else "Restore this one by hand"
        raise c.Rejected(f"{_REPLACES}. {told} in PlanD.")

    def _not_done(self, now: TaskRow) -> c.ProviderError:
        """Why an accepted change of an open task does not show."""
        return c.Rejected(_UNDONE) if now.is_open else self._finished(now)

    def _finished(self, now: TaskRow) -> c.Conflict:
        how = "complete" if now.state is c.TaskState.DONE else "cancelled"
        return c.Conflict(f"This task is already {how} in PlanD.", self._reads.shown(now))


class _Completed(Row):
    completed: bool = False


def _says_complete(raw: bytes) -> bool:
    try:
        return validate(_Completed, raw, TITLE).completed
    except c.Malformed:
        return False


def _completes(change: c.Change) -> bool:
    return isinstance(change, c.Answer) and change.outcome == COMPLETE.code


def _wish_of(change: c.Change) -> _Wish:
    """The field that a change sets. Rejected where it names what PlanD can't have."""
    match change:
        case c.Answer(outcome=code):
            if code not in STATUS_OF:
                raise c.Rejected(f"“{code}” is no longer offered by PlanD.")
            return _status(STATUS_OF[code])
        case c.Reopen(before=before):
            told = before.get("status", _REOPENED)
            return _status(told if told in OPEN_STATUSES else _REOPENED)
        case c.Reschedule(due=due):
            moment = written_due(due)
            return _Wish("dueDate", moment.isoformat(), lambda row: _is_due(row, moment))
        case c.Reassign(operator=operator):
            if not is_id(operator):
                raise c.Rejected("PlanD has no person with such an id.")
            given = {"entityId": operator}
            return _Wish("assignee", given, lambda row: row.assignee_id == operator)
        case _:
            raise c.Unsupported("PlanD takes no comments from here.")


def _status(wished: str) -> _Wish:
    return _Wish("taskStatus", wished, lambda row: row.task_status == wished)


def _is_due(row: TaskRow, moment: datetime) -> bool:
    return row.due_date is not None and abs(written_due(row.due_date) - moment) < _NEAR
