"""The command line: what it does to the database, what it prints, and how it refuses."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.bot.shell import Said, Shell

# Help and version


@pytest.mark.parametrize(
    "words",
    [
        (), ("run",), ("sync",), ("demo",), ("doctor",), ("links",), ("links", "list"),
        ("links", "add"), ("links", "remove"), ("links", "import"), ("links", "export"),
        ("links", "proposals"),
        ("tasks",), ("tasks", "list"), ("adapters",), ("adapters", "list"),
        ("db",), ("db", "copy"), ("db", "backup"),
    ],
)  # fmt: skip
def test_every_command_tells_its_use(shell: Shell, words: tuple[str, ...]) -> None:
    """Whatever is set, and without touching anything."""
    said = shell(*words, "--help", PORT="no port", RETEN_BASE_URL="nonsense")
    assert said.out.startswith("Usage: taskbell")
    assert len(said.out.splitlines()) >= 5
    assert shell(*words, "-h", PORT="no port").out == said.out
    assert list(shell.folder.iterdir()) == []


def test_the_version(shell: Shell) -> None:
    assert shell("--version").out == "taskbell, version 0.1.0\n"


@pytest.mark.parametrize(
    "words",
    [
        ("frob",), ("run", "fast"), ("links", "add"), ("links", "add", "--slack", "U1"),
        ("sync", "--connection"), ("demo", "--port", "70000"), ("links", "import", "nothing.csv"),
        ("sync", "--connection", "pland"), ("links", "import", "."),
    ],
)  # fmt: skip
def test_wrong_use_is_status_2(shell: Shell, words: tuple[str, ...]) -> None:
    said = shell(*words, status=2)
    assert said.out == ""
    assert "Error: " in said.err
    assert "Traceback" not in said.err


# Settings


@pytest.mark.parametrize("command", [("run",), ("tasks", "list")])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("TASKBELL_UNDO_SECONDS", "-1"),
        ("TASKBELL_POLL_INTERVAL", "0"),
        ("DATABASE_URL", "mysql://x"),
        ("RETEN_BASE_URL", "nonsense"),
        ("TASKBELL_TIMEZONE", "Mars/Olympus"),
        ("TASKBELL_ADMINS", "ana"),
        ("SLACK_API_URL", "slack"),
    ],
)
def test_a_malformed_setting_is_named(
    shell: Shell, command: tuple[str, ...], name: str, value: str
) -> None:
    said = shell(*command, status=2, **{name: value})
    (line,) = said.err.splitlines()
    assert line.startswith(f"{name}: ")
    assert said.out == ""
    assert list(shell.folder.iterdir()) == []


def test_every_wrong_setting_is_told_at_once(shell: Shell) -> None:
    said = shell("run", status=2, PORT="http", TASKBELL_LOCALE="en", TASKBELL_DUE_SOON="soon")
    assert [line.partition(":")[0] for line in said.err.splitlines()] == [
        "PORT", "TASKBELL_DUE_SOON",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("run", "SLACK_BOT_TOKEN"),
        ("sync", "SLACK_BOT_TOKEN"),
        ("run", "SLACK_SIGNING_SECRET"),
    ],
)
def test_a_missing_setting_is_named(shell: Shell, command: str, missing: str) -> None:
    assert shell(command, status=2, **{missing: ""}).err.startswith(f"{missing}: not set")


def test_links_need_no_slack(shell: Shell) -> None:
    no_slack: dict[str, Any] = {"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}
    words = ("--slack", "U1", "--connection", "reten", "--operator", "OP-1")
    assert shell("links", "add", *words, **no_slack).out == "1 linked, 0 already there.\n"


# Storage


def test_a_newer_database_is_left_alone(shell: Shell) -> None:
    shell("links", "list")
    with closing(sqlite3.connect(shell.folder / "taskbell.db")) as db, db:
        db.execute("INSERT INTO schema_version (version) VALUES (99)")
    for words in (("links", "list"), ("tasks", "list"), ("run",)):
        (line,) = shell(*words, status=1).err.splitlines()
        assert "newer version of Taskbell (schema 99" in line


def test_a_file_that_is_no_database_is_left_alone(shell: Shell) -> None:
    letter = b"Dear Sir or Madam, " * 300
    (shell.folder / "letter").write_bytes(letter)
    for words in (("links", "list"), ("tasks", "list"), ("run",)):
        (line,) = shell(*words, status=1, DATABASE_URL="sqlite:///letter").err.splitlines()
        assert line.endswith("the file is not a Taskbell database; check DATABASE_URL.")
    assert (shell.folder / "letter").read_bytes() == letter


@pytest.mark.parametrize("command", [("run",), ("sync",), ("links", "list")])
@pytest.mark.parametrize("where", ["no/folder/x.db", "taken"])
def test_a_path_that_cannot_be_written_is_told(
    shell: Shell, command: tuple[str, ...], where: str
) -> None:
    (shell.folder / "taken").mkdir()
    (line,) = shell(*command, status=1, DATABASE_URL=f"sqlite:///{where}").err.splitlines()
    assert "check" in line
    assert where in line or "the path" in line


# Links


def add(shell: Shell, user: str, operator: str, status: int = 0) -> Said:
    words = ("--slack", user, "--connection", "reten", "--operator", operator)
    return shell("links", "add", *words, status=status)


def test_a_link_is_made_once_listed_and_removed(shell: Shell) -> None:
    assert add(shell, "U1", "OP-1").out == "1 linked, 0 already there.\n"
    assert add(shell, "U1", "OP-1").out == "0 linked, 1 already there.\n"
    assert add(shell, "U1", "OP-2").out == "1 linked, 0 already there.\n"
    assert shell.links() == [("U1", "reten", "OP-1"), ("U1", "reten", "OP-2")]
    (row, _) = json.loads(shell("links", "list", "--json").out)
    assert (row["provenance"], row["actor"]) == ("admin", "cli")
    assert "OP-2" in shell("links", "list").out
    remove = ("links", "remove", "--connection", "reten", "--operator", "OP-1")
    assert shell(*remove).out == "Removed.\n"
    assert shell(*remove, status=1).err == ("OP-1 in reten is not linked. Nothing was changed.\n")
    assert shell.links() == [("U1", "reten", "OP-2")]


def test_an_operator_has_one_slack_user(shell: Shell) -> None:
    add(shell, "U1", "OP-1")
    said = add(shell, "U2", "OP-1", status=1)
    assert said.err == (
        "OP-1 in reten is already linked to U1; remove that link first. Nothing was changed.\n"
    )
    assert shell.links() == [("U1", "reten", "OP-1")]


def test_what_is_proposed_is_listed(shell: Shell) -> None:
    shell("links", "list")
    with closing(sqlite3.connect(shell.folder / "taskbell.db")) as db, db:
        for number, (user, how) in enumerate([("U1", "self"), ("U2", "email")]):
            db.execute(
                "INSERT INTO proposal (id, connection, operator_id, slack_user, provenance, state,"
                " created_at) VALUES (?, 'reten', 'OP-1', ?, ?, 'open', ?)",
                (f"p{number}", user, how, number),
            )
        db.execute("INSERT INTO operator (connection, id, name, active)"
                   " VALUES ('reten', 'OP-1', 'Ana Ruiz', 1)")  # fmt: skip
    rows = json.loads(shell("links", "proposals", "--json").out)
    assert [(row["slack_user"], row["provenance"], row["name"]) for row in rows] == [
        ("U1", "self", "Ana Ruiz"),
        ("U2", "email", "Ana Ruiz"),
    ]
    add(shell, "U2", "OP-1")
    assert json.loads(shell("links", "proposals", "--json").out) == []


@pytest.mark.parametrize("user", ["ana", "u1", "C123", "", "U1 ", "U1\n"])
def test_a_link_needs_the_id_of_a_slack_user(shell: Shell, user: str) -> None:
    assert "is not a Slack user id" in add(shell, user, "OP-1", status=2).err


@pytest.mark.parametrize("operator", ["", "  "])
def test_a_link_needs_an_operator(shell: Shell, operator: str) -> None:
    add(shell, "U1", operator, status=2)
    assert shell.links() == []


def test_a_link_needs_a_connection_that_is_set(shell: Shell) -> None:
    words = ("--slack", "U1", "--connection", "vambe", "--operator", "1")
    said = shell("links", "add", *words, status=2)
    assert "no connection is named vambe; set are: reten" in said.err


def test_two_accounts_of_one_provider(shell: Shell) -> None:
    (shell.folder / "connections.toml").write_text(
        '[reten-chile]\nprovider = "reten"\napi_key = "${CHILE}"\n'
        '[reten-peru]\nprovider = "reten"\napi_key = "${PERU}"\nbase_url = "http://127.0.0.1:9"\n'
    )
    keys: dict[str, Any] = {
        "RETEN_API_KEY": "",
        "RETEN_BASE_URL": "",
        "CHILE": "rtn_sk_a1",
        "PERU": "rtn_sk_b2",
    }
    path = shell.csv("slack_user,connection,operator\nU1,reten-chile,7\nU2,reten-peru,7\n")
    assert shell("links", "import", path, **keys).out == "2 linked, 0 already there.\n"
    said = shell("links", "export", **keys)
    assert said.out == "slack_user,connection,operator\nU1,reten-chile,7\nU2,reten-peru,7\n"


def test_a_file_beside_is_read_for_variables(shell: Shell) -> None:
    (shell.folder / ".env").write_text("CLOSE_API_KEY=api_1234567.89abcdef\nPORT=4000\n")
    words = ("--slack", "U1", "--connection", "close", "--operator", "user_1")
    shell("links", "add", *words)
    assert ("U1", "close", "user_1") in shell.links()
    (shell.folder / ".env").write_text("PORT=none\n")
    assert shell("links", "list", status=2).err.startswith("PORT: ")
    assert shell("links", "list", PORT="3000").status == 0


# CSV


def test_an_import_takes_what_spreadsheets_write(shell: Shell) -> None:
    text = (
        '\ufeffslack_user,"connection",name,operator\r\n'
        'U1,reten,"Pérez, Carlos ""Charly""",OP-1\r\n'
        ' U2 , reten ,"two\nlines", OP-2 \r\n'
        "\r\n"
        "U1,reten,again,OP-1\r\n"
    )
    assert shell("links", "import", shell.csv(text)).out == "2 linked, 1 already there.\n"
    assert shell.links() == [("U1", "reten", "OP-1"), ("U2", "reten", "OP-2")]
    assert shell("links", "import", shell.csv(text)).out == "0 linked, 3 already there.\n"


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("", 1, "lacks the columns slack_user, connection, operator"),
        ("slack_user;connection;operator\nU1;reten;OP-1\n", 1, "lacks the columns"),
        ("slack_user,connection\nU1,reten\n", 1, "lacks the columns operator"),
        ("slack_user,connection,operator\nU1,reten\n", 1, "line 2: a value is empty"),
        ("slack_user,connection,operator\nU1,reten,OP-1\n,reten,OP-2\n", 1, "line 3"),
        ('slack_user,connection,operator\nU1,reten,"OP-1\n', 1, "is not CSV"),
        (b"slack_user,connection,operator\nU1,reten,\xff\n", 1, "is not UTF-8 text"),
        ("slack_user,connection,operator\nU1,reten,OP-1\nbob,reten,OP-2\n", 2, "bob is not"),
        ("slack_user,connection,operator\nU1,reten,OP-1\nU1,crm,OP-2\n", 2, "named crm"),
        ("slack_user,connection,operator\nU1,reten,OP-1\nU2,reten,OP-1\n", 1, "linked to U1"),
        ("slack_user,connection,operator\nU1,reten,OP-1\nU5,reten,OP-9\n", 1, "linked to U9"),
    ],
)
def test_an_import_takes_everything_or_nothing(
    shell: Shell, text: str | bytes, status: int, words: str
) -> None:
    add(shell, "U9", "OP-9")
    assert words in shell("links", "import", shell.csv(text), status=status).err
    assert shell.links() == [("U9", "reten", "OP-9")]


def test_an_export_can_be_imported(shell: Shell) -> None:
    add(shell, "U1", 'OP "1", north')
    add(shell, "U2", "OP-é")
    exported = shell("links", "export").out
    before = shell.links()
    for _, connection, operator in before:
        shell("links", "remove", "--connection", connection, "--operator", operator)
    assert shell("links", "import", shell.csv(exported)).out == "2 linked, 0 already there.\n"
    assert shell.links() == before


def test_an_address_needs_slack(shell: Shell) -> None:
    path = shell.csv("slack_user,connection,operator\nana@example.com,reten,OP-1\n")
    said = shell("links", "import", path, status=1)
    assert said.err == "Slack did not answer users.lookupByEmail. Nothing was changed; try again.\n"
    said = shell("links", "import", path, status=2, SLACK_BOT_TOKEN="")
    assert said.err.startswith("SLACK_BOT_TOKEN: not set")


# Tables


def test_empty_lists(shell: Shell) -> None:
    for words in (("links", "list"), ("links", "proposals"), ("tasks", "list")):
        assert json.loads(shell(*words, "--json").out) == []
        assert len(shell(*words).out.splitlines()) == 1


def test_words_are_printed_as_they_are(shell: Shell) -> None:
    """No markup, no emoji codes, no cut."""
    operator = "[red]:bell: " + "x" * 200
    add(shell, "U1", operator)
    assert operator in shell("links", "list").out


def test_adapters_are_listed_with_their_setting(shell: Shell) -> None:
    rows = json.loads(shell("adapters", "list", "--json", SLACK_BOT_TOKEN="").out)
    assert {"name": "reten", "title": "Reten", "setting": "RETEN_API_KEY"} in rows
    assert "CLOSE_API_KEY" in shell("adapters", "list").out
