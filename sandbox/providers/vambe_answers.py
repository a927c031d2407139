"""Vambe's error answers. The vendor's docs name 400, 401 and 500 (get tasks) and show no body;
the triple is our choice: a client can rely on the status alone."""

from __future__ import annotations

from http import HTTPStatus

from sandbox.providers.service import Refusal, as_json

TOO_LONG = b"<html><head><title>414 Request-URI Too Large</title></head></html>"
"""What a web server in front of the API says of a long address, before the API sees it."""


def refuse(status: int, message: str | list[str]) -> Refusal:
    """An error answer."""
    error = HTTPStatus(status).phrase
    return Refusal(as_json(status, {"statusCode": status, "error": error, "message": message}))
