"""Tests of `opportunities.giftcards.engine` for any desks and quotes: equal to exact fractions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opportunities.giftcards import Policy
from pricing.quotebook import LiveQuote
from quant.spreads.net import Cushions

from .engines import NOW, POLICY, VENUES, desk, make_engine, quote, told

money = st.decimals(min_value=40, max_value=50, places=2)
bps = st.decimals(min_value=-50, max_value=200, places=1)
sizes = st.one_of(st.none(), st.integers(min_value=0, max_value=20))
markets = st.fixed_dictionaries(
    {
        "bid": st.one_of(st.none(), money),
        "ask": st.one_of(st.none(), money),
        "size": sizes,
        "fee": bps,
        "slippage": st.decimals(min_value=0, max_value=50, places=1),
        "fixed": st.decimals(min_value=0, max_value=1, places=2),
        "age": st.integers(min_value=-3_000, max_value=20_000),
    }
)


def oracle(found: dict[str, dict[str, Any]], policy: Policy) -> dict[tuple[str, str], tuple[Any, Fraction]]:
    """Return size and profit of every route that pays, by exact fractions and nothing of the product."""
    routes = {}
    for buyer, buy in found.items():
        for seller, sell in found.items():
            if buyer == seller or buy["ask"] is None or sell["bid"] is None:
                continue
            if any(not -2_000 <= one["age"] <= 15_000 for one in (buy, sell)):
                continue
            if any(
                one["bid"] is not None and one["ask"] is not None and one["bid"] > one["ask"]
                for one in (buy, sell)
            ):
                continue
            if abs(buy["age"] - sell["age"]) > 15_000:
                continue
            known = buy["size"] is not None and sell["size"] is not None
            size = min(buy["size"], sell["size"], policy.max_cards) if known else None
            if size == 0:
                continue
            count = Fraction(size or 1)
            ask, bid = Fraction(buy["ask"]), Fraction(sell["bid"])
            cost = ask * (1 + Fraction(buy["fee"] + buy["slippage"]) / 10_000)
            gain = bid * (1 - Fraction(sell["fee"] + sell["slippage"]) / 10_000)
            cushion = ask * Fraction(policy.cushions.fx_bps + policy.cushions.network_bps) / 10_000
            fixed = Fraction(buy["fixed"] + sell["fixed"])
            profit = count * (gain - cost - cushion) - fixed
            outlay = count * (cost + cushion) + fixed
            if profit > 0 and profit * 10_000 >= Fraction(policy.threshold_bps) * outlay:
                routes[buyer, seller] = (size, profit / count)
    return routes


@given(
    st.fixed_dictionaries(dict.fromkeys(VENUES, markets)),
    st.decimals(min_value=0, max_value=100, places=1),
    st.decimals(min_value=0, max_value=60, places=1),
)
def test_open_routes_equal_those_of_exact_fractions(found, fx, threshold):
    policy = replace(POLICY, threshold_bps=threshold, cushions=Cushions(fx, Decimal(5)), max_cards=8)
    engine = make_engine(
        *(
            desk(code, fee=one["fee"], slippage=one["slippage"], fixed=one["fixed"])
            for code, one in found.items()
        ),
        policy=policy,
    )

    news = told(
        engine,
        *(
            quote(
                code, bid=one["bid"], ask=one["ask"], size=one["size"], received_ms=NOW - one["age"],
                venue_time_ms=None,
            )
            for code, one in found.items()
        ),
    )  # fmt: skip

    expected = oracle(found, policy)
    assert {(one["buy_venue"], one["sell_venue"]) for one in news.sightings} == set(expected)
    for one in news.sightings:
        size, profit = expected[one["buy_venue"], one["sell_venue"]]
        assert one["size"] == (None if size is None else str(size))
        assert abs(Fraction(one["net_profit"]) - profit) <= Fraction(1, 10**12)


cards = st.builds(
    lambda brand, face, currency, region: f"giftcard:{brand}:{face}:{currency}:{region}",
    st.sampled_from(["amazon", "steam"]),
    st.sampled_from(["25", "50"]),
    st.sampled_from(["USD", "EUR"]),
    st.sampled_from(["US", "GB"]),
)


@given(st.lists(st.tuples(cards, st.sampled_from(VENUES), money, money), max_size=25))
def test_different_cards_never_cross(rows):
    policy = replace(POLICY, allowed_regions=("US", "GB"), allowed_currencies=("USD", "EUR"))
    engine = make_engine(policy=policy)
    listed: dict[str, dict[str, LiveQuote]] = {venue: {} for venue in VENUES}
    for symbol, venue, bid, ask in rows:
        currency = symbol.split(":")[3]
        listed[venue][symbol] = quote(venue, bid=bid, ask=ask, symbol=symbol, currency=currency)

    for venue, quotes in listed.items():
        engine.apply(venue, quotes.values())
    for one in engine.news(now_ms=NOW).sightings:
        buy = listed[one["buy_venue"]][one["symbol"]]
        sell = listed[one["sell_venue"]][one["symbol"]]
        assert buy.symbol == sell.symbol == one["symbol"]
        assert (Decimal(one["buy_price"]), Decimal(one["sell_price"])) == (buy.ask, sell.bid)
        assert one["currency"] == one["symbol"].split(":")[3]


@given(money, money, st.decimals(min_value=0, max_value=300, places=1), bps)
def test_a_higher_fee_never_opens_a_route(ask, bid, more, fee):
    def is_open(extra: Decimal) -> bool:
        engine = make_engine(desk("alpha", fee=fee + extra), desk("beta", fee=fee))
        return bool(told(engine, quote("alpha", ask=ask), quote("beta", bid=bid)).sightings)

    assert not is_open(more) or is_open(Decimal(0))
