"""What a person sees of a message, and what they could press in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.slack.blocks import all_blocks, elements_of
from sandbox.slack.model import Json
from sandbox.slack.words import Reader, read_mrkdwn, words_of


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stood when it was looked at: what happens later does not change it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    metadata: Json | None = None
    edited: bool = False
    ephemeral: bool = False
    reader: Reader = field(default_factory=Reader, repr=False)

    def plain(self) -> str:
        """All the words on the screen: those of the blocks, or of the text when there are none."""
        if self.blocks:
            return words_of(self.blocks, self.reader)
        return read_mrkdwn(self.text, self.reader)

    def buttons(self) -> list[str]:
        """The labels that can be pressed or chosen, in reading order."""
        return [target.label for target in targets_in(self.blocks)]

    def links(self) -> dict[str, str]:
        """The buttons and options that open a page, and which."""
        found = {}
        for target in targets_in(self.blocks):
            url = (target.option or target.element).get("url")
            if url:
                found[target.label] = str(url)
        return found


@dataclass(frozen=True, slots=True)
class Target:
    """Something to press: a button, or an option of a menu."""

    label: str
    block: Json
    element: Json
    option: Json | None = None


def targets_in(blocks: list[Json]) -> list[Target]:
    """All there is to press, in reading order."""
    return [target for block in all_blocks(blocks) for target in _targets_of(block)]


def _targets_of(block: Json) -> Iterator[Target]:
    for element in elements_of(block):
        if element["type"] in ("button", "icon_button", "workflow_button"):
            yield Target(element["text"]["text"], block, element)
        elif element["type"] == "feedback_buttons":
            for key in ("positive_button", "negative_button"):
                yield Target(element[key]["text"]["text"], block, element, element[key])
        else:
            for option in options_of(element):
                yield Target(option["text"]["text"], block, element, option)


def options_of(element: Json) -> list[Json]:
    """The options that stand in an element, those in groups too."""
    groups = element.get("option_groups", [element])
    return [option for group in groups for option in group.get("options", ())]


def find_target(blocks: list[Json], label: str, near: str | None = None) -> Target | None:
    """What carries this label, in the row that contains `near` if that is given. None when there
    is nothing; LookupError when it could be several different things."""
    rows = blocks if near is None else row_of(blocks, near)
    found = [target for target in targets_in(rows) if target.label == label]
    kinds = {(target.block["block_id"], target.element["action_id"]) for target in found}
    if len(kinds) > 1:
        raise LookupError(
            f"{len(kinds)} different elements say {label!r}: tell which by near=…\n{words_of(rows)}"
        )
    return found[0] if found else None


def row_of(blocks: list[Json], text: str) -> list[Json]:
    """The blocks of the rows that contain `text`: the block that names it with what hangs upon
    it; under a header, all up to the next header or divider."""
    flat, row = list(all_blocks(blocks)), list[Json]()
    for number, block in enumerate(flat):
        if block["type"] in ("actions", "carousel") or text not in words_of([_alone(block)]):
            continue
        row.append(block)
        for follower in flat[number + 1 :]:
            if not _belongs(follower, block):
                break
            row.append(follower)
    unique = {id(block): _alone(block) for block in row}
    return list(unique.values())


def _alone(block: Json) -> Json:
    """A block without the blocks that it holds."""
    return {**block, "child_blocks": []} if block["type"] == "container" else block


def _belongs(follower: Json, head: Json) -> bool:
    if head["type"] == "header":
        return follower["type"] not in ("header", "divider")
    return follower["type"] in ("actions", "context", "context_actions", "image")
