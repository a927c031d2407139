"""What Slack lets people do with an app, which is what its manifest declares."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sandbox.slack.dispatch import Delivery, Dispatcher, Kind, Retry
from sandbox.slack.errors import NotOffered
from sandbox.slack.events import EVENTS
from sandbox.slack.manifest import Shortcut
from sandbox.slack.model import Conversation, Json, Person
from sandbox.slack.workspace import Workspace

_LINK = re.compile(r"(?<!\S)https?://[^\s<>]+")


def need_composer(workspace: Workspace, conversation: Conversation) -> None:
    """Refuse where there is nothing to type into: the app's messages may be closed to people."""
    if conversation.is_direct and not workspace.messages_tab:
        raise NotOffered(f"{workspace.bot.real_name} has no messages tab.")
    if conversation.is_direct and workspace.manifest.read_only_messages:
        raise NotOffered("Sending messages to this app has been turned off.")


def need_command(workspace: Workspace, command: str) -> None:
    """Refuse a command that the app does not declare."""
    if not workspace.manifest.takes_command(command):
        raise NotOffered(f"{command} is not a valid command.")


def need_shortcut(workspace: Workspace, callback_id: str, among: tuple[Shortcut, ...]) -> None:
    """Refuse a shortcut that stands in no menu."""
    if not workspace.manifest.offers(callback_id, among):
        raise NotOffered(f"There is no shortcut {callback_id}.")


def need_options(workspace: Workspace) -> None:
    """Refuse to search a menu whose options the app can't be asked for."""
    if not workspace.manifest.serves_options:
        raise NotOffered("The app has no message_menu_options_url and no Socket Mode.")


def need_tab(workspace: Workspace, tab: str) -> None:
    """Refuse to open a tab that the app does not have."""
    there = workspace.manifest.home_tab if tab == "home" else workspace.messages_tab
    if not there:
        raise NotOffered(f"{workspace.bot.real_name} has no {tab} tab.")


async def interact(workspace: Workspace, dispatcher: Dispatcher, payload: Json) -> Delivery:
    """Tell the app what somebody pressed, chose or submitted."""
    if not workspace.manifest.interactive:
        raise NotOffered("This app is not configured to handle interactive responses.")
    return await dispatcher.send(Kind.INTERACTIVE, payload)


async def tell(
    workspace: Workspace, dispatcher: Dispatcher, envelope: Json, retry: Retry | None = None
) -> Delivery:
    """Tell the app of an event, if it asked for such and may know."""
    name = _subscription(envelope["event"])
    scope = EVENTS.get(name)
    granted = scope is None or scope in workspace.scopes
    if not (granted and workspace.manifest.hears(name)):
        return Delivery(Kind.EVENT, envelope, "unsubscribed", None, "", 0.0)
    return await dispatcher.send(Kind.EVENT, envelope, retry)


def _subscription(event: Json) -> str:
    """By which name apps subscribe to an event like this one."""
    kind = str(event["type"])
    if kind != "message":
        return kind
    return {"im": "message.im", "channel": "message.channels"}[event["channel_type"]]


def typed_behind(workspace: Workspace, command: str, text: str) -> str:
    """The words behind a command as the app gets them: people, channels and links told by their
    ids where the manifest asks for that."""
    declared = workspace.manifest.command(command)
    return told_by_ids(workspace, text) if declared and declared.should_escape else text


def told_by_ids(workspace: Workspace, text: str, *, with_names: bool = True) -> str:
    """What somebody typed, with `@name`, `#channel` and addresses as Slack writes them."""
    people = {name: one for one in workspace.people.values() for name in (one.name, one.real_name)}
    channels = {one.name: one for one in workspace.conversations.values() if not one.is_direct}

    def told(sign: str, one: Person | Conversation) -> str:
        return f"<{sign}{one.id}|{one.name}>" if with_names else f"<{sign}{one.id}>"

    text = _LINK.sub(lambda link: f"<{link[0]}>", text)
    text = _names("@", people).sub(lambda found: told("@", people[found[1]]), text)
    return _names("#", channels).sub(lambda found: told("#", channels[found[1]]), text)


def _names(sign: str, names: Iterable[str]) -> re.Pattern[str]:
    """Any of the names behind its sign, the longest first."""
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\S){sign}({'|'.join(map(re.escape, longest)) or '(?!)'})(?![\w.-])")
