"""Pages of Close's listings (vendor docs, "Pagination")."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Protocol, TypeVar

from adapters.close_wire import Listing, TaskRow
from adapters.contract import Malformed, Rejected
from adapters.http import Client
from adapters.reading import PagingGuard, salvage, validate

_LIMIT = 100


class _Identified(Protocol):
    id: str


RowT = TypeVar("RowT", bound=_Identified)


async def walk(
    client: Client, kind: type[RowT], path: str, params: Mapping[str, str]
) -> AsyncGenerator[tuple[list[RowT], bool]]:
    """Pages of rows, each with whether all of it could be read.

    `_skip` grows by the rows received and `has_more` ends the walk, as in the vendor's own client:
    a short page says nothing. An unreadable page ends it too, for nobody tells how long it was;
    unreadable at the very start it is Malformed.
    """
    guard = PagingGuard(client.name)
    async with aclosing(_pages(client, kind, path, params)) as pages:
        async for rows, received in pages:
            yield guard.fresh(rows, received), len(rows) == received


async def walk_tasks(
    client: Client, params: Mapping[str, str]
) -> AsyncGenerator[tuple[list[TaskRow], bool]]:
    """Pages of tasks as in `walk`, oldest first: the only order that new tasks don't disturb.

    There is a greatest `_skip`, which the vendor does not publish. Where a page is refused after
    others were given, the walk goes on from the `date_created` of the last task, as the vendor
    advises; the tasks of that very instant come again and are left out.
    """
    guard, start, edge = PagingGuard(client.name), "", _Edge()
    asked = {**params, "_order_by": "date_created"}
    while True:
        try:
            async with aclosing(_pages(client, TaskRow, "task/", asked)) as pages:
                async for rows, received in pages:
                    new = [row for row in rows if row.id not in edge.ids] if start else rows
                    edge.pass_over(rows)
                    yield guard.fresh(new, received), len(rows) == received
        except Rejected:
            if edge.at == start:
                raise
            start = edge.at
            asked["date_created__gte"] = start
        else:
            return


class _Edge:
    """The tasks of the latest instant that a walk has come to."""

    def __init__(self) -> None:
        self.at = ""
        self.ids = set[str]()

    def pass_over(self, rows: list[TaskRow]) -> None:
        for row in rows:
            if row.date_created and row.date_created != self.at:
                self.at = row.date_created
                self.ids = set()
            self.ids.add(row.id)


async def _pages(
    client: Client, kind: type[RowT], path: str, params: Mapping[str, str]
) -> AsyncGenerator[tuple[list[RowT], int]]:
    """Pages of rows with how many were received; an unreadable page counts one that is lost."""
    skip, more = 0, True
    while more:
        raw = await client.get(path, {**params, "_limit": _LIMIT, "_skip": skip})
        try:
            rows, received, more = _read(client.name, kind, raw)
        except Malformed:
            if not skip:
                raise
            yield [], 1
            return
        if received or more:
            yield rows, received
        skip += received


def _read(name: str, kind: type[RowT], raw: bytes) -> tuple[list[RowT], int, bool]:
    """A page's readable rows, how many it had, and whether there are more pages."""
    try:
        listing = validate(Listing[kind], raw, name)  # type: ignore[valid-type]
    except Malformed:
        loose = validate(Listing[object], raw, name)
        return salvage(kind, loose.data, name), len(loose.data), loose.has_more
    return listing.data, len(listing.data), listing.has_more
