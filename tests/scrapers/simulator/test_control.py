"""The control interface steers a running simulator."""

from datetime import timedelta

import pytest

from scrapers.simulator.clock import SimulatorClock
from tests.scrapers.simulator.calls import answer, ebay_headers, ebay_search

FEED = "/cardkingdom/api/sealed_pricelist"


async def test_health_says_what_runs(visitor):
    status, health = await answer(visitor.get("/__sim__/health"))

    assert (status, health["status"], health["articles"]) == (200, "ok", 102)
    assert health["now"] == "2026-11-21T09:30:00Z"


async def test_faults_are_put_in_force_and_taken_out(visitor):
    created, rule = await answer(
        visitor.post("/__sim__/faults", json={"route": "/cardkingdom/*", "kind": "503", "count": 1})
    )
    failed, _ = await answer(visitor.get(FEED))
    _, listed = await answer(visitor.get("/__sim__/faults"))
    removed, _ = await answer(visitor.delete(f"/__sim__/faults/{rule['id']}"))
    gone, _ = await answer(visitor.delete(f"/__sim__/faults/{rule['id']}"))
    works, _ = await answer(visitor.get(FEED))

    assert (created, failed, removed, gone, works) == (201, 503, 204, 404, 200)
    assert (listed["rules"][0]["seen"], listed["rules"][0]["fired"]) == (1, 1)
    assert listed["kinds"]["price_x100"].startswith("Every price is a hundred times")


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("/__sim__/faults", b'{"route": "/*", "kind": "plague"}', "plague"),
        ("/__sim__/faults", b'{"route": "/*"}', "kind"),
        ("/__sim__/faults", b'{"route": "/*", "kind": "500", "colour": 1}', "colour"),
        ("/__sim__/faults", b"[]", "object"),
        ("/__sim__/faults", b"{", "JSON"),
        ("/__sim__/clock", b'{"advance_seconds": "soon"}', "number"),
        ("/__sim__/clock", b'{"speed": -1}', "backwards"),
        ("/__sim__/tokens", b'{"endpoint": "ebay_api", "action": "bless"}', "action"),
    ],
)
async def test_senseless_calls_are_explained(visitor, path, body, reason):
    status, refused = await answer(visitor.post(path, data=body))

    assert status == 400
    assert reason in refused["error"]


async def test_time_is_moved_and_prices_with_it(visitor, simulator):
    headers = await ebay_headers(visitor)
    _, before = await answer(ebay_search(visitor, headers, q="booster box", sort="price"))
    _, clock = await answer(visitor.post("/__sim__/clock", json={"advance_seconds": 3600}))
    _, after = await answer(ebay_search(visitor, headers, q="booster box", sort="price"))

    assert clock["now"] == "2026-11-21T10:30:00.000Z"
    assert before["itemSummaries"][0]["price"] != after["itemSummaries"][0]["price"]


async def test_tokens_expire_and_keys_are_revoked_and_restored(visitor):
    headers = await ebay_headers(visitor)
    await answer(visitor.post("/__sim__/tokens", json={"endpoint": "ebay_api", "action": "expire"}))
    expired, _ = await answer(ebay_search(visitor, headers, q="box"))
    headers = await ebay_headers(visitor)
    _, state = await answer(
        visitor.post("/__sim__/tokens", json={"endpoint": "ebay_api", "action": "revoke"})
    )
    revoked, _ = await answer(ebay_search(visitor, headers, q="box"))
    await answer(visitor.post("/__sim__/tokens", json={"endpoint": "ebay_api", "action": "restore"}))
    restored, _ = await answer(ebay_search(visitor, headers, q="box"))

    assert state["is_revoked"] is True
    assert (expired, revoked, restored) == (401, 401, 200)


async def test_robots_are_replaced(visitor):
    async with visitor.put("/__sim__/robots/ebay_site", data="User-agent: *\nDisallow: /") as response:
        assert response.status == 204
    async with visitor.get("/ebay_site/robots.txt") as response:
        assert (await response.text()).endswith("Disallow: /")
    async with visitor.put("/__sim__/robots/nowhere", data="x") as response:
        assert response.status == 404


async def test_requests_and_verdict_are_shown(visitor):
    await answer(visitor.get(FEED, headers={"User-Agent": "curl/8"}))
    _, requests = await answer(visitor.get("/__sim__/requests?endpoint=cardkingdom&limit=5"))
    _, verdict = await answer(visitor.get("/__sim__/oracle"))
    status, _ = await answer(visitor.get("/__sim__/requests?limit=many"))

    assert requests["results"][0]["path"] == FEED
    assert requests["results"][0]["status"] == 200
    assert verdict["violations"][0]["rule"] == "user_agent"
    assert verdict["is_polite"] is False
    assert status == 400


async def test_counters_are_published_for_prometheus(visitor):
    await answer(visitor.post("/__sim__/faults", json={"route": "/cardkingdom/*", "kind": "503"}))
    await answer(visitor.get(FEED, headers={"User-Agent": "curl/8"}))
    async with visitor.get("/__sim__/metrics") as response:
        text = await response.text()

    assert 'arbsite_simulator_requests_total{endpoint="cardkingdom",status="503"} 1.0' in text
    assert 'arbsite_simulator_faults_total{endpoint="cardkingdom",kind="503"} 1.0' in text
    assert 'arbsite_simulator_violations{rule="user_agent"} 1.0' in text


async def test_reset_forgets_everything_but_time_and_world(visitor, simulator):
    await answer(visitor.post("/__sim__/clock", json={"advance_seconds": 60}))
    await answer(visitor.post("/__sim__/faults", json={"route": "/*", "kind": "503"}))
    await answer(visitor.get(FEED))
    await answer(visitor.post("/__sim__/reset"))
    works, _ = await answer(visitor.get(FEED))
    _, health = await answer(visitor.get("/__sim__/health"))

    assert works == 200
    assert len(simulator.simulator.oracle.requests) == 1
    assert health["now"] == "2026-11-21T09:31:00Z"


def test_clock_runs_faster_without_a_jump(simulator_clock):
    clock = SimulatorClock(simulator_clock, speed=60)
    start = clock.now()
    simulator_clock.advance(timedelta(seconds=2))
    assert clock.now() - start == timedelta(minutes=2)

    clock.set_speed(0)
    simulator_clock.advance(timedelta(hours=1))
    assert clock.now() - start == timedelta(minutes=2)

    clock.advance(timedelta(minutes=-1))
    assert clock.now() - start == timedelta(minutes=1)
