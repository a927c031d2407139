"""Crash points: every commit and every outgoing call of the program, before and after.

Nothing of this is in the product. The process under torture (`victim.py`) is the real program,
wrapped from outside at its edges: the connections of the database drivers, the clients that speak
HTTP, and the server that does. A commit is named by the functions whose work it makes durable, a
call by its method, so that whatever is added to the program becomes a crash point by itself.
"""

from __future__ import annotations

import functools
import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
import httpx2
import psycopg
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.store.database import Tx
from bot.store.postgres import PostgresDatabase
from bot.store.sqlite import SqliteDatabase

T = TypeVar("T")

SLOW_SECONDS = 0.2
"""How long a process may go on with all else after one of its threads has come to its end: the disk
is slow just then."""

_IDS = re.compile(r"(?<=/)(?=[^/]*\d)[^/]{6,}")
"""The parts of a path that name one thing: long words with a digit in them."""
_BETWEEN = re.compile(r"\.<locals>|\.<lambda>")


class Points:
    """The points that one process passes. It dies at the `nth` passage of the point `name`, or at
    its `latest`-th passage of any, whichever comes first; 0: at none. What it passed first and
    where it died is appended to `report`. `slow`: a thread that has come to its end lets the others
    go on for a moment."""

    def __init__(self, report: Path, name: str, nth: int, latest: int, *, slow: bool) -> None:
        self._report = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._name, self._nth, self._latest, self._slow = name, nth, latest, slow
        self._passed: set[str] = set()
        self._lock = threading.Lock()

    def reach(self, name: str) -> None:
        """The process is at this point; if it is the fatal one, it goes no further."""
        with self._lock:
            if name not in self._passed:
                self._passed.add(name)
                self._tell("passed", name)
            self._latest -= 1
            self._nth -= name == self._name
            ends = self._latest == 0 or (name == self._name and self._nth == 0)
        if ends:
            if self._slow and threading.current_thread() is not threading.main_thread():
                time.sleep(SLOW_SECONDS)
            self._tell("died", name)
            os.kill(os.getpid(), signal.SIGKILL)
            signal.pause()

    def _tell(self, what: str, name: str) -> None:
        os.write(self._report, f"{what}\t{name}\n".encode())

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        """Points before and after something that happens only once."""
        self.reach(f"before {name}")
        yield
        self.reach(f"after {name}")


def read_report(report: Path) -> tuple[set[str], list[str]]:
    """The points that processes passed, and those where they died."""
    lines = report.read_text().splitlines() if report.exists() else []
    told = [line.split("\t", 1) for line in lines]
    return {name for what, name in told if what == "passed"}, [n for w, n in told if w == "died"]


def install(points: Points) -> None:
    """Put the points around the edges of this process."""
    commits = _Commits(points)
    SqliteDatabase.write = commits.naming(SqliteDatabase.write)  # type: ignore[method-assign]
    PostgresDatabase.write = commits.naming(PostgresDatabase.write)  # type: ignore[method-assign]
    sqlite3.connect = functools.partial(  # type: ignore[assignment]
        sqlite3.connect, factory=commits.watching(sqlite3.Connection)
    )
    psycopg.Connection.execute = commits.watching(psycopg.Connection).execute  # type: ignore[method-assign]
    _watch_slack(points)
    _watch_providers(points)
    _watch_answers(points)


class _Commits:
    """What the transaction that a thread has open will make durable."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._open = threading.local()

    def naming(self, write: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        """A driver's `write` whose work leaves its name."""

        @functools.wraps(write)
        async def named(db: Any, work: Callable[[Tx], Any], **how: Any) -> T:
            name = _name_of(work)

            def doing(tx: Tx) -> Any:
                self._open.names.append(name)
                return work(tx)

            return await write(db, doing, **how)

        return named

    def watching(self, connection: type[Any]) -> type[Any]:
        """A class of connections whose commits are points."""
        execute = connection.execute

        class Watched(connection):  # type: ignore[misc]
            def execute(conn, sql: Any, *more: Any, **how: Any) -> Any:  # noqa: N805 - `self` is taken
                if str(sql).startswith("BEGIN"):
                    self._open.names = []
                if sql != "COMMIT":
                    return execute(conn, sql, *more, **how)
                return self._commit(lambda: execute(conn, sql, *more, **how))

        return Watched

    def _commit(self, commit: Callable[[], Any]) -> Any:
        names = dict.fromkeys(self._open.names)
        for name in names:
            self._points.reach(f"before commit of {name}")
        result = commit()
        for name in names:
            self._points.reach(f"after commit of {name}")
        return result


def _name_of(work: Any) -> str:
    while isinstance(work, functools.partial):
        work = work.func
    module = str(work.__module__).removeprefix("bot.")
    return f"{module}.{_BETWEEN.sub('', work.__qualname__)}"


def _watch_slack(points: Points) -> None:
    request = aiohttp.ClientSession._request  # noqa: SLF001 - all of its requests come through here

    async def watched(session: Any, method: str, url: Any, **how: Any) -> Any:
        parts = urlsplit(str(url)).path.split("/")
        what = parts[-1] if "api" in parts else "response_url"
        with points.around(f"Slack {what}"):
            return await request(session, method, url, **how)

    aiohttp.ClientSession._request = watched  # type: ignore[method-assign, assignment]  # noqa: SLF001


def _watch_providers(points: Points) -> None:
    send = httpx2.AsyncClient.send

    async def watched(client: Any, request: Any, **how: Any) -> Any:
        with points.around(f"{request.method} {_IDS.sub('…', request.url.path)}"):
            return await send(client, request, **how)

    httpx2.AsyncClient.send = watched  # type: ignore[method-assign, assignment]


def _watch_answers(points: Points) -> None:
    build = uvicorn.Config.__init__

    def built(config: Any, app: ASGIApp, *more: Any, **how: Any) -> None:
        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def answering(message: Message) -> None:
                if message["type"] != "http.response.body" or message.get("more_body"):
                    await send(message)
                    return
                with points.around(f"answer to {scope['path']}"):
                    await send(message)

            posted = scope["type"] == "http" and scope["method"] == "POST"
            await app(scope, receive, answering if posted else send)

        build(config, watched, *more, **how)

    uvicorn.Config.__init__ = built  # type: ignore[assignment, method-assign]
