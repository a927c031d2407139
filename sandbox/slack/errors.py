"""What the simulated Slack refuses, and what it could not do for a person.

SandboxError
├── SlackError      an API method answers `ok: false` with a code of Slack's
├── NotOffered      Slack offers a person no such thing, as the app does not declare it
└── AppFailed       the app under test did not answer a person's act as Slack demands
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sandbox.slack.codes import CODES

if TYPE_CHECKING:
    from sandbox.slack.dispatch import Delivery


class SandboxError(Exception):
    """Root of what this package raises."""


class SlackError(SandboxError):
    """An API method refuses: `code` is the `error` of the answer, one of those in CODES."""

    def __init__(
        self,
        code: str,
        messages: Sequence[str] = (),
        *,
        retry_after: int | None = None,
        **more: Any,
    ) -> None:
        if code not in CODES:
            raise LookupError(f"{code} does not stand in the table of errors")
        super().__init__(code, *messages)
        self.code = code
        self.messages = list(messages)
        self.retry_after = retry_after
        self.more = more

    def answer(self) -> dict[str, Any]:
        """The body that Slack sends for it."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            body["errors"] = self.messages
            body["response_metadata"] = {"messages": self.messages}
        return body


class NotOffered(SandboxError):
    """What somebody wants to do is not there for them: the app's manifest does not declare it."""


class AppFailed(SandboxError):
    """The app answered too late, not with 200, or with a body that Slack can't use; a person
    would read an error of Slack's own. `delivery` tells what happened."""

    def __init__(self, why: str, delivery: Delivery) -> None:
        super().__init__(why)
        self.delivery = delivery
