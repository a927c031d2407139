"""Every documented type of Close's tasks as a card needs it, and types to come."""

from __future__ import annotations

from typing import Any

import pytest

from adapters import contract as c
from adapters.close_wire import TYPES
from sandbox.providers.close import CloseSim
from sandbox.providers.close_records import OWN_FIELDS
from tests.adapters.close_room import listed, provider

NUMBER = "+1 650-333-4444"
SENDER = "+1 818-934-7000"
THREAD = "December 2014 Metrics"

Card = tuple[str, tuple[str, ...]]

WITH_LEAD: dict[str, Card] = {
    "lead": ("Task: Bruce Wayne", ("Bruce Wayne",)),
    "outgoing_call": ("Call: Bruce Wayne", ("Call", "Bruce Wayne")),
    "incoming_email": (f"Incoming email: {THREAD}", ("Incoming email", "Bruce Wayne")),
    "email_followup": (f"Email follow-up: {THREAD}", ("Email follow-up", "Bruce Wayne")),
    "missed_call": ("Missed call: Bruce Wayne", ("Missed call", "Bruce Wayne", NUMBER)),
    "answered_detached_call": (
        "Answered call: Bruce Wayne",
        ("Answered call", "Bruce Wayne", NUMBER),
    ),
    "voicemail": ("Voicemail: Bruce Wayne", ("Voicemail", "Bruce Wayne", NUMBER)),
    "opportunity_due": (
        "Opportunity due: Bruce Wayne",
        ("Opportunity due", "Bruce Wayne", "$1,300"),
    ),
    "incoming_sms": ("Incoming SMS: Bruce Wayne", ("Incoming SMS", "Bruce Wayne", SENDER)),
}
ALONE: dict[str, Card] = {
    "lead": ("Task", ()),
    "outgoing_call": ("Call", ("Call",)),
    "incoming_email": (f"Incoming email: {THREAD}", ("Incoming email",)),
    "email_followup": (f"Email follow-up: {THREAD}", ("Email follow-up",)),
    "missed_call": (f"Missed call: {NUMBER}", ("Missed call", NUMBER)),
    "answered_detached_call": (f"Answered call: {NUMBER}", ("Answered call", NUMBER)),
    "voicemail": (f"Voicemail: {NUMBER}", ("Voicemail", NUMBER)),
    "opportunity_due": ("Opportunity due", ("Opportunity due", "$1,300")),
    "incoming_sms": (f"Incoming SMS: {SENDER}", ("Incoming SMS", SENDER)),
}


def test_the_types_are_those_that_are_documented() -> None:
    assert set(TYPES) == OWN_FIELDS.keys() == WITH_LEAD.keys() == ALONE.keys()


@pytest.mark.parametrize("kind", TYPES)
async def test_without_a_text_the_type_speaks_and_who_or_what_it_is_about(
    crm: CloseSim, kind: str
) -> None:
    lead = crm.add_lead("Wayne Enterprises")
    man = crm.add_contact(lead, "Bruce Wayne")
    owner = crm.add_user("Ben Okafor", "ben@example.com")["id"]
    crm.add_task(None, owner, lead, type=kind, contact_id=man["id"])
    crm.add_task(None, owner, type=kind)
    (full, alone), whole = await listed(provider(crm, types=kind))
    assert whole
    assert (full.title, full.details) == WITH_LEAD[kind]
    assert (alone.title, alone.details) == ALONE[kind]
    assert full.subject == c.Subject("Wayne Enterprises", full.url)
    assert full.url == f"https://app.close.com/lead/{lead['id']}/"
    assert (alone.subject, alone.url) == (None, None)
    assert (full.without, alone.without) == ((), (c.Effect.COMMENT.value,))
    assert full.operators == alone.operators == (c.Operator(owner, "Ben Okafor"),)
    assert crm.violations == []


async def test_a_text_is_the_title_of_whatever_has_one(crm: CloseSim) -> None:
    for kind in ("lead", "outgoing_call", "incoming_sms"):
        crm.add_task(" Developers\nwanted ", type=kind)
    tasks, _ = await listed(provider(crm, types="lead,outgoing_call,incoming_sms"))
    assert {task.title for task in tasks} == {"Developers wanted"}
    assert [task.details[:1] for task in tasks] == [(), ("Call",), ("Incoming SMS",)]


@pytest.mark.parametrize(
    ("fields", "card"),
    [
        ({"contact_name": "", "lead_name": "Acme"}, "Missed call: Acme"),
        ({"phone_formatted": None}, "Missed call: +16503334444"),
        ({"phone_formatted": None, "phone": None}, "Missed call"),
    ],
)
async def test_what_is_missing_is_made_up_for(
    crm: CloseSim, fields: dict[str, Any], card: str
) -> None:
    crm.add_task(None, type="missed_call", **fields)
    (task,), _ = await listed(provider(crm, types="missed_call"))
    assert task.title == card


async def test_an_opportunity_by_the_month(crm: CloseSim) -> None:
    crm.add_task(None, type="opportunity_due", opportunity_value_period="monthly")
    (task,), _ = await listed(provider(crm, types="opportunity_due"))
    assert task.details == ("Opportunity due", "$1,300 monthly")


async def test_all_types_are_asked_for_in_one_word(crm: CloseSim) -> None:
    for kind in TYPES:
        crm.add_task(type=kind)
    crm.add_task("Beam", _type="hologram_call")
    tasks, _ = await listed(provider(crm, types="all"))
    assert len(tasks) == len(TYPES) + 1
    assert (tasks[-1].title, tasks[-1].details) == ("Beam", ("Hologram call",))
    assert dict(crm.requests[0].query)["_type"] == "all"
    assert crm.violations == []


async def test_what_emails_calls_and_messages_hold_stays_there(crm: CloseSim) -> None:
    for kind in TYPES:
        crm.add_task(None, type=kind)
    tasks, _ = await listed(provider(crm, types="all"))
    told = str(tasks)
    for kept in ("Hi, here are the numbers", "recording.mp3", "voicemail.mp3", "+19193332031"):
        assert kept not in told
