"""How often methods may be called."""

from __future__ import annotations

import math
from datetime import timedelta

import httpx2
import pytest

from sandbox.clock import MovableClock
from sandbox.slack import Conversation, Person, SlackSandbox
from sandbox.slack.budgets import BUDGETS
from sandbox.slack.pace import Pace

from .conftest import Api


async def test_asked_for_refusals(slack: SlackSandbox, api: Api, http: httpx2.AsyncClient) -> None:
    slack.rate_limit("auth.test", 7)
    token = {"token": slack.workspace.bot_token}
    refused = await http.post("/api/auth.test", data=token)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert refused.json()["error"] == "ratelimited"
    assert (await api("auth.test"))["ok"]
    assert [call.status for call in slack.calls_of("auth.test")] == [429, 200]


async def test_slack_s_own_budgets(
    slack: SlackSandbox, api: Api, ana: Person, ops: Conversation, clock: MovableClock
) -> None:
    slack.enforce_rate_limits()

    async def post(channel: str) -> bool:
        return bool((await api("chat.postMessage", channel=channel, text="x"))["ok"])

    assert [await post(ana.id) for _ in range(5)] == [True] * 4 + [False]
    assert await post(ops.id), "each channel has its own"
    clock.advance(timedelta(seconds=1))
    assert [await post(ana.id), await post(ana.id)] == [True, False]

    posted = await api("chat.postMessage", channel=ops.id, text="x")
    place = {"channel": posted["channel"], "ts": posted["ts"], "text": "y"}
    updates = [await api("chat.update", **place) for _ in range(51)]
    assert [answer["ok"] for answer in updates] == [True] * 50 + [False]


async def test_all_channels_share_the_workspaces_budget_for_messages(
    slack: SlackSandbox, api: Api, clock: MovableClock
) -> None:
    people = [slack.workspace.add_person(f"Person {number}") for number in range(60)]
    slack.enforce_rate_limits()

    async def posted(some: list[Person]) -> int:
        answers = [await api("chat.postMessage", channel=one.id, text="x") for one in some]
        return sum(bool(answer["ok"]) for answer in answers)

    assert await posted(people[:30]) == 20
    clock.advance(timedelta(seconds=2))
    assert await posted(people[30:]) == 10


@pytest.mark.parametrize("name", BUDGETS)
def test_each_method_has_the_pace_of_the_table(name: str, clock: MovableClock) -> None:
    """As many at once as it says, and then one for each share of a minute."""
    pace, allowed = Pace(clock), BUDGETS[name]
    pace.enabled = True
    budget = allowed.channel or allowed.workspace
    waits = [pace.wait(name, {"channel": "C1"}) for _ in range(budget.at_once + 1)]
    share = 60 / budget.per_minute
    assert waits == [None] * budget.at_once + [math.ceil(share)]
    clock.advance(timedelta(seconds=share))
    assert [pace.wait(name, {"channel": "C1"}) is None for _ in range(2)] == [True, False]


async def test_no_budget_holds_unless_asked_for(api: Api, ana: Person) -> None:
    answers = [await api("chat.postMessage", channel=ana.id, text="x") for _ in range(30)]
    assert all(answer["ok"] for answer in answers)
