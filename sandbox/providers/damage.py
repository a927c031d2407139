"""Pages that break their provider's contract, for clients to survive."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sandbox.providers.service import Breakage, Record, Reply, encode


@dataclass(frozen=True, slots=True)
class Damage:
    """What goes wrong with the first item of a listing. `envelope`: the key of the items in the
    page; None where the page is the bare list."""

    wrong_types: Record
    unknown_words: Record
    id_key: str = "id"
    envelope: str | None = None


def broken(body: bytes, breakage: Breakage, damage: Damage) -> Reply:
    """The page, broken in that way."""
    if breakage is Breakage.HTML:
        return Reply(200, b"<html><body>Maintenance</body></html>", media_type="text/html")
    if breakage is Breakage.TRUNCATED:
        return Reply(200, body[: len(body) // 2])
    answer = json.loads(body)
    items = answer if damage.envelope is None else answer[damage.envelope]
    for item in items[:1]:
        if breakage is Breakage.MISSING_ID:
            del item[damage.id_key]
        elif breakage is Breakage.WRONG_TYPES:
            item |= damage.wrong_types
        else:
            item |= damage.unknown_words
    return Reply(200, encode(answer))
