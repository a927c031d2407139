"""A provider's refusal by its name in the contract, in words that can be shown to people."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from adapters.contract import (
    Conflict,
    Malformed,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)

LONGEST_RETRY_AFTER = 60.0
DEFAULT_RETRY_AFTER = 2.0
LONGEST_MESSAGE = 300

_NUMBER = re.compile(r"\d+(\.\d+)?")


class Passing(Unavailable):
    """Trouble that is often over at once: a read tries again."""


def refusal(
    name: str,
    status: int,
    headers: Mapping[str, str],
    raw: bytes,
    *,
    now: datetime,
    write: bool,
    secrets: Sequence[str],
) -> ProviderError:
    """What to raise for an answer of `name` that is no success.

    `headers` find their keys in lower case. A message of the provider that echoes one of
    `secrets` is cleared of it.
    """
    broken = f"{name} is out of order (status {status})."
    match status:
        case 401:
            return Unauthorized(f"{name} refuses the key.")
        case 403:
            return Unauthorized(f"{name} does not allow this with the key in use.")
        case 404 | 410:
            return NotFound(f"{name} has no such thing, or hides it from the key in use.")
        case 409:
            return Conflict(f"{name} says that somebody was first.")
        case 429:
            seconds = retry_after(headers, now)
            return RateLimited(f"{name} asks for a pause of {seconds:.0f} s.", seconds)
        case 502 | 503 | 504:
            return Passing(broken, ambiguous=write)
        case _ if status >= 500 or status == 408:
            return Unavailable(broken, ambiguous=write)
        case _ if status < 400:
            return Malformed(f"{name} points elsewhere (status {status}); see its base URL.")
        case _:
            return _rejected(name, status, raw, secrets)


def _rejected(name: str, status: int, raw: bytes, secrets: Sequence[str]) -> Rejected:
    message, fields = vendor_message(raw)
    for secret in _with_halves(secrets):
        message = message.replace(secret, "…")
        fields = {key: text.replace(secret, "…") for key, text in fields.items()}
    bare = "it is locked" if status == 423 else f"status {status}"
    return Rejected(f"{name} refused it: {message or bare}", fields)


def _with_halves(secrets: Sequence[str]) -> list[str]:
    """The secrets, longest first, and the halves of those that consist of an id and a secret."""
    halves = {half for secret in secrets for half in secret.split(":")}
    return sorted({*secrets, *(one for one in halves if len(one) >= 8)} - {""}, key=len)[::-1]


def vendor_message(raw: bytes) -> tuple[str, dict[str, str]]:
    """A refusal in the vendor's words, and what it says of single fields.

    Reads `{"field-errors": {…}, "errors": […]}`, `{"error": text or object}` (vendor client,
    Close), `{"message": text or list, "error": name}` (vendor docs, Reten, errors) and
    `{"message": the same for all, "errors": [{"message": text}]}` (PlanD, live).
    """
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return "", {}
    if not isinstance(found, dict):
        return "", {}
    told = found.get("field-errors")
    fields = {str(k): _flat(v) for k, v in told.items()} if isinstance(told, dict) else {}
    text = _flat(found.get("errors")) or _flat(found.get("message")) or _flat(found.get("error"))
    return text or "; ".join(f"{key}: {value}" for key, value in fields.items()), fields


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("message") or list(value.values())
    if isinstance(value, list):
        value = "; ".join(filter(None, map(_flat, value)))
    return " ".join(value.split())[:LONGEST_MESSAGE] if isinstance(value, str) else ""


def _rate_limit(headers: Mapping[str, str]) -> dict[str, float]:
    """`RateLimit: limit=100, remaining=50, reset=5` (vendor docs, Close, rate limits)."""
    found = re.findall(r"(\w+)=(\d+(?:\.\d+)?)", headers.get("ratelimit", ""))
    return {key.lower(): float(value) for key, value in found}


def budget(headers: Mapping[str, str]) -> tuple[float, float] | None:
    """How many requests remain, and for how many seconds; None where it is not told."""
    told = _rate_limit(headers)
    if "remaining" not in told or "reset" not in told:
        return None
    return told["remaining"], math.ceil(min(told["reset"], LONGEST_RETRY_AFTER))


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds to wait after a 429, in the order of Close's own client, rounded up because that
    one's rounding down sleeps 0 s for `reset=0.6`; a little more, so that not all come at once."""
    seconds = _rate_limit(headers).get("reset")
    if seconds is None:
        seconds = _seconds_of(headers.get("retry-after", ""), now)
    if seconds is None:
        seconds = _seconds_of(headers.get("ratelimit-reset", ""), now)
    if seconds is None:
        seconds = DEFAULT_RETRY_AFTER
    whole = math.ceil(min(seconds, LONGEST_RETRY_AFTER))
    return min(whole + random.uniform(0, 0.25), LONGEST_RETRY_AFTER)  # noqa: S311 - no secret


def _seconds_of(text: str, now: datetime) -> float | None:
    """A header's seconds, or the seconds until its HTTP date; None when it is neither."""
    if _NUMBER.fullmatch(number := text.strip()):
        return float(number)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
