"""Every method that slack_sdk can call is served, or refused for a reason that is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import slack_sdk.web.client

from sandbox.slack import SlackSandbox
from sandbox.slack.budgets import BUDGETS
from sandbox.slack.codes import ANY, CODES, RESPONSE_URL
from sandbox.slack.methods import METHODS
from sandbox.slack.refused import REFUSED

from .conftest import Api

CALLED = re.compile(r'self\.api_call\((?:\s*#[^\n]*)*\s*"([\w.]+)"')


@pytest.fixture(scope="module")
def callable_by_the_sdk() -> set[str]:
    source = Path(slack_sdk.web.client.__file__).read_text()
    names = CALLED.findall(source)
    assert len(names) == source.count("self.api_call("), "some calls are written otherwise"
    return set(names)


def test_every_method_is_served_or_refused(callable_by_the_sdk: set[str]) -> None:
    assert METHODS.keys() | REFUSED.keys() == callable_by_the_sdk
    assert not METHODS.keys() & REFUSED.keys()


def test_every_method_that_is_served_has_its_pace_and_its_words() -> None:
    assert BUDGETS.keys() == METHODS.keys()
    assert all(method.handle.__doc__ for method in METHODS.values())


def test_errors_are_those_of_methods_that_are_served() -> None:
    named = {name for code in CODES.values() for name in code.methods}
    assert named <= METHODS.keys() | {*ANY, RESPONSE_URL}


async def test_a_refused_method_says_that_slack_has_it(api: Api, slack: SlackSandbox) -> None:
    answer = await api("reactions.add", name="eyes")
    assert (answer["ok"], answer["error"]) == (False, "method_not_in_sandbox")
    (words,) = answer["response_metadata"]["messages"]
    assert words == "[ERROR] Slack has reactions.add, this sandbox does not: not simulated"
    assert slack.calls_of("reactions.add"), "whoever looks on sees that it was tried"
