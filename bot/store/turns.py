"""Turns: what one process does at a time. A turn ends with its transaction, however that ends."""

from __future__ import annotations

from bot.store.database import Tx


def ensure(tx: Tx, name: str) -> None:
    """Make a turn that can be taken."""
    tx.run("INSERT INTO turn (name) VALUES (:name) ON CONFLICT (name) DO NOTHING", {"name": name})


def take(tx: Tx, name: str) -> bool:
    """Whether it is ours until the transaction ends; nobody waits for it."""
    return (
        tx.row("SELECT name FROM turn WHERE name = :name {skip_locked}", {"name": name}) is not None
    )
