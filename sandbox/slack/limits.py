"""Every number that Slack holds an app to, in one table.

Lengths are in characters, counts in items. Where Slack has a lowest number as well, its name ends
in `.least`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        # Surfaces
        "message.blocks": 50,
        "modal.blocks": 100,
        "home.blocks": 100,
        "message.text": 40_000,  # posted text is cut there
        "message.text.update": 4_000,
        "message.attachments": 100,
        "message.blocks_text": 13_000,
        "metadata.bytes": 8_000,
        "modal.title": 24,
        "modal.submit": 24,
        "modal.close": 24,
        "view.private_metadata": 3_000,
        "view.callback_id": 255,
        "view.external_id": 255,
        "view.bytes": 250_000,
        "modal.stack": 3,
        # Blocks
        "block_id": 255,
        "section.text": 3_000,
        "section.fields": 10,
        "section.field": 2_000,
        "header.text": 150,
        "actions.elements": 25,
        "context.elements": 10,
        "context.text": 3_000,
        "context_actions.elements": 5,
        "image.url": 3_000,
        "image.alt_text": 2_000,
        "image.title": 2_000,
        "input.label": 2_000,
        "input.hint": 2_000,
        "markdown.text": 12_000,
        "table.rows": 100,
        "table.columns": 20,
        "data_table.rows": 101,  # with the header
        "data_table.rows.least": 2,
        "data_table.columns": 20,
        "card.title": 150,
        "card.subtitle": 150,
        "card.body": 200,
        "card.actions": 3,
        "container.child_blocks": 10,
        "container.title": 150,
        "container.subtitle": 150,
        "carousel.elements": 10,
        "alert.text": 200,
        # Elements
        "action_id": 255,
        "button.text": 75,
        "button.value": 2_000,
        "button.url": 3_000,
        "button.accessibility_label": 75,
        "select.options": 100,
        "select.option_groups": 100,
        "overflow.options": 5,
        "overflow.options.least": 1,
        "radio_buttons.options": 10,
        "checkboxes.options": 10,
        "option.text": 75,
        "option.value": 150,
        "option.description": 75,
        "option.url": 3_000,
        "option_group.label": 75,
        "placeholder": 150,
        "input_text.length": 3_000,
        "confirm.title": 100,
        "confirm.text": 300,
        "confirm.confirm": 30,
        "confirm.deny": 30,
        # The manifest
        "manifest.name": 35,
        "manifest.bot_name": 80,
        "manifest.commands": 50,
        "manifest.command": 32,
        "manifest.command.description": 2_000,
        "manifest.command.usage_hint": 1_000,
        "manifest.shortcuts": 10,
        "manifest.shortcut.name": 24,
        "manifest.shortcut.callback_id": 255,
        "manifest.shortcut.description": 150,
        "manifest.scopes": 255,
        "manifest.events": 100,
        # Lists, and the ways to the app
        "page.items": 1_000,
        "socket.connections": 10,
        "answer.seconds": 3,
        # Rights that pass
        "trigger.seconds": 3,
        "response_url.uses": 5,
        "response_url.seconds": 30 * 60,
    }
)

UNDOCUMENTED: Mapping[str, str] = MappingProxyType(
    {
        "message.blocks_text": "apps report msg_blocks_too_long from 13,172 characters on "
        "(slackapi/bolt-js, issue 2509)",
        "metadata.bytes": "Slack names the error, not the number",
        "view.bytes": "Slack names the error view_too_large and the number, not how it counts; "
        "here it is the JSON in UTF-8",
        "context.text": "that of other texts",
        "image.title": "as slack_sdk checks it",
        "markdown.text": "documented for all markdown blocks of a message together; here for each",
        "table.rows": "documented without saying whether the header counts; here it does",
        "page.items": "the same for all lists; Slack asks for 200 at most, and takes more",
    }
)
"""What is not in Slack's reference, or not so: where the number or the way of counting is from."""

SURFACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "alert": frozenset({"modal"}),
        "carousel": frozenset({"message", "home"}),
        "container": frozenset({"message"}),
        "context_actions": frozenset({"message"}),
        "data_table": frozenset({"message", "home"}),
        "markdown": frozenset({"message"}),
        "table": frozenset({"message", "home"}),
    }
)
"""Where blocks may stand that may not stand everywhere: in a message, a modal or a home tab."""
