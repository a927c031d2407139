"""response_url: posting back without a token."""

from __future__ import annotations

import json
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.slack.answers import add_response
from sandbox.slack.content import content_of
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import LIMITS
from sandbox.slack.model import Json, Post, ResponseUrl
from sandbox.slack.workspace import Workspace


class Responses:
    """Answers `/response/{token}`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def respond(self, request: Request) -> Response:
        """One post to one response_url."""
        try:
            url = self._spend(request.path_params["token"])
            body = json.loads(await request.body())
            self._apply(url, body if isinstance(body, dict) else {})
        except SlackError as refused:
            gone = refused.code in ("used_url", "expired_url", "invalid_url")
            return JSONResponse(refused.answer(), 404 if gone else 200)
        except ValueError:
            return PlainTextResponse("invalid_payload", 400)
        return PlainTextResponse("ok")

    def _spend(self, token: str) -> ResponseUrl:
        url = self._workspace.response_urls.get(token)
        if url is None:
            raise SlackError("invalid_url")
        age = self._workspace.clock.now() - url.made_at
        if age > timedelta(seconds=LIMITS["response_url.seconds"]):
            raise SlackError("expired_url")
        if url.uses >= LIMITS["response_url.uses"]:
            raise SlackError("used_url")
        url.uses += 1
        return url

    def _apply(self, url: ResponseUrl, body: Json) -> None:
        conversation = self._workspace.conversation(url.channel)
        original = conversation.post(url.ts, url.user) if url.ts else None
        if body.get("delete_original"):
            _need(original).deleted = True
        elif body.get("replace_original"):
            content = content_of(self._workspace, body)
            self._workspace.edit_post(_need(original), **content)
        else:
            add_response(self._workspace, url.user, conversation, body)


def _need(post: Post | None) -> Post:
    if post is None:
        raise SlackError("message_not_found")
    return post
