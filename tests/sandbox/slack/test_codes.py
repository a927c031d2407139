"""The table of errors: each is provoked from every method that is said to answer it."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

import sandbox.slack
from sandbox.clock import MovableClock
from sandbox.slack import LIMITS, Manifest, SlackError, SlackSandbox, Workspace
from sandbox.slack.codes import ANY, CODES, RESPONSE_URL

from .builders import Json, home, modal, section

SOURCES = Path(sandbox.slack.__file__).parent
BIG = "x" * LIMITS["view.bytes"]
TABS_OFF = {"display_information": {"name": "Desk"}}


class Place:
    """A workspace in which every method has something to work on."""

    def __init__(self, manifest: Manifest | None = None) -> None:
        self.clock = MovableClock()
        self.workspace = Workspace(self.clock, manifest=manifest)
        self.workspace.scopes |= {"channels:read", "channels:history"}
        self.slack = SlackSandbox(self.workspace)
        self.ana = self.workspace.add_person("Ana Ruiz", email="ana@example.com")
        self.channel = self.workspace.add_channel("ops", members=[self.ana])
        self.post = self.workspace.add_post(self.channel, self.workspace.bot.id, "Hello")
        self.trigger = self.workspace.new_trigger(self.ana.id)
        self.token = self.workspace.bot_token
        self.body: bytes | None = None

    def arguments(self, method: str) -> Json:
        """Such that the method would do its work."""
        channel, ana = {"channel": self.channel.id}, self.ana.id
        message = {**channel, "ts": self.post.ts}
        opening = {"trigger_id": self.trigger, "view": modal()}
        return {
            "auth.test": {},
            "chat.postMessage": {**channel, "text": "x"},
            "chat.postEphemeral": {**channel, "text": "x", "user": ana},
            "chat.update": {**message, "text": "x"},
            "chat.delete": message,
            "users.info": {"user": ana},
            "users.list": {},
            "users.lookupByEmail": {"email": "ana@example.com"},
            "conversations.open": {"users": ana},
            "conversations.info": channel,
            "conversations.history": channel,
            "views.open": opening,
            "views.push": opening,
            "views.update": {"external_id": "mine", "view": modal()},
            "views.publish": {"user_id": ana, "view": home(section())},
            RESPONSE_URL: {"text": "x"},
        }[method]

    async def open(self, count: int = 1, **more: Any) -> None:
        """Open modals for Ana."""
        for number in range(count):
            trigger = self.workspace.new_trigger(self.ana.id)
            view = modal(external_id=f"view {number}") | more
            answer = await self.call("views.open", {"trigger_id": trigger, "view": view})
            assert answer["ok"], answer

    async def call(self, method: str, arguments: Json) -> Json:
        """One request, with the token and body that were put here."""
        transport = httpx2.ASGITransport(app=self.slack.app)
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        headers["content-type"] = "application/json"
        path = f"/api/{method}"
        if method == RESPONSE_URL:
            path = f"/response/{arguments.pop('url', None) or self.response_url()}"
        body = json.dumps(arguments).encode() if self.body is None else self.body
        async with httpx2.AsyncClient(transport=transport, base_url="http://s.test") as http:
            answer = await http.post(path, content=body, headers=headers)
        told: Json = answer.json() if answer.text.startswith("{") else {"ok": True}
        return told

    def response_url(self) -> str:
        """The token of a new one, for the message in the channel."""
        return self.workspace.new_response_url(self.ana.id, self.channel.id, self.post.ts)


Provoke = Callable[[Place, Json], Any]
"""Changes the place or the arguments such that the error comes; may be awaitable."""


def given(**arguments: Any) -> Provoke:
    return lambda _, found: found.update(arguments)


def channel(**changes: Any) -> Provoke:
    def change(place: Place, _arguments: Json) -> None:
        for name, value in changes.items():
            setattr(place.channel, name, value)

    return change


def workspace(**changes: Any) -> Provoke:
    def change(place: Place, _arguments: Json) -> None:
        for name, value in changes.items():
            setattr(place.workspace, name, value)

    return change


def token(value: str) -> Provoke:
    return lambda place, _: setattr(place, "token", value)


def body(value: bytes) -> Provoke:
    return lambda place, _: setattr(place, "body", value)


def direct(place: Place, arguments: Json) -> None:
    """Go to the conversation with Ana, where the bot has written."""
    conversation = place.workspace.direct(place.ana)
    post = place.workspace.add_post(conversation, place.workspace.bot.id, "Hello")
    if "channel" in arguments:
        arguments["channel"] = conversation.id
    if "ts" in arguments:
        arguments["ts"] = post.ts


def deactivated(place: Place, arguments: Json) -> None:
    direct(place, arguments)
    place.ana.deleted = True


def tab_off(place: Place, arguments: Json) -> None:
    direct(place, arguments)
    place.workspace.messages_tab = False


def in_thread(place: Place, arguments: Json) -> None:
    """A reply, where none may be."""
    place.channel.restricted = "restricted_action_non_threadable_channel"
    arguments["thread_ts"] = place.post.ts


def by_ana(place: Place, arguments: Json) -> None:
    arguments["ts"] = place.workspace.add_post(place.channel, place.ana.id, "Mine").ts


def gone(place: Place, arguments: Json) -> None:
    place.post.deleted = True
    arguments["replace_original"] = True


def nobody_there(place: Place, arguments: Json) -> None:
    arguments["user"] = place.workspace.add_person("Ben").id


def late(place: Place, _arguments: Json) -> None:
    place.clock.advance(timedelta(seconds=LIMITS["trigger.seconds"] + 1))


def used(place: Place, _arguments: Json) -> None:
    place.workspace.spend_trigger(place.trigger)


def old_url(place: Place, arguments: Json) -> None:
    arguments["url"] = place.response_url()
    place.clock.advance(timedelta(seconds=LIMITS["response_url.seconds"] + 1))


def used_url(place: Place, arguments: Json) -> None:
    arguments["url"] = place.response_url()
    place.workspace.response_urls[arguments["url"]].uses = LIMITS["response_url.uses"]


async def taken_id(place: Place, arguments: Json) -> None:
    """Ask for an external_id that another open view has."""
    await place.open(2)
    arguments["view"] = modal(external_id="view 0")
    if "external_id" in arguments:
        arguments["external_id"] = "view 1"


async def full(place: Place, _arguments: Json) -> None:
    await place.open(LIMITS["modal.stack"])


async def changed(place: Place, arguments: Json) -> None:
    await place.open(external_id="mine")
    await place.call("views.publish", place.arguments("views.publish"))
    arguments["hash"] = "0.0"


async def opened(place: Place, arguments: Json) -> None:
    """A view that may be changed, and one that is too big for it."""
    await place.open(external_id="mine")
    kind = home if "user_id" in arguments else modal
    arguments["view"] = kind(*[section("x" * 3000)] * 85)


PROVOKED: dict[str, Provoke] = {
    "not_authed": token(""),
    "invalid_auth": token("xoxb-other"),
    "not_allowed_token_type": token("xapp-1-sandbox-app"),
    "token_revoked": workspace(token_error="token_revoked"),
    "account_inactive": workspace(token_error="account_inactive"),
    "missing_scope": workspace(scopes=set()),
    "ratelimited": lambda place, _: place.slack.rate_limit("users.info", 1),
    "invalid_json": body(b"{"),
    "json_not_object": body(b"[]"),
    "invalid_arguments": given(user=""),
    "channel_not_found": given(channel="C404"),
    "not_in_channel": channel(members=set()),
    "is_archived": channel(archived=True),
    "restricted_action": channel(restricted="restricted_action"),
    "restricted_action_read_only_channel": channel(
        restricted="restricted_action_read_only_channel"
    ),
    "restricted_action_thread_only_channel": channel(
        restricted="restricted_action_thread_only_channel"
    ),
    "restricted_action_non_threadable_channel": in_thread,
    "user_disabled": deactivated,
    "messages_tab_disabled": tab_off,
    "user_not_in_channel": nobody_there,
    "no_text": given(text=""),
    "msg_too_long": given(text="x" * 4001),
    "invalid_blocks_format": given(blocks="{"),
    "invalid_blocks": given(blocks=[section("")]),
    "msg_blocks_too_long": given(blocks=[section("x" * 3000)] * 5),
    "invalid_attachments": given(attachments="{"),
    "too_many_attachments": given(attachments=[{"text": "x"}] * 101),
    "invalid_metadata_format": given(metadata={"event_type": "x"}),
    "invalid_metadata_schema": given(
        metadata={"event_type": "x", "event_payload": {"a": {"b": {}}}}
    ),
    "metadata_too_large": given(metadata={"event_type": "x", "event_payload": {"a": "x" * 8000}}),
    "message_not_found": gone,
    "cant_update_message": by_ana,
    "cant_delete_message": by_ana,
    "user_not_found": given(user="U404", users="U404", user_id="U404"),
    "users_not_found": given(email="nobody@example.com"),
    "cannot_dm_bot": lambda place, found: found.update(users=place.workspace.bot.id),
    "method_not_supported_for_channel_type": given(users="U1,U2"),
    "invalid_cursor": given(cursor="x"),
    "invalid_limit": given(limit=1001),
    "invalid_ts_oldest": given(oldest="x"),
    "invalid_ts_latest": given(latest="x"),
    "invalid_trigger_id": given(trigger_id="1.2.3"),
    "expired_trigger_id": late,
    "exchanged_trigger_id": used,
    "push_limit_reached": full,
    "duplicate_external_id": taken_id,
    "view_too_large": opened,
    "not_found": lambda _place, _found: None,
    "hash_conflict": changed,
    "invalid_url": given(url="none"),
    "expired_url": old_url,
    "used_url": used_url,
}
WITHOUT_A_CALL = {
    "unknown_method": "chat.shout",
    "method_not_in_sandbox": "chat.scheduleMessage",
}
BY_THE_MANIFEST = {"not_enabled"}

PAIRS = [
    (code, method)
    for code in PROVOKED
    for method in (("users.info",) if CODES[code].methods == ANY else CODES[code].methods)
]


def test_every_error_of_the_table_is_provoked() -> None:
    assert CODES.keys() == PROVOKED.keys() | WITHOUT_A_CALL.keys() | BY_THE_MANIFEST


@pytest.mark.parametrize(("code", "method"), PAIRS, ids="-".join)
async def test_an_error_is_answered_by_the_methods_that_are_said_to(code: str, method: str) -> None:
    place = Place()
    arguments = place.arguments(method)
    provoking = PROVOKED[code](place, arguments)
    if provoking is not None:
        await provoking
    answer = await place.call(method, arguments)
    assert answer.get("error") == code


@pytest.mark.parametrize("code", WITHOUT_A_CALL)
async def test_methods_that_are_not_here(code: str) -> None:
    answer = await Place().call(WITHOUT_A_CALL[code], {})
    assert answer["error"] == code


async def test_a_home_tab_that_is_switched_off() -> None:
    place = Place(Manifest.from_mapping(TABS_OFF))
    answer = await place.call("views.publish", place.arguments("views.publish"))
    assert answer["error"] == "not_enabled"


def test_no_other_error_can_be_made() -> None:
    with pytest.raises(LookupError, match="no_such_code does not stand in the table"):
        SlackError("no_such_code")


def test_every_error_that_the_sources_name_stands_in_the_table() -> None:
    """Those that no test has met, too."""
    assert named_in_sources() <= CODES.keys()


def named_in_sources() -> set[str]:
    found = set()
    for file in SOURCES.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"SlackError": 0, "structure": 2}.get(node.func.id, len(node.args))
                for given_code in node.args[place : place + 1]:
                    found |= {str(ast.literal_eval(given_code))} if _is_word(given_code) else set()
    assert "no_text" in found
    return found


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
