"""Signed requests as Slack sends them, each a click of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from bot.domain.model import task_key
from sandbox.slack import sign

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def request(payload: dict[str, Any], secret: str, stamp: int) -> bytes:
    """A click, as the whole HTTP request."""
    return signed(urlencode({"payload": json.dumps(payload)}), secret, stamp, FORM)


def signed(body: str, secret: str, stamp: int, content_type: str) -> bytes:
    """A whole HTTP request with that body, which is ASCII."""
    head = (
        "POST /slack/events HTTP/1.1",
        "host: 127.0.0.1",
        "user-agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        "accept-encoding: gzip,deflate",
        "accept: application/json,*/*",
        f"x-slack-signature: {sign(secret, str(stamp), body)}",
        f"x-slack-request-timestamp: {stamp}",
        f"content-length: {len(body)}",
        f"content-type: {content_type}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


class Clicks:
    """Clicks like one that was seen, each on a card of its own and at a moment of its own."""

    def __init__(self, seen: dict[str, Any], tasks: Sequence[str], secret: str) -> None:
        self._seen = seen
        self._keys = [task_key("reten", task_id) for task_id in tasks]
        self._own = str(seen["actions"][0]["value"]).partition(":")[0]
        self._secret = secret
        self._made = 0

    def skip(self, count: int) -> None:
        """Leave out those that were sent in earlier rounds."""
        self._made += count

    def take(self, count: int, stamp: int) -> list[bytes]:
        """So many requests that nobody has sent yet, signed at `stamp`."""
        return [request(self._next(), self._secret, stamp) for _ in range(count)]

    def _next(self) -> dict[str, Any]:
        number = self._made
        self._made += 1
        key = self._keys[number % len(self._keys)]
        # The card's blocks, its action and its state all speak of the task: so will these.
        text = json.dumps(self._seen).replace(self._own, key)
        payload: dict[str, Any] = json.loads(text)
        moment = f"{1_790_000_000 + number // 1000}.{number % 1000:06}"
        payload["container"]["message_ts"] = payload["message"]["ts"] = moment
        payload["actions"][0]["action_ts"] = f"{1_795_000_000 + number // 1000}.{number % 1000:06}"
        payload["trigger_id"] = f"{number}.0.bench"
        return payload
