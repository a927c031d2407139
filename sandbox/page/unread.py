"""How far each person has read each conversation."""

from __future__ import annotations

from sandbox.slack import Conversation, Person


class ReadMarks:
    """Remembers the newest message that a person has looked at."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], str] = {}

    def read_all(self, person: Person, conversation: Conversation) -> bool:
        """Mark everything as read; whether anything was not."""
        changed = self.unread(person, conversation) > 0
        if conversation.posts:
            self._read[person.id, conversation.id] = conversation.posts[-1].ts
        return changed

    def mark(self, person: Person, conversation: Conversation) -> str:
        """The ts of the newest message that the person has looked at; empty before the first."""
        return self._read.get((person.id, conversation.id), "")

    def unread(self, person: Person, conversation: Conversation) -> int:
        """How many messages of others stand there that the person has not looked at."""
        mark = self.mark(person, conversation)
        return sum(
            1
            for post in conversation.posts
            if post.ts > mark
            and not post.deleted
            and post.user != person.id
            and post.only_for in (None, person.id)
        )
