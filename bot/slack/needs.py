"""What the bot needs Slack to grant it and to offer people. `manifest.yml` asks for just that; a
test holds the two together."""

from __future__ import annotations

from bot.slack.actions import CREATE_SHORTCUT, MY_TASKS_SHORTCUT

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

EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked", "user_change")
"""What the bot is told of."""

COMMANDS = (
    {
        "command": "/tasks",
        "description": "Show your tasks",
        "usage_hint": "[today|overdue|week|all|done|find TEXT|new TEXT|settings|help]",
        "should_escape": True,
    },
)
"""As manifests have them, without the address."""

SHORTCUTS = (
    {
        "name": "My tasks",
        "type": "global",
        "callback_id": MY_TASKS_SHORTCUT,
        "description": "Show your tasks, and answer them in place",
    },
    {
        "name": "Create task",
        "type": "message",
        "callback_id": CREATE_SHORTCUT,
        "description": "Make a task of this message",
    },
)
"""As manifests have them."""
