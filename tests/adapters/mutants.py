"""Adapters that break a promise each, for the conformance suite to find."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import httpx2

from adapters import contract as c
from adapters.close import Close
from adapters.reten import Reten
from adapters.vambe import Vambe

Pages = AsyncIterator[c.Page]
People = Collection[str]


class StopsAfterPageOne(Reten):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        async for page in super().tasks(people, since):
            yield page
            return


class TakesTroubleForEmpty(Reten):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        try:
            async for page in super().tasks(people, since):
                yield page
        except c.Unavailable:
            return


class TakesNonsenseForEmpty(Reten):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        try:
            async for page in super().tasks(people, since):
                yield page
        except c.Malformed:
            return


class ClaimsToBeWhole(Reten):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        async for page in super().tasks(people, since):
            yield replace(page, whole=True)


class LosesUnknownWords(Reten):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        async for page in super().tasks(people, since):
            kept = [task for task in page.tasks if task.status_label]
            yield replace(page, tasks=kept)


class TurnsDaysIntoInstants(Reten):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        async for page in super().tasks(people, since):
            yield replace(page, tasks=[_at_midnight(task) for task in page.tasks])


def _at_midnight(task: c.Task) -> c.Task:
    if task.due is None or task.due.on is None:
        return task
    return replace(task, due=c.Due(at=datetime.combine(task.due.on, time(), UTC)))


class LooksNothingUp(Reten):
    async def lookup(self, task: c.Task) -> c.Task | None:
        return task


class LogsTheKey(Reten):
    def __init__(self, options: Any, clock: c.Clock, transport: Any = None) -> None:
        super().__init__(options, clock, transport)
        logging.getLogger("acme").info("key %s", options.api_key.get_secret_value())


class QuotesRows(Reten):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        async for page in super().tasks(people, since):
            logging.getLogger("acme").warning("rows %s", page.tasks)
            yield page


class KeepsTheRequest(Reten):
    """Its errors drag the library's own along, which say more."""

    async def check(self) -> c.Account:
        try:
            return await super().check()
        except c.Unauthorized as error:
            raise c.Unauthorized("Refused.") from ValueError(f"{error} rtn_sk_sandbox")


class KeepsConnections(Reten):
    async def close(self) -> None:
        return


class WaitsAsItLikes(Reten):
    async def check(self) -> c.Account:
        try:
            return await super().check()
        except c.RateLimited as error:
            raise c.RateLimited(str(error), 1) from None


class AsksForMore(Reten):
    async def lookup(self, task: c.Task) -> c.Task | None:
        await self._client.get("activities/tasks", {"expand": "all"})
        return await super().lookup(task)


class IsNeverUnsure(Reten):
    async def submit(
        self, task: c.Task, change: c.Change, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        try:
            return await super().submit(task, change, actor, again=again)
        except c.Unavailable as error:
            raise c.Unavailable(str(error)) from None


class SaysNotWho(Reten):
    async def submit(
        self, task: c.Task, change: c.Change, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        try:
            return await super().submit(task, change, actor, again=again)
        except c.Conflict as error:
            raise c.Conflict(str(error)) from None


class _Eager(httpx2.AsyncBaseTransport):
    def __init__(self, line: Any) -> None:
        self._line = line

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response: httpx2.Response = await self._line.handle_async_request(request)
        if response.status_code >= 500 and request.method == "POST":
            response = await self._line.handle_async_request(request)
        return response

    async def aclose(self) -> None:
        await self._line.aclose()


class RepeatsWrites(Reten):
    def __init__(self, options: Any, clock: c.Clock, transport: Any = None) -> None:
        super().__init__(options, clock, _Eager(transport))


class CommentsTwice(Close):
    async def submit(
        self, task: c.Task, change: c.Change, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        again = again and not isinstance(change, c.Comment)
        return await super().submit(task, change, actor, again=again)


class MakesTwice(Close):
    async def create(
        self, draft: c.Draft, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        return await super().create(draft, actor)


class ForgetsTheDay(Close):
    """Reschedules a day to an instant."""

    async def submit(
        self, task: c.Task, change: c.Change, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        if isinstance(change, c.Reschedule) and change.due.on:
            due = c.Due(at=datetime.combine(change.due.on, time(), UTC))
            change = replace(change, due=due)
        return await super().submit(task, change, actor, again=again)


class IgnoresSince(Close):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        async for page in super().tasks(people, None):
            yield page


class BelievesAnybody(Close):
    def read_push(self, push: c.PushRequest, held: c.Subscription) -> c.Pushed:
        return c.Pushed()


class SubscribesAnew(Close):
    async def subscribe(self, url: str, held: c.Subscription | None) -> c.Subscription:
        body = {"url": url, "events": [{"object_type": "task.lead", "action": self._next()}]}
        raw = await self._client.post("webhook/", body)
        made = httpx2.Response(201, content=raw).json()
        return c.Subscription(made["id"], made["signature_key"])

    def _next(self) -> str:
        return "created"


class CountsTheDeparted(Close):
    async def operators(self) -> Sequence[c.Operator]:
        return [replace(one, active=True) for one in await super().operators()]


class ListsEverybody(Vambe):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        everybody = [one.id for one in await self.operators()]
        async for page in super().tasks(everybody, since):
            yield page


class ListsFewPeople(Vambe):
    async def tasks(self, people: People, since: datetime | None = None) -> Pages:
        async for page in super().tasks(sorted(people)[:50], since):
            yield page


class LosesPeople(Close):
    """One that can't be read takes the others along."""

    async def operators(self) -> Sequence[c.Operator]:
        raw = await self._client.get("user/")
        rows = httpx2.Response(200, content=raw).json()["data"]
        if not all(isinstance(row, dict) for row in rows):
            return []
        return await super().operators()
