"""The conformance suite finds adapters that break a promise, and by that promise alone."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx2
import pytest

from adapters import conformance, contract as c, registry
from adapters.conformance import Check, State, Verdict
from adapters.registry import AdapterSpec
from adapters.reten import Reten
from tests.adapters import mutants

_AGAIN = ("trouble-again-was-done", "trouble-again_restarted-was-done")
_DOWN = ("trouble-read-5", "trouble-read_broken")

FOUND = {
    mutants.StopsAfterPageOne: (
        "listing-ten_thousand",
        "listing-moving",
        "listing-repeated",
        "listing-endless",
        "reading-unreadable_later",
    ),
    mutants.TakesTroubleForEmpty: _DOWN,
    mutants.TakesNonsenseForEmpty: ("reading-unreadable-", "listing-endless"),
    mutants.ClaimsToBeWhole: ("reading-bad_row",),
    mutants.LosesUnknownWords: ("reading-nulls",),
    mutants.TurnsDaysIntoInstants: ("reading-spellings",),
    mutants.LooksNothingUp: (
        "reading-lookup",
        *_DOWN,
        "trouble-read-401",
        "trouble-read-403",
    ),
    mutants.LogsTheKey: ("secrecy-day", "secrecy-trouble"),
    mutants.QuotesRows: ("secrecy-day",),
    mutants.KeepsTheRequest: ("secrecy-trouble-a-refused-key",),
    mutants.KeepsConnections: ("reading-closing",),
    mutants.WaitsAsItLikes: ("trouble-limit-seconds", "trouble-limit-an-http-date"),
    mutants.IsNeverUnsure: ("trouble-unsure_write",),
    mutants.SaysNotWho: ("answers-conflict",),
    mutants.RepeatsWrites: ("trouble-unsure_write-5",),
    mutants.CommentsTwice: _AGAIN,
    mutants.MakesTwice: (*_AGAIN, "trouble-blind"),
    mutants.ForgetsTheDay: ("changes-forms",),
    mutants.IgnoresSince: ("listing-since",),
    mutants.BelievesAnybody: ("push-forged", "push-garbage"),
    mutants.SubscribesAnew: ("push-read", "push-once", "push-forgotten"),
    mutants.CountsTheDeparted: ("reading-directory",),
    mutants.LosesPeople: ("reading-bad_entry",),
    mutants.ListsEverybody: ("listing-scoped",),
    mutants.ListsFewPeople: ("listing-many_people",),
}
"""What must fail, by the beginnings of the checks' ids."""

_LARGE = ("listing-ten_thousand", "listing-moving")


def _spec(mutant: Any) -> AdapterSpec:
    base = next(base for base in mutant.__mro__ if base.__module__.startswith("adapters."))
    return replace(registry.find(base.__name__.lower()), build=mutant)


def _tried(beginnings: tuple[str, ...]) -> list[Check]:
    """The groups of what must fail, and two that are quick; thousands of tasks only for those whom
    they concern."""
    groups = {begin.partition("-")[0] for begin in beginnings} | {"reading", "answers"}
    large = any(begin.startswith(_LARGE) for begin in beginnings)
    found = [check for check in conformance.checks() if check.group in groups]
    return [check for check in found if large or not check.id.startswith(_LARGE)]


@pytest.mark.parametrize("mutant", FOUND, ids=[mutant.__name__ for mutant in FOUND])
def test_a_broken_promise_is_found(mutant: Any) -> None:
    spec, beginnings = _spec(mutant), FOUND[mutant]
    rig = conformance.rig_of(spec)
    verdicts = [conformance.run_one(check, spec, rig) for check in _tried(beginnings)]
    failed = {one.check.id for one in verdicts if one.state is State.FAILED}
    assert all(any(one.startswith(begin) for one in failed) for begin in beginnings)
    assert {one for one in failed if not one.startswith(beginnings)} == set()


def _verdict(name: str, mutant: Any = Reten, **fields: Any) -> Verdict:
    spec = replace(_spec(mutant), **fields)
    found = next(check for check in conformance.checks() if check.id == name)
    return conformance.run_one(found, spec, conformance.rig_of(spec))


class Hangs(Reten):
    async def check(self) -> c.Account:
        await asyncio.Event().wait()
        raise AssertionError


class Crashes(Reten):
    async def check(self) -> c.Account:
        raise KeyError("organization")


class NeverStops(Reten):
    async def tasks(self, people: Any, since: datetime | None = None) -> mutants.Pages:
        while True:
            async for page in super().tasks(people, since):
                yield page


class AsksForMore(Reten):
    async def check(self) -> c.Account:
        with suppress(c.NotFound):
            await self._client.get("activities")
        return await super().check()


class Promises(Reten):
    capabilities = c.Capabilities(directory=True)


@pytest.mark.parametrize(
    ("mutant", "name", "why"),
    [
        (Hangs, "reading-account", "it waits for ever"),
        (Crashes, "reading-account", "KeyError came through: 'organization'"),
        (NeverStops, "listing-empty", "it makes more than 2000 requests"),
        (AsksForMore, "reading-account", "a request that the documentation does not know: GET"),
        (Promises, "reading-directory", "`add_former` is not implemented"),
    ],
)
def test_whatever_an_adapter_does_is_a_verdict(mutant: Any, name: str, why: str) -> None:
    verdict = _verdict(name, mutant)
    assert verdict.state is State.FAILED
    assert verdict.why.startswith(why)


def test_an_adapter_that_cant_be_built_fails() -> None:
    verdict = _verdict("reading-account", options=registry.find("pland").options)
    assert verdict.state is State.FAILED
    assert verdict.why.startswith("ValidationError came through")


def test_what_the_provider_lacks_does_not_apply() -> None:
    verdict = _verdict("push-read")
    assert (verdict.state, verdict.why) == (State.DOES_NOT_APPLY, "push is `none`")


@pytest.mark.parametrize("rig", [None, "nowhere:Rig", "sandbox.rigs.reten:Nobody", "nothing"])
def test_without_a_simulation_there_is_no_suite(rig: str | None) -> None:
    with pytest.raises(conformance.NoRig, match="simulation"):
        conformance.run(replace(registry.find("reten"), rig=rig))


async def test_inside_an_event_loop_the_suite_says_that_it_cant_run() -> None:
    with pytest.raises(RuntimeError, match="its own event loop"):
        next(conformance.run("reten"))


class Elsewhere(Reten):
    def __init__(self, options: Any, clock: c.Clock, transport: Any = None) -> None:
        super().__init__(options, clock, httpx2.MockTransport(_no_types))


def _no_types(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json=[])


def test_an_adapter_that_takes_another_way_fails() -> None:
    verdict = _verdict("reading-account", Elsewhere)
    assert verdict.why == "it made no request through the transport that it was built with"
