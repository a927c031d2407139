"""Slack on the page: what a person sees and does there reaches the app, and comes back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.slack.views import open_modal
from sandbox.world import World

from .conftest import Page, StandIn, card, form, option, title_of


async def test_a_person_sees_their_messages_and_only_theirs(page: Page, app: StandIn) -> None:
    await app.post(page.person, "Farmacia Central")
    state = await page.state()
    assert [message["text"] for message in state["messages"]] == ["Farmacia Central"]
    assert state["app"]["name"] == "Taskbell"
    assert {one["id"]: one["zone"] for one in state["people"]}[page.person] == "Europe/Madrid"
    ben = next(one["id"] for one in state["people"] if one["name"] == "Ben Okafor")
    assert (await page.state(person=ben))["messages"] == []


async def test_a_click_reaches_the_app_and_changes_the_card(page: Page, app: StandIn) -> None:
    await app.post(page.person, "Farmacia Central")
    await page.press("done")
    assert app.heard[0]["user"]["id"] == page.person
    assert app.heard[0]["actions"][0]["value"] == "Farmacia Central"
    message = (await page.state())["messages"][0]
    assert message["edited"]
    assert message["blocks"][0]["text"]["text"] == "Done: Farmacia Central"


async def test_a_click_on_what_is_gone_is_refused(page: Page, app: StandIn) -> None:
    await app.post(page.person, "Farmacia Central")
    await page.press("done")
    answer = await page.press("done", expect=409)
    assert "changed" in answer["error"]


async def test_menus_give_the_chosen_option_and_keep_it(page: Page, app: StandIn) -> None:
    await app.post(page.person, "Farmacia Central")
    await page.press("snooze", option("One hour"))
    assert app.heard[0]["actions"][0]["selected_option"]["value"] == "one hour"
    state = (await page.state())["messages"][0]["state"]
    assert state["acts"]["snooze"]["selected_option"] == option("One hour")
    await page.press("snooze", option("Ten years"), expect=409)


async def test_a_menu_that_asks_the_app_is_searched(page: Page, app: StandIn) -> None:
    await app.post(page.person, "Farmacia Central")
    message = (await page.state())["messages"][-1]
    where = {"channel": message["channel"], "ts": message["ts"], "block_id": "acts"}
    found = await page.post("/api/search", **where, action_id="find", query="Ann")
    assert [one["text"]["text"] for one in found["options"]] == ["Ann 1", "Ann 2"]
    await page.press("find", found["options"][1])
    assert app.heard[0]["actions"][0]["selected_option"]["text"]["text"] == "Ann 2"


async def test_a_modal_is_filled_refused_and_submitted(page: Page, app: StandIn) -> None:
    await app.post(page.person, "Farmacia Central")
    await page.press("more", option("Comment"))
    modal = (await page.state())["modals"][-1]
    assert (modal["title"], modal["submit"]) == ("Comment", "Save")

    async def submit(words: str, moment: str) -> dict[str, str]:
        values = {"words": {"words": words}, "moment": {"moment": moment}}
        answer = await page.post("/api/modal/submit", view=modal["id"], values=values)
        errors: dict[str, str] = answer["errors"]
        return errors

    assert set(await submit("", "")) == {"words", "moment"}
    assert await submit("no", "2027-07-01T16:00") == {"words": "Say more."}
    assert await submit("All is well", "2027-07-01T16:00") == {}
    madrid = datetime(2027, 7, 1, 16, tzinfo=ZoneInfo("Europe/Madrid"))
    given = app.heard[-1]
    assert given["words"]["words"]["value"] == "All is well"
    assert given["moment"]["moment"]["selected_date_time"] == int(madrid.timestamp())
    assert (await page.state())["modals"] == []


async def test_a_modal_is_closed_once(page: Page, app: StandIn) -> None:
    await app.post(page.person, "Farmacia Central")
    await page.press("more", option("Comment"))
    view = (await page.state())["modals"][-1]["id"]
    await page.post("/api/modal/close", view=view)
    assert (await page.state())["modals"] == []
    await page.post("/api/modal/close", 409, view=view)


async def test_modals_stand_in_a_stack(page: Page, world: World) -> None:
    async def titles() -> list[str]:
        return [view["title"] for view in (await page.state())["modals"]]

    def push(title: str, **more: bool) -> str:
        return open_modal(world.slack.workspace, page.person, form() | title_of(title) | more).id

    below, top = push("Below"), push("Top")
    assert await titles() == ["Below", "Top"]
    await page.post("/api/modal/close", 409, view=below)
    await page.post("/api/modal/close", view=top)
    assert await titles() == ["Below"]
    clearing = push("Last", clear_on_close=True)
    assert [view["clears"] for view in (await page.state())["modals"]] == [False, True]
    await page.post("/api/modal/close", view=clearing)
    assert await titles() == []


async def test_what_is_typed_into_a_message_goes_along(page: Page, app: StandIn) -> None:
    words, button = form()["blocks"][0], card("Farmacia Central")[2]
    await app.client.chat_postMessage(channel=page.person, text="Why?", blocks=[words, button])
    message = (await page.state())["messages"][-1]
    where = {"channel": message["channel"], "ts": message["ts"], "block_id": "acts"}
    values = {"words": {"words": "Nobody was there"}}
    await page.post("/api/press", **where, action_id="done", values=values)
    assert app.heard[0]["state"]["values"]["words"]["words"]["value"] == "Nobody was there"


async def test_a_command_is_answered_privately(page: Page, app: StandIn) -> None:
    channel = (await page.state())["conversation"]
    await page.post("/api/say", channel=channel, text="/tasks find quote")
    assert app.heard[0]["text"] == "find quote"
    answer = (await page.state())["messages"][-1]
    assert (answer["text"], answer["ephemeral"]) == ("Nothing for “find quote”.", True)


async def test_what_is_said_is_no_command(page: Page, app: StandIn) -> None:
    channel = (await page.state())["conversation"]
    await page.post("/api/say", channel=channel, text="Hello")
    assert (await page.state())["messages"][-1]["user"] == page.person
    assert app.heard == []


async def test_the_home_tab_is_published(page: Page, app: StandIn) -> None:
    assert (await page.state())["home"] is None
    await page.post("/api/home")
    assert (await page.state())["home"]["blocks"][0]["text"]["text"] == "Your tasks"
    await page.post("/api/home", tab="messages")
    await page.post("/api/home", 400, tab="about")
    assert app.looked_at == ["home", "messages"]


async def test_messages_are_unread_until_they_are_looked_at(page: Page, app: StandIn) -> None:
    await app.post(page.person, "Farmacia Central")
    state = await page.state()
    assert (state["people"][0]["unread"], state["conversations"][0]["unread"]) == (1, 1)
    await page.post("/api/read", channel=state["conversation"])
    after = await page.state()
    assert after["people"][0]["unread"] == 0
    assert (state["read"], after["read"]) == ("", state["messages"][0]["ts"])


async def test_an_app_that_fails_is_told_of(page: Page, app: StandIn) -> None:
    channel = (await page.state())["conversation"]
    await app.post(page.person, "Farmacia Central")
    app.broken = True
    answer = await page.press("done", expect=502)
    assert answer["error"].startswith("Taskbell did not respond")
    await page.post("/api/say", channel=channel, text="/tasks")
    line = (await page.state())["messages"][-1]
    assert line["text"] == "/tasks failed with the error “dispatch_failed”."
    assert "500" in line["detail"]
    assert (await page.state())["names"][line["user"]] == "Slackbot"


async def test_a_silent_app_is_told_of_by_slackbot(page: Page, app: StandIn, world: World) -> None:
    world.slack.dispatcher.answer_within = 0.0
    channel = (await page.state())["conversation"]
    await page.post("/api/say", channel=channel, text="/tasks")
    line = (await page.state())["messages"][-1]
    assert line["text"] == "/tasks failed because the app did not respond."
    assert line["detail"].startswith("no answer within")
    await page.post("/api/dismiss", channel=channel, ts=line["ts"])
    assert (await page.state())["messages"] == []
    await page.post("/api/dismiss", 409, channel=channel, ts=line["ts"])


async def test_only_what_one_sees_alone_is_dismissed(page: Page, app: StandIn) -> None:
    channel = (await page.state())["conversation"]
    await app.post(page.person, "Farmacia Central")
    await page.post("/api/say", channel=channel, text="/tasks")
    card, answer = (await page.state())["messages"]
    await page.post("/api/dismiss", channel=channel, ts=answer["ts"])
    await page.post("/api/dismiss", 409, channel=channel, ts=card["ts"])
    assert [one["ts"] for one in (await page.state())["messages"]] == [card["ts"]]


async def test_shortcuts_reach_the_app(page: Page, app: StandIn) -> None:
    channel = (await page.state())["conversation"]
    await app.post(page.person, "Farmacia Central")
    ts = (await page.state())["messages"][0]["ts"]
    await page.post("/api/shortcut", callback_id="my_tasks")
    await page.post("/api/shortcut", callback_id="create_task", channel=channel, ts=ts)
    alone, upon = app.heard
    assert (alone["type"], alone["callback_id"]) == ("shortcut", "my_tasks")
    assert (upon["type"], upon["message"]["ts"]) == ("message_action", ts)
    await page.post("/api/shortcut", 409, callback_id="create_task", channel=channel, ts="1.0")


async def test_without_an_app_the_page_says_so(page: Page) -> None:
    state = await page.state()
    assert not state["connected"]
    answer = await page.post("/api/say", 503, channel=state["conversation"], text="/tasks")
    assert answer["error"] == "No app is connected to this Slack yet."


async def test_nobody_reads_what_is_not_theirs(page: Page, world: World) -> None:
    channel = world.slack.workspace.direct(world.cast.ben).id
    await page.post("/api/say", 409, channel=channel, text="Hello")
    assert (await page.state(conversation=channel))["conversation"] != channel


async def test_a_status_shows_until_it_ends(page: Page, app: StandIn, world: World) -> None:
    async def status() -> dict[str, str]:
        found: dict[str, str] = (await page.state())["people"][0]["status"]
        return found

    await page.post("/api/status", emoji=":calendar:", text="In a meeting", lasts="hour")
    assert await status() == {"emoji": ":calendar:", "text": "In a meeting"}
    assert app.heard[0]["user"]["profile"]["status_text"] == "In a meeting"
    world.clock.advance(timedelta(hours=1))
    assert await status() == {"emoji": "", "text": ""}
    await page.post("/api/status", emoji=":face_with_thermometer:", text="Out sick", lasts="today")
    ends = app.heard[1]["user"]["profile"]["status_expiration"]
    assert datetime.fromtimestamp(ends, ZoneInfo("Europe/Madrid")).time() == time(0)
    await page.post("/api/status", emoji=":palm_tree:", text="Vacationing")
    world.clock.advance(timedelta(days=30))
    assert (await status())["text"] == "Vacationing"
    await page.post("/api/status")
    assert (await status())["text"] == ""


async def test_a_modal_closes_although_its_app_has_gone(page: Page, world: World) -> None:
    view = open_modal(world.slack.workspace, page.person, form() | {"notify_on_close": True})
    await page.post("/api/modal/close", view=view.id)
    assert (await page.state())["modals"] == []
