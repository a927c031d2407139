"""An app's manifest decides what people can choose and what the app hears of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import MovableClock
from sandbox.slack import (
    LIMITS,
    Manifest,
    ManifestError,
    NotOffered,
    Person,
    SlackSandbox,
    Workspace,
)
from sandbox.slack.manifest import DEFAULT_SCOPES

from .builders import Json, actions, button, menu


def declared(**groups: Any) -> Json:
    return {"display_information": {"name": "Desk"}, **groups}


def features(**more: Any) -> Json:
    return declared(features=more, oauth_config={"scopes": {"bot": ["commands"]}})


def command(**more: Any) -> Json:
    return {"command": "/desk", "description": "Opens the desk", **more}


def shortcut(**more: Any) -> Json:
    words = {"name": "Open", "callback_id": "open", "description": "Opens the desk"}
    return {"type": "global", **words, **more}


FULL = declared(
    features={
        "app_home": {"home_tab_enabled": True, "messages_tab_read_only_enabled": False},
        "bot_user": {"display_name": "Deskbot"},
        "slash_commands": [command(usage_hint="[name]", should_escape=True)],
        "shortcuts": [
            shortcut(),
            shortcut(type="message", callback_id="keep"),
        ],
    },
    oauth_config={"scopes": {"bot": ["chat:write", "commands"], "user": ["search:read"]}},
    settings={
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
        "interactivity": {"is_enabled": True, "message_menu_options_url": "https://desk.test/"},
    },
)


def test_what_is_declared_is_read() -> None:
    manifest = Manifest.from_mapping(FULL)
    assert (manifest.app_name, manifest.bot_name) == ("Desk", "Deskbot")
    assert manifest.scopes == {"chat:write", "commands"}
    assert [(one.command, one.usage_hint) for one in manifest.commands] == [("/desk", "[name]")]
    assert [one.callback_id for one in manifest.global_shortcuts] == ["open"]
    assert [one.callback_id for one in manifest.message_shortcuts] == ["keep"]
    assert manifest.events == {"app_home_opened"}
    assert (manifest.home_tab, manifest.messages_tab, manifest.read_only_messages) == (
        *(True, True),
        False,
    )
    assert (manifest.interactive, manifest.serves_options) == (True, True)


def test_what_is_not_declared_is_not_there() -> None:
    manifest = Manifest.from_mapping(declared())
    assert (manifest.bot_name, manifest.scopes, manifest.commands) == ("Desk", set(), ())
    assert (manifest.home_tab, manifest.interactive, manifest.serves_options) == (False,) * 3
    assert manifest.messages_tab
    assert manifest.read_only_messages, "as with a new app at Slack"


def test_socket_mode_serves_options_without_an_address() -> None:
    assert Manifest.from_mapping(declared(settings={"socket_mode_enabled": True})).serves_options


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        ([], "The manifest must be an object."),
        ({}, "display_information is wrong: it must be given."),
        (declared(features=[]), "features is wrong: it must be an object."),
        (features(slash_commands=[command(command="desk")]), "slash_commands[0].command is wrong"),
        (features(slash_commands=[command(hint="x")]), "slash_commands[0].hint, which Slack does"),
        (features(shortcuts=[shortcut(type="local")]), "shortcuts[0].type is wrong"),
        (declared(oauth_config={"scopes": {"bot": "chat:write"}}), "bot is wrong: it must be a"),
        (declared(settings={"socket_mode_enabled": "yes"}), "settings.socket_mode_enabled"),
        (
            declared(features={"slash_commands": [command()]}),
            "slash_commands needs the bot's scope commands",
        ),
        (declared(features={"shortcuts": [shortcut()]}), "shortcuts needs the bot's scope"),
        (
            declared(settings={"event_subscriptions": {"bot_events": ["message.im"]}}),
            "bot_events message.im needs the bot's scope im:history",
        ),
    ],
)
def test_a_wrong_manifest_is_told_in_a_sentence(mapping: object, field: str) -> None:
    with pytest.raises(ManifestError) as wrong:
        Manifest.from_mapping(mapping)
    assert field in str(wrong.value)
    assert str(wrong.value).endswith(".")
    assert "\n" not in str(wrong.value)


LONGEST = {
    "manifest.name": lambda size: {"display_information": {"name": "x" * size}},
    "manifest.bot_name": lambda size: features(bot_user={"display_name": "x" * size}),
    "manifest.commands": lambda size: features(slash_commands=[command()] * size),
    "manifest.command": lambda size: features(
        slash_commands=[command(command="/".ljust(size, "x"))]
    ),
    "manifest.command.description": lambda size: features(
        slash_commands=[command(description="x" * size)]
    ),
    "manifest.command.usage_hint": lambda size: features(
        slash_commands=[command(usage_hint="x" * size)]
    ),
    "manifest.shortcuts": lambda size: features(shortcuts=[shortcut()] * size),
    "manifest.shortcut.name": lambda size: features(shortcuts=[shortcut(name="x" * size)]),
    "manifest.shortcut.callback_id": lambda size: features(
        shortcuts=[shortcut(callback_id="x" * size)]
    ),
    "manifest.shortcut.description": lambda size: features(
        shortcuts=[shortcut(description="x" * size)]
    ),
    "manifest.scopes": lambda size: declared(oauth_config={"scopes": {"bot": ["x"] * size}}),
    "manifest.events": lambda size: declared(
        settings={"event_subscriptions": {"bot_events": ["x"] * size}}
    ),
}


def test_every_limit_of_a_manifest_is_proved() -> None:
    assert LONGEST.keys() == {name for name in LIMITS if name.startswith("manifest.")}


@pytest.mark.parametrize("name", LONGEST)
def test_a_limit_of_a_manifest(name: str) -> None:
    Manifest.from_mapping(LONGEST[name](LIMITS[name]))
    with pytest.raises(ManifestError, match=str(LIMITS[name])):
        Manifest.from_mapping(LONGEST[name](LIMITS[name] + 1))


class Desk:
    """A workspace with the app of a manifest, which acks all it gets and writes it down."""

    def __init__(self, manifest: Manifest) -> None:
        self.workspace = Workspace(MovableClock(), manifest=manifest)
        self.ana = self.workspace.add_person("Ana Ruiz")
        self.channel = self.workspace.add_channel("ops", members=[self.ana])
        self.slack = SlackSandbox(self.workspace)
        self.hands = self.slack.as_person(self.ana)
        self.heard: list[Json] = []
        app = Starlette(routes=[Route("/", self._hear, methods=["POST"])])
        self.slack.deliver_to("http://desk.test/", app=app)

    async def _hear(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        self.heard.append({key: value for key, (value,) in form.items()})
        return Response()

    def show(self, *elements: Json) -> None:
        """Let the app post a message with these elements."""
        blocks = [{**actions(*elements), "block_id": "b"}]
        direct = self.workspace.direct(self.ana)
        self.workspace.add_post(direct, self.workspace.bot.id, "x", blocks=blocks)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk(Manifest.from_mapping(FULL))
    yield desk
    await desk.slack.aclose()


@pytest.fixture
async def bare() -> AsyncIterator[Desk]:
    """The app of a manifest that declares nothing."""
    bare = Desk(Manifest.from_mapping(declared()))
    yield bare
    await bare.slack.aclose()


async def test_scopes_and_the_bots_name_come_from_it(desk: Desk) -> None:
    assert desk.workspace.scopes == {"chat:write", "commands"}
    assert desk.workspace.bot.real_name == "Deskbot"


async def test_commands_and_shortcuts_that_are_declared_reach_the_app(desk: Desk) -> None:
    assert await desk.hands.command("/desk", "all") is None
    assert (await desk.hands.shortcut("open")).ok
    assert (await desk.hands.message_shortcut(desk.hands.say("hi"), "keep")).ok
    assert len(desk.heard) == 3


async def test_others_are_not_there(desk: Desk) -> None:
    with pytest.raises(NotOffered, match="/tasks is not a valid command"):
        await desk.hands.command("/tasks")
    with pytest.raises(NotOffered, match="no shortcut keep"):
        await desk.hands.shortcut("keep")
    with pytest.raises(NotOffered, match="no shortcut open"):
        await desk.hands.message_shortcut(desk.hands.say("hi"), "open")
    assert desk.heard == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("for @ana.ruiz in #ops", "for <@{ana}|ana.ruiz> in <#{ops}|ops>"),
        ("@Ana Ruiz, @ana.ruizzo", "<@{ana}|ana.ruiz>, @ana.ruizzo"),
        ("a@ana.ruiz #opsy", "a@ana.ruiz #opsy"),
        ("https://a.test/?x=1 then", "<https://a.test/?x=1> then"),
    ],
)
async def test_what_is_typed_is_told_by_ids_where_that_is_asked_for(
    desk: Desk, typed: str, told: str
) -> None:
    await desk.hands.command("/desk", typed)
    assert desk.heard[0]["text"] == told.format(ana=desk.ana.id, ops=desk.channel.id)


async def test_it_is_told_as_typed_otherwise() -> None:
    desk = Desk(Manifest.from_mapping(features(slash_commands=[command()])))
    await desk.hands.command("/desk", "@ana.ruiz", desk.channel)
    assert desk.heard[0]["text"] == "@ana.ruiz"


async def test_only_the_events_that_are_subscribed_to_are_told(desk: Desk) -> None:
    assert (await desk.hands.open_home()).ok
    changed = await desk.slack.change_person(desk.ana, timezone="Asia/Tokyo")
    assert (changed.via, changed.status) == ("unsubscribed", None)
    assert len(desk.heard) == 1


async def test_an_app_without_interactivity_hears_of_no_click(bare: Desk) -> None:
    bare.show(button("Go", action_id="go"))
    with pytest.raises(NotOffered, match="not configured to handle interactive"):
        await bare.hands.click(bare.hands.messages()[0], "Go")


async def test_options_are_asked_for_only_where_there_is_an_address(desk: Desk) -> None:
    interactive = {"interactivity": {"is_enabled": True}}
    mute = Desk(Manifest.from_mapping(declared(settings=interactive)))
    mute.show(menu("external_select", action_id="who"))
    with pytest.raises(NotOffered, match="message_menu_options_url"):
        await mute.hands.options(mute.hands.messages()[0], "who", "a")


async def test_people_can_not_write_where_messages_are_read_only(bare: Desk) -> None:
    with pytest.raises(NotOffered, match="has been turned off"):
        bare.hands.say("hello")
    with pytest.raises(NotOffered, match="has been turned off"):
        await bare.hands.command("/desk")
    assert bare.hands.say("hello", bare.channel)


async def test_tabs_that_are_switched_off() -> None:
    tabs = {"messages_tab_enabled": False}
    shut = Desk(Manifest.from_mapping(features(app_home=tabs)))
    for tab in ("home", "messages"):
        with pytest.raises(NotOffered, match=f"no {tab} tab"):
            await shut.hands.open_home(tab)
    with pytest.raises(NotOffered, match="no messages tab"):
        shut.hands.say("hello")


def test_without_a_manifest_everything_is_open(workspace: Workspace, ana: Person) -> None:
    assert workspace.scopes == DEFAULT_SCOPES
    assert workspace.manifest.takes_command("/anything")
    assert workspace.manifest.hears("reaction_added")


# What people write


CHATTY = declared(
    features={"app_home": {"messages_tab_read_only_enabled": False}},
    oauth_config={"scopes": {"bot": ["im:history", "channels:history", "app_mentions:read"]}},
    settings={
        "event_subscriptions": {"bot_events": ["app_mention", "message.channels", "message.im"]}
    },
)


class Ears(Desk):
    """An app that hears of messages."""

    async def _hear(self, request: Request) -> Response:
        self.heard.append((await request.json())["event"])
        return Response()


async def test_an_app_hears_what_is_written_to_it() -> None:
    ears = Ears(Manifest.from_mapping(CHATTY))
    said, (told,) = await ears.hands.write("R&D: see https://a.test/?x=1&y=2")
    assert told.ok
    assert said.plain() == "R&D: see https://a.test/?x=1&y=2"
    (event,) = ears.heard
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", ears.ana.id)
    assert event["text"] == "R&amp;D: see <https://a.test/?x=1&amp;y=2>"
    assert (event["ts"], event["channel"]) == (said.ts, ears.workspace.direct(ears.ana).id)


async def test_it_hears_of_its_channels_and_where_it_is_named() -> None:
    ears = Ears(Manifest.from_mapping(CHATTY))
    elsewhere = ears.workspace.add_channel("own", members=[ears.ana], with_bot=False)
    assert (await ears.hands.write("Not for @Desk", elsewhere))[1] == []
    await ears.hands.write("@Desk who is @ana.ruiz?", ears.channel)
    assert [event["type"] for event in ears.heard] == ["message", "app_mention"]
    bot, ana = ears.workspace.bot.id, ears.ana.id
    assert ears.heard[1]["text"] == f"<@{bot}> who is <@{ana}>?"
    assert "channel_type" not in ears.heard[1]


async def test_it_hears_of_nothing_that_it_did_not_ask_for_or_may_not_know(desk: Desk) -> None:
    _, (told,) = await desk.hands.write("hello")
    assert told.via == "unsubscribed"
    ears = Ears(Manifest.from_mapping(CHATTY))
    ears.workspace.scopes.remove("im:history")
    _, (told,) = await ears.hands.write("hello")
    assert told.via == "unsubscribed"
    assert ears.heard == []
