"""Doctor: whether everything that the bot needs is there, and what to do where it is not.

Nothing is changed unless asked for: not at Slack, not at a provider, not in the database. What
hangs is given up after a while and keeps nothing else waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from adapters import registry
from adapters.contract import Provider
from bot.app import open_database
from bot.checks.connection import provider_checks, record_checks
from bot.checks.database import database_checks, ready, split
from bot.checks.finding import Finding, warning, well, wrong
from bot.checks.live import live_checks
from bot.checks.people import channel_checks, people_checks
from bot.checks.public import public_checks
from bot.checks.slack import slack_checks
from bot.checks.stored import Stored, stored
from bot.connections import ConnectionSettings
from bot.domain.clock import Clock
from bot.problems import SettingsError
from bot.settings import Settings
from bot.slack.client import connect
from bot.slack.inspection import Inspection
from bot.store.database import StorageError, Tx

BUDGET_SECONDS = 20.0
"""How long one question may take before it counts as unanswered."""

_MARGIN = 4
"""A group of checks asks so many questions one after another at most."""

Checks = Coroutine[Any, Any, list[Finding]]


def settings_findings(error: SettingsError) -> list[Finding]:
    """What is wrong with settings that can't be used."""
    remedy = "Correct it in the environment, .env or the TOML file; .env.example describes it."
    return [wrong("settings", str(problem), remedy) for problem in error.problems]


async def examine(
    settings: Settings,
    clock: Clock,
    found: Callable[[list[Finding]], None],
    *,
    live: str | None = None,
    budget: float = BUDGET_SECONDS,
) -> None:
    """Look at everything at once, and tell `found` in a fixed order, as soon as it is known.
    `live`: the Slack user to whom a card is sent and taken away again; the one thing that changes
    anything."""
    found([_settings(settings)])
    database = await _within(budget, "database", database_checks(settings))
    seen: Stored | None = None
    if ready(database):
        opened, seen = await _open(settings, clock)
        database += opened
    found(database)
    async with AsyncExitStack() as stack:
        groups = [
            asyncio.create_task(_within(budget * _MARGIN, name, checks))
            for name, checks in await _groups(stack, settings, clock, seen, live, budget)
        ]
        try:
            for group in groups:
                found(await group)
        finally:
            for group in groups:
                group.cancel()


async def _groups(
    stack: AsyncExitStack,
    settings: Settings,
    clock: Clock,
    seen: Stored | None,
    live: str | None,
    budget: float,
) -> list[tuple[str, Checks]]:
    token = settings.slack_bot_token
    slack, web = await stack.enter_async_context(
        connect(token.get_secret_value() if token else "", settings.slack_api_url)
    )
    inspection = Inspection(web)
    groups: list[tuple[str, Checks]] = [("slack", slack_checks(settings, inspection, clock))]
    if token is not None:
        groups.append(("admins", people_checks(settings, slack)))
        groups.append(("channels", channel_checks(settings, inspection, seen, clock.now())))
        if live is not None:
            groups.append(("live", live_checks(slack, inspection, live, clock.now())))
    if settings.public_url is not None:
        groups.append(("public address", public_checks(settings.public_url, budget)))
    connections = settings.connections
    return groups + [(c.name, _connection(c, settings, clock, seen, budget)) for c in connections]


def _settings(settings: Settings) -> Finding:
    if settings.connections:
        names = ", ".join(one.name for one in settings.connections)
        return well("settings", f"They can be read; connections: {names}.")
    said = "No connection is set: there are no tasks to bring."
    return warning("settings", said, "Set the API key of a provider; .env.example names them.")


async def _within(seconds: float, check: str, checks: Checks) -> list[Finding]:
    try:
        async with asyncio.timeout(seconds):
            return await checks
    except TimeoutError:
        return [wrong(check, f"Not done within {seconds:g} s.", "Check the network and the disk.")]


async def _open(settings: Settings, clock: Clock) -> tuple[list[Finding], Stored | None]:
    """Open the database as the bot does, beside it; what it knows."""
    channels = [c for c in (settings.fallback_channel, settings.alert_channel) if c]
    try:
        db = await asyncio.to_thread(open_database, settings, owner=False)
    except StorageError as error:
        return [_unwritable(error)], None
    try:
        seen = await db.read(lambda tx: stored(tx, clock.now(), channels))
        with suppress(_Undone):
            await db.write(_write)
    except StorageError as error:
        return [_unwritable(error)], None
    finally:
        await db.close()
    return [well("database access", "It can be read and written.")], seen


class _Undone(Exception):
    """Undoes the transaction that raises it."""


def _write(tx: Tx) -> None:
    tx.run("INSERT INTO tick (name, next_at) VALUES ('doctor', 0)")
    raise _Undone


def _unwritable(error: StorageError) -> Finding:
    said, remedy = split(str(error))
    return wrong("database access", said, remedy or "Check the database, and DATABASE_URL.")


async def _connection(
    one: ConnectionSettings,
    settings: Settings,
    clock: Clock,
    seen: Stored | None,
    budget: float,
) -> list[Finding]:
    spec = registry.find(one.provider)
    interval = one.poll_interval or settings.poll_interval or spec.poll_interval
    async with _closing(spec.build(one.options, clock)) as provider:
        found = await provider_checks(one.name, provider, seen, budget)
        if seen is not None:
            found += record_checks(
                one.name,
                provider.capabilities.push,
                seen,
                clock.now(),
                public=settings.public_url is not None,
                interval=timedelta(seconds=interval),
            )
    return found


@asynccontextmanager
async def _closing(provider: Provider) -> AsyncIterator[Provider]:
    try:
        yield provider
    finally:
        await provider.close()
