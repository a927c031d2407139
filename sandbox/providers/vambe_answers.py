"""Vambe's error answers. The vendor's docs name 400, 401 and 500 (get tasks) and show no body;
the triple is our choice: a client can rely on the status alone."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from sandbox.providers.service import Refusal, Reply, as_json

TOO_LONG = b"<html><head><title>414 Request-URI Too Large</title></head></html>"
"""What a web server in front of the API says of a long address, before the API sees it."""


def refuse(status: int, message: str | list[str]) -> Refusal:
    """An error answer."""
    error = HTTPStatus(status).phrase
    return Refusal(as_json(status, {"statusCode": status, "error": error, "message": message}))


def too_many(retry_after: int) -> Reply:
    """A 429, of which the documents say nothing: in the form of all refusals, and with the header
    that HTTP has for it."""
    reply = refuse(429, "Too many requests").reply
    return replace(reply, headers={"Retry-After": str(retry_after)})
