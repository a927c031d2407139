"""What the page shows of Slack to one person, as JSON."""

from __future__ import annotations

from sandbox.page.pointer import Pointer
from sandbox.page.unread import ReadMarks
from sandbox.slack import Conversation, Message, Person, SlackSandbox, View, Workspace
from sandbox.slack.model import Json


def stage_of(slack: SlackSandbox, marks: ReadMarks) -> Json:
    """What is the same for everybody: the time, the app, and the people."""
    workspace = slack.workspace
    return {
        "now": workspace.clock.now().timestamp(),
        "workspace": workspace.team_name,
        "app": {"id": workspace.bot.id, "name": workspace.bot.real_name},
        "connected": slack.dispatcher.reachable,
        "people": [_member(workspace, marks, one) for one in members(workspace)],
        "names": {one.id: one.real_name for one in workspace.people.values()},
        "channels": {one.id: one.name for one in workspace.conversations.values()},
    }


def state_of(
    slack: SlackSandbox, marks: ReadMarks, hands: Pointer, conversation: Conversation
) -> Json:
    """Everything in a person's seat, and what is the same for everybody."""
    workspace, person = slack.workspace, hands.person
    modals = workspace.modals.get(person.id, [])
    return stage_of(slack, marks) | {
        "person": person.id,
        "conversations": [
            _conversation(workspace, marks, person, one)
            for one in seen_conversations(workspace, person)
        ],
        "conversation": conversation.id,
        "messages": [_message(conversation, hands, one) for one in hands.messages(conversation)],
        "modals": [_view(view) for view in modals],
        "home": hands.home and _view(hands.home),
    }


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


def _member(workspace: Workspace, marks: ReadMarks, person: Person) -> Json:
    seen = seen_conversations(workspace, person)
    return {
        "id": person.id,
        "name": person.real_name,
        "email": person.email,
        "zone": person.timezone,
        "locale": person.locale,
        "admin": person.is_admin,
        "unread": sum(marks.unread(person, one) for one in seen),
    }


def _conversation(
    workspace: Workspace, marks: ReadMarks, person: Person, conversation: Conversation
) -> Json:
    return {
        "id": conversation.id,
        "name": workspace.bot.real_name if conversation.is_direct else conversation.name,
        "direct": conversation.is_direct,
        "unread": marks.unread(person, conversation),
    }


def _message(conversation: Conversation, hands: Pointer, message: Message) -> Json:
    post = conversation.post(message.ts, hands.person.id)
    return {
        "channel": message.channel,
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "edited": message.edited,
        "ephemeral": message.ephemeral,
        "state": post.states.get(hands.person.id, {}) if post else {},
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
        **texts,
    }
