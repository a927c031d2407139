"""`python -m sandbox` with the app of `docs/sandbox.md`, used on the page over HTTP and over Socket
Mode, and what the program says to whoever starts it wrongly."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx2
import pytest
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.__main__ import main
from sandbox.serve import serving
from tests.docs.tutorial import ROOT, files

Json = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide's app and manifest; one event more is asked for than the sandbox sends."""
    folder = tmp_path_factory.mktemp("desk")
    for name, text in files((ROOT / "docs" / "sandbox.md").read_text()).items():
        (folder / name).write_text(text)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["settings"]["event_subscriptions"]["bot_events"].append("reaction_added")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture(scope="module")
def desk(folder: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("desk", folder / "desk.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True)
class Alone:
    """A sandbox in a process of its own, used by Ana; `environment` is what it says that an app
    should be started with."""

    http: httpx2.AsyncClient
    environment: Mapping[str, str]

    async def seen(self) -> Json:
        found: Json = (await self.http.get("api/state")).json()
        return found

    async def act(self, path: str, **body: Any) -> Json:
        person = (await self.seen())["person"]
        answer = await self.http.post(f"api/{path}", json={"person": person, **body})
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def ask_and_take(self, wish: str) -> str:
        """Ask for something at the desk, and take it; gives what the message says then."""
        channel = (await self.seen())["conversations"][0]["id"]
        await self.act("say", channel=channel, text=f"/desk {wish}")
        (modal,) = (await self.seen())["modals"]
        assert (await self.act("modal/submit", view=modal["id"]))["errors"] == {}
        message = (await self.seen())["messages"][-1]
        place = {"channel": message["channel"], "ts": message["ts"]}
        block = message["blocks"][-1]["block_id"]
        await self.act("press", **place, block_id=block, action_id="take")
        return str((await self.seen())["messages"][-1]["text"])


@asynccontextmanager
async def alone(*arguments: str) -> AsyncIterator[Alone]:
    """`python -m sandbox` with these arguments, until it is interrupted."""
    command = (sys.executable, "-m", "sandbox", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, cwd=ROOT)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        said = (await process.stdout.readuntil(b"Without Socket Mode")).decode()
    page, *lines = said.removeprefix("The sandbox is at ").splitlines()
    environment = dict(line.strip().split("=", 1) for line in lines if "=" in line)
    try:
        async with httpx2.AsyncClient(base_url=page, trust_env=False, timeout=30) as http:
            yield Alone(http, environment)
    finally:
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            rest, _ = await process.communicate()
    assert process.returncode == 0
    assert b"this sandbox never sends: reaction_added" in rest


async def test_an_app_is_used_on_the_page_over_http_and_over_a_socket(
    folder: Path, desk: ModuleType
) -> None:
    behind = _Switch()
    manifest = ("--manifest", str(folder / "manifest.json"))
    async with (
        serving(behind) as url,
        alone(*manifest, "--deliver-to", f"{url}/slack/events") as sandbox,
    ):
        env = sandbox.environment
        client = AsyncWebClient(token=env["SLACK_BOT_TOKEN"], base_url=env["SLACK_API_URL"])
        behind.app = AsyncSlackRequestHandler(desk.desk(client, env["SLACK_SIGNING_SECRET"]))
        assert (await sandbox.ask_and_take("a stapler")).startswith("a stapler: taken by <@")

        behind.app = None
        handler = AsyncSocketModeHandler(desk.desk(client), env["SLACK_APP_TOKEN"])
        await handler.connect_async()
        assert (await sandbox.ask_and_take("some paper")).startswith("some paper: taken by <@")
        await handler.close_async()


class _Switch:
    """An address with an app behind it, or none."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert self.app is not None, "nobody is there"
        await self.app(scope, receive, send)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("gone.json", None, "The manifest can't be read: No such file or directory."),
        ("bad.json", "{", "The manifest is no JSON: "),
        ("bad.yml", "a: 1\n- b", "The manifest is no YAML: line 2: "),
        ("control.yml", "\0", "The manifest is no YAML: it has characters of control."),
        ("bytes.yml", b"\xff", "The manifest can't be read: it is no UTF-8."),
        ("empty.yml", "", "The manifest must be an object."),
        ("nameless.json", "{}", "The manifest's display_information is wrong: it must be given."),
    ],
)
def test_a_manifest_that_is_no_use_is_told_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str | bytes | None,
    why: str,
) -> None:
    file = tmp_path / name
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    monkeypatch.setattr(sys, "argv", ["sandbox", "--manifest", str(file)])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert told.startswith(f"{file}: {why}")
    assert told.count("\n") == 1


def test_yaml_that_can_not_be_read_here_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)  # as where PyYAML is not installed
    (tmp_path / "manifest.yml").write_text("display_information: {name: Desk}")
    monkeypatch.setattr(sys, "argv", ["sandbox", "--manifest", str(tmp_path / "manifest.yml")])
    with pytest.raises(SystemExit):
        main()
    assert "needs PyYAML (pip install pyyaml)" in capsys.readouterr().err


def test_it_tells_which_methods_are_served(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["sandbox", "--methods"])
    main()
    served, _, refused = capsys.readouterr().out.partition("Not served")
    assert "chat.postMessage" in served
    assert "Post as the bot" in served
    assert "reactions.add" in refused
    assert "chat.postMessage" not in refused


@pytest.mark.parametrize("port", ["x", "70000", "-1"])
def test_a_port_that_is_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["sandbox", f"--port={port}"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"argument --port: {port} is no port" in capsys.readouterr().err


def test_a_port_in_use_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(sys, "argv", ["sandbox", "--port", str(port)])
        with pytest.raises(SystemExit) as ended:
            main()
    assert str(ended.value).startswith(f"Port {port} can't be used: ")
