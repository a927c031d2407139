"""What the page shows of Slack to one person, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.page.pointer import Pointer
from sandbox.page.slackbot import SLACKBOT, Slackbot
from sandbox.page.unread import ReadMarks
from sandbox.slack import Conversation, Message, Person, SlackSandbox, View, Workspace
from sandbox.slack.manifest import Shortcut
from sandbox.slack.model import Json
from sandbox.slack.state import initial_state


class Showing:
    """What is shown of a Slack, with what people have read, and what Slack itself told them."""

    def __init__(self, slack: SlackSandbox, roles: Mapping[str, str]) -> None:
        """`roles`: a word about a person, by user id."""
        self.marks = ReadMarks()
        self.slackbot = Slackbot(slack.workspace)
        self._slack = slack
        self._workspace = slack.workspace
        self._roles = roles

    def stage(self) -> Json:
        """What is the same for everybody: the time, the app, and the people."""
        workspace = self._workspace
        names = {one.id: one.real_name for one in workspace.people.values()}
        return {
            "now": workspace.clock.now().timestamp(),
            "workspace": workspace.team_name,
            "app": {"id": workspace.bot.id, "name": workspace.bot.real_name},
            "connected": self._slack.dispatcher.reachable,
            "people": [self._member(one) for one in members(workspace)],
            "names": names | {SLACKBOT: "Slackbot"},
            "channels": {one.id: one.name for one in workspace.conversations.values()},
        }

    def seat(self, hands: Pointer, conversation: Conversation) -> Json:
        """Everything in a person's seat, and what is the same for everybody."""
        workspace, person = self._workspace, hands.person
        modals = workspace.modals.get(person.id, [])
        return self.stage() | {
            "person": person.id,
            "conversations": [
                self._conversation(person, one) for one in seen_conversations(workspace, person)
            ],
            "conversation": conversation.id,
            "read": self.marks.mark(person, conversation),
            "messages": self._messages(hands, conversation),
            "modals": [_view(view) for view in modals],
            "home": hands.home and _view(hands.home),
            **_offered(workspace, conversation),
        }

    def _member(self, person: Person) -> Json:
        seen = seen_conversations(self._workspace, person)
        status = person.status_at(self._workspace.clock.now())
        return {
            "id": person.id,
            "name": person.real_name,
            "email": person.email,
            "zone": person.timezone,
            "locale": person.locale,
            "admin": person.is_admin,
            "role": self._roles.get(person.id, "admin" if person.is_admin else ""),
            "status": {"emoji": status.emoji, "text": status.text},
            "unread": sum(self.marks.unread(person, one) for one in seen),
        }

    def _conversation(self, person: Person, conversation: Conversation) -> Json:
        name = self._workspace.bot.real_name if conversation.is_direct else conversation.name
        return {
            "id": conversation.id,
            "name": name,
            "direct": conversation.is_direct,
            "unread": self.marks.unread(person, conversation),
        }

    def _messages(self, hands: Pointer, conversation: Conversation) -> list[Json]:
        """The messages that a person sees, and Slackbot's lines between them."""
        seen = [_message(conversation, hands, one) for one in hands.messages(conversation)]
        lines = [
            {
                "channel": conversation.id,
                "ts": line.ts,
                "user": SLACKBOT,
                "text": line.text,
                "detail": line.detail,
                "blocks": [],
                "edited": False,
                "ephemeral": True,
                "state": {},
            }
            for line in self.slackbot.lines(hands.person, conversation)
        ]
        return sorted([*seen, *lines], key=lambda one: str(one["ts"]))


def _offered(workspace: Workspace, conversation: Conversation) -> Json:
    """What the app's manifest lets people choose and write here."""
    manifest = workspace.manifest
    closed = manifest.read_only_messages or not workspace.messages_tab
    return {
        "commands": [
            {
                "command": one.command,
                "description": one.description,
                "usage_hint": one.usage_hint,
            }
            for one in manifest.commands
        ],
        "shortcuts": {
            "global": [_shortcut(one) for one in manifest.global_shortcuts],
            "message": [_shortcut(one) for one in manifest.message_shortcuts],
        },
        "takes_messages": not (conversation.is_direct and closed),
        "home_tab": manifest.home_tab,
        "messages_tab": workspace.messages_tab,
    }


def _shortcut(one: Shortcut) -> Json:
    return {"callback_id": one.callback_id, "name": one.name, "description": one.description}


def members(workspace: Workspace) -> list[Person]:
    """The people who can be chosen."""
    return [one for one in workspace.people.values() if not (one.is_bot or one.deleted)]


def seen_conversations(workspace: Workspace, person: Person) -> list[Conversation]:
    """The conversations of a person, the one with the app first."""
    direct = workspace.direct(person)
    others = [
        one
        for one in workspace.conversations.values()
        if person.id in one.members and not one.is_direct
    ]
    return [direct, *others]


def _message(conversation: Conversation, hands: Pointer, message: Message) -> Json:
    post = conversation.post(message.ts, hands.person.id)
    chosen = post.states.get(hands.person.id) if post else None
    return {
        "channel": message.channel,
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "edited": message.edited,
        "ephemeral": message.ephemeral,
        "state": chosen or initial_state(message.blocks),
    }


def _view(view: View) -> Json:
    words = ("submit", "close")
    texts: Json = {name: view.body[name]["text"] for name in words if name in view.body}
    return {
        "id": view.id,
        "hash": view.hash,
        "title": view.title,
        "blocks": view.blocks,
        "state": view.state,
        "clears": bool(view.body.get("clear_on_close")),
        **texts,
    }
