"""Close's webhook subscriptions and the signed deliveries they cause (vendor docs, "Webhooks").

The simulator sends nothing by itself: `Webhooks.take_deliveries` hands out what is due, so that
its owner decides about order, repetition and loss.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.providers.close_account import CloseAccount
from sandbox.providers.close_answers import (
    NO_CHOICE,
    REQUIRED,
    UNKNOWN_FIELD,
    WRONG_KIND,
    no_object,
    refuse_fields,
)
from sandbox.providers.close_records import naive_stamp
from sandbox.providers.service import Record, Refusal, as_json, encode

_MOST = 40
_CREATE = {"url", "events", "verify_ssl"}
_UPDATE = _CREATE | {"status"}
_NAMES = ("object_type", "action")
_ANY = dict.fromkeys(_NAMES, "")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One POST that Close would send."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Webhooks:
    """The subscriptions of one organization."""

    def __init__(self, account: CloseAccount) -> None:
        self._account = account
        self._seen = 0
        self.subscriptions: dict[str, Record] = {}
        self.keys_told_once = False
        """Whether only the answer to the POST tells a key; the docs show it later too."""

    def create(self, body: Record) -> Record:
        """Subscribe; the same address for the same events again is refused."""
        _check(body, _CREATE, ("url", "events"))
        for other in self.subscriptions.values():
            same = (other["url"], other["events"]) == (body["url"], body["events"])
            if same and other["status"] == "active":
                message = f"Duplicate active subscription already exists: {other['id']}"
                raise Refusal(as_json(400, {"message": message}), blameless=True)
        if len(self.subscriptions) >= _MOST:
            message = f"An organization can have at most {_MOST} subscriptions."
            raise Refusal(as_json(400, {"message": message}), blameless=True)
        made = self._new(body)
        self.subscriptions[made["id"]] = made
        return made

    def listed(self) -> list[Record]:
        """All subscriptions."""
        return list(self.subscriptions.values())

    def shown(self, subscription: Record) -> Record:
        """A subscription as any answer but that to its POST tells it."""
        hidden = {"signature_key"} if self.keys_told_once else set()
        return {name: value for name, value in subscription.items() if name not in hidden}

    def get(self, subscription_id: str) -> Record:
        """One subscription, its signature key included."""
        if subscription_id not in self.subscriptions:
            raise no_object("WebhookSubscription")
        return self.subscriptions[subscription_id]

    def update(self, subscription_id: str, body: Record) -> Record:
        """Change the address, the events or whether it is active."""
        subscription = self.get(subscription_id)
        _check(body, _UPDATE, ())
        subscription |= body | {"date_updated": naive_stamp(self._account.tick())}
        return subscription

    def delete(self, subscription_id: str) -> None:
        """End a subscription."""
        self.get(subscription_id)
        del self.subscriptions[subscription_id]

    def take_deliveries(self) -> list[Delivery]:
        """What the events since the last call cause, in their order."""
        fresh = self._account.events[self._seen :]
        self._seen = len(self._account.events)
        now = self._account.clock.now()
        active = [one for one in self.subscriptions.values() if one["status"] == "active"]
        return [
            delivery(subscription, event, now)
            for event in fresh
            for subscription in active
            if any(_wants(selector, event) for selector in subscription["events"])
        ]

    def _new(self, body: Record) -> Record:
        now = naive_stamp(self._account.tick())
        subscription_id = self._account.new_id("whsub")
        return {
            "id": subscription_id,
            "counters": {},
            "created_by": self._account.key_owner["id"],
            "updated_by": self._account.key_owner["id"],
            "date_created": now,
            "date_updated": now,
            "health_status": "healthy",
            "latest_error": None,
            "pause_reason": None,
            "recent_consecutive_fail_buckets_cnt": 0,
            "signature_key": hashlib.sha256(subscription_id.encode()).hexdigest(),
            "status": "active",
            "verify_ssl": True,
            **body,
        }


def delivery(subscription: Record, event: Record, now: datetime) -> Delivery:
    """A signed delivery of an event."""
    body = encode({"subscription_id": subscription["id"], "event": event})
    timestamp = str(int(now.timestamp()))
    headers = {
        "content-type": "application/json",
        "close-sig-timestamp": timestamp,
        "close-sig-hash": signature(subscription["signature_key"], timestamp, body),
    }
    return Delivery(subscription["url"], headers, body)


def signature(key: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over time stamp and raw body, nothing between, by the hex-decoded key."""
    return hmac.new(bytes.fromhex(key), timestamp.encode() + body, hashlib.sha256).hexdigest()


def _check(body: Record, known: set[str], required: tuple[str, ...]) -> None:
    wrong = {name: UNKNOWN_FIELD for name in body if name not in known}
    wrong |= {name: REQUIRED for name in required if name not in body}
    url, events = body.get("url", "https://"), body.get("events", [_ANY])
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        wrong["url"] = WRONG_KIND
    if not isinstance(events, list) or not events or not all(map(_is_selector, events)):
        wrong["events"] = WRONG_KIND
    if body.get("status", "active") not in {"active", "paused"}:
        wrong["status"] = NO_CHOICE
    if wrong:
        raise refuse_fields(wrong)


def _is_selector(value: Any) -> bool:
    """Whether a value names an event type: an object type and an action, perhaps a filter."""
    if not isinstance(value, dict) or value.keys() - {"object_type", "action", "extra_filter"}:
        return False
    return all(isinstance(value.get(name), str) for name in _NAMES)


def _wants(selector: Record, event: Record) -> bool:
    extra = selector.get("extra_filter")
    same = all(selector[name] == event[name] for name in _NAMES)
    return same and (extra is None or _passes(extra, event))


def _passes(condition: Record, value: Any) -> bool:
    """The documented filter language: comparisons, and/or/not, access to a field."""
    match condition["type"]:
        case "field_accessor":
            inner = value.get(condition["field"]) if isinstance(value, dict) else None
            return _passes(condition["filter"], inner)
        case "and":
            return all(_passes(one, value) for one in condition["filters"])
        case "or":
            return any(_passes(one, value) for one in condition["filters"])
        case "not":
            return not _passes(condition["filter"], value)
        case "is_null" | "non_null" as kind:
            return (value is None) is (kind == "is_null")
        case "equals" | "not_equals" as kind:
            return bool(value == condition["value"]) is (kind == "equals")
        case _:
            return value is not None and condition["value"] in value
