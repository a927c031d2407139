"""What a client says of what was filled in, before it lets a modal be submitted."""

from __future__ import annotations

import pytest

from sandbox.slack.forms import REQUIRED, missing

from .builders import Json, text_input

WHOLE = {"is_decimal_allowed": False}
BROKEN = {"is_decimal_allowed": True}


@pytest.mark.parametrize(
    ("kind", "more", "value", "said"),
    [
        ("plain_text_input", {}, None, REQUIRED),
        ("plain_text_input", {"min_length": 3}, "ab", "Please use at least 3 characters."),
        ("plain_text_input", {"max_length": 3}, "abcd", "Please use at most 3 characters."),
        ("plain_text_input", {"min_length": 3, "max_length": 3}, "abc", None),
        ("number_input", WHOLE, "12", None),
        ("number_input", WHOLE, "-12", None),
        ("number_input", WHOLE, "1.50", "Please enter a whole number."),
        ("number_input", BROKEN, "1.50", None),
        ("number_input", BROKEN, "twelve", "Please enter a number."),
        ("number_input", {**WHOLE, "min_value": "3"}, "2", "Please enter 3 or more."),
        ("number_input", {**WHOLE, "max_value": "3"}, "4", "Please enter 3 or less."),
        ("email_text_input", {}, "ana@example.com", None),
        ("email_text_input", {}, "ana at example", "Please enter an email address."),
        ("url_text_input", {}, "https://example.com/a?b", None),
        (
            "url_text_input",
            {},
            "example.com",
            "Please enter a URL that begins with http:// or https://.",
        ),
    ],
)
def test_what_is_said(kind: str, more: Json, value: str | None, said: str | None) -> None:
    block = text_input("Words", block_id="b", element={"type": kind, "action_id": "a", **more})
    state = {"b": {"a": {"type": kind, "value": value}}}
    assert missing([block], state) == ({} if said is None else {"Words": said})
