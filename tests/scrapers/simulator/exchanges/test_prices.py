"""Prices of the simulated exchanges: one process, gaps now and then, and what the control calls set."""

import pytest

from scrapers.simulator.app import create_simulator
from scrapers.simulator.state import SIMULATOR
from tests.scrapers.simulator.calls import answer
from tests.scrapers.simulator.exchanges.streams import PAIRS


async def test_gaps_between_exchanges_open_and_close(simulator, visitor):
    async def best(code):
        _, state = await answer(visitor.post("/__sim__/exchanges/step", json={
            "exchange": code, "symbol": "BTC/USDT", "updates": 1,
        }))  # fmt: skip
        book = state["exchanges"][code]["books"]["BTC/USDT"]
        return float(book["bid"]), float(book["ask"])

    off = {"rate": 0, "has_gaps": False}
    await answer(visitor.post("/__sim__/exchanges", json=off))
    usual = (await best("okx"))[0] / (await best("binance"))[1] - 1
    gap = {"exchange": "okx", "symbol": "BTC/USDT", "bps": 100, "seconds": 10}
    await answer(visitor.post("/__sim__/exchanges", json={"gap": gap}))
    opened = (await best("okx"))[0] / (await best("binance"))[1] - 1
    await answer(visitor.post("/__sim__/exchanges/step", json={"seconds": 11}))
    closed = (await best("okx"))[0] / (await best("binance"))[1] - 1

    assert abs(usual) < 0.002
    assert 0.008 < opened < 0.012
    assert abs(closed) < 0.002


def test_gaps_open_by_themselves_within_half_a_minute_and_close_again(simulator):
    prices = simulator.simulator.exchanges.prices
    opened = []
    for _ in range(600):
        prices.advance(0.1)
        opened.append(bool(prices.gaps))

    assert any(opened[:300])
    assert not all(opened)


def test_same_seed_gives_the_same_prices(simulated_world):
    def walk(seed):
        hub = create_simulator(simulated_world, seed=seed)[SIMULATOR].exchanges
        for _ in range(20):
            hub.prices.advance(0.5)
            hub.step("kraken", "BTC/USD", updates=2)
        return hub.exchanges["kraken"].books["BTC/USD"].levels(10, is_bid=True)

    assert walk(7) == walk(7) != walk(8)


async def test_books_are_never_crossed_by_themselves(simulator):
    hub = simulator.simulator.exchanges
    for _ in range(200):
        hub.prices.advance(0.5)
        for code, exchange in hub.exchanges.items():
            for symbol, book in exchange.books.items():
                hub.step(code, symbol, updates=1)
                assert book.book.best.bid < book.book.best.ask
                assert min(book.book.bids) > 0


@pytest.mark.parametrize(
    ("path", "body", "reason"),
    [
        ("", {"rate": -1}, "rate"),
        ("", {"rate": "fast"}, "number"),
        ("", {"limits": {"nothing": 1}}, "nothing"),
        ("", {"limits": {"idle": 0}}, "above 0"),
        ("", {"limits": 3}, "object"),
        ("", {"has_gaps": 1}, "true or false"),
        ("", {"gap": {"exchange": "okx"}}, "gap has"),
        ("", {"gap": {"exchange": "okx", "symbol": "X/Y", "bps": 1, "seconds": 1}}, "does not list"),
        ("", {"colour": 1}, "colour"),
        ("/step", {"updates": 1, "exchange": "okx", "symbol": "X/Y"}, "no exchange"),
        ("/step", {"seconds": -1}, "seconds"),
    ],
)
async def test_senseless_control_calls_are_explained(visitor, path, body, reason):
    status, refused = await answer(visitor.post(f"/__sim__/exchanges{path}", json=body))

    assert status == 400
    assert reason in refused["error"]


def test_every_pair_is_called_something(simulator):
    hub = simulator.simulator.exchanges
    assert set(PAIRS) == set(hub.exchanges)
    assert all(PAIRS[code] in exchange.books for code, exchange in hub.exchanges.items())
