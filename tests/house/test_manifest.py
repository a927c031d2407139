"""The Slack app manifest keeps the limits that Slack documents, and asks for what the bot uses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft202012Validator
from slack_bolt.async_app import AsyncApp

from bot.slack.client import SlackClient
from bot.slack.desk import Desk
from bot.slack.listeners import Listeners
from bot.slack.needs import CHANNEL_SCOPES, COMMANDS, EVENTS, SCOPES, SHORTCUTS

Json = dict[str, Any]

URL = {"const": "https://example.com/slack/events"}
"""What whoever installs the bot replaces by their own; the bot has one path for everything."""


def text(longest: int, shortest: int = 1) -> Json:
    return {"type": "string", "minLength": shortest, "maxLength": longest}


def flags(*names: str) -> Json:
    return {name: {"type": "boolean"} for name in names}


def exactly(properties: Json) -> Json:
    """An object with these keys, all of them and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def names(longest: int) -> Json:
    return {"type": "array", "items": text(50), "maxItems": longest, "uniqueItems": True}


COMMAND = exactly(
    {
        "command": {**text(32, 2), "pattern": "^/[a-z]"},
        "url": URL,
        "description": text(2000),
        "usage_hint": text(1000),
        "should_escape": {"const": True},
    }
)
SHORTCUT = exactly(
    {
        "name": text(24),
        "type": {"enum": ["global", "message"]},
        "callback_id": text(255),
        "description": text(150),
    }
)
SCHEMA = exactly(
    {
        "_metadata": exactly({"major_version": {"const": 2}, "minor_version": {"type": "integer"}}),
        "display_information": exactly(
            {
                "name": text(35),
                "description": text(140),
                "long_description": text(4000, 175),
                "background_color": {"type": "string", "pattern": "^#[0-9a-f]{6}$"},
            }
        ),
        "features": exactly(
            {
                "app_home": exactly(
                    flags(
                        "home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"
                    )
                ),
                "bot_user": exactly({"display_name": text(80), **flags("always_online")}),
                "shortcuts": {"type": "array", "items": SHORTCUT, "maxItems": 10},
                "slash_commands": {"type": "array", "items": COMMAND, "maxItems": 5},
            }
        ),
        "oauth_config": exactly({"scopes": exactly({"bot": names(255)})}),
        "settings": exactly(
            {
                "event_subscriptions": exactly({"request_url": URL, "bot_events": names(100)}),
                "interactivity": exactly(
                    {
                        "is_enabled": {"const": True},
                        "request_url": URL,
                        "message_menu_options_url": URL,
                    }
                ),
                **flags("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled"),
            }
        ),
    }
)


@pytest.fixture(scope="module")
def manifest() -> Json:
    loaded: Json = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text())
    return loaded


def test_the_manifest_keeps_the_limits(manifest: Json) -> None:
    errors = Draft202012Validator(SCHEMA).iter_errors(manifest)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_it_asks_for_the_scopes_that_are_used_and_no_more(manifest: Json) -> None:
    """`taskbell doctor` compares the installed app with the same."""
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES.keys()
    assert not CHANNEL_SCOPES & SCOPES.keys()


def test_what_the_demo_declares_is_the_same(manifest: Json) -> None:
    """It has no YAML to read where the bot is installed from a wheel."""
    commands = manifest["features"]["slash_commands"]
    assert [{key: one[key] for key in one if key != "url"} for one in commands] == [*COMMANDS]
    assert manifest["features"]["shortcuts"] == [*SHORTCUTS]
    assert manifest["settings"]["event_subscriptions"]["bot_events"] == [*EVENTS]


class Listened:
    """Notes what listeners are registered for, as an app of Bolt's would."""

    def __init__(self) -> None:
        self.kinds: dict[str, set[str]] = {}

    def __getattr__(self, kind: str) -> Callable[[str], Callable[[object], None]]:
        def register(name: str) -> Callable[[object], None]:
            self.kinds.setdefault(kind, set()).add(str(name))
            return lambda _listener: None

        return register


def test_it_brings_the_events_and_commands_that_are_listened_to(manifest: Json) -> None:
    listened = Listened()
    Listeners(cast(Desk, None), cast(SlackClient, None)).register(cast(AsyncApp, listened))
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == listened.kinds["event"]
    commands = {one["command"] for one in manifest["features"]["slash_commands"]}
    assert commands == listened.kinds["command"]
    shortcuts = manifest["features"]["shortcuts"]
    for kind in ("global", "message"):
        ids = {one["callback_id"] for one in shortcuts if one["type"] == kind}
        assert ids == listened.kinds[f"{kind}_shortcut"]


def test_the_shortcuts_are_named_as_people_know_them(manifest: Json) -> None:
    assert {one["name"]: one["type"] for one in manifest["features"]["shortcuts"]} == {
        "My tasks": "global",
        "Create task": "message",
    }


def test_people_have_a_home_and_can_type_the_command_where_the_cards_are(manifest: Json) -> None:
    """Read-only, Slack would leave nothing to type into there."""
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_the_command_is_tasks(manifest: Json) -> None:
    (command,) = manifest["features"]["slash_commands"]
    assert command["command"] == "/tasks"
