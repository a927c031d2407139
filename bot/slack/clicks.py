"""What somebody did in Slack, as it is stored: read from Slack's payloads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from bot.slack.desk import Click

Body = Mapping[str, Any]


def user_of(body: Body) -> str:
    """Who did it: commands say so otherwise than clicks."""
    return str(body["user_id"] if "user_id" in body else body["user"]["id"])


def channel_of(body: Body) -> str | None:
    """The conversation in which it was done; None outside of any, as in a view."""
    container = body.get("container") or {}
    channel = body.get("channel_id") or (body.get("channel") or {}).get("id")
    return channel or container.get("channel_id")


def value_of(action: Body) -> str:
    """The value of the button that was pressed, or of the option that was chosen."""
    option = action.get("selected_option") or {}
    return str(action.get("value") or option.get("value") or "")


def click_of(body: Body, action: Body, kind: str, what: Mapping[str, Any]) -> Click:
    """A click in a message or a view; `what` is its intent's body, to which is added what kind of
    view it was."""
    container = body.get("container") or {}
    if container.get("type") == "view":
        what = {**what, "view": str(body["view"]["type"])}
    user = user_of(body)
    where = str(container.get("message_ts") or container.get("view_id") or "")
    return Click(
        key=key_of(
            body,
            user,
            where,
            str(action.get("block_id", "")),
            str(action["action_id"]),
            str(action.get("action_ts", "")),
        ),
        kind=kind,
        slack_user=user,
        body=what,
        channel=channel_of(body),
        message_ts=where or None,
        response_url=body.get("response_url"),
    )


def in_modal(body: Body) -> bool:
    """Whether somebody acted in a modal: the next form goes on top of it."""
    return (body.get("view") or {}).get("type") == "modal"


def carried(click: Click) -> str:
    """The click about which a form asks more, as the form carries it."""
    return json.dumps(
        {
            "kind": click.kind,
            "body": dict(click.body),
            "channel": click.channel,
            "message_ts": click.message_ts,
            "response_url": click.response_url,
        }
    )


def completed(body: Body, view: Body, more: Mapping[str, Any]) -> Click:
    """The click that a form has carried, with what was filled in."""
    click = json.loads(view["private_metadata"])
    click["body"] |= more
    return Click(key=form_key(body, view), slack_user=user_of(body), **click)


def form_key(body: Body, view: Body) -> str:
    """The same for the same form that was sent, however often Slack delivers it."""
    return key_of(body, user_of(body), view["id"], view.get("hash", ""))


def key_of(body: Body, *parts: str) -> str:
    """The same for the same click, however often Slack delivers it."""
    team = str((body.get("team") or {}).get("id") or body["user"].get("team_id") or "")
    return blake2b("\0".join((team, *parts)).encode(), digest_size=16).hexdigest()
