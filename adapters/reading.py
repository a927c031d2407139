"""From a provider's bytes to checked rows: validation, salvage, moments, the paging guard.

Nothing that a provider sent is ever echoed here: errors and logs name fields, never values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Protocol, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, PlainValidator, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from adapters.contract import Due, Malformed

T = TypeVar("T")
PAGE_CAP = 2000
"""Pages after which a walk counts as endless: 200,000 tasks at 100 a page."""

_log = structlog.get_logger(__name__)


class Row(BaseModel):
    """A provider's object as far as we use it; what else it holds is ignored."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class CamelRow(Row):
    """A row whose names are written in camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel)


def read_moment(value: object) -> datetime:
    """An ISO 8601 text as an aware UTC instant; a text without an offset is taken as UTC."""
    if not isinstance(value, str):
        raise ValueError("not a date-time text")  # noqa: TRY004 - pydantic wants a ValueError
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a date-time beyond the calendar") from None


def read_due(value: object) -> Due:
    """A text of ten characters is a calendar day, any longer one an instant."""
    if isinstance(value, str) and len(value) == len("2026-04-15"):
        return Due(on=date.fromisoformat(value))
    return Due(at=read_moment(value))


Moment = Annotated[datetime, PlainValidator(read_moment)]
DueText = Annotated[Due, PlainValidator(read_due)]


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)
"""Building one costs milliseconds, so each is built at its first use and kept."""


def validate(kind: type[T], raw: bytes, source: str) -> T:
    """`raw` JSON as a `kind`. Malformed, naming `source` and the fields, when it is none."""
    try:
        checked: T = _adapter(kind).validate_json(raw)
    except ValidationError as error:
        where = ", ".join(_places(error)[:3])
    else:
        return checked
    # Raised out here so that the content does not travel along as the context of the error.
    raise Malformed(f"{source} sent something that is not what it documents ({where}).")


def salvage(kind: type[T], rows: Sequence[object], source: str) -> list[T]:
    """The rows that are a `kind`, one by one; the others are counted in the log and kept out."""
    good, places = list[T](), set[str]()
    for row in rows:
        try:
            good.append(_adapter(kind).validate_python(row))
        except ValidationError as error:
            places.update(_places(error))
    if places:
        _log.warning(
            "provider_rows_kept_out",
            provider=source,
            rows=len(rows),
            kept_out=len(rows) - len(good),
            fields=sorted(places),
        )
    return good


def _places(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [".".join(str(part) for part in item["loc"]) or "not JSON" for item in found]


class _Identified(Protocol):
    id: str


RowT = TypeVar("RowT", bound=_Identified)


class PagingGuard:
    """Watches one walk over pages: drops repeated rows, stops a walk that gets nowhere."""

    def __init__(self, source: str, cap: int = PAGE_CAP) -> None:
        self._source = source
        self._left = cap
        self._seen = set[str]()

    @property
    def seen(self) -> int:
        """How many different rows there were until now."""
        return len(self._seen)

    def fresh(self, rows: Sequence[RowT], received: int, *, shuffled: bool = False) -> list[RowT]:
        """The rows of a page that earlier pages did not have.

        `received` counts the page's unreadable rows too; `shuffled`: no order holds from page to
        page. Malformed when the page was empty though more was promised, when all its rows were
        seen before (unless shuffled), or when the walk has no end.
        """
        self._left -= 1
        new = list[RowT]()
        for row in rows:
            if row.id not in self._seen:
                self._seen.add(row.id)
                new.append(row)
        if self._left < 0 or not received or (rows and not new and not shuffled):
            raise Malformed(f"{self._source} sends a list that does not come to an end.")
        return new
