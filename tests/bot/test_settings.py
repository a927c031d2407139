"""Settings: where they are read from, what they mean, and what is said of wrong ones."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, field_validator

from bot.domain.preferences import QuietHours
from bot.settings import Problem, Settings, SettingsError, load


class TillOptions(BaseModel):
    """The options of an imagined adapter."""

    model_config = ConfigDict(extra="forbid")

    api_key: SecretStr
    base_url: str = "https://till.example"
    codes: dict[str, str] = {}
    retries: int = 3

    @field_validator("codes", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        if isinstance(value, str):
            return dict(pair.split("=") for pair in value.split(","))
        return value


@dataclass(frozen=True)
class Spec:
    options: type[BaseModel] = TillOptions


class Adapters:
    """Two that work, and one of a package that delivers nothing."""

    def names(self) -> list[str]:
        return ["broken", "front-desk", "till"]

    def find(self, name: str) -> Spec:
        if name not in ("front-desk", "till"):
            raise LookupError("No such adapter.")
        return Spec()


Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Settings of the given variables, in a directory of their own."""

    def read(environ: Mapping[str, str] | None = None, /, **variables: str) -> Settings:
        return load({**(environ or {}), **variables}, tmp_path, Adapters())

    return read


@pytest.fixture
def refused(read: Read) -> Callable[..., str]:
    """What is said of settings that are wrong."""

    def refused(environ: Mapping[str, str] | None = None, /, **variables: str) -> str:
        with pytest.raises(SettingsError) as caught:
            read(environ, **variables)
        return str(caught.value)

    return refused


def test_nothing_set_gives_the_documented_defaults(read: Read, tmp_path: Path) -> None:
    settings = read()
    assert settings == Settings(directory=tmp_path)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///taskbell.db"
    assert (settings.host, settings.port) == ("0.0.0.0", 3000)  # noqa: S104 - only compared
    assert settings.undo_seconds == 5
    assert settings.timezone == "UTC"
    assert settings.locale == "en"
    assert settings.due_soon == timedelta(minutes=15)
    assert settings.working_days == {0, 1, 2, 3, 4}
    assert settings.quiet_hours == QuietHours(time(20), time(8))
    assert settings.digest_at == time(8, 30)
    assert (settings.admins, settings.managers, settings.connections) == ((), (), ())
    assert settings.fallback_channel is None
    assert settings.alert_channel is None
    assert settings.public_url is None
    assert settings.poll_interval is None
    assert (settings.link_by_email, settings.log) == ("auto", "console")


def test_every_variable_is_read(read: Read) -> None:
    settings = read(
        SLACK_BOT_TOKEN="xoxb-1",
        SLACK_SIGNING_SECRET="s3cret",
        SLACK_APP_TOKEN="xapp-1",
        SLACK_API_URL="http://127.0.0.1:8080/api",
        DATABASE_URL="sqlite:////srv/bell.db",
        HOST="127.0.0.1",
        PORT="8000",
        TASKBELL_PUBLIC_URL="https://bell.example.com/",
        TASKBELL_UNDO_SECONDS="0",
        TASKBELL_TIMEZONE="America/Santiago",
        TASKBELL_LOCALE="es",
        TASKBELL_DUE_SOON="1h",
        TASKBELL_WORKING_DAYS="sun-tue",
        TASKBELL_QUIET_HOURS="off",
        TASKBELL_DIGEST_AT="07:15",
        TASKBELL_ADMINS="U1, W2",
        TASKBELL_MANAGERS="U3",
        TASKBELL_FALLBACK_CHANNEL="C1",
        TASKBELL_ALERT_CHANNEL="G2",
        TASKBELL_LINK_BY_EMAIL="propose",
        TASKBELL_LOG="json",
        TASKBELL_POLL_INTERVAL="2.5",
        SOMETHING_ELSE="ignored",
    )
    assert settings.slack_bot_token == SecretStr("xoxb-1")
    assert settings.slack_signing_secret == SecretStr("s3cret")
    assert settings.slack_app_token == SecretStr("xapp-1")
    assert settings.slack_api_url == "http://127.0.0.1:8080/api/"
    assert settings.database_path == Path("/srv/bell.db")
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "https://bell.example.com"
    assert settings.undo_seconds == 0
    assert settings.timezone == "America/Santiago"
    assert settings.locale == "es"
    assert settings.due_soon == timedelta(hours=1)
    assert (settings.working_days, settings.quiet_hours) == ({6, 0, 1}, None)
    assert settings.digest_at == time(7, 15)
    assert settings.admins == ("U1", "W2")
    assert settings.managers == ("U3",)
    assert (settings.fallback_channel, settings.alert_channel) == ("C1", "G2")
    assert (settings.link_by_email, settings.log) == ("propose", "json")
    assert settings.poll_interval == 2.5


def test_settings_are_frozen_and_hide_secrets(read: Read) -> None:
    settings = read(SLACK_BOT_TOKEN="xoxb-hidden", TILL_API_KEY="k-hidden")
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]
    assert "hidden" not in repr(settings)


def test_a_relative_database_lies_in_the_working_directory(read: Read, tmp_path: Path) -> None:
    assert read(DATABASE_URL="sqlite:///data/x.db").database_path == tmp_path / "data/x.db"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("off", None),
        ("OFF", None),
    ],
)
def test_due_soon(read: Read, text: str, meaning: timedelta | None) -> None:
    assert read(TASKBELL_DUE_SOON=text).due_soon == meaning


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "http", "must be a valid integer"),
        ("PORT", "70000", "must be less than or equal to 65535"),
        ("SLACK_API_URL", "slack.com", "http"),
        ("SLACK_API_URL", "https://", "http"),
        ("DATABASE_URL", "postgresql://u:pw-hidden@db/x?colour=red", "postgresql://USER:PASSWORD"),
        ("DATABASE_URL", "postgresql://u:pw-hidden@db:port/x y", "postgresql://USER:PASSWORD"),
        ("DATABASE_URL", "mysql://u:pw-hidden@db/x", "sqlite:///FILE"),
        ("DATABASE_URL", "sqlite:///:memory:", "sqlite:///FILE"),
        ("DATABASE_URL", "sqlite://", "sqlite:///FILE"),
        ("TASKBELL_PUBLIC_URL", "http://bell.example.com", "https address such as"),
        ("TASKBELL_PUBLIC_URL", "bell.example.com", "https address such as"),
        ("TASKBELL_PUBLIC_URL", "https://u:pw-hidden@bell.example.com", "https address such as"),
        ("TASKBELL_PUBLIC_URL", "https://bell.example.com/?key=hidden", "https address such as"),
        ("TASKBELL_UNDO_SECONDS", "-1", "greater than or equal to 0"),
        ("TASKBELL_UNDO_SECONDS", "inf", "finite"),
        ("TASKBELL_TIMEZONE", "Mars/Base", "time zone such as"),
        ("TASKBELL_TIMEZONE", "../UTC", "time zone such as"),
        ("TASKBELL_LOCALE", "fr", "one of en, es, de, pt"),
        ("TASKBELL_DUE_SOON", "soon", "90s, 15m or 1h"),
        ("TASKBELL_DUE_SOON", "0m", "90s, 15m or 1h"),
        ("TASKBELL_WORKING_DAYS", "weekdays", "days such as mon-fri"),
        ("TASKBELL_QUIET_HOURS", "20:00", "two times such as 20:00-08:00, or off"),
        ("TASKBELL_DIGEST_AT", "8h30", "a time such as 08:30, or off"),
        ("TASKBELL_ADMINS", "U1,@ana", "Slack user ids"),
        ("TASKBELL_MANAGERS", "ana@example.com", "Slack user ids"),
        ("TASKBELL_FALLBACK_CHANNEL", "#general", "id of a Slack channel"),
        ("TASKBELL_ALERT_CHANNEL", "U1", "id of a Slack channel"),
        ("TASKBELL_LINK_BY_EMAIL", "yes", "'auto', 'propose' or 'off'"),
        ("TASKBELL_LOG", "xml", "'console' or 'json'"),
        ("TASKBELL_POLL_INTERVAL", "0.5", "greater than or equal to 1"),
        ("TASKBELL_POLL_INTERVAL", "nan", "must be a finite number"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(
    refused: Callable[..., str], name: str, value: str, told: str
) -> None:
    said = refused({name: value})
    assert said.startswith(f"{name}: ")
    assert told in said
    assert "\n" not in said
    assert "hidden" not in said


def test_all_wrong_settings_are_listed_at_once(refused: Callable[..., str]) -> None:
    said = refused(
        PORT="x",
        TASKBELL_LOG="xml",
        TASKBELL_ADMINS="@a,@b",
        TASKBELL_CONNECTIONS="gone.toml",
        TILL_API_KEY="k",
        TILL_RETRIES="many",
    )
    assert sorted(line.partition(":")[0] for line in said.splitlines()) == [
        "PORT",
        "TASKBELL_ADMINS",
        "TASKBELL_CONNECTIONS",
        "TASKBELL_LOG",
        "TILL_RETRIES",
    ]


def test_dotenv_is_read_and_the_environment_wins(read: Read, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "# comment\nexport PORT=4000\nHOST='h1'\nTASKBELL_LOG=json\nTILL_API_KEY=a${b}c\nODD\n"
    )
    settings = read(HOST="h2", TASKBELL_LOG="")
    assert (settings.port, settings.host, settings.log) == (4000, "h2", "json")
    (connection,) = settings.connections
    assert connection.options == TillOptions(api_key=SecretStr("a${b}c"))


def test_an_unreadable_dotenv_is_told(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff")
    assert refused() == ".env: cannot be read as text"


def test_an_empty_value_counts_as_not_set(read: Read) -> None:
    settings = read(PORT="", SLACK_BOT_TOKEN=" ", TASKBELL_CONNECTIONS="", TILL_API_KEY="")
    assert settings.port == 3000
    assert settings.slack_bot_token is None
    assert settings.connections == ()


def test_an_api_key_makes_a_connection(read: Read) -> None:
    settings = read(
        TILL_API_KEY="k", TILL_BASE_URL="http://h", TILL_CODES="A=1,B=2", FRONT_DESK_API_KEY="d"
    )
    desk, till = settings.connections
    assert (till.name, till.provider, till.poll_interval) == ("till", "till", None)
    assert till.options == TillOptions(
        api_key=SecretStr("k"), base_url="http://h", codes={"A": "1", "B": "2"}
    )
    assert (desk.name, desk.provider) == ("front-desk", "front-desk")


def test_options_without_a_key_make_no_connection(read: Read) -> None:
    assert read(TILL_BASE_URL="http://h").connections == ()


def test_a_broken_adapter_harms_only_those_who_use_it(refused: Callable[..., str]) -> None:
    assert refused(BROKEN_API_KEY="k", TILL_API_KEY="k") == "BROKEN_API_KEY: No such adapter."


def test_connections_of_a_file(read: Read, tmp_path: Path) -> None:
    (tmp_path / "connections.toml").write_text(
        """
        [till-north]
        provider = "till"
        api_key = "${NORTH_KEY}"
        poll_interval = 30
        codes = { A = "${CODE}-1" }
        [till-south]
        provider = "till"
        api_key = "plain"
        """
    )
    north, south = read(NORTH_KEY="n", CODE="x").connections
    assert (north.name, north.provider, north.poll_interval) == ("till-north", "till", 30)
    assert north.options == TillOptions(api_key=SecretStr("n"), codes={"A": "x-1"})
    assert (south.name, south.poll_interval) == ("till-south", None)


def test_the_file_can_be_named_and_joins_the_environment(read: Read, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[two]\nprovider = "till"\napi_key = "k"\n')
    settings = read(TASKBELL_CONNECTIONS="mine.toml", TILL_API_KEY="k")
    assert [connection.name for connection in settings.connections] == ["till", "two"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[a]\nprovider = "till"\n', ["[a] api_key: not set"]),
        ("[a]\n", ["[a] provider: No such adapter."]),
        ("[a]\nprovider = 7\n", ["[a] provider: No such adapter."]),
        ('[a]\nprovider = "broken"\n', ["[a] provider: No such adapter."]),
        ("a = 1\n", ["[a]: must be a table: its name in brackets on a line"]),
        ("[Till]\n", ["[Till]: a connection's name has only a-z, 0-9 and hyphens"]),
        (
            '[a]\nprovider = "till"\napi_key = "${A_KEY}"\n[b]\nprovider = "till"\n',
            ["[a] api_key: the variable A_KEY is not set", "[b] api_key: not set"],
        ),
        (
            '[a]\nprovider = "till"\napi_key = "k"\nretries = "x"\npoll_interval = 0\n',
            [
                "[a] poll_interval: must be greater than or equal to 1",
                "[a] retries: must be a valid integer",
            ],
        ),
        (
            '[a]\nprovider = "till"\napi_key = "k"\nkey = 1\n',
            ["[a] key: unknown; known are api_key, base_url, codes, poll_interval, provider,"],
        ),
        (
            '[till]\nprovider = "till"\napi_key = "k"\n',
            ["[till]: TILL_API_KEY makes a connection of this name too; rename the table"],
        ),
    ],
)
def test_wrong_tables_are_told(
    refused: Callable[..., str], tmp_path: Path, text: str, told: list[str]
) -> None:
    (tmp_path / "connections.toml").write_text(text)
    lines = refused(TILL_API_KEY="k-hidden").splitlines()
    assert len(lines) == len(told)
    assert all(line.startswith(start) for line, start in zip(lines, told, strict=True))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[a\n", "is not TOML"),
        (b"[a]\n[a]\n", "is not TOML"),
        (b"\xff", "cannot be read as text"),
        (None, "there is no file"),
    ],
)
def test_wrong_files_are_told(
    refused: Callable[..., str], tmp_path: Path, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "my.toml").write_bytes(content)
    said = refused(TASKBELL_CONNECTIONS="my.toml")
    assert said.startswith("TASKBELL_CONNECTIONS: ")
    assert told in said
    assert "my.toml" in said


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        ({"SLACK_BOT_TOKEN": "b"}, ["SLACK_SIGNING_SECRET"]),
        ({"SLACK_APP_TOKEN": "a"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_SIGNING_SECRET": "s"}, ["SLACK_BOT_TOKEN"]),
    ],
)
def test_slack_needs_its_tokens(read: Read, variables: dict[str, str], missing: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        read(variables).require_slack()
    assert [problem.setting for problem in caught.value.problems] == missing


def test_slack_is_content_with_either_second_token(read: Read) -> None:
    read(SLACK_BOT_TOKEN="b", SLACK_APP_TOKEN="a").require_slack()
    read(SLACK_BOT_TOKEN="b", SLACK_SIGNING_SECRET="s").require_slack()


def test_a_problem_is_a_sentence() -> None:
    error = SettingsError(Problem("A", "not set"), Problem("B", "wrong"))
    assert str(error) == "A: not set\nB: wrong"


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_postgresql_is_a_database_without_a_file(read: Read, scheme: str) -> None:
    url = f"{scheme}://bell:pw-hidden@db.example/bell?sslmode=require"
    settings = read(DATABASE_URL=url)
    assert (settings.database_url, settings.database_path) == (url, None)
    assert "pw-hidden" not in repr(settings)


def test_without_its_driver_postgresql_is_refused_with_the_remedy(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = refused(DATABASE_URL="postgresql://bell:pw-hidden@db.example/bell")
    assert "pip install 'taskbell[postgres]'" in said
    assert "pw-hidden" not in said
