"""What stands behind `/tasks`, as people typed it."""

from __future__ import annotations

import pytest

from bot.slack.commands import as_typed


@pytest.mark.parametrize(
    ("told", "typed"),
    [
        ("find Botica 001", "find Botica 001"),
        ("new Call <@U024BE7LH|ana.ruiz> in <#C024BE7LR|ops>", "new Call @ana.ruiz in #ops"),
        (
            "why <https://app.close.com/lead/x?a=1&amp;b=2>",
            "why https://app.close.com/lead/x?a=1&b=2",
        ),
        ("why <https://plan.d/7|plan.d/7>", "why https://plan.d/7"),
        ("new Write to <mailto:ana@example.com|ana@example.com>", "new Write to ana@example.com"),
        ("find R&amp;D &lt;now&gt; &amp;lt;", "find R&D <now> &lt;"),
        ("find a < b > c & d <@U1>", "find a < b > c & d <@U1>"),
    ],
)
def test_it_is_read_as_it_was_typed(told: str, typed: str) -> None:
    assert as_typed(told) == typed
