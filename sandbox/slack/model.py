"""The things that stand in a workspace: people, conversations, posts, views."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.slack.words import Reader, labels_of_inputs, words_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Status:
    """What a person shows beside their name; `emoji` such as `:palm_tree:`. Slack clears it at
    `until`."""

    emoji: str = ""
    text: str = ""
    until: datetime | None = None


NO_STATUS = Status()


@dataclass(slots=True)
class Person:
    """A member of the team, or the app's bot user."""

    id: str
    name: str
    real_name: str
    email: str | None
    timezone: str
    locale: str
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    status: Status = NO_STATUS

    def status_at(self, now: datetime) -> Status:
        """The status that is shown then."""
        ended = self.status.until is not None and self.status.until <= now
        return NO_STATUS if ended else self.status


@dataclass(slots=True)
class Post:
    """A message as Slack stores it. One with `only_for` is ephemeral: that person sees it, and no
    history shows it."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    metadata: Json | None = None
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    edited: str | None = None
    only_for: str | None = None
    deleted: bool = False
    states: dict[str, Json] = field(default_factory=dict)
    """What each person has chosen in the message's elements, by user id."""


@dataclass(slots=True)
class Conversation:
    """A channel (C…), or the direct conversation of a person with the bot (D…)."""

    id: str
    name: str
    members: set[str]
    person: str | None = None
    """Whose direct conversation it is; None for a channel."""
    archived: bool = False
    restricted: str = ""
    """Who may not post here: the error that the bot gets, `restricted_action` or one of its kin."""
    posts: list[Post] = field(default_factory=list)

    @property
    def is_direct(self) -> bool:
        return self.person is not None

    def post(self, ts: str, reader: str | None = None) -> Post | None:
        """The post with this ts that stands, ephemeral ones only for their reader."""
        for post in self.posts:
            if post.ts == ts and not post.deleted and post.only_for in (None, reader):
                return post
        return None


@dataclass(slots=True)
class View:
    """A modal or a home tab that a person has open."""

    id: str
    user: str
    type: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None
    state: Json
    reader: Reader = field(default_factory=Reader)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def title(self) -> str:
        """The words in the title bar; empty for a home tab."""
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.body.get("private_metadata", ""))

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id", ""))

    def plain(self) -> str:
        """All the words that stand in it."""
        return words_of(self.blocks, self.reader)

    def fields(self) -> list[str]:
        """The labels of its inputs, from top to bottom."""
        return labels_of_inputs(self.blocks)


@dataclass(frozen=True, slots=True)
class Trigger:
    """The right to open a modal, once and soon."""

    id: str
    user: str
    made_at: datetime


@dataclass(slots=True)
class ResponseUrl:
    """The right to post into a conversation without a token, a few times and for a while."""

    token: str
    user: str
    channel: str
    ts: str | None
    made_at: datetime
    uses: int = 0
