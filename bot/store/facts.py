"""What a database is like, found out without changing it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """`engine`: the driver's database and its version. `schema`: the version of our tables, 0 for
    none, None where they can't be read; `trouble` may say why. `size`: bytes, with the log; `free`:
    those of the disk around it, where that is ours to see. `damage`: what is broken."""

    engine: str
    exists: bool = True
    schema: int | None = None
    size: int = 0
    free: int | None = None
    trouble: str | None = None
    damage: str | None = None
    note: str | None = None
    """Something to know of this version."""
