"""What a page must not do while it is looked at: complain, fail, or ask anybody else."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, WebError

_LOCAL = {"data", "blob", "about"}
_GIVEN_UP = "net::ERR_ABORTED"
"""What a request ends with when its own page goes away, as that of a seat that is closed."""


@dataclass
class Watch:
    """Hears what goes wrong in the pages of a context that belong to `origin`."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    _excused: set[str] = field(default_factory=set)
    _over: bool = False

    def excuse(self, words: str) -> None:
        """Take complaints with these words for what the test itself brings about."""
        self._excused.add(words)

    def hear(self, context: BrowserContext) -> None:
        """Listen to all pages of the context, those that it opens later, too."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def end(self) -> None:
        """Hear no more: a page that is closed leaves requests unanswered."""
        self._over = True

    def unexcused(self) -> list[str]:
        """What the test did not bring about."""
        return [one for one in self.complaints if not any(words in one for words in self._excused)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._complain(f"console: {message.text} {message.location.get('url', '')}")

    def _error(self, error: WebError) -> None:
        self._complain(f"error: {error.error}")

    def _request(self, request: Request) -> None:
        there = urlsplit(request.url)
        if there.scheme not in _LOCAL and f"{there.scheme}://{there.netloc}" != self.origin:
            self._complain(f"asks somebody else: {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != _GIVEN_UP:
            self._complain(f"failed: {request.method} {request.url} {request.failure}")

    def _complain(self, words: str) -> None:
        if not self._over:
            self.complaints.append(words)
