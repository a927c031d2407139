"""The state of a simulated workspace, and the few ways in which it changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.clock import Clock
from sandbox.slack.errors import SlackError
from sandbox.slack.limits import LIMITS
from sandbox.slack.manifest import Manifest
from sandbox.slack.model import Conversation, Person, Post, ResponseUrl, Trigger, View
from sandbox.slack.state import kept_state
from sandbox.slack.words import Reader


class Workspace:
    """A team with one installed app, that of the manifest. Nothing here talks to a network: the
    Web API and the hands of people both work on it."""

    def __init__(
        self,
        clock: Clock,
        *,
        bot_token: str = "xoxb-sandbox-bot",
        app_token: str = "xapp-1-sandbox-app",
        signing_secret: str = "sandbox-signing-secret",
        team_name: str = "Sandbox",
        manifest: Manifest | None = None,
    ) -> None:
        self.clock = clock
        self.bot_token = bot_token
        self.app_token = app_token
        self.signing_secret = signing_secret
        self.team_name = team_name
        self.team_id = "T0SANDBOX1"
        self.app_id = "A0SANDBOX1"
        self.bot_id = "B0SANDBOX1"
        self.verification_token = "sandbox-verification"
        self.manifest = manifest or Manifest()
        self.scopes = set(self.manifest.scopes)
        """What the bot's token was granted."""
        self.token_error: str | None = None
        """What every call with the bot's or app's token answers, once they are no longer good."""
        self.public_url = ""
        """Where this Slack is served; response_urls begin with it."""
        self.new_socket_url: Callable[[], str] = _unserved
        """Gives the address of a Socket Mode connection, good for one."""
        self.messages_tab = self.manifest.messages_tab
        """Whether people can see the app's messages tab; off, nothing can be sent to them."""
        self.people: dict[str, Person] = {}
        self.conversations: dict[str, Conversation] = {}
        self.modals: dict[str, list[View]] = {}
        """The stack of open modals by user, the top one last."""
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._spent_triggers: set[str] = set()
        self._numbers = itertools.count(1)
        self._last_ts = 0
        self.bot = self.add_person(self.manifest.bot_name, is_bot=True)

    # People and conversations

    def add_person(
        self,
        name: str,
        *,
        email: str | None = None,
        timezone: str = "Etc/UTC",
        locale: str = "en-US",
        is_admin: bool = False,
        is_bot: bool = False,
    ) -> Person:
        """A new member; the user name is made of the name."""
        person = Person(
            id=self.new_id("U"),
            name=name.lower().replace(" ", "."),
            real_name=name,
            email=email,
            timezone=str(ZoneInfo(timezone)),
            locale=locale,
            is_admin=is_admin,
            is_bot=is_bot,
        )
        self.people[person.id] = person
        return person

    def add_channel(
        self, name: str, *, members: Iterable[Person] = (), with_bot: bool = True
    ) -> Conversation:
        """A new channel; the bot is a member unless told otherwise."""
        ids = {person.id for person in members} | ({self.bot.id} if with_bot else set())
        channel = Conversation(id=self.new_id("C"), name=name, members=ids)
        self.conversations[channel.id] = channel
        return channel

    def direct(self, person: Person) -> Conversation:
        """The direct conversation of a person and the bot; opened when there is none yet."""
        for conversation in self.conversations.values():
            if conversation.person == person.id:
                return conversation
        conversation = Conversation(
            id=self.new_id("D"),
            name="directmessage",
            members={person.id, self.bot.id},
            person=person.id,
        )
        self.conversations[conversation.id] = conversation
        return conversation

    def person(self, user: object) -> Person:
        """The member with this id."""
        if not isinstance(user, str) or user not in self.people:
            raise SlackError("user_not_found")
        return self.people[user]

    def conversation(self, channel: object) -> Conversation:
        """The conversation with this C or D id."""
        if not isinstance(channel, str) or channel not in self.conversations:
            raise SlackError("channel_not_found")
        return self.conversations[channel]

    def reader(self, user: str) -> Reader:
        """How this person reads dates."""
        return Reader(ZoneInfo(self.people[user].timezone), self.clock.now)

    # Posts

    def add_post(self, conversation: Conversation, user: str, text: str, **more: Any) -> Post:
        """Put a message at the end of a conversation."""
        post = Post(
            ts=self.new_ts(),
            channel=conversation.id,
            user=user,
            text=text,
            blocks=more.pop("blocks", []),
            **more,
        )
        conversation.posts.append(post)
        return post

    def edit_post(self, post: Post, **changes: Any) -> None:
        """Change a message in place and mark it edited."""
        if "blocks" in changes:
            for user, state in post.states.items():
                post.states[user] = kept_state(state, post.blocks, changes["blocks"])
        for name, value in changes.items():
            setattr(post, name, value)
        post.edited = self.new_ts()

    # Rights that pass

    def new_trigger(self, user: str) -> str:
        """A trigger_id for something this person just did."""
        trigger = Trigger(f"{self._count()}.{self.team_id}.{user}", user, self.clock.now())
        self.triggers[trigger.id] = trigger
        return trigger.id

    def spend_trigger(self, trigger_id: object) -> Trigger:
        """Use a trigger_id: good once, for three seconds."""
        if not isinstance(trigger_id, str) or trigger_id not in self.triggers:
            raise SlackError("invalid_trigger_id")
        trigger = self.triggers[trigger_id]
        if trigger_id in self._spent_triggers:
            raise SlackError("exchanged_trigger_id")
        if self.clock.now() - trigger.made_at > timedelta(seconds=LIMITS["trigger.seconds"]):
            raise SlackError("expired_trigger_id")
        self._spent_triggers.add(trigger_id)
        return trigger

    def new_response_url(self, user: str, channel: str, ts: str | None) -> str:
        """The token of a new response_url."""
        token = f"{self.team_id}-{self._count()}"
        self.response_urls[token] = ResponseUrl(token, user, channel, ts, self.clock.now())
        return token

    # Names and numbers

    def new_ts(self) -> str:
        """A message time stamp: the clock's, and later than any given before."""
        micros = int(self.clock.now().timestamp() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """An id of Slack's shape that was never given before."""
        return f"{prefix}0SB{self._count():07d}"

    def new_name(self) -> str:
        """A block_id or action_id for what the app left unnamed."""
        return f"{self._count():05x}"

    def new_hash(self) -> str:
        """The hash of a new state of a view."""
        return f"{int(self.clock.now().timestamp())}.{self._count():08x}"

    def _count(self) -> int:
        return next(self._numbers)


def _unserved() -> str:
    raise RuntimeError("this workspace is not served: make a SlackSandbox of it")
