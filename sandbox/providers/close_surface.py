"""What every call of the simulated Close shares: checked queries and bodies, and pages."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.clock import Clock
from sandbox.providers import (
    close_answers as answers,
    close_bodies as bodies,
    close_listing,
    close_query,
)
from sandbox.providers.close_account import CloseAccount
from sandbox.providers.close_rate import RateLimit
from sandbox.providers.close_webhooks import Webhooks
from sandbox.providers.service import Call, Record, Reply, ShownSim
from sandbox.providers.shapes import Rule

FIELDS = frozenset({"_fields"})
PAGED = FIELDS | {"_limit", "_skip"}


class CloseSurface(CloseAccount, ShownSim):
    """One organization behind one API key, before any call is known."""

    def __init__(
        self,
        clock: Clock,
        key: str = "api_sandbox.sandbox",
        access_token: str = "sandbox-token",
        max_limit: int = 100,
        max_skip: int = 250_000,
    ) -> None:
        ShownSim.__init__(self, clock, key)
        CloseAccount.__init__(self, clock, key)
        self.access_token = access_token
        self.max_limit = max_limit
        self.max_skip = max_skip
        """The vendor has such bounds and doesn't publish them."""
        self.read_only = False
        """Whether the role of the key's owner forbids every change: 403 in plain text."""
        self.rate_limit = RateLimit()
        self.webhooks = Webhooks(self)

    def query(self, call: Call, accepted: frozenset[str]) -> dict[str, str]:
        """The query parameters, each known and given once."""
        given = dict(call.query)
        wrong = {name: "Unknown parameter." for name in given if name not in accepted}
        if len(given) < len(call.query):
            wrong["_params"] = "Repeated parameter."
        if wrong:
            self.note(call, f"has unknown or repeated query parameters: {', '.join(wrong)}")
            raise answers.refuse_fields(wrong)
        if any(name.startswith("due_date") for name in given):
            self.note(call, "filters by the deprecated due_date")
        return given

    def day(self, call: Call) -> close_query.Day:
        """The caller's day."""
        return close_query.caller_day(call.headers, self.clock.now())

    def checked(self, call: Call, body: Record, rules: Mapping[str, Rule]) -> None:
        """Refuse a body outside its schema; ids that name nothing are no violation."""
        wrong = bodies.shape_errors(body, rules)
        if wrong:
            self.note(call, f"has a body outside the schema: {', '.join(sorted(wrong))}")
        elif "due_date" in body:
            self.note(call, "writes the deprecated due_date")
        missing = bodies.reference_errors(body, self)
        if wrong or missing:
            raise answers.refuse_fields(missing | wrong, blameless=not wrong)

    def page(self, records: list[Record], given: Mapping[str, str]) -> Reply:
        """The asked part of a short listing."""
        window = close_listing.window(given, self.max_limit, self.max_skip)
        return close_listing.plain(records, given, window)
