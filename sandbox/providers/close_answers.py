"""Close's error answers, in the exact bodies that were captured from the service."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.providers.service import Refusal, Reply, as_json

_UNAUTHORIZED = (
    "The server could not verify that you are authorized to access the URL requested.  You either "
    "supplied the wrong credentials (e.g. a bad password), or your browser doesn't understand how "
    "to supply the credentials required."
)
_NO_URL = (
    "The requested URL was not found on the server. If you entered the URL manually please check "
    "your spelling and try again."
)

REQUIRED = "This field is required."
NO_OBJECT = "Object does not exist."
NO_CHOICE = "Not a valid choice."
UNKNOWN_FIELD = "Unknown field."
WRONG_KIND = "Not a valid value."


def refuse(status: int, message: str, blameless: bool = False) -> Refusal:
    """An error in the plain form."""
    return Refusal(as_json(status, {"error": message}), blameless)


def refuse_fields(fields: Mapping[str, str], blameless: bool = False) -> Refusal:
    """A validation error by field."""
    return Refusal(as_json(400, {"errors": [], "field-errors": dict(fields)}), blameless)


def unauthorized() -> Refusal:
    """The key is missing or wrong."""
    challenge = {"www-authenticate": 'Basic realm="Login Required"'}
    return Refusal(as_json(401, {"error": _UNAUTHORIZED}, challenge))


def forbidden() -> Refusal:
    """The role of the key's user does not allow it; the body is no JSON (captured)."""
    return Refusal(Reply(403, b"Forbidden", media_type="text/plain"))


def no_url() -> Refusal:
    """No such address; one without its trailing slash is none."""
    return refuse(404, _NO_URL)


def no_object(model: str) -> Refusal:
    """An id that is not in the organization (captured for leads; for the rest by analogy)."""
    return refuse(404, f"Empty query: {model} matching query does not exist.")


def rate_limited(headers: Mapping[str, str]) -> Reply:
    """429: since 2024-04-24 all is in the headers, the body is gone."""
    return Reply(429, b"", headers)
