"""Every block in a real browser: it can be read, named and used, by hand and by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.hung import Gallery, hung

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gallery() -> AsyncIterator[Gallery]:
    async with hung() as gallery:
        yield gallery


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(gallery: Gallery) -> str:
    """Instead of a demo's: that of the gallery."""
    return gallery.address


TALL = 6000
"""A window that shows all at once: what is out of sight has no contrast."""


def message(page: Page, title: str) -> Locator:
    """The message under this header."""
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=title))


async def complaints(page: Page, *places: str) -> list[str]:
    """What is wrong for who can't see, or not well, in these parts of the page."""
    found = await Axe().run(page, context={"include": [[place] for place in places]})
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


def focused(page: Page) -> Locator:
    return page.locator(":focus")


@pytest.mark.parametrize(("width", "dark"), [(1000, False), (390, True)])
async def test_everybody_can_read_it(
    visit: Visit, gallery: Gallery, width: int, dark: bool
) -> None:
    page = await visit(gallery.seat(gallery.ben), width=width, height=TALL, dark=dark)
    await expect(message(page, "Cards and containers")).to_be_visible()
    assert await complaints(page, "#messages") == []
    wider = "e => e.scrollWidth > e.clientWidth"
    assert not await page.locator("#messages").evaluate(wider)
    await page.goto(gallery.seat(gallery.ana))
    await expect(page.get_by_role("dialog", name="Gallery")).to_be_visible()
    assert await complaints(page, "#modal") == []
    assert not await page.locator("#modal").evaluate(wider)


async def test_a_select_is_filtered_and_chosen_from_by_keyboard(
    visit: Visit, gallery: Gallery
) -> None:
    page = await visit(gallery.seat(gallery.ben))
    acts = message(page, "What acts at once")
    await acts.get_by_role("button", name="Snooze").press("Enter")
    await expect(page.get_by_role("option")).to_have_count(4)
    await expect(page.get_by_role("group", name="Later").get_by_role("option")).to_have_count(2)
    assert await complaints(page, "#menu") == []
    await page.keyboard.type("NÉXT")
    await expect(page.get_by_role("option")).to_have_text(["Next week", "Next month"])
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await expect(focused(page)).to_have_text("Next month")
    await gallery.acted("selected_option", "next month")


async def test_escape_chooses_nothing_and_goes_back(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ben))
    acts, before = message(page, "What acts at once"), len(gallery.heard)
    for name in ("Post to", "More"):
        await acts.get_by_role("button", name=name).press("Enter")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Escape")
        await expect(page.locator("#menu")).to_be_hidden()
        await expect(acts.get_by_role("button", name=name)).to_be_focused()
    assert len(gallery.heard) == before


async def test_an_overflow_is_walked_by_letters_and_arrows(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ben))
    await message(page, "What acts at once").get_by_role("button", name="More").press("Enter")
    await expect(focused(page)).to_have_text("Comment")
    assert await complaints(page, "#menu") == []
    await page.keyboard.press("w")
    await expect(focused(page)).to_contain_text("Why")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await gallery.acted("selected_option", "comment")


async def test_the_app_is_asked_once_enough_is_typed(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ben))
    acts = message(page, "What acts at once")
    await acts.get_by_role("button", name="Find a customer").click()
    await expect(page.get_by_text("Type at least 2 letters")).to_be_visible()
    await page.keyboard.type("Bo")
    await page.get_by_role("option", name="Bo 2").click()
    await expect(acts.get_by_role("button", name="Bo 2")).to_be_focused()
    await gallery.acted("selected_option", "Bo 2")


async def test_several_are_chosen_and_taken_away_as_chips(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ben), height=480)  # no room below
    acts = message(page, "What acts at once")
    await acts.get_by_role("button", name="Team").click()
    for name in ("Ana Ruiz", "Ben Okafor", "Carla Nunes"):
        await page.get_by_role("option", name=name).click()
    await expect(page.get_by_text("You can choose 2 at most.")).to_be_visible()
    chosen = page.get_by_role("option", selected=True)
    await expect(chosen).to_have_text(["Ana Ruiz", "Ben Okafor"])
    await page.keyboard.press("Escape")
    await acts.get_by_role("button", name="Remove Ana Ruiz").click()
    await expect(acts.get_by_role("button", name="Remove Ben Okafor")).to_be_focused()
    await gallery.acted("selected_users", [gallery.ben.id])


async def test_a_confirm_dialog_holds_a_click_back(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ben))
    danger = message(page, "What acts at once").get_by_role("button", name="Danger")
    before = len(gallery.heard)
    await danger.click()
    sure = page.get_by_role("dialog", name="Send it back?")
    assert await complaints(page, "#confirm") == []
    await sure.get_by_role("button", name="Keep").click()
    await expect(danger).to_be_focused()
    assert len(gallery.heard) == before
    await danger.click()
    await sure.get_by_role("button", name="Send back").click()
    await gallery.acted("value", "danger")


async def test_a_picker_is_set_and_cleared(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ben))
    acts = message(page, "What acts at once")
    await acts.get_by_role("button", name="Hour").click()
    assert await complaints(page, "#menu") == []
    await page.get_by_role("textbox", name="Hour").fill("21:30")
    await page.get_by_role("button", name="Set", exact=True).click()
    await expect(acts.get_by_role("button", name="21:30")).to_be_focused()
    await gallery.acted("selected_time", "21:30")
    await acts.get_by_role("button", name="Thu, 9 Apr 2026, 15:00").click()  # in London
    await page.get_by_role("button", name="Clear").click()
    await expect(acts.get_by_role("button", name="Select a date and time")).to_be_focused()
    await gallery.acted("selected_date_time", None)


async def test_boxes_are_ticked_at_once(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ben))
    any_of = message(page, "What acts at once").get_by_role("group", name="Choose any")
    await expect(any_of.get_by_label("Call")).to_be_checked()
    await any_of.get_by_label("Visit").check()
    await gallery.acted("selected_options", ["call", "visit"])


async def test_small_buttons_are_named_and_for_whom_they_are(
    visit: Visit, gallery: Gallery
) -> None:
    page = await visit(gallery.seat(gallery.ben))
    acts = message(page, "What acts at once")
    await acts.get_by_role("button", name="Delete").click()
    await gallery.acted("value", "x")
    await acts.get_by_role("button", name="This answer is bad").click()
    await gallery.acted("value", "bad")
    await expect(acts.get_by_role("button", name="For somebody else")).to_have_count(0)


async def test_a_table_is_sorted_filtered_and_leafed_through(
    visit: Visit, gallery: Gallery
) -> None:
    page = await visit(gallery.seat(gallery.ben))
    table = page.locator(".data-table")
    names = table.get_by_role("rowheader")
    await expect(names).to_have_count(4)
    await table.get_by_role("button", name="Value").click()
    await expect(names).to_have_text(["Farmacia Central", "Umbrella", "Acme", "Stark"])
    value = table.get_by_role("columnheader", name="Value")
    await expect(value).to_have_attribute("aria-sort", "ascending")
    await table.get_by_role("button", name="Next page").click()
    await expect(table.get_by_role("status")).to_have_text("5–6 of 6")
    await expect(table.get_by_role("button", name="Next page")).to_be_disabled()
    await table.get_by_label("Filter Customers by value").fill("norte")
    await expect(names).to_have_text(["Botica Norte"])
    await table.get_by_role("button", name="Open").click()
    await gallery.acted("action_id", "open-1")


async def test_what_was_folded_stays_so_when_it_is_drawn_anew(
    visit: Visit, gallery: Gallery
) -> None:
    page = await visit(gallery.seat(gallery.ben))
    boxes = page.locator("details.container")
    await expect(boxes.nth(0)).to_have_attribute("open", "")
    await boxes.nth(0).locator("summary").click()
    await boxes.nth(1).locator("summary").click()
    await message(page, "Texts").get_by_role("button", name="See more").click()
    gallery.edit_messages()
    await expect(page.get_by_text("(edited)")).to_have_count(5)
    await expect(boxes.nth(0)).not_to_have_attribute("open", "")
    await expect(boxes.nth(1)).to_have_attribute("open", "")
    await expect(message(page, "Texts").get_by_role("button", name="See less")).to_be_visible()


async def test_cards_are_turned_by_buttons(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ben), width=390)
    carousel = page.locator(".carousel")
    await expect(carousel.get_by_role("button", name="Previous card")).to_be_disabled()
    await carousel.get_by_role("button", name="Next card").click()
    await expect(carousel.get_by_role("button", name="Previous card")).to_be_enabled()
    await expect(carousel.get_by_text("Stop 2")).to_be_in_viewport()


async def test_dates_are_told_in_the_readers_language(visit: Visit, gallery: Gallery) -> None:
    jonas = gallery.world.cast.jonas
    page = await visit(gallery.seat(jonas))
    await expect(message(page, "Texts")).to_contain_text("Donnerstag, 9. April 2026")
    await expect(message(page, "Rich text")).to_contain_text("9. Apr. 2026 16:00")


async def test_what_is_typed_outlives_the_view(visit: Visit, gallery: Gallery) -> None:
    page = await visit(gallery.seat(gallery.ana))
    modal = page.get_by_role("dialog", name="Gallery")
    title = modal.get_by_label("Title")
    await expect(title).to_be_focused()
    await page.keyboard.type("Ab")
    await expect(modal.get_by_text("At least 3 characters")).to_be_visible()
    await modal.get_by_role("button", name="Tags").click()
    await page.get_by_role("option", name="Red").click()
    await page.keyboard.press("Escape")
    moment = modal.get_by_label("Moment")
    await moment.fill("2026-05-01T09:15")
    await expect(modal.get_by_text("vie, 1 may 2026, 9:15 · Europe/Madrid")).to_be_visible()
    await title.focus()
    gallery.redraw_modal()
    await page.wait_for_function("e => !e.isConnected", arg=await title.element_handle())
    await expect(title).to_have_value("Ab")
    await expect(title).to_be_focused()
    await expect(moment).to_have_value("2026-05-01T09:15")
    await expect(modal.get_by_role("button", name="Remove Red")).to_be_visible()
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.get_by_text("Please use at least 3 characters.")).to_be_visible()
    await expect(title).to_be_focused()


async def test_the_app_hears_what_is_typed_where_it_asks_for_it(
    visit: Visit, gallery: Gallery
) -> None:
    page = await visit(gallery.seat(gallery.ana))
    modal = page.get_by_role("dialog", name="Gallery")
    await modal.get_by_label("Told at each letter").press_sequentially("abc")
    await gallery.acted("value", "abc")
