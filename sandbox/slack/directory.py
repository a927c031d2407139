"""auth.*, users.* and conversations.*: who and where."""

from __future__ import annotations

from typing import TypeVar
from zoneinfo import ZoneInfo

from sandbox.slack.arguments import Arguments, flag, required
from sandbox.slack.content import post_payload
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import LIMITS
from sandbox.slack.method import Method, need_scope
from sandbox.slack.model import Conversation, Json, Person, Post
from sandbox.slack.workspace import Workspace

_Item = TypeVar("_Item")


def auth_test(workspace: Workspace, _arguments: Arguments) -> Json:
    """Who the token is."""
    return {
        "url": "https://sandbox.slack.test/",
        "team": workspace.team_name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "app_id": workspace.app_id,
        "is_enterprise_install": False,
    }


def user_payload(workspace: Workspace, person: Person, *, with_locale: bool = True) -> Json:
    """A member as Slack tells of them; the e-mail only with its scope."""
    offset = workspace.clock.now().astimezone(ZoneInfo(person.timezone)).utcoffset()
    status = person.status_at(workspace.clock.now())
    profile: Json = {
        "real_name": person.real_name,
        "display_name": person.name,
        "status_text": status.text,
        "status_emoji": status.emoji,
        "status_expiration": int(status.until.timestamp()) if status.until else 0,
    }
    if person.email and "users:read.email" in workspace.scopes:
        profile["email"] = person.email
    told: Json = {
        "id": person.id,
        "team_id": workspace.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
        "profile": profile,
    }
    if person.deleted:
        return told
    told |= {
        "real_name": person.real_name,
        "tz": person.timezone,
        "tz_label": person.timezone,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
    }
    if with_locale:
        told["locale"] = person.locale
    return told


def users_info(workspace: Workspace, arguments: Arguments) -> Json:
    """One member."""
    person = workspace.person(required(arguments, "user"))
    return {"user": user_payload(workspace, person, with_locale=flag(arguments, "include_locale"))}


def users_list(workspace: Workspace, arguments: Arguments) -> Json:
    """All members, in pages."""
    page, cursor = _page(list(workspace.people.values()), arguments, default=LIMITS["page.items"])
    locale = flag(arguments, "include_locale")
    members = [user_payload(workspace, person, with_locale=locale) for person in page]
    return {"members": members, "response_metadata": {"next_cursor": cursor}}


def users_lookup(workspace: Workspace, arguments: Arguments) -> Json:
    """The active member with this e-mail."""
    email = required(arguments, "email").casefold()
    for person in workspace.people.values():
        if person.email and person.email.casefold() == email and not person.deleted:
            return {"user": user_payload(workspace, person, with_locale=False)}
    raise SlackError("users_not_found")


def conversations_open(workspace: Workspace, arguments: Arguments) -> Json:
    """The direct conversation with one person."""
    users = [user for user in required(arguments, "users").split(",") if user]
    if len(users) != 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = workspace.person(users[0])
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if person.deleted:
        raise SlackError("user_disabled")
    conversation = workspace.direct(person)
    if flag(arguments, "return_im"):
        return {"channel": _conversation_payload(conversation)}
    return {"channel": {"id": conversation.id}}


def conversations_info(workspace: Workspace, arguments: Arguments) -> Json:
    """One conversation."""
    conversation = workspace.conversation(required(arguments, "channel"))
    need_scope(workspace, "im:read" if conversation.is_direct else "channels:read")
    return {"channel": _conversation_payload(conversation)}


def _conversation_payload(conversation: Conversation) -> Json:
    told: Json = {
        "id": conversation.id,
        "is_im": conversation.is_direct,
        "is_channel": not conversation.is_direct,
        "is_archived": conversation.archived,
        "is_member": not conversation.is_direct,
    }
    if conversation.is_direct:
        return told | {"user": conversation.person, "is_open": True}
    return told | {"name": conversation.name, "num_members": len(conversation.members)}


def conversations_history(workspace: Workspace, arguments: Arguments) -> Json:
    """What everybody in a conversation sees, newest first."""
    conversation = workspace.conversation(required(arguments, "channel"))
    need_scope(workspace, "im:history" if conversation.is_direct else "channels:history")
    if workspace.bot.id not in conversation.members:
        raise SlackError("not_in_channel")
    posts = [post for post in reversed(conversation.posts) if _in_window(post, arguments)]
    page, cursor = _page(posts, arguments, default=100)
    metadata = flag(arguments, "include_all_metadata")
    answer: Json = {
        "messages": [post_payload(workspace, post, with_metadata=metadata) for post in page],
        "has_more": bool(cursor),
        "pin_count": 0,
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _in_window(post: Post, arguments: Arguments) -> bool:
    if post.deleted or post.only_for or post.thread_ts not in (None, post.ts):
        return False
    oldest, latest = _ts(arguments, "oldest", 0.0), _ts(arguments, "latest", float("inf"))
    ts = float(post.ts)
    if flag(arguments, "inclusive"):
        return oldest <= ts <= latest
    return oldest < ts < latest


def _ts(arguments: Arguments, name: str, default: float) -> float:
    try:
        return float(arguments.get(name) or default)
    except ValueError as wrong:
        raise SlackError(f"invalid_ts_{name}") from wrong


def _page(items: list[_Item], arguments: Arguments, *, default: int) -> tuple[list[_Item], str]:
    """The items from the cursor on, and the cursor of the rest (empty at the end)."""
    try:
        limit = int(arguments.get("limit") or default)
        start = int(str(arguments.get("cursor") or "next:0").removeprefix("next:"))
    except ValueError as wrong:
        raise SlackError("invalid_cursor") from wrong
    if not 1 <= limit <= LIMITS["page.items"]:
        raise SlackError("invalid_limit")
    end = start + limit
    return items[start:end], f"next:{end}" if end < len(items) else ""


def open_connection(workspace: Workspace, _arguments: Arguments) -> Json:
    """The address of a Socket Mode connection; needs the app's token."""
    return {"url": workspace.new_socket_url()}


METHODS = {
    "apps.connections.open": Method(open_connection),
    "auth.test": Method(auth_test),
    "users.info": Method(users_info, "users:read"),
    "users.list": Method(users_list, "users:read"),
    "users.lookupByEmail": Method(users_lookup, "users:read.email"),
    "conversations.open": Method(conversations_open, "im:write"),
    "conversations.info": Method(conversations_info),
    "conversations.history": Method(conversations_history),
}
