"""Reten: tasks at commerces, answered with the result types that each tenant sets up.

What is said here of Reten's behaviour comes from the vendor docs of its integration API: "List
Activities", "List Result Configurations", "Submit Result", "Errors".
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from adapters import contract as c
from adapters.http import ApiKey, BaseUrl, Client, Transport
from adapters.reading import PagingGuard, salvage, validate
from adapters.reten_answers import (
    FINAL,
    ResultType,
    checked_future,
    is_ours,
    outcome_of,
    result_body,
)
from adapters.reten_wire import Activity, read_page, task_of

TITLE = "Reten"
OUTCOMES_KEPT = timedelta(minutes=5)
OPEN_STATUSES = ("PENDING", "IN_PROGRESS")

_TASKS = "activities/tasks"
_RESULT_TYPES = "task-result-type-configs"
_RESULTS = "activity-results/tasks"
_PER_PAGE = 100

ResultStatus = Literal["EFFECTIVE", "NOT_EFFECTIVE", "PENDING"]


def _pairs(value: object) -> object:
    """`CODE=EFFECTIVE,CODE=NOT_EFFECTIVE` as a mapping; anything else is left to pydantic."""
    if not isinstance(value, str):
        return value
    pairs = [piece.partition("=") for piece in value.split(",") if piece.strip()]
    if not all(code.strip() and status.strip() for code, _, status in pairs):
        raise ValueError("must look like CODE=EFFECTIVE,CODE=NOT_EFFECTIVE")
    return {code.strip(): status.strip() for code, _, status in pairs}


def _without_api(url: str) -> str:
    """Half of the vendor's pages count `/api` to the base, half to the path."""
    return url.removesuffix("/api").rstrip("/")


class RetenOptions(BaseModel):
    """One tenant. `result_status` tells what each result code means, which the API does not: a
    code that is not listed asks the person."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    api_key: ApiKey
    base_url: Annotated[BaseUrl, AfterValidator(_without_api)] = "https://api.reten.ai"
    result_status: Annotated[dict[str, ResultStatus], BeforeValidator(_pairs)] = Field(
        default_factory=dict
    )


class Reten(c.Provider):
    """One tenant as a `Provider`: listed in full each time, as Reten knows no "changed since"."""

    def __init__(
        self, options: RetenOptions, clock: c.Clock, transport: Transport | None = None
    ) -> None:
        self._clock = clock
        self._status_of: Mapping[str, str] = options.result_status
        self._offered: tuple[datetime, tuple[c.Outcome, ...]] | None = None
        self._labels: dict[str, str] = {}
        self._client = Client(
            TITLE,
            f"{options.base_url}/api/integration",
            clock,
            headers={"x-api-key": options.api_key.get_secret_value()},
            transport=transport,
        )

    async def check(self) -> c.Account:
        """Read the result types, by which the vendor's quickstart verifies a key. It proves the
        right to read only, and Reten tells no account name."""
        await self._load_outcomes()
        return c.Account(TITLE)

    async def tasks(
        self,
        people: Collection[str],  # noqa: ARG002 - everybody's tasks come in one listing
        since: datetime | None = None,  # noqa: ARG002 - Reten knows no "changed since"
    ) -> AsyncIterator[c.Page]:
        """All open tasks. The order is not documented and rows shift while pages are read, so
        that a task may be missed once; results without a task (STANDALONE) are left out."""
        await self.offer()  # results tell codes, result types their labels
        seen = set[str]()
        for status in OPEN_STATUSES:
            async with aclosing(self._walk({"status": status})) as pages:
                async for rows, whole in pages:
                    new = [row for row in rows if row.id not in seen]
                    seen.update(row.id for row in new)
                    kept = [row for row in new if row.activity_origin != "STANDALONE"]
                    yield c.Page([task_of(row, self._labels) for row in kept], whole)

    async def lookup(self, task: c.Task) -> c.Task | None:
        """Reten has no call for one task: its commerce's tasks are searched, whatever their
        status. Malformed when an unreadable row may have been the one."""
        row = await self._find(task)
        return task_of(row, self._labels) if row else None

    async def offer(self) -> c.Offer:
        """The tenant's result types, kept for five minutes."""
        if self._offered and self._clock.now() - self._offered[0] < OUTCOMES_KEPT:
            return c.Offer(self._offered[1])
        return c.Offer(await self._load_outcomes())

    async def submit(
        self, task: c.Task, change: c.Change, actor: c.Operator | None, *, again: bool = False
    ) -> c.Task:
        """Register a result; it can't be taken back, so one of somebody else's is never
        overwritten (`hard_override`), and the task's own id goes along always, as an unknown one
        might make a result without a task."""
        if not isinstance(change, c.Answer):
            raise c.Unsupported("Reten takes results of tasks and no other changes.")
        answer = change
        status = self._status_of.get(answer.outcome) or answer.fields.get("status", "")
        if again:
            await self.offer()  # after a restart nothing else knows the labels yet
            now, ours = await self._reread(task, answer, status)
            if ours:
                return now
            if now.state is not c.TaskState.OPEN:
                raise c.Conflict("This task is already finished in Reten.", now)
        outcome = await self._offer(answer.outcome)
        future = checked_future(answer, outcome, status, self._clock.now())
        try:
            await self._client.post(_RESULTS, result_body(task, answer, actor, status, future))
        except c.Conflict:
            # A repeated request is refused like a stranger's: only the result itself tells.
            now, ours = await self._reread(task, answer, status)
            if ours:
                return now
            raise c.Conflict("This task already has another result in Reten.", now) from None
        except c.NotFound:
            # "activity_id, commerce_external_id or another identifier": which, the task tells.
            await self._reread(task, answer, status)
            raise c.Rejected(
                "Reten does not know the person or the commerce of this answer."
            ) from None
        except c.Rejected:
            self._offered = None  # perhaps the tenant has just dropped the code
            raise
        return await self._accepted(task, answer, outcome, status)

    async def close(self) -> None:
        """Give back the connections."""
        await self._client.close()

    async def _walk(self, params: Mapping[str, str]) -> AsyncGenerator[tuple[list[Activity], bool]]:
        """Pages of rows, each with whether all of it could be read. Past an unreadable page the
        walk goes on where Reten told how many there are; an unreadable first page is Malformed."""
        guard, page, last = PagingGuard(TITLE), 1, None
        while last is None or page <= last:
            raw = await self._client.get(_TASKS, {**params, "per_page": _PER_PAGE, "page": page})
            try:
                rows, received, told = read_page(raw)
            except c.Malformed:
                if page == 1:
                    raise
                yield [], False
                if last is None:
                    return
            else:
                if not received:
                    return
                last = last if told is None else told
                yield guard.fresh(rows, received), len(rows) == received
            page += 1

    async def _find(self, task: c.Task) -> Activity | None:
        whole = True
        params = {"external_commerce_id": task.data["commerce_external_id"]}
        async with aclosing(self._walk(params)) as pages:
            async for rows, readable in pages:
                whole = whole and readable
                for row in rows:
                    if row.id == task.id:
                        return row
        if not whole:
            raise c.Malformed("Reten's list of tasks can't be read in full.")
        return None

    async def _reread(self, task: c.Task, answer: c.Answer, status: str) -> tuple[c.Task, bool]:
        """What the task is now, and whether it carries our result. NotFound when it is gone."""
        row = await self._find(task)
        if row is None:
            raise c.NotFound("Reten no longer has this task, or hides it from the key in use.")
        now, ours = task_of(row, self._labels), is_ours(row, answer, status, self._labels)
        label = self._labels.get(answer.outcome)
        if ours and label and now.result:
            now = replace(now, result=replace(now.result, label=label))
        return now, ours

    async def _accepted(
        self, task: c.Task, answer: c.Answer, outcome: c.Outcome, status: str
    ) -> c.Task:
        """What Reten shows after it took the answer; what the answer implies where it does not
        show it yet or can't be asked: the answer's own response is not documented."""
        try:
            now, ours = await self._reread(task, answer, status)
        except c.ProviderError:
            ours = False
        if ours:
            return now
        state = c.TaskState.DONE if status in FINAL else task.state
        return replace(
            task, state=state, result=c.Result(label=outcome.label, at=answer.occurred_at)
        )

    async def _load_outcomes(self) -> tuple[c.Outcome, ...]:
        raw = await self._client.get(_RESULT_TYPES)
        try:
            types = validate(list[ResultType], raw, TITLE)
        except c.Malformed:
            types = salvage(ResultType, validate(list[object], raw, TITLE), TITLE)
        found = {
            row.code: outcome_of(row, self._status_of.get(row.code)) for row in reversed(types)
        }
        outcomes = tuple(reversed(found.values()))
        self._labels |= {outcome.code: outcome.label for outcome in outcomes}
        self._offered = (self._clock.now(), outcomes)
        return outcomes

    async def _offer(self, code: str) -> c.Outcome:
        """The outcome of this code as now offered; a card may be older than the tenant's list."""
        for outcome in (await self.offer()).outcomes:
            if outcome.code == code:
                return outcome
        for outcome in await self._load_outcomes():
            if outcome.code == code:
                return outcome
        raise c.Rejected(f"“{self._labels.get(code, code)}” is no longer offered by Reten.")
