"""PlanD: tasks of companies that clean and look after buildings, moved through a workflow.

Sources: the vendor's OpenAPI and its page "list tasks"; where marked "live", an open-source client
that notes where the live API differs. Changes of tasks are the least certain part, so each is read
back. Reading and posting never change a task; only a click does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from adapters import contract as c
from adapters.http import ApiKey, BaseUrl, Client, Transport
from adapters.pland_drafts import Drafts
from adapters.pland_hooks import subscribe
from adapters.pland_reads import TITLE as TITLE, Reads, every
from adapters.pland_wire import (
    CANCEL,
    COMPLETE,
    OPEN_STATUSES,
    REVIEW,
    START,
    TaskRow,
    UserRow,
    operator_of,
)
from adapters.pland_writes import COMMENT, Writes

TIMEOUT = 120.0
"""Seconds: the patience of the open-source client, which met answers that slow. It fits twice into
the time that a poll has; a write that takes longer than its attempt may is in doubt anyhow."""

_COMMENT = c.Field(COMMENT, "Completion comment", c.FieldKind.TEXT, required=False)


def _checked_template(value: str) -> str:
    if not value.startswith(("https://", "http://")) or "{id}" not in value:
        raise ValueError("must look like https://app.example.com/tasks/{id}")
    return value


class PlandOptions(BaseModel):
    """One company, seen with the rights of the key's user.

    `api_key`: `id:secret`. `link_template`: the page of a task in the app, with `{id}`, which no
    document tells. `completion_response`: whether completing may carry a comment; that it can is a
    guess.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    api_key: ApiKey
    base_url: BaseUrl = "https://cloud-api.pland.app/v2"
    link_template: Annotated[str, AfterValidator(_checked_template)] | None = None
    completion_response: bool = False


class Pland(c.Provider):
    """One company as a `Provider`: listed in full each time, as PlanD knows no "changed since".
    It takes no comments: what a message of a task's chat must look like is not documented."""

    capabilities = c.Capabilities(
        directory=True,
        reopen=True,
        reschedule=True,
        reassign=True,
        create=True,
        push=c.Push.POKE,
    )

    def __init__(
        self, options: PlandOptions, clock: c.Clock, transport: Transport | None = None
    ) -> None:
        self._client = Client(
            TITLE,
            options.base_url,
            clock,
            headers={"x-api-key": options.api_key.get_secret_value()},
            timeout=TIMEOUT,
            transport=transport,
        )
        self._reads = Reads(self._client, clock, options.link_template)
        self._writes = Writes(self._client, self._reads)
        self._drafts = Drafts(self._client, self._reads)
        fields = (_COMMENT,) if options.completion_response else ()
        self._outcomes = (START, REVIEW, replace(COMPLETE, fields=fields), CANCEL)

    async def check(self) -> c.Account:
        """Ask whose key this is: its user, as every write carries that name."""
        return c.Account((await self._reads.me()).name or TITLE)

    async def tasks(
        self,
        people: Collection[str],  # noqa: ARG002 - how to name several people is not documented
        since: datetime | None = None,  # noqa: ARG002 - PlanD knows no "changed since"
    ) -> AsyncIterator[c.Page]:
        """All open tasks, oldest first. The filter is applied again here, for the live API ignores
        some. A task without any workflow status is open to us, but not named by the filter: it is
        seen only where that is ignored."""
        await self._reads.load_types()
        params = {"taskStatus": ",".join(OPEN_STATUSES)}
        async with aclosing(self._reads.walk(TaskRow, "tasks/", params)) as pages:
            async for rows, whole in pages:
                yield c.Page([self._reads.shown(row) for row in rows if row.is_open], whole)

    async def lookup(self, task: c.Task) -> c.Task | None:
        """The task by its id; None also where the key's user may not see it."""
        await self._reads.load_types()
        try:
            return self._reads.shown(await self._reads.task(task.id))
        except c.NotFound:
            return None

    async def offer(self) -> c.Offer:
        """The steps of the workflow; PlanD knows no results of tasks."""
        await self._reads.load_types()
        return c.Offer(self._outcomes, self._drafts.fields())

    async def submit(
        self,
        task: c.Task,
        change: c.Change,
        actor: c.Operator | None,  # noqa: ARG002 - a write is always in the name of the key's user
        *,
        again: bool = False,
    ) -> c.Task:
        """Make the change and read it back. Rejected where PlanD did not make it, or made more of
        it: a title that went with it is put back, and such changes are sent no more."""
        return self._reads.shown(await self._writes.submit(task.id, change, again=again))

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.close()

    async def operators(self) -> Sequence[c.Operator]:
        """All users, those without access marked."""
        return [operator_of(row) for row in await every(self._reads.walk(UserRow, "users/"))]

    async def create(
        self,
        draft: c.Draft,
        actor: c.Operator | None,  # noqa: ARG002 - made in the name of the key's user
        *,
        again: bool = False,
    ) -> c.Task:
        """Make a task and read it back."""
        return self._reads.shown(await self._drafts.create(draft, again=again))

    async def subscribe(self, url: str, held: c.Subscription | None) -> c.Subscription:
        """Have every creation, change and deletion of a task told to `url`."""
        return await subscribe(self._client, url, held)

    def read_push(
        self,
        push: c.PushRequest,  # noqa: ARG002 - unsigned and undocumented, so never believed
        held: c.Subscription,  # noqa: ARG002 - as above
    ) -> c.Pushed:
        """Something may have changed; what, only reading tells."""
        return c.Pushed()
