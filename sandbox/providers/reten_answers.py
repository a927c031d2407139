"""Reten's error answers: the triple of "Errors", with NestJS's list of messages for validation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus

from sandbox.providers.service import Refusal, Reply, as_json


def refuse(status: int, message: str | list[str]) -> Refusal:
    """An error answer."""
    error = HTTPStatus(status).phrase
    return Refusal(as_json(status, {"statusCode": status, "error": error, "message": message}))


def refuse_fields(messages: Iterable[str]) -> Refusal:
    """A 400 with one message for each thing that is wrong, as NestJS's validation answers."""
    return refuse(400, list(messages))


def too_many(retry_after: int) -> Reply:
    """A 429, of which the documents say nothing: in the form of all refusals, and with the header
    that HTTP has for it."""
    reply = refuse(429, "Too many requests").reply
    return replace(reply, headers={"Retry-After": str(retry_after)})
