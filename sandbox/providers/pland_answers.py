"""PlanD's error answers: one shape, seen on the live API; the specification gives codes only."""

from __future__ import annotations

from dataclasses import replace

from sandbox.providers.service import Refusal, Reply, as_json

FINISHED = "Task already completed or cancelled"
"""The documented 400 of "complete a task"."""


def refuse(status: int, *messages: str, blameless: bool = False) -> Refusal:
    """An error with one entry for each thing that is wrong."""
    errors = [{"message": message} for message in messages]
    return Refusal(as_json(status, {"message": "There was an error", "errors": errors}), blameless)


def no_route() -> Refusal:
    """An unknown address; the live API answers 400 where others answer 404."""
    return refuse(400, "Not found.")


def bad_id(text: str) -> Refusal:
    """An id that is no ObjectId (live API)."""
    return refuse(400, f"Failed to parse Id: {text}")


def too_many(retry_after: int) -> Reply:
    """A 429, of which the documents say nothing: in the form of all refusals, and with the header
    that HTTP has for it."""
    reply = refuse(429, "Too many requests").reply
    return replace(reply, headers={"Retry-After": str(retry_after)})
