"""Close: tasks on leads, completed by one click that can be taken back.

What is said here and in the other `close_` modules of Close's behaviour comes from the vendor docs
and OpenAPI and, where marked so, from captured answers. A write carries the name of the key's
user, whoever clicked; only notes can carry another.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from adapters import close_push, contract as c
from adapters.close_changes import Changes
from adapters.close_leads import find_leads
from adapters.close_pages import walk, walk_tasks
from adapters.close_wire import COMPLETE, TYPES, MeRow, UserRow, task_of
from adapters.http import ApiKey, BaseUrl, Client, Transport
from adapters.reading import validate

TITLE = "Close"
ALL_TYPES = "all"


def _names(value: object) -> object:
    """`lead,outgoing_call` as names; anything else is left to pydantic."""
    if not isinstance(value, str):
        return value
    return [name.strip() for name in value.split(",") if name.strip()]


class CloseOptions(BaseModel):
    """One organization, seen with the rights of the key's user. `types`: the kinds of tasks to
    bring, or `all`; those that Close makes by itself (`missed_call`, `incoming_email`, …) are
    many."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    api_key: ApiKey
    base_url: BaseUrl = "https://api.close.com/api/v1"
    types: Annotated[tuple[str, ...], BeforeValidator(_names), Field(min_length=1)] = (
        "lead",
        "outgoing_call",
    )


class Close(c.Provider):
    """One organization as a `Provider`."""

    capabilities = c.Capabilities(
        incremental=True,
        directory=True,
        reopen=True,
        reschedule=True,
        reassign=True,
        comment=True,
        create=True,
        subjects=True,
        push=c.Push.SIGNED,
    )

    def __init__(
        self, options: CloseOptions, clock: c.Clock, transport: Transport | None = None
    ) -> None:
        every = ALL_TYPES in options.types
        self._types = {"_type": ALL_TYPES} if every else {"_type__in": ",".join(options.types)}
        self._events = close_push.events_of(TYPES if every else options.types)
        self._client = Client(
            TITLE,
            options.base_url,
            clock,
            # The key is the user name, the password is empty.
            basic=(options.api_key.get_secret_value(), ""),
            transport=transport,
        )
        self._changes = Changes(self._client)

    async def check(self) -> c.Account:
        """Ask whose key this is: its organization and, as every write carries it, its user."""
        me = validate(MeRow, await self._client.get("me/"), TITLE)
        user = " ".join(filter(None, (me.first_name, me.last_name)))
        organizations = [found.name for found in me.organizations or () if found.name]
        return c.Account(", ".join(filter(None, (*organizations, user))) or TITLE)

    async def tasks(
        self,
        people: Collection[str],  # noqa: ARG002 - everybody's tasks come in one listing
        since: datetime | None = None,
    ) -> AsyncIterator[c.Page]:
        """The open tasks of the whole organization, or those changed since, finished ones too.
        Deleted tasks are in neither."""
        params = dict(self._types)
        if since is None:
            params["is_complete"] = "false"
        else:
            params["date_updated__gte"] = since.astimezone(UTC).isoformat()
        async with aclosing(walk_tasks(self._client, params)) as pages:
            async for rows, whole in pages:
                yield c.Page([task_of(row) for row in rows], whole)

    async def lookup(self, task: c.Task) -> c.Task | None:
        """The task by its id; None also where the key's user may not see it."""
        try:
            return task_of(await self._changes.read(task.id))
        except c.NotFound:
            return None

    async def offer(self) -> c.Offer:
        """Close knows no results of tasks, only that one is complete."""
        return c.Offer((COMPLETE,))

    async def submit(
        self, task: c.Task, change: c.Change, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        """A completion, its reopening, another date or assignee, a note on the lead."""
        return await self._changes.submit(task, change, actor, again=again)

    async def operators(self) -> Sequence[c.Operator]:
        """All users, former members marked."""
        found = list[c.Operator]()
        async with aclosing(walk(self._client, UserRow, "user/", {})) as pages:
            async for rows, _ in pages:
                found += [
                    c.Operator(u.id, name=u.name, email=u.email, active=u.organizations != [])
                    for u in rows
                ]
        return found

    async def subjects(self, text: str) -> Sequence[c.Choice]:
        """Leads by the beginnings of words in their names, at most a hundred."""
        return await find_leads(self._client, text)

    async def create(
        self, draft: c.Draft, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        """A task on a lead."""
        return await self._changes.create(draft, actor, again=again)

    async def subscribe(self, url: str, held: c.Subscription | None) -> c.Subscription:
        """A webhook for the types of tasks that are brought."""
        return await close_push.subscribe(self._client, url, self._events, held)

    def read_push(self, push: c.PushRequest, held: c.Subscription) -> c.Pushed:
        """The event of a signed delivery."""
        return close_push.read_push(push, held)

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.close()
