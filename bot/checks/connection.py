"""A connection: its key and what the key may read, what is missing for tasks to be finished, and
how the running bot fares with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any

from adapters.contract import (
    Capabilities,
    Page,
    Provider,
    ProviderError,
    Push,
    RateLimited,
    Unauthorized,
)
from bot.checks.finding import Finding, long, warning, well, wrong
from bot.checks.stored import Stored
from bot.store.backlog import Waiting
from bot.store.connections import PollState

STALE = timedelta(minutes=20)
"""After so long without a good poll something is amiss, whatever the interval."""

LONG = timedelta(minutes=15)
"""An answer that has been on its way for longer is worth a word."""

_KEY = "Put a valid key into the settings of {name}, then restart the bot."
_RIGHTS = "Give the key of {name} the right to read this, then restart the bot."
_LATER = "Try again later; where it stays so, check the address set for {name}."


async def provider_checks(
    name: str, provider: Provider, stored: Stored | None, seconds: float
) -> list[Finding]:
    """What the provider itself says now. `seconds`: how long each question may take."""

    async def tried(what: str, work: Callable[[], Coroutine[Any, Any, Finding]]) -> Finding:
        check = f"{name} {what}"
        try:
            async with asyncio.timeout(seconds):
                return await work()
        except TimeoutError:
            return wrong(check, f"No answer within {seconds:g} s.", _LATER.format(name=name))
        except ProviderError as error:
            return _refused(name, check, error, _KEY if what == "key" else _RIGHTS)

    async def key() -> Finding:
        account = await provider.check()
        return well(f"{name} key", f"It is accepted: {account.name}.")

    async def tasks() -> Finding:
        people = stored.linked.get(name, []) if stored else []
        return _read(name, await _first_page(provider, people))

    async def directory() -> Finding:
        people = await provider.operators()
        return well(f"{name} people", f"It may list the people: {len(people)}.")

    async def finishing() -> Finding:
        return _gap(name, provider.capabilities, (await provider.offer()).gap)

    found = [await tried("key", key)]
    if found[0].remedy is not None:
        return found
    # The offer last: some adapters learn from the tasks what can be done.
    found.append(await tried("tasks", tasks))
    if provider.capabilities.directory:
        found.append(await tried("people", directory))
    found.append(await tried("answers", finishing))
    return found


async def _first_page(provider: Provider, people: Iterable[str]) -> Page | None:
    pages = provider.tasks(list(people))
    try:
        return await anext(pages, None)
    finally:
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()


def _refused(name: str, check: str, error: ProviderError, remedy: str) -> Finding:
    if isinstance(error, Unauthorized):
        return wrong(check, str(error), remedy.format(name=name))
    if isinstance(error, RateLimited):
        return warning(check, str(error), "Try again later.")
    return wrong(check, str(error), _LATER.format(name=name))


def _read(name: str, page: Page | None) -> Finding:
    check = f"{name} tasks"
    if page is not None and not page.whole:
        said = "It may list them, but some can't be read and are left out."
        return warning(check, said, f"The log names them; {name} may have changed its form.")
    return well(check, "It may list them.")


def _gap(name: str, capabilities: Capabilities, gap: str | None) -> Finding:
    if gap is not None:
        return wrong(f"{name} answers", "Tasks can't be finished from here yet.", gap)
    more = [
        word
        for word in ("reopen", "reschedule", "reassign", "comment", "create")
        if getattr(capabilities, word)
    ]
    also = f"; also {', '.join(more)}" if more else ""
    said = f"Tasks can be finished{also}. That the key may write, only the first answer proves."
    return well(f"{name} answers", said)


def record_checks(
    name: str, push: Push, stored: Stored, now: datetime, *, public: bool, interval: timedelta
) -> list[Finding]:
    """How the running bot fares. `public`: providers can reach us; `interval`: between polls."""
    found = [_polls(name, stored.connections.get(name), now, interval)]
    if push is not Push.NONE:
        found.append(_push(name, subscribed=stored.subscribed.get(name, False), public=public))
    return found + _waiting(name, stored.backlog.submissions.get(name, Waiting()), now)


def _polls(name: str, state: PollState | None, now: datetime, interval: timedelta) -> Finding:
    check = f"{name} polls"
    if state is None or (state.good_at is None and state.trouble is None):
        return warning(check, "There was none yet.", "Start the bot: taskbell run.")
    last = f"the last good one was {long(now - state.good_at)} ago" if state.good_at else "none yet"
    if state.trouble is not None and state.trouble_since is not None:
        since = long(now - state.trouble_since)
        said = f"They fail since {since} ({state.trouble}); {last}."
        return wrong(check, said, f"Once {name} and its key are well, restart the bot or wait.")
    if state.good_at is None or now - state.good_at > max(STALE, 5 * interval):
        return warning(check, f"{last[0].upper()}{last[1:]}.", "Is the bot running? taskbell run.")
    return well(check, f"{last[0].upper()}{last[1:]}.")


def _push(name: str, *, subscribed: bool, public: bool) -> Finding:
    check = f"{name} push"
    if not public:
        return well(check, "Off, as TASKBELL_PUBLIC_URL is not set: changes come by polls.")
    if subscribed:
        return well(check, "The provider was asked to call, and has agreed.")
    said = "The provider has not been asked to call yet, or refuses to."
    return warning(check, said, "Start the bot; its log says why a subscription was not made.")


def _waiting(name: str, waiting: Waiting, now: datetime) -> list[Finding]:
    if waiting.since is None or now - waiting.since < LONG:
        return []
    many = f"{waiting.count} are on their way, the oldest for {long(now - waiting.since)}"
    why = f": {waiting.why.rstrip('.')}" if waiting.why else ""
    remedy = "They go out by themselves once the cause is gone and the bot runs."
    return [warning(f"{name} answers under way", f"{many}{why}.", remedy)]
