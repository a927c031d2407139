"""An ordered book of records that serves pages of a large listing quickly.

A page of a hundred among ten thousand tasks has to cost about a millisecond, so the JSON of each
unchanged record and the ids of each recent selection are kept until something changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

from sandbox.providers.service import Record, encode

_SELECTIONS_KEPT = 32


class Book:
    """Records by id, in order of arrival. Who changes a record says so with `touch`."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._encoded: dict[str, bytes] = {}
        self._selections: dict[Hashable, list[str]] = {}
        self.revision = 0
        """Another one after each change."""

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records.values())

    def __getitem__(self, record_id: str) -> Record:
        return self._records[record_id]

    def get(self, record_id: str) -> Record | None:
        return self._records.get(record_id)

    def add(self, record: Record) -> None:
        self._records[record["id"]] = record
        self._moved()

    def touch(self, record_id: str) -> None:
        """Forget what was kept of a record that has changed."""
        self._encoded.pop(record_id, None)
        self._moved()

    def remove(self, record_id: str) -> Record:
        self.touch(record_id)
        return self._records.pop(record_id)

    def encoded(self, record_id: str) -> bytes:
        """The record as JSON."""
        kept = self._encoded.get(record_id)
        if kept is None:
            kept = self._encoded[record_id] = encode(self._records[record_id])
        return kept

    def select(
        self,
        key: Hashable,
        keep: Callable[[Record], bool],
        order: Callable[[Record], Any] | None = None,
        descending: bool = False,
    ) -> list[str]:
        """Ids of the records that `keep` accepts, in `order` (of arrival when None).

        `key` names the question: equal keys must mean equal `keep` and `order`.
        """
        ids = self._selections.get(key)
        if ids is None:
            chosen = [record for record in self._records.values() if keep(record)]
            if order is not None:
                chosen.sort(key=order)
            if descending:
                chosen.reverse()
            ids = [record["id"] for record in chosen]
            if len(self._selections) >= _SELECTIONS_KEPT:
                self._selections.clear()
            self._selections[key] = ids
        return ids

    def _moved(self) -> None:
        self._selections.clear()
        self.revision += 1
