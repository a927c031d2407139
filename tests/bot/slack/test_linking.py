"""Who is who, as Slack shows it: within its limits, in each language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest

from bot.domain.language import TAGS
from bot.domain.linking import PROPOSED, Offered
from bot.domain.model import Person, Whisper
from bot.slack.blocks import Rendered
from bot.slack.desk import LinkForm, OwnLink, OwnLinks
from bot.slack.linking import (
    link_modal,
    nowhere_modal,
    operator_options,
    own_links_message,
    proposal_message,
    whisper_message,
    whoami_message,
)
from sandbox.clock import MovableClock
from sandbox.slack.blocks import check_message_blocks
from sandbox.slack.views import checked_view
from sandbox.slack.workspace import Workspace

NOW = datetime(2026, 4, 15, 8, 0, tzinfo=UTC)
ASKED = {
    "proposal": "p1", "provenance": "self", "user": "U1", "operator": "Ana <!here> (OP-1)",
    "connection": "Acme", "state": "open", "holder": "", "by": "", "at": "",
}  # fmt: skip
DECIDED = {"by": "U9", "at": "1776240000000", "holder": "U2"}
STATES = [
    {}, {"provenance": "email"}, {"holder": "U2"}, {**DECIDED, "state": "linked"},
    {**DECIDED, "state": "refused", "by": "cli"}, {**DECIDED, "state": "overtaken"},
]  # fmt: skip


def _names() -> Callable[[], str]:
    return map(str, count()).__next__


def ben(tag: str) -> Person:
    return Person("U9", "Europe/Madrid", locale=tag)


def own(tag: str, links: int) -> OwnLinks:
    found = tuple(OwnLink("acme", f"OP-{n}", f"Ana <!here> {n}", "Acme") for n in range(links))
    return OwnLinks(ben(tag), found, {"globex": "Globex"})


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_question_to_the_admins_and_its_end(tag: str, state: dict[str, str]) -> None:
    message = proposal_message(ben(tag), Whisper(PROPOSED, ASKED | state))
    check_message_blocks(message.blocks, _names())
    assert "<@U1>" in message.text
    assert "<!here>" not in message.text
    asks = [block for block in message.blocks if block["type"] == "actions"]
    assert bool(asks) == ("state" not in state)
    replaces = [one for block in asks for one in block["elements"] if "confirm" in one]
    assert bool(replaces) == (state == {"holder": "U2"})
    if "at" in state:
        assert ("<@U9>" in message.text) == (state["by"] == "U9")


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize(
    "render",
    [
        lambda tag: own_links_message(own(tag, 0)),
        lambda tag: own_links_message(own(tag, 300)),
        lambda tag: whoami_message(own(tag, 0)),
        lambda tag: whoami_message(own(tag, 300)),
        lambda tag: whisper_message(ben(tag).language, Whisper("unlinked", {"where": "acme"})),
        lambda tag: whisper_message(ben(tag).language, Whisper("unlinked_kept")),
    ],
)
def test_messages_are_such_as_slack_takes(tag: str, render: Callable[[str], Rendered]) -> None:
    message = render(tag)
    check_message_blocks(message.blocks, _names())
    assert "<!here>" not in message.text


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("places", [{"acme": "Acme"}, {"acme": "Acme", "globex": "Globex"}])
def test_the_form_fits_in_each_language(tag: str, places: dict[str, str]) -> None:
    for admin in (True, False):
        form = LinkForm(ben(tag), places, "acme", admin)
        view = link_modal(form, "{}")
        checked_view(Workspace(MovableClock(NOW)), view, "modal")
        assert "…" not in str(view)
    nowhere = nowhere_modal(ben(tag).language)
    checked_view(Workspace(MovableClock(NOW)), nowhere, "modal")


@pytest.mark.parametrize("tag", TAGS)
def test_whoever_is_taken_says_so(tag: str) -> None:
    found = [(Offered("OP-1", "Ana"), None), (Offered("OP-2", "Eva", "U2"), None),
             (Offered("OP-3", "Ida", "U3"), "Ben")]  # fmt: skip
    free, taken, named = (one["text"]["text"] for one in operator_options(ben(tag).language, found))
    assert free == "Ana"
    assert taken.startswith("Eva (")
    assert "Ben" in named
