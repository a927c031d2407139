"""The Web API over HTTP: who calls, may they, what did Slack answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.slack.arguments import Arguments, arguments_of
from sandbox.slack.errors import SlackError
from sandbox.slack.method import need_scope
from sandbox.slack.methods import METHODS
from sandbox.slack.model import Json
from sandbox.slack.pace import Pace
from sandbox.slack.refused import REFUSED
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Call:
    """One API call as Slack saw it; the arguments are without the token."""

    method: str
    arguments: Arguments
    answer: Json
    status: int
    at: datetime

    @property
    def ok(self) -> bool:
        return bool(self.answer["ok"])


class WebApi:
    """Answers `/api/{method}` and keeps a log of the calls."""

    def __init__(self, workspace: Workspace) -> None:
        self.calls: list[Call] = []
        self.pace = Pace(workspace.clock)
        self._workspace = workspace

    async def respond(self, request: Request) -> Response:
        """One HTTP request to one method."""
        name = request.path_params["method"]
        arguments: Arguments = {}
        try:
            arguments = await arguments_of(request)
            token = _token(request, arguments)
            answer, status, headers = self._run(name, token, arguments), 200, self._headers()
        except SlackError as refused:
            answer, status, headers = refused.answer(), 200, self._headers()
            if refused.retry_after is not None:
                status, headers["retry-after"] = 429, str(refused.retry_after)
        at = self._workspace.clock.now()
        response = JSONResponse(answer, status, headers)
        # As it was told: what is stored changes later.
        self.calls.append(Call(name, arguments, json.loads(bytes(response.body)), status, at))
        return response

    def _run(self, name: str, token: str | None, arguments: Arguments) -> Json:
        if name in REFUSED:
            told = f"[ERROR] Slack has {name}, this sandbox does not: {REFUSED[name]}"
            raise SlackError("method_not_in_sandbox", [told])
        if name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        method = METHODS[name]
        self._check_token(name, token)
        retry_after = self.pace.wait(name, arguments)
        if retry_after is not None:
            raise SlackError("ratelimited", retry_after=retry_after)
        if method.scope is not None:
            need_scope(self._workspace, method.scope)
        return {"ok": True, **method.handle(self._workspace, arguments)}

    def _check_token(self, name: str, token: str | None) -> None:
        workspace = self._workspace
        if not token:
            raise SlackError("not_authed")
        for_app = name == "apps.connections.open"
        right, other = workspace.bot_token, workspace.app_token
        if for_app:
            right, other = other, right
        if token == other:
            raise SlackError("not_allowed_token_type")
        if token != right:
            raise SlackError("invalid_auth")
        if workspace.token_error:
            raise SlackError(workspace.token_error)

    def _headers(self) -> dict[str, str]:
        """What Slack says with every answer: the token's scopes, and the time by its clock."""
        now = self._workspace.clock.now().timestamp()
        return {
            "x-oauth-scopes": ",".join(sorted(self._workspace.scopes)),
            "date": formatdate(now, usegmt=True),
        }


def _token(request: Request, arguments: Arguments) -> str | None:
    """The token of a call, taken out of its arguments if it came there."""
    in_arguments = arguments.pop("token", None)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token
    return str(in_arguments) if in_arguments else None
