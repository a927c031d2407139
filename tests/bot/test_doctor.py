"""`taskbell doctor`: what it finds amiss with Slack, providers, people and the database, and what
it says to do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from bot.checks.finding import State
from bot.slack.needs import SCOPES
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.serve import serving
from tests.bot.examining import doctor
from tests.databases.kinds import AnyDatabase
from tests.scenarios.world import World, make_world

APP_TOKEN = "xapp-1-sandbox-app"


@pytest.fixture
async def world(database: AnyDatabase) -> AsyncIterator[World]:
    async with make_world(database) as made:
        yield made


async def test_all_is_well(world: World) -> None:
    carla = world.person("Carla Admin")
    await world.poll()
    found = await doctor(world, admins=(carla.id,))
    assert (found.wrong(), found.warned()) == (set(), set())
    assert found["slack token"].said == "It is the bot @taskbell of the workspace Sandbox."
    assert {"slack scopes", "slack manifest", "slack signing secret", "clock", "admins"} < {*found}
    assert {"database", "database engine", "database access"} < {*found}
    for name in ("reten", "close"):
        assert {f"{name} {what}" for what in ("key", "tasks", "answers", "polls")} < {*found}
    assert "close people" in found
    world.assert_no_violations()


async def test_it_changes_nothing(world: World, database: AnyDatabase) -> None:
    await world.poll()
    asked = len(world.slack.calls)

    def held() -> list[object]:
        tables = ("connection", "task", "message", "tick", "audit", "outage", "schema_version")
        everything = [f"SELECT * FROM {table}" for table in tables]  # noqa: S608
        return [sorted(map(repr, database.rows(one))) for one in everything]

    before = held()
    await doctor(world)
    assert held() == before
    methods = {call.method for call in world.slack.calls[asked:]}
    assert methods <= {"auth.test", "users.info", "conversations.info"}
    assert {request.method for request in world.reten.requests} == {"GET"}


# Slack


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (None, "SLACK_BOT_TOKEN is not set."),
        ("xoxb-another", "Slack refuses the bot token (invalid_auth)."),
        (APP_TOKEN, "Slack refuses the bot token (not_allowed_token_type)."),
    ],
)
async def test_a_wrong_bot_token(world: World, token: str | None, said: str) -> None:
    found = await doctor(world, slack_bot_token=SecretStr(token) if token else None)
    assert found["slack token"].said == said
    assert "xoxb-…" in str(found["slack token"].remedy)
    assert "slack token" in found.wrong()
    # It keeps nothing else from being looked at.
    assert {"reten key", "close key", "database"} <= {*found}


async def test_a_revoked_token_and_a_slack_that_is_away(world: World) -> None:
    world.slack.workspace.token_error = "token_revoked"
    found = await doctor(world)
    assert found["slack token"].said == "Slack refuses the bot token (token_revoked)."
    world.slack.workspace.token_error = None
    world.slack.faults.add(Fault(Trouble.STATUS, "/api/", status=503, times=None))
    found = await doctor(world)
    assert found["slack token"].said == "Slack did not answer auth.test."
    assert "slack-status.com" in str(found["slack token"].remedy)


@pytest.mark.parametrize("scope", sorted(SCOPES))
async def test_each_missing_scope_is_named(world: World, scope: str) -> None:
    world.slack.workspace.scopes.discard(scope)
    found = await doctor(world)
    assert found["slack scopes"].state is State.WRONG
    assert f"Not granted: {scope} (" in found["slack scopes"].said
    assert "Bot Token Scopes" in str(found["slack scopes"].remedy)
    assert found["slack manifest"].state is State.WARNING


async def test_more_scopes_than_the_manifest_asks_for(world: World) -> None:
    world.slack.workspace.scopes |= {"admin", "channels:read"}
    found = await doctor(world)
    assert found["slack scopes"].state is State.OK
    assert found["slack manifest"].said.startswith("The app has more than it needs (admin).")
    assert "manifest.yml" in str(found["slack manifest"].remedy)


async def test_the_signing_secret(world: World) -> None:
    check = "slack signing secret"
    found = await doctor(world, slack_signing_secret=None)
    assert found[check].said == "SLACK_SIGNING_SECRET is not set."
    assert found[check].state is State.WRONG
    found = await doctor(world, slack_signing_secret=SecretStr(APP_TOKEN))
    assert found[check].state is State.WARNING
    found = await doctor(world, slack_signing_secret=None, slack_app_token=SecretStr(APP_TOKEN))
    assert found[check].state is State.OK
    assert "Socket Mode" in found[check].said


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (APP_TOKEN, "The app token may open a socket."),
        ("xapp-another", "Slack refuses the app token (invalid_auth)."),
        ("xoxb-sandbox-bot", "SLACK_APP_TOKEN is not an app-level token."),
    ],
)
async def test_socket_mode(world: World, token: str, said: str) -> None:
    found = await doctor(world, slack_app_token=SecretStr(token))
    assert found["slack socket mode"].said == said
    assert ("slack socket mode" in found.wrong()) == (token != APP_TOKEN)
    assert world.slack.sockets == 0


@pytest.mark.parametrize(
    ("ahead", "state", "words"),
    [
        (timedelta(seconds=30), State.OK, "It agrees"),
        (timedelta(seconds=90), State.WARNING, "90 s ahead of"),
        (timedelta(seconds=-250), State.WARNING, "4 min behind"),
        (timedelta(minutes=6), State.WRONG, "6 min ahead of"),
    ],
)
async def test_a_skewed_clock(world: World, ahead: timedelta, state: State, words: str) -> None:
    """Compared with what Slack's answers are dated, a refusal's too."""
    skewed = MovableClock(world.clock.now() + ahead)
    found = await doctor(world, clock=skewed, slack_bot_token=SecretStr("xoxb-another"))
    assert found["clock"].state is state
    assert words in found["clock"].said
    by_socket = await doctor(world, clock=skewed, slack_app_token=SecretStr(APP_TOKEN))
    assert by_socket["clock"].state is not State.WRONG


# People and channels


async def test_admins_that_cannot_be_reached(world: World) -> None:
    carla, gone = world.person("Carla Admin"), world.person("Gone Away")
    gone.person.deleted = True
    found = await doctor(world, admins=(carla.id, gone.id, "U0NOBODY"), managers=(carla.id,))
    assert found["admins"].state is State.WRONG
    assert found["admins"].said == (
        f"{gone.id} is deactivated, or a bot; U0NOBODY is not in the workspace."
    )
    assert found["managers"].state is State.OK
    assert (await doctor(world))["admins"].state is State.WARNING


async def test_channels_that_the_bot_may_look_at(world: World) -> None:
    world.slack.workspace.scopes.add("channels:read")
    here = world.slack.workspace.add_channel("here")
    old = world.slack.workspace.add_channel("old")
    old.archived = True
    found = await doctor(world, fallback_channel=here.id, alert_channel=old.id)
    assert found["fallback channel"].state is State.OK
    assert (found["alert channel"].state, "archived" in found["alert channel"].said) == (
        State.WRONG, True,
    )  # fmt: skip
    found = await doctor(world, alert_channel="C0NOWHERE")
    assert found["alert channel"].said == "Slack shows the bot no channel C0NOWHERE."


async def test_channels_that_only_a_message_can_prove(world: World) -> None:
    channel = world.slack.workspace.add_channel("fallback", with_bot=False)
    rules: dict[str, Any] = {"fallback_channel": channel.id}
    found = await doctor(world, **rules)
    assert found["fallback channel"].state is State.WARNING
    assert "can't be told" in found["fallback channel"].said
    async with world.running_bot(**rules):
        await world.poll()
        world.reten.add_task(commerce="Botica Norte")
        await world.poll()
    found = await doctor(world, **rules)
    assert found["fallback channel"].state is State.WRONG
    assert "not_in_channel" in found["fallback channel"].said
    assert f"Invite the bot to {channel.id}" in str(found["fallback channel"].remedy)
    channel.members.add(world.slack.workspace.bot.id)
    async with world.running_bot(**rules):
        await world.pass_time(hours=2)
    assert (await doctor(world, **rules))["fallback channel"].state is State.OK


# Live


async def test_live_leaves_nothing_behind(world: World) -> None:
    carla = world.person("Carla Admin")
    found = await doctor(world, live=carla.id)
    assert found["live"].state is State.OK
    assert "post, update, find again, delete" in found["live"].said
    assert carla.messages == []
    for method in ("chat.postMessage", "chat.update", "chat.delete"):
        assert [call.ok for call in world.slack.calls_of(method)] == [True], method


@pytest.mark.parametrize(
    ("method", "check", "stands"),
    [
        ("conversations.open", "live open the conversation", 0),
        ("chat.postMessage", "live post", 0),
        ("chat.update", "live update", 0),
        ("conversations.history", "live find again", 0),
        ("chat.delete", "live delete", 1),
    ],
)
async def test_live_says_what_failed(world: World, method: str, check: str, stands: int) -> None:
    carla = world.person("Carla Admin")
    world.fault_at_slack(Trouble.STATUS, method, status=503, times=None)
    found = await doctor(world, live=carla.id)
    assert {one for one in found.wrong() if one.startswith("live")} == {check}
    assert len(carla.messages) == stands
    assert ("by hand" in str(found[check].remedy)) == bool(stands)


async def test_live_with_the_messages_tab_off(world: World) -> None:
    world.slack.workspace.messages_tab = False
    found = await doctor(world, live=world.person("Carla Admin").id)
    assert found["live post"].remedy == "Switch the Messages Tab on, on the app's page App Home."


# The public address


async def test_a_public_address_where_the_bot_answers(world: World) -> None:
    async with serving(world.bot.asgi(takes_slack=False)) as url:
        found = await doctor(world, public_url=url)
    assert (found["public address"].state, found["public address"].said) == (
        State.OK,
        "The bot answers there.",
    )


@pytest.mark.parametrize("path", ["/elsewhere", "/api"])
async def test_a_public_address_where_something_else_answers(world: World, path: str) -> None:
    async with serving(world.slack.app) as url:
        found = await doctor(world, public_url=f"{url}{path}")
    assert "public address" in found.wrong()
    assert found["public address"].said.startswith("Something else answers there (status ")


async def test_a_public_address_that_nobody_answers(world: World) -> None:
    async with serving(world.bot.asgi(takes_slack=False)) as url:
        pass
    found = await doctor(world, public_url=url)
    assert "public address" in found.warned()
    assert "Start the bot" in str(found["public address"].remedy)


async def test_a_public_address_without_valid_tls(world: World) -> None:
    async with serving(world.bot.asgi(takes_slack=False)) as url:
        found = await doctor(world, public_url=url.replace("http:", "https:"))
    assert found["public address"].state is not State.OK
