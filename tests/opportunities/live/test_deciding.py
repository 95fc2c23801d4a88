from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opportunities.live.deciding import ABSURD_RATIO, decide, fill_of, is_absurd
from quant.spreads.depth import merge
from quant.spreads.exact import exact
from quant.spreads.net import net_spread
from quant.spreads.r001 import is_signal, spread_pct

from .makers import quote, terms

prices = st.integers(1, 10**9).map(lambda cents: cents / 100)
fees = st.integers(-5_000, 9_000).map(lambda mills: Decimal(mills) / 100)
levels = st.lists(
    st.tuples(st.integers(9_000, 11_000).map(float), st.integers(1, 99).map(float)), max_size=10
)


@given(ask=prices, bid=prices, fee=fees, other=fees, threshold=st.sampled_from(["-5", "0", "0.5", "10"]))
def test_decision_has_the_figures_of_the_checked_arithmetic(
    ask: float, bid: float, fee: Decimal, other: Decimal, threshold: str
) -> None:
    rules = terms({"a": fee, "b": other}, threshold_pct=Decimal(threshold))
    buyer, seller = rules.venues
    net = net_spread(exact(ask), exact(bid), buyer.terms, seller.terms)
    percent = spread_pct(exact(ask), exact(bid))

    found = decide(quote("a", ask, ask), quote("b", bid, bid), buyer, seller, Decimal(threshold))

    is_due = is_signal(percent, Decimal(threshold)) and net.profit > 0 and not is_absurd(ask, bid)
    assert (found is not None) == is_due
    if found is not None:
        assert (found.cost, found.proceeds, found.profit) == (net.cost, net.proceeds, net.profit)
        assert found.spread_pct == percent
        assert abs(found.net_bps - net.net_bps) <= abs(net.net_bps) * Decimal("1e-25")


@pytest.mark.parametrize("ask", [1e-12, 1e-30, 1e-300])
def test_gap_too_wide_to_be_one_is_none(ask: float) -> None:
    buyer, seller = terms({"a": Decimal(0), "b": Decimal(0)}).venues

    assert decide(quote("a", ask, ask), quote("b", 1e12, 1e12), buyer, seller, Decimal(0)) is None
    widest = decide(quote("a", 1.0, 1.0), quote("b", ABSURD_RATIO, 1e9), buyer, seller, Decimal(0))
    assert widest is not None
    assert widest.net_bps == 9_990_000


@given(asks=levels, bids=levels)
def test_size_is_that_of_the_exact_merge(
    asks: list[tuple[float, float]], bids: list[tuple[float, float]]
) -> None:
    buyer, seller = terms({"a": Decimal(10), "b": Decimal(20)}).venues
    up, down = sorted(asks), sorted(bids, reverse=True)
    bought = quote("a", 1.0, up[0][0] if up else 1.0, ask_size=0.0, asks=up)
    sold = quote("b", down[0][0] if down else 1.0, 1e9, bid_size=0.0, bids=down)

    found = fill_of(bought, sold, buyer, seller)
    wanted = merge(
        [(exact(p), exact(s)) for p, s in up],
        [(exact(p), exact(s)) for p, s in down],
        buyer.terms,
        seller.terms,
    )

    assert exact(found.size) == wanted.size
    assert abs(exact(found.profit) - wanted.profit) <= Decimal("1e-6")
