"""Logs: their form, and what never stands in them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.logs import configure, redacted


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = [*root.handlers], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_events_are_json_objects(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    structlog.get_logger("bot.polling").info("polled", connection="north", tasks=3, whole=True)
    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "polled",
        "connection": "north",
        "tasks": 3,
        "whole": True,
        "level": "info",
        "logger": "bot.polling",
    }


def test_libraries_go_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    logging.getLogger("some.library").info("listening on %s", "port 3000")
    logging.getLogger("apscheduler.executors").info("everyday work")
    logging.getLogger("slack_bolt.App").warning("token %s is odd", "xoxb-1-2-abc")
    assert [(line["logger"], line["event"]) for line in lines(capsys)] == [
        ("some.library", "listening on port 3000"),
        ("slack_bolt.App", "token *** is odd"),
    ]


def test_configuring_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json")
    configure("console")
    structlog.get_logger("bot").warning("once", connection="north")
    (line,) = capsys.readouterr().err.splitlines()
    assert "[warning" in line
    assert "connection=north" in line


def raised() -> None:
    token = "xoxb-in-a-local"
    raise RuntimeError(f"no {token[:0]}answer from https://h.example/x?key=hidden")


@pytest.mark.parametrize("kind", ["json", "console"])
def test_exceptions_keep_their_traceback_and_lose_secrets(
    capsys: pytest.CaptureFixture[str], kind: Any
) -> None:
    configure(kind)
    try:
        raised()
    except RuntimeError:
        structlog.get_logger("bot").exception("failed")
    said = capsys.readouterr().err
    assert "RuntimeError: no answer from https://h.example/x?***" in said
    assert "hidden" not in said


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("xoxb-123-456-AbC", "***"),
        ("xoxe.xoxp-1-Mi0yL", "***"),
        ("with xapp-1-A0-99-ff.", "with ***."),
        ("api_4mEl9bQxYz.5nWPzDx1a2", "***"),
        ("the api_call was slow", "the api_call was slow"),
        ("rtn_sk_live_9f8e7d", "***"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("basic dXNlcjpwdw==", "basic ***"),
        ("GET https://h/x?a=b&c=d HTTP/1.1", "GET https://h/x?*** HTTP/1.1"),
        ("GET /slack/events?x=1", "GET /slack/events?***"),
        ("sqlite:///taskbell.db", "sqlite:///taskbell.db"),
        ("https://user:pw@h/x", "https://***"),
        ("https://hooks.slack.com/actions/T1/2/abc", "https://hooks.slack.com/***"),
        ("done? yes", "done? yes"),
    ],
)
def test_secrets_are_taken_out_of_texts(text: str, clean: str) -> None:
    assert redacted(None, "info", {"event": text}) == {"event": clean}


def test_personal_data_is_left_out_at_every_depth() -> None:
    event = {
        "event": "seen",
        "email": "ana@example.com",
        "title": "Call Ana",
        "user": {"id": "U1", "real_name": "Ana", "seen": [{"text": "hi", "n": 1}]},
        "kinds": ("xoxb-1", None, 2.5),
    }
    assert redacted(None, "info", event) == {
        "event": "seen",
        "user": {"id": "U1", "seen": [{"n": 1}]},
        "kinds": ["***", None, 2.5],
    }
