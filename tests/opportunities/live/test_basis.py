import json
from decimal import Decimal
from typing import Any

from opportunities.live.basis import BasisRoutes
from opportunities.live.sighting import SightedRoute

from .makers import FEES, MS, NOW_NS, Heard


class Across(Heard):
    """An engine with its routes across USDT and USD."""

    def __init__(self, **options: Any) -> None:
        super().__init__(FEES, **options)
        self.routes: list[SightedRoute] = []
        self.basis = BasisRoutes(
            self.engine, add_signal=self._add, see=lambda route, _: self.routes.append(route)
        )

    def look(self, after_ms: int = 0) -> list[SightedRoute]:
        self.routes.clear()
        self.basis.look(NOW_NS + after_ms * MS)
        return list(self.routes)


def priced(**options: Any) -> Across:
    across = Across(**options)
    across.tick("binance", 99.0, 100.0, symbol="BTC/USDT")
    across.tick("okx", 103.0, 104.0, symbol="BTC/USD")
    return across


def test_without_a_live_rate_usd_and_usdt_are_not_compared() -> None:
    across = priced()

    assert across.look() == []
    assert across.signals == []


def test_purchase_in_usdt_is_paid_at_the_rates_ask_with_the_haircut() -> None:
    across = priced()
    across.tick("kraken", 0.999, 1.001, symbol="USDT/USD")

    (route,) = across.look()

    assert (route.symbol, route.currency) == ("crypto:BTC/USDT~USD", "USD")
    assert route.buy.ask == Decimal("100.0") * Decimal("1.001") * Decimal("1.0005")
    assert route.sell.bid == Decimal("103.0")
    assert "converted" in route.flags
    assert route.basis["rate_venue"] == "kraken"


def test_proceeds_in_usdt_are_worth_the_rates_bid_less_the_haircut() -> None:
    across = Across()
    across.tick("okx", 99.0, 100.0, symbol="BTC/USD")
    across.tick("binance", 103.0, 104.0, symbol="BTC/USDT")
    across.tick("kraken", 0.999, 1.001, symbol="USDT/USD")

    (route,) = across.look()

    assert route.symbol == "crypto:BTC/USD~USDT"
    assert route.sell.bid == Decimal("103.0") * Decimal("0.999") * Decimal("0.9995")
    assert route.buy.ask == Decimal("100.0")


def test_move_of_the_peg_can_be_the_whole_gap() -> None:
    across = priced()
    across.tick("kraken", 1.024, 1.026, symbol="USDT/USD")

    assert across.look() == []


def test_stale_rate_suppresses_the_route() -> None:
    across = priced(max_age_ms=1_000)
    across.tick("kraken", 0.999, 1.001, symbol="USDT/USD", at=NOW_NS - 900 * MS)

    assert len(across.look()) == 1
    assert across.look(101) == []


def test_best_route_is_signalled_once_per_change() -> None:
    across = priced()
    across.tick("kraken", 0.999, 1.001, symbol="USDT/USD")
    across.look()
    across.look(100)

    (signal,) = across.signals
    assert (signal["symbol"], signal["flags"]) == ("BTC/USD", ["converted", "top_only"])
    across.tick("kraken", 0.999, 1.002, symbol="USDT/USD")
    across.look(200)
    assert len(across.signals) == 2


def test_assumed_peg_compares_one_to_one_and_says_so() -> None:
    across = priced(assumes_peg=True)

    (route,) = across.look()

    assert route.buy.ask == Decimal("100.0")
    assert "basis_risk" in route.flags
    assert across.signals[0]["flags"][0] == "basis_risk"
    assert across.signals[0]["symbol"] == "BTC/USDT"  # R001's alias
    assert json.dumps(dict(route.basis))


def test_one_venues_two_books_are_no_route() -> None:
    across = Across()
    across.tick("binance", 99.0, 100.0, symbol="BTC/USDT")
    across.tick("binance", 103.0, 104.0, symbol="BTC/USD")
    across.tick("kraken", 0.999, 1.001, symbol="USDT/USD")

    assert across.look() == []
