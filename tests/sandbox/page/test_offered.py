"""What an app's manifest offers is what people find on the page."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.clock import SystemClock
from sandbox.slack.manifest import Manifest
from sandbox.world import World

from .conftest import Page, StandIn

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Taskbell"},
    "features": {
        "app_home": {"home_tab_enabled": False, "messages_tab_read_only_enabled": True},
        "bot_user": {"display_name": "Taskbell"},
        "slash_commands": [
            {"command": "/tasks", "description": "Show your tasks", "usage_hint": "[today]"}
        ],
        "shortcuts": [
            {"name": kind, "type": kind, "callback_id": kind, "description": f"A {kind} one"}
            for kind in ("global", "message")
        ],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands"]}},
    "settings": {"interactivity": {"is_enabled": True}},
}


@pytest.fixture
def world() -> World:
    return World(manifest=Manifest.from_mapping(MANIFEST), signing_clock=SystemClock())


async def test_a_seat_is_told_what_can_be_chosen(page: Page) -> None:
    state = await page.state()
    hint = {"command": "/tasks", "description": "Show your tasks", "usage_hint": "[today]"}
    assert state["commands"] == [hint]
    by_kind = {
        kind: [one["callback_id"] for one in state["shortcuts"][kind]]
        for kind in state["shortcuts"]
    }
    assert by_kind == {"global": ["global"], "message": ["message"]}
    assert not state["home_tab"]


async def test_an_app_may_take_no_messages(page: Page, app: StandIn, world: World) -> None:
    state = await page.state()
    direct, channel = (one["id"] for one in state["conversations"])
    assert not state["takes_messages"]
    for text in ("Hello", "/tasks"):
        refused = await page.post("/api/say", 409, channel=direct, text=text)
        assert "turned off" in refused["error"]
    assert (await page.state(conversation=channel))["takes_messages"]
    await page.post("/api/say", channel=channel, text="/tasks")
    assert app.heard[0]["command"] == "/tasks"


async def test_slackbot_knows_which_commands_there_are(page: Page, app: StandIn) -> None:
    channel = (await page.state())["conversations"][1]["id"]
    await page.post("/api/say", channel=channel, text="/nothing at all")
    line = (await page.state(conversation=channel))["messages"][-1]
    assert line["text"] == "/nothing is not a valid command."
    assert app.heard == []


async def test_a_word_about_a_person(page: Page, world: World) -> None:
    world.roles[world.cast.ana.id] = "manager"
    roles = {one["name"]: one["role"] for one in (await page.state())["people"]}
    assert (roles["Ana Ruiz"], roles["Ben Okafor"], roles["Carla Nunes"]) == (
        "manager",
        "",
        "admin",
    )
    stage = (await page.client.get("/api/stage")).json()
    assert [one["name"] for one in stage["people"]] == list(roles)
