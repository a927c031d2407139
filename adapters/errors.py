"""What goes wrong at a provider. The errors are named by what the caller should do next::

    ProviderError
    ├── Unauthorized   the key is refused: stop this connection, tell the admins
    ├── RateLimited    wait `retry_after` seconds, then go on
    ├── Unavailable    try again later; `ambiguous` says a write may have landed
    ├── Rejected       the provider refused this answer: tell the person why
    ├── Conflict       somebody was first: `task` is what the provider says now
    ├── NotFound       the thing is gone, or hidden from this key
    ├── Malformed      the provider broke its own contract: keep it out, log it
    └── Unsupported    this provider has no such thing

The text of an error can be shown to people: it holds no secret and no personal data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.contract import Task


class ProviderError(Exception):
    """Something went wrong at the provider; see the tree above."""


class Unauthorized(ProviderError):
    """The key is missing, wrong, revoked, or lacks a permission."""


class RateLimited(ProviderError):
    """Too many requests. `retry_after`: seconds to wait."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(ProviderError):
    """No usable answer: no connection, a time-out, a 5xx. `ambiguous`: the request may have been
    carried out all the same."""

    def __init__(self, message: str, *, ambiguous: bool = False) -> None:
        super().__init__(message)
        self.ambiguous = ambiguous


class Rejected(ProviderError):
    """The provider read the request and refused it. `fields`: what it says of single fields."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Conflict(ProviderError):
    """The task has changed in a way that makes the answer moot. `task`: what it is now."""

    def __init__(self, message: str, task: Task | None = None) -> None:
        super().__init__(message)
        self.task = task


class NotFound(ProviderError):
    """There is no such thing, or this key may not see it."""


class Malformed(ProviderError):
    """The provider's answer is not what it documents."""


class Unsupported(ProviderError):
    """The provider cannot do this."""
