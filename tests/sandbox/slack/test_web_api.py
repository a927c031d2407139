"""The Web API: what each method answers, and what it refuses."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import MovableClock
from sandbox.slack import Conversation, Hands, Person, SlackSandbox, Status, Workspace

from .builders import Json, actions, button, menu, option, section
from .conftest import Api

# Who may call


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (None, "not_authed"),
        ("xoxb-wrong", "invalid_auth"),
        ("xapp-1-sandbox-app", "not_allowed_token_type"),
    ],
)
async def test_a_wrong_token(http: httpx2.AsyncClient, token: str | None, error: str) -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    answer = await http.post("/api/auth.test", headers=headers)
    assert answer.json() == {"ok": False, "error": error}


async def test_a_token_taken_away(slack: SlackSandbox, api: Api) -> None:
    slack.deliver_to("http://127.0.0.1:9/nobody")
    await slack.revoke_tokens()
    assert (await api("auth.test"))["error"] == "token_revoked"
    await slack.uninstall()
    assert (await api("auth.test"))["error"] == "account_inactive"


async def test_forms_and_queries_are_read_as_well(
    http: httpx2.AsyncClient, workspace: Workspace, ana: Person, slack: SlackSandbox
) -> None:
    form = {
        "token": workspace.bot_token,
        "channel": ana.id,
        "text": "Hola",
        "blocks": json.dumps([section("Hola")]),
    }
    assert (await http.post("/api/chat.postMessage", data=form)).json()["ok"]
    assert "token" not in slack.calls[0].arguments, "a log is no place for it"
    answer = await http.get("/api/users.info", params={"token": form["token"], "user": ana.id})
    assert answer.json()["user"]["id"] == ana.id
    assert "im:history" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(("body", "error"), [(b"{", "invalid_json"), (b"[]", "json_not_object")])
async def test_a_broken_body(http: httpx2.AsyncClient, body: bytes, error: str) -> None:
    headers = {"content-type": "application/json"}
    answer = await http.post("/api/auth.test", content=body, headers=headers)
    assert answer.json()["error"] == error


async def test_an_unknown_method(api: Api) -> None:
    assert (await api("chat.shout"))["error"] == "unknown_method"


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("chat.postMessage", "chat:write"),
        ("conversations.open", "im:write"),
        ("conversations.history", "im:history"),
        ("users.info", "users:read"),
        ("users.lookupByEmail", "users:read.email"),
    ],
)
async def test_a_scope_that_was_not_granted(
    api: Api, workspace: Workspace, ana: Person, method: str, scope: str
) -> None:
    workspace.scopes.remove(scope)
    answer = await api(method, channel=workspace.direct(ana).id)
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert scope not in answer["provided"].split(",")


# Messages


async def test_the_real_client_posts_and_changes_a_message(
    client: AsyncWebClient, hands: Hands, ana: Person
) -> None:
    posted = await client.chat_postMessage(channel=ana.id, text="One", blocks=[section("Uno")])
    assert posted["channel"].startswith("D")
    seen = hands.find("Uno")
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="Two")
    assert (seen.plain(), hands.again(seen).plain()) == ("Uno", "Two")
    assert hands.again(seen).blocks == []
    await client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert hands.messages() == []
    with pytest.raises(LookupError, match="gone"):
        hands.again(seen)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "no_text"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": [{"type": "x"}]}, "invalid_blocks"),
        ({"text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"text": "x", "metadata": []}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": {"l": {}}}}},
            "invalid_metadata_schema",
        ),
        (
            {"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": "x" * 8000}}},
            "metadata_too_large",
        ),
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"channel": "U404", "text": "x"}, "channel_not_found"),
        ({"channel": "", "text": "x"}, "invalid_arguments"),
    ],
)
async def test_a_message_that_is_refused(
    api: Api, ana: Person, arguments: Json, error: str
) -> None:
    answer = await api("chat.postMessage", **({"channel": ana.id} | arguments))
    assert answer["error"] == error


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"archived": True}, "is_archived"),
        ({"restricted": "restricted_action"}, "restricted_action"),
        ({"members": set()}, "not_in_channel"),
    ],
)
async def test_a_channel_that_takes_no_message(
    api: Api, ops: Conversation, change: dict[str, Any], error: str
) -> None:
    for name, value in change.items():
        setattr(ops, name, value)
    assert (await api("chat.postMessage", channel=ops.id, text="x"))["error"] == error


async def test_people_who_can_not_be_reached(api: Api, workspace: Workspace, ana: Person) -> None:
    workspace.messages_tab = False
    refused = await api("chat.postMessage", channel=ana.id, text="x")
    assert refused["error"] == "messages_tab_disabled"
    ana.deleted = True
    for method in ("chat.postMessage", "conversations.open", "views.publish"):
        answer = await api(method, channel=ana.id, users=ana.id, user_id=ana.id, text="x")
        assert answer["error"] == "user_disabled"


async def test_long_text_is_cut_when_posted_and_refused_in_an_update(api: Api, ana: Person) -> None:
    posted = await api("chat.postMessage", channel=ana.id, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    assert (await api("chat.update", **place, text="x" * 4_000))["ok"]
    assert (await api("chat.update", **place, text="x" * 4_001))["error"] == "msg_too_long"


async def test_an_update_that_is_refused(api: Api, hands: Hands, ana: Person) -> None:
    posted = await api("chat.postMessage", channel=ana.id, text="x")
    channel, ts = posted["channel"], posted["ts"]
    by_person = await api("chat.update", channel=ana.id, ts=ts, text="y")
    assert by_person["error"] == "channel_not_found", "a user id is no conversation here"
    unknown = await api("chat.update", channel=channel, ts="1.000001", text="y")
    assert unknown["error"] == "message_not_found"
    theirs = {"channel": channel, "ts": hands.say("mine").ts}
    assert (await api("chat.update", **theirs, text="y"))["error"] == "cant_update_message"
    assert (await api("chat.delete", **theirs))["error"] == "cant_delete_message"


async def test_metadata_stays_until_it_is_changed(api: Api, ana: Person) -> None:
    metadata = {"event_type": "card", "event_payload": {"key": "k1", "tries": [1, 2]}}
    posted = await api("chat.postMessage", channel=ana.id, text="x", metadata=metadata)
    place = {"channel": posted["channel"], "ts": posted["ts"]}

    async def stored() -> object:
        history = await api(
            "conversations.history", channel=posted["channel"], include_all_metadata=True
        )
        return history["messages"][0].get("metadata")

    await api("chat.update", **place, text="y")
    assert await stored() == metadata
    await api("chat.update", **place, text="y", metadata={})
    assert await stored() is None


async def test_time_stamps_grow_while_the_clock_stands(api: Api, ana: Person) -> None:
    posted = [await api("chat.postMessage", channel=ana.id, text="x") for _ in range(3)]
    stamps = [float(answer["ts"]) for answer in posted]
    assert stamps == sorted(set(stamps))


async def test_ephemeral_messages_are_for_one_and_in_no_history(
    api: Api, slack: SlackSandbox, workspace: Workspace, ops: Conversation, ana: Person
) -> None:
    ben = workspace.add_person("Ben")
    workspace.scopes.add("channels:history")
    shown = await api("chat.postEphemeral", channel=ops.id, user=ana.id, text="psst")
    assert shown["ok"]
    assert slack.as_person(ana).find("psst", ops).ephemeral
    assert slack.as_person(ben).messages(ops) == []
    assert (await api("conversations.history", channel=ops.id))["messages"] == []
    refused = await api("chat.postEphemeral", channel=ops.id, user=ben.id, text="psst")
    assert refused["error"] == "user_not_in_channel"
    edit = await api("chat.update", channel=ops.id, ts=shown["message_ts"], text="x")
    assert edit["error"] == "message_not_found"


# History


@pytest.fixture
async def posts(api: Api, ana: Person, clock: MovableClock) -> list[Json]:
    found = []
    for number in range(5):
        metadata = {"event_type": "card", "event_payload": {"n": number}}
        text = f"No. {number}"
        found.append(await api("chat.postMessage", channel=ana.id, text=text, metadata=metadata))
        clock.advance(timedelta(seconds=1))
    return found


async def numbers(api: Api, posts: list[Json], **arguments: Any) -> list[int]:
    history = await api("conversations.history", channel=posts[0]["channel"], **arguments)
    return [int(message["text"].removeprefix("No. ")) for message in history["messages"]]


async def test_history_is_newest_first_within_its_window(api: Api, posts: list[Json]) -> None:
    window = {"oldest": posts[1]["ts"], "latest": posts[3]["ts"]}
    assert await numbers(api, posts) == [4, 3, 2, 1, 0]
    assert await numbers(api, posts, **window) == [2]
    assert await numbers(api, posts, **window, inclusive="true") == [3, 2, 1]


async def test_history_comes_in_pages(api: Api, posts: list[Json]) -> None:
    channel = posts[0]["channel"]
    first = await api("conversations.history", channel=channel, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = await api("conversations.history", channel=channel, limit=3, cursor=cursor)
    assert [len(first["messages"]), len(second["messages"])] == [3, 2]
    assert [first["has_more"], second["has_more"]] == [True, False]
    assert not {m["ts"] for m in first["messages"]} & {m["ts"] for m in second["messages"]}


async def test_history_tells_metadata_only_when_asked(api: Api, posts: list[Json]) -> None:
    channel = posts[0]["channel"]
    plainly = await api("conversations.history", channel=channel)
    fully = await api("conversations.history", channel=channel, include_all_metadata="1")
    assert "metadata" not in plainly["messages"][0]
    assert fully["messages"][0]["metadata"]["event_payload"] == {"n": 4}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"cursor": "x"}, "invalid_cursor"),
        ({"limit": 0, "cursor": "next:0"}, None),
        ({"limit": 1001}, "invalid_limit"),
        ({"channel": "D404"}, "channel_not_found"),
    ],
)
async def test_history_that_is_refused(
    api: Api, posts: list[Json], arguments: Json, error: str | None
) -> None:
    answer = await api("conversations.history", **({"channel": posts[0]["channel"]} | arguments))
    assert answer.get("error") == error


# People and conversations


async def test_a_person_is_told_of(api: Api, ana: Person, clock: MovableClock) -> None:
    user = (await api("users.info", user=ana.id, include_locale=True))["user"]
    offset = clock.now().astimezone(ZoneInfo("Europe/Madrid")).utcoffset()
    assert offset is not None
    assert (user["tz"], user["tz_offset"]) == ("Europe/Madrid", offset.total_seconds())
    assert (user["locale"], user["profile"]["email"]) == ("es-ES", "ana@example.com")
    assert "locale" not in (await api("users.info", user=ana.id))["user"]
    assert (await api("users.info", user="U404"))["error"] == "user_not_found"


async def test_a_status_is_shown_until_it_ends(api: Api, ana: Person, clock: MovableClock) -> None:
    async def shown() -> tuple[str, str, int]:
        profile = (await api("users.info", user=ana.id))["user"]["profile"]
        return profile["status_emoji"], profile["status_text"], profile["status_expiration"]

    assert await shown() == ("", "", 0)
    ana.status = Status(":palm_tree:", "Vacationing")
    assert await shown() == (":palm_tree:", "Vacationing", 0)
    until = clock.now() + timedelta(hours=1)
    ana.status = Status(":palm_tree:", until=until)
    assert await shown() == (":palm_tree:", "", int(until.timestamp()))
    clock.set(until)
    assert await shown() == ("", "", 0)


async def test_the_e_mail_needs_its_scope(api: Api, ana: Person, workspace: Workspace) -> None:
    workspace.scopes.remove("users:read.email")
    assert "email" not in (await api("users.info", user=ana.id))["user"]["profile"]


async def test_people_are_found_by_e_mail(api: Api, ana: Person) -> None:
    found = await api("users.lookupByEmail", email="ANA@example.com")
    assert found["user"]["id"] == ana.id
    ana.deleted = True
    gone = await api("users.lookupByEmail", email="ana@example.com")
    assert gone["error"] == "users_not_found"


async def test_all_people_in_pages(api: Api, ana: Person, workspace: Workspace) -> None:
    ana.deleted = True
    first = await api("users.list", limit=1)
    second = await api("users.list", cursor=first["response_metadata"]["next_cursor"])
    assert [user["id"] for user in first["members"] + second["members"]] == [
        workspace.bot.id,
        ana.id,
    ]
    assert "tz" not in second["members"][0], "of who is gone little is told"


async def test_conversations_are_opened_once(api: Api, ana: Person, workspace: Workspace) -> None:
    opened = await api("conversations.open", users=ana.id)
    again = await api("conversations.open", users=ana.id, return_im=True)
    assert again["channel"]["id"] == opened["channel"]["id"]
    assert again["channel"]["user"] == ana.id
    bot = await api("conversations.open", users=workspace.bot.id)
    assert bot["error"] == "cannot_dm_bot"
    two = await api("conversations.open", users=f"{ana.id},U2")
    assert two["error"] == "method_not_supported_for_channel_type"


async def test_a_conversation_is_told_of(
    api: Api, ops: Conversation, ana: Person, workspace: Workspace
) -> None:
    assert (await api("conversations.info", channel=ops.id))["needed"] == "channels:read"
    workspace.scopes |= {"channels:read", "im:read"}
    told = await api("conversations.info", channel=ops.id)
    assert (told["channel"]["name"], told["channel"]["num_members"]) == ("ops", 2)
    direct = await api("conversations.info", channel=workspace.direct(ana).id)
    assert direct["channel"]["user"] == ana.id


async def test_who_the_bot_is(client: AsyncWebClient, workspace: Workspace) -> None:
    who = await client.auth_test()
    assert (who["user_id"], who["team_id"]) == (workspace.bot.id, workspace.team_id)


async def test_a_choice_in_a_message_lives_as_long_as_its_element(
    api: Api, hands: Hands, ana: Person, slack: SlackSandbox
) -> None:
    slack.deliver_to("http://127.0.0.1:9/nobody")
    when = menu(action_id="when", options=[option("Now", "now")])
    blocks = [actions(when, button("Go", action_id="go")) | {"block_id": "b"}]
    posted = await api("chat.postMessage", channel=ana.id, text="x", blocks=blocks)
    await hands.click(hands.messages()[0], "Now")
    place = {"channel": posted["channel"], "ts": posted["ts"]}

    await api("chat.update", **place, text="y", blocks=blocks)
    kept = (await hands.click(hands.messages()[0], "Go")).payload
    assert kept["state"]["values"]["b"]["when"]["selected_option"]["value"] == "now"
    blocks[0]["block_id"] = "c"
    await api("chat.update", **place, text="y", blocks=blocks)
    fresh = (await hands.click(hands.messages()[0], "Go")).payload
    assert fresh["state"]["values"]["c"]["when"]["selected_option"] is None
