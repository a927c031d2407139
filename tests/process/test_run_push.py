"""`taskbell run`: a push over HTTP, while Slack is heard over a socket."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.process.place import Place, until


async def test_a_push_brings_a_card_that_no_timer_would(place: Place) -> None:
    owner = place.close.key_owner["id"]
    place.env |= {
        "CLOSE_API_KEY": place.close.key,
        "CLOSE_BASE_URL": place.close_url,
        "SLACK_APP_TOKEN": place.slack.workspace.app_token,
        "TASKBELL_POLL_INTERVAL": "3600",
        "TASKBELL_PUBLIC_URL": "https://bell.example.com",
    }
    await place.link(owner, "close")
    async with place.bot() as running:
        held = "SELECT secret FROM subscription WHERE id IS NOT NULL"
        await until(lambda: place.rows(held), "the subscription")
        place.close.add_task("Send the contract", assigned_to=owner)
        for one in place.close.webhooks.take_deliveries():
            address = f"http://127.0.0.1:{running.port}{urlsplit(one.url).path}"
            for body, status in ((b"{}", 401), (one.body, 200)):
                headers = dict(one.headers)
                answer = await place.http.post(address, content=body, headers=headers)
                assert answer.status_code == status
        card = await place.carded("Send the contract")
        assert "Complete" in card.buttons()
    ((secret,),) = place.rows(held)
    assert secret not in running.err
    assert "Send the contract" not in running.err
    assert place.close.violations == []
