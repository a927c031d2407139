"""How PlanD is read: its listings, one task, the kinds of tasks, whose key this is.

Sources: the vendor's OpenAPI, and an open-source client that notes where the live API differs.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from datetime import timedelta
from typing import TypeVar

import structlog

from adapters import contract as c
from adapters.http import Client
from adapters.pland_wire import TaskRow, TypeRow, UserRow, is_id, task_of
from adapters.reading import PagingGuard, salvage, validate

TITLE = "PlanD"
LIMIT = 1000
WALKS = 5
"""How often a listing without an order is read before it counts as incomplete."""
TYPES_KEPT = timedelta(hours=1)
TYPES_AGAIN = timedelta(minutes=5)
"""How long until the kinds of tasks are asked for again after that went wrong."""

_NO_SUCH_ID = re.compile("not found|failed to parse id|error parsing objectid", re.IGNORECASE)

RowT = TypeVar("RowT", TaskRow, UserRow, TypeRow)
_log = structlog.get_logger(__name__)


class Reads:
    """The reading calls of one account. Any method may raise a `ProviderError`."""

    def __init__(self, client: Client, clock: c.Clock, link_template: str | None) -> None:
        self._client = client
        self._clock = clock
        self._link_template = link_template
        self._shuffled = set[str]()
        self._me: UserRow | None = None
        self._types_due = clock.now()
        self.types: Mapping[str, TypeRow] = {}
        """The kinds of tasks by id, as far as they are known by now."""

    async def me(self) -> UserRow:
        """The user that the key belongs to, and in whose name it writes."""
        self._me = validate(UserRow, await self._client.get("users/self"), TITLE)
        return self._me

    async def own_id(self) -> str:
        """The id of that user, asked for once."""
        return (self._me or await self.me()).id

    async def task(self, task_id: str) -> TaskRow:
        """One task. NotFound without a request where the id is none of PlanD's, so that nothing
        else gets into a path."""
        if not is_id(task_id):
            raise c.NotFound("PlanD has no task with such an id.")
        try:
            raw = await self._client.get(f"tasks/{task_id}")
        except c.Rejected as refused:
            # The live API answers many an unknown id with 400.
            if _NO_SUCH_ID.search(str(refused)):
                raise c.NotFound("PlanD has no such task, or hides it from the key.") from None
            raise
        return validate(TaskRow, raw, TITLE)

    def shown(self, row: TaskRow) -> c.Task:
        """The row as a task, with the names of kinds that are known by now."""
        return task_of(row, self.types, self._link_template)

    async def load_types(self) -> None:
        """Have `types` at most an hour old. They are only names: trouble with them is logged, and
        the former ones stay."""
        if self._clock.now() < self._types_due:
            return
        try:
            self.types = await self._all_types()
            self._types_due = self._clock.now() + TYPES_KEPT
        except c.ProviderError as error:
            self._types_due = self._clock.now() + TYPES_AGAIN
            _log.warning("provider_names_not_read", provider=TITLE, error=str(error))

    async def _all_types(self) -> Mapping[str, TypeRow]:
        """Pages are numbered here, from which number is not told: so the first is not named."""
        found, page = dict[str, TypeRow](), 1
        while True:
            numbered = {"page": page} if page > 1 else {}
            raw = await self._client.get("taskTypes/", {"limit": LIMIT, **numbered})
            new = {row.id: row for row in _read(TypeRow, raw)[0] if row.id not in found}
            if not new:
                return found
            found |= new
            page += 1

    def is_shuffled(self, path: str) -> bool:
        """Whether PlanD has refused to sort this listing."""
        return path in self._shuffled

    async def walk(
        self,
        kind: type[RowT],
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        newest_first: bool = False,
    ) -> AsyncGenerator[tuple[list[RowT], bool]]:
        """Pages of new rows, each with whether all of it could be read.

        The offset grows by the rows received, for some routes cap the limit, and an empty page
        ends the walk: a short one says nothing, so one request beyond the rows is unavoidable.
        An unreadable page ends it too; at the very start it is Malformed.

        Where PlanD refuses to sort, pages overlap and leave rows out. Then the listing is read
        again until it has shown as many different rows as it has, at most `WALKS` times; if that
        is not enough, the last page says that it is not whole.
        """
        guard, unread = PagingGuard(TITLE), 0
        for _ in range(WALKS):
            offset = 0
            while True:
                raw = await self._page(path, {**(params or {}), "offset": offset}, newest_first)
                try:
                    rows, received = _read(kind, raw)
                except c.Malformed:
                    if not guard.seen + unread:
                        raise
                    yield [], False
                    return
                if not received:
                    break
                shuffled, unread = self.is_shuffled(path), unread + received - len(rows)
                yield guard.fresh(rows, received, shuffled=shuffled), len(rows) == received
                offset += received
            if not self.is_shuffled(path) or guard.seen + unread >= offset:
                return
        yield [], False

    async def _page(self, path: str, params: Mapping[str, str | int], newest_first: bool) -> bytes:
        """The documented `field:-1` is refused by the live API, which wants JSON. Where it
        refuses that too, the listing is read as it comes from then on."""
        params = {**params, "limit": LIMIT}
        if self.is_shuffled(path):
            return await self._client.get(path, params)
        sort = f'{{"by":"_id","direction":{-1 if newest_first else 1}}}'
        try:
            return await self._client.get(path, {**params, "sort": sort})
        except c.Rejected as refused:
            why = str(refused)
        # Refused here too, something else is wrong, and nothing is learnt.
        raw = await self._client.get(path, params)
        self._shuffled.add(path)
        _log.warning("provider_does_not_sort", provider=TITLE, error=why)
        return raw


async def every(
    pages: AsyncGenerator[tuple[list[RowT], bool]],
) -> list[RowT]:
    """All rows of a walk, the unreadable ones left out."""
    async with aclosing(pages):
        return [row async for rows, _ in pages for row in rows]


def _read(kind: type[RowT], raw: bytes) -> tuple[list[RowT], int]:
    """A page's readable rows, and how many it had."""
    try:
        rows = validate(list[kind], raw, TITLE)  # type: ignore[valid-type]
    except c.Malformed:
        loose = validate(list[object], raw, TITLE)
        return salvage(kind, loose, TITLE), len(loose)
    return rows, len(rows)
