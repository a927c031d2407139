"""Run: the whole bot or one of its halves in this process, until it is asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.app import Taskbell, open_taskbell
from bot.domain.clock import Clock
from bot.engine.lock import alone, only_one
from bot.settings import Settings
from bot.slack.bolt import socket_mode

DRAIN_SECONDS = 3
"""How long requests that came before the stop may take: Slack waits no longer for an answer."""

log = structlog.get_logger(__name__)


class CannotServe(Exception):
    """The address cannot be listened on."""


async def run(
    settings: Settings,
    clock: Clock,
    stop: asyncio.Event,
    *,
    hears: bool = True,
    works: bool = True,
    told_on: int | None = None,
) -> None:
    """Be `running` until `stop` is set."""
    async with running(settings, clock, hears=hears, works=works, told_on=told_on):
        log.info("running", connections=[one.name for one in settings.connections])
        await stop.wait()
        log.info("stopping")


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    clock: Clock,
    *,
    hears: bool = True,
    works: bool = True,
    told_on: int | None = None,
) -> AsyncIterator[Taskbell]:
    """While the block runs, hear Slack and providers' pushes (`hears`), and do all the rest
    (`works`); then finish or hand back what is in flight. One without the other needs a database
    that processes share. `told_on`: the port on which one that does not hear tells how it is.

    Raises SlackUnauthorized for a refused bot token, CannotLock for a database in use,
    CannotServe for an address in use, AppTokenRefused.
    """
    path = settings.database_path
    with contextlib.nullcontext() if path is None else only_one(path):
        async with open_taskbell(settings, clock, owner=True) as taskbell:
            if path is not None and alone(path):
                await taskbell.take_over()
            await taskbell.health.ask_slack()
            async with contextlib.AsyncExitStack() as stack:
                if works:
                    await stack.enter_async_context(taskbell.working())
                if told_on is not None:
                    await stack.enter_async_context(telling(taskbell, settings.host, told_on))
                if hears:
                    await stack.enter_async_context(hearing(taskbell, settings))
                yield taskbell


@contextlib.asynccontextmanager
async def hearing(taskbell: Taskbell, settings: Settings) -> AsyncIterator[None]:
    """Hear Slack while the block runs, by Socket Mode where there is an app token, else by HTTP;
    serve `/healthz` either way."""
    token = settings.slack_app_token
    async with contextlib.AsyncExitStack() as stack:
        listener = stack.enter_context(_listening(settings.host, settings.port))
        if token is not None:
            bolt = taskbell.bolt()
            await stack.enter_async_context(socket_mode(bolt, token.get_secret_value()))
        app = taskbell.asgi(takes_slack=token is None)
        await stack.enter_async_context(_served(app, listener))
        yield


@contextlib.asynccontextmanager
async def telling(taskbell: Taskbell, host: str, port: int) -> AsyncIterator[None]:
    """Serve `/healthz` and `/metrics`, and nothing else, while the block runs."""
    with _listening(host, port) as listener:
        async with _served(taskbell.asgi_telling(), listener):
            yield


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError:
        raise CannotServe(
            f"Cannot listen on {host}:{port}: it is in use, or not this machine's; set HOST or"
            " PORT, or a worker's --port."
        ) from None


class _Server(uvicorn.Server):
    """Leaves the process's signals to `stopping_on_signals`."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def _served(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    try:
        yield
    finally:
        server.should_exit = True
        await serving
