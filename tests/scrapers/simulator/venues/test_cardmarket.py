"""Cardmarket's files and its signed API."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha1
from hmac import digest
from urllib.parse import quote

from scrapers.simulator.market import Market
from scrapers.simulator.world import Venue
from tests.scrapers.simulator.calls import (
    answer,
    first_card,
)


async def test_cardmarket_guide_is_identical_within_a_day_and_says_unchanged(visitor, simulator_clock):
    path = "/cardmarket_downloads/productCatalog/priceGuide/price_guide_1.json"
    async with visitor.get(path) as response:
        first, etag = await response.read(), response.headers["ETag"]
        modified = response.headers["Last-Modified"]
    simulator_clock.advance(timedelta(hours=2))
    async with visitor.get(path) as response:
        second = await response.read()
    async with visitor.get(path, headers={"If-None-Match": etag}) as response:
        by_etag = response.status
    async with visitor.get(path, headers={"If-Modified-Since": modified}) as response:
        by_time = response.status
    simulator_clock.advance(timedelta(days=1))
    async with visitor.get(path, headers={"If-None-Match": etag}) as response:
        next_day, third = response.status, await response.read()

    assert (first == second, by_etag, by_time) == (True, 304, 304)
    assert (next_day, first == third) == (200, False)


async def test_cardmarket_has_no_other_games_than_its_own(visitor):
    async with visitor.get("/cardmarket_downloads/productCatalog/priceGuide/price_guide_2.json") as response:
        assert response.status == 403


def signed(
    simulator, path: str, *, query: str = "", secret: str = "simulator-secret", nonce: str = "1"
) -> str:
    """Return an OAuth header made by the letter of RFC 5849."""
    url = f"{simulator.url}{path}"
    parameters = {
        "oauth_consumer_key": "simulator", "oauth_nonce": nonce, "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1795253400", "oauth_token": "", "oauth_version": "1.0",
    }  # fmt: skip
    pairs = [*parameters.items(), *(tuple(part.split("=")) for part in query.split("&") if part)]
    text = "&".join(f"{name}={value}" for name, value in sorted(pairs))
    base = f"GET&{quote(url, safe='')}&{quote(text, safe='')}"
    signature = b64encode(digest(f"{secret}&".encode(), base.encode(), sha1)).decode()
    parameters |= {"realm": url, "oauth_signature": signature}
    return "OAuth " + ", ".join(f'{name}="{quote(value, safe="")}"' for name, value in parameters.items())


async def test_cardmarket_api_checks_the_signature(visitor, simulator):
    path = f"/cardmarket_api/ws/v2.0/output.json/products/{first_card(simulator).ids['mcm']}"
    good = await answer(visitor.get(path, headers={"Authorization": signed(simulator, path)}))
    bad = await answer(visitor.get(path, headers={"Authorization": signed(simulator, path, secret="guess")}))
    none = await answer(visitor.get(path))

    expected = Market(
        simulator.simulator.world, first_card(simulator), Venue.CARDMARKET, at=simulator.simulator.now()
    )
    assert good[1]["product"]["priceGuide"]["TREND"] == float(expected.price)
    assert [reply[0] for reply in (good, bad, none)] == [200, 401, 401]


async def test_cardmarket_api_takes_a_nonce_once(visitor, simulator, simulator_clock):
    path = f"/cardmarket_api/ws/v2.0/output.json/products/{first_card(simulator).ids['mcm']}"
    calls = [
        await answer(visitor.get(path, headers={"Authorization": signed(simulator, path, nonce=nonce)}))
        for nonce in ("a", "a", "b")
    ]
    simulator_clock.advance(timedelta(days=1))
    await answer(visitor.get(path, headers={"Authorization": signed(simulator, path, nonce="c")}))

    assert [status for status, _ in calls] == [200, 401, 200]
    assert set(simulator.simulator.nonces) == {"c"}


async def test_cardmarket_offers_page_until_nothing_is_left(visitor, simulator):
    path = f"/cardmarket_api/ws/v2.0/output.json/articles/{first_card(simulator).ids['mcm']}"
    rows, start = [], 0
    while True:
        query = f"maxResults=10&start={start}"
        headers = {"Authorization": signed(simulator, path, query=query, nonce=str(start))}
        async with visitor.get(f"{path}?{query}", headers=headers) as response:
            if response.status == 204:
                break
            rows += (await response.json())["article"]
        start += 10

    card = first_card(simulator)
    markets = [
        Market(simulator.simulator.world, card, Venue.CARDMARKET, at=simulator.simulator.now(), finish=finish)
        for finish in card.finishes
    ]
    assert len({row["idArticle"] for row in rows}) == len(rows) == sum(one.seller_count for one in markets)
    assert rows[0]["price"] == float(min(one.offer(0).price for one in markets))
