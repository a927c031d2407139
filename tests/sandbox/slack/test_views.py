"""Opening, stacking and changing views by the Web API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.clock import MovableClock
from sandbox.slack import Hands, Person, Workspace

from .builders import home, modal, section, text_input
from .conftest import Api


@pytest.fixture
def trigger(workspace: Workspace, ana: Person) -> str:
    return workspace.new_trigger(ana.id)


async def test_a_trigger_opens_one_modal_soon(
    api: Api, trigger: str, workspace: Workspace, ana: Person, clock: MovableClock
) -> None:
    refused = await api("views.open", trigger_id=trigger, view=modal(section("")))
    assert refused["error"] == "invalid_arguments"
    clock.advance(timedelta(seconds=3))
    assert (await api("views.open", trigger_id=trigger, view=modal()))["ok"]
    again = await api("views.open", trigger_id=trigger, view=modal())
    assert again["error"] == "exchanged_trigger_id"
    late = workspace.new_trigger(ana.id)
    clock.advance(timedelta(seconds=3, microseconds=1))
    assert (await api("views.open", trigger_id=late, view=modal()))["error"] == (
        "expired_trigger_id"
    )
    unknown = await api("views.open", trigger_id="1.2.3", view=modal())
    assert unknown["error"] == "invalid_trigger_id"


async def test_modals_are_stacked_three_high(
    api: Api, workspace: Workspace, ana: Person, trigger: str
) -> None:
    assert (await api("views.push", trigger_id=trigger, view=modal()))["error"] == "not_found"
    root = await api("views.open", trigger_id=workspace.new_trigger(ana.id), view=modal())
    answers = [
        await api("views.push", trigger_id=workspace.new_trigger(ana.id), view=modal())
        for _ in range(3)
    ]
    assert [answer["ok"] for answer in answers] == [True, True, False]
    assert answers[2]["error"] == "push_limit_reached"
    top = answers[1]["view"]
    assert top["root_view_id"] == root["view"]["id"]
    assert top["previous_view_id"] == answers[0]["view"]["id"]


async def test_a_view_is_updated_by_either_id_and_keeps_what_was_typed(
    api: Api, trigger: str, hands: Hands
) -> None:
    form = modal(text_input(block_id="b"), external_id="mine")
    view = (await api("views.open", trigger_id=trigger, view=form))["view"]
    await hands.fill("Words", "typed")
    grown = modal(text_input("Words?", block_id="b"), text_input("More", block_id="c"))

    updated = await api("views.update", external_id="mine", view=grown, hash=view["hash"])
    assert updated["view"]["state"]["values"]["b"]["text"]["value"] == "typed"
    assert hands.modal is not None
    assert hands.modal.fields() == ["Words?", "More"]
    conflict = await api("views.update", view_id=view["id"], view=grown, hash=view["hash"])
    assert conflict["error"] == "hash_conflict"
    neither = await api("views.update", view=grown)
    assert neither["error"] == "invalid_arguments"
    await hands.close_modal()
    gone = await api("views.update", view_id=view["id"], view=grown)
    assert gone["error"] == "not_found"


async def test_an_external_id_is_unique(
    api: Api, trigger: str, workspace: Workspace, ana: Person
) -> None:
    await api("views.open", trigger_id=trigger, view=modal(external_id="a"))
    other = workspace.new_trigger(ana.id)
    answer = await api("views.push", trigger_id=other, view=modal(external_id="a"))
    assert answer["error"] == "duplicate_external_id"


async def test_a_home_tab_is_published_and_replaced(api: Api, ana: Person, hands: Hands) -> None:
    first = await api("views.publish", user_id=ana.id, view=home(section("Morning")))
    late = await api("views.publish", user_id=ana.id, view=home(section("Noon")), hash="0.0")
    assert late["error"] == "hash_conflict"
    fresh = {"view": home(section("Noon")), "hash": first["view"]["hash"]}
    assert (await api("views.publish", user_id=ana.id, **fresh))["ok"]
    assert hands.home is not None
    assert hands.home.plain() == "Noon"
    assert (await api("views.publish", user_id="U404", view=home()))["error"] == "user_not_found"
