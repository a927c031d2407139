"""From a request of the page to an answer: JSON in, JSON out, and words for what went wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.page.boards import Unfit
from sandbox.page.pointer import Gone
from sandbox.slack import AppFailed, NotOffered, SlackError
from sandbox.slack.model import Json

_Body = TypeVar("_Body")
Act = Callable[[Request], Awaitable[Json]]


class Unready(Exception):
    """Nothing can be done at present; the words say why."""


def get(path: str, act: Act, app_name: str) -> Route:
    """A route that shows something."""
    return Route(path, _answering(act, app_name), methods=["GET"])


def post(path: str, act: Act, app_name: str) -> Route:
    """A route that does something; it takes JSON alone, which no form of another site can send."""

    async def checked(request: Request) -> Json:
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind != "application/json":
            raise Unfit("Send application/json.")
        return await act(request)

    return Route(path, _answering(checked, app_name), methods=["POST"])


async def body_of(request: Request, model: Callable[..., _Body]) -> _Body:
    """The body as a model."""
    found = await request.json()
    if not isinstance(found, dict):
        raise Unfit("Send a JSON object.")
    return model(**found)


def _answering(act: Act, app_name: str) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        try:
            return JSONResponse(await act(request))
        except AppFailed as failed:
            words = f"{app_name} did not respond: {failed}."
            return JSONResponse({"error": words, "app_failed": str(failed)}, 502)
        except Unready as unready:
            words, status = str(unready), 503
        except (Gone, NotOffered, SlackError) as gone:
            words, status = str(gone), 409
        except (ValidationError, Unfit) as unfit:
            words, status = _complaint(unfit), 400
        except KeyError as unknown:
            words, status = f"There is no {unknown}.", 404
        except (ValueError, LookupError) as wrong:
            words, status = str(wrong), 400
        return JSONResponse({"error": words}, status)

    return respond


def _complaint(unfit: ValidationError | Unfit) -> str:
    if isinstance(unfit, Unfit):
        return str(unfit)
    first = unfit.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
