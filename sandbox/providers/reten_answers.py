"""Reten's error answers: the triple of "Errors", with NestJS's list of messages for validation."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from sandbox.providers.service import Refusal, as_json


def refuse(status: int, message: str | list[str]) -> Refusal:
    """An error answer."""
    error = HTTPStatus(status).phrase
    return Refusal(as_json(status, {"statusCode": status, "error": error, "message": message}))


def refuse_fields(messages: Iterable[str]) -> Refusal:
    """A 400 with one message for each thing that is wrong, as NestJS's validation answers."""
    return refuse(400, list(messages))
