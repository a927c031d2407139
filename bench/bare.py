"""A child: the floor of clicks, commands and events, an `AsyncApp` that only acks, served as the
bot is served.

Bolt verifies the signatures itself here. It writes nothing, knows nothing, does nothing else.
"""

from __future__ import annotations

import asyncio

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.children import read_spec, tell, until_released
from bot.slack.actions import ANSWER


def bare_app(secret: str) -> AsyncApp:
    """The least that answers them."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bare")

    app = AsyncApp(signing_secret=secret, authorize=authorize, process_before_response=True)

    async def only_ack(ack: AsyncAck) -> None:
        await ack()

    app.action(ANSWER)(only_ack)
    app.command("/tasks")(only_ack)
    app.event("app_home_opened")(only_ack)
    return app


def served(app: AsyncApp) -> Starlette:
    """Bolt's own adapter behind one route."""
    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        response: Response = await handler.handle(request)
        return response

    return Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])


async def main() -> None:
    app = served(bare_app(read_spec()["secret"]))
    # The same settings as in `bot/run.py`.
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, lifespan="off", log_config=None, access_log=False
    )
    listener = config.bind_socket()
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    tell({"port": listener.getsockname()[1]})
    await until_released()
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(main())
