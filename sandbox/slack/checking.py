"""The grammar in which blocks are checked: each wrong thing is noted as Slack words it, with the
JSON pointer of its place, and checking goes on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from urllib.parse import urlsplit

from sandbox.slack.limits import LIMITS

Json = dict[str, Any]


class Checker:
    """Collects what is wrong with blocks that are to stand on `surface`."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.problems: list[str] = []

    def fail(self, at: str, what: str) -> None:
        self.problems.append(f"[ERROR] {what} [json-pointer:{at}]")

    def mapping(self, value: object, at: str) -> Json | None:
        """The value, if it is an object."""
        if isinstance(value, dict):
            return value
        self.fail(at, "must be an object")
        return None

    def child(self, holder: Json, key: str, at: str, *, required: bool = True) -> Json | None:
        """The object under `key`, if it is there and one."""
        if key not in holder:
            if required:
                self.fail(at, f"missing required field: {key}")
            return None
        return self.mapping(holder[key], f"{at}/{key}")

    def string(
        self, holder: Json, key: str, at: str, limit: str, *, required: bool = False, least: int = 1
    ) -> None:
        """A string under `key` of at most LIMITS[limit] characters."""
        if key not in holder:
            if required:
                self.fail(at, f"missing required field: {key}")
            return
        value = holder[key]
        if not isinstance(value, str):
            self.fail(f"{at}/{key}", "must be a string")
            return
        self._length(len(value), f"{at}/{key}", least, LIMITS[limit])

    def _length(self, length: int, at: str, least: int, most: int) -> None:
        if length < least:
            self.fail(at, f"must be more than {least - 1} characters")
        if length > most:
            self.fail(at, f"must be less than {most + 1} characters")

    def text(
        self,
        holder: Json,
        key: str,
        at: str,
        limit: str,
        *,
        plain: bool = False,
        required: bool = True,
    ) -> None:
        """A text object under `key`; `plain` allows no mrkdwn."""
        value = self.child(holder, key, at, required=required)
        if value is not None:
            self.text_object(value, f"{at}/{key}", limit, plain=plain)

    def text_object(self, value: object, at: str, limit: str, *, plain: bool = False) -> None:
        """A text object of at most LIMITS[limit] characters, and no empty one."""
        found = self.mapping(value, at)
        if found is None:
            return
        kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if self.kind(found, at, kinds) is None:
            return
        self.string(found, "text", at, limit, required=True)

    def kind(self, value: Json, at: str, allowed: Collection[str]) -> str | None:
        """The `type` of an object, if it is one of `allowed`."""
        if "type" not in value:
            self.fail(at, "missing required field: type")
            return None
        kind = value["type"]
        if not isinstance(kind, str) or kind not in allowed:
            self.fail(f"{at}/type", f"unsupported type: {kind}")
            return None
        return kind

    def items(
        self, holder: Json, key: str, at: str, limit: str, *, least: int = 1, required: bool = True
    ) -> Iterable[tuple[object, str]]:
        """The items of the list under `key`, each with its place; at most LIMITS[limit]."""
        if key not in holder:
            if required:
                self.fail(at, f"missing required field: {key}")
            return []
        value, place = holder[key], f"{at}/{key}"
        if not isinstance(value, list):
            self.fail(place, "must be an array")
            return []
        if len(value) < least:
            self.fail(place, f"must have at least {least} items")
        if len(value) > LIMITS[limit]:
            self.fail(place, f"no more than {LIMITS[limit]} items allowed")
        return [(item, f"{place}/{number}") for number, item in enumerate(value)]

    def url(self, holder: Json, key: str, at: str, limit: str, *, required: bool = False) -> None:
        """A web address under `key`: http or https, nothing else."""
        self.string(holder, key, at, limit, required=required)
        value = holder.get(key)
        if isinstance(value, str) and not is_web_address(value):
            self.fail(f"{at}/{key}", "invalid url")

    def choice(self, holder: Json, key: str, at: str, allowed: Collection[str]) -> None:
        """One of a few words under `key`, if it is there."""
        if key in holder and holder[key] not in allowed:
            words = ", ".join(sorted(allowed))
            self.fail(f"{at}/{key}", f"must be one of: {words}")

    def flag(self, holder: Json, key: str, at: str) -> None:
        """True or false under `key`, if it is there."""
        if key in holder and not isinstance(holder[key], bool):
            self.fail(f"{at}/{key}", "must be true or false")

    def number(
        self, holder: Json, key: str, at: str, *, least: int = 0, most: int | None = None
    ) -> None:
        """A whole number under `key`, if it is there."""
        value = holder.get(key, least)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.fail(f"{at}/{key}", f"must be a whole number, at least {least}")
        elif most is not None and value > most:
            self.fail(f"{at}/{key}", f"must be at most {most}")


def is_web_address(value: str) -> bool:
    """Whether it is an absolute http or https URL."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in value
