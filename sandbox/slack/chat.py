"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from sandbox.slack.arguments import Arguments, required
from sandbox.slack.content import content_of, metadata_of, post_payload
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import LIMITS
from sandbox.slack.method import Method
from sandbox.slack.model import Conversation, Json, Post
from sandbox.slack.workspace import Workspace


def post_message(workspace: Workspace, arguments: Arguments) -> Json:
    """Post as the bot; a user id opens the direct conversation."""
    conversation = _postable(workspace, arguments)
    post = workspace.add_post(
        conversation,
        workspace.bot.id,
        **content_of(workspace, arguments),
        metadata=metadata_of(arguments) or None,
        thread_ts=arguments.get("thread_ts"),
    )
    return {"channel": conversation.id, "ts": post.ts, "message": post_payload(workspace, post)}


def update(workspace: Workspace, arguments: Arguments) -> Json:
    """Change a message of the bot. New text without blocks takes the old blocks away; metadata
    stays unless new or empty metadata is sent."""
    post = _own_post(workspace, arguments, "cant_update_message")
    if len(str(arguments.get("text") or "")) > LIMITS["message.text.update"]:
        raise SlackError("msg_too_long")
    content = content_of(workspace, arguments)
    metadata = metadata_of(arguments)
    if metadata is not None:
        content["metadata"] = metadata or None
    workspace.edit_post(post, **content)
    return {
        "channel": post.channel,
        "ts": post.ts,
        "text": post.text,
        "message": post_payload(workspace, post),
    }


def delete(workspace: Workspace, arguments: Arguments) -> Json:
    """Take a message of the bot away."""
    post = _own_post(workspace, arguments, "cant_delete_message")
    post.deleted = True
    return {"channel": post.channel, "ts": post.ts}


def post_ephemeral(workspace: Workspace, arguments: Arguments) -> Json:
    """Show something to one member of a conversation; no history keeps it."""
    conversation = _postable(workspace, arguments)
    reader = required(arguments, "user")
    if reader not in conversation.members:
        raise SlackError("user_not_in_channel")
    content = content_of(workspace, arguments)
    post = workspace.add_post(conversation, workspace.bot.id, **content, only_for=reader)
    return {"message_ts": post.ts}


def _postable(workspace: Workspace, arguments: Arguments) -> Conversation:
    """Where a message or a reply is to go, if it may."""
    conversation = _writable(workspace, _target(workspace, required(arguments, "channel")))
    closed = "non_threadable" if arguments.get("thread_ts") else "thread_only"
    if conversation.restricted == f"restricted_action_{closed}_channel":
        raise SlackError(conversation.restricted)
    return conversation


def _target(workspace: Workspace, channel: str) -> Conversation:
    if channel.startswith("U"):
        if channel not in workspace.people:
            raise SlackError("channel_not_found")
        return workspace.direct(workspace.people[channel])
    return workspace.conversation(channel)


def _writable(workspace: Workspace, conversation: Conversation) -> Conversation:
    if conversation.archived:
        raise SlackError("is_archived")
    if conversation.restricted in ("restricted_action", "restricted_action_read_only_channel"):
        raise SlackError(conversation.restricted)
    if workspace.bot.id not in conversation.members:
        raise SlackError("not_in_channel")
    if conversation.person is not None:
        if workspace.person(conversation.person).deleted:
            raise SlackError("user_disabled")
        if not workspace.messages_tab:
            raise SlackError("messages_tab_disabled")
    return conversation


def _own_post(workspace: Workspace, arguments: Arguments, otherwise: str) -> Post:
    """The bot's message that is meant; a user id names no conversation here."""
    conversation = _writable(workspace, workspace.conversation(required(arguments, "channel")))
    post = conversation.post(required(arguments, "ts"))
    if post is None:
        raise SlackError("message_not_found")
    if post.user != workspace.bot.id:
        raise SlackError(otherwise)
    return post


METHODS = {
    "chat.postMessage": Method(post_message, "chat:write"),
    "chat.update": Method(update, "chat:write"),
    "chat.delete": Method(delete, "chat:write"),
    "chat.postEphemeral": Method(post_ephemeral, "chat:write"),
}
