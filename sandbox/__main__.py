"""`python -m sandbox`: the simulated world alone, for any app to be tried against."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys

from sandbox.clock import SystemClock
from sandbox.gallery import hang
from sandbox.world import World

_REQUEST_URL = "http://127.0.0.1:3000/slack/events"


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the page (any free one)")
    parser.add_argument(
        "--deliver-to",
        default=_REQUEST_URL,
        metavar="URL",
        help=f"where the app takes Slack's requests, unless it uses Socket Mode ({_REQUEST_URL})",
    )
    parser.add_argument(
        "--gallery", action="store_true", help="show every block that can be drawn in #gallery"
    )
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        try:
            asyncio.run(_serve(arguments.port, arguments.deliver_to, gallery=arguments.gallery))
        except OSError as busy:
            sys.exit(f"Port {arguments.port} can't be used: {busy.strerror}. Choose another.")


async def _serve(port: int, deliver_to: str, *, gallery: bool) -> None:
    """An app of its own checks signatures at the machine's time, so they are made at that."""
    world = World(signing_clock=SystemClock())
    world.seed()
    world.slack.deliver_to(deliver_to)
    async with world.served(port) as addresses:
        if gallery:
            hang(world.slack, addresses.page_url.rstrip("/"))
        lines = [f"The sandbox is at {addresses.page_url}", "", "Start the app with:"]
        lines += [f"  {name}={value}" for name, value in world.environment().items()]
        lines += [
            f"and, for Socket Mode, SLACK_APP_TOKEN={world.slack.workspace.app_token}",
            "",
            *(f"Link {user} to {who} at {where}" for user, where, who in world.links()),
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
