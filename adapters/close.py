"""Close: tasks on leads, completed by one click that can be taken back.

What is said here of Close's behaviour comes from the vendor docs and OpenAPI, "Tasks", "Users" and
"Pagination", and, where marked so, from captured answers. A write carries the name of the key's
user, whoever clicked: Close offers no other way.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from adapters import contract as c
from adapters.close_wire import COMPLETE, Listing, MeRow, TaskRow, UserRow, task_of
from adapters.http import ApiKey, BaseUrl, Client, Transport
from adapters.reading import PagingGuard, salvage, validate

TITLE = "Close"
_LIMIT = 100

RowT = TypeVar("RowT", TaskRow, UserRow)


def _names(value: object) -> object:
    """`lead,outgoing_call` as names; anything else is left to pydantic."""
    if not isinstance(value, str):
        return value
    return [name.strip() for name in value.split(",") if name.strip()]


class CloseOptions(BaseModel):
    """One organization, seen with the rights of the key's user. `types`: the kinds of tasks to
    bring; those that Close makes by itself (`missed_call`, `incoming_email`, …) are many."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    api_key: ApiKey
    base_url: BaseUrl = "https://api.close.com/api/v1"
    types: Annotated[tuple[str, ...], BeforeValidator(_names), Field(min_length=1)] = (
        "lead",
        "outgoing_call",
    )


class Close(c.Provider):
    """One organization as a `Provider`."""

    capabilities = c.Capabilities(incremental=True, directory=True)

    def __init__(
        self, options: CloseOptions, clock: c.Clock, transport: Transport | None = None
    ) -> None:
        self._types = ",".join(options.types)
        self._me: MeRow | None = None
        self._client = Client(
            TITLE,
            options.base_url,
            clock,
            # The key is the user name, the password is empty.
            basic=(options.api_key.get_secret_value(), ""),
            transport=transport,
        )

    async def check(self) -> c.Account:
        """Ask whose key this is: its organization and, as every write carries it, its user."""
        me = self._me = validate(MeRow, await self._client.get("me/"), TITLE)
        user = " ".join(filter(None, (me.first_name, me.last_name)))
        organizations = [found.name for found in me.organizations or () if found.name]
        return c.Account(", ".join(filter(None, (*organizations, user))) or TITLE)

    async def tasks(
        self,
        people: Collection[str],  # noqa: ARG002 - everybody's tasks come in one listing
        since: datetime | None = None,
    ) -> AsyncIterator[c.Page]:
        """The open tasks of the whole organization, or those changed since, finished ones too.
        Deleted tasks are in neither. Oldest first: the only order that new tasks don't disturb."""
        params = {"_type__in": self._types, "_order_by": "date_created"}
        if since is None:
            params["is_complete"] = "false"
        else:
            params["date_updated__gte"] = since.astimezone(UTC).isoformat()
        async with aclosing(self._walk(TaskRow, "task/", params)) as pages:
            async for rows, whole in pages:
                yield c.Page([task_of(row) for row in rows], whole)

    async def lookup(self, task: c.Task) -> c.Task | None:
        """The task by its id; None also where the key's user may not see it."""
        try:
            return task_of(await self._get(task.id))
        except c.NotFound:
            return None

    async def offer(self) -> c.Offer:
        """Close knows no results of tasks, only that one is complete."""
        return c.Offer((COMPLETE,))

    async def submit(
        self,
        task: c.Task,
        change: c.Change,
        actor: c.Operator | None,  # noqa: ARG002 - a write is always in the name of the key's user
        *,
        again: bool = False,
    ) -> c.Task:
        """Complete the task. Read first: a completion by somebody else must not look like ours,
        and Close takes a second one without a word (captured)."""
        if not isinstance(change, c.Answer):
            raise c.Unsupported("Close can't do this.")
        answer = change
        if answer.outcome != COMPLETE.code:
            raise c.Rejected(f"“{answer.outcome}” is no longer offered by Close.")
        row = await self._get(task.id)
        if row.is_complete:
            if again and row.updated_by == await self._own_id():
                return task_of(row)
            raise c.Conflict("This task is already complete in Close.", task_of(row))
        raw = await self._client.put(_path(task.id), {"is_complete": True})
        try:
            return task_of(validate(TaskRow, raw, TITLE))
        except c.Malformed:
            return await self._accepted(row, answer)

    async def operators(self) -> Sequence[c.Operator]:
        """All users, former members marked."""
        found = list[c.Operator]()
        async with aclosing(self._walk(UserRow, "user/", {})) as pages:
            async for rows, _ in pages:
                found += [
                    c.Operator(u.id, name=u.name, email=u.email, active=u.organizations != [])
                    for u in rows
                ]
        return found

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.close()

    async def _walk(
        self, kind: type[RowT], path: str, params: Mapping[str, str]
    ) -> AsyncGenerator[tuple[list[RowT], bool]]:
        """Pages of rows, each with whether all of it could be read. `_skip` grows by the rows
        received and `has_more` ends the walk, as in the vendor's own client: a short page says
        nothing. An unreadable page ends it too, for nobody tells how long it was; unreadable at
        the very start it is Malformed."""
        guard, skip, more = PagingGuard(TITLE), 0, True
        while more:
            raw = await self._client.get(path, {**params, "_limit": _LIMIT, "_skip": skip})
            try:
                rows, received, more = _read(kind, raw)
            except c.Malformed:
                if not skip:
                    raise
                yield [], False
                return
            if received or more:
                yield guard.fresh(rows, received), len(rows) == received
            skip += received

    async def _get(self, task_id: str) -> TaskRow:
        return validate(TaskRow, await self._client.get(_path(task_id)), TITLE)

    async def _own_id(self) -> str:
        if self._me is None:
            self._me = validate(MeRow, await self._client.get("me/"), TITLE)
        return self._me.id

    async def _accepted(self, row: TaskRow, answer: c.Answer) -> c.Task:
        """After a 2xx whose body can't be read: what Close shows, or else what it said yes to."""
        try:
            return task_of(await self._get(row.id))
        except c.ProviderError:
            done = c.Result(label=COMPLETE.label, at=answer.occurred_at)
            return replace(task_of(row), state=c.TaskState.DONE, result=done)


def _path(task_id: str) -> str:
    """Every path of Close ends in a slash."""
    return f"task/{quote(task_id, safe='')}/"


def _read(kind: type[RowT], raw: bytes) -> tuple[list[RowT], int, bool]:
    """A page's readable rows, how many it had, and whether there are more pages."""
    try:
        listing = validate(Listing[kind], raw, TITLE)  # type: ignore[valid-type]
    except c.Malformed:
        loose = validate(Listing[object], raw, TITLE)
        return salvage(kind, loose.data, TITLE), len(loose.data), loose.has_more
    return listing.data, len(listing.data), listing.has_more
