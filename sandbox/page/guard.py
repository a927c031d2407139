"""Keeps other web sites out: a page elsewhere in the same browser must not drive the sandbox.

The sandbox listens on this machine only and asks for no password, so what protects it is where a
request says that it comes from. A browser cannot lie about that; a name that was re-pointed to
this machine (DNS rebinding) shows in `Host`.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOOPBACK = {"127.0.0.1", "localhost"}
_OWN_SITE = {"same-origin", "none"}


class OwnOriginOnly:
    """ASGI middleware that answers 403 to what another site sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        if _is_own(headers):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal = PlainTextResponse("Only the sandbox's own page may do this.", 403)
            await refusal(scope, receive, send)


def _is_own(headers: Mapping[str, str]) -> bool:
    host = headers.get("host", "")
    if host.partition(":")[0] not in _LOOPBACK:
        return False
    if headers.get("origin", f"http://{host}") != f"http://{host}":
        return False
    # A link elsewhere may lead here, into a window; a frame is the sandbox's own or none.
    followed = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    if followed == ("navigate", "document"):
        return True
    return headers.get("sec-fetch-site", "none") in _OWN_SITE
