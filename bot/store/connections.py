"""What is known of each connection: its polls, its outcomes, its troubles; and timers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.contract import Field, Offer, Outcome
from bot.store import codec
from bot.store.database import Row, Tx, from_ms_or_none, to_ms, to_ms_or_none


@dataclass(frozen=True, slots=True)
class PollState:
    """How a connection's polls stand. `gap`: what the admins were told to set up. `baseline_at`:
    when the first poll was done. `full_at` and `full_pages`: the last complete listing and its
    size. `trouble`: unauthorized, unavailable or malformed, since `trouble_since`; `told_at`: when
    the admins were told of it."""

    name: str
    provider: str
    outcomes: tuple[Outcome, ...]
    draft_fields: tuple[Field, ...]
    gap: str | None
    baseline_at: datetime | None
    good_at: datetime | None
    full_at: datetime | None
    full_pages: int
    directory_at: datetime | None
    trouble: str | None
    trouble_since: datetime | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Polled:
    """That a listing which began at `at` ended well. `full_at` and `full_pages`: of the newest one
    that listed everything; `full_at` only where nothing in it was unreadable."""

    at: datetime
    full_at: datetime | None = None
    full_pages: int | None = None

    def then(self, later: Polled) -> Polled:
        """Both in one."""
        pages = self.full_pages if later.full_pages is None else later.full_pages
        return Polled(later.at, later.full_at or self.full_at, pages)


def ensure(tx: Tx, name: str, provider: str) -> None:
    """Know of a connection."""
    tx.run(
        "INSERT INTO connection (name, provider) VALUES (:name, :provider)"
        " ON CONFLICT (name) DO UPDATE SET provider = excluded.provider"
        " WHERE connection.provider <> excluded.provider",
        {"name": name, "provider": provider},
    )


def state(tx: Tx, name: str) -> PollState:
    row = tx.row("SELECT * FROM connection WHERE name = :name", {"name": name})
    if row is None:
        raise LookupError(name)
    return _state(row)


def states(tx: Tx) -> list[PollState]:
    return [_state(row) for row in tx.rows("SELECT * FROM connection ORDER BY name")]


def set_offer(tx: Tx, name: str, offer: Offer) -> None:
    tx.run(
        "UPDATE connection SET outcomes = :outcomes, draft_fields = :fields, gap = :gap"
        " WHERE name = :name",
        {
            "name": name,
            "outcomes": codec.dump_outcomes(offer.outcomes),
            "fields": codec.dump_fields(offer.draft_fields),
            "gap": offer.gap,
        },
    )


def polled(tx: Tx, name: str, polled: Polled) -> None:
    """A listing ended well; the first one is the baseline. What a later one said stays. One
    statement."""
    tx.run(
        "UPDATE connection SET good_at = :at, baseline_at = COALESCE(baseline_at, :at),"
        " full_at = COALESCE(:full_at, full_at),"
        " full_pages = COALESCE(:pages, full_pages)"
        " WHERE name = :name AND (good_at IS NULL OR good_at <= :at)",
        {
            "name": name,
            "at": to_ms(polled.at),
            "full_at": to_ms_or_none(polled.full_at),
            "pages": polled.full_pages,
        },
    )


def directory_read(tx: Tx, name: str, at: datetime) -> None:
    tx.run(
        "UPDATE connection SET directory_at = :at WHERE name = :name",
        {"name": name, "at": to_ms(at)},
    )


def set_trouble(tx: Tx, name: str, trouble: str | None, now: datetime) -> None:
    """Record what is wrong with a connection, keeping since when; None: it is well."""
    if trouble is None:
        tx.run(
            "UPDATE connection SET trouble = NULL, trouble_since = NULL, told_at = NULL"
            " WHERE name = :name",
            {"name": name},
        )
        return
    tx.run(
        "UPDATE connection SET trouble = :trouble,"
        " trouble_since = COALESCE(trouble_since, :now) WHERE name = :name",
        {"name": name, "trouble": trouble, "now": to_ms(now)},
    )


def told(tx: Tx, name: str, now: datetime) -> bool:
    """Claim telling the admins of the trouble; False when they were told."""
    changed = tx.run(
        "UPDATE connection SET told_at = :now WHERE name = :name AND told_at IS NULL",
        {"name": name, "now": to_ms(now)},
    )
    return changed > 0


_CLAIM_TICK = """
INSERT INTO tick (name, next_at) VALUES (:name, :next)
ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at
WHERE tick.next_at <= :now OR tick.next_at > :furthest
"""


def claim_tick(tx: Tx, name: str, now: datetime, interval: timedelta) -> bool:
    """Take a timer's turn; False when it is not due, or another process has taken it. A turn that
    is much further off than the interval was set by a longer one, or by a clock that was wrong.
    One statement."""
    changed = tx.run(
        _CLAIM_TICK,
        {
            "name": name,
            "now": to_ms(now),
            "next": to_ms(now + interval),
            # Not at once: of two clocks that hardly differ, the later one would lose its turn.
            "furthest": to_ms(now + 2 * interval),
        },
    )
    return changed > 0


def _state(row: Row) -> PollState:
    return PollState(
        name=row["name"],
        provider=row["provider"],
        outcomes=codec.load_outcomes(row["outcomes"]),
        draft_fields=codec.load_fields(row["draft_fields"]),
        gap=row["gap"],
        baseline_at=from_ms_or_none(row["baseline_at"]),
        good_at=from_ms_or_none(row["good_at"]),
        full_at=from_ms_or_none(row["full_at"]),
        full_pages=row["full_pages"],
        directory_at=from_ms_or_none(row["directory_at"]),
        trouble=row["trouble"],
        trouble_since=from_ms_or_none(row["trouble_since"]),
        told_at=from_ms_or_none(row["told_at"]),
    )
