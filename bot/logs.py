"""Logs: one form for our events and those of the libraries, without secrets or personal data."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_PRIVATE = frozenset(
    {
        "args",
        "blocks",
        "body",
        "email",
        "first_name",
        "headers",
        "kwargs",
        "last_name",
        "name",
        "params",
        "payload",
        "phone",
        "private_metadata",
        "real_name",
        "subject",
        "text",
        "title",
        "values",
        "view",
    }
)
"""Keys whose values may tell of a person: they are left out, whoever logs them."""

_SECRET = re.compile(
    r"""
      \b xox[a-z] (?:\.xox[a-z])? -[\w-]+    # Slack's tokens: of bots, of users, for refreshing
    | \b xapp- [\w-]+                        # and of Socket Mode
    | \b api_\w{6,}\.\w{6,}                  # keys of providers that can be told by their form
    | \b rtn_sk_\w+
    | (?P<kept>
          \b(?i:bearer|basic)\s+             # credentials of HTTP
        | ://(?=[^\s/@]+@)                   # name and password in an address
        | hooks\.slack\.com/                 # addresses that let anybody answer
        | /[^\s?"'<>]*\?                     # what follows the question mark of an address
      ) [^\s"'<>),\]]+
    """,
    re.VERBOSE,
)

_CHATTY = ("aiohttp.access", "apscheduler", "httpx2", "slack_bolt", "slack_sdk", "uvicorn.access")
"""Libraries whose everyday work our own events tell; only their warnings are heard."""


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that configuring twice replaces it and leaves the handlers of others alone."""


def configure(kind: Literal["console", "json"]) -> None:
    """Send everything that is logged to stderr: a line each for people, or a JSON object each."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redacted,
            _renderer(kind),
        ],
    )
    handler = _Handler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for other in [*root.handlers]:
        if isinstance(other, _Handler):
            root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _renderer(kind: Literal["console", "json"]) -> Processor:
    if kind == "json":
        return structlog.processors.JSONRenderer()
    # A plain traceback: the pretty ones print local variables, and with them secrets.
    return structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )


def redacted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The processor that takes secrets out of all texts, and personal data away by its key."""
    return {key: _clean(value) for key, value in event.items() if key not in _PRIVATE}


def _clean(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _clean(item) for key, item in value.items() if key not in _PRIVATE}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return _SECRET.sub(lambda found: (found["kept"] or "") + "***", str(value))
