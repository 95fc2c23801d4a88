"""Tests of `arbsite.giftcards.metrics`: what Prometheus reads of a desk that works."""

from prometheus_client import CollectorRegistry, generate_latest

from arbsite.giftcards.metrics import DeskCollector
from common.live_process import EXPORTED
from tests.scrapers.giftcards.desk import item, until

from .test_running import declared, desks, listener, redis, running

__all__ = ["desks", "listener", "redis"]


async def test_every_market_has_its_figures(redis, desks, listener):
    good, hung = f"s-{listener.brand}", f"h-{listener.brand}"
    desks.bodies = {good: {"quotes": [item(listener.brand, "45.00"), item(listener.brand, "0")]}}
    desks.hung.add(hung)
    markets = {good: declared(desks.market(good)), hung: declared(desks.market(hung, timeout_ms=100))}
    registry = CollectorRegistry()

    async with running(redis, markets) as desk:
        registry.register(DeskCollector(desk))
        await until(lambda: desk.facts()["markets_live"] == 1 and desk.healths()[0].errors >= 2)

        def value(name: str, **labels: str) -> float | None:
            return registry.get_sample_value(f"arbsite_live_giftcards_{name}", labels)

        assert (value("polls_total", market=hung, outcome="failed") or 0) >= 2
        assert (value("polls_total", market=good, outcome="answered") or 0) >= 1
        assert (value("invalid_total", market=good) or 0) >= 1
        assert (value("state", market=good, state="live"), value("state", market=hung, state="down")) == (
            1,
            1,
        )
        assert value("latency_seconds", market=hung) is None
        assert (value("quotes"), value("routes"), value("dropped_total")) == (1, 0, 0)
        lines = generate_latest(registry).decode().splitlines()
        assert all(line.startswith(EXPORTED) for line in lines if not line.startswith("#"))
