"""What the pages show is there, is small, and is taken of the running demo."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.pictures import FOLDER, PICTURES

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
LARGEST, ALL = 150_000, 800_000
"""Bytes that one may take, and all of them."""


def shown(page: Path) -> dict[str, str]:
    """The pictures on a page, and the words for who does not see them."""
    tags = re.findall(r'<img\b[^>]*\bsrc="(?:docs/)?pictures/([^"]+)"[^>]*>', page.read_text())
    words = re.findall(r'<img\b[^>]*\balt="([^"]*)"[^>]*>', page.read_text())
    return dict(zip(tags, words, strict=True))


def test_the_readme_shows_the_demo() -> None:
    assert len(shown(ROOT / "README.md")) >= 3


def test_every_picture_that_is_shown_is_taken_by_the_script() -> None:
    taken = {f"{name}.webp" for name in PICTURES}
    on_pages = {picture for page in PAGES for picture in shown(page)}
    assert on_pages <= taken
    assert {path.name for path in FOLDER.iterdir()} == taken


def test_every_picture_has_words() -> None:
    assert all(len(words) > 30 for page in PAGES for words in shown(page).values())


def test_pictures_are_small() -> None:
    sizes = [path.stat().st_size for path in FOLDER.iterdir()]
    assert max(sizes) <= LARGEST
    assert sum(sizes) <= ALL
