"""What people see and press: cards, lists and forms as page objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.linking import add_link, remove_link
from bot.store.people import Link
from sandbox.slack import Conversation, Delivery, Hands, Message, View
from sandbox.slack.model import Person

if TYPE_CHECKING:
    from tests.scenarios.world import World


@dataclass
class CardPage:
    """A person's newest card for a title, in the conversation with the bot or in a channel."""

    world: World
    person: Someone
    title: str
    where: Conversation | None = None

    @property
    def message(self) -> Message:
        return self.all[-1]

    @property
    def all(self) -> list[Message]:
        """Every card of that title, oldest first."""
        cards = [m for m in self.person.cards_in(self.where) if self.title in m.plain()]
        assert cards, f"no card shows {self.title!r}"
        return cards

    @property
    def words(self) -> str:
        return self.message.plain()

    @property
    def text(self) -> str:
        """What a phone shows."""
        return self.message.text

    @property
    def buttons(self) -> list[str]:
        return self.message.buttons()

    async def press(self, label: str, message: Message | None = None) -> Delivery:
        """Click, and nothing more: the bot has stored it, and not yet acted. `message`: the card
        as it was seen earlier."""
        delivery = await self.person.hands.click(message or self.message, label)
        assert delivery.ok, delivery
        return delivery

    async def click(self, label: str, message: Message | None = None) -> Delivery:
        """Click, and let the bot do all that is due."""
        delivery = await self.press(label, message)
        await self.world.settle()
        return delivery


@dataclass
class ListPage:
    """A list of tasks that stands in a conversation."""

    world: World
    person: Someone
    shown: Message
    where: Conversation | None = None

    @property
    def message(self) -> Message:
        """As it stands now."""
        return self.person.hands.again(self.shown)

    @property
    def words(self) -> str:
        return self.message.plain()

    @property
    def buttons(self) -> list[str]:
        return self.message.buttons()

    @property
    def rows(self) -> list[str]:
        """The words of the rows, from top to bottom."""
        sections = [b for b in self.message.blocks if str(b.get("block_id", "")).startswith("task")]
        return [str(block["text"]["text"]) for block in sections]

    def row(self, title: str) -> str:
        (found,) = [row for row in self.rows if title in row]
        return found

    def answerable(self, title: str) -> bool:
        (found,) = [
            b
            for b in self.message.blocks
            if str(b.get("block_id", "")).startswith("task") and title in b["text"]["text"]
        ]
        return found.get("accessory", {}).get("type", "button") != "button"

    async def press(self, label: str, near: str | None = None) -> None:
        delivery = await self.person.hands.click(self.message, label, near=near)
        assert delivery.ok, delivery

    async def click(self, label: str, near: str | None = None) -> None:
        await self.press(label, near)
        await self.world.settle()


@dataclass
class Someone:
    """A person in the workspace."""

    world: World
    person: Person

    @property
    def id(self) -> str:
        return self.person.id

    @property
    def hands(self) -> Hands:
        return self.world.slack.as_person(self.person)

    @property
    def messages(self) -> list[Message]:
        return list(self.hands.messages())

    @property
    def cards(self) -> list[Message]:
        return self.cards_in(None)

    def cards_in(self, where: Conversation | None) -> list[Message]:
        return [m for m in self.hands.messages(where) if event_of(m) == "taskbell_card"]

    @property
    def notices(self) -> list[str]:
        return [m.plain() for m in self.messages if event_of(m) == "taskbell_notice"]

    @property
    def whispers(self) -> list[str]:
        """Private sentences in the conversation with the bot."""
        return self.whispers_in(None)

    def whispers_in(self, where: Conversation | None) -> list[str]:
        """Private sentences; lists, which are private too, are not among them."""
        seen = [m for m in self.hands.messages(where) if m.ephemeral]
        return [m.plain() for m in seen if set(m.buttons()) <= {"Request link"}]

    @property
    def modal(self) -> View:
        view = self.hands.modal
        assert view is not None, "no form is open"
        return view

    def card(self, title: str, where: Conversation | None = None) -> CardPage:
        return CardPage(self.world, self, title, where)

    async def fill(self, **values: Any) -> dict[str, str]:
        """Fill the open form by labels (with underscores for spaces), send it, and let the bot
        do what is due; gives the errors at the fields."""
        for label, value in values.items():
            await self.hands.fill(label.replace("_", " "), value)
        errors = await self.hands.submit()
        await self.world.settle()
        return errors

    async def link(self, connection: str, operator: str) -> None:
        """An admin links this person."""
        ground = self.world.bot.ground
        link = Link(connection, operator, self.id, "admin", "test", ground.clock.now())
        in_the_way = await ground.db.write(lambda tx: add_link(tx, ground, link))
        assert in_the_way is None, in_the_way

    async def unlink(self, connection: str, operator: str) -> None:
        ground = self.world.bot.ground
        assert await ground.db.write(
            lambda tx: remove_link(tx, ground, connection, operator, "test")
        )

    async def tasks(self, words: str = "", where: Conversation | None = None) -> ListPage:
        message = await self.hands.command("/tasks", words, where)
        assert message is not None
        return ListPage(self.world, self, message, where)


def event_of(message: Message) -> str | None:
    return (message.metadata or {}).get("event_type")
