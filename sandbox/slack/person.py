"""A person's hands: they see what Slack shows them and press what stands there."""

from __future__ import annotations

from html import escape
from typing import Any

from sandbox.slack import payloads
from sandbox.slack.answers import take_command, take_options, take_submission
from sandbox.slack.blocks import all_blocks, elements_of
from sandbox.slack.dispatch import Delivery, Dispatcher, Kind
from sandbox.slack.forms import entry_for, find_field, missing
from sandbox.slack.model import Conversation, Json, Person, Post, View
from sandbox.slack.offered import (
    interact,
    need_command,
    need_composer,
    need_options,
    need_shortcut,
    need_tab,
    tell,
    told_by_ids,
    typed_behind,
)
from sandbox.slack.screen import Message, Target, find_target
from sandbox.slack.state import VALUE_KEYS, initial_state
from sandbox.slack.workspace import Workspace

Where = Message | View
EXTERNAL = ("external_select", "multi_external_select")


class Hands:
    """Acts as one member of the workspace."""

    def __init__(self, workspace: Workspace, dispatcher: Dispatcher, person: Person) -> None:
        self.person = person
        self._workspace = workspace
        self._dispatcher = dispatcher

    # Looking

    def messages(self, conversation: Conversation | None = None) -> list[Message]:
        """What this person sees, oldest first: in the conversation with the bot, or in another."""
        conversation = conversation or self._workspace.direct(self.person)
        return [self._seen(post) for post in conversation.posts if self._sees(post)]

    def find(self, text: str, conversation: Conversation | None = None) -> Message:
        """The newest message that shows the text."""
        messages = self.messages(conversation)
        for message in reversed(messages):
            if text in message.plain():
                return message
        shown = "\n---\n".join(message.plain() for message in messages)
        raise LookupError(f"no message shows {text!r}; there are:\n{shown or '(none)'}")

    def again(self, message: Message) -> Message:
        """The same message as it stands now."""
        for current in self.messages(self._workspace.conversation(message.channel)):
            if current.ts == message.ts:
                return current
        raise LookupError(f"the message is gone: {message.plain()!r}")

    @property
    def modal(self) -> View | None:
        """The modal on top, if one is open."""
        stack = self._workspace.modals.get(self.person.id)
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        """The app's home tab, once the app has published one."""
        return self._workspace.homes.get(self.person.id)

    # Acting in messages and views

    async def click(self, where: Where, label: str, near: str | None = None) -> Delivery:
        """Press the button, or choose the option, with this label. `near` limits the search to
        the row that contains that text. A confirm dialog is answered with yes."""
        target = find_target(where.blocks, label, near) or await self._offered(where, label)
        if target is None:
            raise LookupError(f"nothing says {label!r} here:\n{where.plain()}")
        return await self._interact(self._pressed(where, target))

    async def choose(self, where: Where, name: str, value: Any) -> Delivery:
        """Give an element that acts at once a value: a date, a person… It is found by its label,
        placeholder or action_id."""
        block, element = find_field(where.blocks, name)
        entry = await self._entry(where, element, value)
        return await self._interact(self._changed(where, block, element, entry))

    async def click_again(self, delivery: Delivery) -> Delivery:
        """The same envelope once more, as Slack or a network may repeat it."""
        return await self._dispatcher.send(delivery.kind, delivery.payload)

    async def options(self, where: Where, action_id: str, query: str) -> list[str]:
        """What a menu offers for what was typed into it."""
        return [option["text"]["text"] for option in await self._ask(where, action_id, query)]

    async def command(
        self, command: str, text: str = "", conversation: Conversation | None = None
    ) -> Message | None:
        """Type a command; gives what it is answered with at once, if anything."""
        conversation = conversation or self._workspace.direct(self.person)
        need_composer(self._workspace, conversation)
        need_command(self._workspace, command)
        typed = typed_behind(self._workspace, command, text)
        payload = payloads.slash_command(self._workspace, self.person, conversation, command, typed)
        delivery = await self._dispatcher.send(Kind.COMMAND, payload)
        post = take_command(self._workspace, self.person, conversation, delivery)
        return None if post is None else self._seen(post)

    async def shortcut(self, callback_id: str) -> Delivery:
        """Choose a shortcut of the app from the menu."""
        need_shortcut(self._workspace, callback_id, self._workspace.manifest.global_shortcuts)
        payload = payloads.global_shortcut(self._workspace, self.person, callback_id)
        return await self._interact(payload)

    async def message_shortcut(self, message: Message, callback_id: str) -> Delivery:
        """Choose a shortcut of the app in the menu of a message."""
        need_shortcut(self._workspace, callback_id, self._workspace.manifest.message_shortcuts)
        payload = payloads.message_shortcut(self._workspace, self.person, message, callback_id)
        return await self._interact(payload)

    async def open_home(self, tab: str = "home") -> Delivery:
        """Look at the app's home tab, or its `messages` tab."""
        need_tab(self._workspace, tab)
        payload = payloads.app_home_opened(self._workspace, self.person, tab)
        return await tell(self._workspace, self._dispatcher, payload)

    def say(self, text: str, conversation: Conversation | None = None) -> Message:
        """Let a message stand there, as if it had been written before: the app is not told."""
        conversation = conversation or self._workspace.direct(self.person)
        need_composer(self._workspace, conversation)
        return self._seen(self._workspace.add_post(conversation, self.person.id, text))

    async def write(
        self, text: str, conversation: Conversation | None = None
    ) -> tuple[Message, list[Delivery]]:
        """Write a message, `@name` and `#channel` in it meant as such. The app is told where it
        asked for that: of what is written to it, in its channels, and where it is named."""
        workspace = self._workspace
        typed = told_by_ids(workspace, escape(text, quote=False), with_names=False)
        said = self.say(typed, conversation)
        if workspace.bot.id not in workspace.conversation(said.channel).members:
            return said, []
        envelopes = [payloads.message(workspace, said)]
        if f"<@{workspace.bot.id}>" in said.text:
            envelopes.append(payloads.app_mention(workspace, said))
        told = [await tell(workspace, self._dispatcher, one) for one in envelopes]
        return said, told

    # Modals

    async def fill(self, name: str, value: Any, typed: str | None = None) -> Delivery | None:
        """Give an input of the modal a value; told to the app only where that is asked for.
        `typed`: what a menu that asks the app is searched for, instead of the whole label."""
        view = self._open_modal()
        block, element = find_field(view.blocks, name)
        entry = await self._entry(view, element, value, typed)
        if block["type"] == "input" and not block.get("dispatch_action"):
            view.state[block["block_id"]][element["action_id"]] = entry
            return None
        return await self._interact(self._changed(view, block, element, entry))

    async def submit(self) -> dict[str, str]:
        """Press the modal's submit button: the errors by label, none when it was accepted."""
        view = self._open_modal()
        errors = missing(view.blocks, view.state)
        if errors:
            return errors
        payload = payloads.view_submission(self._workspace, self.person, view)
        delivery = await self._interact(payload)
        return take_submission(self._workspace, self.person, view, delivery)

    async def close_modal(self) -> Delivery | None:
        """Close the modal on top (all, where it says so); the app hears of it if it asked."""
        view = self._open_modal()
        cleared = bool(view.body.get("clear_on_close"))
        stack = self._workspace.modals[self.person.id]
        del stack[0 if cleared else -1 :]
        if not view.body.get("notify_on_close"):
            return None
        payload = payloads.view_closed(self._workspace, self.person, view, cleared=cleared)
        return await self._interact(payload)

    # Inside

    def _sees(self, post: Post) -> bool:
        return not post.deleted and post.only_for in (None, self.person.id)

    def _seen(self, post: Post) -> Message:
        return Message(
            channel=post.channel,
            ts=post.ts,
            user=post.user,
            text=post.text,
            blocks=post.blocks,
            metadata=post.metadata,
            edited=post.edited is not None,
            ephemeral=post.only_for is not None,
            reader=self._workspace.reader(self.person.id),
        )

    def _open_modal(self) -> View:
        if self.modal is None:
            raise LookupError("no modal is open")
        return self.modal

    async def _ask(self, where: Where, action_id: str, query: str) -> list[Json]:
        """The options the app serves for a query."""
        block, element = find_field(where.blocks, action_id)
        return await self._served(where, block["block_id"], element["action_id"], query)

    async def _served(self, where: Where, block_id: str, action_id: str, query: str) -> list[Json]:
        need_options(self._workspace)
        payload = payloads.block_suggestion(
            self._workspace, self.person, where, block_id, action_id, query
        )
        return take_options(await self._interact(payload))

    async def _interact(self, payload: Json) -> Delivery:
        return await interact(self._workspace, self._dispatcher, payload)

    async def _offered(self, where: Where, label: str) -> Target | None:
        """The option with this label in a menu that asks the app, as if its words were typed."""
        for block, element in _externals(where.blocks):
            for option in await self._ask(where, element["action_id"], label):
                if option["text"]["text"] == label:
                    return Target(label, block, element, option)
        return None

    async def _entry(
        self, where: Where, element: Json, value: Any, typed: str | None = None
    ) -> Json:
        if element["type"] not in EXTERNAL or value is None:
            return entry_for(element, value)
        labels = value if isinstance(value, list) else [value]
        offered = [
            option
            for label in labels
            for option in await self._ask(where, element["action_id"], typed or label)
        ]
        return entry_for(element, value, offered)

    def _pressed(self, where: Where, target: Target) -> Json:
        """The payload of pressing a button or choosing an option."""
        element, option = target.element, target.option
        if element["type"] not in VALUE_KEYS:
            action = _action(target.block, element)
            if element["type"] == "overflow":
                action["selected_option"] = option
            elif option is not None:
                action |= {"text": option["text"], "value": option["value"]}
            return self._acted(where, action)
        chosen: Any = target.label
        if VALUE_KEYS[element["type"]][0] == "selected_options":
            chosen = self._toggled(where, target)
        offered = [option] if option and element["type"] in EXTERNAL else None
        entry = entry_for(element, chosen, offered)
        return self._changed(where, target.block, element, entry)

    def _toggled(self, where: Where, target: Target) -> list[str]:
        """The labels that are chosen after one more was pressed: a second press takes it back."""
        entry = self._state(where)[target.block["block_id"]][target.element["action_id"]]
        labels = [option["text"]["text"] for option in entry["selected_options"]]
        if target.label in labels:
            return [label for label in labels if label != target.label]
        return [*labels, target.label]

    def _changed(self, where: Where, block: Json, element: Json, entry: Json) -> Json:
        """The payload of giving an element a value, which it keeps."""
        state = self._state(where)
        state.setdefault(block["block_id"], {})[element["action_id"]] = entry
        return self._acted(where, _action(block, element) | entry)

    def _acted(self, where: Where, action: Json) -> Json:
        state = self._state(where)
        return payloads.block_actions(self._workspace, self.person, where, action, state)

    def _state(self, where: Where) -> Json:
        """What this person has chosen in a message or view so far."""
        if isinstance(where, View):
            return where.state
        post = self._workspace.conversation(where.channel).post(where.ts, self.person.id)
        fresh = initial_state(where.blocks)
        return fresh if post is None else post.states.setdefault(self.person.id, fresh)


_TOLD = ("type", "action_id", "text", "value", "style", "url", "placeholder", "confirm")


def _action(block: Json, element: Json) -> Json:
    """What an action tells of its element."""
    told: Json = {key: element[key] for key in _TOLD if key in element}
    return told | {"block_id": block["block_id"]}


def _externals(blocks: list[Json]) -> list[tuple[Json, Json]]:
    return [
        (block, element)
        for block in all_blocks(blocks)
        for element in elements_of(block)
        if element["type"] in EXTERNAL
    ]
