"""What must hold once a storm is over, told from outside: what people see in Slack against what
the providers hold and have accepted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from sandbox.slack.model import Post
from sandbox.slack.words import words_of
from tests.torture.accounts import Item
from tests.torture.arena import Arena
from tests.torture.storm import Clicked

FOLDED = ("Newer card below", "Reminder below")
ON_ITS_WAY = "⏳"
ENDS = ("✅", "🚫", "➡️", "No longer in")
REFUSED = "refused it"
_TITLES = re.compile(r"[a-z]+ job \d+")


class Sight:
    """A message that stands in somebody's conversation with the bot."""

    def __init__(self, arena: Arena, post: Post) -> None:
        self.blocks = post.blocks
        self.words = words_of(post.blocks, arena.slack.workspace.reader(arena.people[0].id))
        self.titles = frozenset(_TITLES.findall(self.words))
        self.folded = any(words in self.words for words in FOLDED)
        self.asks = any(block["type"] == "actions" and _asks(block) for block in post.blocks)
        payload = (post.metadata or {}).get("event_payload", {})
        self.key = str(payload.get("key", ""))


def _asks(block: dict[str, object]) -> bool:
    elements = block["elements"]
    assert isinstance(elements, list)
    return any(str(one.get("action_id", "")).startswith("answer.") for one in elements)


class Judge:
    """Looks again and again: what has not changed since it need not read anew."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._known: dict[str, Sight] = {}

    def verdict(self, clicks: Sequence[Clicked]) -> list[str]:
        """A sentence for everything that does not hold."""
        arena = self._arena
        sights = [self._sights(number) for number in range(len(arena.people))]
        by_title = [_by_title(standing) for standing in sights]
        by_item: dict[str, list[Clicked]] = defaultdict(list)
        for click in clicks:
            by_item[click.item.id].append(click)
        found = []
        for item in arena.items:
            theirs = [cards[item.title] for cards in by_title]
            for reader, cards in enumerate(theirs):
                found += _cards(item, reader, cards)
            found += _answers(item, by_item[item.id], theirs)
        for standing in sights:
            twice = [key for key, n in Counter(s.key for s in standing if s.key).items() if n > 1]
            found += [f"the message {key} stands more than once" for key in twice]
        found += [f"posted again unseen: {key}" for key in arena.arrivals.blind(_landed(arena))]
        for account in arena.accounts:
            found += [f"undocumented: {sentence}" for sentence in account.sim.violations]
        return found

    def _sights(self, number: int) -> list[Sight]:
        conversation = self._arena.slack.workspace.direct(self._arena.people[number])
        standing = [p for p in conversation.posts if not p.deleted and p.only_for is None]
        return [self._sight(post) for post in standing]

    def _sight(self, post: Post) -> Sight:
        known = self._known.get(post.ts)
        if known is None or known.blocks is not post.blocks:
            known = self._known[post.ts] = Sight(self._arena, post)
        return known


def _by_title(standing: Sequence[Sight]) -> dict[str, list[Sight]]:
    found: dict[str, list[Sight]] = defaultdict(list)
    for sight in standing:
        for title in sight.titles:
            found[title].append(sight)
    return found


def _landed(arena: Arena) -> dict[str, list[float]]:
    """When each message of the bot came to stand, those that were removed too."""
    found: dict[str, list[float]] = defaultdict(list)
    for conversation in arena.slack.workspace.conversations.values():
        for post in conversation.posts:
            payload = (post.metadata or {}).get("event_payload", {})
            if "key" in payload:
                found[payload["key"]].append(float(post.ts))
    return found


def _cards(item: Item, reader: int, cards: Sequence[Sight]) -> Iterator[str]:
    """What is wrong with one reader's cards of a task."""
    live = [card for card in cards if not card.folded]
    if len(live) > 1:
        yield f"{item}: {len(live)} live cards for person {reader}"
    for card in live:
        if ON_ITS_WAY in card.words:
            yield f"{item}: still on its way: {card.words!r}"
    is_open = item.account.is_open(item)
    if is_open and item.owner == reader:
        yield from _open_card(item, live)
        return
    for card in live:
        if card.asks or not any(end in card.words for end in ENDS):
            yield f"{item}: not open for person {reader}, but their card says {card.words!r}"
        elif is_open and "➡️" not in card.words:
            yield f"{item}: open, but the card of person {reader} says {card.words!r}"


def _open_card(item: Item, live: Sequence[Sight]) -> Iterator[str]:
    if not live:
        yield f"{item}: no live card for person {item.owner}"
    for card in live:
        if not card.asks:
            yield f"{item}: open, but its card says {card.words!r}"
        elif item.account.title(item) not in card.words:
            yield f"{item}: called otherwise by now, but its card says {card.words!r}"


def _answers(
    item: Item, clicks: Sequence[Clicked], theirs: Sequence[Sequence[Sight]]
) -> Iterator[str]:
    """What is wrong with what became of the clicks on a task."""
    acked = [click for click in clicks if click.acked and click.answers]
    undone = any(not click.answers for click in clicks)
    if item.by_us > 1 + item.reopened:
        yield f"{item}: the provider accepted {item.by_us} answers, {item.reopened} taken back"
    if item.reopened and not undone:
        yield f"{item}: opened again, but nobody had taken anything back"
    if item.by_us and not clicks:
        yield f"{item}: answered, but nobody had clicked"
    if acked and not (item.by_us or item.touched or item.moved or undone):
        failed = any(REFUSED in sight.words for cards in theirs for sight in cards)
        if not failed:
            yield f"{item}: {len(acked)} acked clicks, none of them at the provider"
    if item.by_us and not item.touched and not item.account.is_open(item):
        labels = {click.label for click in clicks}
        done = [s for cards in theirs for s in cards if not s.folded and "✅" in s.words]
        if not any(f"{label} · you" in sight.words for sight in done for label in labels):
            yield f"{item}: answered through us, but no card says so"
