"""The accounts that are set: one for each API key in the environment, one for each table of the
TOML file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.problems import Problem, SettingsError, collecting, translating

CONNECTIONS = "TASKBELL_CONNECTIONS"
"""The variable that names the TOML file of connections."""

Seconds = Annotated[float, Field(ge=1, allow_inf_nan=False)]
"""Between two polls of one connection."""

_SECONDS: TypeAdapter[float | None] = TypeAdapter(Seconds | None)
_CONNECTION_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class AdapterSpec(Protocol):
    """What settings need to know of an adapter."""

    @property
    def options(self) -> type[BaseModel]: ...


class Adapters(Protocol):
    """The adapters that there are; the module `adapters.registry` is one of these."""

    def names(self) -> Sequence[str]: ...

    def find(self, name: str) -> AdapterSpec:
        """LookupError, with a sentence for people, where there is none of this name."""
        ...


class ConnectionSettings(BaseModel):
    """One account at a provider. `options` is an instance of its adapter's own options model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    provider: str
    options: BaseModel
    poll_interval: float | None = None
    """Seconds between polls; None leaves it to `Settings` and then to the adapter."""


def read_connections(
    env: Mapping[str, str],
    cwd: Path,
    adapters: Adapters,
    problems: list[Problem],
) -> tuple[ConnectionSettings, ...]:
    """Those that an API key in the environment makes, and those of the TOML file."""
    found: dict[str, ConnectionSettings] = {}
    for name in adapters.names():
        if variable(name, "api_key") in env:
            with collecting(problems):
                found[name] = _from_environment(name, env, adapters)
    tables: dict[str, object] = {}
    with collecting(problems):
        tables = _tables(env, cwd)
    for name, table in tables.items():
        with collecting(problems):
            if name in found:
                key = variable(name, "api_key")
                message = f"{key} makes a connection of this name too; rename the table"
                raise SettingsError(Problem(f"[{name}]", message))
            found[name] = _from_table(name, table, env, adapters)
    return tuple(found.values())


def variable(adapter: str, option: str) -> str:
    """The variable of an adapter's option, for the connection that is named like the adapter."""
    return f"{adapter}_{option}".replace("-", "_").upper()


def _adapter(name: str, setting: str, adapters: Adapters) -> AdapterSpec:
    try:
        return adapters.find(name)
    except LookupError as error:
        raise SettingsError(Problem(setting, str(error))) from None


def _from_environment(name: str, env: Mapping[str, str], adapters: Adapters) -> ConnectionSettings:
    adapter = _adapter(name, variable(name, "api_key"), adapters)
    variables = {field: variable(name, field) for field in adapter.options.model_fields}
    values = {field: env[key] for field, key in variables.items() if key in env}
    with translating(lambda field: variables.get(field, name)):
        options = adapter.options.model_validate(values)
    return ConnectionSettings(name=name, provider=name, options=options)


def _tables(env: Mapping[str, str], cwd: Path) -> dict[str, object]:
    """The tables of the TOML file that is named, or that lies there."""
    path = cwd / env.get(CONNECTIONS, "connections.toml")
    if CONNECTIONS not in env and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        problem = f"{path} is not TOML: {error}"
    except FileNotFoundError:
        problem = f"there is no file {path}"
    except (OSError, UnicodeDecodeError):
        problem = f"{path} cannot be read as text"
    raise SettingsError(Problem(CONNECTIONS, problem))


def _from_table(
    name: str, table: object, env: Mapping[str, str], adapters: Adapters
) -> ConnectionSettings:
    where = f"[{name}]"
    if not _CONNECTION_NAME.fullmatch(name):
        raise SettingsError(Problem(where, "a connection's name has only a-z, 0-9 and hyphens"))
    if not isinstance(table, dict):
        raise SettingsError(Problem(where, "must be a table: its name in brackets on a line"))
    provider = str(table.get("provider", ""))
    model = _adapter(provider, f"{where} provider", adapters).options
    values = _values(where, table, {*model.model_fields, "provider", "poll_interval"}, env)
    problems: list[Problem] = []
    interval = None
    with collecting(problems), translating(lambda _: f"{where} poll_interval"):
        interval = _SECONDS.validate_python(values.pop("poll_interval", None))
    with collecting(problems), translating(lambda field: f"{where} {field}".rstrip()):
        options = model.model_validate({key: values[key] for key in values if key != "provider"})
    if problems:
        raise SettingsError(*problems)
    return ConnectionSettings(name=name, provider=provider, options=options, poll_interval=interval)


def _values(
    where: str, table: Mapping[str, object], known: Collection[str], env: Mapping[str, str]
) -> dict[str, object]:
    """What a table says, with the variables that it refers to."""
    values, problems = {}, []
    for key, value in table.items():
        if key not in known:
            message = f"unknown; known are {', '.join(sorted(known))}"
            problems.append(Problem(f"{where} {key}", message))
            continue
        try:
            values[key] = _expanded(value, env)
        except KeyError as missing:
            message = f"the variable {missing.args[0]} is not set"
            problems.append(Problem(f"{where} {key}", message))
    if problems:
        raise SettingsError(*problems)
    return values


def _expanded(value: object, env: Mapping[str, str]) -> object:
    """`value` with each `${NAME}` in its texts replaced; KeyError where NAME is not set."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: env[found[1]], value)
    if isinstance(value, dict):
        return {key: _expanded(item, env) for key, item in value.items()}
    if isinstance(value, list):
        return [_expanded(item, env) for item in value]
    return value
