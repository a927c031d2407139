"""One of every block and element with every option that shows: what the page can draw, to look at
and to test by.

Pictures are of the sandbox itself: `origin` is where its page is served, such as
"http://127.0.0.1:8080".
"""

from __future__ import annotations

from sandbox.gallery.cards import cards, tables
from sandbox.gallery.elements import buttons, inputs
from sandbox.gallery.texts import rich, words
from sandbox.gallery.writing import mrkdwn, plain
from sandbox.slack import SlackSandbox
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.model import Json
from sandbox.slack.views import open_modal, publish_home

_LEVELS = ("default", "info", "warning", "error", "success")


def messages(origin: str, user: str, channel: str) -> list[tuple[str, list[Json]]]:
    """The messages of the gallery: what their notifications say, and their blocks. `user` and
    `channel` are those that are named in them."""
    parts = [words(origin), rich(user, channel), buttons(), tables(), cards(origin)]
    return [(blocks[0]["text"]["text"], blocks) for blocks in parts]


def modal() -> Json:
    """A view with all that can be filled in."""
    alerts = [
        {"type": "alert", "level": level, "text": mrkdwn(f"An alert of level *{level}*.")}
        for level in _LEVELS
    ]
    return {
        "type": "modal",
        "title": plain("Gallery"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": [*alerts, *inputs()],
    }


def home(origin: str) -> Json:
    """A home tab with blocks of most kinds, and inputs among them."""
    texts = [block for block in words(origin) if block["type"] != "markdown"]  # not at home
    return {"type": "home", "blocks": [*texts, *tables(), *inputs()]}


def hang(slack: SlackSandbox, origin: str) -> None:
    """Post the messages to #gallery, publish the home for all, and open the modal for the first
    person."""
    workspace = slack.workspace
    people = [person for person in workspace.people.values() if not person.is_bot]
    channel = workspace.add_channel("gallery", members=people)
    for text, blocks in messages(origin, people[0].id, channel.id):
        named = check_message_blocks(blocks, workspace.new_name)
        workspace.add_post(channel, workspace.bot.id, text, blocks=named)
    for person in people:
        publish_home(workspace, person.id, home(origin), None)
    open_modal(workspace, people[0].id, modal())
