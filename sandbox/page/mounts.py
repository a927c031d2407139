"""Several ASGI services under one origin, told apart by the beginning of the path."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send


class Mounts:
    """Passes `/name/rest` to the service of `/name` as `/rest`, and all else to `otherwise`."""

    def __init__(self, services: Mapping[str, ASGIApp], otherwise: ASGIApp) -> None:
        self._services = services
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        for prefix, service in self._services.items():
            if path.startswith(f"{prefix}/"):
                rest = path.removeprefix(prefix)
                below = {**scope, "path": rest, "raw_path": rest.encode()}
                await service(below, receive, send)
                return
        await self._otherwise(scope, receive, send)
