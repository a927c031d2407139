"""PlanD's users, of whom little may be read, and its keys."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from adapters import contract as c
from sandbox.faults import Fault, Trouble
from sandbox.providers.pland import PlandSim
from sandbox.providers.pland_records import Wire
from sandbox.serve import serving
from tests.adapters.pland_room import listed, provider


async def test_the_directory_names_people_and_nothing_more(pland: PlandSim) -> None:
    ana = pland.add_user("Ana Maria Silva", "ana@example.com")
    bo = pland.add_user("Bo")
    pland.add_user("Cem", "cem@example.com", active=False)
    dana = pland.add_user("Dana")
    dana["access"]["email"], dana["contact"]["email"] = "10042", "dana@example.com"
    with capture_logs() as logs:
        people = {person.name: person for person in await provider(pland).operators()}
    assert people["Ana Maria Silva"] == c.Operator(ana["_id"], "Ana Maria Silva", "ana@example.com")
    assert people["Bo"] == c.Operator(bo["_id"], "Bo")
    assert not people["Cem"].active
    assert people["Dana"].email == "dana@example.com"
    assert len(people) == 5
    assert [text for text in pland.canaries if text in f"{people}{logs}"] == []


@pytest.mark.parametrize("as_text", [True, False])
async def test_a_user_who_has_left(pland: PlandSim, as_text: bool) -> None:
    pland.wire = Wire(status_as_text=as_text)
    gone = pland.add_user("Ana")["_id"]
    pland.deactivate(gone)
    people = await provider(pland).operators()
    assert {person.id: person.active for person in people} == {
        gone: False,
        pland.key_owner["_id"]: True,
    }


async def test_many_users(pland: PlandSim) -> None:
    for number in range(1200):
        pland.add_user(f"User {number}")
    pland.limit_cap = 500
    assert len({person.id for person in await provider(pland).operators()}) == 1201


async def test_no_secret_of_a_user_gets_into_an_error(pland: PlandSim) -> None:
    pland.add_user("Ana")["general"]["firstName"] = 42
    pland.key_owner["general"] = {"firstName": ["CANARY"]}
    adapter = provider(pland)
    with capture_logs() as logs:
        people = await adapter.operators()
        with pytest.raises(c.Malformed) as caught:
            await adapter.check()
    assert people == []
    told = f"{people}{logs}{caught.value!r}{caught.value.__cause__}{caught.value.__context__}"
    tokens = [user["access"]["token"] for user in pland.users.values()]
    assert [text for text in (*tokens, "CANARY") if text in told] == []


async def test_check_tells_whose_key_it_is(pland: PlandSim) -> None:
    assert await provider(pland).check() == c.Account("Integration Taskbell")
    assert [request.path for request in pland.requests] == ["/v2/users/self"]


async def test_a_wrong_key_is_unauthorized_and_never_told(pland: PlandSim) -> None:
    with capture_logs() as logs, pytest.raises(c.Unauthorized) as caught:
        await provider(pland, api_key="12:mistaken").check()
    assert "mistaken" not in f"{caught.value}{logs}"


async def test_a_denied_area_is_unauthorized(pland: PlandSim) -> None:
    pland.denied = {"tasks", "users"}
    adapter = provider(pland)
    with pytest.raises(c.Unauthorized, match="does not allow"):
        await listed(adapter)
    with pytest.raises(c.Unauthorized, match="does not allow"):
        await adapter.operators()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, c.Unauthorized),
        (403, c.Unauthorized),
        (409, c.Conflict),
        (423, c.Rejected),
        (429, c.RateLimited),
        (500, c.Unavailable),
        (503, c.Unavailable),
    ],
)
async def test_refusals_by_name(pland: PlandSim, status: int, kind: type[c.ProviderError]) -> None:
    row = pland.add_task()
    body = b"Fatal error: Uncaught TypeError: secret() in /var/www/Task.php:12"
    pland.faults.add(Fault(Trouble.STATUS, "/tasks/", times=None, status=status, body=body))
    for call in (listed(provider(pland)), provider(pland).lookup(c.Task(row["_id"], ""))):
        with pytest.raises(kind) as caught:
            await call
        assert "php" not in str(caught.value)


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.DROP_AFTER])
async def test_a_read_whose_line_is_cut_is_tried_again(pland: PlandSim, trouble: Trouble) -> None:
    pland.add_task()
    async with serving(pland.app) as origin:
        adapter = provider(pland, origin)
        pland.faults.add(Fault(trouble, "/tasks/"))
        assert len((await listed(adapter))[0]) == 1
        await adapter.close()
