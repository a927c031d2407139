"""One check under way, and what a check is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from adapters import contract as c
from adapters.registry import AdapterSpec
from adapters.trials.line import Line, Sent
from adapters.trials.rig import Rig

PERSON, EMAIL = "Zenobia Quillfeather", "zenobia.quillfeather@example.com"
OTHER, OTHER_EMAIL = "Ottokar Brambleby", "ottokar.brambleby@example.com"
TITLE = "Marzipan inspection"
"""Names unlike any other text, so that they can be looked for where they must not be."""

Error = TypeVar("Error", bound=c.ProviderError)


class Unmet(AssertionError):
    """The adapter did not do what the check asks."""


class Moot(Exception):
    """The check finds nothing to try at this provider; the text says what."""


def require(met: object, otherwise: str) -> None:
    """Unmet with these words unless `met`."""
    if not met:
        raise Unmet(otherwise)


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing read to its end."""

    tasks: Sequence[c.Task]
    whole: bool

    @property
    def ids(self) -> list[str]:
        return [task.id for task in self.tasks]


class Trial:
    """A fresh account, the line that leads to it, and the adapter before them. `person`: the
    operator whose tasks these are; `people`: all whose tasks are listed."""

    def __init__(self, spec: AdapterSpec, rig: Rig) -> None:
        self._spec = spec
        self.rig = rig
        self.line = Line(rig.app, rig.searches)
        self.provider = self._build()
        self.capabilities = self.provider.capabilities
        self.person = rig.add_operator(PERSON, EMAIL)
        self.people = [self.person]
        self._made = 0

    def _build(self) -> c.Provider:
        options = self._spec.options.model_validate(dict(self.rig.options))
        return self._spec.build(options, self.rig, self.line)

    async def restart(self) -> None:
        """The adapter anew, with nothing in its memory."""
        await self.provider.close()
        self.provider = self._build()

    @property
    def private(self) -> list[str]:
        """What must never be told in a log or an error."""
        people = [*PERSON.split(), EMAIL, *OTHER.split(), OTHER_EMAIL]
        return [*filter(None, self.rig.secrets), *people, TITLE]

    def title(self) -> str:
        """A title that no other task has."""
        self._made += 1
        return f"{TITLE} {self._made}"

    def add(self, due: date | datetime | None = None, operator: str | None = None) -> str:
        """An open task of `person`, or of `operator`."""
        return self.rig.add(self.title(), operator or self.person, due)

    def add_other(self) -> str:
        """Another operator."""
        other = self.rig.add_operator(OTHER, OTHER_EMAIL)
        self.people.append(other)
        return other

    async def listed(
        self, people: Collection[str] | None = None, since: datetime | None = None
    ) -> Listed:
        """Read a listing to its end."""
        tasks, whole = list[c.Task](), True
        async for page in self.provider.tasks(self.people if people is None else people, since):
            tasks += page.tasks
            whole = whole and page.whole
        return Listed(tasks, whole)

    async def task(self, task_id: str) -> c.Task:
        """A task as the listing tells it."""
        found = [task for task in (await self.listed()).tasks if task.id == task_id]
        require(found, "an open task is missing from the listing")
        return found[0]

    async def new_task(self, due: date | datetime | None = None) -> c.Task:
        """A new open task, as the listing tells it."""
        self.rig.advance(1)
        return await self.task(self.add(due))

    def is_listing(self, sent: Sent) -> bool:
        """Whether a request asks for tasks."""
        return not sent.is_write and sent.path == self.rig.listing

    def rows_of(self, document: Any) -> list[Any]:
        """The rows in a page of the listing."""
        for key in self.rig.rows:
            document = document[key]
        require(isinstance(document, list), "the rig's `rows` lead to no list")
        return document  # type: ignore[no-any-return]

    def edit_rows(self, edit: Callable[[list[Any]], None]) -> Callable[[Any], Any]:
        """An edit of a page that edits its rows, if it has any."""

        def rewrite(document: Any) -> Any:
            rows = self.rows_of(document)
            if rows:
                edit(rows)
            return document

        return rewrite


def put(row: Any, path: str, value: object) -> None:
    """Set a field inside a row; Unmet when the rig names one that is not there."""
    *way, last = path.split(".")
    for name in way:
        row = row.get(name) if isinstance(row, dict) else None
    require(isinstance(row, dict) and last in row, f"the rig names a field that no row has: {path}")
    row[last] = value


def due_as(due: date | datetime | None) -> c.Due | None:
    """A plain due in the contract's words."""
    if due is None:
        return None
    return c.Due(at=due.astimezone(UTC)) if isinstance(due, datetime) else c.Due(on=due)


async def refused(doing: Awaitable[object], *kinds: type[Error], by: str = "") -> Error:
    """The error that this raises, which must be one of `kinds`. `by`: what brings it about."""
    due, cause = " or ".join(kind.__name__ for kind in kinds), by and f" on {by}"
    try:
        await doing
    except kinds as error:
        return error
    except c.ProviderError as error:
        raise Unmet(f"{type(error).__name__} instead of {due}{cause}: {error}") from error
    raise Unmet(f"no error{cause}, where {due} is right")


def sample(asked: c.Field, now: datetime) -> str:
    """A value for a field that the provider must accept."""
    match asked.kind:
        case c.FieldKind.FUTURE_MOMENT:
            return (now + timedelta(days=1)).isoformat()
        case c.FieldKind.DAY:
            return (now + timedelta(days=1)).date().isoformat()
        case c.FieldKind.CHOICE:
            require(asked.choices, f"the field “{asked.label}” is a choice without choices")
            return asked.choices[0].value
        case _:
            return "Marginalia"


def samples(fields: Sequence[c.Field], now: datetime, *, optional: bool) -> dict[str, str]:
    """Values for the required fields, or for all."""
    return {one.key: sample(one, now) for one in fields if one.required or optional}


Applies = Callable[[c.Capabilities], str | None]
"""Why a check does not apply to a provider of these capabilities; None when it does."""


def always(_: c.Capabilities) -> str | None:
    return None


def only_with(*names: str) -> Applies:
    """Only for providers with one of these capabilities."""

    def applies(capabilities: c.Capabilities) -> str | None:
        values = [getattr(capabilities, name) for name in names]
        if any(value not in {False, c.Push.NONE} for value in values):
            return None
        return f"the provider has no `{'`, no `'.join(names)}`"

    return applies


@dataclass(frozen=True, slots=True)
class Check:
    """One promise of the contract, in a sentence, and the trial of it."""

    group: str
    name: str
    sentence: str
    run: Callable[[Trial], Awaitable[None]]
    applies: Applies = always

    @property
    def id(self) -> str:
        return f"{self.group}-{self.name}"


@dataclass(slots=True)
class Group:
    """The checks about one thing, in their order."""

    name: str
    checks: list[Check] = field(default_factory=list)

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    def __call__(
        self, sentence: str, applies: Applies = always
    ) -> Callable[[Callable[[Trial], Awaitable[None]]], Callable[[Trial], Awaitable[None]]]:
        """Makes a check of a function."""

        def keep(run: Callable[[Trial], Awaitable[None]]) -> Callable[[Trial], Awaitable[None]]:
            self.checks.append(Check(self.name, run.__name__, sentence, run, applies))
            return run

        return keep

    def each(
        self, sentence: str, cases: Mapping[str, Any], applies: Applies = always
    ) -> Callable[[Callable[[Trial, Any], Awaitable[None]]], None]:
        """Makes a check of each case; `{}` in the sentence is the case's name."""

        def keep(run: Callable[[Trial, Any], Awaitable[None]]) -> None:
            for name, case in cases.items():

                async def one(trial: Trial, case: Any = case) -> None:
                    await run(trial, case)

                ident = f"{run.__name__}-{'-'.join(name.lower().split())}"
                told = sentence.format(name)
                told = told[:1].upper() + told[1:]
                self.checks.append(Check(self.name, ident, told, one, applies))

        return keep
