from typing import Any

import pytest

from opportunities.live.sighting import SightedRoute
from opportunities.live.watching import GRACE_MS, RouteWatch
from opportunities.services.cross_venue_reading import read_sighting
from quant.spreads.messages import Withdrawn
from tests.opportunities.sighting_factory import START

from .makers import MS, NOW_MS, NOW_NS, Heard, terms


class Watched(Heard):
    """An engine with its watch, and what the watch told."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.told: list[dict[str, Any]] = []
        self.watch = RouteWatch(terms(**options), tell=self._hear)

    def _hear(self, route: SightedRoute, sighting: Any) -> None:
        assert sighting["symbol"] == route.symbol
        self.told.append(dict(sighting))

    def look(self, after_ms: int = 0) -> list[tuple[str, str]]:
        """Look once; return event and reason of what was told."""
        before = len(self.told)
        now_ns = NOW_NS + after_ms * MS
        self.engine.sweep(now_ns)
        self.watch.begin()
        for book in self.engine.books.values():
            self.watch.see_book(self.engine, book, now_ns)
        self.watch.finish(self.engine, now_ns // MS)
        return [(one["event"], one["reason"]) for one in self.told[before:]]


@pytest.fixture
def watched() -> Watched:
    one = Watched(max_age_ms=60_000)
    one.tick("binance", 99.0, 100.0)
    one.tick("okx", 102.0, 103.0)
    return one


def test_route_opens_once_and_is_told_again_every_second(watched: Watched) -> None:
    assert watched.look() == [("open", "")]
    assert watched.look(100) == []
    assert watched.look(999) == []
    assert watched.look(1_000) == [("seen", "")]
    assert watched.look(1_100) == []


def test_sighting_holds_what_the_sink_stores(watched: Watched) -> None:
    import json

    watched.look()
    (told,) = watched.told

    sighting = read_sighting(
        json.dumps({**told, "at_ms": int(START.timestamp() * 1_000)}).encode(), now=START
    )

    assert (sighting.buy_venue, sighting.sell_venue, sighting.currency) == ("binance", "okx", "USDT")
    assert str(sighting.figures["net_profit"]) == "1.798000000000"
    assert told["expires_ms"] == NOW_MS + 60_000
    assert told["inputs"]["buy"]["ask"] == "100.0"


def test_every_route_above_the_threshold_is_told_not_only_the_best(watched: Watched) -> None:
    watched.tick("kraken", 104.0, 105.0)
    watched.look()

    assert {(one["buy_venue"], one["sell_venue"]) for one in watched.told} == {
        ("binance", "okx"), ("binance", "kraken"), ("okx", "kraken")
    }  # fmt: skip


def test_gap_that_came_and_went_between_two_looks_is_told_as_both(watched: Watched) -> None:
    watched.tick("okx", 99.0, 99.5)

    assert watched.look() == [("open", ""), ("closed", "gone")]
    assert watched.told[0]["at_ms"] < watched.told[1]["at_ms"]
    assert watched.look(100) == []


@pytest.mark.parametrize(("bid", "reason"), [(100.2, "below_threshold"), (99.9, "gone")])
def test_price_closes_a_route_after_its_grace(watched: Watched, bid: float, reason: str) -> None:
    watched.look()
    watched.tick("okx", bid, 103.0)

    assert watched.look(100) == []
    assert watched.look(100 + GRACE_MS - 1) == []
    assert watched.look(100 + GRACE_MS) == [("closed", reason)]


def test_route_that_trembles_at_the_threshold_stays_open(watched: Watched) -> None:
    watched.look()
    for number in range(1, 9):
        watched.tick("okx", 102.0 if number % 2 else 100.0, 103.0, at=NOW_NS + number * MS)
        watched.look(number * 100)

    assert "closed" not in {one["event"] for one in watched.told}


def test_withdrawn_quote_closes_at_once(watched: Watched) -> None:
    watched.look()
    watched.engine.on_withdrawn(Withdrawn("okx", "BTC/USDT", "gap", NOW_NS), NOW_NS)

    assert watched.look(100) == [("closed", "withdrawn")]


def test_stale_quote_closes_at_once(watched: Watched) -> None:
    watched.look()

    assert watched.look(60_001) == [("closed", "stale")]


def test_times_of_a_route_only_go_forward(watched: Watched) -> None:
    watched.look()
    watched.engine.on_withdrawn(Withdrawn("okx", "BTC/USDT", "gap", NOW_NS), NOW_NS)
    watched.look()
    watched.tick("okx", 102.0, 103.0)
    watched.look()

    times = [one["at_ms"] for one in watched.told]
    assert [one["event"] for one in watched.told] == ["open", "closed", "open"]
    assert times == sorted(set(times))


def test_open_routes_are_told_anew_when_what_was_told_may_be_lost(watched: Watched) -> None:
    watched.look()
    watched.watch.forget_told()

    assert watched.look(100) == [("open", "")]


def test_end_of_the_process_closes_what_is_open(watched: Watched) -> None:
    watched.look()
    watched.watch.close_all("stale", NOW_MS)

    assert [one["event"] for one in watched.told] == ["open", "closed"]
    assert watched.watch.open == {}
