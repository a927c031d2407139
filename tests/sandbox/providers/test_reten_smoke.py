from datetime import UTC, datetime

import httpx2

from sandbox.clock import MovableClock
from sandbox.providers.reten import RetenSim


async def test_smoke() -> None:
    sim = RetenSim(MovableClock(datetime(2026, 11, 22, 9, tzinfo=UTC)))
    task = sim.add_task()
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(sim.app),
        base_url="http://reten",
        headers={"x-api-key": sim.key},
    ) as client:
        answer = await client.get("/api/integration/activities/tasks", params={"status": "PENDING"})
        assert answer.json()["data"][0]["id"] == task["id"]
        r = await client.post(
            "/api/integration/activity-results/tasks",
            json={
                "activity_id": task["id"],
                "commerce_external_id": "COM-001",
                "occurred_at": "2026-11-22T09:00:00.000Z",
                "status": "EFFECTIVE",
                "task_result": {"result": "SALE_COMPLETED"},
            },
        )
        assert r.status_code == 201, r.text
    assert sim.violations == []
    assert [r.status for r in sim.requests] == [200, 201]
