"""What acts at once, and what can be filled in."""

from __future__ import annotations

from typing import Any

from sandbox.gallery.writing import (
    AWAY,
    MOMENT,
    actions,
    button,
    header,
    mrkdwn,
    option,
    options,
    plain,
    section,
)
from sandbox.slack.model import Json

_CONFIRM = {
    "title": plain("Send it back?"),
    "text": mrkdwn("The customer hears of it *at once*."),
    "confirm": plain("Send back"),
    "deny": plain("Keep"),
    "style": "danger",
}


def buttons() -> list[Json]:
    """What acts at once."""
    overflow = {
        "type": "overflow",
        "options": [option("Comment"), option("Open", url=AWAY), option("Why did I get this?")],
    }
    workflow = {
        "type": "workflow_button",
        "text": plain("Start the workflow"),
        "workflow": {"trigger": {"url": AWAY}},
    }
    feedback = {
        "type": "feedback_buttons",
        "positive_button": {"text": plain("Good answer"), "value": "good"},
        "negative_button": {
            "text": plain("Bad answer"),
            "value": "bad",
            "accessibility_label": "This answer is bad",
        },
    }
    delete = {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "value": "x"}
    hidden = {**delete, "text": plain("For somebody else"), "visible_to_user_ids": ["U0"]}
    plan = [option("Call", description=plain("Within a day")), option("Write"), option("Visit")]
    return [
        header("What acts at once"),
        actions(
            button("Plain"),
            button("Primary", style="primary"),
            button("Danger", style="danger", confirm=_CONFIRM),
            button("Open", url=AWAY, accessibility_label="Open the customer's page"),
            workflow,
            overflow,
        ),
        actions(
            *({"type": kind, "placeholder": plain(words), **more} for kind, words, more in MENUS)
        ),
        actions(
            {"type": "datepicker", "initial_date": "2026-04-09", "placeholder": plain("Day")},
            {"type": "timepicker", "placeholder": plain("Hour")},
            {"type": "datetimepicker", "initial_date_time": MOMENT},
        ),
        section("*Radio buttons*", accessory={"type": "radio_buttons", "options": plan}),
        section(
            "*Checkboxes*",
            accessory={"type": "checkboxes", "options": plan, "initial_options": plan[:1]},
        ),
        {"type": "context_actions", "elements": [feedback, delete, hidden]},
    ]


_GROUPS = [
    {"label": plain("Soon"), "options": options("In an hour", "Tomorrow")},
    {"label": plain("Later"), "options": options("Next week", "Next month")},
]
MENUS: list[tuple[str, str, Json]] = [
    ("static_select", "Snooze", {"option_groups": _GROUPS}),
    ("external_select", "Find a customer", {"min_query_length": 2}),
    ("users_select", "Assign", {}),
    ("conversations_select", "Share with", {}),
    ("channels_select", "Post to", {}),
    (
        "multi_static_select",
        "Tags",
        {"options": options("Red", "Green", "Blue"), "initial_options": options("Green")},
    ),
    ("multi_external_select", "Customers", {"min_query_length": 1}),
    ("multi_users_select", "Team", {"max_selected_items": 2}),
    ("multi_conversations_select", "Places", {}),
    ("multi_channels_select", "Channels", {}),
]


def inputs() -> list[Json]:
    """Every element that can be filled in, and what an input block says around it."""

    def field(label: str, kind: str, element: Json | None = None, **more: Any) -> Json:
        filled = {"type": kind, **(element or {})}
        return {"type": "input", "label": plain(label), "element": filled, **more}

    lengths = {"placeholder": plain("A few words"), "min_length": 3, "max_length": 40}
    plan = [option("Call", description=plain("Within a day")), option("Write"), option("Visit")]
    dispatched = {"trigger_actions_on": ["on_character_entered"]}
    return [
        field("Title", "plain_text_input", {**lengths, "focus_on_load": True}),
        field("Story", "plain_text_input", {"multiline": True}, hint=plain("What happened?")),
        field("Note", "rich_text_input", optional=True),
        field("Amount", "number_input", {"is_decimal_allowed": True, "min_value": "0"}),
        field("Mail", "email_text_input", optional=True),
        field("Page", "url_text_input", optional=True),
        field(
            "Told at each letter",
            "plain_text_input",
            {"dispatch_action_config": dispatched},
            dispatch_action=True,
            optional=True,
        ),
        field("Day", "datepicker", {"initial_date": "2026-04-09"}),
        field("Hour", "timepicker", {"initial_time": "16:00"}, optional=True),
        field("Moment", "datetimepicker", {"initial_date_time": MOMENT}, hint=plain("In time")),
        field("Way", "radio_buttons", {"options": plan}),
        field("Ways", "checkboxes", {"options": plan, "initial_options": plan[:2]}),
        *(field(words, kind, more, optional=True) for kind, words, more in MENUS),
        field("File", "file_input", optional=True),
    ]
