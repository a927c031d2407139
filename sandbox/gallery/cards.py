"""Tables, and blocks that hold others or stand out."""

from __future__ import annotations

from typing import Any

from sandbox.gallery.writing import actions, button, header, mrkdwn, picture, plain, section
from sandbox.slack.model import Json


def tables() -> list[Json]:
    """Tables, plain and to be sorted."""

    def raw(words: str) -> Json:
        return {"type": "raw_text", "text": words}

    def number(value: int) -> Json:
        return {"type": "raw_number", "value": value, "text": f"€ {value:,}"}

    def rich(words: str) -> Json:
        inner = [{"type": "text", "text": words, "style": {"bold": True}}]
        return {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": inner}],
        }

    customers = [
        "Farmacia Central",
        "Botica Norte",
        "Acme",
        "Wayne Enterprises",
        "Stark",
        "Umbrella",
    ]
    rows = [
        [raw(name), number(400 * (7 * place % 11)), rich("Offer" if place % 2 else "Lead")]
        for place, name in enumerate(customers)
    ]
    acts = [
        {"type": "action", "element": button("Open", action_id=f"open-{place}")}
        for place, _ in enumerate(rows)
    ]
    return [
        header("Tables"),
        {
            "type": "table",
            "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "center"}],
            "rows": [[raw("Customer"), raw("Value"), raw("Stage")], *rows[:3]],
        },
        {
            "type": "data_table",
            "caption": "Customers by value",
            "page_size": 4,
            "row_header_column_index": 0,
            "rows": [
                [raw("Customer"), raw("Value"), raw("Stage"), raw("Act")],
                *([*row, act] for row, act in zip(rows, acts, strict=True)),
            ],
        },
    ]


def cards(origin: str) -> list[Json]:
    """Blocks that hold others, or stand out."""

    def card(title: str, **more: Any) -> Json:
        return {
            "type": "card",
            "icon": picture(origin, "Hills"),
            "title": mrkdwn(f"*{title}*"),
            "subtitle": mrkdwn("Ruta Norte"),
            "body": mrkdwn("The visit that was put off _twice_."),
            "actions": [button("Later"), button("Done", style="primary")],
            **more,
        }

    inside = [section("One record"), {"type": "divider"}, actions(button("Confirm"))]
    named = {"title": plain("Two records"), "subtitle": mrkdwn("before they are changed")}
    rich_title = {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "Written rich"}]}
        ],
    }
    box = {"type": "container", "child_blocks": inside}
    return [
        header("Cards and containers"),
        card("Farmacia Central", hero_image=picture(origin)),
        {"type": "carousel", "elements": [card(f"Stop {number}") for number in range(1, 6)]},
        {**box, **named, "icon": picture(origin, "Hills"), "has_header_divider": True},
        {**box, **named, "is_collapsible": True, "width": "narrow"},
        {
            **box,
            "rich_text_title": rich_title,
            "is_collapsible": True,
            "default_collapsed": True,
            "width": "full",
        },
    ]
