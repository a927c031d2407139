"""Close's webhooks: the subscription to tasks, and what a signed delivery tells (vendor docs,
"Webhooks", "List of event types").

Deliveries come at least once, in any order, and are retried for 72 hours with exponential pauses.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Sequence
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from pydantic import Field

from adapters import contract as c
from adapters.close_pages import walk
from adapters.http import Client
from adapters.reading import Row, read_moment, validate

OLDEST = timedelta(days=4)
"""It is not documented whether a retry gets a new time stamp, so one from its last hours passes."""
NEWEST = timedelta(minutes=5)
"""By how much Close's clock may be ahead of ours."""

_PATH = "webhook/"
_ACTIONS = ("created", "updated", "deleted")

Events = frozenset[tuple[str, str]]
"""Pairs of object type and action."""


class EventRow(Row):
    """What a subscription asks for. An `extra_filter` would keep events back."""

    object_type: str
    action: str
    extra_filter: object = None


class HookRow(Row):
    """A subscription; whether its key is told after its making is not documented."""

    id: str = Field(min_length=1)
    url: str | None = None
    status: str | None = None
    events: list[EventRow] | None = None
    signature_key: str | None = None


class PushedEvent(Row):
    """An event, of whatever object."""

    id: str = Field(min_length=1)
    object_type: str
    object_id: str | None = None
    data: Any = None


class Delivery(Row):
    """The body of a delivery."""

    event: PushedEvent


def events_of(types: Iterable[str]) -> Events:
    """The events that tell of changes of these types of tasks."""
    tasks = {(f"task.{kind}", action) for kind in types for action in _ACTIONS}
    return frozenset(tasks | {("activity.task_completed", "created")})


async def subscribe(
    client: Client, url: str, events: Events, held: c.Subscription | None
) -> c.Subscription:
    """The one subscription to `url`: what is there of it is mended, what is there twice removed,
    what is missing made. One whose key nobody tells is made anew."""
    ours = await _ours(client, url, held)
    for row in ours[1:]:
        await _remove(client, row)
    kept = await _kept(client, ours[0], url, events, held) if ours else None
    return kept or await _make(client, url, events, held)


async def _ours(client: Client, url: str, held: c.Subscription | None) -> list[HookRow]:
    """Our subscriptions, the held one first."""
    held_id, found = held.id if held else "", list[HookRow]()
    async with aclosing(walk(client, HookRow, _PATH, {})) as pages:
        async for rows, _ in pages:
            found += [row for row in rows if row.url == url or row.id == held_id]
    return sorted(found, key=lambda row: row.id != held_id)


async def _kept(
    client: Client, row: HookRow, url: str, events: Events, held: c.Subscription | None
) -> c.Subscription | None:
    """The subscription as it should be; None, and it is gone, when its key is not known."""
    key = row.signature_key or (held.secret if held and held.id == row.id else "")
    if not key:
        await _remove(client, row)
        return None
    wanted: dict[str, object] = {}
    if row.url != url:
        wanted["url"] = url
    if _asked(row) != events:
        wanted["events"] = _selectors(events)
    if row.status != "active":
        wanted["status"] = "active"
    if wanted:
        await client.put(_path(row.id), wanted)
    return c.Subscription(row.id, key)


async def _remove(client: Client, row: HookRow) -> None:
    with suppress(c.NotFound):
        await client.delete(_path(row.id))


async def _make(
    client: Client, url: str, events: Events, held: c.Subscription | None
) -> c.Subscription:
    body = {"url": url, "events": _selectors(events)}
    try:
        raw = await client.post(_PATH, body)
    except c.Rejected as error:
        # "Duplicate active subscription … whsub_…": one that the list did not show.
        named = re.search(r"whsub_\w+", str(error))
        if named is None:
            raise
        found = validate(HookRow, await client.get(_path(named[0])), client.name)
        kept = await _kept(client, found, url, events, held)
        if kept:
            return kept
        raw = await client.post(_PATH, body)
    made = validate(HookRow, raw, client.name)
    if not made.signature_key:
        raise c.Malformed("Close tells no key for its webhooks.")
    return c.Subscription(made.id, made.signature_key)


def read_push(push: c.PushRequest, held: c.Subscription) -> c.Pushed:
    """What a delivery tells, once its signature proves that Close sent it: HMAC-SHA256 with the
    hex-decoded key over time stamp and raw body, nothing between them."""
    stamp = push.headers.get("close-sig-timestamp", "")
    given = push.headers.get("close-sig-hash", "")
    known = _signature(held.secret, stamp, push.body)
    if not hmac.compare_digest(known.encode(), given.encode(errors="replace")):
        raise c.Unauthorized("This request is not signed by Close.")
    age = push.received_at - _sent_at(stamp)
    if not -NEWEST <= age <= OLDEST:
        raise c.Unauthorized("This request was signed too long ago, or by another clock.")
    event = validate(Delivery, push.body, "Close").event
    return c.Pushed(event.id, tuple(_tasks(event)))


def _signature(secret: str, stamp: str, body: bytes) -> str:
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        key = b""
    if not key:
        # Anybody could sign with an empty key.
        raise c.Unauthorized("Close's signature can't be checked: its key is not known.")
    return hmac.new(key, stamp.encode(errors="replace") + body, "sha256").hexdigest()


def _sent_at(stamp: str) -> datetime:
    """Seconds since 1970 (seen), or an ISO text, which other receivers take too."""
    try:
        if re.fullmatch(r"[0-9]{1,11}", stamp):
            return datetime.fromtimestamp(int(stamp), UTC)
        return read_moment(stamp)
    except ValueError:
        raise c.Unauthorized("The time stamp of this request can't be read.") from None


def _tasks(event: PushedEvent) -> Iterable[str]:
    if event.object_type.startswith("task."):
        told = event.object_id
    elif event.object_type == "activity.task_completed" and isinstance(event.data, dict):
        told = event.data.get("task_id")
    else:
        told = None
    return [told] if isinstance(told, str) and told else []


def _asked(row: HookRow) -> Events | None:
    """The events that a subscription delivers; None where it does not deliver all of them."""
    events = row.events or []
    if any(event.extra_filter for event in events):
        return None
    return frozenset((event.object_type, event.action) for event in events)


def _selectors(events: Events) -> Sequence[dict[str, str]]:
    return [{"object_type": kind, "action": action} for kind, action in sorted(events)]


def _path(hook_id: str) -> str:
    return f"{_PATH}{quote(hook_id, safe='')}/"
