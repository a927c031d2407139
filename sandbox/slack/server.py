"""The whole simulated Slack behind one ASGI app."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from sandbox.clock import Clock
from sandbox.faults import FaultGate, Faults
from sandbox.serve import serving
from sandbox.slack import payloads
from sandbox.slack.dispatch import Accident, Delivery, Dispatcher, Fate, Kind, Retry
from sandbox.slack.model import Json, Person
from sandbox.slack.offered import tell
from sandbox.slack.person import Hands
from sandbox.slack.responses import Responses
from sandbox.slack.socketmode import SocketHub
from sandbox.slack.webapi import Call, WebApi
from sandbox.slack.workspace import Workspace


class SlackSandbox:
    """A workspace with its Web API, its people and its ways to the app.

    Requests are signed at the workspace's time, or at that of `signing_clock`: an app that checks
    signatures against the machine's time can then be tested with a clock that is moved."""

    def __init__(self, workspace: Workspace, *, signing_clock: Clock | None = None) -> None:
        self.workspace = workspace
        self.faults = Faults()
        self._hub = SocketHub(workspace.app_id)
        workspace.new_socket_url = self._socket_url
        self._api = WebApi(workspace)
        self.dispatcher = Dispatcher(
            workspace.signing_secret, signing_clock or workspace.clock, self._hub
        )
        routes = [
            Route("/api/{method}", self._api.respond, methods=["GET", "POST"]),
            Route("/response/{token}", Responses(workspace).respond, methods=["POST"]),
            WebSocketRoute("/socket", self._hub.serve),
        ]
        self.app: ASGIApp = FaultGate(Starlette(routes=routes), self.faults)

    # Where things are

    @property
    def base_url(self) -> str:
        """Where this Slack is served; the Web API is at `base_url + "/api/"`."""
        return self.workspace.public_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.workspace.public_url = url.rstrip("/")

    @contextlib.asynccontextmanager
    async def served(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Serve this Slack while the block runs; gives its base URL."""
        async with serving(self.app, host, port) as url:
            self.base_url = url
            try:
                yield url
            finally:
                await self.aclose()

    async def aclose(self) -> None:
        """Hang up all sockets, end all trouble and let go of the network."""
        self.faults.clear()
        await self._hub.close()
        await self.dispatcher.aclose()

    def deliver_to(self, request_url: str, *, app: ASGIApp | None = None) -> None:
        """Where the app takes signed payloads, unless it has a socket open. With `app`, requests
        go straight to that ASGI app, without a network."""
        self.dispatcher.aim(request_url, app)

    def _socket_url(self) -> str:
        return f"ws{self.base_url.removeprefix('http')}/socket?ticket={self._hub.new_ticket()}"

    # Looking on

    @property
    def calls(self) -> list[Call]:
        """The API calls so far, oldest first; those that trouble kept from Slack are not there."""
        return self._api.calls

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    @property
    def sockets(self) -> int:
        """How many Socket Mode connections are open."""
        return self._hub.connected

    async def until_sockets(self, count: int) -> None:
        """Wait until exactly this many Socket Mode connections are open."""
        await self._hub.until(count)

    # People

    def as_person(self, person: Person) -> Hands:
        """Act as this person."""
        return Hands(self.workspace, self.dispatcher, person)

    async def change_person(self, person: Person, **changes: Any) -> Delivery:
        """Change a member's data (`timezone`, `deleted`…) and tell the app."""
        for name, value in changes.items():
            setattr(person, name, value)
        return await self.send_event(payloads.user_change(self.workspace, person))

    # What befalls the app

    async def revoke_tokens(self) -> Delivery:
        """Take the tokens away and tell the app."""
        self.workspace.token_error = "token_revoked"
        return await self.send_event(payloads.tokens_revoked(self.workspace))

    async def uninstall(self) -> Delivery:
        """Remove the app from the workspace and tell it."""
        self.workspace.token_error = "account_inactive"
        return await self.send_event(payloads.app_uninstalled(self.workspace))

    async def verify_url(self) -> bool:
        """Ask the request URL for its challenge, as on saving it in the app's settings."""
        challenge = self.workspace.new_id("Ch")
        payload: Json = {
            "token": self.workspace.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        delivery = await self.dispatcher.send(Kind.EVENT, payload)
        return delivery.ok and challenge in delivery.body

    async def send_event(self, envelope: Json, retry: Retry | None = None) -> Delivery:
        """Deliver an event (see `payloads.event`), or deliver it again as a retry; one that the
        app is not subscribed to goes nowhere (`via` is `unsubscribed`)."""
        return await tell(self.workspace, self.dispatcher, envelope, retry)

    async def retry_event(self, delivery: Delivery, number: int = 1) -> Delivery:
        """Deliver an event again, as Slack does when the app did not answer."""
        return await self.send_event(delivery.payload, Retry(number))

    # Trouble

    def lose_next_click(self) -> None:
        """Let the next thing somebody does vanish on its way to the app."""
        self.dispatcher.accidents.append(Accident(Fate.LOST))

    def rate_limit(self, method: str, retry_after: int, times: int = 1) -> None:
        """Refuse the next calls of a method with 429."""
        self._api.pace.refuse(method, retry_after, times)

    def enforce_rate_limits(self, enabled: bool = True) -> None:
        """Hold the app to Slack's own budgets from now on."""
        self._api.pace.enabled = enabled

    def swallow_next_envelope(self) -> None:
        """Lose the next envelope in a half-open socket."""
        self._hub.swallow_next()

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """Tell every Socket Mode client to connect anew; `warning` only announces it."""
        await self._hub.disconnect(reason)
