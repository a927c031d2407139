"""The address under which the bot is reached from outside: whether what answers there is ours."""

from __future__ import annotations

import json

import aiohttp

from bot.checks.finding import Finding, warning, well, wrong

OURS = {"status", "database", "slack", "connections"}
"""What the answer of `/healthz` names, whether all is well or not."""

_CHECK = "public address"
_MOST = 1024**2


async def public_checks(address: str, seconds: float) -> list[Finding]:
    """Ask it for `/healthz`, as a provider's push would come in: over the network, with its
    certificate looked at. `seconds`: how long that may take."""
    timeout = aiohttp.ClientTimeout(total=seconds)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{address}/healthz", allow_redirects=False) as answer,
        ):
            return [_answered(answer.status, await answer.content.read(_MOST))]
    except aiohttp.ClientSSLError:
        return [
            wrong(
                _CHECK,
                "Its certificate is not valid for it.",
                "Give the proxy in front of the bot a certificate for the name in"
                " TASKBELL_PUBLIC_URL; providers call no other.",
            )
        ]
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return [
            warning(
                _CHECK,
                "It can't be reached from here.",
                "Start the bot, or correct TASKBELL_PUBLIC_URL, its DNS name or the proxy there."
                " Until then changes come by polls.",
            )
        ]


def _answered(status: int, body: bytes) -> Finding:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if isinstance(said, dict) and said.keys() >= OURS:
        return well(_CHECK, "The bot answers there.")
    return wrong(
        _CHECK,
        f"Something else answers there (status {status}).",
        "Let TASKBELL_PUBLIC_URL name the address whose paths come to HOST:PORT unchanged, and the"
        " proxy send them there.",
    )
