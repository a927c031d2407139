"""What a method of the Web API is, for the modules that hold them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.arguments import Arguments
from sandbox.slack.errors import SlackError
from sandbox.slack.model import Json
from sandbox.slack.workspace import Workspace

Handler = Callable[[Workspace, Arguments], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: what it does, and the scope it needs. BUDGETS tells how often it may be called."""

    handle: Handler
    scope: str | None = None


def need_scope(workspace: Workspace, scope: str) -> None:
    """Refuse when the app was not granted this scope."""
    if scope not in workspace.scopes:
        provided = ",".join(sorted(workspace.scopes))
        raise SlackError("missing_scope", needed=scope, provided=provided)
