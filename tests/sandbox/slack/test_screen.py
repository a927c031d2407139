"""What a person reads, finds and can press."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.clock import MovableClock
from sandbox.slack import Hands, Person, SlackSandbox, Workspace

from .builders import (
    Json,
    actions,
    button,
    menu,
    modal,
    mrkdwn,
    option,
    options,
    plain,
    rich,
    section,
    text_input,
)
from .conftest import Api


@pytest.fixture(autouse=True)
def nowhere(slack: SlackSandbox) -> None:
    slack.deliver_to("http://127.0.0.1:9/nobody")


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 7, 14, 12, 0, tzinfo=UTC))


async def show(api: Api, ana: Person, *blocks: Json, text: str = "fallback") -> None:
    answer = await api("chat.postMessage", channel=ana.id, text=text, blocks=list(blocks))
    assert answer["ok"], answer


async def test_the_words_of_all_kinds_of_blocks(api: Api, ana: Person, hands: Hands) -> None:
    picture = {"type": "image", "image_url": "https://a.test/", "alt_text": "A map"}
    await show(
        api,
        ana,
        {"type": "header", "text": plain("R&D &amp; more")},
        section("<https://a.test/|Farmacia> &amp; <@U1> *now*", fields=[plain("Field")]),
        {"type": "context", "elements": [mrkdwn("Reten"), picture]},
        rich(
            {"type": "text", "text": "Call "},
            {"type": "link", "url": "https://a.test/x"},
            {"type": "emoji", "name": "tada"},
            {"type": "emoji", "name": "clock4", "unicode": "1f553"},
            {"type": "user", "user_id": "U1"},
            {"type": "channel", "channel_id": "C1"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "broadcast", "range": "here"},
        ),
        actions(
            button("Complete", confirm=confirm()),
            menu(options=options(2), initial_option=options(2)[1], placeholder=plain("Pick")),
            menu("radio_buttons", options=[option("Left", "l", description=plain("side"))]),
        ),
        {
            "type": "data_table",
            "caption": "Due",
            "rows": [[{"type": "raw_text", "text": text}] for text in ("Task", "A1")],
        },
        {
            "type": "container",
            "title": plain("Folded"),
            "child_blocks": [section("Inside")],
        },
    )
    assert hands.messages()[0].plain().split("\n") == [
        "R&D &amp; more",
        "Farmacia & @U1 *now*",
        "Field",
        "Reten",
        "A map",
        "Call https://a.test/x:tada:\U0001f553@U1#C1@S1@here",
        "Complete",
        "Pick",
        "Option 1",
        "Left",
        "side",
        "Due",
        "Task",
        "A1",
        "Folded",
        "Inside",
    ]


def confirm() -> Json:
    return {
        "title": plain("Sure?"),
        "text": plain("Really"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }


@pytest.mark.parametrize(
    ("after", "form", "words"),
    [
        (timedelta(hours=4), "{date_short_pretty} {time}", "Today 18:00"),
        (timedelta(hours=10, minutes=30), "{date_pretty} {time}", "Tomorrow 00:30"),
        (-timedelta(days=1), "{date_long_pretty}", "Yesterday"),
        (timedelta(days=2), "{date_long_pretty}", "Thursday, July 16, 2026"),
        (timedelta(days=2), "{date_num} {time_secs}", "2026-07-16 14:00:00"),
        (timedelta(minutes=5), "{ago}", "in 5 minutes"),
        (-timedelta(hours=3), "{ago}", "3 hours ago"),
        (-timedelta(days=3), "{ago}", "3 days ago"),
        (timedelta(), "{unknown}", "{unknown}"),
    ],
)
async def test_dates_in_the_reader_s_zone(
    api: Api,
    ana: Person,
    hands: Hands,
    clock: MovableClock,
    after: timedelta,
    form: str,
    words: str,
) -> None:
    stamp = int((clock.now() + after).timestamp())
    await show(
        api,
        ana,
        rich({"type": "date", "timestamp": stamp, "format": form}),
        section(f"<!date^{stamp}^{form}|fallback>"),
    )
    assert hands.messages()[0].plain() == f"{words}\n{words}"


async def test_find_gives_the_newest_or_says_what_is_there(
    api: Api, ana: Person, hands: Hands
) -> None:
    await show(api, ana, section("Farmacia, old"))
    await show(api, ana, section("Farmacia, new"), text="Botica in the fallback")
    assert hands.find("Farmacia").plain() == "Farmacia, new"
    with pytest.raises(LookupError, match="Farmacia, old"):
        hands.find("Botica")
    await api("chat.postMessage", channel=ana.id, text="Only &lt;text&gt;")
    assert hands.find("Only <text>").buttons() == []


def row(title: str, value: str) -> Json:
    answer = [option("Complete", value), option("Cancel task", "no")]
    return section(title, accessory=menu("overflow", action_id="answer", options=answer))


async def pressed(hands: Hands, label: str, near: str | None = None) -> Any:
    delivery = await hands.click(hands.messages()[-1], label, near)
    (action,) = delivery.payload["actions"]
    return action.get("value") or action["selected_option"]["value"]


async def test_a_row_of_a_list_is_found_by_its_words(api: Api, ana: Person, hands: Hands) -> None:
    await show(api, ana, row("Farmacia", "f"), row("Botica", "b"))
    assert await pressed(hands, "Complete", "Farmacia") == "f"
    assert await pressed(hands, "Complete", "Botica") == "b"
    with pytest.raises(LookupError, match="2 different elements say 'Complete'"):
        await pressed(hands, "Complete")
    with pytest.raises(LookupError, match="nothing says 'Complete'"):
        await pressed(hands, "Complete", "Nobody")


async def test_the_actions_after_a_section_or_header_belong_to_it(
    api: Api, ana: Person, hands: Hands
) -> None:
    await show(
        api,
        ana,
        {"type": "header", "text": plain("Monday")},
        rich({"type": "text", "text": "Farmacia"}),
        {"type": "context", "elements": [plain("due")]},
        actions(button("Complete", value="f")),
        {"type": "header", "text": plain("Tuesday")},
        rich({"type": "text", "text": "Botica"}),
        rich({"type": "text", "text": "Clinica"}),
        actions(button("Complete", value="c")),
    )
    assert await pressed(hands, "Complete", "Farmacia") == "f"
    assert await pressed(hands, "Complete", "Monday") == "f"
    assert await pressed(hands, "Complete", "Tuesday") == "c"
    with pytest.raises(LookupError):
        await pressed(hands, "Complete", "Botica")


async def test_elements_inside_containers_and_cards(api: Api, ana: Person, hands: Hands) -> None:
    cards = [
        {"type": "card", "title": plain(name), "actions": [button("Open", value=name)]}
        for name in ("Uno", "Dos")
    ]
    inner = [section("Inside"), actions(button("Deep", value="d"))]
    await show(
        api,
        ana,
        {"type": "carousel", "elements": cards},
        {"type": "container", "title": plain("Box"), "child_blocks": inner},
    )
    assert hands.messages()[0].buttons() == ["Open", "Open", "Deep"]
    assert await pressed(hands, "Open", "Dos") == "Dos"
    assert await pressed(hands, "Deep", "Inside") == "d"


async def test_links_are_told(api: Api, ana: Person, hands: Hands) -> None:
    elsewhere = menu("overflow", options=[option("There", url="https://b.test/"), option("Here")])
    await show(api, ana, actions(button("Open", url="https://a.test/"), elsewhere))
    assert hands.messages()[0].links() == {"Open": "https://a.test/", "There": "https://b.test/"}


async def test_checkboxes_are_ticked_and_cleared(api: Api, ana: Person, hands: Hands) -> None:
    await show(api, ana, actions(menu("checkboxes", options=options(2))))

    async def ticked(label: str) -> list[str]:
        delivery = await hands.click(hands.messages()[0], label)
        return [chosen["value"] for chosen in delivery.payload["actions"][0]["selected_options"]]

    assert await ticked("Option 0") == ["0"]
    assert await ticked("Option 1") == ["0", "1"]
    assert await ticked("Option 0") == ["1"]


async def test_small_buttons(api: Api, ana: Person, hands: Hands) -> None:
    sides = {
        f"{side}_button": {"text": plain(side), "value": side} for side in ("positive", "negative")
    }
    icon = {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "value": "gone"}
    small = [{"type": "feedback_buttons", **sides}, icon]
    await show(api, ana, {"type": "context_actions", "elements": small})
    assert hands.messages()[0].buttons() == ["positive", "negative", "Delete"]
    assert await pressed(hands, "negative") == "negative"
    assert await pressed(hands, "Delete") == "gone"


MOMENT = datetime(2026, 7, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("datepicker", "2026-07-20", {"selected_date": "2026-07-20"}),
        ("datepicker", MOMENT.date(), {"selected_date": "2026-07-20"}),
        ("timepicker", MOMENT.time(), {"selected_time": "09:30"}),
        ("timepicker", "09:30", {"selected_time": "09:30"}),
        ("datetimepicker", MOMENT, {"selected_date_time": int(MOMENT.timestamp())}),
        ("datetimepicker", None, {"selected_date_time": None}),
        ("users_select", "U7", {"selected_user": "U7"}),
        ("multi_users_select", ["U7"], {"selected_users": ["U7"]}),
        ("channels_select", "C7", {"selected_channel": "C7"}),
    ],
)
async def test_what_is_chosen_acts_at_once_or_waits_in_a_modal(
    api: Api, workspace: Workspace, ana: Person, hands: Hands, kind: str, value: Any, told: Json
) -> None:
    await show(api, ana, actions(menu(kind, action_id="which")))
    delivery = await hands.choose(hands.messages()[0], "which", value)
    assert delivery.payload["actions"][0].items() >= told.items()

    field = text_input("Which") | {"element": menu(kind, action_id="which"), "block_id": "b"}
    trigger = workspace.new_trigger(ana.id)
    assert (await api("views.open", trigger_id=trigger, view=modal(field)))["ok"]
    assert await hands.fill("Which", value) is None
    assert hands.modal is not None
    assert hands.modal.state["b"]["which"] == {"type": kind, **told}


async def test_options_in_a_modal(
    api: Api, workspace: Workspace, ana: Person, hands: Hands
) -> None:
    fields = [
        text_input("One") | {"element": menu(options=options(2), action_id="a"), "block_id": "x"},
        text_input("Some", optional=True)
        | {"element": menu("checkboxes", options=options(2), action_id="a"), "block_id": "y"},
        text_input("Note", optional=True, dispatch_action=True, block_id="z"),
    ]
    await api("views.open", trigger_id=workspace.new_trigger(ana.id), view=modal(*fields))
    assert await hands.submit() == {"One": "Please complete this required field."}
    await hands.fill("One", "Option 1")
    await hands.fill("Some", ["Option 0", "Option 1"])
    typed = await hands.fill("Note", "Hola")
    assert typed is not None
    assert typed.payload["actions"][0]["value"] == "Hola"
    values = typed.payload["view"]["state"]["values"]
    assert values["x"]["a"]["selected_option"]["value"] == "1"
    assert [chosen["value"] for chosen in values["y"]["a"]["selected_options"]] == ["0", "1"]
    with pytest.raises(LookupError, match="Option 0, Option 1"):
        await hands.fill("One", "Option 9")
    with pytest.raises(LookupError, match="One, Some, Note"):
        await hands.fill("Else", "x")


async def test_without_a_modal_there_is_nothing_to_fill(hands: Hands) -> None:
    with pytest.raises(LookupError, match="no modal is open"):
        await hands.fill("x", "y")


async def test_closing_clears_where_the_modal_says_so(
    api: Api, workspace: Workspace, ana: Person, hands: Hands
) -> None:
    for view in (modal(), modal(clear_on_close=True, notify_on_close=True)):
        await api("views.open", trigger_id=workspace.new_trigger(ana.id), view=view)
    delivery = await hands.close_modal()
    assert delivery is not None
    assert delivery.payload["is_cleared"]
    assert hands.modal is None
