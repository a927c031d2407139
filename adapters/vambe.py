"""Vambe: tasks in statuses that each organization sets up, answered by putting them into another.

What is said here of Vambe's behaviour comes from the vendor docs of its public API: "get tasks",
"create task", "update task", "get all team members". A write carries the name of the user whom the
key belongs to, whoever clicked: Vambe offers no other way.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from adapters import contract as c
from adapters.http import ApiKey, BaseUrl, Client, Transport
from adapters.reading import validate
from adapters.vambe_changes import PRIORITY, Wish, check, creation, wish
from adapters.vambe_listing import Listings, batches
from adapters.vambe_statuses import Statuses
from adapters.vambe_wire import TaskRow, task_of

TITLE = "Vambe"


def _checked_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone such as America/Santiago") from None


def _checked_link(link: str) -> str:
    bare = link.replace("{contact_id}", "").replace("{task_id}", "")
    if not link.startswith(("http://", "https://")) or {"{", "}"} & set(bare):
        raise ValueError("must be an address; it may hold {contact_id} and {task_id}")
    return link


class VambeOptions(BaseModel):
    """One organization. `done_status`: the name of a status that finishes tasks, for as long as
    Vambe has shown none. `timezone`: of tasks that name none. `past_days`, `future_days`: how far
    from today a task may be due to be listed. `link_template`: the address of a task's page, with
    `{contact_id}` or `{task_id}` in it; the vendor documents none."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    api_key: ApiKey
    base_url: BaseUrl = "https://api.vambe.me"
    done_status: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] | None = (
        None
    )
    timezone: Annotated[str, AfterValidator(_checked_zone)] = "UTC"
    past_days: Annotated[int, Field(ge=1, le=3650)] = 180
    future_days: Annotated[int, Field(ge=1, le=3650)] = 365
    link_template: Annotated[str, AfterValidator(_checked_link)] | None = None


class Vambe(c.Provider):
    """One organization as a `Provider`. Its listing has no pages and no "changed since", so that
    each poll reads all that the people have in the window, finished tasks too."""

    capabilities = c.Capabilities(
        scoped=True, directory=True, reopen=True, reschedule=True, reassign=True, create=True
    )

    def __init__(
        self, options: VambeOptions, clock: c.Clock, transport: Transport | None = None
    ) -> None:
        self._zone = ZoneInfo(options.timezone)
        self._link = options.link_template
        self._statuses = Statuses(options.done_status)
        self._client = Client(
            TITLE,
            f"{options.base_url}/api/public",
            clock,
            headers={"x-api-key": options.api_key.get_secret_value()},
            transport=transport,
        )
        self._listings = Listings(
            self._client,
            clock,
            self._statuses,
            past=timedelta(days=options.past_days),
            future=timedelta(days=options.future_days),
        )

    async def check(self) -> c.Account:
        """Read the team. It proves the right to read only, and Vambe tells no account name."""
        await self._listings.team()
        return c.Account(TITLE)

    async def tasks(
        self,
        people: Collection[str],
        since: datetime | None = None,  # noqa: ARG002 - Vambe knows no "changed since"
    ) -> AsyncIterator[c.Page]:
        """The tasks of these people that are due in the window or undated, a page for so many
        people. A task that leaves the window, or that nobody is responsible for any more, leaves
        the listing."""
        seen = set[str]()
        for batch in batches(people):
            found = await self._listings.read(batch, self._listings.window())
            new = {row.id: row for row in found.rows if row.id not in seen}
            seen.update(new)
            yield c.Page([self._task(row) for row in new.values()], not found.lost)

    async def lookup(self, task: c.Task) -> c.Task | None:
        """Vambe has no call for one task: it is searched where it was, then in the tasks that the
        whole team has in the window. Malformed when an unreadable row may have been the one."""
        row = await self._listings.find(task)
        return self._task(row) if row else None

    async def offer(self) -> c.Offer:
        """The statuses that are known by now. While none is known, or none that is final, the
        whole team's tasks are searched for more, once and then once an hour."""
        await self._listings.look_for_statuses()
        return c.Offer(self._statuses.outcomes(), (PRIORITY,), self._statuses.gap)

    async def operators(self) -> Sequence[c.Operator]:
        """The team. Vambe does not tell who has left it."""
        team = await self._listings.team()
        return [c.Operator(row.id, row.name, row.email) for row in team.rows]

    async def submit(
        self,
        task: c.Task,
        change: c.Change,
        actor: c.Operator | None,  # noqa: ARG002 - a write is always in the name of the key's user
        *,
        again: bool = False,
    ) -> c.Task:
        """Write just what the change names, and check what Vambe then says. Read first: nothing
        tells by whom a task was finished, and a status set by somebody else must not look like
        ours. Of a due, seconds are lost: Vambe keeps hours and minutes."""
        if isinstance(change, c.Comment):
            raise c.Unsupported("Vambe takes no comments on tasks.")
        await self._know(change)
        both = (task, _after(task, change))
        row = await self._listings.find(*(both if again else both[:1]))
        if row is None:
            raise c.NotFound("Vambe no longer has this task, or hides it from the key in use.")
        wished, now = wish(change, row, self._statuses, self._zone), self._task(row)
        is_open = now.state is c.TaskState.OPEN
        if now == self._task(wished.row) and (again or is_open):
            return now
        if not is_open and not isinstance(change, c.Reopen):
            raise c.Conflict("This task is already finished in Vambe.", now)
        raw = await self._put(task.id, wished)
        written = await self._written(raw, wished, both)
        check(change, wished, written)
        return self._task(written)

    async def create(
        self, draft: c.Draft, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        """Make a task, for the actor where the draft names nobody."""
        person = draft.operator or (actor.id if actor else "")
        body = creation(draft, person, self._zone)
        if again and (made := await self._listings.made(draft, person)):
            return self._task(made)
        raw = await self._client.post("tasks", body)
        try:
            return self._task(validate(TaskRow, raw, TITLE))
        except c.Malformed:
            return await self._accepted(draft, person)

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.close()

    def _task(self, row: TaskRow) -> c.Task:
        return task_of(row, self._zone, self._link)

    async def _know(self, change: c.Change) -> None:
        """Look for the status that a change needs where it is not known: not yet, or not any
        more."""
        match change:
            case c.Answer(outcome=name):
                known = self._statuses.named(name) is not None
            case c.Reopen(before=before):
                known = self._statuses.way_back(before.get("status")) is not None
            case _:
                known = True
        if not known:
            await self._listings.look_for_statuses(wanted=True)

    async def _put(self, task_id: str, wished: Wish) -> bytes:
        try:
            return await self._client.put(f"tasks/{quote(task_id, safe='')}", wished.body)
        except c.Rejected:
            if name := wished.body.get("newStatusName"):
                # Perhaps it has just been renamed; if not, the next listing shows it again.
                self._statuses.forget(str(name))
            raise

    async def _written(self, raw: bytes, wished: Wish, sightings: Sequence[c.Task]) -> TaskRow:
        """After a 2xx: its body; where that can't be read or tells no status, what Vambe lists, or
        else what it said yes to."""
        try:
            row = validate(TaskRow, raw, TITLE)
        except c.Malformed:
            row = None
        if row is not None and row.id == wished.row.id and row.status_config is not None:
            self._statuses.learn([row])
            return row
        try:
            return await self._listings.find(*sightings) or wished.row
        except c.ProviderError:
            return wished.row

    async def _accepted(self, draft: c.Draft, person: str) -> c.Task:
        """After a 2xx whose body can't be read: what Vambe lists."""
        try:
            made = await self._listings.made(draft, person)
        except c.ProviderError:
            made = None
        if made is None:
            raise c.Unavailable("Vambe took the task, but does not show it yet.", ambiguous=True)
        return self._task(made)


def _after(task: c.Task, change: c.Change) -> c.Task:
    """Where the task would be listed after the change."""
    match change:
        case c.Reschedule(due=due):
            return replace(task, due=due)
        case c.Reassign(operator=person):
            return replace(task, operators=(c.Operator(person),))
        case _:
            return task
