"""The content of a message: what an app may send, and how Slack tells of it."""

from __future__ import annotations

import json
from typing import Any

from sandbox.slack.arguments import Arguments, structure
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import LIMITS
from sandbox.slack.model import Json, Post
from sandbox.slack.workspace import Workspace


def content_of(workspace: Workspace, arguments: Arguments) -> Json:
    """Text, blocks and attachments of a message to be posted; `no_text` when there is nothing."""
    blocks = structure(arguments, "blocks", "invalid_blocks_format")
    attachments = structure(arguments, "attachments", "invalid_attachments") or []
    text = arguments.get("text") or ""
    if not (text or blocks or attachments):
        raise SlackError("no_text")
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > LIMITS["message.attachments"]:
        raise SlackError("too_many_attachments")
    return {
        "text": str(text)[: LIMITS["message.text"]],
        "blocks": check_message_blocks(blocks, workspace.new_name) if blocks is not None else [],
        "attachments": attachments,
    }


def metadata_of(arguments: Arguments) -> Json | None:
    """The metadata of a message, or None; an empty object stays one, it means "remove"."""
    metadata = structure(arguments, "metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if metadata == {}:
        return {}
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if "event_type" in metadata or "entities" not in metadata:
        _check_event(metadata)
    if len(json.dumps(metadata)) > LIMITS["metadata.bytes"]:
        raise SlackError("metadata_too_large")
    return metadata


def _check_event(metadata: Json) -> None:
    payload = metadata.get("event_payload")
    named = isinstance(metadata.get("event_type"), str) and metadata["event_type"]
    if not named or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_format")
    if not all(_is_flat(value) for value in payload.values()):
        raise SlackError("invalid_metadata_schema")


def _is_flat(value: Any) -> bool:
    scalar = (str, int, float, bool)
    if isinstance(value, dict):
        return all(isinstance(item, scalar) for item in value.values())
    if isinstance(value, list):
        return all(isinstance(item, scalar) for item in value)
    return isinstance(value, scalar)


def post_payload(workspace: Workspace, post: Post, *, with_metadata: bool = True) -> Json:
    """A message as Slack tells of it."""
    told: Json = {"type": "message", "user": post.user, "ts": post.ts, "text": post.text}
    told["team"] = workspace.team_id
    if post.user == workspace.bot.id:
        told |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
    if post.blocks:
        told["blocks"] = post.blocks
    if post.attachments:
        told["attachments"] = post.attachments
    if post.thread_ts:
        told["thread_ts"] = post.thread_ts
    if post.edited:
        told["edited"] = {"user": post.user, "ts": post.edited}
    if post.metadata and with_metadata:
        told["metadata"] = post.metadata
    return told
