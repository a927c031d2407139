"""Texts, and what holds them."""

from __future__ import annotations

from sandbox.gallery.writing import AWAY, MOMENT, header, mrkdwn, picture, plain, section
from sandbox.slack.model import Json


def words(origin: str) -> list[Json]:
    """Texts, and what holds them."""
    everything = (
        "*Bold*, _italic_, ~struck~, `code`, <https://example.com/|a link>, "
        "https://example.com/bare, <!here>, :tada: :+1::skin-tone-3:\n> A quote\n"
        "and what follows it\n```a = 1 < 2```"
    )
    dates = "\n".join(
        f"{token}: <!date^{MOMENT}^{{{token}}}|the ninth of April>"
        for token in ("date_num", "date_slash", "date", "date_short", "date_long", "time", "ago")
    )
    fields = [
        *(mrkdwn("*Stage*\nOffer"), mrkdwn("*Value*\n€ 12,400")),
        *(plain("A plain one"), mrkdwn("*Owner*\nnobody")),
    ]
    return [
        header("Texts :memo:"),
        section(everything),
        section(dates, expand=True),
        section("With a picture beside it.", accessory=picture(origin)),
        {"type": "section", "fields": fields},
        section("A long text. " * 80),
        section("The same length, unfolded. " * 30, expand=True),
        {"type": "divider"},
        {
            "type": "context",
            "elements": [picture(origin, "Hills"), mrkdwn("*Reten*"), plain("as of 14:03")],
        },
        {**picture(origin), "title": plain("Where we were")},
        {"type": "image", "image_url": f"{AWAY}chart.png", "alt_text": "A chart from elsewhere"},
        {"type": "markdown", "text": _MARKDOWN},
    ]


_MARKDOWN = """# A heading
## And a smaller one
Words with **weight**, *slant*, ~~none~~, `code` and [a link](https://example.com/).

- one
  - deeper
- [x] done
- [ ] to do

1. first
2. second

> Quoted, with *slant*

```python
answer = 42
```

| Name | Value |
|:-----|------:|
| Acme | 1,200 |

---
The end.
"""


def rich(user: str, channel: str) -> list[Json]:
    """Rich text with all that may stand in it."""

    def text(words: str, **style: bool) -> Json:
        return {"type": "text", "text": words, **({"style": style} if style else {})}

    def line(*elements: Json) -> Json:
        return {"type": "rich_text_section", "elements": list(elements)}

    def items(style: str, *words: str, **more: int) -> Json:
        elements = [line(text(one)) for one in words]
        return {"type": "rich_text_list", "style": style, "elements": elements, **more}

    styles = ("bold", "italic", "strike", "underline", "code", "highlight", "client_highlight")
    styled = [text(f"{style} ", **{style: True}) for style in (*styles, "unlink")]
    named: list[Json] = [
        {"type": "user", "user_id": user},
        {"type": "channel", "channel_id": channel},
        {"type": "usergroup", "usergroup_id": "S0"},
        {"type": "team", "team_id": "T0"},
        {"type": "broadcast", "range": "here"},
        {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        {"type": "link", "url": AWAY, "text": "a link", "style": {"bold": True}},
        {"type": "color", "value": "#e01e5a"},
    ]
    spaced = [piece for one in named for piece in (one, text(" "))]
    date = {
        "type": "date",
        "timestamp": MOMENT,
        "format": "{date_short_pretty} {time}",
        "fallback": "9 April",
        "url": AWAY,
    }
    parts = [
        line(*styled, text("both", bold=True, italic=True)),
        line(*spaced, date),
        items("bullet", "One", "Two"),
        items("bullet", "Deeper", indent=1),
        items("bullet", "Deepest", indent=2, border=1),
        items("ordered", "First", "Second"),
        items("ordered", "Below", indent=1),
        items("ordered", "Third", offset=2),
        {"type": "rich_text_quote", "elements": [text("Somebody said so")]},
        {"type": "rich_text_preformatted", "border": 1, "elements": [text("x = 1\ny = 2")]},
    ]
    return [header("Rich text"), {"type": "rich_text", "elements": parts}]
