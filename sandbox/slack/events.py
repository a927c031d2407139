"""The events that the sandbox sends to apps that subscribe to them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EVENTS: Mapping[str, str | None] = MappingProxyType(
    {
        "app_home_opened": None,
        "app_mention": "app_mentions:read",
        "app_uninstalled": None,
        "message.channels": "channels:history",
        "message.im": "im:history",
        "tokens_revoked": None,
        "user_change": "users:read",
    }
)
"""By the name to subscribe to, with the scope that the bot must have for it."""
