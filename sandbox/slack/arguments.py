"""The arguments of an API call, from a form, a query or JSON, as Slack reads them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from sandbox.slack.errors import SlackError

Arguments = dict[str, Any]


async def arguments_of(request: Request) -> Arguments:
    """Query and body together; the body wins."""
    found: Arguments = dict(request.query_params)
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            value = json.loads(body or b"{}")
        except ValueError as wrong:
            raise SlackError("invalid_json") from wrong
        if not isinstance(value, dict):
            raise SlackError("json_not_object")
        return found | value
    return found | dict(parse_qsl(body.decode(), keep_blank_values=True))


def flag(arguments: Arguments, name: str) -> bool:
    """A yes or no in any of the spellings that clients use."""
    return str(arguments.get(name, "")).lower() in ("1", "true")


def structure(arguments: Arguments, name: str, error: str) -> Any:
    """A value that may come as JSON text; `error` when that can't be read."""
    value = arguments.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError as wrong:
        raise SlackError(error) from wrong


def required(arguments: Arguments, name: str) -> str:
    """A value that must be there."""
    value = arguments.get(name)
    if value in (None, ""):
        raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
    return str(value)
