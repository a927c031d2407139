"""Close's webhooks by its simulator: subscribing, mending, and reading signed deliveries."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given, strategies as st

from adapters import contract as c
from adapters.close_push import NEWEST, OLDEST, read_push
from adapters.close_wire import TYPES
from sandbox.clock import MovableClock
from sandbox.faults import Fault, Trouble
from sandbox.providers.close import CloseSim
from sandbox.providers.close_webhooks import Delivery, signature
from sandbox.providers.service import Record
from sandbox.serve import serving
from tests.adapters.close_room import provider, scripted, writes

URL = "https://bot.example.com/webhooks/close"
OTHER = "https://elsewhere.example.com/"
KEY = "058bfb6a3d8cfdc4da7c3be5901b16ae11da982b46a25fb2cd7016e97a140a1c"
HELD = c.Subscription("whsub_1", KEY)
NOW = datetime(2026, 4, 11, 10, tzinfo=UTC)
CREATED = [{"object_type": "task.lead", "action": "created"}]


def hooks(crm: CloseSim) -> list[Record]:
    return list(crm.webhooks.subscriptions.values())


def push(delivery: Delivery, crm: CloseSim) -> c.PushRequest:
    return c.PushRequest(delivery.headers, delivery.body, crm.clock.now())


def signed(body: bytes, stamp: str | None = None, key: str = KEY) -> c.PushRequest:
    stamp = str(int(NOW.timestamp())) if stamp is None else stamp
    headers = {"close-sig-timestamp": stamp, "close-sig-hash": signature(key, stamp, body)}
    return c.PushRequest(headers, body, NOW)


def event(**fields: Any) -> bytes:
    whole = {"id": "ev_1", "object_type": "task.lead", "object_id": "task_1", **fields}
    return json.dumps({"subscription_id": "whsub_1", "event": whole}).encode()


# Subscribing.


async def test_a_missing_subscription_is_made(crm: CloseSim) -> None:
    adapter = provider(crm)
    assert adapter.capabilities.push is c.Push.SIGNED
    made = await adapter.subscribe(URL, None)
    (hook,) = hooks(crm)
    assert made == c.Subscription(hook["id"], hook["signature_key"])
    assert (hook["url"], hook["status"]) == (URL, "active")
    assert {(one["object_type"], one["action"]) for one in hook["events"]} == {
        ("activity.task_completed", "created"),
        *(
            (kind, action)
            for kind in ("task.lead", "task.outgoing_call")
            for action in ("created", "updated", "deleted")
        ),
    }
    assert crm.violations == []


async def test_with_all_types_every_documented_one_is_subscribed_to(crm: CloseSim) -> None:
    await provider(crm, types="all").subscribe(URL, None)
    kinds = {one["object_type"] for one in hooks(crm)[0]["events"]}
    assert kinds == {"activity.task_completed", *(f"task.{kind}" for kind in TYPES)}


@pytest.mark.parametrize("told_once", [False, True])
async def test_what_is_as_it_should_be_is_left_alone(crm: CloseSim, told_once: bool) -> None:
    crm.webhooks.create({"url": OTHER, "events": CREATED})
    crm.webhooks.keys_told_once = told_once
    adapter = provider(crm)
    held = await adapter.subscribe(URL, None)
    assert await adapter.subscribe(URL, held) == held
    assert len(writes(crm)) == 1
    assert len(hooks(crm)) == 2


@pytest.mark.parametrize(
    ("fields", "mended"),
    [
        ({"status": "paused"}, {"status"}),
        ({"url": OTHER}, {"url"}),
        ({"events": CREATED}, {"events"}),
        ({"events": CREATED, "status": "paused", "url": OTHER}, {"status", "events", "url"}),
    ],
)
async def test_what_differs_is_mended(
    crm: CloseSim, fields: dict[str, Any], mended: set[str]
) -> None:
    adapter = provider(crm)
    held = await adapter.subscribe(URL, None)
    (hook,) = hooks(crm)
    whole = dict(hook)
    hook |= fields
    assert await adapter.subscribe(URL, held) == held
    assert writes(crm)[1].keys() == mended
    changed = {name: hook[name] for name in ("url", "status", "events")}
    assert changed == {name: whole[name] for name in changed}
    assert crm.violations == []


async def test_a_filter_that_keeps_events_back_is_taken_out(crm: CloseSim) -> None:
    adapter = provider(crm)
    held = await adapter.subscribe(URL, None)
    (hook,) = hooks(crm)
    hook["events"] = [one | {"extra_filter": {"type": "is_null"}} for one in hook["events"]]
    await adapter.subscribe(URL, held)
    assert not any("extra_filter" in one for one in hook["events"])


async def test_one_of_ours_is_taken_over_and_the_others_go(crm: CloseSim) -> None:
    kept = crm.webhooks.create({"url": OTHER, "events": CREATED})
    for action in ("created", "updated"):
        events = [{"object_type": "task.lead", "action": action}]
        crm.webhooks.create({"url": URL, "events": events})
    subscription = await provider(crm).subscribe(URL, None)
    assert {hook["id"] for hook in hooks(crm)} == {kept["id"], subscription.id}
    assert subscription.secret == crm.webhooks.get(subscription.id)["signature_key"]
    assert kept["url"] == OTHER
    assert crm.violations == []


async def test_a_subscription_that_was_deleted_is_made_again(crm: CloseSim) -> None:
    adapter = provider(crm)
    held = await adapter.subscribe(URL, None)
    crm.webhooks.delete(held.id)
    again = await adapter.subscribe(URL, held)
    assert [hook["id"] for hook in hooks(crm)] == [again.id] != [held.id]


async def test_one_whose_key_nobody_tells_is_made_anew(crm: CloseSim) -> None:
    crm.webhooks.keys_told_once = True
    adapter = provider(crm)
    lost = await adapter.subscribe(URL, None)
    again = await adapter.subscribe(URL, c.Subscription("whsub_other", "aa"))
    assert [hook["id"] for hook in hooks(crm)] == [again.id] != [lost.id]
    assert again.secret == hooks(crm)[0]["signature_key"]
    assert crm.violations == []


@pytest.mark.parametrize("told_once", [False, True])
async def test_one_that_only_the_refusal_names_is_adopted(crm: CloseSim, told_once: bool) -> None:
    crm.webhooks.keys_told_once = told_once
    adapter = provider(crm)
    hidden = await adapter.subscribe(URL, None)
    empty = json.dumps({"data": [], "has_more": False}).encode()
    crm.faults.add(Fault(Trouble.STATUS, "/webhook/", "GET", status=200, body=empty))
    adopted = await adapter.subscribe(URL, None)
    assert (adopted == hidden) is not told_once
    assert [hook["id"] for hook in hooks(crm)] == [adopted.id]
    assert crm.violations == []


async def test_another_refusal_is_told(crm: CloseSim) -> None:
    for number in range(40):
        crm.webhooks.create({"url": f"{OTHER}{number}", "events": CREATED})
    with pytest.raises(c.Rejected, match="at most 40 subscriptions"):
        await provider(crm).subscribe(URL, None)


@pytest.mark.parametrize(("trouble", "made"), [(Trouble.DROP, 0), (Trouble.DROP_AFTER, 1)])
async def test_a_cut_line_makes_no_second_subscription(
    crm: CloseSim, trouble: Trouble, made: int
) -> None:
    async with serving(crm.app) as origin:
        adapter = provider(crm, origin)
        crm.faults.add(Fault(trouble, "/webhook/", "POST"))
        with pytest.raises(c.Unavailable):
            await adapter.subscribe(URL, None)
        assert len(hooks(crm)) == made
        subscription = await adapter.subscribe(URL, None)
        await adapter.close()
    assert [hook["id"] for hook in hooks(crm)] == [subscription.id]


async def test_one_that_goes_while_it_is_removed_is_no_trouble(crm: CloseSim) -> None:
    crm.webhooks.keys_told_once = True
    adapter = provider(crm)
    await adapter.subscribe(URL, None)
    crm.faults.add(Fault(Trouble.TWICE, "/webhook/", "DELETE"))
    again = await adapter.subscribe(URL, None)
    assert [hook["id"] for hook in hooks(crm)] == [again.id]
    assert [r.status for r in crm.requests if r.method == "DELETE"] == [404]


async def test_without_a_key_there_is_no_subscription(crm: CloseSim) -> None:
    answers = [
        httpx2.Response(200, json={"data": [], "has_more": False}),
        httpx2.Response(201, json={"id": "whsub_1"}),
    ]
    with pytest.raises(c.Malformed, match="no key"):
        await scripted(crm, lambda _: answers.pop(0)).subscribe(URL, None)


# Deliveries, end to end.


async def test_each_change_of_a_task_is_pushed_with_its_id(crm: CloseSim) -> None:
    adapter = provider(crm)
    held = await adapter.subscribe(URL, None)
    row = crm.add_task("Call")
    crm.edit(row["id"], text="Call twice")
    crm.complete_elsewhere(row["id"])
    crm.add_task(type="voicemail")
    crm.remove(row["id"])
    deliveries = crm.webhooks.take_deliveries()
    told = [adapter.read_push(push(delivery, crm), held) for delivery in deliveries]
    assert [one.tasks for one in told] == [(row["id"],)] * 5
    ids = [json.loads(delivery.body)["event"]["id"] for delivery in deliveries]
    assert [one.id for one in told] == ids
    assert len(set(ids)) == 5
    kinds = [json.loads(delivery.body)["event"]["object_type"] for delivery in deliveries]
    assert "activity.task_completed" in kinds


async def test_a_retry_in_the_last_hours_is_still_taken(crm: CloseSim, clock: MovableClock) -> None:
    adapter = provider(crm)
    held = await adapter.subscribe(URL, None)
    crm.add_task("Call")
    (delivery,) = crm.webhooks.take_deliveries()
    clock.advance(timedelta(hours=72))
    assert adapter.read_push(push(delivery, crm), held).tasks


# Deliveries by themselves.


def test_the_known_vector_is_read() -> None:
    body = (
        b'{"subscription_id":"whsub_6un6NQjYTaFdgtIZsTDXP6",'
        b'"event":{"id":"ev_1","object_type":"task.lead","action":"created"}}'
    )
    headers = {
        "close-sig-timestamp": "1700000000",
        "close-sig-hash": "7bfc345f2fbdc81ad7485081e1ea7d45d40c49c039de286a4797c4753348c524",
    }
    request = c.PushRequest(headers, body, datetime.fromtimestamp(1700000000, UTC))
    assert read_push(request, HELD) == c.Pushed("ev_1")


@pytest.mark.parametrize(
    "damage",
    [
        {"close-sig-hash": "0" * 64},
        {"close-sig-hash": "ähnlich"},
        {"close-sig-hash": "\udcff"},
        {"close-sig-timestamp": str(int(NOW.timestamp()) + 1)},
        {"close-sig-timestamp": "\udcff"},
    ],
)
def test_what_is_not_signed_is_refused(damage: dict[str, str]) -> None:
    good = signed(event())
    assert read_push(good, HELD) == c.Pushed("ev_1", ("task_1",))
    with pytest.raises(c.Unauthorized):
        read_push(replace(good, headers={**good.headers, **damage}), HELD)
    with pytest.raises(c.Unauthorized):
        read_push(replace(good, headers={}), HELD)
    with pytest.raises(c.Unauthorized):
        read_push(replace(good, body=good.body + b" "), HELD)


@pytest.mark.parametrize("secret", ["", "  ", "not hex", "aa"])
def test_another_key_or_none_opens_nothing(secret: str) -> None:
    with pytest.raises(c.Unauthorized):
        read_push(signed(event()), c.Subscription("whsub_1", secret))


def test_an_empty_key_signs_nothing() -> None:
    with pytest.raises(c.Unauthorized):
        read_push(signed(event(), key=""), c.Subscription("whsub_1"))


@pytest.mark.parametrize(
    ("age", "taken"),
    [
        (OLDEST, True),
        (OLDEST + timedelta(seconds=1), False),
        (-NEWEST, True),
        (-NEWEST - timedelta(seconds=1), False),
    ],
)
def test_how_old_a_signature_may_be(age: timedelta, taken: bool) -> None:
    for stamp in (str(int((NOW - age).timestamp())), (NOW - age).isoformat()):
        request = signed(event(), stamp)
        if taken:
            assert read_push(request, HELD).id == "ev_1"
        else:
            with pytest.raises(c.Unauthorized, match="too long ago"):
                read_push(request, HELD)


@pytest.mark.parametrize("stamp", ["", "soon", "-5", "9" * 5000, "1e9"])
def test_a_time_stamp_that_is_none_is_refused(stamp: str) -> None:
    with pytest.raises(c.Unauthorized, match="time stamp"):
        read_push(signed(event(), stamp), HELD)


@pytest.mark.parametrize(
    ("fields", "tasks"),
    [
        ({"object_type": "task.voicemail"}, ("task_1",)),
        ({"object_type": "task.of_tomorrow", "data": None}, ("task_1",)),
        ({"object_type": "task.lead", "object_id": None}, ()),
        ({"object_type": "activity.task_completed", "data": {"task_id": "task_2"}}, ("task_2",)),
        ({"object_type": "activity.task_completed", "data": {"task_id": None}}, ()),
        ({"object_type": "activity.task_completed", "data": {}}, ()),
        ({"object_type": "activity.task_completed", "data": None}, ()),
        ({"object_type": "lead", "object_id": "lead_1"}, ()),
    ],
)
def test_which_tasks_an_event_is_about(fields: dict[str, Any], tasks: tuple[str, ...]) -> None:
    assert read_push(signed(event(**fields)), HELD) == c.Pushed("ev_1", tasks)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"event": 5}', event(id="")])
def test_garbage_with_a_good_signature_is_malformed(body: bytes) -> None:
    with pytest.raises(c.Malformed):
        read_push(signed(body), HELD)


@given(st.binary(), st.dictionaries(st.sampled_from([*signed(b"").headers]), st.text()))
def test_nobody_else_gets_in(body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(c.Unauthorized):
        read_push(c.PushRequest(headers, body, NOW), HELD)


@given(
    st.binary()
    | st.recursive(
        st.none() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)
    ).map(lambda v: json.dumps({"event": v}).encode())
)
def test_whatever_is_signed_is_read_or_malformed(body: bytes) -> None:
    with pytest.raises(c.Malformed):
        read_push(signed(body), HELD)
