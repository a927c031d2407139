"""Short ways to write Block Kit."""

from __future__ import annotations

from typing import Any

from sandbox.slack.model import Json

AWAY = "https://example.com/"
MOMENT = 1_775_743_200
"""2026-04-09 14:00 UTC."""


def plain(text: str) -> Json:
    """Words that are shown as they are, but for the names of emoji."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    """Words with Slack's markup."""
    return {"type": "mrkdwn", "text": text}


def option(label: str, **more: Any) -> Json:
    return {"text": plain(label), "value": label.lower(), **more}


def options(*labels: str) -> list[Json]:
    return [option(label) for label in labels]


def button(label: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "value": label.lower(), **more}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text)}


def picture(origin: str, words: str = "Hills under a low sun") -> Json:
    return {"type": "image", "image_url": f"{origin}/static/picture.svg", "alt_text": words}
