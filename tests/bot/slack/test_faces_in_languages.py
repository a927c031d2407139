"""Each state as it is read in each language, held as text."""

from __future__ import annotations

import pytest

from bot.domain.language import TAGS
from bot.domain.model import Face
from tests.bot.slack.face_book import CARDS, FACES, VIEW, book, pages


@pytest.mark.parametrize("tag", TAGS)
def test_every_state_reads_as_it_did(tag: str) -> None:
    """Where the change is meant: `python -m tests.bot.slack.face_book`."""
    assert book(tag).splitlines() == (FACES / f"{tag}.txt").read_text().splitlines()


def test_every_state_is_there() -> None:
    assert {changes.get("face", Face.OPEN) for changes in CARDS.values()} == set(Face)


@pytest.mark.parametrize("tag", TAGS)
def test_a_lock_screen_tells_the_task_and_its_state(tag: str) -> None:
    texts = [page.splitlines()[1] for page in pages(tag)][: len(CARDS)]
    assert all(text.startswith(f"> {VIEW.title}: ") for text in texts)
    # An answer that was refused, or is waiting, may tell of the same; each other state is its own.
    assert len(set(texts)) >= len(CARDS) - 2
