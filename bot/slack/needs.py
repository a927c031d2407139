"""What the bot needs Slack to grant it. `manifest.yml` asks for just that; a test holds the two
together."""

from __future__ import annotations

SCOPES = {
    "chat:write": "post and redraw cards",
    "commands": "/tasks",
    "im:history": "find out whether a message has arrived",
    "im:write": "open the conversation with a person",
    "users:read": "names, time zones, languages and absences",
    "users:read.email": "know people by their address",
}
"""The bot token's scopes, each with what it is for."""

CHANNEL_SCOPES = frozenset({"channels:read", "groups:read"})
"""Not needed; where they are granted, it can be told whether a channel is open to the bot."""

APP_SCOPE = "connections:write"
"""The app token's, for Socket Mode."""
