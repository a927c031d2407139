"""What the page shows and does in Slack, for the person who is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.routing import Route

from sandbox.page import asked
from sandbox.page.answering import Unready, body_of, get, post
from sandbox.page.changes import Changes
from sandbox.page.pointer import Gone, Pointer, Where
from sandbox.page.state import Showing, members, seen_conversations
from sandbox.slack import (
    AppFailed,
    Conversation,
    Message,
    NotOffered,
    Person,
    SlackSandbox,
    Status,
    View,
    payloads,
)
from sandbox.slack.answers import need_answer
from sandbox.slack.model import Json
from sandbox.slack.offered import need_composer


class SlackActs:
    """One method for each address of the page's interface."""

    def __init__(self, slack: SlackSandbox, roles: Mapping[str, str], changes: Changes) -> None:
        self._slack = slack
        self._showing = Showing(slack, roles)
        self._changes = changes

    def routes(self, app_name: str) -> list[Route]:
        """All addresses; `app_name` is for what is told when the app fails."""
        shown = {"stage": self.stage, "state": self.state}
        done = {
            "read": self.read,
            "say": self.say,
            "status": self.set_status,
            "shortcut": self.shortcut,
            "dismiss": self.dismiss,
            "press": self.press,
            "search": self.search,
            "home": self.open_home,
            "modal/submit": self.submit,
            "modal/close": self.close,
        }
        return [
            *(get(f"/api/{name}", act, app_name) for name, act in shown.items()),
            *(post(f"/api/{name}", act, app_name) for name, act in done.items()),
        ]

    async def stage(self, _request: Request) -> Json:
        """Who is there, and what waits for each."""
        return self._showing.stage()

    async def state(self, request: Request) -> Json:
        """What `person` sees, in `conversation` or in the one with the app."""
        workspace = self._slack.workspace
        wanted = request.query_params.get("person")
        person = workspace.person(wanted) if wanted else members(workspace)[0]
        seen = seen_conversations(workspace, person)
        channel = request.query_params.get("conversation")
        conversation = next((one for one in seen if one.id == channel), seen[0])
        return self._showing.seat(self._hands(person), conversation)

    async def read(self, request: Request) -> Json:
        """Mark a conversation as read."""
        body = await body_of(request, asked.InConversation)
        hands = self._pointer(body.person)
        conversation = self._conversation(hands.person, body.channel)
        if self._showing.marks.read_all(hands.person, conversation):
            self._changes.notify()
        return {}

    async def say(self, request: Request) -> Json:
        """Type a message, or a command."""
        body = await body_of(request, asked.Said)
        hands = self._pointer(body.person)
        conversation = self._conversation(hands.person, body.channel)
        with self._acting(needs_app=body.text.startswith("/")):
            if body.text.startswith("/"):
                need_composer(self._slack.workspace, conversation)
                await self._command(hands, conversation, body.text)
            elif self._slack.dispatcher.reachable:
                await hands.write(body.text, conversation)
            else:
                hands.say(body.text, conversation)
        return {}

    async def set_status(self, request: Request) -> Json:
        """Set or clear one's status; the app hears that a member has changed."""
        body = await body_of(request, asked.Status)
        workspace = self._slack.workspace
        person = workspace.person(body.person)
        person.status = Status(body.emoji, body.text, self._ends(person, body.lasts))
        self._changes.notify()
        if self._slack.dispatcher.reachable:
            await self._slack.send_event(payloads.user_change(workspace, person))
        return {}

    async def shortcut(self, request: Request) -> Json:
        """Choose a shortcut: a global one, or one upon a message."""
        body = await body_of(request, asked.Shortcut)
        hands = self._pointer(body.person)
        with self._acting():
            if body.ts:
                message = self._message(hands, body.channel, body.ts)
                delivery = await hands.message_shortcut(message, body.callback_id)
            else:
                delivery = await hands.shortcut(body.callback_id)
            need_answer(delivery)
        return {}

    async def dismiss(self, request: Request) -> Json:
        """Take away a message that only this person sees."""
        body = await body_of(request, asked.AtMessage)
        hands = self._pointer(body.person)
        conversation = self._conversation(hands.person, body.channel)
        with self._acting(needs_app=False):
            if not self._showing.slackbot.dismiss(hands.person, conversation, body.ts):
                post = conversation.post(body.ts, hands.person.id)
                if post is None or post.only_for is None:
                    raise Gone("This message is gone.")
                post.deleted = True
        return {}

    async def press(self, request: Request) -> Json:
        """Press a button, or give a menu or picker that acts at once its value."""
        body = await body_of(request, asked.Pressed)
        hands = self._pointer(body.person)
        where = self._where(hands, body)
        with self._acting():
            need_answer(await hands.press(where, body.block_id, body.action_id, body.value))
        return {}

    async def search(self, request: Request) -> Json:
        """The options that the app serves for a query."""
        body = await body_of(request, asked.Searched)
        hands = self._pointer(body.person)
        where = self._where(hands, body)
        with self._acting():
            options = await hands.offers(where, body.block_id, body.action_id, body.query)
        return {"options": options}

    async def open_home(self, request: Request) -> Json:
        """Look at the app's home tab, or at its messages."""
        body = await body_of(request, asked.AtTab)
        with self._acting():
            need_answer(await self._pointer(body.person).open_home(body.tab))
        return {}

    async def submit(self, request: Request) -> Json:
        """Submit the modal on top: errors by block_id, none when it was accepted."""
        body = await body_of(request, asked.InView)
        hands = self._pointer(body.person)
        view = self._modal(hands, body.view)
        hands.keep(view, body.values)
        with self._acting():
            by_label = await hands.submit()
        labels = {
            block["block_id"]: block["label"]["text"]
            for block in view.blocks
            if block["type"] == "input"
        }
        return {
            "errors": {id_: by_label[label] for id_, label in labels.items() if label in by_label}
        }

    async def close(self, request: Request) -> Json:
        """Close the modal on top."""
        body = await body_of(request, asked.InView)
        hands = self._pointer(body.person)
        view = self._modal(hands, body.view)
        with self._acting(needs_app=False):
            if not self._slack.dispatcher.reachable:
                view.body["notify_on_close"] = False  # there is nobody to tell
            delivery = await hands.close_modal()
        if delivery is not None:
            need_answer(delivery)
        return {}

    def _hands(self, person: Person) -> Pointer:
        return Pointer(self._slack.workspace, self._slack.dispatcher, person)

    def _pointer(self, user: str) -> Pointer:
        return self._hands(self._slack.workspace.person(user))

    def _conversation(self, person: Person, channel: str) -> Conversation:
        for conversation in seen_conversations(self._slack.workspace, person):
            if conversation.id == channel:
                return conversation
        raise Gone("This conversation is not there.")

    def _where(self, hands: Pointer, body: asked.AtElement) -> Where:
        """The message or view that was pointed at; what was typed into it goes along."""
        if not body.view:
            message = self._message(hands, body.channel, body.ts)
            hands.keep(message, body.values)
            return message
        view = hands.view(body.view)
        hands.keep(view, body.values)
        return view

    def _message(self, hands: Pointer, channel: str, ts: str) -> Message:
        return hands.message(self._conversation(hands.person, channel), ts)

    async def _command(self, hands: Pointer, conversation: Conversation, line: str) -> None:
        """Run a command; where it fails, Slackbot says so."""
        command, _, text = line.partition(" ")
        tell = partial(self._showing.slackbot.tell, hands.person, conversation)
        try:
            await hands.command(command, text.strip(), conversation)
        except NotOffered as unknown:
            tell(str(unknown))
        except AppFailed as failed:
            silent = failed.delivery.status is None
            why = (
                "because the app did not respond" if silent else "with the error “dispatch_failed”"
            )
            tell(f"{command} failed {why}.", str(failed))

    def _ends(self, person: Person, lasts: str) -> datetime | None:
        """When a status that lasts for an `hour`, or for `today`, is over."""
        now = self._slack.workspace.clock.now()
        if lasts == "hour":
            return now + timedelta(hours=1)
        if lasts == "today":
            tomorrow = now.astimezone(ZoneInfo(person.timezone)).date() + timedelta(days=1)
            return datetime.combine(tomorrow, time(), ZoneInfo(person.timezone))
        return None

    def _modal(self, hands: Pointer, view_id: str) -> View:
        if hands.modal is None or hands.modal.id != view_id:
            raise Gone("This is no longer open.")
        return hands.modal

    @contextmanager
    def _acting(self, *, needs_app: bool = True) -> Iterator[None]:
        """Around what changes something: pages look again, whether it went well or not."""
        if needs_app and not self._slack.dispatcher.reachable:
            raise Unready("No app is connected to this Slack yet.")
        try:
            yield
        finally:
            self._changes.notify()
