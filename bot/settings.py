"""Everything that is set from outside, read once and checked as a whole.

`load` reads the environment, a `.env` file, and the connections (`bot/connections.py`). Whatever is
wrong is told at once, a sentence for each setting, and never with a value that may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
)

from bot.connections import Adapters, ConnectionSettings, Seconds, read_connections
from bot.domain.language import TAGS
from bot.domain.preferences import (
    DIGEST_AT,
    DUE_SOON,
    QUIET,
    WORKING_DAYS,
    QuietHours,
    read_clock,
    read_quiet,
    read_working_days,
)
from bot.problems import Problem, SettingsError, collecting, translating

__all__ = ["ConnectionSettings", "Problem", "Settings", "SettingsError", "load"]

_SQLITE = re.compile(r"sqlite:///(?P<path>[^?#]+)")
_POSTGRES = re.compile(r"postgres(ql)?://")
_DURATION = re.compile(r"(?P<count>[1-9]\d{0,4})(?P<unit>[smh])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}


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
    if value.casefold() == "off":
        return None
    found = _DURATION.fullmatch(value)
    if found is None:
        raise ValueError("must be a time such as 90s, 15m or 1h, or off")
    return timedelta(**{_UNITS[found["unit"]]: int(found["count"])})


def _read(reader: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: reader(value) if isinstance(value, str) else value)


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be the name of a time zone such as Europe/Madrid") from None
    return value


def _locale(value: str) -> str:
    if value not in TAGS:
        raise ValueError(f"must be one of {', '.join(TAGS)}")
    return value


def _web_api(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", value):
        raise ValueError("must be an http or https address")
    return value.rstrip("/") + "/"


def _public_url(value: str) -> str:
    if not re.fullmatch(r"https://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ValueError("must be an https address such as https://taskbell.example.com")
    return value.rstrip("/")


def checked_database(value: str) -> str:
    """Refuse what no driver takes, or the driver for which is not installed."""
    if _POSTGRES.match(value):
        return _postgres(value)
    found = _SQLITE.fullmatch(value)
    if found is None or found["path"] == ":memory:" or value.endswith("/"):
        raise ValueError(
            "must be sqlite:///FILE, sqlite:////DIRECTORY/FILE from the root, or"
            " postgresql://USER:PASSWORD@HOST/NAME"
        )
    return value


def _postgres(value: str) -> str:
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise ValueError(
            "needs the driver for PostgreSQL: pip install 'taskbell[postgres]'"
        ) from None
    try:
        conninfo_to_dict(value)
    except ProgrammingError:  # its text may hold the password
        raise ValueError(
            "must be postgresql://USER:PASSWORD@HOST/NAME, with %40 for an @ in the password"
        ) from None
    return value


_Id = Annotated[
    str, _matching(r"[UW][A-Z0-9]+", "must be Slack user ids such as U024BE7LH, with commas")
]
_Ids = Annotated[tuple[_Id, ...], BeforeValidator(_split)]
_Channel = Annotated[
    str, _matching(r"[CGD][A-Z0-9]+", "must be the id of a Slack channel such as C024BE91L")
]


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
    database_url: Annotated[str, AfterValidator(checked_database)] = Field(
        "sqlite:///taskbell.db", alias="DATABASE_URL", repr=False
    )
    """`sqlite:///FILE`, or `postgresql://…`, which may hold a password."""
    host: str = Field("0.0.0.0", alias="HOST")  # noqa: S104 - a bot is there to be reached
    port: int = Field(3000, ge=0, le=65535, alias="PORT")
    """0 lets the system choose one."""
    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        None, alias="TASKBELL_PUBLIC_URL"
    )
    """Where `host` and `port` are reached from outside, without a slash at its end; None: no
    provider is asked to call."""
    undo_seconds: float = Field(5, ge=0, allow_inf_nan=False, alias="TASKBELL_UNDO_SECONDS")
    """Seconds to hold a write that cannot be reversed; 0 holds none."""
    timezone: Annotated[str, AfterValidator(_timezone)] = Field("UTC", alias="TASKBELL_TIMEZONE")
    """IANA name, for people of whom Slack tells none."""
    locale: Annotated[str, AfterValidator(_locale)] = Field("en", alias="TASKBELL_LOCALE")
    """One of ours, for people of whom Slack tells none, and for channels."""
    due_soon: Annotated[timedelta | None, BeforeValidator(_duration)] = Field(
        DUE_SOON, alias="TASKBELL_DUE_SOON"
    )
    """How long before a timed task its reminder comes; None for no such reminder."""
    working_days: Annotated[frozenset[int], _read(read_working_days)] = Field(
        WORKING_DAYS, alias="TASKBELL_WORKING_DAYS"
    )
    """0 is Monday. These and the next two are for people who have set none of their own."""
    quiet_hours: Annotated[QuietHours | None, _read(read_quiet)] = Field(
        QUIET, alias="TASKBELL_QUIET_HOURS"
    )
    digest_at: Annotated[time | None, _read(read_clock)] = Field(
        DIGEST_AT, alias="TASKBELL_DIGEST_AT"
    )
    """On each person's wall clock; None for no digest."""
    admins: _Ids = Field((), alias="TASKBELL_ADMINS")
    managers: _Ids = Field((), alias="TASKBELL_MANAGERS")
    fallback_channel: _Channel | None = Field(None, alias="TASKBELL_FALLBACK_CHANNEL")
    """Where tasks of nobody that we know go."""
    alert_channel: _Channel | None = Field(None, alias="TASKBELL_ALERT_CHANNEL")
    """Where trouble is told, beside the admins."""
    link_by_email: Literal["auto", "propose", "off"] = Field("auto", alias="TASKBELL_LINK_BY_EMAIL")
    log: Literal["console", "json"] = Field("console", alias="TASKBELL_LOG")
    poll_interval: Seconds | None = Field(None, alias="TASKBELL_POLL_INTERVAL")
    """Seconds between polls of a connection that sets none; None leaves it to the adapter."""
    connections: tuple[ConnectionSettings, ...] = ()
    directory: Path = Path()
    """What relative paths start from."""

    @property
    def database_path(self) -> Path | None:
        """The file of the SQLite database; None for PostgreSQL."""
        if _POSTGRES.match(self.database_url):
            return None
        return self.directory / self.database_url.removeprefix("sqlite:///")

    def require_shared(self, command: str) -> None:
        """Refuse a database that only one process can run the bot on."""
        if self.database_path is not None:
            raise SettingsError(
                Problem(
                    "DATABASE_URL",
                    f"`taskbell {command}` shares its work with other processes, which takes"
                    " PostgreSQL (postgresql://USER:PASSWORD@HOST/NAME); with SQLite, use"
                    " `taskbell run`",
                )
            )

    def require_slack(self, *, hears: bool = True) -> None:
        """Refuse settings without which Slack cannot be spoken to, or (`hears`) listened to."""
        problems = []
        if self.slack_bot_token is None:
            problems.append(
                Problem("SLACK_BOT_TOKEN", "not set; the app's page OAuth & Permissions has it")
            )
        if hears and self.slack_signing_secret is None and self.slack_app_token is None:
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
    with collecting(problems):
        env = {**_beside(cwd), **env}
    connections = read_connections(env, cwd, adapters, problems)
    known = {field.alias for field in Settings.model_fields.values() if field.alias}
    values: dict[str, Any] = {key: env[key] for key in known & env.keys()}
    with collecting(problems), translating(str):
        settings = Settings.model_validate({**values, "connections": connections, "directory": cwd})
    if problems:
        raise SettingsError(*problems)
    return settings


def _filled(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Those that are set: an empty one counts as not set."""
    return {key: value.strip() for key, value in variables.items() if value and value.strip()}


def _beside(cwd: Path) -> dict[str, str]:
    """The variables of `.env`, as they are written: a password may well hold `${`."""
    try:
        return _filled(dotenv_values(cwd / ".env", interpolate=False))
    except (OSError, UnicodeDecodeError):
        raise SettingsError(Problem(".env", "cannot be read as text")) from None
