"""Everything that is set from outside, read once and checked as a whole.

`load` reads the environment, a `.env` file beside it, and a TOML file of connections. Whatever is
wrong is told at once, a sentence for each setting, and never with a value that may be a secret.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import ErrorDetails

CONNECTIONS = "TASKBELL_CONNECTIONS"
"""The variable that names the TOML file of connections."""

_CONNECTION_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_SQLITE = re.compile(r"sqlite:///(?P<path>[^?#]+)")
_DURATION = re.compile(r"(?P<count>[1-9]\d{0,4})(?P<unit>[smh])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
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


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one setting: a sentence that holds no secret."""

    setting: str
    message: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.message}"


class SettingsError(Exception):
    """Settings that cannot be used; its text has a line for each problem."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _matching(pattern: str, message: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(message)
        return value

    return AfterValidator(check)


def _duration(value: object) -> object:
    """`90s`, `15m`, `1h`, or `off` for none."""
    if not isinstance(value, str):
        return value
    if value == "off":
        return None
    found = _DURATION.fullmatch(value)
    if found is None:
        raise ValueError("must be a time such as 90s, 15m or 1h, or off")
    return timedelta(**{_UNITS[found["unit"]]: int(found["count"])})


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be the name of a time zone such as Europe/Madrid") from None
    return value


def _web_api(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", value):
        raise ValueError("must be an http or https address")
    return value.rstrip("/") + "/"


def _database(value: str) -> str:
    if re.match(r"postgres(ql)?(\+\w+)?:", value):
        raise ValueError(
            "PostgreSQL comes with a later version of Taskbell; use sqlite:///FILE for now"
        )
    found = _SQLITE.fullmatch(value)
    if found is None or found["path"] == ":memory:" or value.endswith("/"):
        raise ValueError("must be sqlite:///FILE, or sqlite:////DIRECTORY/FILE from the root")
    return value


_Id = Annotated[
    str, _matching(r"[UW][A-Z0-9]+", "must be Slack user ids such as U024BE7LH, with commas")
]
_Ids = Annotated[tuple[_Id, ...], BeforeValidator(_split)]
_Channel = Annotated[
    str, _matching(r"[CGD][A-Z0-9]+", "must be the id of a Slack channel such as C024BE91L")
]
_Seconds = Annotated[float, Field(ge=1, allow_inf_nan=False)]
_SECONDS: TypeAdapter[float | None] = TypeAdapter(_Seconds | None)


class ConnectionSettings(BaseModel):
    """One account at a provider. `options` is an instance of its adapter's own options model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    provider: str
    options: BaseModel
    poll_interval: float | None = None
    """Seconds between polls; None leaves it to `Settings` and then to the adapter."""


class Settings(BaseModel):
    """What is set, with the defaults for the rest. A field's alias is its variable."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    slack_bot_token: SecretStr | None = Field(None, alias="SLACK_BOT_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_app_token: SecretStr | None = Field(None, alias="SLACK_APP_TOKEN")
    """Set: Socket Mode. Not set: HTTP on `host` and `port`."""
    slack_api_url: Annotated[str, AfterValidator(_web_api)] = Field(
        "https://slack.com/api/", alias="SLACK_API_URL"
    )
    """Base of the Web API, with a slash at its end."""
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite:///taskbell.db", alias="DATABASE_URL"
    )
    host: str = Field("0.0.0.0", alias="HOST")  # noqa: S104 - a bot is there to be reached
    port: int = Field(3000, ge=0, le=65535, alias="PORT")
    """0 lets the system choose one."""
    undo_seconds: float = Field(5, ge=0, allow_inf_nan=False, alias="TASKBELL_UNDO_SECONDS")
    """Seconds to hold a write that cannot be reversed; 0 holds none."""
    timezone: Annotated[str, AfterValidator(_timezone)] = Field("UTC", alias="TASKBELL_TIMEZONE")
    """IANA name, for people of whom Slack tells none."""
    due_soon: Annotated[timedelta | None, BeforeValidator(_duration)] = Field(
        timedelta(minutes=15), alias="TASKBELL_DUE_SOON"
    )
    """How long before a timed task its reminder comes; None for no such reminder."""
    admins: _Ids = Field((), alias="TASKBELL_ADMINS")
    managers: _Ids = Field((), alias="TASKBELL_MANAGERS")
    fallback_channel: _Channel | None = Field(None, alias="TASKBELL_FALLBACK_CHANNEL")
    """Where tasks of nobody that we know go."""
    alert_channel: _Channel | None = Field(None, alias="TASKBELL_ALERT_CHANNEL")
    """Where trouble is told, beside the admins."""
    link_by_email: Literal["auto", "propose", "off"] = Field("auto", alias="TASKBELL_LINK_BY_EMAIL")
    log: Literal["console", "json"] = Field("console", alias="TASKBELL_LOG")
    poll_interval: _Seconds | None = Field(None, alias="TASKBELL_POLL_INTERVAL")
    """Seconds between polls of a connection that sets none; None leaves it to the adapter."""
    connections: tuple[ConnectionSettings, ...] = ()
    directory: Path = Path()
    """What relative paths start from."""

    @property
    def database_path(self) -> Path:
        """The file of the SQLite database."""
        return self.directory / self.database_url.removeprefix("sqlite:///")

    def require_slack(self) -> None:
        """Refuse settings without which no Slack can be spoken to."""
        problems = []
        if self.slack_bot_token is None:
            problems.append(
                Problem("SLACK_BOT_TOKEN", "not set; the app's page OAuth & Permissions has it")
            )
        if self.slack_signing_secret is None and self.slack_app_token is None:
            problems.append(
                Problem(
                    "SLACK_SIGNING_SECRET",
                    "not set; the app's page Basic Information has it"
                    " (or set SLACK_APP_TOKEN for Socket Mode)",
                )
            )
        if problems:
            raise SettingsError(*problems)


def load(environ: Mapping[str, str], cwd: Path, adapters: Adapters) -> Settings:
    """Read all settings; `SettingsError` lists everything that is wrong with them.

    `cwd`: where `.env` and the TOML file are looked for. `adapters`: the module
    `adapters.registry`, or what a test puts in its place.
    """
    problems: list[Problem] = []
    env = _filled(environ)
    with _collecting(problems):
        env = {**_beside(cwd), **env}
    connections = _connections(env, cwd, adapters, problems)
    known = {field.alias for field in Settings.model_fields.values() if field.alias}
    values: dict[str, Any] = {key: env[key] for key in known & env.keys()}
    with _collecting(problems), _translating(str):
        settings = Settings.model_validate({**values, "connections": connections, "directory": cwd})
    if problems:
        raise SettingsError(*problems)
    return settings


@contextmanager
def _collecting(problems: list[Problem]) -> Iterator[None]:
    try:
        yield
    except SettingsError as error:
        problems.extend(error.problems)


@contextmanager
def _translating(setting: Callable[[str], str]) -> Iterator[None]:
    """Turn what pydantic finds wrong into problems; `setting` names the setting of a field."""
    try:
        yield
    except ValidationError as error:
        problems = (
            Problem(setting(str(detail["loc"][0]) if detail["loc"] else ""), _sentence(detail))
            for detail in error.errors(include_url=False, include_input=False)
        )
        raise SettingsError(*dict.fromkeys(problems)) from None


def _sentence(detail: ErrorDetails) -> str:
    if detail["type"] == "missing":
        return "not set"
    message = detail["msg"].removeprefix("Value error, ")
    return message.replace("Input should", "must", 1).partition(", unable to parse")[0]


def _filled(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Those that are set: an empty one counts as not set."""
    return {key: value.strip() for key, value in variables.items() if value and value.strip()}


def _beside(cwd: Path) -> dict[str, str]:
    """The variables of `.env`, as they are written: a password may well hold `${`."""
    try:
        return _filled(dotenv_values(cwd / ".env", interpolate=False))
    except (OSError, UnicodeDecodeError):
        raise SettingsError(Problem(".env", "cannot be read as text")) from None


def _connections(
    env: Mapping[str, str],
    cwd: Path,
    adapters: Adapters,
    problems: list[Problem],
) -> tuple[ConnectionSettings, ...]:
    """Those that an API key in the environment makes, and those of the TOML file."""
    found: dict[str, ConnectionSettings] = {}
    for name in adapters.names():
        if variable(name, "api_key") in env:
            with _collecting(problems):
                found[name] = _from_environment(name, env, adapters)
    tables: dict[str, object] = {}
    with _collecting(problems):
        tables = _tables(env, cwd)
    for name, table in tables.items():
        with _collecting(problems):
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
    with _translating(lambda field: variables.get(field, name)):
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
    with _collecting(problems), _translating(lambda _: f"{where} poll_interval"):
        interval = _SECONDS.validate_python(values.pop("poll_interval", None))
    with _collecting(problems), _translating(lambda field: f"{where} {field}".rstrip()):
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
