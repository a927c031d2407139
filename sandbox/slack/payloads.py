"""The payloads that Slack sends to an app, field by field as documented."""

from __future__ import annotations

from sandbox.slack.content import post_payload
from sandbox.slack.directory import user_payload
from sandbox.slack.model import Conversation, Json, Person, View
from sandbox.slack.screen import Message
from sandbox.slack.views import view_payload
from sandbox.slack.workspace import Workspace

Where = Message | View


def _base(workspace: Workspace, person: Person, kind: str) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": workspace.verification_token,
        "team": {"id": workspace.team_id, "domain": "sandbox"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _response_url(workspace: Workspace, person: Person, channel: str, ts: str | None) -> str:
    token = workspace.new_response_url(person.id, channel, ts)
    return f"{workspace.public_url}/response/{token}"


def _channel(conversation: Conversation) -> Json:
    return {"id": conversation.id, "name": conversation.name}


def _place(workspace: Workspace, where: Where) -> Json:
    """Where something happened: in a message or in a view."""
    if isinstance(where, View):
        return {
            "container": {"type": "view", "view_id": where.id},
            "view": view_payload(workspace, where),
        }
    conversation = workspace.conversation(where.channel)
    container = {
        "type": "message",
        "message_ts": where.ts,
        "channel_id": where.channel,
        "is_ephemeral": where.ephemeral,
    }
    place: Json = {"container": container, "channel": _channel(conversation)}
    if not where.ephemeral:
        place["message"] = _message(workspace, conversation, where)
    return place


def _message(workspace: Workspace, conversation: Conversation, seen: Message) -> Json:
    """The message as it is now, or as it was last seen when it is gone."""
    post = conversation.post(seen.ts)
    if post is not None:
        return post_payload(workspace, post)
    return {
        "type": "message",
        "ts": seen.ts,
        "user": seen.user,
        "text": seen.text,
        "blocks": seen.blocks,
    }


def block_actions(
    workspace: Workspace, person: Person, where: Where, action: Json, state: Json
) -> Json:
    """Somebody used an element."""
    payload = _base(workspace, person, "block_actions") | _place(workspace, where)
    payload["trigger_id"] = workspace.new_trigger(person.id)
    payload["actions"] = [action | {"action_ts": workspace.new_ts()}]
    payload["state"] = {"values": state}
    if isinstance(where, Message):
        payload["response_url"] = _response_url(workspace, person, where.channel, where.ts)
    return payload


def block_suggestion(
    workspace: Workspace, person: Person, where: Where, block_id: str, action_id: str, query: str
) -> Json:
    """Somebody types into a menu whose options the app knows."""
    payload = _base(workspace, person, "block_suggestion") | _place(workspace, where)
    return payload | {"block_id": block_id, "action_id": action_id, "value": query}


def view_submission(workspace: Workspace, person: Person, view: View) -> Json:
    """Somebody submitted a modal."""
    payload = _base(workspace, person, "view_submission")
    payload["trigger_id"] = workspace.new_trigger(person.id)
    payload["view"] = view_payload(workspace, view)
    payload["response_urls"] = []
    return payload


def view_closed(workspace: Workspace, person: Person, view: View, *, cleared: bool) -> Json:
    """Somebody closed a modal that asked to be told."""
    payload = _base(workspace, person, "view_closed")
    return payload | {"view": view_payload(workspace, view), "is_cleared": cleared}


def global_shortcut(workspace: Workspace, person: Person, callback_id: str) -> Json:
    """Somebody chose a shortcut of the app."""
    return _base(workspace, person, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": workspace.new_trigger(person.id),
        "action_ts": workspace.new_ts(),
    }


def message_shortcut(
    workspace: Workspace, person: Person, message: Message, callback_id: str
) -> Json:
    """Somebody chose a shortcut upon a message."""
    conversation = workspace.conversation(message.channel)
    return _base(workspace, person, "message_action") | {
        "callback_id": callback_id,
        "trigger_id": workspace.new_trigger(person.id),
        "action_ts": workspace.new_ts(),
        "channel": _channel(conversation),
        "message_ts": message.ts,
        "message": _message(workspace, conversation, message),
        "response_url": _response_url(workspace, person, message.channel, None),
    }


def slash_command(
    workspace: Workspace, person: Person, conversation: Conversation, command: str, text: str
) -> Json:
    """Somebody typed a command: the fields of the form."""
    return {
        "token": workspace.verification_token,
        "team_id": workspace.team_id,
        "team_domain": "sandbox",
        "channel_id": conversation.id,
        "channel_name": conversation.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": _response_url(workspace, person, conversation.id, None),
        "trigger_id": workspace.new_trigger(person.id),
    }


def event(workspace: Workspace, inner: Json) -> Json:
    """An event in its envelope, with an id of its own."""
    return {
        "token": workspace.verification_token,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "type": "event_callback",
        "event": inner,
        "event_id": workspace.new_id("Ev"),
        "event_time": int(workspace.clock.now().timestamp()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def app_home_opened(workspace: Workspace, person: Person, tab: str) -> Json:
    """Somebody looks at the app's home."""
    inner: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": workspace.direct(person).id,
        "tab": tab,
        "event_ts": workspace.new_ts(),
    }
    home = workspace.homes.get(person.id)
    if tab == "home" and home is not None:
        inner["view"] = view_payload(workspace, home)
    return event(workspace, inner)


def message(workspace: Workspace, said: Message) -> Json:
    """Somebody wrote a message."""
    direct = workspace.conversation(said.channel).is_direct
    inner = _said(workspace, said, "message")
    return event(workspace, inner | {"channel_type": "im" if direct else "channel"})


def app_mention(workspace: Workspace, said: Message) -> Json:
    """Somebody named the app in a message."""
    return event(workspace, _said(workspace, said, "app_mention"))


def _said(workspace: Workspace, said: Message, kind: str) -> Json:
    return {
        "type": kind,
        "user": said.user,
        "text": said.text,
        "ts": said.ts,
        "channel": said.channel,
        "team": workspace.team_id,
        "event_ts": said.ts,
    }


def user_change(workspace: Workspace, person: Person) -> Json:
    """A member's data changed."""
    inner = {
        "type": "user_change",
        "user": user_payload(workspace, person),
        "event_ts": workspace.new_ts(),
    }
    return event(workspace, inner)


def tokens_revoked(workspace: Workspace) -> Json:
    """The bot's token was taken away."""
    tokens = {"oauth": [], "bot": [workspace.bot.id]}
    return event(workspace, {"type": "tokens_revoked", "tokens": tokens})


def app_uninstalled(workspace: Workspace) -> Json:
    """The app was removed from the workspace."""
    return event(workspace, {"type": "app_uninstalled"})
