"""What Slack itself says to somebody whose command came to nothing: lines that nobody else sees."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.slack import Conversation, Person, Workspace

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Line:
    """`detail` is what Slack would not tell: why the app failed."""

    ts: str
    text: str
    detail: str


class Slackbot:
    """Remembers the lines until they are dismissed."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lines: dict[tuple[str, str], dict[str, Line]] = {}

    def tell(self, person: Person, conversation: Conversation, text: str, detail: str = "") -> None:
        """Say something to one person, in a conversation."""
        line = Line(self._workspace.new_ts(), text, detail)
        self._lines.setdefault((person.id, conversation.id), {})[line.ts] = line

    def lines(self, person: Person, conversation: Conversation) -> list[Line]:
        """What stands there for the person, oldest first."""
        return list(self._lines.get((person.id, conversation.id), {}).values())

    def dismiss(self, person: Person, conversation: Conversation, ts: str) -> bool:
        """Take a line away; whether there was one."""
        lines = self._lines.get((person.id, conversation.id), {})
        return lines.pop(ts, None) is not None
